"""The look that every picture shares: colours and sizes of type. Red is kept for limits and what is over them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

__all__ = [
    "BAND",
    "FAINT",
    "GRID",
    "HUES",
    "INK",
    "MARGIN",
    "MET",
    "NEUTRAL",
    "OVERDUE",
    "PAPER",
    "QUIET",
    "mix",
    "tint",
]

MARGIN: Final = 18.0  # points around every picture
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
HUES: Final = (
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


def tint(colour: str, strength: float) -> str:
    """The colour thinned with white; a strength of 1 leaves it as it is."""
    return mix(colour, PAPER, strength)


def mix(colour: str, other: str, share: float) -> str:
    """So much of one colour, the rest of the other."""
    parts = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02x}" for a, b in parts)


def _channels(colour: str) -> Iterable[int]:
    return (int(colour[i : i + 2], 16) for i in (1, 3, 5))
