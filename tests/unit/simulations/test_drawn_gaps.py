"""Arrivals after drawn gaps, and a bound on their number."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from engine.calendars.hours import Hours
from simulations.arrivals import Arrivals
from simulations.distributions import SamplingError, constant, exponential, uniform

DAY = 86_400_000
OPEN = Hours.from_intervals([(d * DAY + 9 * 3_600_000, d * DAY + 17 * 3_600_000) for d in range(20)], 20 * DAY)


def test_gaps_run_on_opening_time() -> None:
    """A gap of 6 hours from 09:00: 15:00, then 6 hours later in opening time: 13:00 of the next day."""
    moments = list(Arrivals.after(constant(6 * 3_600_000.0), OPEN).moments(lambda case: 0.5, 3 * DAY))
    hours = [moment / 3_600_000 for moment in moments]
    assert hours == [15, 24 + 13, 48 + 11]  # and the next would be at closing time: when the doors open again


def test_exponential_gaps_are_a_poisson_process() -> None:
    """With the same draws they are the moments of the rate that they come to."""
    draws = np.random.default_rng(4).random(10_000)
    always = Hours.always(365 * DAY)
    gaps = Arrivals.after(exponential(3_600_000.0), always)
    rate = Arrivals.from_rate(365 * 24, always, date(2022, 1, 1))
    left = np.array(list(gaps.moments(lambda case: draws[case], 300 * DAY)))
    right = np.array(list(rate.moments(lambda case: draws[case], 300 * DAY)))
    assert len(left) == len(right) > 7000
    assert np.abs(left - right).max() <= 1
    assert gaps.expected(0, 10 * DAY) == pytest.approx(rate.expected(0, 10 * DAY))


@pytest.mark.parametrize("arrivals", [
    Arrivals.after(uniform(1.0, 2.0e6), OPEN), Arrivals.from_rate(1e5, OPEN, date(2022, 1, 1)), Arrivals.at(range(50)),
    Arrivals.every(3_600_000, OPEN),
], ids=lambda a: a.process)  # fmt: skip
def test_no_more_than_most(arrivals: Arrivals) -> None:
    """A bound cuts the moments and what is expected, and changes none of those before it."""
    whole = list(arrivals.moments(lambda case: 0.3, 20 * DAY))
    assert len(whole) > 7
    assert list(arrivals.up_to(7).moments(lambda case: 0.3, 20 * DAY)) == whole[:7]
    assert list(arrivals.up_to(None).moments(lambda case: 0.3, 20 * DAY)) == whole
    if arrivals.process != "dates":
        assert arrivals.up_to(7).expected(0, 20 * DAY) == 7


def test_gaps_of_nothing_are_refused() -> None:
    """They would let in endless cases at once."""
    with pytest.raises(SamplingError):
        Arrivals.after(constant(0.0), OPEN)
