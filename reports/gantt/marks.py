"""How each cause of time looks: told apart by thickness and pattern first, by colour second.

| cause | look |
|---|---|
| work | thick, solid |
| queue | thin, pale |
| off-hours | a dotted line |
| batch | thin, pale, upright hatch |
| dwell | medium, pale, slanted hatch |
| applicant | medium, white with an outline, dots |
| third party | medium, white with an outline, crossed hatch |
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, sin

from reports.drawing.scene import Area, Polygon, Shape, Stroke
from reports.drawing.style import FAINT, INK, PAPER, tint
from reports.gantt.model import Cause

__all__ = ["DRAWING_ORDER", "bar_shape", "diamond", "return_mark", "whisker"]

NARROWEST = 1.6  # points: shorter stretches of activity are drawn this wide, so that none is lost

# Waiting first, so that the work stands out on it.
DRAWING_ORDER: tuple[Cause, ...] = (
    "off_hours",
    "queue",
    "batch",
    "dwell",
    "applicant",
    "third_party",
    "work",
)


@dataclass(frozen=True)
class _Look:
    """Height in shares of the row, strength of the fill, pattern, outline."""

    height: float
    strength: float
    hatch: str | None = None
    outlined: bool = False
    least_width: float = 0.0


_LOOKS: dict[Cause, _Look] = {
    "work": _Look(0.56, 1.0, least_width=NARROWEST),
    "queue": _Look(0.17, 0.42),
    "batch": _Look(0.24, 0.22, hatch="||||||"),
    "dwell": _Look(0.36, 0.28, hatch="//////", least_width=NARROWEST),
    "applicant": _Look(0.42, 0.0, hatch="....", outlined=True, least_width=NARROWEST),
    "third_party": _Look(0.42, 0.0, hatch="xxxx", outlined=True, least_width=NARROWEST),
}


def bar_shape(cause: Cause, left: float, right: float, middle: float, row_height: float, hue: str) -> Area | Stroke:
    """One stretch of a row.

    Args:
        cause: What the time was spent on.
        left: Its start, points.
        right: Its end, points.
        middle: Height of the row's middle line, points.
        row_height: Height of the row, points.
        hue: The department's.
    """
    role = f"bar-{cause}"
    if cause == "off_hours":
        return Stroke(((left, middle), (right, middle)), role, hue, 1.3, dash=(1.3, 2.0))
    look = _LOOKS[cause]
    width = max(right - left, look.least_width)
    height = look.height * row_height
    x = (left + right - width) / 2
    return Area(
        x,
        middle - height / 2,
        width,
        height,
        role,
        fill=tint(hue, look.strength) if look.strength else PAPER,
        edge=hue if look.outlined or look.hatch else None,
        hatch=look.hatch,
        radius=min(1.8, width / 3) if cause == "work" else 0.0,
    )


def diamond(x: float, y: float, colour: str) -> Polygon:
    """The mark of the case's end."""
    r = 5.2
    points = ((x, y - r), (x + r, y), (x, y + r), (x - r, y))
    return Polygon(points, "finish", colour, edge=PAPER)


def whisker(left: float, right: float, y: float, role: str, colour: str = INK) -> tuple[Shape, ...]:
    """A thin line with a cap: from the mean to where nine in ten cases have ended."""
    return (
        Stroke(((left, y), (right, y)), role, colour, 0.8),
        Stroke(((right, y - 3.5), (right, y + 3.5)), f"{role}-cap", colour, 1.1),
    )


def return_mark(x: float, y: float) -> tuple[Shape, ...]:
    """A case that came back: an arrow that turns round, on a white disc."""
    disc = tuple((x + 5.2 * cos(i * pi / 10), y + 5.2 * sin(i * pi / 10)) for i in range(20))
    turn = tuple((x + 2.7 * cos(a), y + 2.7 * sin(a)) for a in (pi * (0.9 + 1.4 * i / 12) for i in range(13)))
    tip_x, tip_y = turn[0]
    head = ((tip_x - 2.2, tip_y - 0.7), (tip_x + 2.2, tip_y - 0.7), (tip_x, tip_y + 2.6))
    return (
        Polygon(disc, "return", PAPER, edge=FAINT),
        Stroke(turn, "return-arrow", INK, 1.1),
        Polygon(head, "return-head", INK),
    )
