"""The day scale: one for all panels, in proportion, except where it is cut and says so.

Building works of 150 days between blocks of 7 would squeeze the approvals to slivers.
So a long stretch in which, in every panel, nothing begins or ends is cut: three days stay at each side,
the rest shrinks to a narrow strip that carries a break mark and the number of days left out.
Waiting and office work are never cut: their length is what the chart is there to show.
Everything that differs between the panels lies outside the cuts and keeps its proportion.
A chart is cut only if that frees a third of it; else the whole scale is in proportion.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from engine.texts import text
from reports.gantt.model import Cause, GanttChart, GanttRow

__all__ = ["Break", "Scale", "Tick", "build_scale", "ticks_of"]

KEPT_DAYS = 3.0
SHORTEST_CUT_DAYS = 45.0
CUT_WIDTH = 34.0
MOST_CUTS = 3
LONGEST_IN_HOURS = 2.1
CUTTABLE: frozenset[Cause] = frozenset({"third_party", "applicant", "dwell", "off_hours"})
_STEPS = (1 / 24, 1 / 12, 1 / 8, 1 / 4, 1 / 2, 1, 7, 14, 28, 30, 60, 90, 180, 360, 720)


@dataclass(frozen=True)
class Break:
    """A stretch that is not drawn to scale, in days."""

    from_day: float
    to_day: float


@dataclass(frozen=True)
class Scale:
    """Days to points, in straight pieces.

    Args:
        days: Ends of the pieces, ascending.
        places: Where they lie on the page, points.
        breaks: The pieces that are cut.
        points_per_day: Of the pieces in proportion.
    """

    days: tuple[float, ...]
    places: tuple[float, ...]
    breaks: tuple[Break, ...]
    points_per_day: float

    def x(self, day: float) -> float:
        """Where a day lies on the page, points."""
        piece = min(max(bisect_right(self.days, day) - 1, 0), len(self.days) - 2)
        share = (day - self.days[piece]) / (self.days[piece + 1] - self.days[piece])
        return self.places[piece] + share * (self.places[piece + 1] - self.places[piece])

    @property
    def in_hours(self) -> bool:
        """So short that the axis counts hours."""
        return self.days[-1] <= LONGEST_IN_HOURS

    @property
    def left(self) -> float:
        """Where day 0 lies."""
        return self.places[0]

    @property
    def right(self) -> float:
        """Where the plot ends."""
        return self.places[-1]


@dataclass(frozen=True)
class Tick:
    """A labelled place on the axis; ``date_label`` is empty where no dates are shown."""

    day: float
    label: str
    date_label: str = ""


def build_scale(chart: GanttChart, left: float, right: float) -> Scale:
    """The scale that holds every panel of a chart between two places of the page."""
    moments = sorted(_moments(chart))
    last = moments[-1] or 1.0
    end = last * 1.02
    breaks = _breaks(chart, moments) if chart.break_axis else ()
    cut_days = sum(b.to_day - b.from_day for b in breaks)
    per_day = (right - left - CUT_WIDTH * len(breaks)) / (end - cut_days)

    days, places = [0.0], [left]
    for b in breaks:
        places.append(places[-1] + (b.from_day - days[-1]) * per_day)
        days.append(b.from_day)
        places.append(places[-1] + CUT_WIDTH)
        days.append(b.to_day)
    return Scale((*days, end), (*places, right), breaks, per_day)


def _moments(chart: GanttChart) -> set[float]:
    """Every day at which something begins, ends or is marked."""
    moments = {0.0}
    for panel in chart.panels:
        moments.update(limit.day for limit in panel.limits)
        if panel.finish is not None:
            finish = panel.finish
            moments.update((finish.day, *(finish.interval or ())))
            moments.update(() if finish.p90_day is None else (finish.p90_day,))
        for row in panel.rows:
            moments.update(row.returns)
            moments.update(() if row.p90_day is None else (row.p90_day,))
            moments.update(_edges(row))
    return moments


def _edges(row: GanttRow) -> set[float]:
    """Ends of a row's stretches; nights and days off in the midst of one piece of work do not end it."""
    bars = sorted(row.bars, key=lambda bar: (bar.from_day, bar.to_day))
    edges = {day for bar in bars for day in (bar.from_day, bar.to_day)}
    for before, pause, after in zip(bars, bars[1:], bars[2:], strict=False):
        touching = before.to_day == pause.from_day and pause.to_day == after.from_day
        if touching and pause.cause == "off_hours" and before.cause == after.cause:
            edges -= {pause.from_day, pause.to_day}
    return edges


def _breaks(chart: GanttChart, moments: list[float]) -> tuple[Break, ...]:
    bars = [bar for panel in chart.panels for row in panel.rows for bar in row.bars]
    kept = [bar for bar in bars if bar.cause not in CUTTABLE]
    last = moments[-1]
    gaps = [
        Break(a + KEPT_DAYS, b - KEPT_DAYS)
        for a, b in pairwise(moments)
        if b - a - 2 * KEPT_DAYS >= max(SHORTEST_CUT_DAYS, 0.08 * last)
        and not any(bar.from_day < b and a < bar.to_day for bar in kept)
    ]
    longest = sorted(gaps, key=lambda gap: (gap.from_day - gap.to_day, gap.from_day))[:MOST_CUTS]
    if sum(gap.to_day - gap.from_day for gap in longest) < last / 3:
        return ()
    return tuple(sorted(longest, key=lambda gap: gap.from_day))


def ticks_of(scale: Scale, language: str, start_date: date | None) -> tuple[Tick, ...]:
    """Labelled days: whole weeks where they have room, else months, else more; hours in a chart of hours."""
    room = 46.0 if start_date is not None else 30.0
    steps = [step for step in _STEPS if step >= 1 or scale.in_hours]
    step = next((s for s in steps if s * scale.points_per_day >= room), steps[-1])
    if start_date is not None and 28 <= step <= 30:
        ticks = _month_starts(scale, language, start_date)
    else:
        count = int(scale.days[-1] / step + 1e-9)
        ticks = [_tick(i * step, step, language, start_date) for i in range(count + 1)]
    return tuple(tick for tick in ticks if not any(b.from_day < tick.day < b.to_day for b in scale.breaks))


def _tick(day: float, step: float, language: str, start_date: date | None) -> Tick:
    if step < 1:
        return Tick(day, f"{round(day * 24)}")
    return Tick(day, f"{round(day)}", _date_label(day, language, start_date) if start_date else "")


def _month_starts(scale: Scale, language: str, start_date: date) -> list[Tick]:
    ticks = [Tick(0.0, "0", _date_label(0, language, start_date))]
    month = start_date
    while True:
        month = (month.replace(day=1) + timedelta(days=32)).replace(day=1)
        day = float((month - start_date).days)
        if day > scale.days[-1]:
            return ticks
        if day * scale.points_per_day >= 46.0:
            ticks.append(Tick(day, f"{round(day)}", _date_label(day, language, start_date)))


def _date_label(day: float, language: str, start_date: date) -> str:
    at = start_date + timedelta(days=round(day))
    return text("gantt.date", language, month=at.month, day=at.day, name=text(f"gantt.month.{at.month}", language))
