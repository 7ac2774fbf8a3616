"""The chart as a project plan that Microsoft Project and ProjectLibre read (MSPDI): dates and working calendar.

Tasks are placed by hand, because they lie where the simulation put them; durations are elapsed days.
Elements stand in the order of Microsoft's schema ``mspdi_pj12.xsd`` (and ``Manual...`` of its successor).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from lxml import etree

from engine.texts import text
from reports.gantt.model import GanttCalendar, GanttChart, GanttPanel, GanttRow

__all__ = ["project"]

NAMESPACE: Final = "http://schemas.microsoft.com/project"
ELAPSED_DAYS: Final = "8"
LONGEST_NAME: Final = 250
NOMINAL: Final = GanttCalendar(datetime(2000, 1, 3), (), ())


def project(chart: GanttChart) -> bytes:
    """One summary task per variant; every variant has the real dates of its own case."""
    calendar = next((panel.calendar for panel in chart.panels if panel.calendar is not None), NOMINAL)
    ends = [_end(panel) for panel in chart.panels]
    last = max(ends, default=1.0)
    root = etree.Element(f"{{{NAMESPACE}}}Project", nsmap={None: NAMESPACE})  # type: ignore[dict-item]  # the stubs forget None
    _put(root, "SaveVersion", "14")
    _put(root, "Name", _short(chart.headline))
    _put(root, "Title", _short(chart.headline))
    _put(root, "ScheduleFromStart", "1")
    _put(root, "StartDate", _moment(min([_begin(panel) for panel in chart.panels], default=calendar.begin)))
    _put(root, "CalendarUID", "1")
    _calendars(root, chart, calendar, last)
    tasks = _put(root, "Tasks")
    number = 0
    for panel in chart.panels:
        number += 1
        _task(tasks, number, panel.title, 1, _begin(panel), 0.0, _end(panel), summary=bool(panel.rows))
        for i, row in enumerate(panel.rows):
            number += 1
            inside = i + 1 < len(panel.rows) and panel.rows[i + 1].depth > row.depth
            begin, end = _span(panel, i)
            _task(tasks, number, row.label, row.depth + 2, _begin(panel), begin, end, inside, row.department)
        if panel.finish is not None:
            number += 1
            day = panel.finish.day
            _task(tasks, number, panel.finish.words, 2, _begin(panel), day, day)
    data: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return data


def _calendars(root: etree._Element, chart: GanttChart, calendar: GanttCalendar, last: float) -> None:
    """The office's week, and every day on which the calendar in use departs from it."""
    one = _put(_put(root, "Calendars"), "Calendar")
    _put(one, "UID", "1")
    _put(one, "Name", text("gantt.project.calendar", chart.language))
    _put(one, "IsBaseCalendar", "1")
    days = _put(one, "WeekDays")
    for weekday in range(1, 8):  # 1 is Sunday
        day = _put(days, "WeekDay")
        _put(day, "DayType", str(weekday))
        works = weekday not in (1, 7)
        _put(day, "DayWorking", "1" if works else "0")
        if works:
            _hours(day, calendar)
    exceptions = _put(one, "Exceptions")
    for at, works in _departures(chart, calendar, last):
        exception = _put(exceptions, "Exception")
        _put(exception, "EnteredByOccurrences", "0")
        period = _put(exception, "TimePeriod")
        _put(period, "FromDate", f"{at.isoformat()}T00:00:00")
        _put(period, "ToDate", f"{at.isoformat()}T23:59:00")
        _put(exception, "Occurrences", "1")
        _put(exception, "Name", text(f"gantt.project.{'make_up' if works else 'holiday'}", chart.language))
        _put(exception, "Type", "1")
        _put(exception, "DayWorking", "1" if works else "0")
        if works:
            _hours(exception, calendar)


def _departures(chart: GanttChart, calendar: GanttCalendar, last: float) -> list[tuple[date, bool]]:
    found: dict[date, bool] = {}
    for own in [panel.calendar or calendar for panel in chart.panels]:
        for number, works in enumerate(own.working[: int(last) + 2]):
            at = own.begin.date() + timedelta(days=number)
            if works != (at.weekday() < 5):
                found[at] = works
    return sorted(found.items())


def _hours(day: etree._Element, calendar: GanttCalendar) -> None:
    times = _put(day, "WorkingTimes")
    for begin, end in calendar.hours or ((480, 720), (780, 1020)):
        one = _put(times, "WorkingTime")
        _put(one, "FromTime", f"{begin // 60:02}:{begin % 60:02}:00")
        _put(one, "ToTime", f"{end // 60 % 24:02}:{end % 60:02}:00")


def _task(
    tasks: etree._Element,
    number: int,
    name: str,
    level: int,
    origin: datetime,
    begin: float,
    end: float,
    summary: bool = False,
    department: str = "",
) -> None:
    start, finish = origin + timedelta(days=begin), origin + timedelta(days=end)
    minutes = round((end - begin) * 24 * 60)
    duration = f"PT{minutes // 60}H{minutes % 60}M0S"
    task = _put(tasks, "Task")
    for tag, value in (
        ("UID", str(number)),
        ("ID", str(number)),
        ("Name", _short(name)),
        ("Manual", "1"),
        ("Type", "1"),
        ("IsNull", "0"),
        ("Contact", _short(department)),
        ("OutlineLevel", str(level)),
        ("Start", _moment(start)),
        ("Finish", _moment(finish)),
        ("Duration", duration),
        ("ManualStart", _moment(start)),
        ("ManualFinish", _moment(finish)),
        ("ManualDuration", duration),
        ("DurationFormat", ELAPSED_DAYS),
        ("Milestone", "1" if begin == end and not summary else "0"),
        ("Summary", "1" if summary else "0"),
    ):
        if value or tag != "Contact":
            _put(task, tag, value)


def _span(panel: GanttPanel, number: int) -> tuple[float, float]:
    """From the first to the last of a step and of all that lies inside it."""
    row = panel.rows[number]
    inside: list[GanttRow] = [row]
    for other in panel.rows[number + 1 :]:
        if other.depth <= row.depth:
            break
        inside.append(other)
    bars = [bar for one in inside for bar in one.bars]
    return min((bar.from_day for bar in bars), default=0.0), max((bar.to_day for bar in bars), default=0.0)


def _end(panel: GanttPanel) -> float:
    ends = [bar.to_day for row in panel.rows for bar in row.bars]
    return max([*ends, panel.finish.day if panel.finish else 0.0])


def _begin(panel: GanttPanel) -> datetime:
    return (panel.calendar or NOMINAL).begin


def _moment(at: datetime) -> str:
    return at.replace(microsecond=0).isoformat()


def _short(words: str) -> str:
    """Names without what XML refuses, as long as Project takes them."""
    return "".join(c for c in words if ord(c) >= 32 and not 0xD800 <= ord(c) < 0xE000)[:LONGEST_NAME]


def _put(parent: etree._Element, tag: str, words: str | None = None) -> etree._Element:
    element = etree.SubElement(parent, f"{{{NAMESPACE}}}{tag}")
    element.text = words
    return element
