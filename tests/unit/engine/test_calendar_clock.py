import csv
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from engine.calendars.clock import ClockRules, due, elapsed, elapsed_with_pauses
from engine.calendars.hours import FAR
from engine.calendars.units import DAY, HOUR, MINUTE, Unit
from engine.calendars.working_days import opening_hours, working_days

DAYS = working_days(date(2021, 1, 1), 730)
OFFICE = opening_hours(DAYS, "working", [(8 * HOUR, 12 * HOUR), (14 * HOUR, 17 * HOUR)])
EXCLUDED = ClockRules()
COUNTED = ClockRules("counted")
UNITS: dict[str, Unit] = {"working_day": "working_day", "calendar_day": "natural_day"}
VECTORS = Path(__file__).parents[2] / "data" / "clock_vectors.csv"
MORE_VECTORS = VECTORS.with_name("clock_vectors_hours_months.csv")
MORE_UNITS: dict[str, Unit] = {"hour": "hour", "month": "month"}
LONG = working_days(date(2020, 1, 1), 1096)
LONG_OFFICE = opening_hours(
    LONG, "working", [(8 * HOUR, 12 * HOUR), (14 * HOUR + 30 * MINUTE, 17 * HOUR + 30 * MINUTE)]
)


def at(text: str, hour: float = 0) -> int:
    """The moment at an hour of a date, ms."""
    return round(DAYS.index(date.fromisoformat(text)) * DAY + hour * HOUR)


def last_day(start: int, value: float, unit: Unit, rules: ClockRules) -> str:
    """The date whose 24:00 is the due moment."""
    moment = due(DAYS, OFFICE, start, value, unit, rules)
    assert moment % DAY == 0
    return DAYS.date_of(moment - 1).isoformat()


def test_due_days_by_hand() -> None:
    """Every due day of the hand-made table is met, under both readings of the starting day."""
    checked = 0
    with VECTORS.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            limit, name = row["limit"].split(" ", 2)[:2]
            start = at(row["accepted"], 10.5)
            for rules, column in ((EXCLUDED, "due_start_day_excluded"), (COUNTED, "due_start_day_counted")):
                if not row[column]:
                    continue
                value = int(limit)
                assert last_day(start, value, UNITS[name], rules) == row[column], row
                moment = at(row[column]) + DAY
                spent = elapsed(DAYS, OFFICE, [start, start], [moment, moment + 1], UNITS[name], rules)
                assert spent[0] <= value < spent[1]
                checked += 1
    assert checked == 275


def moment_of(text: str) -> int:
    """The moment of a date and a time of day, up to 24:00, in the calendar of both years."""
    day, _, time = text.partition("T")
    hours, minutes = map(int, time.split(":"))
    return LONG.index(date.fromisoformat(day)) * DAY + hours * HOUR + minutes * MINUTE


def test_due_moments_of_hours_and_months_by_hand() -> None:
    """Every due moment worked out by hand is met, under both readings; a millisecond later is late."""
    checked = 0
    with MORE_VECTORS.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            number, name = row["limit"].split(" ")
            start, value, unit = moment_of(row["start"]), float(number), MORE_UNITS[name]
            for rules, column in ((EXCLUDED, "due_start_day_excluded"), (COUNTED, "due_start_day_counted")):
                moment = moment_of(row[column])
                assert due(LONG, LONG_OFFICE, start, value, unit, rules) == moment, row
                spent = elapsed(LONG, LONG_OFFICE, [start, start], [moment, moment + 1], unit, rules)
                assert spent[0] <= value < spent[1], row
                checked += 1
    assert checked == 40


def test_what_ends_on_the_starting_day_took_no_day() -> None:
    """A step within one day takes 0 days where the starting day is excluded, else 1."""
    start, end = at("2021-05-12", 9), at("2021-05-12", 17)
    assert elapsed(DAYS, OFFICE, [start], [end], "working_day", EXCLUDED).tolist() == [0]
    assert elapsed(DAYS, OFFICE, [start], [end], "working_day", COUNTED).tolist() == [1]
    assert elapsed(DAYS, OFFICE, [], [], "working_day", COUNTED).tolist() == []


def test_what_ends_on_a_day_off_is_late_for_the_day_before() -> None:
    """Friday's limit is over on Saturday, so that what ends then took a day more."""
    start = at("2021-05-12", 9)
    ends = [at("2021-05-14", 24), at("2021-05-15", 10), at("2021-05-17", 10)]
    assert elapsed(DAYS, OFFICE, [start] * 3, ends, "working_day", EXCLUDED).tolist() == [2, 3, 3]


