"""The colours of a chart: red is kept for limits and what is over them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from reports.gantt.model import GanttChart

__all__ = [
    "BAND",
    "FAINT",
    "GRID",
    "INK",
    "MET",
    "NEUTRAL",
    "OVERDUE",
    "PAPER",
    "QUIET",
    "hues_of",
    "tint",
]

PAPER: Final = "#ffffff"
INK: Final = "#1d2733"
QUIET: Final = "#66727f"
FAINT: Final = "#aab3bd"
GRID: Final = "#e4e8ec"
BAND: Final = "#f1f3f5"
OVERDUE: Final = "#c0281f"
MET: Final = "#23763a"
NEUTRAL: Final = "#5b6773"

# Ten hues without red, of similar darkness, neighbours far apart also for the colour-blind.
_HUES: Final = (
    "#2a6ca3",
    "#c2760f",
    "#6a5a94",
    "#4f7f3b",
    "#0f8a8d",
    "#8a5a3c",
    "#a8508c",
    "#46586b",
    "#8b861b",
    "#3c4fa8",
)


def hues_of(chart: GanttChart) -> Mapping[str, str]:
    """The hue of each department, in the legend's order; after ten they begin again, darker each time."""
    names = [*chart.departments, *(row.department for panel in chart.panels for row in panel.rows)]
    hues: dict[str, str] = {}
    for name in names:
        if name and name not in hues:
            lap, place = divmod(len(hues), len(_HUES))
            hues[name] = _mix(_HUES[place], "#000000", 0.7**lap)
    return hues


def tint(colour: str, strength: float) -> str:
    """The colour thinned with white; a strength of 1 leaves it as it is."""
    return _mix(colour, PAPER, strength)


def _mix(colour: str, other: str, share: float) -> str:
    parts = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02x}" for a, b in parts)


def _channels(colour: str) -> Iterable[int]:
    return (int(colour[i : i + 2], 16) for i in (1, 3, 5))
