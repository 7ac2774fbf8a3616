from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pytest

from simulations.arrivals import Arrivals, Profile
from simulations.distributions import SamplingError

HOUR = 3_600_000
DAY = 24 * HOUR
MONDAY = date(2022, 1, 3)


@dataclass(frozen=True)
class Doors:
    """Opening hours as plain arrays."""

    begin: npt.NDArray[np.int64]
    end: npt.NDArray[np.int64]
    until: int


def doors(*intervals: tuple[int, int], until: int) -> Doors:
    """Opening hours of the given intervals, ms."""
    table = np.array(intervals, dtype=np.int64).reshape(-1, 2)
    return Doors(table[:, 0], table[:, 1], until)


def two_days() -> Doors:
    """Two days of 9 to 12 and 14 to 17."""
    hours = [(9, 12), (14, 17), (33, 36), (38, 41)]
    return doors(*((begin * HOUR, end * HOUR) for begin, end in hours), until=2 * DAY)


def unasked(case: int) -> float:
    """No chance is needed here."""
    raise AssertionError(f"case {case} asked for a uniform number")


def in_hours(arrivals: Arrivals, until: int = 2 * DAY) -> list[float]:
    """Arrivals in hours."""
    return [moment / HOUR for moment in arrivals.moments(unasked, until)]


def test_even_arrivals_are_centred() -> None:
    """One case an hour comes at half past, in opening hours alone, exactly."""
    expected = [9.5, 10.5, 11.5, 14.5, 15.5, 16.5, 33.5, 34.5, 35.5, 38.5, 39.5, 40.5]
    assert in_hours(Arrivals.every(HOUR, two_days())) == expected


def test_a_case_due_at_closing_time_comes_at_the_next_opening() -> None:
    """Hours are half open: at 12:00 the doors are closed, so the case comes at 14:00."""
    assert in_hours(Arrivals.every(6 * HOUR, two_days())) == [14, 38]


def test_even_arrivals_of_a_rate() -> None:
    """A yearly rate in even steps spreads its share of the year over the opening hours."""
    arrivals = Arrivals.from_rate(365 * 3, two_days(), MONDAY, process="even")
    assert in_hours(arrivals) == [10, 14, 16, 34, 38, 40]


def test_poisson_arrivals_follow_the_uniform_numbers() -> None:
    """The first gap of the operational time is -log(1 - u) and so is every other."""
    arrivals = Arrivals.from_rate(365 * 6, two_days(), MONDAY)
    one_hour = 1 - np.exp(-1)
    assert list(arrivals.moments(lambda case: one_hour, 2 * DAY))[:4] == pytest.approx(
        [10 * HOUR, 11 * HOUR, 14 * HOUR, 15 * HOUR], abs=1
    )


def test_each_case_is_asked_once_in_order() -> None:
    """Case numbers run from 0."""
    asked: list[int] = []

    def draw(case: int) -> float:
        asked.append(case)
        return 0.5

    moments = list(Arrivals.from_rate(2000, two_days(), MONDAY).moments(draw, 2 * DAY))
    assert asked == list(range(len(moments) + 1))


def test_given_dates_are_sorted_and_cut() -> None:
    """Given moments come in order, with repetitions, and only before the end."""
    arrivals = Arrivals.at([5 * HOUR, 0, 5 * HOUR, 9 * HOUR])
    assert in_hours(arrivals, until=9 * HOUR) == [0, 5, 5]
    assert in_hours(Arrivals.at([])) == []


def test_the_end_cuts_arrivals() -> None:
    """No case comes at or after the end."""
    arrivals = Arrivals.every(HOUR, two_days())
    assert in_hours(arrivals, until=int(10.5 * HOUR)) == [9.5]


def test_no_rate_no_arrivals() -> None:
    """A rate of 0 brings nobody."""
    assert in_hours(Arrivals.from_rate(0, two_days(), MONDAY, process="even")) == []
    assert list(Arrivals.from_rate(0, two_days(), MONDAY).moments(lambda case: 0.5, DAY)) == []


def test_rounding_never_passes_closing_time() -> None:
    """A case in the last half ms before closing keeps the last open ms."""
    arrivals = Arrivals.every(1, doors((0, 1), (10, 11), until=20))
    assert list(arrivals.moments(unasked, 20)) == [0, 10]


