"""What another variant changes in the share of cases that keep a target's limit, with an interval.

A mean may improve while more cases break the limit, so the share stands beside it. Shares are compared replication by
replication like every indicator (`simulations.comparison`), never as a binomial over dependent cases.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from simulations.comparison import Difference, compare
from simulations.model import SimulationModel
from simulations.promises import Target
from simulations.replication import CASE, Replication
from simulations.targets import within

__all__ = ["ShareDifference", "share_differences"]

_SHARE: Final = "share_within"


@dataclass(frozen=True)
class ShareDifference:
    """The target whose limit is meant, and the difference of the shares within it, between -1 and 1."""

    target: Target
    difference: Difference


def share_differences(
    models: Mapping[str, SimulationModel], replications: Mapping[str, Sequence[Replication]]
) -> list[ShareDifference]:
    """Every variant against the first, for each of its targets; one limit on both sides, that of the variant.

    Args:
        models: By variant; the first is compared with.
        replications: By variant, in the order of their numbers.
    """
    base, *variants = models
    found = []
    for variant in variants:
        seen: set[tuple[str, str, float, float | None]] = set()
        for target in models[variant].targets:
            key = (target.indicator, target.op, target.limit, target.tolerance)
            if key in seen:
                continue
            seen.add(key)
            before, after = (_within(target, replications[name]) for name in (base, variant))
            difference = compare(_SHARE, base, before, variant, after, len(variants))
            found += [ShareDifference(target, difference)] if difference else []
    return found


def _within(target: Target, replications: Sequence[Replication]) -> list[Replication]:
    """Replications whose only indicator is whether a case is within."""
    return [
        replace(r, cases={CASE: r.cases[CASE], _SHARE: within(target, r.cases[target.indicator]).astype(np.float64)})
        for r in replications
        if target.indicator in r.cases
    ]
