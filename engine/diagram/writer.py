"""Writes a BPMN file again, with another drawing: everything else stays as it was, byte for meaning.

The file itself is taken as a tree and only its drawing is replaced, so ids, foreign extensions, documentation,
comments and the order of elements are kept, whatever the reader reads over.
"""

from __future__ import annotations

from typing import Final

from lxml import etree

from engine.diagram.model import Drawing, Process
from engine.diagram.safe_xml import parse

__all__ = ["with_drawing"]

_BPMN: Final = "http://www.omg.org/spec/BPMN/20100524/MODEL"
_DI: Final = "http://www.omg.org/spec/BPMN/20100524/DI"
_DC: Final = "http://www.omg.org/spec/DD/20100524/DC"
_DD: Final = "http://www.omg.org/spec/DD/20100524/DI"


def with_drawing(data: bytes, file: str, process: Process, drawing: Drawing) -> bytes:
    """The bytes of a BPMN file with a drawing.

    Args:
        data: The file; drawings in it are taken away.
        file: What findings call it.
        process: What was read from it.
        drawing: Where everything stands.

    Returns:
        UTF-8.

    Raises:
        BadInput: It is no XML that may be read.
    """
    root = parse(data, file, keep_comments=True)
    for old in root.findall(f"{{{_DI}}}BPMNDiagram"):
        root.remove(old)
    used = {node.get("id") for node in root.iter(etree.Element) if node.get("id")}
    plane_of = _plane(root, process)

    def fresh(wanted: str) -> str:
        while wanted in used:
            wanted += "_"
        used.add(wanted)
        return wanted

    names = {"bpmndi": _DI, "dc": _DC, "di": _DD}
    picture = etree.Element(f"{{{_DI}}}BPMNDiagram", {"id": fresh("BPMNDiagram_1")}, names)
    plane = etree.SubElement(
        picture, f"{{{_DI}}}BPMNPlane", {"id": fresh("BPMNPlane_1"), "bpmnElement": plane_of or process.id}
    )
    pools = [process.id, *(element.id for element in process.elements.values() if element.tag == "process")]
    participants = {pool: participant for pool in pools if (participant := _participant(root, pool))}
    beneath = {**dict.fromkeys(pools, 0), **dict.fromkeys(process.lanes, 1)}
    for id_, bounds in sorted(drawing.shapes.items(), key=lambda item: beneath.get(item[0], 2)):
        shown = participants.get(id_, id_)
        if id_ in pools and id_ not in participants:
            continue
        shape = etree.SubElement(plane, f"{{{_DI}}}BPMNShape", {"id": fresh(f"{shown}_di"), "bpmnElement": shown})
        element = process.elements.get(id_)
        if id_ in beneath:
            shape.set("isHorizontal", "true")
        elif element is not None and process.inside(id_):
            shape.set("isExpanded", "true")
        values = {key: _number(getattr(bounds, key)) for key in ("x", "y", "width", "height")}
        etree.SubElement(shape, f"{{{_DC}}}Bounds", values)
    for id_, points in drawing.edges.items():
        edge = etree.SubElement(plane, f"{{{_DI}}}BPMNEdge", {"id": fresh(f"{id_}_di"), "bpmnElement": id_})
        for point in points:
            etree.SubElement(edge, f"{{{_DD}}}waypoint", {"x": _number(point.x), "y": _number(point.y)})
    etree.indent(picture, space="  ", level=1)
    picture.tail = "\n"
    behind = root.find(f"{{{_BPMN}}}relationship")  # the only thing that the schema puts behind drawings
    if behind is None:
        root.append(picture)
    else:
        behind.addprevious(picture)
    written: bytes = etree.tostring(root.getroottree(), encoding="UTF-8", xml_declaration=True)
    return written


def _number(value: float) -> str:
    """Whole pixels as such, others to a thousandth."""
    return f"{value:.3f}".rstrip("0").rstrip(".")


def _plane(root: etree._Element, process: Process) -> str | None:
    """The collaboration around the process, if one is in the file."""
    for collaboration in root.findall(f"{{{_BPMN}}}collaboration"):
        parts = (e.id for e in process.inside(process.id) if e.tag == "process")
        if any(_holds(collaboration, pool) is not None for pool in (process.id, *parts)):
            return collaboration.get("id")
    return None


def _participant(root: etree._Element, pool: str) -> str | None:
    for collaboration in root.findall(f"{{{_BPMN}}}collaboration"):
        found = _holds(collaboration, pool)
        if found is not None:
            return found
    return None


def _holds(collaboration: etree._Element, pool: str) -> str | None:
    for participant in collaboration.findall(f"{{{_BPMN}}}participant"):
        reference = (participant.get("processRef") or "").strip()
        if pool in (reference, reference.rpartition(":")[2]):
            return participant.get("id")
    return None
