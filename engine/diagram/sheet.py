"""The sheet of a BPMN file: everything that is drawn on its first page, ready to be drawn again.

The reader of processes knows what tokens need; this one knows what the eye needs: pools, message flows, data,
notes and groups too, and every marker. It reads any diagram, also one that cannot be simulated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Final

from lxml import etree

from engine.diagram.collecting import PREFIX, local_name
from engine.diagram.model import Bounds, Point
from engine.diagram.namespaces import ACTIVITIES, BPMNDI, DC, DI, EVENTS, SUB_PROCESSES
from engine.diagram.reader import file_bytes, require_bpmn
from engine.diagram.safe_xml import parse, short
from engine.errors import BadInput, Finding

__all__ = ["DrawnEdge", "DrawnShape", "Sheet", "read_sheet", "sheet_of"]

_LARGEST: Final = 1e6  # pixels; beyond, a number is no place on a page
_ARTEFACTS: Final = frozenset(
    {
        "dataInput",
        "dataObject",
        "dataObjectReference",
        "dataOutput",
        "dataStoreReference",
        "group",
        "lane",
        "participant",
        "textAnnotation",
    }
)
_EDGES: Final = frozenset(
    {"association", "conversationLink", "dataInputAssociation", "dataOutputAssociation", "messageFlow", "sequenceFlow"}
)


@dataclass(frozen=True)
class DrawnShape:
    """A thing with a place on the sheet.

    Args:
        id: Of the BPMN element.
        tag: Its local name, e.g. ``userTask``, ``lane``, ``dataObjectReference``.
        name: As drawn; of an annotation its text, of a group its category.
        bounds: Where it stands.
        label: Where its name stands, if the drawing says so.
        event: Kind of an event: ``timer``, ``message``, ..., ``multiple``, ``parallelMultiple``; empty for none.
        markers: Of ``loop``, ``parallel``, ``sequential``, ``ad_hoc``, ``compensation``, ``collapsed``, ``call``,
            ``event``, ``collection``, ``participants``.
        interrupting: False for a start or boundary event that leaves its host running.
        vertical: A pool or lane whose name stands at the top.
        cross: An exclusive gateway that shows its cross; an event gateway that starts its process.
        scope: Id of the process or sub-process that it stands in.
        host: What a boundary event is attached to.
    """

    id: str
    tag: str
    name: str
    bounds: Bounds
    label: Bounds | None = None
    event: str = ""
    markers: frozenset[str] = frozenset()
    interrupting: bool = True
    vertical: bool = False
    cross: bool = True
    scope: str = ""
    host: str = ""

    @property
    def contains(self) -> bool:
        """Others are drawn upon it: pools, lanes, groups, and sub-processes that are open."""
        opened = self.tag in SUB_PROCESSES and "collapsed" not in self.markers
        return opened or self.tag in ("group", "lane", "participant")


@dataclass(frozen=True)
class DrawnEdge:
    """A line on the sheet.

    Args:
        direction: Arrowheads of an association: ``none``, ``one`` or ``both``.
        default: A sequence flow that is taken if no condition holds.
        conditional: A sequence flow with a condition that does not leave a gateway.
    """

    id: str
    tag: str
    name: str
    points: tuple[Point, ...]
    source: str
    target: str
    label: Bounds | None = None
    direction: str = "one"
    default: bool = False
    conditional: bool = False


@dataclass(frozen=True)
class Sheet:
    """All that is drawn, in document order."""

    shapes: Mapping[str, DrawnShape]
    edges: Mapping[str, DrawnEdge]


def read_sheet(path: Path | str) -> Sheet:
    """The sheet of a BPMN file.

    Raises:
        BadInput: It cannot be read, or nothing is drawn in it.
    """
    return sheet_of(file_bytes(path), str(path))


def sheet_of(data: bytes, file: str) -> Sheet:
    """The sheet of a BPMN diagram in memory.

    Args:
        data: The bytes of a BPMN file.
        file: What findings call it.

    Raises:
        BadInput: It is no BPMN diagram, or nothing is drawn in it.
    """
    root = parse(data, file)
    require_bpmn(root, file)
    known = {node.get("id", "").strip(): node for node in reversed(list(root.iter(f"{PREFIX}*"))) if node.get("id")}
    words = _Words(root, known)
    shapes: dict[str, DrawnShape] = {}
    edges: dict[str, DrawnEdge] = {}
    for plane in root.findall(f"{{{BPMNDI}}}BPMNDiagram/{{{BPMNDI}}}BPMNPlane")[:1]:
        for drawn in plane.iterchildren(f"{{{BPMNDI}}}BPMNShape", f"{{{BPMNDI}}}BPMNEdge"):
            element = known.get(_local(drawn.get("bpmnElement", "")))
            if element is None:
                continue
            if drawn.tag == f"{{{BPMNDI}}}BPMNShape":
                shape = words.shape(drawn, element)
                if shape is not None:
                    shapes.setdefault(shape.id, shape)
            else:
                edge = words.edge(drawn, element)
                if edge is not None:
                    edges.setdefault(edge.id, edge)
    if not shapes:
        raise BadInput([Finding("diagram.not_drawn", {"file": short(file)}, file=file)])
    return Sheet(shapes, edges)


class _Words:
    """Says of each element what the drawing needs to know."""

    def __init__(self, root: etree._Element, known: Mapping[str, etree._Element]) -> None:
        self.known = known
        self.defaults = {_local(node.get("default", "")) for node in root.iter(f"{PREFIX}*") if node.get("default")}

    def shape(self, drawn: etree._Element, node: etree._Element) -> DrawnShape | None:
        tag = local_name(node)
        bounds = _bounds(drawn)
        if bounds is None or tag in _EDGES or not (tag in ACTIVITIES | EVENTS | _ARTEFACTS or "ateway" in tag):
            return None
        parent = node.getparent()
        shown = drawn.get("isMarkerVisible")
        cross = shown == "true" if tag == "exclusiveGateway" and shown else True
        if tag == "eventBasedGateway":
            cross = node.get("instantiate") == "true"
        interrupting = node.get("cancelActivity" if tag == "boundaryEvent" else "isInterrupting", "true")
        label = drawn.find(f"{{{BPMNDI}}}BPMNLabel")
        return DrawnShape(
            id=node.get("id", "").strip(),
            tag=tag,
            name=self._name(node),
            bounds=bounds,
            label=_bounds(label) if label is not None else None,
            event=_event(node) if tag in EVENTS else "",
            markers=self._markers(drawn, node, tag),
            interrupting=interrupting not in ("false", "0"),
            vertical=drawn.get("isHorizontal") == "false" or (tag == "participant" and _upright(drawn, bounds)),
            cross=cross,
            scope=parent.get("id", "") if parent is not None else "",
            host=_local(node.get("attachedToRef", "")),
        )

    def edge(self, drawn: etree._Element, node: etree._Element) -> DrawnEdge | None:
        tag = local_name(node)
        points = [_numbers(way, ("x", "y")) for way in drawn.iterfind(f"{{{DI}}}waypoint")]
        if tag not in _EDGES or len(points) < 2 or None in points:
            return None
        label = drawn.find(f"{{{BPMNDI}}}BPMNLabel")
        source = _local(node.get("sourceRef", "") or node.findtext(f"{PREFIX}sourceRef") or "")
        target = _local(node.get("targetRef", "") or node.findtext(f"{PREFIX}targetRef") or "")
        host = self.known.get(source)
        conditional = node.find(f"{PREFIX}conditionExpression") is not None
        way = node.get("associationDirection", "One" if tag.startswith("data") else "None").lower()
        return DrawnEdge(
            id=node.get("id", "").strip(),
            tag=tag,
            name=" ".join(node.get("name", "").split()),
            points=tuple(Point(*point) for point in points if point is not None),
            source=source,
            target=target,
            label=_bounds(label) if label is not None else None,
            direction=way if way in ("one", "both") else "none",
            default=node.get("id") in self.defaults,
            conditional=conditional and host is not None and local_name(host) in ACTIVITIES,
        )

    def _name(self, node: etree._Element) -> str:
        tag = local_name(node)
        if tag == "textAnnotation":
            return " ".join("".join(node.findtext(f"{PREFIX}text") or "").split())
        if tag == "group":
            category = self.known.get(_local(node.get("categoryValueRef", "")))
            return category.get("value", "") if category is not None else ""
        return " ".join(node.get("name", "").split())

    def _markers(self, drawn: etree._Element, node: etree._Element, tag: str) -> frozenset[str]:
        markers = set()
        several = node.find(f"{PREFIX}multiInstanceLoopCharacteristics")
        if several is not None:
            markers.add("sequential" if several.get("isSequential") in ("true", "1") else "parallel")
        checks = {
            "loop": node.find(f"{PREFIX}standardLoopCharacteristics") is not None,
            "ad_hoc": tag == "adHocSubProcess",
            "compensation": node.get("isForCompensation") in ("true", "1"),
            "call": tag == "callActivity",
            "event": node.get("triggeredByEvent") in ("true", "1"),
            "collapsed": tag in SUB_PROCESSES and drawn.get("isExpanded") == "false",
            "participants": node.find(f"{PREFIX}participantMultiplicity") is not None,
            "collection": self._collection(node),
        }
        return frozenset(markers | {name for name, holds in checks.items() if holds})

    def _collection(self, node: etree._Element) -> bool:
        data = self.known.get(_local(node.get("dataObjectRef", "")), node)
        return data.get("isCollection") in ("true", "1")


def _event(node: etree._Element) -> str:
    kinds = [local_name(part) for part in node if local_name(part).lower().endswith("eventdefinition")]
    kinds += ["eventDefinition" for _ in node.iterfind(f"{PREFIX}eventDefinitionRef")]
    if len(kinds) > 1:
        return "parallelMultiple" if node.get("parallelMultiple") in ("true", "1") else "multiple"
    return kinds[0].removesuffix("EventDefinition") if kinds else ""


def _upright(drawn: etree._Element, bounds: Bounds) -> bool:
    """Of a pool whose drawing does not say how it lies: by its shape."""
    return drawn.get("isHorizontal") is None and bounds.height > 1.5 * bounds.width


def _local(reference: str) -> str:
    return reference.strip().rpartition(":")[2]


def _bounds(node: etree._Element) -> Bounds | None:
    bounds = node.find(f"{{{DC}}}Bounds")
    numbers = _numbers(bounds, ("x", "y", "width", "height")) if bounds is not None else None
    return Bounds(*numbers) if numbers is not None and min(numbers[2:]) >= 0 else None


def _numbers(node: etree._Element, names: tuple[str, ...]) -> list[float] | None:
    """The numbers of a drawing; none of them where one is no place on a page."""
    try:
        numbers = [float(node.get(name, "")) for name in names]
    except ValueError:
        return None
    return numbers if all(isfinite(number) and abs(number) < _LARGEST for number in numbers) else None
