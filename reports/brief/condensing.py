"""A Gantt chart with few rows, for a page that holds no more: what stands inside another step is drawn as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from reports.gantt.model import Cause, GanttBar, GanttChart, GanttPanel, GanttRow

__all__ = ["condensed"]

# What a stretch counts as where several steps run at once: work before what is waited for, that before queues.
ORDER: Final[tuple[Cause, ...]] = ("work", "applicant", "third_party", "dwell", "batch", "queue", "off_hours")


def condensed(chart: GanttChart, most: int) -> tuple[GanttChart, int]:
    """The same chart with at most so many rows a panel, and how many rows were left out.

    Args:
        chart: A chart of a case.
        most: Rows a panel; those that take the longest stay, in their order.
    """
    panels = [_folded(panel) for panel in chart.panels]
    left_out = sum(max(len(panel.rows) - most, 0) for panel in panels)
    return replace(chart, panels=tuple(_longest(panel, most) for panel in panels)), left_out


def _folded(panel: GanttPanel) -> GanttPanel:
    """The outermost rows, each with the stretches of all that stands inside it."""
    rows: list[GanttRow] = []
    for row in panel.rows:
        if row.depth == 0 or not rows:
            rows.append(replace(row, depth=0))
            continue
        outer = rows[-1]
        returns = tuple(sorted({*outer.returns, *row.returns}))
        department = outer.department or row.department
        rows[-1] = replace(outer, bars=(*outer.bars, *row.bars), returns=returns, department=department)
    return replace(panel, rows=tuple(replace(row, bars=_merged(row.bars)) for row in rows))


def _merged(bars: Sequence[GanttBar]) -> tuple[GanttBar, ...]:
    """One line of stretches in the place of several: at each moment the first cause of `ORDER` that holds."""
    ends = sorted({day for bar in bars for day in (bar.from_day, bar.to_day)})
    merged: list[GanttBar] = []
    for begin, end in pairwise(ends):
        causes = {bar.cause for bar in bars if bar.from_day <= begin and bar.to_day >= end}
        cause = next((cause for cause in ORDER if cause in causes), None)
        if cause is None:
            continue
        if merged and merged[-1].cause == cause and merged[-1].to_day == begin:
            merged[-1] = replace(merged[-1], to_day=end)
        else:
            merged.append(GanttBar(begin, end, cause))
    return tuple(merged)


def _longest(panel: GanttPanel, most: int) -> GanttPanel:
    lengths = [sum(bar.to_day - bar.from_day for bar in row.bars) for row in panel.rows]
    kept = sorted(sorted(range(len(lengths)), key=lambda at: -lengths[at])[:most])
    return replace(panel, rows=tuple(panel.rows[at] for at in kept))
