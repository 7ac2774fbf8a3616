"""Gantt charts: one drawing model, files in PNG, SVG and PDF.

`GanttChart` says what to show and knows no simulation; `reports.gantt.drawing.draw` draws it.
Order of the parts: ``model`` -> ``page`` and ``panel`` place shapes (``scene``) -> ``painting`` paints them.
Only ``fonts`` and ``painting`` load matplotlib, so the model can be built without it.
"""

from reports.gantt.model import (
    CAUSES,
    Cause,
    GanttBar,
    GanttCalendar,
    GanttChart,
    GanttColumn,
    GanttFinish,
    GanttLimit,
    GanttNumber,
    GanttPanel,
    GanttRow,
)

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
