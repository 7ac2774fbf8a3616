"""The diagram as the workflow engine needs it: a BPMN file of its own, written from our reading alone.

Nothing that somebody wrote as code or time reaches the engine: no condition, script, timer expression, name.
A choice asks which flow was taken (`condition`), an activity of any kind waits until it is told to end, and
a timer until it is told to fire. What the engine cannot run as drawn is drawn so that it can:

    several flows out of an activity or event    a parallel gateway behind it, an inclusive one if they have conditions
    an event-based gateway                       something that waits, its events as boundary events of it
    a link                                       a sequence flow
    a wait for a message, signal or condition    a timer: it too ends when it is told to
    what says a message or signal                an empty event
    no flow out                                  an end event behind it
    a second flow between the same two           an empty event on it: the engine tells flows by their source
"""

from __future__ import annotations

from typing import Final

from lxml import etree

from engine.diagram.model import Diagram, Element, Flow, Process
from engine.elements.triggers import comes_from_outside
from engine.errors import BadInput, Finding

__all__ = [
    "WAITING",
    "choice_of",
    "chooses",
    "condition",
    "derive",
    "element_of",
    "flow_of",
    "name_in_engine",
    "process_in_engine",
]

_BPMN: Final = "http://www.omg.org/spec/BPMN/20100524/MODEL"
_INSTANCE: Final = "http://www.w3.org/2001/XMLSchema-instance"

_ACTIVITY: Final = "manualTask"  # the kind that the engine waits at
WAITING: Final = "task"  # waits, and nobody ends it
_TAGS: Final = {
    "startEvent": "startEvent",
    "endEvent": "endEvent",
    "intermediateCatchEvent": "intermediateCatchEvent",
    "intermediateThrowEvent": "intermediateThrowEvent",
    "boundaryEvent": "boundaryEvent",
    "exclusiveGateway": "exclusiveGateway",
    "parallelGateway": "parallelGateway",
    "inclusiveGateway": "inclusiveGateway",
    "eventBasedGateway": WAITING,
    "subProcess": "subProcess",
    "task": _ACTIVITY,
    "userTask": _ACTIVITY,
    "manualTask": _ACTIVITY,
    "serviceTask": _ACTIVITY,
    "scriptTask": _ACTIVITY,
    "businessRuleTask": _ACTIVITY,
    "sendTask": _ACTIVITY,
    "receiveTask": _ACTIVITY,
}
_WORDS: Final = ("messageEventDefinition", "signalEventDefinition")
_WAITED_FOR: Final = ("timerEventDefinition", "conditionalEventDefinition", *_WORDS)
_ALLOWED: Final = {
    "startEvent": _WAITED_FOR,  # a case starts when it is told to
    "endEvent": ("terminateEventDefinition", *_WORDS),
    "intermediateCatchEvent": (*_WAITED_FOR, "linkEventDefinition"),
    "intermediateThrowEvent": (*_WORDS, "linkEventDefinition"),
    "boundaryEvent": _WAITED_FOR,
}
_GATEWAYS: Final = ("exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway")

_SUFFIX: Final = ".element"  # keeps ids apart from the engine's own names: Start, End, X.EndJoin, ...
_QUESTION: Final = "took "


def derive(diagram: Diagram) -> bytes:
    """Write the BPMN file that the workflow engine runs.

    Args:
        diagram: A diagram that has passed the checks.

    Returns:
        UTF-8 XML with one executable process. Ids are those of `name_in_engine`.

    Raises:
        BadInput: It holds elements that the workflow engine cannot run; all of them at once.
    """
    findings = [finding for e in diagram.process.elements.values() for finding in _refusals(e, diagram)]
    if findings:
        raise BadInput(findings)
    root = etree.Element(_tag("definitions"), {"targetNamespace": "derived"}, {"bpmn": _BPMN, "xsi": _INSTANCE})
    process = diagram.process
    inside = etree.SubElement(root, _tag("process"), {"id": process_in_engine(process.id), "isExecutable": "true"})
    _write_scope(process, process.id, inside)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


