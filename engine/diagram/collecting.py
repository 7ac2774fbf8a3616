"""Collects what stands in the XML of one process: its elements at every depth, flows and lanes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from lxml import etree

from engine.diagram.model import Connection, DataItem, Element, Flow, Lane, Part, Process
from engine.diagram.namespaces import BPMN, FLOW_NODES, READ_OVER, SUB_PROCESSES
from engine.diagram.references import judge_references
from engine.diagram.safe_xml import line_of, short
from engine.errors import Finding

__all__ = ["PREFIX", "Reading", "local_name"]

PREFIX: Final = f"{{{BPMN}}}"

_BOOLEANS: Final = {"0": "false", "1": "true"}
_BOOLEAN_ATTRIBUTES: Final = frozenset(
    {
        "cancelActivity",
        "cancelRemainingInstances",
        "instantiate",
        "isForCompensation",
        "isInterrupting",
        "isSequential",
        "parallelMultiple",
        "testBefore",
        "triggeredByEvent",
    }
)
_DATA: Final = frozenset({"dataObject", "dataObjectReference", "dataStoreReference"})
_REFERRED: Final = ("message", "signal", "error", "escalation")
_REFERENCES: Final = frozenset({"attachedToRef", "default"})


def local_name(node: etree._Element) -> str:
    """The name of a BPMN element; of any other one with its namespace, as ``{namespace}name``."""
    return str(node.tag).removeprefix(PREFIX)


class Reading:
    """What is known of a file while it is read.

    Args:
        root: The definitions element.
        file: Its name, for findings.
    """

    def __init__(self, root: etree._Element, file: str) -> None:
        self.file = file
        self.findings: list[Finding] = []
        self._tags: dict[str, str] = {}  # every id in the file: name of its element
        self._taken: dict[str, int] = {}  # ids that tokens, flows and lanes go by: line
        for node in root.iter(f"{PREFIX}*"):
            identity = node.get("id", "").strip()
            if identity:
                self._tags.setdefault(identity, local_name(node))

    def report(self, code: str, node: etree._Element, values: Mapping[str, object]) -> None:
        """Add a finding about an XML element."""
        element = node.get("id", "").strip() or None
        self.findings.append(Finding(f"diagram.{code}", values, self.file, line_of(node), element=element))

    def process(self, root: etree._Element) -> Process:
        """Everything of a process, at every depth, in document order."""
        process = self._take_id(root) or ""
        data: dict[str, DataItem] = {}
        lanes = self._lanes(root)
        lane_of = _innermost(lanes)
        elements: dict[str, Element] = {}
        flow_nodes: dict[str, etree._Element] = {}
        # Depth first: what is inside a sub-process comes before what follows it.
        stack = [(child, process, "") for child in reversed(root)]
        while stack:
            node, scope, around = stack.pop()
            tag = local_name(node)
            if tag not in FLOW_NODES and tag != "sequenceFlow":
                if tag in READ_OVER and node.get("id"):
                    taken = self._take_id(node)
                    if taken is not None and tag in _DATA:
                        data[taken] = self._data(node, taken, scope)
                continue
            identity = self._take_id(node)
            if identity is None:
                continue
            if tag == "sequenceFlow":
                flow_nodes[identity] = node
                continue
            lane = lane_of.get(identity, around)
            elements[identity] = self._element(node, identity, scope, lane or None)
            if tag in SUB_PROCESSES:
                stack.extend((child, identity, lane) for child in reversed(node))
        flows = {key: self._flow(node, key, process, elements) for key, node in flow_nodes.items()}
        name, line = root.get("name", ""), line_of(root)
        found = Process(process, name, line, elements, flows, lanes, associations=self._associations(root), data=data)
        self.findings += judge_references(found, self._tags, self.file)
        return found

    def _take_id(self, node: etree._Element) -> str | None:
        """The id of an XML element, unless it has none, or one that is taken."""
        identity = node.get("id", "").strip()
        if not identity:
            values = {"tag": local_name(node), "name": short(node.get("name", "-"))}
            self.report("no_id", node, values)
            return None
        if identity in self._taken:
            self.report("duplicate_id", node, {"id": short(identity), "first": self._taken[identity]})
            return None
        self._taken[identity] = line_of(node)
        return identity

    def _reference(self, text: str) -> str:
        """The id that a reference means; it may be a qualified name with a prefix."""
        text = text.strip()
        return text if text in self._tags else text.rpartition(":")[2]

    def _element(self, node: etree._Element, identity: str, scope: str, lane: str | None) -> Element:
        attributes = _attributes(node)
        for name in _REFERENCES & attributes.keys():
            attributes[name] = self._reference(attributes[name])
        skipped = FLOW_NODES | READ_OVER | {"sequenceFlow"}
        parts = tuple(_part(child) for child in node if local_name(child) not in skipped)
        name = node.get("name", "")
        return Element(identity, local_name(node), name, line_of(node), scope, lane, attributes, parts)

    def _flow(self, node: etree._Element, identity: str, process: str, elements: Mapping[str, Element]) -> Flow:
        source = self._reference(node.get("sourceRef", ""))
        target = self._reference(node.get("targetRef", ""))
        condition = (node.findtext(f"{PREFIX}conditionExpression") or "").strip() or None
        # Tools do not always write a flow into the sub-process that it runs in; its ends know better.
        scope = elements[source].scope if source in elements else process
        return Flow(identity, node.get("name", ""), source, target, condition, line_of(node), scope)

    def _data(self, node: etree._Element, identity: str, scope: str) -> DataItem:
        refers = node.get("dataObjectRef") or node.get("dataStoreRef")
        to = self._reference(refers) if refers else None
        return DataItem(identity, local_name(node), node.get("name", ""), line_of(node), scope, to)

    def _associations(self, root: etree._Element) -> tuple[Connection, ...]:
        """Associations, and what flows between data and activities, at every depth."""
        found = [self._connection(node) for node in root.iter(f"{PREFIX}association")]
        for tag in ("dataInputAssociation", "dataOutputAssociation"):
            for node in root.iter(f"{PREFIX}{tag}"):
                around = node.getparent()
                owner = around.get("id", "").strip() if around is not None else ""
                source = self._reference(node.findtext(f"{PREFIX}sourceRef") or "")
                target = self._reference(node.findtext(f"{PREFIX}targetRef") or "")
                ends = (source, owner) if tag == "dataInputAssociation" else (owner, target)
                found.append(Connection(node.get("id", ""), node.get("name", ""), *ends, line_of(node)))
        return tuple(found)

    def message_flows(self, root: etree._Element) -> tuple[Connection, ...]:
        """The message flows of the collaboration."""
        flows = []
        for node in root.iterfind(f"{PREFIX}collaboration/{PREFIX}messageFlow"):
            flow = self._connection(node)
            flows.append(flow)
            for end in (flow.source, flow.target):
                if end not in self._tags:
                    self.report("message_flow", node, {"flow": short(flow.name or flow.id or "-"), "ref": short(end)})
        return tuple(flows)

    def references(self, root: etree._Element) -> dict[str, Part]:
        """What events refer to, by id."""
        nodes = (node for tag in _REFERRED for node in root.iterfind(f"{PREFIX}{tag}"))
        return {node.get("id", "").strip(): _part(node) for node in nodes}

    def _connection(self, node: etree._Element) -> Connection:
        source, target = (self._reference(node.get(end, "")) for end in ("sourceRef", "targetRef"))
        return Connection(node.get("id", "").strip(), node.get("name", ""), source, target, line_of(node))

    def _lanes(self, root: etree._Element) -> dict[str, Lane]:
        """All lanes of a process, an outer one before those inside it."""
        lanes: dict[str, Lane] = {}
        for node in root.iter(f"{PREFIX}lane"):
            identity = self._take_id(node)
            if identity is None:
                continue
            outer = next(node.iterancestors(f"{PREFIX}lane"), None)
            parent = outer.get("id", "").strip() if outer is not None else ""
            references = (self._reference(ref.text or "") for ref in node.iterfind(f"{PREFIX}flowNodeRef"))
            elements = tuple(dict.fromkeys(references))
            lanes[identity] = Lane(identity, node.get("name", ""), line_of(node), elements, parent or None)
        return lanes


def _innermost(lanes: Mapping[str, Lane]) -> dict[str, str]:
    """Element to the deepest lane that names it; of several equally deep ones the first."""
    depths: dict[str, int] = {}
    deepest: dict[str, str] = {}
    for lane in lanes.values():
        depths[lane.id] = depths.get(lane.parent or "", 0) + 1
        for element in lane.elements:
            if element not in deepest or depths[lane.id] > depths[deepest[element]]:
                deepest[element] = lane.id
    return deepest


def _attributes(node: etree._Element) -> dict[str, str]:
    """The attributes of an XML element; truth values as ``true`` and ``false``."""
    attributes = {str(name): str(value) for name, value in node.attrib.items()}
    for name in _BOOLEAN_ATTRIBUTES & attributes.keys():
        value = attributes[name].strip()
        attributes[name] = _BOOLEANS.get(value, value)
    return attributes


def _part(root: etree._Element) -> Part:
    """An XML element with everything in it, built from the inside out."""
    built: dict[etree._Element, Part] = {}
    for node in reversed(list(root.iter("*"))):
        inner = tuple(built.pop(child) for child in node)
        built[node] = Part(local_name(node), line_of(node), _attributes(node), (node.text or "").strip(), inner)
    return built[root]
