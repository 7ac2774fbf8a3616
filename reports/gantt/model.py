"""What a Gantt chart shows, without knowing any simulation.

All positions are days since submission (1.5 is noon of the second day), on natural days.
All words are given ready to be read, in the chart's language; the chart adds only the names of the causes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from math import isfinite
from typing import Literal, get_args

__all__ = [
    "CAUSES",
    "Cause",
    "GanttBar",
    "GanttCalendar",
    "GanttChart",
    "GanttColumn",
    "GanttFinish",
    "GanttLimit",
    "GanttNumber",
    "GanttPanel",
    "GanttRow",
]

Cause = Literal["work", "queue", "off_hours", "batch", "applicant", "third_party", "dwell"]
CAUSES: tuple[Cause, ...] = get_args(Cause)


@dataclass(frozen=True)
class GanttBar:
    """One stretch of a row.

    Args:
        from_day: Its start, at least 0.
        to_day: Its end, not before its start.
        cause: What the time was spent on.

    Raises:
        ValueError: The stretch is not finite, starts before the submission, or runs backwards.
    """

    from_day: float
    to_day: float
    cause: Cause

    def __post_init__(self) -> None:
        if not (isfinite(self.to_day) and 0 <= self.from_day <= self.to_day):
            raise ValueError(f"Expected 0 <= from_day <= to_day, but got {self.from_day} and {self.to_day}.")
        if self.cause not in CAUSES:
            raise ValueError(f"Expected one of {', '.join(CAUSES)}, but got {self.cause!r}.")


@dataclass(frozen=True)
class GanttNumber:
    """A figure in a column beside the bars.

    Args:
        text: The figure as it is to be read.
        overdue: Beyond its limit: drawn red and bold, with a ``!`` before it.
    """

    text: str
    overdue: bool = False


@dataclass(frozen=True)
class GanttColumn:
    """The heading of a column of figures; a quiet one is drawn paler."""

    heading: str
    quiet: bool = False


@dataclass(frozen=True)
class GanttRow:
    """One step of the case.

    Args:
        label: Name of the step.
        department: Who does it; gives the hue. Empty for none.
        depth: Indent: how many steps enclose it.
        bars: Its stretches.
        numbers: Its figures, one per column of the panel; missing ones stay empty.
        returns: Days at which the case came back to it for a correction.
        p90_day: Where nine in ten cases have ended this step, for the mean case.
    """

    label: str
    department: str = ""
    depth: int = 0
    bars: tuple[GanttBar, ...] = ()
    numbers: tuple[GanttNumber, ...] = ()
    returns: tuple[float, ...] = ()
    p90_day: float | None = None


@dataclass(frozen=True)
class GanttLimit:
    """A limit: a red dashed line with words."""

    day: float
    words: str


@dataclass(frozen=True)
class GanttFinish:
    """When the case is done: a diamond with words, in a row of its own below the steps.

    Args:
        day: Its end.
        words: What it means: the figure, and whether it is within the limit or over it, and by how much.
        met: Within the limit, over it, or (none) neither is known.
        interval: Confidence interval of the mean, days.
        p90_day: Where nine in ten cases are done.
        numbers: Totals, one per column of the panel.
    """

    day: float
    words: str
    met: bool | None = None
    interval: tuple[float, float] | None = None
    p90_day: float | None = None
    numbers: tuple[GanttNumber, ...] = ()


@dataclass(frozen=True)
class GanttCalendar:
    """When day 0 of a panel is, and the days and hours that the office works: for files with real dates.

    Args:
        begin: The moment of day 0; nominal for a mean or a promise, which no single case has.
        working: Whether each day is a working day, from the date of ``begin`` on.
        hours: ``(from, to)`` minutes of a working day.
    """

    begin: datetime
    working: tuple[bool, ...]
    hours: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class GanttPanel:
    """One variant.

    Args:
        title: Its name.
        note: A remark at the right of the title, such as the share of waiting.
        rows: Its steps, top to bottom.
        limits: Its limits.
        finish: Its end, if it has one.
        columns: Headings of the figures.
        days_off: ``(from_day, to_day)`` of the days on which the calendar in use is closed.
        calendar: Real dates, for the formats that have them.
    """

    title: str
    rows: tuple[GanttRow, ...]
    note: str = ""
    limits: tuple[GanttLimit, ...] = ()
    finish: GanttFinish | None = None
    columns: tuple[GanttColumn, ...] = ()
    days_off: tuple[tuple[float, float], ...] = ()
    calendar: GanttCalendar | None = None


@dataclass(frozen=True)
class GanttChart:
    """Panels under each other on one day scale.

    Args:
        headline: The finding, in one sentence.
        subtitle: Which case, from what.
        panels: At least one.
        language: ``zh`` or ``en``: of the legend, the axis and the dates.
        axis_label: What the axis counts; empty for the usual words.
        start_date: Day 0, where dates are to stand under the days.
        departments: Their order in the legend, which gives their hues; those not named follow as they come.
        break_axis: Long stretches in which nothing begins or ends may be cut short, with a mark.
    """

    headline: str
    subtitle: str
    panels: tuple[GanttPanel, ...]
    language: str = "zh"
    axis_label: str = ""
    start_date: date | None = None
    departments: tuple[str, ...] = ()
    break_axis: bool = True
