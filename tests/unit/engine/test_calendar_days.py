import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from engine.calendars.hours import Hours
from engine.calendars.units import DAY, HOUR
from engine.calendars.working_days import (
    OpeningException,
    WorkingDays,
    opening_hours,
    read_holidays,
    working_days,
)
from engine.errors import BadInput, Finding
from engine.texts import catalogue

MAKE_UP_2021 = [
    "2021-02-07",
    "2021-02-20",
    "2021-04-25",
    "2021-05-08",
    "2021-09-18",
    "2021-09-26",
    "2021-10-09",
]
OFF_2021 = [
    *(("2021-01-01", 1), ("2021-02-11", 7), ("2021-04-05", 1), ("2021-05-01", 5)),
    *(("2021-06-12", 3), ("2021-09-19", 3), ("2021-10-01", 7)),
]


def codes(caught: BadInput) -> list[str]:
    """The codes of its findings."""
    return [finding.code for finding in caught.findings]


def worked(days: WorkingDays, text: str) -> bool:
    """Whether a date is a working day."""
    return bool(days.working[days.index(date.fromisoformat(text))])


def test_the_days_of_2021() -> None:
    """The notice of 2021 holds to the day: Monday to Friday, its holidays, its make-up days."""
    days = working_days(date(2021, 1, 1), 365)
    off = {date.fromisoformat(first) + timedelta(n) for first, count in OFF_2021 for n in range(count)}
    make_up = {date.fromisoformat(text) for text in MAKE_UP_2021}
    dates = [date(2021, 1, 1) + timedelta(n) for n in range(365)]
    assert days.working.tolist() == [day in make_up or (day.weekday() < 5 and day not in off) for day in dates]
    assert days.estimated_years == ()


@pytest.mark.parametrize(
    ("year", "count"), [(2021, 250), (2022, 249), (2023, 249), (2024, 251), (2025, 248), (2026, 248)]
)
def test_working_days_of_a_year(year: int, count: int) -> None:
    """Each year has as many working days as its notice leaves."""
    length = (date(year + 1, 1, 1) - date(year, 1, 1)).days
    days = working_days(date(year, 1, 1), length)
    assert days.count_until[-1] == count
    assert days.hours().work_between(0, days.until) == count * DAY


def test_dates_and_indices() -> None:
    """Moments, days and dates convert both ways; the next working day may be the day itself."""
    days = working_days(date(2021, 2, 5), 20)
    assert days.date_of(2 * DAY - 1) == date(2021, 2, 6)
    assert days.day_of(2 * DAY) == 2
    assert days.index(date(2021, 2, 1)) == -4
    assert [days.next_working(day) for day in (-2, 0, 1, 2, 6, 50)] == [0, 0, 2, 2, 13, 20]
    assert days.count_until[:4].tolist() == [0, 1, 1, 2]
    assert days.until == 20 * DAY


def test_calendars_compare_by_what_they_hold() -> None:
    """Equal calendars are equal and hash alike; one changed day makes them differ."""
    one, same = working_days(date(2022, 1, 1), 30), working_days(date(2022, 1, 1), 30)
    assert one == same
    assert hash(one) == hash(same)
    assert one != working_days(date(2022, 1, 1), 30, changes={date(2022, 1, 5): False})
    assert one != "calendar"


def test_a_year_that_nobody_knows_is_refused() -> None:
    """All unknown years are named at once, with what to do, in both languages."""
    with pytest.raises(BadInput) as caught:
        working_days(date(2098, 12, 1), 60)
    assert codes(caught.value) == ["calendar.unknown_year"] * 2
    assert [finding.values["year"] for finding in caught.value.findings] == [2098, 2099]
    for cure in (caught.value.findings[0].cure("en"), caught.value.findings[0].cure("zh")):
        assert all(word in cure for word in ("holidays:", "--holidays", "chinesecalendar", "estimate_unknown_years"))


def test_an_estimate_says_so() -> None:
    """Asked for, an unknown year has Monday to Friday without the fixed holidays, and is named."""
    days = working_days(date(2098, 9, 29), 7, estimate=True)
    assert days.estimated_years == (2098,)
    # 29 September 2098 is a Monday.
    assert days.working.tolist() == [True, True, False, False, False, False, False]
    assert working_days(date(2022, 1, 1), 30, estimate=True).estimated_years == ()


def test_changes_make_a_year_known() -> None:
    """A year with a change given is Monday to Friday with its changes; a known year keeps its notice besides."""
    days = working_days(date(2098, 9, 29), 7, changes={date(2098, 10, 1): False, date(2098, 10, 4): True})
    assert days.working.tolist() == [True, True, False, True, True, True, False]
    assert days.estimated_years == ()
    days = working_days(date(2022, 1, 1), 365, changes={date(2022, 6, 6): False})
    assert not worked(days, "2022-06-06")
    assert not worked(days, "2022-10-03")


def test_without_a_country_weekdays_are_worked() -> None:
    """Calendar none knows every year: Monday to Friday."""
    assert working_days(date(2098, 9, 29), 7, "none").working.tolist() == [True] * 5 + [False] * 2


def test_a_study_ends_before_the_year_10000() -> None:
    """A period beyond the last date is refused, not computed."""
    with pytest.raises(BadInput) as caught:
        working_days(date(9999, 12, 31), 2, "none")
    assert codes(caught.value) == ["calendar.too_far"]


DAYS = working_days(date(2022, 6, 1), 10)  # Wednesday; 3 June is off, 4 and 5 June the weekend
OPEN = [(8 * HOUR, 12 * HOUR), (14 * HOUR, 17 * HOUR)]
SUMMER = ((15 * HOUR, 18 * HOUR),)


