"""What a scenario counts beside days: named shares of the cases, indices added up from points, what costs refer to.

Everything here that is called a share or a rate is in percent, as policies write it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from engine.calendars.units import Unit
from simulations.promises import Label, Limit, MeasuredElement, Source

__all__ = ["CaseShare", "Index", "IndexPart", "comparable", "compression", "flow", "on_paper"]

PERCENT: Final = 100.0

_FAMILY: Final[Mapping[Unit, str]] = {
    "hour": "hours",
    "working_day": "days",
    "natural_day": "days",
    "month": "months",
}


@dataclass(frozen=True)
class CaseShare:
    """A named share: the cases that came to at least one of some elements, in percent of all."""

    name: str
    elements: tuple[str, ...]
    label: Label


@dataclass(frozen=True)
class IndexPart:
    """One part of an index: ``value`` of at most ``most`` points."""

    name: str
    label: Label
    value: float
    most: float
    source: Source


@dataclass(frozen=True)
class Index:
    """A score that is added up from stated points; nothing of it is simulated."""

    name: str
    label: Label
    parts: tuple[IndexPart, ...]

    @property
    def value(self) -> float:
        """The sum of the parts, in points."""
        return sum(part.value for part in self.parts)


def comparable(limit: Limit, statutory: Limit) -> bool:
    """Whether a promised limit can be set against a statutory one: both in hours, in days or in months."""
    return _FAMILY[limit.unit] == _FAMILY[statutory.unit]


def compression(measured: Sequence[MeasuredElement]) -> float | None:
    """How much shorter the promised limits are than the statutory ones, in percent.

    The mean of 1 - promised / statutory over the elements that have both limits, each counting once, as a policy
    averages over items; working and natural days are set against each other as days, as published limits are.

    Returns:
        None where no element has two comparable limits.
    """
    cuts = [
        PERCENT * (1 - m.limit.value / m.statutory.value)
        for m in measured
        if m.limit is not None and m.statutory is not None and comparable(m.limit, m.statutory)
    ]
    return sum(cuts) / len(cuts) if cuts else None


def on_paper(measured: Sequence[MeasuredElement], indices: Sequence[Index]) -> dict[str, float]:
    """The indicators that are arithmetic on what is stated, the same for every case: indices and compression."""
    found = {f"{index.name}_index": index.value for index in indices}
    cut = compression(measured)
    return found if cut is None else {**found, "compression": cut}


def flow(
    begun: npt.NDArray[np.int64], ended: npt.NDArray[np.int64], opening: int, first: int, last: int
) -> dict[str, float]:
    """How a period that began with a backlog got on with it.

    Args:
        begun: When each case came, ms.
        ended: When it was finished, ms; -1 if it was not.
        opening: Before it came the backlog, ms.
        first, last: The measured period is [first, last), ms.

    Returns:
        ``clearance_rate``: the cases finished in the period in percent of those that came in it (CEPEJ, clearance
        rate); left out where none came. ``backlog_left``: cases of the backlog that are not finished at its end.
    """
    found: dict[str, float] = {}
    came = int(((begun >= first) & (begun < last)).sum())
    if came:
        found["clearance_rate"] = PERCENT * int(((ended >= first) & (ended < last)).sum()) / came
    old = begun < opening
    found["backlog_left"] = float((old & ((ended < 0) | (ended >= last))).sum())
    return found
