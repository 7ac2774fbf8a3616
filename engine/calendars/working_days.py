"""Which days are working days, and when an office is open on them.

Working days follow the yearly notices of the State Council, make-up days at weekends included: they come from
the package chinesecalendar, which is exact for 2004 to 2026. A year that nobody knows is an error, or, when
asked for, an estimate that says so. Days are numbered from the study's start, day 0.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from types import MappingProxyType
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from engine.calendars.holiday_files import read_holidays
from engine.calendars.hours import Hours
from engine.calendars.units import DAY
from engine.errors import BadInput, Finding

__all__ = ["OpeningException", "WorkingDays", "opening_hours", "read_holidays", "working_days"]

OpenTimes: TypeAlias = Sequence[tuple[int, int]]

_FIXED_HOLIDAYS = frozenset({(1, 1), (5, 1), (10, 1), (10, 2), (10, 3)})


@dataclass(frozen=True, eq=False)
class WorkingDays:
    """The working days from a start date on; equal when start, days and estimates are.

    Args:
        start: Day 0.
        working: Whether each day is a working day, shape ``(number of days,)``.
        estimated_years: Years without a notice, whose days are only estimated.
    """

    start: date
    working: npt.NDArray[np.bool_]
    estimated_years: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        self.working.setflags(write=False)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, WorkingDays):
            return NotImplemented
        return (
            self.start == other.start
            and self.estimated_years == other.estimated_years
            and np.array_equal(self.working, other.working)
        )

    def __hash__(self) -> int:
        return hash((self.start, self.estimated_years, self.working.tobytes()))

    @property
    def until(self) -> int:
        """End of the last day, ms: nothing is known from then on."""
        return len(self.working) * DAY

    @cached_property
    def count_until(self) -> npt.NDArray[np.int64]:
        """Working days before each day, shape ``(number of days + 1,)``."""
        return np.concatenate(([0], np.cumsum(self.working, dtype=np.int64)))

    @cached_property
    def _next_working(self) -> list[int]:
        days = np.arange(len(self.working))
        candidates = np.where(self.working, days, len(self.working))
        following: list[int] = np.minimum.accumulate(candidates[::-1])[::-1].tolist()
        return following

    @cached_property
    def _hours(self) -> Hours:
        days = np.flatnonzero(self.working).tolist()
        return Hours.from_intervals([(day * DAY, (day + 1) * DAY) for day in days], self.until)

    def date_of(self, t_ms: int) -> date:
        """The date of a moment."""
        return self.start + timedelta(days=self.day_of(t_ms))

    def day_of(self, t_ms: int) -> int:
        """The number of the day that a moment lies in; midnight belongs to the day that begins."""
        return int(t_ms // DAY)

    def index(self, day: date) -> int:
        """The number of a date's day: negative before the start, not limited by the table."""
        return (day - self.start).days

    def next_working(self, day: int) -> int:
        """The first working day from ``day`` on; the number of days of the table where there is none."""
        return self._next_working[max(day, 0)] if day < len(self.working) else len(self.working)

    def hours(self) -> Hours:
        """The working-day clock: open from 00:00 to 24:00 on working days."""
        return self._hours


@dataclass(frozen=True)
class OpeningException:
    """Other opening times on some days.

    Args:
        first: The date, or the first of a range.
        last: The last date of a range, which changes only those of its days that the calendar opens anyway;
            none for a single date, which opens exactly so, even if it is off.
        open: ``(from, to)`` in ms of the day; empty for closed.
    """

    first: date
    last: date | None
    open: tuple[tuple[int, int], ...]


def working_days(
    start: date,
    days: int,
    country: Literal["CN", "none"] = "CN",
    changes: Mapping[date, bool] = MappingProxyType({}),
    estimate: bool = False,
) -> WorkingDays:
    """The working days of a period.

    Source of the rule: Administrative Licensing Law (2019), art. 82; State Council Decree 644 on public
    holidays.

    Args:
        start: Day 0.
        days: Number of days, at least 1.
        country: ``CN`` for the notices of the State Council; ``none`` for Monday to Friday.
        changes: Single days that are off (False) or worked (True), stronger than everything else. A year
            without a notice counts as known when it has at least one: Monday to Friday with its changes.
        estimate: Take Monday to Friday without 1 January, 1 May and 1 to 3 October for years that are not
            known.

    Raises:
        BadInput: Years that are not known (``calendar.unknown_year``, one finding each), or days after the
        year
            9999.
    """
    if start.toordinal() + days - 1 > date.max.toordinal():
        raise BadInput([Finding("calendar.too_far", {"start": start.isoformat(), "days": days})])
    dates = [start + timedelta(days=number) for number in range(days)]
    years = sorted({day.year for day in dates})
    noticed = _noticed_years(years) if country == "CN" else frozenset()
    given = {day.year for day in changes}
    unknown = tuple(year for year in years if country == "CN" and year not in noticed and year not in given)
    if unknown and not estimate:
        raise BadInput([Finding("calendar.unknown_year", {"year": year}) for year in unknown])
    working = [
        changes[day] if day in changes else _is_working(day, day.year in noticed, day.year in unknown) for day in dates
    ]
    return WorkingDays(start, np.array(working, dtype=np.bool_), unknown)


def opening_hours(
    days: WorkingDays,
    kind: Literal["working", "natural"] | tuple[int, ...],
    open: OpenTimes,  # noqa: A002 - the key of the scenario
    exceptions: Sequence[OpeningException] = (),
    weekly: Mapping[int, OpenTimes] = MappingProxyType({}),
) -> Hours:
    """When an office is open over the whole table of days.

    Args:
        days: The calendar.
        kind: On which days: ``working`` days, all (``natural``), or the weekdays given (0 = Monday), whatever
            the calendar says of them.
        open: ``(from, to)`` in ms of the day.
        exceptions: Later ones win.
        weekly: Weekday (0 = Monday) to its own times, whatever kind and calendar say.
    """
    first_weekday = days.start.weekday()
    by_day: list[OpenTimes] = []
    for day, is_open in enumerate(_open_days(days, kind)):
        by_day.append(weekly.get((first_weekday + day) % 7, open if is_open else ()))
    usual = [bool(times) for times in by_day]
    for exception in exceptions:
        single = exception.last is None
        first = max(days.index(exception.first), 0)
        last = min(days.index(exception.last or exception.first), len(by_day) - 1)
        for day in range(first, last + 1):
            if single or usual[day]:
                by_day[day] = exception.open
    return Hours.from_intervals(
        [(day * DAY + begin, day * DAY + end) for day, times in enumerate(by_day) for begin, end in times],
        days.until,
    )


def _open_days(days: WorkingDays, kind: Literal["working", "natural"] | Collection[int]) -> list[bool]:
    """Whether each day is one of the kind."""
    if kind == "working":
        return [bool(working) for working in days.working]
    if kind == "natural":
        return [True] * len(days.working)
    first = days.start.weekday()
    return [(first + day) % 7 in kind for day in range(len(days.working))]


def _noticed_years(years: Sequence[int]) -> frozenset[int]:
    """The years whose notice the package knows."""
    from chinese_calendar import is_workday

    noticed = set()
    for year in years:
        try:
            is_workday(date(year, 1, 1))
        except NotImplementedError:
            continue
        noticed.add(year)
    return frozenset(noticed)


def _is_working(day: date, noticed: bool, estimated: bool) -> bool:
    """Whether a day without a change is worked."""
    if noticed:
        from chinese_calendar import is_workday

        return bool(is_workday(day))
    return day.weekday() < 5 and not (estimated and (day.month, day.day) in _FIXED_HOLIDAYS)
