"""Moments of live cases: local civil time as text to the ms, and as ms of a calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from engine.calendars.hours import FAR, Hours
from engine.calendars.units import DAY
from engine.calendars.working_days import OpeningException, WorkingDays, opening_hours, working_days
from engine.live.plan import CalendarPlan

__all__ = ["CaseCalendar", "calendar_for", "moment_of", "text_of"]

_YEARS_AHEAD = 4
_MS = timedelta(milliseconds=1)


def text_of(moment: datetime) -> str:
    """ISO 8601 to the ms; sorts as time does."""
    return moment.isoformat(timespec="milliseconds")


def moment_of(text: str) -> datetime:
    """The moment of such a text."""
    return datetime.fromisoformat(text)


@dataclass(frozen=True)
class CaseCalendar:
    """Working days and office hours around a case; years without a notice are estimated."""

    days: WorkingDays
    office: Hours
    always: Hours

    def ms(self, text: str) -> int:
        """A moment in ms since the calendar's first midnight."""
        start = self.days.start
        return (moment_of(text) - datetime(start.year, start.month, start.day)) // _MS

    def text(self, ms: int) -> str | None:
        """The moment of so many ms; None beyond what is known."""
        start = self.days.start
        if ms >= min(FAR, self.days.until + DAY):
            return None
        return text_of(datetime(start.year, start.month, start.day) + ms * _MS)

    def is_estimated(self, text: str) -> bool:
        """Whether a moment lies in a year whose holidays nobody has announced."""
        return moment_of(text).year in self.days.estimated_years


def calendar_for(plan: CalendarPlan, holidays: dict[date, bool], first: str, now: str) -> CaseCalendar:
    """The calendar from the year before a case's start to some years after now.

    Args:
        plan: Of the case.
        holidays: Days that are otherwise, stronger than the calendar.
        first: When the case started.
        now: The present moment.
    """
    first_year, last_year = moment_of(first).year, max(moment_of(first).year, moment_of(now).year) + _YEARS_AHEAD
    changes = tuple(sorted({**_dates(plan), **holidays}.items()))
    return _calendar(plan, changes, first_year, min(last_year, 9998))


def _dates(plan: CalendarPlan) -> dict[date, bool]:
    return {date.fromisoformat(day): worked for day, worked in plan.holidays.items()}


@lru_cache(maxsize=64)
def _calendar(plan: CalendarPlan, changes: tuple[tuple[date, bool], ...], first: int, last: int) -> CaseCalendar:
    start = date(first, 1, 1)
    days = working_days(start, (date(last + 1, 1, 1) - start).days, plan.country, dict(changes), estimate=True)
    exceptions = [
        OpeningException(date.fromisoformat(begin), None if end is None else date.fromisoformat(end), spans)
        for begin, end, spans in plan.exceptions
    ]
    office = opening_hours(days, plan.days, plan.open, exceptions, dict(plan.weekly))
    return CaseCalendar(days, office, Hours.always(days.until))
