"""What a drawing is made of, in the pixels of the BPMN drawing, y downwards.

Outlines are SVG path data of absolute M, L, Q, C and Z alone, so that the SVG writer copies them and any other
painter reads them in a few lines. Things are drawn in the order in which they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import hypot
from typing import Final, Literal, TypeAlias

from reports.fonts import Weight, text_width

__all__ = [
    "Box",
    "Group",
    "Outline",
    "Place",
    "Scene",
    "Thing",
    "Words",
    "circle",
    "commands",
    "moved",
    "oval",
    "polygon",
    "polyline",
    "rectangle",
]

Align: TypeAlias = Literal["left", "center", "right"]
Place: TypeAlias = tuple[float, float]
_ROUND: Final = 0.5522847  # control points of a quarter circle, in radii
_TOKEN: Final = re.compile(r"[MLQCZ]|-?[0-9.]+")
_NUMBERS: Final = {"M": 2, "L": 2, "Q": 4, "C": 6, "Z": 0}


@dataclass(frozen=True)
class Box:
    """A rectangle, for asking what covers what."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """From left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """From top to bottom."""
        return self.bottom - self.top

    @property
    def middle(self) -> Place:
        """Its centre."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def grown(self, by: float) -> Box:
        """The box with a margin around it."""
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)

    def meets(self, other: Box) -> bool:
        """Whether the two have more than an edge in common."""
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom

    @classmethod
    def around(cls, boxes: Sequence[Box]) -> Box:
        """The smallest box that holds all others."""
        return cls(
            min(box.left for box in boxes),
            min(box.top for box in boxes),
            max(box.right for box in boxes),
            max(box.bottom for box in boxes),
        )


@dataclass(frozen=True)
class Outline:
    """A line or a filled shape; without a fill or a stroke that part is not drawn."""

    d: str
    role: str
    fill: str | None = None
    stroke: str | None = None
    width: float = 1.0
    dash: tuple[float, ...] = ()


@dataclass(frozen=True)
class Words:
    """One line of text; ``y`` is its baseline; turned ones run upwards from (x, y)."""

    x: float
    y: float
    text: str
    size: float
    role: str
    colour: str
    weight: Weight = "regular"
    align: Align = "center"
    halo: str | None = None
    turned: bool = False

    @property
    def box(self) -> Box:
        """What the line covers."""
        width = text_width(self.text, self.size, self.weight)
        start = -{"left": 0.0, "center": 0.5, "right": 1.0}[self.align] * width
        up, down = 0.88 * self.size, 0.22 * self.size
        if self.turned:
            return Box(self.x - up, self.y - start - width, self.x + down, self.y - start)
        return Box(self.x + start, self.y - up, self.x + start + width, self.y + down)


Thing: TypeAlias = Outline | Words


@dataclass(frozen=True)
class Group:
    """The things that draw one element; ``title`` is read aloud and shown where the mouse rests."""

    id: str
    role: str
    title: str
    things: tuple[Thing, ...]


@dataclass(frozen=True)
class Scene:
    """A whole drawing, and the part of the plane that it fills."""

    box: Box
    groups: tuple[Group, ...]
    title: str = ""
    description: str = ""

    def things(self) -> Iterator[Thing]:
        """All things, in the order in which they are drawn."""
        for group in self.groups:
            yield from group.things


# ---- outlines ----------------------------------------------------------------------------------------------


def commands(d: str) -> Iterator[tuple[str, list[float]]]:
    """The letters of an outline with their numbers."""
    tokens = _TOKEN.findall(d)
    at = 0
    while at < len(tokens):
        letter = tokens[at]
        count = _NUMBERS[letter]
        yield letter, [float(token) for token in tokens[at + 1 : at + 1 + count]]
        at += 1 + count


def moved(d: str, x: float, y: float, scale: float = 1.0) -> str:
    """An outline elsewhere, and of another size."""
    parts = []
    for letter, numbers in commands(d):
        places = [number * scale + (y if i % 2 else x) for i, number in enumerate(numbers)]
        parts.append(letter + _joined(places))
    return "".join(parts)


def circle(x: float, y: float, radius: float) -> str:
    """A circle of four curves."""
    return oval(x, y, radius, radius)


def oval(x: float, y: float, rx: float, ry: float) -> str:
    """An ellipse of four curves."""
    kx, ky = rx * _ROUND, ry * _ROUND
    quarters = (
        (x + rx, y + ky, x + kx, y + ry, x, y + ry),
        (x - kx, y + ry, x - rx, y + ky, x - rx, y),
        (x - rx, y - ky, x - kx, y - ry, x, y - ry),
        (x + kx, y - ry, x + rx, y - ky, x + rx, y),
    )
    return f"M{_joined((x + rx, y))}" + "".join(f"C{_joined(quarter)}" for quarter in quarters) + "Z"


def rectangle(box: Box, radius: float = 0.0) -> str:
    """A rectangle, with round corners if asked for."""
    left, top, right, bottom = box.left, box.top, box.right, box.bottom
    if radius <= 0:
        return polygon(((left, top), (right, top), (right, bottom), (left, bottom)))
    r = min(radius, box.width / 2, box.height / 2)
    return (
        f"M{_joined((left + r, top))}L{_joined((right - r, top))}Q{_joined((right, top, right, top + r))}"
        f"L{_joined((right, bottom - r))}Q{_joined((right, bottom, right - r, bottom))}"
        f"L{_joined((left + r, bottom))}Q{_joined((left, bottom, left, bottom - r))}"
        f"L{_joined((left, top + r))}Q{_joined((left, top, left + r, top))}Z"
    )


def polygon(places: Sequence[Place]) -> str:
    """A closed outline through places."""
    return "M" + "L".join(_joined(place) for place in places) + "Z"


def polyline(places: Sequence[Place], radius: float = 6.0) -> str:
    """A line through places, its corners rounded."""
    d = f"M{_joined(places[0])}"
    for before, corner, after in zip(places, places[1:], places[2:], strict=False):
        start, end = _towards(corner, before, radius), _towards(corner, after, radius)
        d += f"L{_joined(start)}Q{_joined((*corner, *end))}"
    return d + f"L{_joined(places[-1])}"


def _towards(place: Place, other: Place, distance: float) -> Place:
    """The place a little way towards another one, at most half of it."""
    length = hypot(other[0] - place[0], other[1] - place[1])
    share = min(distance, length / 2) / length if length else 0.0
    return place[0] + (other[0] - place[0]) * share, place[1] + (other[1] - place[1]) * share


def _joined(numbers: Sequence[float]) -> str:
    return " ".join(f"{round(number, 1):g}" for number in numbers)
