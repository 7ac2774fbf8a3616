"""Calendars of BPSim: iCalendar (RFC 5545) as named hours, usual weeks and the dates that differ from them."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any, Final

from scenarios.interchange.imported import RefusedError
from scenarios.interchange.weekly import Rule, hours_of, merged, span_text

__all__ = ["hours_of_calendar"]

MOST: Final = 20_000  # events of a calendar
DAY_MINUTES: Final = 24 * 60


def hours_of_calendar(text: str, name: str, start: date, days: int) -> dict[str, Any]:
    """The hours in which a calendar has an event.

    Args:
        text: ``BEGIN:VCALENDAR ... END:VCALENDAR``, or the lines of one event.
        name: For messages.
        start: First day of the study.
        days: How many days of it are looked at.

    Raises:
        RefusedError: It is no calendar, or it never opens in these days.
    """
    first = datetime(start.year, start.month, start.day)
    last = first + timedelta(days=days)
    open_: list[list[tuple[int, int]]] = [[] for _ in range(days)]
    for event in _events(text, name):
        for begin, end in _occurrences(event, name, first, last):
            _mark(open_, int((begin - first).total_seconds() // 60), int((end - first).total_seconds() // 60))
    by_day = [tuple(merged(spans)) for spans in open_]
    if not any(by_day):
        raise RefusedError("never_open", name=name)
    usual = {}
    for weekday in range(7):
        same = [spans for day, spans in enumerate(by_day) if (start.weekday() + day) % 7 == weekday]
        usual[weekday] = Counter(same).most_common(1)[0][0] if same else ()
    rules: list[Rule] = [(day, day, *span) for day, spans in usual.items() for span in spans]
    hours = hours_of(rules) or {"days": [], "open": []}
    different = [
        {"date": (start + timedelta(days=day)).isoformat(), "open": [span_text(*span) for span in spans]}
        for day, spans in enumerate(by_day)
        if spans != usual[(start.weekday() + day) % 7]
    ]
    if different:
        hours["exceptions"] = different
    return hours


def _events(text: str, name: str) -> list[dict[str, str]]:
    """By event: property to value; long lines are unfolded."""
    lines = re.sub(r"\r?\n[ \t]", "", text).splitlines()
    events: list[dict[str, str]] = []
    current: dict[str, str] = {}
    for line in (line.strip() for line in lines):
        key, _, value = line.partition(":")
        key = key.partition(";")[0].upper()
        if key == "BEGIN" and value.upper() == "VEVENT":
            current = {}
        elif key == "END" and value.upper() == "VEVENT":
            events.append(current)
            current = {}
        elif key in ("DTSTART", "DTEND", "DURATION", "RRULE", "EXDATE", "RDATE"):
            current[key] = f"{current[key]},{value}" if key in ("EXDATE", "RDATE") and key in current else value
    if current.get("DTSTART"):
        events.append(current)
    if not events:
        raise RefusedError("calendar", name=name, problem="no VEVENT")
    return events


def _moment(text: str, name: str) -> datetime:
    digits = text.strip().rstrip("Z")
    for form in ("%Y%m%dT%H%M%S", "%Y%m%dT%H%M", "%Y%m%d"):
        try:
            return datetime.strptime(digits, form)
        except ValueError:
            continue
    raise RefusedError("calendar", name=name, problem=text[:40] or "-")


def _occurrences(event: dict[str, str], name: str, first: datetime, last: datetime) -> list[tuple[datetime, datetime]]:
    if "DTSTART" not in event:
        raise RefusedError("calendar", name=name, problem="no DTSTART")
    begin = _moment(event["DTSTART"], name)
    if "DTEND" in event:
        length = _moment(event["DTEND"], name) - begin
    elif "DURATION" in event:
        from engine.calendars.durations import TimeTextError, iso_duration

        try:
            length = timedelta(milliseconds=iso_duration(event["DURATION"]))
        except TimeTextError:
            raise RefusedError("calendar", name=name, problem=event["DURATION"][:40]) from None
    else:
        length = timedelta(days=1)
    if length <= timedelta(0):
        return []
    moments = [begin]
    if "RRULE" in event:
        moments = _repeated(event, begin, name, first - length, last)
    return [(moment, moment + length) for moment in moments if moment < last and moment + length > first]


def _repeated(event: dict[str, str], begin: datetime, name: str, first: datetime, last: datetime) -> list[datetime]:
    from dateutil.rrule import rrulestr

    rule = event["RRULE"].upper()
    if re.search(r"FREQ=(SECONDLY|MINUTELY)", rule):
        raise RefusedError("calendar", name=name, problem=event["RRULE"][:60])
    rule = re.sub(r"(UNTIL=\d{8}(?:T\d{6})?)Z", r"\1", rule)
    lines = [f"RRULE:{rule}"]
    lines += [f"{key}:{event[key].replace('Z', '')}" for key in ("EXDATE", "RDATE") if key in event]
    try:
        rules = rrulestr("\n".join(lines), dtstart=begin, forceset=True)
        moments = list(islice(rules.xafter(first, inc=True), MOST))
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
        raise RefusedError("calendar", name=name, problem=event["RRULE"][:60]) from None
    return [moment for moment in moments if moment < last]


def _mark(open_: list[list[tuple[int, int]]], begin: int, end: int) -> None:
    """Note an open stretch, in minutes since the first midnight, day by day."""
    begin, end = max(begin, 0), min(end, len(open_) * DAY_MINUTES)
    while begin < end:
        day = begin // DAY_MINUTES
        stop = min(end, (day + 1) * DAY_MINUTES)
        open_[day].append((begin - day * DAY_MINUTES, stop - day * DAY_MINUTES))
        begin = stop
