"""How a sampler says no: a `ValueError` that knows its sentence in every language.

    ValueError
    └── SamplingError   parameters from which nothing can be sampled

The scenario loader turns it into a finding with a place; the sentence alone is enough for everybody else.
"""

from __future__ import annotations

import math

from engine.errors import Finding

__all__ = ["SamplingError", "require_above_zero", "require_ascending", "require_finite"]


class SamplingError(ValueError):
    """Parameters from which nothing can be sampled.

    Args:
        code: Key of the catalogue, below ``finding.sampling``.
        values: What its sentence needs.
    """

    def __init__(self, code: str, **values: object) -> None:
        self.finding = Finding(f"sampling.{code}", values)
        super().__init__(self.finding.message())


def require_finite(what: str, **numbers: float) -> None:
    """Refuse whatever is not an ordinary number; ``what`` names the distribution."""
    for name, number in numbers.items():
        if not math.isfinite(number):
            raise SamplingError("not_finite", what=what, name=name, value=number)


def require_above_zero(what: str, **numbers: float) -> None:
    """Refuse whatever is not an ordinary number above 0."""
    require_finite(what, **numbers)
    for name, number in numbers.items():
        if number <= 0:
            raise SamplingError("not_positive", what=what, name=name, value=number)


def require_ascending(what: str, low: float, high: float) -> None:
    """Refuse an empty range."""
    if not low < high:
        raise SamplingError("empty_range", what=what, low=low, high=high)
