"""A drawing for a diagram that has none: layers from left to right, lanes as bands, flows at right angles.

Elements stand in columns and in tracks of their lane (`engine.diagram.placing`). Flows run upright only
between two columns and level only between two tracks, or along a track that is free, so that no flow ever crosses
an element (`engine.diagram.wiring`). Sub-processes are drawn open and laid out from the inside outwards;
pools stand one below the other, with message flows in between.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from engine.diagram.model import Bounds, Connection, Diagram, Drawing, Point, Process
from engine.diagram.namespaces import SUB_PROCESSES
from engine.diagram.placing import PAD, Placed, Placing
from engine.diagram.wiring import GAP, WIRE, Port, draw, straight

__all__ = ["lay_out"]

_HEAD: Final = 30.0  # of a pool and a lane
_LEFT: Final = 160.0
_TOP: Final = 80.0


def lay_out(diagram: Diagram) -> Drawing:
    """Where everything could stand.

    Args:
        diagram: A diagram without errors of structure; its own drawing is not looked at.

    Returns:
        Shapes of elements, lanes and pools, and the waypoints of flows. What is called from outside is not drawn.
    """
    process = diagram.process
    pools = [process.id]
    if process.is_collaboration:
        pools = [element.id for element in process.inside(process.id)]
    sheet = _Sheet(process, pools)
    for pool in pools:
        sheet.add(pool)
    for message in sheet.messages:
        sheet.connect(message)
    return Drawing(sheet.shapes, sheet.edges, {})


class _Sheet:
    """The pools so far, one below the other."""

    def __init__(self, process: Process, pools: Sequence[str]) -> None:
        self.process = process
        self.pools = pools
        self.shapes: dict[str, Bounds] = {}
        self.edges: dict[str, tuple[Point, ...]] = {}
        self.ways: dict[tuple[str, str], list[Point]] = {}  # pool and message: from the element to the border
        self.between: dict[str, int] = {}  # pool to the number of messages below it
        self.bottom = _TOP
        depth = max((_depth(process, lane) for lane in process.lanes), default=-1)
        self.head = _HEAD * (depth + 2)
        if process.is_collaboration:
            self.head = max(self.head, _HEAD)
        known = {pool: i for i, pool in enumerate(pools)}
        ends = {m: (self._pool_of(m.source), self._pool_of(m.target)) for m in process.message_flows}
        self.messages = [m for m, (a, b) in ends.items() if a in known and b in known and a != b]
        self.ports: dict[str, list[Port]] = {pool: [] for pool in pools}
        for message in self.messages:
            for end, pool, other in zip(
                (message.source, message.target), ends[message], reversed(ends[message]), strict=True
            ):
                if end != pool:
                    self.ports[pool].append(Port(message.id, self._cell(end, pool), known[other] > known[pool]))
            upper = min(ends[message], key=known.__getitem__)
            self.between[upper] = self.between.get(upper, 0) + 1

    def _pool_of(self, element: str) -> str:
        return element if element in self.pools else self.process.process_of(element)

    def _cell(self, element: str, pool: str) -> str:
        """What stands for an element in its pool: itself, or the sub-process around it."""
        while self.process.elements[element].scope != pool:
            element = self.process.elements[element].scope
        return element

    def add(self, pool: str) -> None:
        """Lay out a pool below those before."""
        process = self.process
        scopes = [pool]
        scopes += (
            e.id for e in process.elements.values() if e.tag in SUB_PROCESSES and process.process_of(e.id) == pool
        )
        done: dict[str, Placed] = {}
        for scope in reversed(scopes):  # document order puts what is inside behind what is around
            ports = self.ports[pool] if scope == pool else ()
            done[scope] = draw(Placing(process, scope, scope == pool, done), ports)
        places = {pool: (_LEFT + self.head, self.bottom)}
        for scope in scopes:
            x, y = places[scope]
            for id_, b in done[scope].shapes.items():
                self.shapes[id_] = Bounds(b.x + x, b.y + y, b.width, b.height)
                if id_ in done:
                    places[id_] = (b.x + x + PAD, b.y + y + PAD)
            for id_, points in done[scope].edges.items():
                self.edges[id_] = tuple(Point(p.x + x, p.y + y) for p in points)
        x, y = places[pool]
        for id_, points in done[pool].ports.items():
            self.ways[pool, id_] = [Point(p.x + x, p.y + y) for p in points]
        if process.lanes or process.is_collaboration:
            self.shapes.update(_lanes(process, done[pool], y, self.head))
            self.shapes[pool] = Bounds(_LEFT, y, self.head + done[pool].width, done[pool].height)
        self.bottom += done[pool].height + GAP + (1 + self.between.get(pool, 0)) * WIRE
        self.between[pool] = 0

    def connect(self, message: Connection) -> None:
        """Draw a message flow from the border of one pool to that of the other, below the upper one."""
        ends = [self._pool_of(message.source), self._pool_of(message.target)]
        ways = [self.ways.get((pool, message.id)) for pool in ends]
        upper = min(ends, key=self.pools.index)
        box = self.shapes[upper]
        self.between[upper] += 1
        y = box.y + box.height + GAP / 2 + self.between[upper] * WIRE
        x = next((way[-1].x for way in ways if way), box.x + box.width / 2)
        for number, way in enumerate(ways):
            if way is None:  # the pool itself sends or receives
                pool = self.shapes[ends[number]]
                ways[number] = [Point(x, pool.y + pool.height * (ends[number] == upper))]
        first, last = ways
        assert first is not None
        assert last is not None
        turn = [Point(first[-1].x, y), Point(last[-1].x, y)]
        self.edges[message.id] = tuple(straight([*first, *turn, *reversed(last)]))


def _lanes(process: Process, pool: Placed, y: float, head: float) -> Mapping[str, Bounds]:
    """The bands of the lanes of a pool; one around others spans them."""
    found: dict[str, tuple[float, float]] = {}
    for lane, (top, bottom) in pool.bands.items():
        above: str | None = lane
        while above:
            one = found.get(above, (top, bottom))
            found[above] = min(one[0], top), max(one[1], bottom)
            above = process.lanes[above].parent if above in process.lanes else None
    right = _LEFT + head + pool.width
    shapes = {}
    for lane, (top, bottom) in found.items():
        if lane in process.lanes:
            left = _LEFT + _HEAD * (1 + _depth(process, lane))
            shapes[lane] = Bounds(left, y + top, right - left, bottom - top)
    return shapes


def _depth(process: Process, lane: str) -> int:
    depth, above = 0, process.lanes[lane].parent
    while above:
        depth, above = depth + 1, process.lanes[above].parent
    return depth
