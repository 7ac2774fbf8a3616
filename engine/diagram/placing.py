"""Columns and tracks for the elements of one process or sub-process: where they stand, before any measure.

Columns are layers: the longest way from a start, ways back left out (K. Sugiyama, S. Tagawa and M. Toda, Methods
for Visual Understanding of Hierarchical System Structures, 1981). Tracks belong to lanes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from engine.diagram.model import Bounds, Element, Flow, Point, Process

__all__ = ["EVENT", "PAD", "Cell", "Placed", "Placing"]

EVENT: Final = 36.0
PAD: Final = 30.0  # around the inside of a sub-process

_GATEWAY: Final = 50.0
_TASK: Final = (100.0, 80.0)


@dataclass
class Cell:
    """An element in its column and track."""

    element: Element
    width: float
    height: float
    layer: int = 0
    track: int = 0


@dataclass
class Placed:
    """A process or sub-process laid out by itself, with its upper left corner at the origin.

    Args:
        bands: Lane to its upper and lower border; the empty name stands for elements without a lane.
        ports: Message flow to its way from the element to the upper or lower border.
    """

    width: float = 0.0
    height: float = 0.0
    shapes: dict[str, Bounds] = field(default_factory=dict)
    edges: dict[str, list[Point]] = field(default_factory=dict)
    bands: dict[str, tuple[float, float]] = field(default_factory=dict)
    ports: dict[str, list[Point]] = field(default_factory=dict)


class Placing:
    """The cells of one scope in their columns and tracks.

    Args:
        lanes: Whether the scope has lanes: a process has, a sub-process lies in one.
        done: Sub-processes in it, laid out before.
    """

    def __init__(self, process: Process, scope: str, lanes: bool, done: Mapping[str, Placed]) -> None:
        self.process = process
        self.scope = scope
        inside = process.inside(scope)
        self.hosts = {e.id: e.attributes["attachedToRef"] for e in inside if e.tag == "boundaryEvent"}
        self.cells = {e.id: Cell(e, *_size(e, done)) for e in inside if e.id not in self.hosts}
        self.flows = [flow for flow in process.flows.values() if flow.scope == scope]
        self.flows += [  # from a compensation event to its handler
            Flow(way.id, way.name, way.source, way.target, None, way.line, scope)
            for way in process.associations
            if way.source in self.hosts and way.target in self.cells
        ]
        self.lane_of = {id_: cell.element.lane or "" if lanes else "" for id_, cell in self.cells.items()}
        self._layers()
        self._tracks()

    def start_of(self, flow: Flow) -> str:
        """The cell that a flow leaves: of a boundary event, its host."""
        return self.hosts.get(flow.source, flow.source)

    def _layers(self) -> None:
        forward: dict[str, list[str]] = {id_: [] for id_ in self.cells}
        for flow in self.flows:
            forward[self.start_of(flow)].append(flow.target)
        back = _ways_back(forward)
        for element in _order(forward, back):
            for target in forward[element]:
                if (element, target) not in back:
                    cell = self.cells[target]
                    cell.layer = max(cell.layer, self.cells[element].layer + 1)

    def _tracks(self) -> None:
        """Each element keeps to the track of what leads to it, where that is free in its column.

        What boundary events alone lead to comes after the others, and a track lower.
        """
        before: dict[str, list[tuple[str, bool]]] = {id_: [] for id_ in self.cells}
        for flow in self.flows:
            before[flow.target].append((self.start_of(flow), flow.source in self.hosts))
        aside = {id_: bool(ways) and all(exceptional for _, exceptional in ways) for id_, ways in before.items()}
        lanes = [lane for lane in self.process.lanes if lane in set(self.lane_of.values())]
        bands = [*([""] if "" in self.lane_of.values() else []), *lanes]
        taken: set[tuple[str, int, int]] = set()
        local: dict[str, int] = {}
        for cell in sorted(self.cells.values(), key=lambda cell: (cell.layer, aside[cell.element.id])):
            id_ = cell.element.id
            band = self.lane_of[id_]
            wishes = [local[b] + aside[id_] for b, _ in before[id_] if b in local and self.lane_of[b] == band]
            wish = sorted(wishes)[(len(wishes) - 1) // 2] if wishes else 0
            track = next(t for t in _near(wish) if (band, cell.layer, t) not in taken)
            taken.add((band, cell.layer, track))
            local[id_] = track
        self.first: dict[str, int] = {}
        number = 0
        for band in bands:
            self.first[band] = number
            number += 1 + max((t for (b, _, t) in taken if b == band), default=0)
        self.number_of_tracks = number
        for id_, cell in self.cells.items():
            cell.track = self.first[self.lane_of[id_]] + local[id_]


def _size(element: Element, done: Mapping[str, Placed]) -> tuple[float, float]:
    if element.id in done:
        inner = done[element.id]
        return max(inner.width + 2 * PAD, _TASK[0]), max(inner.height + 2 * PAD, _TASK[1])
    if element.tag.endswith("Event"):
        return EVENT, EVENT
    return (_GATEWAY, _GATEWAY) if element.tag.endswith("Gateway") else _TASK


def _near(wish: int) -> Iterable[int]:
    """The tracks from the wished one outwards, none above the first."""
    distance = 0
    yield wish
    while True:
        distance += 1
        yield wish + distance
        if wish >= distance:
            yield wish - distance


def _ways_back(forward: Mapping[str, Sequence[str]]) -> set[tuple[str, str]]:
    """The flows that lead back to where a search in depth still is: without them nothing comes round."""
    targets = {target for ways in forward.values() for target in ways}
    back: set[tuple[str, str]] = set()
    state: dict[str, int] = {}
    for root in sorted(forward, key=lambda element: element in targets):
        if root in state:
            continue
        state[root] = 1
        stack = [(root, iter(forward[root]))]
        while stack:
            element, ways = stack[-1]
            for target in ways:
                if state.get(target) == 1:
                    back.add((element, target))
                elif target not in state:
                    state[target] = 1
                    stack.append((target, iter(forward[target])))
                    break
            else:
                state[element] = 2
                stack.pop()
    return back


def _order(forward: Mapping[str, Sequence[str]], back: set[tuple[str, str]]) -> list[str]:
    """Every element behind all that lead to it."""
    left = dict.fromkeys(forward, 0)
    for element, ways in forward.items():
        for target in ways:
            left[target] += (element, target) not in back
    ready = [element for element, number in left.items() if number == 0]
    for element in ready:
        for target in forward[element]:
            if (element, target) not in back:
                left[target] -= 1
                if left[target] == 0:
                    ready.append(target)
    return ready