def by_day(hours: Hours) -> list[int]:
    """Open hours of each day."""
    return [hours.work_between(day * DAY, (day + 1) * DAY) // HOUR for day in range(10)]


def test_opening_hours_by_kind_of_day() -> None:
    """Offices open on working days, on all days, or on weekdays whatever the calendar says."""
    assert by_day(opening_hours(DAYS, "working", OPEN)) == [7, 7, 0, 0, 0, 7, 7, 7, 7, 7]
    assert by_day(opening_hours(DAYS, "natural", OPEN)) == [7] * 10
    assert by_day(opening_hours(DAYS, (4, 5), OPEN)) == [0, 0, 7, 7, 0, 0, 0, 0, 0, 7]
    assert opening_hours(DAYS, "natural", [(0, DAY)]) == Hours.always(10 * DAY)


def test_exceptions_of_opening_hours() -> None:
    """A range changes days that are open anyway, a single date opens exactly so, and later ones win."""
    day = date(2022, 6, 1)
    summer = OpeningException(day - timedelta(40), day + timedelta(6), SUMMER)
    closed = OpeningException(day, None, ())
    sunday = OpeningException(day + timedelta(4), None, ((0, HOUR),))
    assert by_day(opening_hours(DAYS, "working", OPEN, [summer])) == [3, 3, 0, 0, 0, 3, 3, 7, 7, 7]
    assert by_day(opening_hours(DAYS, "working", OPEN, [summer, closed, sunday])) == [
        0,
        3,
        0,
        0,
        1,
        3,
        3,
        7,
        7,
        7,
    ]
    assert by_day(opening_hours(DAYS, "working", OPEN, [closed, sunday, summer])) == [
        3,
        3,
        0,
        0,
        1,
        3,
        3,
        7,
        7,
        7,
    ]


def findings(path: Path) -> list[tuple[str, int | None]]:
    """Codes and lines of what is wrong with a file of holidays."""
    with pytest.raises(BadInput) as caught:
        read_holidays(path)
    for finding in caught.value.findings:
        assert finding.file == str(path)
        assert finding.describe("zh")
    return [(finding.code, finding.line) for finding in caught.value.findings]


def test_holidays_in_json(tmp_path: Path) -> None:
    """The published JSON is read: days off and make-up days."""
    path = tmp_path / "2027.json"
    days = [
        {"name": "元旦", "date": "2027-01-03", "isOffDay": False},
        {"name": "元旦", "date": "2027-01-01", "isOffDay": True},
    ]
    path.write_text("\ufeff" + json.dumps({"year": 2027, "papers": [], "days": days}), encoding="utf-8")
    assert read_holidays(path) == {date(2027, 1, 1): False, date(2027, 1, 3): True}


def test_holidays_in_csv(tmp_path: Path) -> None:
    """Lines of date and state are read, with a heading and blank lines or without."""
    path = tmp_path / "2027.csv"
    path.write_text("date,state\n2027-01-01,off\n\n2027-01-03, Working\n", encoding="utf-8")
    assert read_holidays(path) == {date(2027, 1, 1): False, date(2027, 1, 3): True}


def test_bad_holidays(tmp_path: Path) -> None:
    """Everything wrong with a file is told at once, with its line."""
    path = tmp_path / "holidays"
    path.write_text("2027-02-30,off\nfoo\n2027-01-01,off\n2027-1-3,off\n2027-01-01,working\n", encoding="utf-8")
    assert findings(path) == [
        ("calendar.bad_date", 1),
        ("calendar.bad_line", 2),
        ("calendar.bad_date", 4),
        ("calendar.contradiction", 5),
    ]
    path.write_text('{"days": [\n{"date": "2027-02-30", "isOffDay": true},\n{"date": "x"}, 3]}', encoding="utf-8")
    assert findings(path) == [("calendar.bad_json", 1), ("calendar.bad_date", 2), ("calendar.bad_json", 3)]
    for content, code in (
        ('{"days": [', "calendar.not_json"),
        ("[1]", "calendar.bad_json"),
        ("{}", "calendar.bad_json"),
        ("[" * 100_000, "calendar.bad_json"),
        ('{"days": []}', "calendar.no_days"),
        ("", "calendar.no_days"),
        ("date,state\n", "calendar.no_days"),
    ):
        path.write_text(content, encoding="utf-8")
        assert findings(path) == [(code, 1)]
    path.write_bytes(b"\xff\xfe\x00")
    assert findings(path) == [("calendar.not_utf8", None)]
    assert findings(tmp_path / "missing") == [("calendar.unreadable", None)]
    assert findings(tmp_path) == [("calendar.unreadable", None)]


def test_texts_exist_in_both_languages() -> None:
    """Each sentence of calendars has its partner in the other language, with the same values."""
    keys = {
        language: {key for key in catalogue(language) if key.startswith(("finding.calendar.", "finding.iso."))}
        for language in ("en", "zh")
    }
    assert keys["en"] == keys["zh"]
    values = {"year": 1, "start": "s", "days": 2, "reason": "r", "found": "f", "date": "d", "offset": "o"}
    for code in {key.split(".", 1)[1].rsplit(".", 1)[0] for key in keys["en"]}:
        finding = Finding(code, values)
        english, chinese = finding.describe("en"), finding.describe("zh")
        assert english.startswith("Expected")
        assert "," not in chinese.replace("01,off", "").replace('01\\", \\"', "").replace('", "', "")
