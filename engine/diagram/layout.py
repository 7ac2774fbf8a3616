"""A drawing for a diagram that has none: layers from left to right, lanes as bands, flows at right angles.

Elements stand in columns (layers: the longest way from a start, ways back left out, as in K. Sugiyama, S. Tagawa
and M. Toda, Methods for Visual Understanding of Hierarchical System Structures, 1981) and in tracks of their
lane. Flows run upright only between two columns and level only between two tracks, or along a track that is free,
so that no flow ever crosses an element. Sub-processes are drawn open and laid out from the inside outwards.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from engine.diagram.model import Bounds, Diagram, Drawing, Element, Flow, Point, Process
from engine.diagram.namespaces import SUB_PROCESSES

__all__ = ["lay_out"]

_GAP: Final = 40.0  # between columns, and between tracks, without flows
_BORDER: Final = 20.0  # between the border of a lane and what stands in it
_WIRE: Final = 10.0  # between two flows side by side
_PAD: Final = 30.0  # around the inside of a sub-process
_HEAD: Final = 30.0  # of a pool and a lane
_EVENT: Final = 36.0
_GATEWAY: Final = 50.0
_TASK: Final = (100.0, 80.0)


@dataclass
class _Cell:
    """An element in its column and track."""

    element: Element
    width: float
    height: float
    layer: int = 0
    track: int = 0


@dataclass
class _Scope:
    """A process or sub-process laid out by itself, with its upper left corner at the origin."""

    width: float = 0.0
    height: float = 0.0
    shapes: dict[str, Bounds] = field(default_factory=dict)
    edges: dict[str, list[Point]] = field(default_factory=dict)
    bands: dict[str, tuple[float, float]] = field(default_factory=dict)


def lay_out(diagram: Diagram) -> Drawing:
    """Where everything could stand.

    Args:
        diagram: A diagram without errors of structure; its own drawing is not looked at.

    Returns:
        Shapes of elements, lanes and the pool, and the waypoints of flows.
    """
    process = diagram.process
    scopes = [process.id, *(e.id for e in process.elements.values() if e.tag in SUB_PROCESSES)]
    done: dict[str, _Scope] = {}
    for scope in reversed(scopes):  # document order puts what is inside behind what is around
        done[scope] = _Layouter(process, scope, done).run()
    shapes: dict[str, Bounds] = {}
    edges: dict[str, tuple[Point, ...]] = {}
    head = _HEAD * (1 + max((_depth(process, lane) for lane in process.lanes), default=-1) + 1)
    places: dict[str, tuple[float, float]] = {process.id: (160.0 + head, 80.0)}
    for scope in scopes:
        x, y = places[scope]
        for id_, b in done[scope].shapes.items():
            shapes[id_] = Bounds(b.x + x, b.y + y, b.width, b.height)
            if id_ in done:
                places[id_] = (b.x + x + _PAD, b.y + y + _PAD)
        for id_, points in done[scope].edges.items():
            edges[id_] = tuple(Point(p.x + x, p.y + y) for p in points)
    if process.lanes:
        shapes.update(_lanes(process, done[process.id], 160.0, 80.0, head))
    return Drawing(shapes, edges, {})


def _lanes(process: Process, scope: _Scope, x: float, y: float, head: float) -> dict[str, Bounds]:
    """The bands of lanes; one around others spans them."""
    found: dict[str, tuple[float, float]] = {}
    for lane, (top, bottom) in scope.bands.items():
        above: str | None = lane
        while above:
            one = found.get(above, (top, bottom))
            found[above] = min(one[0], top), max(one[1], bottom)
            above = process.lanes[above].parent if above in process.lanes else None
    right = x + head + scope.width
    shapes = {}
    for lane, (top, bottom) in found.items():
        if lane in process.lanes:
            left = x + _HEAD * (1 + _depth(process, lane))
            shapes[lane] = Bounds(left, y + top, right - left, bottom - top)
    shapes[process.id] = Bounds(x, y, right - x, scope.height)
    return shapes


def _depth(process: Process, lane: str) -> int:
    depth, above = 0, process.lanes[lane].parent
    while above:
        depth, above = depth + 1, process.lanes[above].parent
    return depth


class _Layouter:
    def __init__(self, process: Process, scope: str, done: Mapping[str, _Scope]) -> None:
        self.process = process
        self.scope = scope
        inside = process.inside(scope)
        self.hosts = {e.id: e.attributes["attachedToRef"] for e in inside if e.tag == "boundaryEvent"}
        self.cells = {e.id: _Cell(e, *_size(e, done)) for e in inside if e.id not in self.hosts}
        self.flows = [flow for flow in process.flows.values() if flow.scope == scope]
        self.lane_of = self._bands()

    def run(self) -> _Scope:
        self._layers()
        self._tracks()
        return _Drawer(self).draw()

    def start_of(self, flow: Flow) -> str:
        """The cell that a flow leaves: of a boundary event, its host."""
        return self.hosts.get(flow.source, flow.source)

    def _bands(self) -> dict[str, str]:
        """Lane of each element at the top; one band everywhere else."""
        if self.scope != self.process.id:
            return dict.fromkeys(self.cells, "")
        return {id_: cell.element.lane or "" for id_, cell in self.cells.items()}

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
        """Each element keeps to the track of what leads to it, where that is free in its column."""
        before: dict[str, list[str]] = {id_: [] for id_ in self.cells}
        for flow in self.flows:
            before[flow.target].append(self.start_of(flow))
        lanes = [lane for lane in self.process.lanes if lane in set(self.lane_of.values())]
        bands = [*([""] if "" in self.lane_of.values() else []), *lanes]
        taken: set[tuple[str, int, int]] = set()
        local: dict[str, int] = {}
        for cell in sorted(self.cells.values(), key=lambda cell: cell.layer):
            id_ = cell.element.id
            band = self.lane_of[id_]
            wishes = [local[b] for b in before[id_] if b in local and self.lane_of[b] == band]
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


class _Drawer:
    """From columns and tracks to places; flows get wires of their own in the gaps."""

    def __init__(self, layouter: _Layouter) -> None:
        self.of = layouter
        self.cells = layouter.cells
        self.filled = {(cell.layer, cell.track) for cell in self.cells.values()}
        self.columns = 1 + max((cell.layer for cell in self.cells.values()), default=0)
        self.rows = max(layouter.number_of_tracks, 1)
        self.upright: list[int] = [0] * (self.columns + 1)  # wires in the gap left of each column
        self.level: list[int] = [0] * (self.rows + 1)  # wires in the gap above each track

    def draw(self) -> _Scope:
        plans = {flow.id: self._plan(flow) for flow in self.of.flows}
        widths, heights = [0.0] * self.columns, [0.0] * self.rows
        for cell in self.cells.values():
            widths[cell.layer] = max(widths[cell.layer], cell.width)
            heights[cell.track] = max(heights[cell.track], cell.height)
        self.left, self.gap_x, width = _places(widths, self.upright, ())
        borders = set(self.of.first.values()) - {0}
        self.top, self.gap_y, height = _places(heights, self.level, borders)
        made = _Scope(width, height)
        for id_, cell in self.cells.items():
            x = self.left[cell.layer] + (widths[cell.layer] - cell.width) / 2
            y = self.top[cell.track] + (heights[cell.track] - cell.height) / 2
            made.shapes[id_] = Bounds(x, y, cell.width, cell.height)
        for host in dict.fromkeys(self.of.hosts.values()):
            events = [event for event, on in self.of.hosts.items() if on == host]
            b = made.shapes[host]
            for i, event in enumerate(events):
                x = b.x + b.width * (i + 1) / (len(events) + 1) - _EVENT / 2
                made.shapes[event] = Bounds(x, b.y + b.height - _EVENT / 2, _EVENT, _EVENT)
        for flow in self.of.flows:
            made.edges[flow.id] = self._wire(flow, plans[flow.id], made.shapes)
        for band, first in self.of.first.items():
            tracks = [t for t in self.of.first.values() if t > first]
            above = self.top[first] - _BORDER if first else 0.0
            made.bands[band] = (above, self.top[min(tracks)] - _BORDER if tracks else height)
        return made

    def _plan(self, flow: Flow) -> tuple[int, int, int, int, int] | None:
        """Out wire, level gap, level wire, in wire, column of a flow; None for a straight line, -1 for no part."""
        source, target = self.cells[self.of.start_of(flow)], self.cells[flow.target]
        from_boundary = flow.source in self.of.hosts
        if not from_boundary and source.track == target.track and target.layer > source.layer:
            between = range(source.layer + 1, target.layer)
            if not any((layer, source.track) in self.filled for layer in between):
                return None
        out = -1
        if not from_boundary:
            out = self.upright[source.layer + 1]
            self.upright[source.layer + 1] += 1
            if target.layer == source.layer + 1:
                return out, -1, -1, -1, -1
        gap = source.track + 1 if from_boundary or target.track >= source.track else source.track
        wire = self.level[gap]
        self.level[gap] += 1
        into = self.upright[target.layer]
        self.upright[target.layer] += 1
        return out, gap, wire, into, target.layer

    def _wire(
        self, flow: Flow, plan: tuple[int, int, int, int, int] | None, shapes: Mapping[str, Bounds]
    ) -> list[Point]:
        a, b = shapes[flow.source], shapes[flow.target]
        end = Point(b.x, b.y + b.height / 2)
        begin = Point(a.x + a.width, a.y + a.height / 2)
        if plan is None:
            return [begin, end]
        out, gap, wire, into, column = plan
        layer = self.cells[self.of.start_of(flow)].layer
        x = self.gap_x[layer + 1] + _GAP / 2 + out * _WIRE
        if gap < 0:
            return _straight([begin, Point(x, begin.y), Point(x, end.y), end])
        y = self.gap_y[gap] + _GAP / 2 + wire * _WIRE
        last = self.gap_x[column] + _GAP / 2 + into * _WIRE
        if out < 0:
            below = Point(a.x + a.width / 2, a.y + a.height)
            return _straight([below, Point(below.x, y), Point(last, y), Point(last, end.y), end])
        return _straight([begin, Point(x, begin.y), Point(x, y), Point(last, y), Point(last, end.y), end])


def _size(element: Element, done: Mapping[str, _Scope]) -> tuple[float, float]:
    if element.id in done:
        inner = done[element.id]
        return max(inner.width + 2 * _PAD, _TASK[0]), max(inner.height + 2 * _PAD, _TASK[1])
    if element.tag.endswith("Event"):
        return _EVENT, _EVENT
    return (_GATEWAY, _GATEWAY) if element.tag.endswith("Gateway") else _TASK


def _places(
    sizes: Sequence[float], wires: Sequence[int], borders: Collection[int]
) -> tuple[list[float], list[float], float]:
    """Where columns (or tracks) and the gaps before them begin, and the whole length."""
    begins, gaps, at = [], [], 0.0
    for place, (size, number) in enumerate(zip(sizes, wires, strict=False)):
        gaps.append(at)
        at += _GAP + max(number - 1, 0) * _WIRE + (_BORDER if place in borders else 0.0)
        begins.append(at)
        at += size
    gaps.append(at)
    return begins, gaps, at + _GAP + max(wires[len(sizes)] - 1, 0) * _WIRE


def _straight(points: Sequence[Point]) -> list[Point]:
    """Without points that turn nowhere."""
    kept = [points[0]]
    for here, after in zip(points[1:], [*points[2:], None], strict=True):
        if here == kept[-1]:
            continue
        same = after is not None and (kept[-1].x == here.x == after.x or kept[-1].y == here.y == after.y)
        if not same:
            kept.append(here)
    return kept


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
