"""Draws a sheet: containers, lines, shapes, and then names and badges where they cover nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from engine.diagram.model import Bounds
from engine.diagram.namespaces import ACTIVITIES, EVENTS
from engine.diagram.sheet import DrawnEdge, DrawnShape, Sheet
from reports.diagram.edges import draw_edge, edge_boxes, label_places
from reports.diagram.look import INK, LANE, PAPER, Look
from reports.diagram.nodes import LEADING, SMALL, STRIP, draw_shape, lines_of, outer_box, shape_box
from reports.diagram.placing import Obstacles
from reports.diagram.scene import Box, Group, Outline, Place, Scene, Thing, Words, rectangle
from reports.diagram.wrapping import balanced
from reports.fonts import drawable, text_width

__all__ = ["draw_sheet"]

MARGIN: Final = 14.0
BADGE: Final = 11.5
LABEL_WIDTH: Final = 104.0
NARROW_LABEL: Final = 64.0
_BEHIND: Final = {"group": 0, "participant": 1, "lane": 2}


def draw_sheet(sheet: Sheet, look: Look | None = None, title: str = "", description: str = "") -> Scene:
    """The scene of a sheet.

    Names of events, gateways, data and flows keep the place that the drawing gives them, unless they would cover
    something there; badges stand on the nearest free place beside their activity.

    Args:
        sheet: What is drawn.
        look: Names, colours, badges and marks.
        title: Of the whole drawing, for people who hear it.
        description: What it shows, for the same.
    """
    look = look or Look()
    shapes = sorted(sheet.shapes.values(), key=_order)
    behind = [shape for shape in shapes if shape.contains]
    before = [shape for shape in shapes if not shape.contains]
    groups = [_shape_group(shape, look) for shape in behind]
    groups += [_edge_group(edge, look) for edge in sheet.edges.values()]
    groups += [_shape_group(shape, look) for shape in before]

    obstacles = Obstacles(_fixed(sheet, look, groups))
    groups += _outer_names(before, look, obstacles)
    groups += _flow_names(sheet.edges.values(), look, obstacles)
    groups += _badges(shapes, look, obstacles)

    boxes = [shape_box(shape) for shape in shapes]
    boxes += [box for edge in sheet.edges.values() for box in edge_boxes(edge)]
    boxes += [thing.box for group in groups for thing in group.things if isinstance(thing, Words)]
    boxes += [outer_box(shape, look) for shape in shapes]
    return Scene(Box.around(boxes).grown(MARGIN), tuple(groups), title, description)


def _order(shape: DrawnShape) -> tuple[int, float]:
    """Containers first, the larger ones behind the smaller; boundary events over what they are attached to."""
    area = shape.bounds.width * shape.bounds.height
    if shape.contains:
        return _BEHIND.get(shape.tag, 3), -area
    return (5 if shape.host else 4), 0.0


def _name(shape: DrawnShape | DrawnEdge, look: Look) -> str:
    return drawable(look.names.get(shape.id, shape.name))


def _shape_group(shape: DrawnShape, look: Look) -> Group:
    name = _name(shape, look)
    title = look.titles.get(shape.id) or look.names.get(shape.id, shape.name)
    mark = look.marks.get(shape.id)
    if mark:
        title = f"{title} ({look.mark_words.get(mark, mark)})"
    return Group(shape.id, f"shape {shape.tag}", title, tuple(draw_shape(shape, name, look)))


def _edge_group(edge: DrawnEdge, look: Look) -> Group:
    title = look.titles.get(edge.id) or look.names.get(edge.id, edge.name)
    return Group(edge.id, f"edge {edge.tag}", title, tuple(draw_edge(edge, look)))


def _fixed(sheet: Sheet, look: Look, groups: Sequence[Group]) -> Iterator[Box]:
    """What stands where it stands: shapes, lines, borders of containers, and names inside shapes."""
    for shape in sheet.shapes.values():
        box = shape_box(shape)
        if not shape.contains:
            yield outer_box(shape, look)
            continue
        yield Box(box.left - 1, box.top - 1, box.right + 1, box.top + 1)
        yield Box(box.left - 1, box.bottom - 1, box.right + 1, box.bottom + 1)
        yield Box(box.left - 1, box.top - 1, box.left + 1, box.bottom + 1)
        yield Box(box.right - 1, box.top - 1, box.right + 1, box.bottom + 1)
        if shape.tag == "participant" and not shape.vertical:
            yield Box(box.left, box.top, box.left + STRIP, box.bottom)
        if shape.id in look.marks:
            yield Box(box.right - 11, box.top - 9, box.right + 9, box.top + 11)
    for edge in sheet.edges.values():
        yield from edge_boxes(edge)
    for group in groups:
        for thing in group.things:
            if isinstance(thing, Words):
                yield thing.box


# ---- names outside shapes ----------------------------------------------------------------------------------


def _outer_names(shapes: Sequence[DrawnShape], look: Look, obstacles: Obstacles) -> Iterator[Group]:
    for shape in shapes:
        outside = shape.tag in EVENTS or "ateway" in shape.tag or shape.tag.startswith("data")
        name = _name(shape, look)
        if not name or not outside:
            continue
        room = max(LABEL_WIDTH, shape.label.width if shape.label else 0)
        lines = balanced(name, room, SMALL, 3)
        width, height = _size(lines, SMALL)
        hint = [_middle(shape.label)] if shape.label else []
        box = obstacles.best(width, height, hint + _around(shape_box(shape), width, height))
        obstacles.add(box)
        yield Group(f"{shape.id}-name", "name", "", tuple(_haloed(lines, box)))


def _flow_names(edges: Iterable[DrawnEdge], look: Look, obstacles: Obstacles) -> Iterator[Group]:
    for edge in edges:
        name = drawable(" ".join(part for part in (_name(edge, look), look.flow_labels.get(edge.id, "")) if part))
        if not name:
            continue
        lines, box = _flow_name_place(edge, name, obstacles)
        obstacles.add(box)
        yield Group(f"{edge.id}-name", "name", "", tuple(_haloed(lines, box)))


def _flow_name_place(edge: DrawnEdge, name: str, obstacles: Obstacles) -> tuple[tuple[str, ...], Box]:
    """In two lines where there is room for them, else in more and shorter ones."""
    hint = [_middle(edge.label)] if edge.label else []
    tries = []
    for room, most in ((LABEL_WIDTH, 2), (NARROW_LABEL, 4)):
        lines = balanced(name, room, SMALL, most)
        width, height = _size(lines, SMALL)
        places = hint + label_places(edge, width, height)
        found = obstacles.free(width, height, places)
        if found is not None:
            return lines, found
        tries.append((lines, obstacles.best(width, height, places)))
    return min(tries, key=lambda one: obstacles.covered(one[1]))


def _haloed(lines: Sequence[str], box: Box) -> list[Thing]:
    return [replace(words, halo=PAPER) for words in lines_of(lines, box.middle[0], box.top, SMALL, "label")]


def _size(lines: Sequence[str], size: float) -> tuple[float, float]:
    return max(text_width(line, size) for line in lines), len(lines) * size * LEADING


def _middle(label: Bounds) -> Place:
    return label.x + label.width / 2, label.y + label.height / 2


def _around(box: Box, width: float, height: float) -> list[Place]:
    """Under, over, beside, then further away."""
    x, y = box.middle
    places: list[Place] = []
    for gap in (4.0, 14.0, 26.0, 40.0):
        below, above = box.bottom + gap + height / 2, box.top - gap - height / 2
        right, left = box.right + gap + width / 2, box.left - gap - width / 2
        places += [(x, below), (x, above)]
        places += [(right - 0.3 * box.width, above), (left + 0.3 * box.width, above)]
        places += [(right - 0.3 * box.width, below), (left + 0.3 * box.width, below)]
        places += [(right, y - 0.8 * height), (right, y + 0.8 * height), (right, y), (left, y)]
    return places


# ---- badges ------------------------------------------------------------------------------------------------


def _badges(shapes: Sequence[DrawnShape], look: Look, obstacles: Obstacles) -> Iterator[Group]:
    for shape in shapes:
        words = drawable(look.badges.get(shape.id, ""))
        if not words or shape.tag not in ACTIVITIES:
            continue
        width, height = text_width(words, BADGE) + 14, BADGE * 1.5
        host = shape_box(shape)
        box = _badge_place(shape, host, width, height, obstacles)
        obstacles.add(box)
        things: list[Thing] = []
        if not host.grown(12).meets(box):
            things.append(_leader(host, box))
        things.append(Outline(rectangle(box, height / 2), "badge", PAPER, LANE, 1.1))
        things.append(Words(box.middle[0], box.middle[1] + 0.36 * BADGE, words, BADGE, "badge-words", INK))
        yield Group(f"{shape.id}-badge", "badge", words, tuple(things))


def _beside(host: Box, width: float, height: float) -> Iterator[Place]:
    """Places for a badge, nearest first: under the activity, over it, at its sides, then in wider rings."""
    x, y = host.middle
    reach = (host.width - width) / 2
    for gap in (4.0, 10.0, 22.0, 36.0, 52.0, 70.0, 90.0, 115.0, 145.0, 180.0):
        below, above = host.bottom + gap + height / 2, host.top - gap - height / 2
        shifts = [0.0, reach, -reach, 0.5 * width, -0.5 * width]
        shifts += [sign * (0.6 * width + gap) for sign in (1, -1)]
        for shift in shifts:
            yield x + shift, below
        for shift in shifts:
            yield x + shift, above
        for side in (host.right + gap + width / 2, host.left - gap - width / 2):
            for shift in (0.0, 0.3 * host.height, -0.3 * host.height):
                yield side, y + shift


def _badge_place(shape: DrawnShape, host: Box, width: float, height: float, obstacles: Obstacles) -> Box:
    """Touching the activity, else at the bottom inside it, else further away at the end of a line."""
    places = list(_beside(host, width, height))
    reach = host.grown(12)
    near = [(x, y) for x, y in places if reach.meets(_box_at(x, y, width, height))]
    box = obstacles.free(width, height, near)
    if box is not None:
        return box
    x, bottom = host.middle[0], host.bottom - 4
    inside = Box(x - width / 2, bottom - height, x + width / 2, bottom)
    alone = abs(obstacles.covered(inside) - inside.width * inside.height) < 0.01  # it covers its activity, once
    if alone and not shape.markers and width < host.width:
        return inside
    straight = [place for place in places if _reachable(place, host, height, obstacles)]
    return obstacles.free(width, height, straight) or obstacles.best(width, height, places)


def _box_at(x: float, y: float, width: float, height: float) -> Box:
    return Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)


def _reachable(place: Place, host: Box, height: float, obstacles: Obstacles) -> bool:
    """Whether a line from the activity to a badge there would cross nothing."""
    (x, y), (end_x, end_y) = place, _nearest(host, place)
    steps = int(max(abs(end_x - x), abs(end_y - y)) // 4)
    if steps * 4 < height:  # it touches the activity and needs no line
        return True
    for i in range(1, steps):
        at_x, at_y = x + (end_x - x) * i / steps, y + (end_y - y) * i / steps
        dot = Box(at_x - 1, at_y - 1, at_x + 1, at_y + 1)
        if not host.grown(3).meets(dot) and obstacles.covered(dot) > 0:
            return False
    return True


def _nearest(host: Box, place: Place) -> Place:
    """The place on an activity's edge that a line to a badge starts from."""
    x, y = place
    return min(max(x, host.left + 8), host.right - 8), min(max(y, host.top), host.bottom)


def _leader(host: Box, box: Box) -> Outline:
    x, y = box.middle
    to_x, to_y = _nearest(host, (x, y))
    return Outline(f"M{x:.1f} {y:.1f}L{to_x:.1f} {to_y:.1f}", "leader", stroke=LANE, width=0.9)
