"""The calendar and the opening hours of a study."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path as FilePath
from typing import Final, Protocol

from engine.calendars.hours import Hours
from engine.calendars.units import MINUTE
from engine.calendars.working_days import (
    OpeningException,
    WorkingDays,
    opening_hours,
    read_holidays,
    working_days,
)
from engine.errors import BadInput
from scenarios.findings import Findings
from scenarios.reading import Path
from scenarios.schema.calendar import WEEKDAYS, Calendar, HoursException, OpenHours, minutes_of
from scenarios.schema.scenario import Study

__all__ = ["Clocks", "clocks_of"]

_LAST: Final = date.max.toordinal()


@dataclass(frozen=True)
class Clocks:
    """What time runs on in a study.

    Args:
        days: Its working days, to the end of the run-out.
        by_name: The named opening hours.
        office: Those that limits in hours run on.
        working: The working-day clock: 24 hours of every working day.
        natural: The natural clock: always.
    """

    days: WorkingDays
    by_name: Mapping[str, Hours]
    office: Hours
    working: Hours
    natural: Hours

    @property
    def until(self) -> int:
        """End of what is known, ms."""
        return self.days.until

    def named(self, name: str, path: Path, findings: Findings) -> Hours | None:
        """The hours of a name; nothing and a finding if there are none."""
        if name not in self.by_name:
            findings.unknown("hours", path, name, self.by_name)
        return self.by_name.get(name)


class Dated(Protocol):
    """What states a calendar and a study: a scenario, or a hall."""

    @property
    def calendar(self) -> Calendar:
        """Working days, holidays, opening hours."""

    @property
    def study(self) -> Study:
        """What is run."""


def clocks_of(scenario: Dated, holidays: FilePath | None, findings: Findings) -> Clocks | None:
    """The clocks of a scenario; nothing and the reasons among the findings if there can be none.

    Args:
        scenario: Whose calendar and study it is.
        holidays: A file of holidays, stronger than the calendar and the scenario.
        findings: Takes unknown years and hours, and warns of estimated years.
    """
    calendar, study = scenario.calendar, scenario.study
    number = math.ceil(study.run_out_days)
    changes = {day: word == "working" for day, word in calendar.holidays.items()}
    try:
        if holidays is not None:
            changes.update(read_holidays(holidays))
        if study.start.toordinal() + number > _LAST:
            findings.error("study.end", ("study", "start"), start=study.start.isoformat(), days=number)
            return None
        days = working_days(study.start, number, calendar.country, changes, calendar.estimate_unknown_years)
    except BadInput as error:
        for finding in error.findings:
            if finding.file is None:
                findings.wrapped(finding, ("study", "start"))
            else:
                findings.take([finding])
        return None
    if days.estimated_years:
        years = ", ".join(map(str, days.estimated_years))
        findings.warn("estimated_years", ("calendar", "estimate_unknown_years"), years=years)
    by_name = {name: _hours(name, hours, days, findings) for name, hours in calendar.hours.items()}
    if calendar.office not in by_name:
        findings.unknown("hours", ("calendar", "office"), calendar.office, by_name)
        return None
    return Clocks(days, by_name, by_name[calendar.office], days.hours(), Hours.always(days.until))


def _hours(name: str, hours: OpenHours, days: WorkingDays, findings: Findings) -> Hours:
    kind = hours.days if isinstance(hours.days, str) else tuple(WEEKDAYS.index(day) for day in hours.days)
    weekly = {WEEKDAYS.index(day): _times(spans) for day, spans in hours.weekly.items()}
    exceptions = [_exception(one) for one in hours.exceptions]
    made = opening_hours(days, kind, _times(hours.open), exceptions, weekly)
    if not len(made.begin):
        findings.error("hours.never", ("calendar", "hours", name), name=name)
    return made


def _exception(one: HoursException) -> OpeningException:
    if one.date is not None:
        return OpeningException(one.date, None, _times(one.open))
    assert one.from_ is not None  # the model has a date or a period
    return OpeningException(one.from_, one.to, _times(one.open))


def _times(spans: tuple[str, ...]) -> tuple[tuple[int, int], ...]:
    """Opening times in ms of the day."""
    return tuple((opens * MINUTE, closes * MINUTE) for opens, closes in map(minutes_of, spans))
