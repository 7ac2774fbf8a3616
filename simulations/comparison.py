"""Two variants side by side: the difference of each indicator, with an interval and a word for it.

With common random numbers a replication of one variant meets the same arrivals, attributes and draws as the
replication of the same number of the other, so their difference varies less than two independent ones would.
The interval is Student's t of the paired differences (Law, Simulation Modeling and Analysis, 5th ed. 2015,
10.2.1). Where the variants do not have the same replications, it is Welch's (Welch, Biometrika 34, 1947,
28-35).

Each interval is right 95 times in 100 on its own; of twenty indicators that do not differ, one will seem to.
Where several variants are compared with the first, the verdicts of one indicator hold for all of them at once
(Bonferroni: each at the level 1 - 0.05 / k; valid whatever the common random numbers make of their dependence,
where Dunnett's intervals would want independent runs).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from simulations.estimates import (
    CONFIDENCE,
    Interval,
    MeanEstimate,
    certain_value,
    columns_of,
    mean_over_replications,
)
from simulations.quantities import Change, change_words
from simulations.replication import F64, Replication
from simulations.targets import EXACT

__all__ = ["Difference", "compare", "differences"]

FEWEST_FOR_CORRELATION: Final = 3  # two points always lie on a line


@dataclass(frozen=True)
class Difference:
    """What another variant changes in one indicator.

    Args:
        indicator: Name of the indicator.
        base: The variant compared with.
        variant: The variant compared.
        difference: Mean of ``variant`` less mean of ``base``, in the indicator's unit.
        ci95: 95 % interval of the difference; None where there are too few replications for one.
        verdict: ``not_distinguishable`` if the interval contains 0 or there is none.
        paired: Pair by pair on common random numbers; otherwise Welch's interval of independent runs.
        correlation: Of the paired replication means: the greater, the more pairing has won; None where it has
            no meaning.
        replications: Pairs; the smaller number of replications where they are not paired.
        ci95_simultaneous: Of several variants compared with one: intervals of which all hold at once 95 times in
            100 (Bonferroni); the verdict is by these. With one other variant, the same as ``ci95``.
        runs_saved: How many replications more of each variant independent runs would have needed for an interval
            as narrow: from the variances, ``n (var x + var y) / var (y - x) - n``; below 0 where pairing lost.
    """

    indicator: str
    base: str
    variant: str
    difference: float
    ci95: Interval | None
    verdict: Change
    paired: bool
    correlation: float | None
    replications: int
    ci95_simultaneous: Interval | None = None
    runs_saved: float | None = None


def differences(replications: Mapping[str, Sequence[Replication]]) -> list[Difference]:
    """Every variant against the first, indicator by indicator.

    Args:
        replications: Variant to its replications; the first is compared with.
    """
    base, *variants = replications
    found: list[Difference] = []
    family = max(1, len(variants))
    for variant in variants:
        present = {name for r in replications[variant] for name in r.indicators}
        for name in dict.fromkeys(name for r in replications[base] for name in r.indicators):
            if name in present:
                difference = compare(name, base, replications[base], variant, replications[variant], family)
                found += [difference] if difference else []
    return found


def compare(
    indicator: str,
    base: str,
    base_replications: Sequence[Replication],
    variant: str,
    variant_replications: Sequence[Replication],
    family: int = 1,
) -> Difference | None:
    """Compare one indicator of two variants.

    Pairs of which one side has no finished case are left out.

    Args:
        indicator: Name of a column of both.
        base: Name of the variant compared with.
        base_replications: Its replications.
        variant: Name of the variant compared.
        variant_replications: Its replications.
        family: How many variants are compared with this one: the verdict holds for all of them at once.

    Returns:
        The difference, or None where no case finished on one side, or in no pair on both.
    """
    same_numbers = {r.number for r in base_replications} == {r.number for r in variant_replications}
    if same_numbers:
        partner = {r.number: r for r in variant_replications}
        pairs = [(r, partner[r.number]) for r in sorted(base_replications, key=lambda r: r.number)]
        pairs = [(a, b) for a, b in pairs if a.finished and b.finished]
        base_replications, variant_replications = [a for a, _ in pairs], [b for _, b in pairs]
    before = columns_of(indicator, base_replications)
    after = columns_of(indicator, variant_replications)
    if not before or not after:
        return None
    x = [float(np.mean(column)) for column in before]
    y = [float(np.mean(column)) for column in after]
    joint = 1 - (1 - CONFIDENCE) / family  # Bonferroni
    both = np.subtract(y, x).tolist() if same_numbers else []
    change = mean_over_replications(both) if same_numbers else _welch(x, y)
    together = mean_over_replications(both, joint) if same_numbers else _welch(x, y, joint)
    return Difference(
        indicator=indicator,
        base=base,
        variant=variant,
        difference=change.mean,
        ci95=change.ci95,
        verdict=_verdict(indicator, together, before, after),
        paired=same_numbers,
        correlation=_correlation(x, y) if same_numbers else None,
        replications=min(len(x), len(y)),
        ci95_simultaneous=together.ci95,
        runs_saved=_runs_saved(x, y) if same_numbers else None,
    )


def _verdict(indicator: str, change: MeanEstimate, before: Sequence[F64], after: Sequence[F64]) -> Change:
    smaller, greater = change_words(indicator)
    interval = change.ci95
    if interval is None and certain_value(before) is not None and certain_value(after) is not None:
        interval = (change.mean, change.mean)
    if interval is not None and interval[1] < -EXACT:
        return smaller
    if interval is not None and interval[0] > EXACT:
        return greater
    return "not_distinguishable"


def _welch(x: Sequence[float], y: Sequence[float], confidence: float = CONFIDENCE) -> MeanEstimate:
    """Difference ``mean(y) - mean(x)`` of independent samples of unequal variance and size."""
    from scipy.special import stdtrit

    difference = mean_over_replications(y).mean - mean_over_replications(x).mean
    if len(x) < 2 or len(y) < 2:
        return MeanEstimate(difference, None, None)
    parts = [float(np.var(sample, ddof=1)) / len(sample) for sample in (x, y)]
    error = sum(parts) ** 0.5
    if error == 0.0:
        return MeanEstimate(difference, (difference, difference), 0.0)
    freedom = sum(parts) ** 2 / sum(p**2 / (len(s) - 1) for p, s in zip(parts, (x, y), strict=True))
    half = float(stdtrit(freedom, (1 + confidence) / 2)) * error
    return MeanEstimate(difference, (difference - half, difference + half), error)


def _runs_saved(x: Sequence[float], y: Sequence[float]) -> float | None:
    """What common random numbers spared (Law 2015, 11.2): none where nothing varies or too few are there."""
    if len(x) < FEWEST_FOR_CORRELATION:
        return None
    paired = float(np.var(np.subtract(y, x), ddof=1))
    if paired <= EXACT**2:
        return None
    return len(x) * (float(np.var(x, ddof=1)) + float(np.var(y, ddof=1))) / paired - len(x)


def _correlation(x: Sequence[float], y: Sequence[float]) -> float | None:
    if len(x) < FEWEST_FOR_CORRELATION or np.ptp(x) <= EXACT or np.ptp(y) <= EXACT:
        return None
    return float(np.clip(np.corrcoef(x, y)[0, 1], -1.0, 1.0))
