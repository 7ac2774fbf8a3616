"""The frame of every chart: title, subtitle, and shapes placed in points below them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import floor, log10

from reports.drawing.fitting import fit, shorten
from reports.drawing.scene import Align, Scene, Shape, Words
from reports.drawing.style import INK, MARGIN, QUIET
from reports.fonts import Weight, text_width

__all__ = ["SIZE", "WIDTH", "Page", "column_width", "linear", "round_steps"]

WIDTH = 720.0
SIZE = 9.5


class Page:
    """Collects shapes from the top to the bottom of a picture.

    Args:
        title: The finding, or what is shown.
        subtitle: What it is made from.
    """

    def __init__(self, title: str, subtitle: str, width: float = WIDTH) -> None:
        self.width = width
        self.left, self.right = MARGIN, width - MARGIN
        self.shapes: list[Shape] = []
        self.y = MARGIN
        for line in fit(title, self.right - self.left, 14, "bold", lines=3):
            self.words(self.left, self.y + 14, line, "title", size=14, weight="bold")
            self.y += 20
        for line in fit(subtitle, self.right - self.left, SIZE, lines=3):
            self.words(self.left, self.y + 10, line, "subtitle", QUIET)
            self.y += 14
        self.y += 10

    def add(self, *shapes: Shape) -> None:
        """Draw over what is there."""
        self.shapes.extend(shapes)

    def words(
        self,
        x: float,
        y: float,
        text: str,
        role: str,
        colour: str = INK,
        size: float = SIZE,
        weight: Weight = "regular",
        align: Align = "left",
        width: float | None = None,
    ) -> None:
        """One line of text; shortened to a width if one is given."""
        shown = text if width is None else shorten(text, width, size, weight)
        if shown:
            self.shapes.append(Words(x, y, shown, size, role, colour, weight, align))

    def scene(self) -> Scene:
        """All that was collected, on a page of the height it needs."""
        return Scene(self.width, self.y + MARGIN, tuple(self.shapes))


def column_width(texts: Sequence[str], most: float, size: float = SIZE, weight: Weight = "regular") -> float:
    """The width that the texts need, but no more than ``most``; a little air included."""
    return min(max((text_width(words, size, weight) for words in texts), default=0.0) + 2, most)


def round_steps(low: float, high: float, most: int) -> tuple[float, ...]:
    """Round numbers that divide an axis into at most ``most`` steps, within its ends."""
    span = high - low
    if span <= 0 or most < 1:
        return (low,)
    power = 10.0 ** floor(log10(span / most))
    step = next(power * factor for factor in (1, 2, 5, 10, 20) if power * factor * most >= span * (1 - 1e-9))
    first = -floor(-low / step + 1e-9)
    last = floor(high / step + 1e-9)
    return tuple(round(i * step, 9) + 0.0 for i in range(first, last + 1))


def linear(low: float, high: float, left: float, right: float) -> Callable[[float], float]:
    """Values between two ends to places between two others."""
    return lambda value: left + (value - low) / ((high - low) or 1.0) * (right - left)
