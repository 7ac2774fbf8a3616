from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.calendars.hours import FAR, Hours

UNTIL = 60
moments = st.integers(0, UNTIL)
tables = st.lists(st.tuples(moments, moments), max_size=8).map(lambda pairs: Hours.from_intervals(pairs, UNTIL))


def open_moments(hours: Hours) -> list[bool]:
    """The plainest form of a table: whether each ms is open."""
    return [any(b <= t < e for b, e in zip(hours.begin, hours.end, strict=True)) for t in range(UNTIL)]


@settings(max_examples=150)
@given(tables, moments, st.integers(0, 70))
def test_added_work_is_done_and_can_be_taken_back(hours: Hours, t: int, d: int) -> None:
    """Between begin and end just d ms are open; the latest begin for that end does as much."""
    end = hours.add_work(t, d)
    if end == FAR:
        assert hours.work_between(t, UNTIL) < d
        return
    assert hours.work_between(t, end) == d
    begin = hours.subtract_work(end, d)
    assert begin >= t
    assert hours.add_work(begin, d) == end


@settings(max_examples=150)
@given(tables, moments, moments)
def test_methods_agree_with_counting_each_millisecond(hours: Hours, a: int, b: int) -> None:
    """Every method says what a list of open milliseconds says."""
    table = open_moments(hours)
    assert hours.is_open(a) == (a < UNTIL and table[a])
    assert hours.next_open(a) == next((t for t in range(a, UNTIL) if table[t]), FAR)
    assert hours.work_between(a, b) == sum(table[a:b])
    assert hours.work_until([a, b]).tolist() == [sum(table[:a]), sum(table[:b])]
    latest = [s for s in range(a + 1) if sum(table[s:a]) >= b]
    assert hours.subtract_work(a, b) == (max(latest) if latest else -1)
    if table[a : a + 1] == [True]:
        assert hours.next_close(a) == next((t for t in range(a, UNTIL) if not table[t]), UNTIL)


@settings(max_examples=150)
@given(tables, moments, moments)
def test_pieces_add_up(hours: Hours, a: int, b: int) -> None:
    """Pieces join without gaps, change state at each cut, and their open ones are the work between."""
    pieces = hours.pieces(a, b)
    if a >= b:
        assert pieces == []
        return
    edges = [a, *(end for _, end, _ in pieces)]
    assert [begin for begin, _, _ in pieces] == edges[:-1]
    assert edges[-1] == b
    assert all(begin < end for begin, end, _ in pieces)
    assert all(one[2] != other[2] for one, other in pairwise(pieces))
    assert sum(end - begin for begin, end, is_open in pieces if is_open) == hours.work_between(a, b)


@settings(max_examples=150)
@given(tables, tables)
def test_intersection_is_symmetric(one: Hours, other: Hours) -> None:
    """Both orders give the same table: the moments open in both."""
    both = one.intersect(other)
    assert both == other.intersect(one)
    assert open_moments(both) == [a and b for a, b in zip(open_moments(one), open_moments(other), strict=True)]
    assert np.all(both.begin[1:] > both.end[:-1])
