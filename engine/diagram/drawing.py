"""The drawing data of a BPMN file: where each element stands on the page."""

from __future__ import annotations

from math import isfinite
from typing import Final

from lxml import etree

from engine.diagram.model import Bounds, Drawing, Point
from engine.diagram.namespaces import BPMNDI, DC, DI
from engine.diagram.safe_xml import line_of, short
from engine.errors import Finding

__all__ = ["read_drawing"]

_NO_NUMBER: Final = float("nan")


def read_drawing(root: etree._Element, file: str, findings: list[Finding]) -> Drawing:
    """Shapes, edges and labels by the id of the BPMN element that they draw.

    An element that is drawn twice, as on the page that a collapsed sub-process may have for itself, keeps its
    first place. Shapes without bounds and edges without waypoints are left out.

    Args:
        root: The definitions element.
        file: Its name, for findings.
        findings: Where numbers that are none are reported.
    """
    shapes: dict[str, Bounds] = {}
    edges: dict[str, tuple[Point, ...]] = {}
    labels: dict[str, Bounds] = {}
    for node in root.iterfind(f"{{{BPMNDI}}}BPMNDiagram/{{{BPMNDI}}}BPMNPlane/*"):
        element = node.get("bpmnElement", "").strip().rpartition(":")[2]
        if not element or not isinstance(node.tag, str):
            continue
        bounds = _bounds(node, element, file, findings)
        if node.tag == f"{{{BPMNDI}}}BPMNShape" and bounds:
            shapes.setdefault(element, bounds)
        elif node.tag == f"{{{BPMNDI}}}BPMNEdge":
            points = [
                Point(*_numbers(way, ("x", "y"), element, file, findings)) for way in node.iterfind(f"{{{DI}}}waypoint")
            ]
            if points:
                edges.setdefault(element, tuple(points))
        label = node.find(f"{{{BPMNDI}}}BPMNLabel")
        bounds = _bounds(label, element, file, findings) if label is not None else None
        if bounds:
            labels.setdefault(element, bounds)
    return Drawing(shapes, edges, labels)


def _bounds(node: etree._Element, element: str, file: str, findings: list[Finding]) -> Bounds | None:
    bounds = node.find(f"{{{DC}}}Bounds")
    if bounds is None:
        return None
    return Bounds(*_numbers(bounds, ("x", "y", "width", "height"), element, file, findings))


def _numbers(
    node: etree._Element, names: tuple[str, ...], element: str, file: str, findings: list[Finding]
) -> list[float]:
    numbers = []
    for name in names:
        text = node.get(name, "")
        number = _number(text)
        if not isfinite(number):
            values = {"attribute": name, "text": short(text)}
            findings.append(Finding("diagram.drawing_number", values, file=file, line=line_of(node), element=element))
        numbers.append(number)
    return numbers


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return _NO_NUMBER
