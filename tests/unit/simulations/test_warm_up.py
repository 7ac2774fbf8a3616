"""Warm-up: MSER-5 finds the end of a known transient, and Welch's average smooths without moving."""

from dataclasses import replace

import numpy as np
import pytest

from engine.calendars.hours import Hours
from engine.calendars.units import DAY
from simulations.arrivals import Arrivals
from simulations.distributions import exponential
from simulations.drivers.simpy_driver import simulate
from simulations.indicators import measure
from simulations.warm_up import mser, settling, warm_up_days, welch
from tests.support.drawing import Draw
from tests.support.modelling import START, Do, model_of, pool

ONE = Draw().start().task("a").end().flow("start", "a", "end").diagram()


def by_the_book(series, batch=5):
    """MSER-5 as it is written: for every cut the variance of the rest over its number."""
    means = [np.mean(series[i : i + batch]) for i in range(0, len(series) // batch * batch, batch)]
    cuts = range(len(means) - 5)
    values = [np.var(means[cut:]) / (len(means) - cut) for cut in cuts]
    return int(np.argmin(values)) * batch, values


@pytest.mark.parametrize("seed", range(5))
def test_mser_is_as_the_book_says(seed):
    """Found by sums, equal to the definition."""
    series = np.random.default_rng(seed).normal(size=403) + np.where(np.arange(403) < 60, -3.0, 0.0)
    cut, statistic = mser(series)
    expected, values = by_the_book(series)
    assert cut == expected
    assert statistic == pytest.approx(values[: len(statistic)])


def test_a_known_transient_is_cut_off():
    """After 100 values that climb, 900 that stay: the cut lies close behind the climb."""
    chance = np.random.default_rng(3)
    climb = np.minimum(np.arange(1000) / 100, 1.0) * 10
    cut, _ = mser(climb + chance.normal(size=1000))
    assert cut is not None
    assert 75 <= cut <= 150


def test_a_series_that_goes_on_climbing_has_no_warm_up():
    """Nor has one that is too short."""
    assert mser(np.arange(1000.0))[0] is None
    assert mser(np.ones(49))[0] is None
    assert mser(np.ones(50))[0] == 0


def test_welch_smooths_and_keeps_a_straight_line():
    """At the beginning over as many values as there are on either side."""
    assert welch(np.arange(50.0), 10) == pytest.approx(np.arange(40.0))
    assert welch(np.array([0.0, 3.0, 0.0, 3.0, 0.0]), 1) == pytest.approx([0.0, 1.0, 2.0, 1.0])


def test_a_queue_from_empty_needs_a_warm_up():
    """The mean wait of the cases after it is nearer to the theory of M/M/1 than that of all."""
    days = 400
    arrivals = Arrivals.from_rate(9 * 365, Hours.always(days * DAY), START)  # load 0.9
    does = {"a": Do(effort=exponential(0.1 * 24 * 60), pools=("p",))}
    model = model_of(
        ONE, does, pools=[pool("p", days=days)], arrivals=arrivals, days=days, horizon=200 * 24 * 60, run_out=399 * 1440
    )
    runs = [replace(measure(simulate(model, number), model), number=number) for number in range(10)]
    found = settling(model, runs, "elapsed_days")
    assert found.cases is not None
    assert found.days is not None
    assert 5 <= found.days <= 100
    assert found.series[: found.cases].mean() < found.series[found.cases :].mean()
    assert warm_up_days({"test": [found]}) == found.days
    assert warm_up_days({"test": [found, replace(found, days=None)]}) is None
