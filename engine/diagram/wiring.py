"""Measures for columns and tracks, and wires for flows in the gaps between them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from engine.diagram.model import Bounds, Flow, Point
from engine.diagram.placing import EVENT, Placed, Placing

__all__ = ["BORDER", "GAP", "WIRE", "Port", "draw", "straight"]

BORDER: Final = 20.0  # between the border of a lane and what stands in it
GAP: Final = 40.0  # between columns, and between tracks, without flows
WIRE: Final = 10.0  # between two flows side by side

_BELOW: Final = 30.0  # from a row to the first wire below it, past the boundary events on its edge


@dataclass(frozen=True)
class Port:
    """Where a message flow leaves or enters a pool: by which element, downwards or upwards."""

    message: str
    element: str
    down: bool


def draw(placing: Placing, ports: Sequence[Port] = ()) -> Placed:
    """The places of all elements and flows of one scope."""
    return _Drawer(placing, ports).draw()


class _Drawer:
    """From columns and tracks to places; flows get wires of their own in the gaps."""

    def __init__(self, layouter: Placing, ports: Sequence[Port]) -> None:
        self.of = layouter
        self.ports = ports
        self.cells = layouter.cells
        self.filled = {(cell.layer, cell.track) for cell in self.cells.values()}
        self.columns = 1 + max((cell.layer for cell in self.cells.values()), default=0)
        self.rows = max(layouter.number_of_tracks, 1)
        self.upright: list[int] = [0] * (self.columns + 1)  # wires in the gap left of each column
        self.level: list[int] = [0] * (self.rows + 1)  # wires in the gap above each track

    def draw(self) -> Placed:
        plans = {flow.id: self._plan(flow) for flow in self.of.flows}
        ways = {port: self._way_out(port) for port in self.ports}
        widths, heights = [0.0] * self.columns, [0.0] * self.rows
        for cell in self.cells.values():
            widths[cell.layer] = max(widths[cell.layer], cell.width)
            heights[cell.track] = max(heights[cell.track], cell.height)
        self.left, self.gap_x, width = _places(widths, self.upright, ())
        borders = set(self.of.first.values()) - {0}
        self.top, self.gap_y, height = _places(heights, self.level, borders)
        made = Placed(width, height)
        for id_, cell in self.cells.items():
            x = self.left[cell.layer] + (widths[cell.layer] - cell.width) / 2
            y = self.top[cell.track] + (heights[cell.track] - cell.height) / 2
            made.shapes[id_] = Bounds(x, y, cell.width, cell.height)
        for host in dict.fromkeys(self.of.hosts.values()):
            events = [event for event, on in self.of.hosts.items() if on == host]
            b = made.shapes[host]
            for i, event in enumerate(events):
                x = round(b.x + b.width * (i + 1) / (len(events) + 1) - EVENT / 2)
                made.shapes[event] = Bounds(x, b.y + b.height - EVENT / 2, EVENT, EVENT)
        for flow in self.of.flows:
            made.edges[flow.id] = self._wire(flow, plans[flow.id], made.shapes)
        for port, way in ways.items():
            made.ports[port.message] = self._reach_border(port, way, made)
        for band, first in self.of.first.items():
            tracks = [t for t in self.of.first.values() if t > first]
            above = self.top[first] - BORDER if first else 0.0
            made.bands[band] = (above, self.top[min(tracks)] - BORDER if tracks else height)
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

    def _way_out(self, port: Port) -> tuple[int, int, int, int]:
        """The gap above or below the element and the one beside it, with wires of its own in both."""
        cell = self.cells[self.of.hosts.get(port.element, port.element)]
        gap = cell.track + port.down
        level, upright = self.level[gap], self.upright[cell.layer]
        self.level[gap] += 1
        self.upright[cell.layer] += 1
        return gap, level, cell.layer, upright

    def _reach_border(self, port: Port, way: tuple[int, int, int, int], made: Placed) -> list[Point]:
        """From the element along the gaps to the lower or upper border, past everything else."""
        gap, level, layer, upright = way
        b = made.shapes[port.element]
        # Boundary events stand in the middle of the lower edge.
        begin = Point(b.x + b.width * (0.2 if b.width > b.height else 0.5), b.y + b.height * port.down)
        y = self.gap_y[gap] + _BELOW + level * WIRE
        x = self.gap_x[layer] + GAP / 2 + upright * WIRE
        return straight([begin, Point(begin.x, y), Point(x, y), Point(x, made.height * port.down)])

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
        x = self.gap_x[layer + 1] + GAP / 2 + out * WIRE
        if gap < 0:
            return straight([begin, Point(x, begin.y), Point(x, end.y), end])
        y = self.gap_y[gap] + _BELOW + wire * WIRE
        last = self.gap_x[column] + GAP / 2 + into * WIRE
        if out < 0:
            below = Point(a.x + a.width / 2, a.y + a.height)
            return straight([below, Point(below.x, y), Point(last, y), Point(last, end.y), end])
        return straight([begin, Point(x, begin.y), Point(x, y), Point(last, y), Point(last, end.y), end])


def _places(
    sizes: Sequence[float], wires: Sequence[int], borders: Collection[int]
) -> tuple[list[float], list[float], float]:
    """Where columns (or tracks) and the gaps before them begin, and the whole length."""
    begins, gaps, at = [], [], 0.0
    for place, (size, number) in enumerate(zip(sizes, wires, strict=False)):
        gaps.append(at)
        at += GAP + max(number - 1, 0) * WIRE + (BORDER if place in borders else 0.0)
        begins.append(at)
        at += size
    gaps.append(at)
    return begins, gaps, at + GAP + max(wires[len(sizes)] - 1, 0) * WIRE


def straight(points: Sequence[Point]) -> list[Point]:
    """Without points that turn nowhere."""
    kept = [points[0]]
    for here, after in zip(points[1:], [*points[2:], None], strict=True):
        if here == kept[-1]:
            continue
        same = after is not None and (kept[-1].x == here.x == after.x or kept[-1].y == here.y == after.y)
        if not same:
            kept.append(here)
    return kept
