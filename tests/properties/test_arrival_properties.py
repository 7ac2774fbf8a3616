from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from simulations.arrivals import Arrivals, Profile

START = date(2022, 3, 30)
HOUR = 3_600_000


@dataclass(frozen=True)
class Hours:
    """Opening hours as plain arrays."""

    begin: npt.NDArray[np.int64]
    end: npt.NDArray[np.int64]
    until: int


@st.composite
def hours(draw: st.DrawFn) -> Hours:
    """Any opening hours: slivers of one ms, touching intervals, long closures, over some days."""
    length = st.one_of(st.integers(1, 5), st.integers(1, 30 * HOUR))
    pause = st.one_of(st.just(0), st.integers(1, 5), st.integers(1, 30 * HOUR))
    begin, end, now = [], [], 0
    for closed, opened in draw(st.lists(st.tuples(pause, length), min_size=1, max_size=12)):
        begin.append(now + closed)
        end.append(now + closed + opened)
        now = end[-1]
    return Hours(np.array(begin), np.array(end), now + draw(pause))


weights = st.sampled_from([0.0, 0.5, 1.0, 3.0])
profiles = st.one_of(
    st.none(),
    st.builds(
        Profile,
        hour=st.one_of(st.just((1.0,) * 24), st.tuples(*[weights] * 24)),
        weekday=st.one_of(st.just((1.0,) * 7), st.tuples(*[weights] * 7)),
        month=st.one_of(st.just((1.0,) * 12), st.tuples(*[weights] * 12)),
    ),
)


def weighed(open_hours: Hours, profile: Profile | None) -> bool:
    """Whether any open moment has a weight, by looking at the edges of hours one by one."""
    if profile is None:
        return True
    for begin, end in zip(open_hours.begin, open_hours.end, strict=True):
        edges = [int(begin), *range((int(begin) // HOUR + 1) * HOUR, int(end), HOUR)]
        if any(profile.at(np.array([edge]), START)[0] > 0 for edge in edges):
            return True
    return False


def some(arrivals: Arrivals, seed: int, until: int) -> list[int]:
    """At most 300 arrivals with reproducible uniform numbers."""
    uniforms = np.random.default_rng(seed).random(301)
    moments = arrivals.moments(lambda case: float(uniforms[case]), until)
    return [moment for moment, _ in zip(moments, range(300), strict=False)]


@given(hours(), profiles, st.integers(0, 1000), st.sampled_from(["poisson", "even"]))
@settings(max_examples=150, deadline=None)
def test_arrivals_lie_in_open_weighted_time(
    open_hours: Hours, profile: Profile | None, seed: int, process: str
) -> None:
    """Every case comes in an open interval, where its profile has weight, in order."""
    assume(weighed(open_hours, profile))
    rate = 100 * 365 * 24 * HOUR / open_hours.until
    even = process == "even"
    arrivals = Arrivals.from_rate(rate, open_hours, START, profile, "even" if even else "poisson")
    moments = np.array(some(arrivals, seed, open_hours.until), np.int64)
    interval = np.searchsorted(open_hours.begin, moments, side="right") - 1
    assert (interval >= 0).all()
    assert (moments < open_hours.end[interval]).all()
    assert (np.diff(moments) >= 0).all()
    if profile is not None:
        assert (profile.at(moments, START) > 0).all()
    if even:
        assert len(moments) in (99, 100, 101)


@given(hours(), profiles, st.integers(0, 1000), st.floats(1.0, 20.0))
@settings(max_examples=100, deadline=None)
def test_a_denser_rate_brings_every_case_earlier(
    open_hours: Hours, profile: Profile | None, seed: int, factor: float
) -> None:
    """With common random numbers no case of the denser stream is later; equal rates agree."""
    assume(weighed(open_hours, profile))
    rate = 50 * 365 * 24 * HOUR / open_hours.until
    sparse = some(Arrivals.from_rate(rate, open_hours, START, profile), seed, open_hours.until)
    dense = some(Arrivals.from_rate(factor * rate, open_hours, START, profile), seed, open_hours.until)
    assert len(dense) >= len(sparse)
    assert all(early <= late for early, late in zip(dense, sparse, strict=False))
    assert sparse == some(Arrivals.from_rate(rate, open_hours, START, profile), seed, open_hours.until)


@given(hours(), st.integers(1, 10 * HOUR))
@settings(max_examples=100, deadline=None)
def test_fixed_gaps_are_gaps_of_open_time(open_hours: Hours, gap: int) -> None:
    """Between two cases lies one gap of opening time, to a ms on either side."""
    moments = some(Arrivals.every(gap, open_hours), 0, open_hours.until)
    length = open_hours.end - open_hours.begin
    worked = [
        int(np.clip(moment - open_hours.begin, 0, length).sum()) for moment in moments
    ]  # opening time before each case
    assert all(abs(work - gap * (case + 0.5)) <= 1 for case, work in enumerate(worked))
