"""The labelled days under a panel, and the marks of the stretches that are cut."""

from __future__ import annotations

from engine.texts import text
from reports.drawing.scene import Polygon, Shape, Stroke, Words
from reports.drawing.style import INK, PAPER, QUIET
from reports.gantt.model import GanttChart
from reports.gantt.scale import CUT_WIDTH, Break, Scale, ticks_of

__all__ = ["axis_shapes", "cut_shapes"]

SIZE = 9.0


def axis_shapes(chart: GanttChart, scale: Scale, bottom: float) -> tuple[list[Shape], float]:
    """Draw what stands under a panel.

    Returns:
        The shapes, and where the next thing begins.
    """
    shapes: list[Shape] = []
    labels = [_days_left_out(cut, scale, chart.language, bottom) for cut in scale.breaks]
    for tick in ticks_of(scale, chart.language, chart.start_date):
        x = scale.x(tick.day)
        first = Words(x, bottom + 12, tick.label, SIZE, "tick", QUIET, align="center")
        second = Words(x, bottom + 23, tick.date_label, 8.0, "tick-date", QUIET, align="center")
        widest = max(first, second, key=lambda words: words.width)
        if not any(_touch(widest, other) for other in labels):
            labels.append(widest)
            shapes.extend(words for words in (first, second) if words.text)
    shapes.extend(words for words in labels if words.role == "break-words")
    return shapes, bottom + (28 if chart.start_date is not None else 17)


def _touch(one: Words, other: Words) -> bool:
    return one.left - 4 < other.left + other.width and other.left - 4 < one.left + one.width


def cut_shapes(scale: Scale, top: float, bottom: float) -> list[Shape]:
    """Two zigzag edges with paper between them for every cut."""
    shapes: list[Shape] = []
    for cut in scale.breaks:
        middle = scale.x(cut.from_day) + CUT_WIDTH / 2
        left, right = _wave(middle - 4, top, bottom), _wave(middle + 4, top, bottom)
        shapes.append(Polygon((*left, *reversed(right)), "break", PAPER))
        shapes.extend(Stroke(edge, "break-edge", QUIET, 0.7) for edge in (left, right))
    return shapes


def _days_left_out(cut: Break, scale: Scale, language: str, bottom: float) -> Words:
    label = text("gantt.break", language, days=round(cut.to_day - cut.from_day))
    middle = scale.x(cut.from_day) + CUT_WIDTH / 2
    return Words(middle, bottom + 12, label, SIZE, "break-words", INK, align="center")


def _wave(x: float, top: float, bottom: float) -> tuple[tuple[float, float], ...]:
    """A zigzag from top to bottom."""
    steps = max(int((bottom - top) / 5), 2)
    height = (bottom - top) / steps
    return tuple((x + (2.0 if i % 2 else -2.0), top + i * height) for i in range(steps + 1))
