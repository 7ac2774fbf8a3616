"""How much of a steady-state study's beginning must be left out: MSER-5, with Welch's moving average beside it.

Queues start empty, so the first cases are served faster than those to come. MSER-5 looks at the cases in the order of
their arrival, in means of five, and leaves out as many as make the standard error of the rest least (K. P. White, M. J.
Cobb and S. C. Spratt, Winter Simulation Conference 2000, 755-761). Where that is more than half of the series, it has
not settled, and no warm-up can be told from it. Welch's moving average (P. D. Welch 1983; Law 2015, section 9.5.1) is
for the eye: it is drawn, nothing is decided by it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from engine.calendars.units import DAY
from engine.kernel.chance import case_key, identifier_hash, replication_key, uniform
from simulations.model import SimulationModel
from simulations.replication import CASE, F64, Replication

__all__ = ["BATCH", "PILOTS", "Settling", "mser", "settling", "warm_up_days", "welch"]

BATCH: Final = 5  # cases that are averaged before the rule is applied
PILOTS: Final = 10  # replications that the series is averaged over, all from an empty start
FEWEST: Final = 10 * BATCH  # cases below which nothing can be said


@dataclass(frozen=True)
class Settling:
    """How an indicator of one variant comes to rest.

    Args:
        indicator: Whose series it is.
        series: Mean over the pilot replications of the case that came first, second, ...; shape (cases,).
        statistic: MSER of every number of batches left out, up to all but five; shape (batches - 5,).
        cases: Cases to leave out; None where the series has not settled.
        days: Whole days after the study's start on which the last of these had come in every pilot; None likewise.
    """

    indicator: str
    series: F64
    statistic: F64
    cases: int | None
    days: int | None


def mser(series: F64, batch: int = BATCH) -> tuple[int | None, F64]:
    """How many values to leave out, and the statistic that is least there.

    Args:
        series: In the order of time.
        batch: Values averaged into one.

    Returns:
        The number, None if more than half would have to go or the series is too short; and the squared standard error
        of the mean after leaving out 0, 1, ... batches, up to all but the last five.
    """
    number = len(series) // batch
    if number < FEWEST // BATCH:
        return None, np.zeros(0)
    means = series[: number * batch].reshape(number, batch).mean(axis=1)
    left = np.arange(number, 0, -1)
    after = np.cumsum(means[::-1])[::-1]
    squares = np.cumsum(means[::-1] ** 2)[::-1]
    spread = np.maximum(0.0, squares - after**2 / left)
    statistic = (spread / left**2)[: number - BATCH]  # the last few say little: so few batches are alike by chance
    least = int(np.argmin(statistic))
    return (None if least > number // 2 else least * batch), statistic


def welch(series: F64, window: int) -> F64:
    """The moving average of 2 ``window`` + 1 values; at the beginning of as many as there are before.

    Args:
        series: Averaged over replications.
        window: Values on either side.

    Returns:
        Shape (len(series) - window,).
    """
    total = np.concatenate([[0.0], np.cumsum(series)])
    at = np.arange(max(0, len(series) - window))
    half = np.minimum(at, window)
    average: F64 = (total[at + half + 1] - total[at - half]) / (2 * half + 1)
    return average


def settling(model: SimulationModel, replications: Sequence[Replication], indicator: str) -> Settling:
    """How one indicator settles.

    Args:
        model: Measured from the study's start on, without a warm-up.
        replications: Its pilot replications.
        indicator: A column of these.
    """
    columns = [r.cases[indicator] for r in replications]
    length = min((len(column) for column in columns), default=0)
    series = np.mean([column[:length] for column in columns], axis=0) if length else np.zeros(0)
    cases, statistic = mser(series)
    days = None
    if cases is not None:
        numbers = [int(r.cases[CASE][cases - 1]) if cases else NO_CASE for r in replications]
        days = max(_day_of(model, r.number, number) for r, number in zip(replications, numbers, strict=True))
    return Settling(indicator, series, statistic, cases, days)


NO_CASE: Final = -1


def _day_of(model: SimulationModel, replication: int, case: int) -> int:
    """The whole days after the start by which a case of a replication has come."""
    if case == NO_CASE:
        return 0
    root = replication_key(model.study.seed, replication, model.number)
    purpose = identifier_hash("arrival")
    moments = model.arrivals.moments(lambda number: uniform(case_key(root, number), purpose, 0), model.study.run_out)
    for number, moment in enumerate(moments):
        if number == case:
            return math.floor(moment / DAY) + 1
    raise LookupError(f"case {case} never arrives")


def warm_up_days(found: Mapping[str, Sequence[Settling]]) -> int | None:
    """The warm-up of a study: the longest that any indicator of any variant needs, so that all are cut alike.

    Args:
        found: Variant to what its indicators need.

    Returns:
        Whole days; None where one has not settled.
    """
    days = [one.days for several in found.values() for one in several]
    known = [day for day in days if day is not None]
    return max(known, default=0) if len(known) == len(days) else None
