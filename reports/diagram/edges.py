"""Draws the lines of BPMN: sequence flows, message flows and associations, with their ends."""

from __future__ import annotations

import itertools
from math import hypot
from typing import Final

from engine.diagram.sheet import DrawnEdge
from reports.diagram.look import FLOW, PAPER, QUIET, Look
from reports.diagram.scene import Box, Outline, Place, Thing, circle, polygon, polyline

__all__ = ["draw_edge", "edge_boxes", "label_places"]

HEAD: Final = 10.0  # length of an arrowhead, pixels
_USUAL_WIDTH: Final = 1.6


def draw_edge(edge: DrawnEdge, look: Look) -> list[Thing]:
    """The line and its ends; an arrowhead keeps its size, however thick the line is."""
    places = _distinct(edge)
    if edge.tag == "sequenceFlow":
        return _sequence_flow(edge, places, look.widths.get(edge.id, _USUAL_WIDTH))
    if edge.tag == "messageFlow":
        line = Outline(polyline(_short(places, HEAD - 2)), "message-flow", stroke=QUIET, width=1.5, dash=(6, 4))
        start = Outline(circle(*places[0], 4), "message-start", PAPER, QUIET, 1.3)
        return [line, start, Outline(_head(places, 1.0), "arrow", PAPER, QUIET, 1.3)]
    things: list[Thing] = [Outline(polyline(places), "association", stroke=QUIET, width=1.4, dash=(1.5, 3.5))]
    if edge.direction != "none":
        things.append(Outline(_open_head(places), "arrow", stroke=QUIET, width=1.4))
    if edge.direction == "both":
        things.append(Outline(_open_head(places[::-1]), "arrow", stroke=QUIET, width=1.4))
    return things


def edge_boxes(edge: DrawnEdge) -> list[Box]:
    """What a line covers: a thin box around each of its stretches; several around a slanting one."""
    boxes = []
    places = _distinct(edge)
    for (x, y), (other_x, other_y) in itertools.pairwise(places):
        slanting = min(abs(other_x - x), abs(other_y - y)) > 4
        steps = max(int(hypot(other_x - x, other_y - y) / 12), 1) if slanting else 1
        for i in range(steps):
            a, b = i / steps, (i + 1) / steps
            xs = sorted((x + (other_x - x) * a, x + (other_x - x) * b))
            ys = sorted((y + (other_y - y) * a, y + (other_y - y) * b))
            boxes.append(Box(xs[0] - 2, ys[0] - 2, xs[1] + 2, ys[1] + 2))
    if edge.default or edge.conditional:
        (x, y), (dx, dy) = places[0], _direction(places[0], places[1])
        boxes.append(Box(x + 9 * dx - 7, y + 9 * dy - 7, x + 9 * dx + 7, y + 9 * dy + 7))
    return boxes


def label_places(edge: DrawnEdge, width: float, height: float) -> list[Place]:
    """Where the name of a line may stand: beside its stretches, near its start first."""
    places: list[Place] = []
    points = _distinct(edge)
    stretches = list(itertools.pairwise(points))
    for gap, ((x, y), (other_x, other_y)) in itertools.product((5.0, 20.0, 36.0), stretches[:3]):
        length = hypot(other_x - x, other_y - y)
        flat = abs(other_x - x) >= abs(other_y - y)
        for along in (0.5, 0.3, 0.7, 0.15, 0.85, 0.0, 1.0):
            at_x, at_y = x + (other_x - x) * along, y + (other_y - y) * along
            if length < 1:
                continue
            if flat:
                places += [(at_x, at_y - height / 2 - gap), (at_x, at_y + height / 2 + gap)]
            else:
                places += [(at_x + width / 2 + gap + 1, at_y), (at_x - width / 2 - gap - 1, at_y)]
    return places


def _sequence_flow(edge: DrawnEdge, places: list[Place], width: float) -> list[Thing]:
    things: list[Thing] = [Outline(polyline(_short(places, HEAD - 1)), "flow", stroke=FLOW, width=width)]
    things.append(Outline(_head(places, 1.0 + 0.12 * width), "arrow", FLOW, FLOW, 0.8))
    (x, y), (dx, dy) = places[0], _direction(places[0], places[1])
    if edge.default:
        a, b = (x + 6 * dx - 5 * dy, y + 6 * dy + 5 * dx), (x + 12 * dx + 5 * dy, y + 12 * dy - 5 * dx)
        things.append(Outline(polyline([a, b]), "default", stroke=FLOW, width=1.6))
    if edge.conditional:
        corners = ((x, y), (x + 8 * dx - 4.5 * dy, y + 8 * dy + 4.5 * dx), (x + 16 * dx, y + 16 * dy))
        last = (x + 8 * dx + 4.5 * dy, y + 8 * dy - 4.5 * dx)
        things.append(Outline(polygon((*corners, last)), "condition", PAPER, FLOW, 1.3))
    return things


def _distinct(edge: DrawnEdge) -> list[Place]:
    """The waypoints, without those that repeat the one before."""
    places: list[Place] = []
    for point in edge.points:
        if not places or (point.x, point.y) != places[-1]:
            places.append((point.x, point.y))
    return places if len(places) > 1 else [places[0], (places[0][0] + 1, places[0][1])]


def _short(places: list[Place], by: float) -> list[Place]:
    """The line without its last pixels, where the arrowhead stands."""
    (x, y), (end_x, end_y) = places[-2], places[-1]
    length = hypot(end_x - x, end_y - y)
    share = max(length - by, length * 0.1) / length if length else 0.0
    return [*places[:-1], (x + (end_x - x) * share, y + (end_y - y) * share)]


def _head(places: list[Place], size: float) -> str:
    tip, left, right = _corners(places, HEAD * size, 4.0 * size)
    return polygon((tip, left, right))


def _open_head(places: list[Place]) -> str:
    tip, left, right = _corners(places, HEAD * 0.9, 4.5)
    return polyline([left, tip, right], 0)


def _corners(places: list[Place], length: float, half: float) -> tuple[Place, Place, Place]:
    (end_x, end_y), (dx, dy) = places[-1], _direction(places[-2], places[-1])
    foot_x, foot_y = end_x - length * dx, end_y - length * dy
    return (
        (end_x, end_y),
        (foot_x - half * dy, foot_y + half * dx),
        (foot_x + half * dy, foot_y - half * dx),
    )


def _direction(start: Place, end: Place) -> Place:
    """The step of one pixel from a place towards another."""
    length = hypot(end[0] - start[0], end[1] - start[1]) or 1.0
    return (end[0] - start[0]) / length, (end[1] - start[1]) / length