@pytest.mark.parametrize(
    ("accepted", "months", "rules", "expected"),
    [
        ("2021-03-15", 1, EXCLUDED, "2021-04-15"),
        ("2021-03-15", 1, COUNTED, "2021-04-14"),
        ("2021-01-31", 1, EXCLUDED, "2021-03-01"),  # 28 February is a Sunday
        ("2021-01-31", 1, ClockRules(roll=False), "2021-02-28"),
        ("2021-01-31", 1, ClockRules("counted", roll=False), "2021-02-28"),
        ("2021-03-01", 1, ClockRules("counted", roll=False), "2021-03-31"),
        ("2021-09-03", 1, EXCLUDED, "2021-10-08"),  # the National Day holiday
        ("2021-10-15", 3, EXCLUDED, "2022-01-17"),
    ],
)
def test_months_end_on_the_corresponding_day(accepted: str, months: int, rules: ClockRules, expected: str) -> None:
    """A month ends on its corresponding day, or its last one, and rolls to a working day."""
    start = at(accepted, 11)
    assert last_day(start, months, "month", rules) == expected
    end = at(expected) + DAY
    assert elapsed(DAYS, OFFICE, [start, start], [end, end + 1], "month", rules).tolist() == [
        months,
        months + 1,
    ]


def test_hours_run_in_office_time() -> None:
    """Three hours begun at 10:00 end at 15:00; what fits exactly ends at noon, and is late after it."""
    start = at("2021-05-12", 10)
    assert due(DAYS, OFFICE, start, 3, "hour") == at("2021-05-12", 15)
    assert due(DAYS, OFFICE, start, 2, "hour") == at("2021-05-12", 12)
    ends = [at("2021-05-12", hour) for hour in (11.5, 12, 13, 14, 14.5)]
    hours = elapsed(DAYS, OFFICE, [start] * 5, ends, "hour")
    np.testing.assert_allclose(hours, [1.5, 2, 2, 2, 2.5], atol=1e-6)
    assert (hours <= 2).tolist() == [True, True, False, False, False]
    assert elapsed(DAYS, OFFICE, [start], [ends[0]], "minute").tolist() == [90]


def test_nothing_is_due_beyond_the_calendar() -> None:
    """A due day that the calendar does not reach never comes."""
    start = at("2022-12-20")
    for unit in ("hour", "working_day", "natural_day", "month"):
        assert due(DAYS, OFFICE, start, 1000, unit) == FAR
    assert due(DAYS, OFFICE, start, 1000, "natural_day", ClockRules(roll=False)) == at("2022-12-20") + 1001 * DAY
    assert due(DAYS, OFFICE, start, 10**9, "month", ClockRules(roll=False)) == FAR
    assert due(DAYS, OFFICE, DAYS.until, 1, "working_day") == FAR


@pytest.mark.parametrize("value", [-1, float("nan"), float("inf")])
def test_a_limit_is_a_number_from_zero(value: float) -> None:
    """A negative or endless limit is refused."""
    with pytest.raises(ValueError, match="Expected a limit of at least 0"):
        due(DAYS, OFFICE, 0, value, "hour")


@pytest.mark.parametrize("unit", ["hour", "working_day", "month"])
def test_a_stretch_lies_within_the_calendar(unit: Unit) -> None:
    """An end before its start or beyond the calendar is refused; the very end of the calendar is not."""
    with pytest.raises(ValueError, match="Expected 0 <= start <= end"):
        elapsed(DAYS, OFFICE, [5], [4], unit)
    with pytest.raises(ValueError, match="Expected 0 <= start <= end"):
        elapsed_with_pauses(DAYS, OFFICE, 5, DAYS.until + 1, [(6, 7)], unit)
    for rules in (EXCLUDED, COUNTED):
        assert elapsed(DAYS, OFFICE, [DAYS.until], [DAYS.until], unit, rules).tolist() == [0]


def test_pauses_take_out_their_days() -> None:
    """Days behind a pause's first one up to its last one do not count; overlapping pauses count once."""
    start, end = at("2021-05-10", 9), at("2021-05-21", 16)
    pauses = [(at("2021-05-12", 10), at("2021-05-14", 10)), (at("2021-05-13", 8), at("2021-05-17", 9))]
    for rules, whole in ((EXCLUDED, 9), (COUNTED, 10)):
        assert elapsed_with_pauses(DAYS, OFFICE, start, end, [], "working_day", rules) == whole
        assert elapsed_with_pauses(DAYS, OFFICE, start, end, pauses, "working_day", rules) == whole - 3
        assert elapsed_with_pauses(DAYS, OFFICE, start, end, pauses, "natural_day", rules) == whole + 2 - 5
        assert elapsed_with_pauses(DAYS, OFFICE, start, end, pauses, "month", rules) == 1
    # Of twelfth to seventeenth May, 5 + 7 + 7 + 1 office hours lie in the pauses.
    assert elapsed_with_pauses(DAYS, OFFICE, start, end, pauses, "hour") == 6 + 8 * 7 + 6 - 20


def test_a_clock_that_ends_in_a_pause_stands_where_it_began() -> None:
    """During a pause nothing is counted, not even the days off in it."""
    start, pause = at("2021-05-12", 9), (at("2021-05-14", 15), at("2021-05-20", 9))
    for day in ("2021-05-14", "2021-05-15", "2021-05-17", "2021-05-20"):
        end = at(day, 16) if day != "2021-05-20" else pause[1]
        assert elapsed_with_pauses(DAYS, OFFICE, start, end, [pause], "working_day") == 2
        assert elapsed_with_pauses(DAYS, OFFICE, start, end, [pause], "hour") == 6 + 7 + 5