def process_in_engine(process: str) -> str:
    """The id that a process has in the derived file."""
    return f"{process}.process"


def name_in_engine(element: str) -> str:
    """The id that an element has in the derived file."""
    return element + _SUFFIX


def element_of(name: str) -> str:
    """The element whose id in the derived file is ``name``."""
    return name.removesuffix(_SUFFIX)


def condition(flow: str) -> str:
    """The question on a way out of a choice: was this flow taken?"""
    return _QUESTION + flow


def flow_of(question: str) -> str | None:
    """The flow that a condition asks for; None if it is no condition of ours."""
    return question.removeprefix(_QUESTION) if question.startswith(_QUESTION) else None


def _tag(name: str) -> str:
    return f"{{{_BPMN}}}{name}"


def _refusals(element: Element, diagram: Diagram) -> list[Finding]:
    """What of an element the engine would not run as it is drawn."""
    refused = [] if element.tag in _TAGS else [element.tag]
    allowed = _ALLOWED.get(element.tag, ())
    refused += [p.tag for p in element.parts if p.tag.endswith("EventDefinition") and p.tag not in allowed]
    refused += [p.tag for p in element.parts if p.tag.endswith("LoopCharacteristics")]
    refused += [
        marker
        for marker in ("triggeredByEvent", "instantiate", "isForCompensation")
        if element.attributes.get(marker) == "true"
    ]
    if element.tag == "boundaryEvent" and element.attributes.get("cancelActivity") == "false":
        cycle = any(part.find("timeCycle") for part in element.parts)
        if cycle or not comes_from_outside(element, diagram.process):
            refused.append("cancelActivity")  # the engine's fires once
    starts = [e.id for e in diagram.process.inside(element.scope) if e.tag == "startEvent"]
    if element.tag == "startEvent" and starts[0] != element.id:
        refused.append("startEvent")
    return [
        Finding("live.unsupported", {"what": what}, file=diagram.file, line=element.line, element=element.id)
        for what in refused
    ]


def _write_scope(process: Process, scope: str, into: etree._Element) -> None:
    """Write the elements and flows directly in a process or sub-process."""
    for element in process.inside(scope):
        _write_element(process, element, into)
    written: set[tuple[str, str]] = set()
    for flow in process.flows.values():
        if flow.scope == scope:
            _write_flow(process, flow, into, repeated=(flow.source, flow.target) in written)
            written.add((flow.source, flow.target))


def _write_element(process: Process, element: Element, into: etree._Element) -> None:
    name = name_in_engine(element.id)
    gateway = _race_before(process, element)
    link = element.find("linkEventDefinition")
    tag = _TAGS[element.tag]
    if element.tag == "receiveTask" and not comes_from_outside(element, process):
        tag = "intermediateCatchEvent"
    if gateway is not None:
        tag = "boundaryEvent"
    elif link is not None:
        tag = "intermediateThrowEvent"
    node = etree.SubElement(into, _tag(tag), {"id": name})
    if element.find("terminateEventDefinition") is not None:
        etree.SubElement(node, _tag("terminateEventDefinition"))
    elif tag in ("intermediateCatchEvent", "boundaryEvent"):
        etree.SubElement(node, _tag("timerEventDefinition"))
    if tag == "boundaryEvent":
        node.set("attachedToRef", name_in_engine(gateway or element.attributes["attachedToRef"]))
        node.set("cancelActivity", element.attributes.get("cancelActivity", "true"))
    if link is not None and element.tag == "intermediateThrowEvent":
        target = _far_end(process, element, link.attributes.get("name", ""))
        _connect(into, f"{name}.link", name, name_in_engine(target))
        return
    if element.tag == "subProcess":
        _write_scope(process, element.id, node)
    _write_behind(process, element, node, into)


