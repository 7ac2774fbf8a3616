"""The end of a case: a diamond with words, the interval of the mean, and where nine in ten cases are done."""

from __future__ import annotations

from dataclasses import dataclass

from reports.drawing.fitting import shorten
from reports.drawing.scene import Align, Area, Shape, Words
from reports.drawing.style import INK, MET, OVERDUE, tint
from reports.gantt.marks import diamond, whisker
from reports.gantt.model import GanttFinish, GanttPanel
from reports.gantt.scale import CUT_WIDTH, Scale

__all__ = ["PlacedFinish", "place_finish"]

SIZE = 10.0
GAP = 9.0
LINE = 24.0
SECOND_LINE = 16.0


@dataclass(frozen=True)
class PlacedFinish:
    """A finish that has found its place.

    Args:
        middle: Line of the diamond, points.
        lines_end: Where lines that cross the panel end: above words on a line of their own.
        bottom: Where the next thing begins.
    """

    shapes: tuple[Shape, ...]
    middle: float
    lines_end: float
    bottom: float


def place_finish(finish: GanttFinish, panel: GanttPanel, scale: Scale, top: float) -> PlacedFinish:
    """Draw a finish below the rows.

    Its words stand beside the diamond where they cross neither a limit nor a cut, else on a line below it.
    """
    middle = top + LINE / 2
    colour = INK if finish.met is None else MET if finish.met else OVERDUE
    words = _beside(finish, panel, scale, middle, colour)
    lines_end = bottom = top + LINE
    if words is None:
        words = _below(finish, scale, lines_end + 10.5, colour)
        bottom += SECOND_LINE
    return PlacedFinish((*_marks(finish, scale, middle, colour), words), middle, lines_end, bottom)


def _marks(finish: GanttFinish, scale: Scale, middle: float, colour: str) -> list[Shape]:
    x = scale.x(finish.day)
    shapes: list[Shape] = []
    if finish.interval is not None:
        low, high = (scale.x(day) for day in finish.interval)
        width = max(high - low, 1.0)
        shapes.append(Area(low, middle - 3.5, width, 7, "interval", fill=tint(colour, 0.35)))
    if finish.p90_day is not None:
        shapes.extend(whisker(x, scale.x(finish.p90_day), middle, "p90"))
    return [*shapes, diamond(x, middle, colour)]


def _beside(finish: GanttFinish, panel: GanttPanel, scale: Scale, middle: float, colour: str) -> Words | None:
    """Words after the marks, after a limit, or just before the marks: the first free place.

    Never before a limit that the marks have passed: there an overdue end would read as one in time.
    """
    days = (finish.day, finish.p90_day, *(finish.interval or ()))
    marks = [scale.x(day) for day in days if day is not None]
    obstacles = [(x, x) for x in sorted(scale.x(limit.day) for limit in panel.limits)]
    obstacles += [(x, x + CUT_WIDTH) for x in (scale.x(cut.from_day) for cut in scale.breaks)]
    starts = [max(marks) + GAP, *(end + 6 for _, end in obstacles if end >= max(marks))]
    places: list[tuple[float, Align]] = [(x, "left") for x in starts]
    places.append((min(marks) - GAP, "right"))
    for x, align in places:
        words = Words(x, middle + 3.6, finish.words, SIZE, "finish-words", colour, "bold", align)
        left, right = words.left, words.left + words.width
        if left < scale.left or right > scale.right:
            continue
        if not any(left - 3 < end and start < right + 3 for start, end in obstacles):
            return words
    return None


def _below(finish: GanttFinish, scale: Scale, baseline: float, colour: str) -> Words:
    """Words on a line of their own, centred under the diamond as far as the plot allows."""
    text = shorten(finish.words, scale.right - scale.left, SIZE, "bold")
    words = Words(0.0, baseline, text, SIZE, "finish-words", colour, "bold")
    left = min(max(scale.x(finish.day) - words.width / 2, scale.left), scale.right - words.width)
    return Words(left, baseline, text, SIZE, "finish-words", colour, "bold")
