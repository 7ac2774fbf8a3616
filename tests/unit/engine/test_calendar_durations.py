from datetime import datetime

import pytest

from engine.calendars.durations import (
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    WEEK,
    TimeTextError,
    iso_cycle,
    iso_duration,
    iso_moment,
)

MARCH = datetime(2022, 1, 31, 9)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("P2W", 2 * WEEK),
        ("P1DT2H3M4S", DAY + 2 * HOUR + 3 * MINUTE + 4 * SECOND),
        (" PT0.5H\n", 30 * MINUTE),
        ("P0,5D", 12 * HOUR),
        ("PT36H", 36 * HOUR),
        ("PT1H30M", 90 * MINUTE),
        ("PT0.0005S", 1),
        ("PT0.0004S", 0),
        ("P0D", 0),
    ],
)
def test_durations(text: str, expected: int) -> None:
    """A duration is the sum of its parts in natural time, rounded half up to ms."""
    assert iso_duration(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("", "P", "PT", "P1DT", "5D", "P5", "-P1D", "P-1D", "P1H", "PT1D", "P1W2D", "P1.5DT1H", "PT1.5H1M"),
        *("p1d", "P1D ago", "P1.D", "P.5D", "P０D", "P0.5M", "P1.5Y", "PT1M1H"),
    ],
)
def test_bad_durations(text: str) -> None:
    """What is not a duration is refused, and the finding says where it stood."""
    with pytest.raises(TimeTextError, match=r"Expected an ISO 8601 duration, but found") as caught:
        iso_duration(text)
    finding = caught.value.finding("a.bpmn", 7, element="Timer")
    assert (finding.code, finding.place(), finding.element) == ("iso.bad_duration", "a.bpmn:7", "Timer")
    assert text.strip() in finding.message("zh")
    assert finding.cure("zh")


def test_months_need_a_start() -> None:
    """Years and months have a length only from a start: to the corresponding day, or the month's last."""
    with pytest.raises(TimeTextError, match="depends on when they begin"):
        iso_duration("P1M")
    assert iso_duration("P1M", MARCH) == 28 * DAY
    assert iso_duration("P1Y2M3DT4H", MARCH) == (365 + 28 + 31 + 3) * DAY + 4 * HOUR


@pytest.mark.parametrize("text", ["P9000Y", "P99999999999999W", "PT" + "9" * 400 + "S"])
def test_durations_have_an_end(text: str) -> None:
    """A duration too long to be counted is refused, not computed."""
    with pytest.raises(TimeTextError, match="before the year 10000"):
        iso_duration(text, MARCH)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2022-01-04", datetime(2022, 1, 4)),
        ("2022-01-04T09:05", datetime(2022, 1, 4, 9, 5)),
        ("2022-01-04 09:05:06.7896", datetime(2022, 1, 4, 9, 5, 6, 790000)),
        ("2022-01-04T24:00", datetime(2022, 1, 5)),
    ],
)
def test_moments(text: str, expected: datetime) -> None:
    """Dates and local times are read to the ms; 24:00 is the next midnight."""
    assert iso_moment(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("", "2022-02-30", "2022-1-4", "20220104", "2022-W01-1", "2022-01-04T9:00", "2022-01-04T09:60"),
        *("2022-01-04T24:01", "2022-01-04T25:00", "2022-01-04T09:00:60", "0000-01-01", "9999-12-31T24:00"),
    ],
)
def test_bad_moments(text: str) -> None:
    """What is not a moment that exists is refused."""
    with pytest.raises(TimeTextError, match="Expected a date or a moment that exists"):
        iso_moment(text)


@pytest.mark.parametrize("offset", ["Z", "+08:00", "-0100", "+08"])
def test_offsets_are_refused(offset: str) -> None:
    """There is one civil time, so a moment that names a zone is refused by name."""
    with pytest.raises(TimeTextError, match="Expected a moment of local time") as caught:
        iso_moment("2022-01-04T09:00" + offset)
    assert caught.value.finding().values["offset"] == offset


def test_cycles() -> None:
    """A cycle says how often, from when and how far apart."""
    assert iso_cycle("R3/PT10H") == (3, None, 10 * HOUR)
    assert iso_cycle("R/P1D") == (None, None, DAY)
    assert iso_cycle("R5/2022-01-31T09:00/P1M") == (5, MARCH, 28 * DAY)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *((bad, "iso.bad_cycle") for bad in ("PT10H", "R3", "R3/", "R3/2022-01-01", "R-1/P1D", "R/PT0S", "3/P1D")),
        ("R3/2022-13-01/P1D", "iso.bad_moment"),
        ("R3/2022-01-01T00:00Z/P1D", "iso.offset"),
        ("R3/P", "iso.bad_duration"),
        ("R3/P1M", "iso.no_start"),
    ],
)
def test_bad_cycles(text: str, code: str) -> None:
    """What is wrong with a cycle, or with a part of it, is said."""
    with pytest.raises(TimeTextError) as caught:
        iso_cycle(text)
    assert caught.value.finding().code == code