def _write_behind(process: Process, element: Element, node: etree._Element, into: etree._Element) -> None:
    """Write what stands behind an element so that the engine takes its flows as drawn."""
    name = name_in_engine(element.id)
    outgoing = process.outgoing(element.id)
    default = element.attributes.get("default")
    if element.tag == "exclusiveGateway" and len(outgoing) > 1 and default is not None:
        node.set("default", f"{default}.flow")
    if element.tag == "inclusiveGateway" and not chooses(process, element.id) and outgoing:
        node.set("default", f"{outgoing[0].id}.flow")
    behind = _behind(process, element.id)
    if behind != name:
        kind = "inclusiveGateway" if chooses(process, element.id) else "parallelGateway"
        etree.SubElement(into, _tag(kind), {"id": behind})
        _connect(into, f"{name}.out", name, behind)
    if not outgoing and element.tag not in ("endEvent", "eventBasedGateway"):
        etree.SubElement(into, _tag("endEvent"), {"id": f"{element.id}.end"})
        _connect(into, f"{name}.out", name, f"{element.id}.end")


def _write_flow(process: Process, flow: Flow, into: etree._Element, repeated: bool) -> None:
    chooser = process.elements[flow.source]
    if chooser.tag == "eventBasedGateway":
        return  # its events hang on it
    source = _behind(process, flow.source)
    target = name_in_engine(flow.target)
    if repeated:
        etree.SubElement(into, _tag("intermediateThrowEvent"), {"id": f"{flow.id}.way"})
        _connect(into, f"{flow.id}.onward", f"{flow.id}.way", target)
        target = f"{flow.id}.way"
    written = _connect(into, f"{flow.id}.flow", source, target)
    is_default = chooser.tag == "exclusiveGateway" and chooser.attributes.get("default") == flow.id
    if chooses(process, flow.source) and not is_default:
        question = etree.SubElement(written, _tag("conditionExpression"))
        question.set(f"{{{_INSTANCE}}}type", "tFormalExpression")
        question.text = condition(flow.id)


def _connect(into: etree._Element, name: str, source: str, target: str) -> etree._Element:
    ends = {"id": name, "sourceRef": source, "targetRef": target}
    return etree.SubElement(into, _tag("sequenceFlow"), ends)


def chooses(process: Process, element: str) -> bool:
    """Whether not all flows out of an element are taken: exclusively by one gateway, else each by itself."""
    flows = process.outgoing(element)
    drawn = process.elements[element]
    if drawn.tag == "eventBasedGateway" or drawn.tag == "parallelGateway":
        return False
    if drawn.tag in _GATEWAYS:
        return len(flows) > 1 or (drawn.tag == "inclusiveGateway" and any(flow.condition for flow in flows))
    return any(flow.condition is not None for flow in flows) or bool(drawn.attributes.get("default") and flows)


def choice_of(process: Process, element: str) -> str:
    """What a choice is called: the gateway, or what stands behind an activity or event."""
    return element if process.elements[element].tag in _GATEWAYS else f"{element}.choice"


def _behind(process: Process, element: str) -> str:
    """Where the flows out of an element begin in the derived file."""
    if process.elements[element].tag in _GATEWAYS:
        return name_in_engine(element)
    if chooses(process, element):
        return name_in_engine(choice_of(process, element))
    return f"{element}.split" if len(process.outgoing(element)) > 1 else name_in_engine(element)


def _race_before(process: Process, element: Element) -> str | None:
    """The event-based gateway in front of an element."""
    sources = (flow.source for flow in process.incoming(element.id))
    return next((source for source in sources if process.elements[source].tag == "eventBasedGateway"), None)


def _far_end(process: Process, element: Element, link: str) -> str:
    """The event that catches a link."""
    for other in process.inside(element.scope):
        definition = other.find("linkEventDefinition")
        if other.tag == "intermediateCatchEvent" and definition and definition.attributes.get("name", "") == link:
            return other.id
    return element.id  # refused before
