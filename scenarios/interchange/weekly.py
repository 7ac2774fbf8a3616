"""Weekly opening times of other tools: rules *from weekday to weekday, from time to time*, and back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final, TypeAlias

from scenarios.schema.calendar import WEEKDAYS, OpenHours, minutes_of

__all__ = ["DAYS", "Rule", "hours_of", "is_always", "merged", "minute_of", "rules_of", "span_text", "weekday_of"]

DAYS: Final = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
DAY_MINUTES: Final = 24 * 60
Rule: TypeAlias = tuple[int, int, int, int]
"""First and last weekday (0 = Monday), opening and closing in minutes since midnight."""

_TIME: Final = re.compile(r"^\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?\s*(?:Z|[+-]\d{2}:?\d{2})?\s*$")


def weekday_of(text: str) -> int:
    """A weekday by its English name, 0 = Monday.

    Raises:
        ValueError: It is none.
    """
    if text.strip().upper() not in DAYS:
        raise ValueError(text or "-")
    return DAYS.index(text.strip().upper())


def minute_of(text: str) -> int:
    """A time of the day in minutes, rounded up from 59 s on: 23:59:59.999 is midnight. Offsets are left aside.

    Raises:
        ValueError: It is no time of a day.
    """
    match = _TIME.match(text)
    if match is None:
        raise ValueError(text)
    hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
    total = 60 * hour + minute + (second >= 59)
    if minute > 59 or second > 59 or total > DAY_MINUTES:
        raise ValueError(text)
    return total


def hours_of(rules: Iterable[Rule]) -> dict[str, Any] | None:
    """The rules as named hours of the scenario language; nothing if they never open.

    A rule whose weekdays run past Sunday goes on on Monday; one that closes before it opens runs past midnight.
    """
    open_: dict[int, list[tuple[int, int]]] = {day: [] for day in range(7)}
    for first, last, begin, end in rules:
        for step in range((last - first) % 7 + 1):
            day = (first + step) % 7
            if begin < end:
                open_[day].append((begin, end))
            elif begin > end:
                open_[day].append((begin, DAY_MINUTES))
                open_[(day + 1) % 7].append((0, end))
    open_days = {day: merged(spans) for day, spans in open_.items()}
    usual = next((spans for spans in open_days.values() if spans), None)
    if usual is None:
        return None
    spans = {day: [span_text(*pair) for pair in pairs] for day, pairs in open_days.items() if pairs}
    same = [day for day, pairs in open_days.items() if pairs == usual]
    if len(same) == len(spans) == 7:
        return {"days": "natural", "open": spans[0]}
    hours: dict[str, Any] = {"days": [WEEKDAYS[day] for day in same], "open": spans[same[0]]}
    if len(same) < len(spans):
        hours["weekly"] = {WEEKDAYS[day]: pairs for day, pairs in spans.items() if day not in same}
    return hours


def merged(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans in minutes, ascending; overlapping and touching ones become one."""
    made: list[tuple[int, int]] = []
    for begin, end in sorted(spans):
        if made and begin <= made[-1][1]:
            made[-1] = (made[-1][0], max(end, made[-1][1]))
        else:
            made.append((begin, end))
    return made


def span_text(begin: int, end: int) -> str:
    """A span in minutes as the scenario language writes it."""
    return f"{begin // 60:02d}:{begin % 60:02d}-{end // 60:02d}:{end % 60:02d}"


def is_always(hours: OpenHours) -> bool:
    """Whether the hours never close."""
    return hours.days == "natural" and hours.open == ("00:00-24:00",) and not (hours.weekly or hours.exceptions)


def rules_of(hours: OpenHours) -> list[Rule]:
    """The hours as weekly rules, working days as Monday to Friday; runs of equal days become one rule."""
    days = WEEKDAYS[:5] if hours.days == "working" else WEEKDAYS if hours.days == "natural" else hours.days
    usual = {day: hours.open if day in days else () for day in WEEKDAYS}
    by_day = [tuple(minutes_of(span) for span in hours.weekly.get(day, usual[day])) for day in WEEKDAYS]
    rules: list[Rule] = []
    first = 0
    while first < 7:
        last = first
        while last + 1 < 7 and by_day[last + 1] == by_day[first]:
            last += 1
        rules += [(first, last, begin, end) for begin, end in by_day[first]]
        first = last + 1
    return rules
