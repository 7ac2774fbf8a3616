"""Limits: red dashed lines, each with its words in a lane above the rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from reports.drawing.fitting import shorten
from reports.drawing.scene import Area, Shape, Stroke, Words
from reports.drawing.style import OVERDUE, PAPER
from reports.gantt.model import GanttLimit
from reports.gantt.scale import Scale

__all__ = ["LANE", "limit_shapes"]

LANE = 13.0
SIZE = 9.0
GAP = 4.0


@dataclass(frozen=True)
class _Placed:
    lane: int
    x: float
    words: Words


def limit_shapes(
    limits: tuple[GanttLimit, ...], scale: Scale, top: float
) -> tuple[int, Callable[[float], list[Shape]]]:
    """Place the words of the limits so that none covers another or another's line.

    A line begins in the lane of its own words, so words in a higher lane are never crossed by it.

    Returns:
        How many lanes are used, and a function that draws words and lines down to a given height.
    """
    placed: list[_Placed] = []
    for limit in sorted(limits, key=lambda limit: (limit.day, limit.words)):
        placed.append(_place(limit.words, scale.x(limit.day), scale, top, placed))

    def draw(bottom: float) -> list[Shape]:
        shapes: list[Shape] = []
        for item in placed:
            start = top + item.lane * LANE
            shapes.append(Stroke(((item.x, start), (item.x, bottom)), "limit", OVERDUE, 1.2, dash=(4.0, 2.6)))
        for item in placed:
            words = item.words
            if any(words.left < other.x < words.left + words.width for other in placed):
                shapes.append(Area(words.left - 1, words.y - 9, words.width + 2, 12, "limit-paper", fill=PAPER))
            shapes.append(words)
        return shapes

    return max((item.lane + 1 for item in placed), default=0), draw


def _place(text: str, x: float, scale: Scale, top: float, placed: list[_Placed]) -> _Placed:
    """The highest lane where no words are touched, or a lane of its own."""
    own_lane = len(placed)
    for lane in range(own_lane):
        for words in _candidates(text, x, lane, scale, top):
            if _free(words, x, lane, placed):
                return _Placed(lane, x, words)
    return _Placed(own_lane, x, _candidates(text, x, own_lane, scale, top)[0])


def _candidates(text: str, x: float, lane: int, scale: Scale, top: float) -> list[Words]:
    """The words at the right and at the left of the line, where they fit; shortened if they fit nowhere."""
    baseline = top + lane * LANE + 10
    rightwards = Words(x + GAP, baseline, text, SIZE, "limit-words", OVERDUE)
    leftwards = Words(x - GAP, baseline, text, SIZE, "limit-words", OVERDUE, align="right")
    options = [w for w in (rightwards, leftwards) if scale.left <= w.left and w.left + w.width <= scale.right]
    if not options:
        room_right, room_left = scale.right - x - GAP, x - GAP - scale.left
        widest = rightwards if room_right >= room_left else leftwards
        shortened = shorten(text, max(room_right, room_left), SIZE)
        options = [Words(widest.x, baseline, shortened, SIZE, widest.role, OVERDUE, align=widest.align)]
    return options


def _free(words: Words, x: float, lane: int, placed: list[_Placed]) -> bool:
    """Whether the words touch no other words of the lane, and the line below them none at all.

    The limits come in the order of their days, so the words cross the line of an earlier one only where they
    have no room on the right; then paper is laid under them.
    """
    left, right = words.left - 2, words.left + words.width + 2
    for other in placed:
        other_left, other_right = other.words.left - 2, other.words.left + other.words.width + 2
        if other.lane == lane and left < other_right and other_left < right:
            return False
        if other.lane >= lane and other_left < x < other_right:
            return False
    return True
