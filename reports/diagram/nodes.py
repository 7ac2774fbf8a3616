"""Draws the shapes of BPMN: each tag its outline, icon, markers and name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from engine.diagram.namespaces import EVENTS
from engine.diagram.sheet import DrawnShape
from reports.diagram.icons import EVENT_ICONS, GATEWAY_ICONS, MARKER_ICONS, TASK_ICONS, Icon
from reports.diagram.look import CONTAINER, INK, LANE, PAPER, QUIET, Look, Mark
from reports.diagram.scene import Box, Outline, Thing, Words, circle, moved, oval, polygon, rectangle
from reports.diagram.wrapping import balanced

__all__ = ["SMALL", "draw_shape", "lines_of", "mark_sign", "outer_box", "shape_box"]

NAME: Final = 13.0
SMALL: Final = 12.0
SMALLEST: Final = 10.5
LEADING: Final = 1.28
ICON: Final = 17.0
MARKER: Final = 14.0
STRIP: Final = 30.0  # of a pool's or lane's name

_MARK_COLOURS: Final = {"removed": "#8a3b12", "added": "#1f6b3a", "merged": "#3c4fa8", "moved": "#3c4fa8"}
_MARK_SIGNS: Final = {"removed": "−", "added": "+", "merged": "∪", "moved": "→"}


def draw_shape(shape: DrawnShape, name: str, look: Look) -> list[Thing]:
    """Everything of a shape but names that stand outside it."""
    box = shape_box(shape)
    if shape.tag in ("participant", "lane"):
        return _pool(shape, box, name)
    if shape.tag == "group":
        return [Outline(rectangle(box, 10), "group", stroke=QUIET, width=1.4, dash=(7, 3, 1.5, 3))]
    if shape.tag == "textAnnotation":
        return _annotation(box, name)
    if shape.tag.startswith("data"):
        return _data(shape, box)
    if shape.tag in EVENTS:
        return _event(shape, box, look.fills.get(shape.id, PAPER))
    if "ateway" in shape.tag:
        return _gateway(shape, box)
    return _activity(shape, box, name, look)


def shape_box(shape: DrawnShape) -> Box:
    """The rectangle of a shape."""
    b = shape.bounds
    return Box(b.x, b.y, b.x + b.width, b.y + b.height)


def outer_box(shape: DrawnShape, look: Look) -> Box:
    """What a shape covers, with the sign of its mark."""
    box = shape_box(shape)
    return Box(box.left, box.top - 9, box.right + 9, box.bottom) if shape.id in look.marks else box


def lines_of(lines: Sequence[str], x: float, top: float, size: float, role: str, colour: str = INK) -> list[Words]:
    """Lines under each other, centred on ``x``; the first one's top is ``top``."""
    step = size * LEADING
    return [Words(x, top + 0.98 * size + i * step, line, size, role, colour) for i, line in enumerate(lines)]


# ---- activities --------------------------------------------------------------------------------------------


def _activity(shape: DrawnShape, box: Box, name: str, look: Look) -> list[Thing]:
    fill = look.fills.get(shape.id, CONTAINER if shape.contains else PAPER)
    mark = look.marks.get(shape.id)
    stroke = _MARK_COLOURS[mark] if mark else INK
    dash = (5.0, 3.0) if mark == "removed" else (1.5, 2.5) if "event" in shape.markers else ()
    width = 3.4 if "call" in shape.markers else 2.2 if mark else 1.5
    things: list[Thing] = [Outline(rectangle(box, 10), "activity", fill, stroke, width, dash)]
    if shape.tag == "transaction":
        things.append(Outline(rectangle(box.grown(-3.5), 7), "activity-inner", stroke=stroke, width=1.2))
    icon = TASK_ICONS.get(shape.tag)
    if icon:
        things += _inked(icon, box.left + 5, box.top + 5, ICON, fill=fill)
    markers = [marker for marker in MARKER_ICONS if marker in shape.markers]
    left = (box.left + box.right - len(markers) * (MARKER + 3) + 3) / 2
    for i, marker in enumerate(markers):
        things += _inked(MARKER_ICONS[marker], left + i * (MARKER + 3), box.bottom - MARKER - 3, MARKER)
    things += _name_inside(shape, box, name, bool(icon), bool(markers))
    if mark:
        things += mark_sign(mark, box.right - 2, box.top + 1)
    return things


