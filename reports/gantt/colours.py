"""Which department has which hue."""

from __future__ import annotations

from collections.abc import Mapping

from reports.drawing.style import HUES, mix
from reports.gantt.model import GanttChart

__all__ = ["hues_of"]


def hues_of(chart: GanttChart) -> Mapping[str, str]:
    """The hue of each department, in the legend's order; after ten they begin again, darker each time."""
    names = [*chart.departments, *(row.department for panel in chart.panels for row in panel.rows)]
    hues: dict[str, str] = {}
    for name in names:
        if name and name not in hues:
            lap, place = divmod(len(hues), len(HUES))
            hues[name] = mix(HUES[place], "#000000", 0.7**lap)
    return hues
