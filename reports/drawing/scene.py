"""The shapes that a chart is made of, in points from the page's upper left corner, y downwards.

Shapes are drawn in the order in which they stand. ``role`` says what a shape is; it becomes the id of its
group in SVG, and tests find shapes by it. ``tip`` is what a page shows when a reader points at the shape.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from reports.fonts import Weight, text_width

__all__ = ["Align", "Area", "Polygon", "Scene", "Shape", "Stroke", "Words"]


Align = Literal["left", "center", "right"]


@dataclass(frozen=True)
class Area:
    """A rectangle; without a fill or an edge that part is not drawn."""

    x: float
    y: float
    width: float
    height: float
    role: str
    fill: str | None = None
    edge: str | None = None
    hatch: str | None = None
    radius: float = 0.0
    tip: str = ""


@dataclass(frozen=True)
class Stroke:
    """A line through points; ``dash`` is lengths of ink and gap, in points."""

    points: tuple[tuple[float, float], ...]
    role: str
    colour: str
    width: float
    dash: tuple[float, ...] = ()
    tip: str = ""


@dataclass(frozen=True)
class Polygon:
    """A filled shape."""

    points: tuple[tuple[float, float], ...]
    role: str
    fill: str
    edge: str | None = None
    tip: str = ""


@dataclass(frozen=True)
class Words:
    """One line of text; ``y`` is its baseline."""

    x: float
    y: float
    text: str
    size: float
    role: str
    colour: str
    weight: Weight = "regular"
    align: Align = "left"

    @property
    def width(self) -> float:
        """Width in points."""
        return text_width(self.text, self.size, self.weight)

    @property
    def left(self) -> float:
        """Where the text begins."""
        return self.x - {"left": 0.0, "center": 0.5, "right": 1.0}[self.align] * self.width


Shape: TypeAlias = Area | Stroke | Polygon | Words


@dataclass(frozen=True)
class Scene:
    """A whole page: its size in points and its shapes."""

    width: float
    height: float
    shapes: tuple[Shape, ...]
