"""Do whole studies cover the truth? 500 small ones of M/M/1, from the drivers to the intervals that a planner reads.

The time in the system of M/M/1 is exponential with the rate mu - lambda (Kleinrock 1975, Queueing Systems I, 3.2), so
the mean, every percentile and every share are known exactly.
"""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from engine.calendars.hours import Hours
from engine.calendars.units import DAY
from engine.kernel.compiling import numba_is_installed
from simulations.arrivals import Arrivals
from simulations.distributions import exponential
from simulations.drivers.replicate import replicate
from simulations.estimates import Interval, estimate
from simulations.model import SimulationModel
from simulations.promises import Label, Source, Target
from simulations.targets import judge
from tests.support.drawing import Draw
from tests.support.modelling import START, Do, model_of, pool

STUDIES = 500
REPLICATIONS = 10
SERVED = 24.0  # a day
COMING = 12.0  # a day
WARM_UP, MEASURED, AFTER = 15, 60, 25  # days: 180 cases left out, 720 measured
LIMIT = 0.15  # days: about five cases in six are within
ONE = Draw().start().task("a").end().flow("start", "a", "end").diagram()


def queue() -> SimulationModel:
    """M/M/1 at a load of one half, always open."""
    days = WARM_UP + MEASURED + AFTER
    return model_of(
        ONE,
        {"a": Do(effort=exponential(24 * 60 / SERVED), pools=("p",))},
        pools=[pool("p", days=days)],
        arrivals=Arrivals.from_rate(COMING * 365, Hours.always(days * DAY), START),
        days=days,
        warmup=WARM_UP * 24 * 60,
        horizon=(WARM_UP + MEASURED) * 24 * 60,
    )


def holds(interval: Interval | None, truth: float) -> bool:
    """Whether an interval covers the truth."""
    return interval is not None and interval[0] <= truth <= interval[1]


@pytest.mark.very_slow
def test_the_intervals_of_500_studies_cover_the_truth() -> None:
    """The mean, the share within a limit, and the 90th percentile: each in 92 to 98 of 100 studies."""
    driver = "compiled" if numba_is_installed() else "simpy"
    model = queue()
    source = Source("x", "assumption", Label("x", "x"))
    target = Target("elapsed_days", "each", "<=", LIMIT, "natural_day", source, required_share=0.5)
    rate = SERVED - COMING
    truth = {"mean": 1 / rate, "share": 1 - math.exp(-rate * LIMIT), "p90": math.log(10) / rate}
    covered = dict.fromkeys(truth, 0)
    for study in range(STUDIES):
        numbers = range(study * REPLICATIONS, (study + 1) * REPLICATIONS)
        runs = [replace(replicate(model, number, driver), number=number) for number in numbers]
        found = estimate("elapsed_days", runs, study)
        assert found is not None
        covered["mean"] += holds(found.ci95, truth["mean"])
        covered["p90"] += holds(found.p90_ci95, truth["p90"])
        covered["share"] += holds(judge(target, runs).share_within_ci95, truth["share"])
    shares = {name: number / STUDIES for name, number in covered.items()}
    assert all(0.92 <= share <= 0.98 for share in shares.values()), shares