def _name_inside(shape: DrawnShape, box: Box, name: str, icon: bool, markers: bool) -> list[Words]:
    """The name in the usual size, in a smaller one where that shows all of it, else shortened."""
    if shape.contains:  # an open sub-process: its name stands at the top
        return lines_of(balanced(name, max(box.width - 24, 20), NAME, 2), box.middle[0], box.top + 6, NAME, "name")
    sizes = (NAME, SMALL, SMALLEST)
    tries = [_name_in_size(box, name, icon, markers, size) for size in sizes]
    return next((lines for lines in tries if not lines or not lines[-1].text.endswith("…")), tries[0])


def _name_in_size(box: Box, name: str, icon: bool, markers: bool, size: float) -> list[Words]:
    step = size * LEADING
    top, bottom = box.top + 5, box.bottom - (MARKER + 5 if markers else 5)
    most = max(int((bottom - top) / step), 1)
    lines = balanced(name, max(box.width - 14, 10), size, most)
    height = len(lines) * step
    if icon and height > box.height - 2 * (ICON + 7):  # the first line would meet the icon
        room = int((bottom - top - ICON) / step)
        lines = balanced(name, max(box.width - 10, 10), size, max(room, 1))
        height = len(lines) * step
        top += ICON
    start = min(max((box.top + box.bottom - height) / 2, top), bottom - height)
    return lines_of(lines, box.middle[0], start, size, "name")


def mark_sign(mark: Mark, x: float, y: float) -> list[Thing]:
    """What the reform did, as a sign around a place."""
    colour = _MARK_COLOURS[mark]
    return [
        Outline(circle(x, y, 9), "mark", colour, PAPER, 1.5),
        Words(x, y + 4.6, _MARK_SIGNS[mark], 13, "mark-sign", PAPER, "bold"),
    ]


# ---- events and gateways -----------------------------------------------------------------------------------


def _event(shape: DrawnShape, box: Box, fill: str) -> list[Thing]:
    x, y = box.middle
    radius = min(box.width, box.height) / 2
    throws = shape.tag in ("endEvent", "intermediateThrowEvent", "implicitThrowEvent")
    dash = () if shape.interrupting else (4.0, 2.5)
    width = 3.2 if shape.tag == "endEvent" else 1.5
    things: list[Thing] = [Outline(circle(x, y, radius), "event", fill, INK, width, dash)]
    if shape.tag not in ("startEvent", "endEvent"):
        things.append(Outline(circle(x, y, radius - 3.2), "event-inner", stroke=INK, width=1.2, dash=dash))
    icon = EVENT_ICONS.get(shape.event)
    if icon:
        size = radius * (1.2 if shape.tag != "endEvent" or shape.event != "terminate" else 1.45)
        things += _inked(icon, x - size / 2, y - size / 2, size, solid=throws)
    return things


def _gateway(shape: DrawnShape, box: Box) -> list[Thing]:
    x, y = box.middle
    corners = ((x, box.top), (box.right, y), (x, box.bottom), (box.left, y))
    things: list[Thing] = [Outline(polygon(corners), "gateway", PAPER, INK, 1.5)]
    key = "instantiating" if shape.tag == "eventBasedGateway" and shape.cross else shape.tag
    if shape.tag != "exclusiveGateway" or shape.cross:
        size = 0.44 * min(box.width, box.height)
        things += _inked(GATEWAY_ICONS.get(key, ()), x - size / 2, y - size / 2, size)
    return things


# ---- containers, data, notes -------------------------------------------------------------------------------


