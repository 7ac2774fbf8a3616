from datetime import date

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.calendars.clock import ClockRules, due, elapsed, elapsed_with_pauses
from engine.calendars.pausing import elapsed_of_many
from engine.calendars.units import DAY, HOUR, Unit
from engine.calendars.working_days import opening_hours, working_days

DAYS = working_days(date(2022, 1, 20), 200)
OFFICE = opening_hours(DAYS, "working", [(8 * HOUR, 12 * HOUR), (14 * HOUR, 17 * HOUR)])
ALL_UNITS: list[Unit] = ["minute", "hour", "working_day", "natural_day", "month"]

units = st.sampled_from(ALL_UNITS)
rules = st.builds(ClockRules, st.sampled_from(["excluded", "counted"]), st.booleans())
# Midnights, openings, closings, one ms around them, and anything else.
moments = st.one_of(
    st.builds(
        lambda day, hour, shift: min(max(day * DAY + hour * HOUR + shift, 0), DAYS.until),
        st.integers(0, 199),
        st.sampled_from([0, 8, 12, 14, 17, 24]),
        st.sampled_from([-1, 0, 1]),
    ),
    st.integers(0, DAYS.until),
)
stretches = st.tuples(moments, moments).map(lambda pair: (min(pair), max(pair)))
pause_lists = st.lists(stretches, max_size=4)
MOST = {"minute": 9000, "hour": 150, "working_day": 60, "natural_day": 90, "month": 4}


def one(start: int, end: int, unit: Unit, rule: ClockRules) -> float:
    """One stretch, without pauses."""
    return float(elapsed(DAYS, OFFICE, [start], [end], unit, rule)[0])


@settings(max_examples=400)
@given(stretches, units, rules, st.data())
def test_within_the_limit_is_not_overdue(
    stretch: tuple[int, int], unit: Unit, rule: ClockRules, data: st.DataObject
) -> None:
    """What has elapsed is at most the limit just when the end is not after the due moment."""
    start, end = stretch
    spent = one(start, end, unit, rule)
    limits = st.one_of(
        st.floats(0, MOST[unit]), st.integers(0, MOST[unit]).map(float), st.just(spent), st.just(spent - 1e-9)
    )
    value = data.draw(limits.filter(lambda limit: limit >= 0))
    assert (spent <= value) == (end <= due(DAYS, OFFICE, start, value, unit, rule))


@settings(max_examples=150)
@given(moments, units, rules, st.floats(0, 50), st.floats(0, 50))
def test_more_time_is_due_no_earlier(start: int, unit: Unit, rule: ClockRules, a: float, b: float) -> None:
    """A longer limit never ends before a shorter one."""
    assume(start < DAYS.until)
    shorter, longer = sorted((a, b))
    assert due(DAYS, OFFICE, start, shorter, unit, rule) <= due(DAYS, OFFICE, start, longer, unit, rule)


@settings(max_examples=200)
@given(st.integers(1, OFFICE.work_between(0, DAYS.until)), st.data())
def test_stretches_add_up(work: int, data: st.DataObject) -> None:
    """Two stretches that meet in office hours add up to the whole, where the starting day is excluded."""
    b = OFFICE.add_work(0, work)
    a, c = data.draw(st.integers(0, b)), data.draw(st.integers(b, DAYS.until))
    for unit in ("hour", "minute", "working_day"):
        rule = ClockRules()
        assert abs(one(a, b, unit, rule) + one(b, c, unit, rule) - one(a, c, unit, rule)) < 1e-9
    plain = ClockRules(roll=False)
    parts = one(a, b, "natural_day", plain) + one(b, c, "natural_day", plain)
    assert parts == one(a, c, "natural_day", plain)


@settings(max_examples=400)
@given(stretches, pause_lists, stretches, units, rules)
def test_pauses_never_lengthen(
    stretch: tuple[int, int],
    pauses: list[tuple[int, int]],
    more: tuple[int, int],
    unit: Unit,
    rule: ClockRules,
) -> None:
    """One more pause never makes more time pass, and there is never less than none."""
    start, end = stretch
    before = elapsed_with_pauses(DAYS, OFFICE, start, end, pauses, unit, rule)
    after = elapsed_with_pauses(DAYS, OFFICE, start, end, [*pauses, more], unit, rule)
    assert 0 <= after <= before <= one(start, end, unit, rule)


@settings(max_examples=300)
@given(stretches, pause_lists, moments, units, rules)
def test_only_the_union_of_pauses_counts(
    stretch: tuple[int, int], pauses: list[tuple[int, int]], moment: int, unit: Unit, rule: ClockRules
) -> None:
    """A pause of no length, a repeated pause, one cut in two, and another order change nothing."""
    start, end = stretch
    plain = elapsed_with_pauses(DAYS, OFFICE, start, end, pauses, unit, rule)
    cut = [piece for b, e in pauses for m in [min(max(b, moment), e)] for piece in ((m, e), (b, m))]
    for same in ([*pauses, (moment, moment)], [*pauses, *pauses], cut, pauses[::-1]):
        assert elapsed_with_pauses(DAYS, OFFICE, start, end, same, unit, rule) == plain


@settings(max_examples=200)
@given(st.lists(moments, min_size=4, max_size=4).map(sorted), st.booleans(), units, rules)
def test_a_pause_outside_the_stretch_changes_nothing(
    cuts: list[int], pause_comes_first: bool, unit: Unit, rule: ClockRules
) -> None:
    """A pause that is over days before the clock starts, or begins days after it ends, takes nothing out."""
    first, second = (cuts[0], cuts[1]), (cuts[2], cuts[3])
    assume(second[0] - first[1] >= DAY)
    pause, (start, end) = (first, second) if pause_comes_first else (second, first)
    assert elapsed_with_pauses(DAYS, OFFICE, start, end, [pause], unit, rule) == one(start, end, unit, rule)


@settings(max_examples=200)
@given(stretches, rules)
def test_working_days_without_days_off_are_natural_days(stretch: tuple[int, int], rule: ClockRules) -> None:
    """On a calendar without days off, both kinds of days count the same."""
    start, end = stretch
    every = working_days(DAYS.start, 200, "none", {DAYS.date_of(day * DAY): True for day in range(len(DAYS.working))})
    counts = [elapsed(every, OFFICE, [start], [end], unit, rule)[0] for unit in ("working_day", "natural_day")]
    assert counts[0] == counts[1]


clocks = st.tuples(stretches, st.lists(stretches.filter(lambda pause: pause[0] < pause[1]), min_size=1, max_size=4))


@settings(max_examples=300)
@given(st.lists(clocks, min_size=1, max_size=6), units, rules)
def test_many_clocks_with_pauses_are_counted_like_each_of_them(
    given_clocks: list[tuple[tuple[int, int], list[tuple[int, int]]]], unit: Unit, rule: ClockRules
) -> None:
    """All at once, in arrays, and one by one: the same numbers."""
    start, end = (np.array([stretch[i] for stretch, _ in given_clocks], np.int64) for i in range(2))
    pauses = [(i, *pause) for i, (_, own) in enumerate(given_clocks) for pause in own]
    columns = np.array(pauses, np.int64).T
    found = elapsed_of_many(DAYS, OFFICE, start, end, (columns[0], columns[1], columns[2]), unit, rule)
    each = [elapsed_with_pauses(DAYS, OFFICE, *stretch, own, unit, rule) for stretch, own in given_clocks]
    assert found.tolist() == each