def test_breakpoints_stay_few() -> None:
    """Without a profile a breakpoint stands at openings and closings; touching intervals become one."""
    arrivals = Arrivals.from_rate(100, two_days(), MONDAY)
    assert (arrivals.time / HOUR).tolist() == [0, 9, 12, 14, 17, 33, 36, 38, 41, 48]
    always = doors((0, DAY), (DAY, 2 * DAY), until=2 * DAY)
    assert Arrivals.from_rate(100, always, MONDAY).time.tolist() == [0, 2 * DAY]
    assert Arrivals.from_rate(100, always, MONDAY, Profile()).time.tolist() == [0, 2 * DAY]


def test_a_profile_splits_only_where_its_weight_changes() -> None:
    """A busy hour adds its two edges."""
    weights = Profile(hour=tuple(2.0 if hour == 10 else 1.0 for hour in range(24)))
    arrivals = Arrivals.from_rate(365 * 8, two_days(), MONDAY, weights)
    assert (arrivals.time / HOUR).tolist() == [0, 9, 10, 11, 12, 14, 17, 33, 34, 35, 36, 38, 41, 48]
    assert np.diff(arrivals.cumulative)[:6] == pytest.approx([0, 8 / 7, 16 / 7, 8 / 7, 0, 24 / 7])


def test_the_first_year_carries_the_rate() -> None:
    """Two years with different months: the first 365 days hold the yearly rate, whatever the profile."""
    always = doors((0, 730 * DAY), until=730 * DAY)
    weights = Profile(
        weekday=(1, 1, 1, 1, 1, 0.5, 0),
        month=(0.5, 0, 1, 1, 1, 2, 1, 1, 1, 1, 1, 3),
        hour=(0.0,) * 8 + (1.0,) * 16,
    )
    arrivals = Arrivals.from_rate(600, always, date(2022, 1, 1), weights)
    assert np.interp(365 * DAY, arrivals.time, arrivals.cumulative) == pytest.approx(600)
    assert arrivals.cumulative[-1] == pytest.approx(1200, rel=0.02)
    february = np.interp([31 * DAY, 59 * DAY], arrivals.time, arrivals.cumulative)
    assert february[0] == february[1]


def test_a_short_table_carries_its_share_of_the_year() -> None:
    """A table of 73 days holds a fifth of the yearly rate."""
    arrivals = Arrivals.from_rate(600, doors((5 * DAY, 9 * DAY), until=73 * DAY), MONDAY)
    assert arrivals.cumulative[-1] == pytest.approx(120)


WEIGHT = "Expected month 2 of profile to be 0 or more, but it is -1"
REFUSALS: dict[str, tuple[Callable[[], object], str]] = {
    "rate": (
        lambda: Arrivals.from_rate(-1, two_days(), MONDAY),
        "rate of arrivals to be 0 or more, but it is -1",
    ),
    "gap": (lambda: Arrivals.every(0, two_days()), "gap of arrivals to be above 0, but it is 0"),
    "closed": (lambda: Arrivals.from_rate(1, doors(until=DAY), MONDAY), "no open hour of it has a weight"),
    "never": (lambda: Arrivals.every(1, doors(until=DAY)), "no open hour of it has a weight"),
    "weights": (lambda: Arrivals.from_rate(1, two_days(), MONDAY, Profile(hour=(0,) * 24)), "no open hour"),
    "length": (lambda: Profile(weekday=(1, 1)), "weekday profile to have 7 weights, but it has 2"),
    "weight": (lambda: Profile(month=(1, -1, *(1,) * 10)), WEIGHT),
    "date": (lambda: Arrivals.at([3, -7]), "number 2 is 7 ms before it"),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_arrivals_refuse_nonsense(name: str) -> None:
    """What cannot bring cases is refused with a sentence, a cure, and both in Chinese."""
    build, sentence = REFUSALS[name]
    with pytest.raises(SamplingError, match=r"^Expected .*, but ") as refusal:
        build()
    assert sentence in str(refusal.value)
    assert "{" not in refusal.value.finding.describe("zh")