def _pool(shape: DrawnShape, box: Box, name: str) -> list[Thing]:
    pool = shape.tag == "participant"
    things: list[Thing] = [Outline(rectangle(box), shape.tag, PAPER if pool else None, LANE, 1.6 if pool else 1.0)]
    if shape.vertical:
        if pool and box.height > 2 * STRIP:
            things.append(_line(box.left, box.top + STRIP, box.right, box.top + STRIP))
        lines = balanced(name, max(box.width - 10, 10), NAME, 2)
        things += lines_of(lines, box.middle[0], box.top + (STRIP - len(lines) * NAME * LEADING) / 2, NAME, "name")
    else:
        if pool:
            things.append(_line(box.left + STRIP, box.top, box.left + STRIP, box.bottom))
        lines = balanced(name, max(box.height - 10, 10), NAME, 2)
        step = NAME * LEADING
        x = box.left + STRIP / 2 - (len(lines) - 1) * step / 2 + 0.36 * NAME
        things += [
            Words(x + i * step, box.middle[1], line, NAME, "name", INK, turned=True) for i, line in enumerate(lines)
        ]
    if "participants" in shape.markers:
        things += _inked(MARKER_ICONS["participants"], box.middle[0] - 8, box.bottom - 18, 16)
    return things


def _data(shape: DrawnShape, box: Box) -> list[Thing]:
    if shape.tag == "dataStoreReference":
        rim = min(box.height * 0.16, 9)
        x, rx = box.middle[0], box.width / 2
        body = (
            f"M{box.left:.1f} {box.top + rim:.1f}L{box.left:.1f} {box.bottom - rim:.1f}"
            f"Q{box.left:.1f} {box.bottom:.1f} {x:.1f} {box.bottom:.1f}"
            f"Q{box.right:.1f} {box.bottom:.1f} {box.right:.1f} {box.bottom - rim:.1f}"
            f"L{box.right:.1f} {box.top + rim:.1f}Z"
        )
        things: list[Thing] = [Outline(body, "data", PAPER, INK, 1.4)]
        things.append(Outline(oval(x, box.top + rim, rx, rim), "data-rim", PAPER, INK, 1.4))
        return things
    fold = min(box.width, box.height) * 0.3
    left, top, right, bottom = box.left, box.top, box.right, box.bottom
    page = polygon(((left, top), (right - fold, top), (right, top + fold), (right, bottom), (left, bottom)))
    corner = polygon(((right - fold, top), (right, top + fold), (right - fold, top + fold)))
    things = [Outline(page, "data", PAPER, INK, 1.4), Outline(corner, "data-fold", PAPER, INK, 1.2)]
    if "collection" in shape.markers:
        things += _inked(MARKER_ICONS["collection"], box.middle[0] - 6, bottom - 15, 12)
    if shape.tag in ("dataInput", "dataOutput"):
        arrow = EVENT_ICONS["link"]
        things += _inked(arrow, left + 3, top + 3, 13, solid=shape.tag == "dataOutput")
    return things


def _annotation(box: Box, text: str) -> list[Thing]:
    bracket = f"M{box.left + 12:.1f} {box.top:.1f}L{box.left:.1f} {box.top:.1f}L{box.left:.1f} {box.bottom:.1f}"
    things: list[Thing] = [
        Outline(f"{bracket}L{box.left + 12:.1f} {box.bottom:.1f}", "annotation", stroke=INK, width=1.3)
    ]
    step = SMALL * LEADING
    lines = balanced(text, max(box.width - 12, 20), SMALL, max(int((box.height - 4) / step), 1))
    for i, line in enumerate(lines):
        things.append(
            Words(box.left + 7, box.top + 3 + 0.98 * SMALL + i * step, line, SMALL, "note", INK, align="left")
        )
    return things


def _line(x: float, y: float, other_x: float, other_y: float) -> Outline:
    return Outline(f"M{x:.1f} {y:.1f}L{other_x:.1f} {other_y:.1f}", "strip", stroke=LANE)


def _inked(icon: Icon, x: float, y: float, size: float, solid: bool = False, fill: str = PAPER) -> list[Outline]:
    """An icon at a place; ``solid`` inks what is paper and cuts the lines out of it, as throwing events have it."""
    outlines = []
    for d, ink in icon:
        outline = moved(d, x, y, size / 20)
        if ink == "solid" or (ink == "paper" and solid):
            outlines.append(Outline(outline, "icon", INK, INK, 0.8))
        elif ink == "paper":
            outlines.append(Outline(outline, "icon", fill, INK, 1.1))
        elif ink == "cut" or (ink == "line" and solid):
            outlines.append(Outline(outline, "icon", stroke=PAPER, width=1.1))
        else:
            width = {"line": 1.1, "bold": 1.7, "heavy": 3.2}[ink]
            outlines.append(Outline(outline, "icon", stroke=INK, width=width))
    return outlines
