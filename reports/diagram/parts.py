"""Cuts a large drawing into parts that are legible on paper: none larger than a page shows well."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import ceil
from typing import Final, TypeAlias

from reports.diagram.scene import Box, Group, Outline, Scene, Words, commands

__all__ = ["TALLEST_ON_PAPER", "WIDEST_ON_PAPER", "parts_of"]

# Pixels. On A4 across between margins of 12 mm, names of 13 pixels are then set in 6 points and more.
WIDEST_ON_PAPER: Final = 1600.0
TALLEST_ON_PAPER: Final = 1000.0
MARGIN: Final = 16.0  # pixels around a part: neighbours share them, so that no line seems to end at the cut
SLACK: Final = 0.3  # of a part: how far from its even place a cut may lie
_CUT_FREELY: Final = frozenset({"participant", "lane", "subProcess", "group"})

Span: TypeAlias = tuple[float, float]


def parts_of(scene: Scene) -> tuple[Box, ...]:
    """The parts, column by column from left to right, each cropped to what stands in it; the whole alone if it fits.

    A cut goes where it meets the fewest things that have to stay whole: tasks, events, gateways, names and badges.
    """
    box = scene.box
    if box.width <= WIDEST_ON_PAPER and box.height <= TALLEST_ON_PAPER:
        return (box,)
    whole = [_box_of(group) for group in scene.groups if _stays_whole(group)]
    return tuple(_parts(box, whole))


def _parts(box: Box, whole: Sequence[Box]) -> Iterator[Box]:
    across = [(one.left, one.right) for one in whole]
    for left, right in pairwise(_cuts(box.left, box.right, WIDEST_ON_PAPER, across)):
        inside = [one for one in whole if one.left < right and left < one.right]
        if not inside:
            continue
        top, bottom = min(one.top for one in inside), max(one.bottom for one in inside)
        down = [(one.top, one.bottom) for one in inside]
        for above, below in pairwise(_cuts(top, bottom, TALLEST_ON_PAPER, down)):
            here = [one for one in inside if one.top < below and above < one.bottom]
            if here:
                crop = Box.around(here)
                part = Box(left, max(crop.top, above), right, min(crop.bottom, below)).grown(MARGIN)
                yield Box(
                    max(part.left, box.left), max(part.top, box.top),
                    min(part.right, box.right), min(part.bottom, box.bottom),
                )  # fmt: skip


def _cuts(begin: float, end: float, most: float, spans: Sequence[Span]) -> list[float]:
    """Both ends, and between them as few cuts as leave no stretch longer than ``most``."""
    length = end - begin
    if length <= most:
        return [begin, end]
    number = ceil(length * (1 + SLACK) / most)
    even = length / number
    inner = [_best(begin + even * cut, even * SLACK / 2, spans) for cut in range(1, number)]
    return [begin, *inner, end]


def _best(place: float, slack: float, spans: Sequence[Span]) -> float:
    """Where near a place the fewest spans are cut; the nearest such place."""
    places = [place + slack * step / 40 for step in range(-40, 41)]
    return min(places, key=lambda at: (sum(begin < at < end for begin, end in spans), abs(at - place)))


def _stays_whole(group: Group) -> bool:
    kind, _, tag = group.role.partition(" ")
    return bool(group.things) and kind in ("shape", "name", "badge") and tag not in _CUT_FREELY


def _box_of(group: Group) -> Box:
    return Box.around([thing.box if isinstance(thing, Words) else _outline_box(thing) for thing in group.things])


def _outline_box(outline: Outline) -> Box:
    numbers = [number for _, of in commands(outline.d) for number in of]
    return Box(min(numbers[::2]), min(numbers[1::2]), max(numbers[::2]), max(numbers[1::2]))
