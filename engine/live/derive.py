"""The diagram as the workflow engine needs it: a BPMN file of its own, written from our reading alone.

Nothing that somebody wrote as code or time reaches the engine: no condition, script, timer expression, name.
A choice asks which flow was taken (`condition`), an activity of any kind waits until it is told to end, and
a timer until it is told to fire. What the engine cannot run as drawn is drawn so that it can:

    several flows out of an activity or event    a parallel gateway behind it
    no flow out                                  an end event behind it
    a second flow between the same two           an empty event on it: the engine tells flows by their source
"""

from __future__ import annotations

from typing import Final

from lxml import etree

from engine.diagram.model import Diagram, Element, Flow, Process
from engine.errors import BadInput, Finding

__all__ = ["condition", "derive", "element_of", "flow_of", "name_in_engine", "process_in_engine"]

_BPMN: Final = "http://www.omg.org/spec/BPMN/20100524/MODEL"
_INSTANCE: Final = "http://www.w3.org/2001/XMLSchema-instance"

_ACTIVITY: Final = "manualTask"  # the kind that the engine waits at
_TAGS: Final = {
    "startEvent": "startEvent",
    "endEvent": "endEvent",
    "intermediateCatchEvent": "intermediateCatchEvent",
    "intermediateThrowEvent": "intermediateThrowEvent",
    "boundaryEvent": "boundaryEvent",
    "exclusiveGateway": "exclusiveGateway",
    "parallelGateway": "parallelGateway",
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
_KEPT_DEFINITIONS: Final = {
    "endEvent": "terminateEventDefinition",
    "intermediateCatchEvent": "timerEventDefinition",
    "boundaryEvent": "timerEventDefinition",
}
_DROPPED_DEFINITIONS: Final = {"startEvent": "timerEventDefinition"}  # a case starts when it is told to
_GATEWAYS: Final = ("exclusiveGateway", "parallelGateway")

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
    allowed = (_KEPT_DEFINITIONS.get(element.tag), _DROPPED_DEFINITIONS.get(element.tag))
    refused += [p.tag for p in element.parts if p.tag.endswith("EventDefinition") and p.tag not in allowed]
    refused += [p.tag for p in element.parts if p.tag.endswith("LoopCharacteristics")]
    if element.attributes.get("triggeredByEvent") == "true":
        refused.append("triggeredByEvent")
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
    node = etree.SubElement(into, _tag(_TAGS[element.tag]), {"id": name})
    definition = _KEPT_DEFINITIONS.get(element.tag)
    if definition is not None and element.find(definition) is not None:
        etree.SubElement(node, _tag(definition))
    if element.tag == "boundaryEvent":
        node.set("attachedToRef", name_in_engine(element.attributes["attachedToRef"]))
        node.set("cancelActivity", element.attributes.get("cancelActivity", "true"))
    if element.tag == "subProcess":
        _write_scope(process, element.id, node)
    outgoing = process.outgoing(element.id)
    default = element.attributes.get("default")
    if element.tag == "exclusiveGateway" and len(outgoing) > 1 and default is not None:
        node.set("default", f"{default}.flow")
    if _splits(process, element.id):
        etree.SubElement(into, _tag("parallelGateway"), {"id": f"{element.id}.split"})
        _connect(into, f"{name}.out", name, f"{element.id}.split")
    if not outgoing and element.tag != "endEvent":
        etree.SubElement(into, _tag("endEvent"), {"id": f"{element.id}.end"})
        _connect(into, f"{name}.out", name, f"{element.id}.end")


def _write_flow(process: Process, flow: Flow, into: etree._Element, repeated: bool) -> None:
    source = f"{flow.source}.split" if _splits(process, flow.source) else name_in_engine(flow.source)
    target = name_in_engine(flow.target)
    if repeated:
        etree.SubElement(into, _tag("intermediateThrowEvent"), {"id": f"{flow.id}.way"})
        _connect(into, f"{flow.id}.onward", f"{flow.id}.way", target)
        target = f"{flow.id}.way"
    written = _connect(into, f"{flow.id}.flow", source, target)
    chooser = process.elements[flow.source]
    if (
        chooser.tag == "exclusiveGateway"
        and len(process.outgoing(flow.source)) > 1
        and chooser.attributes.get("default") != flow.id
    ):
        question = etree.SubElement(written, _tag("conditionExpression"))
        question.set(f"{{{_INSTANCE}}}type", "tFormalExpression")
        question.text = condition(flow.id)


def _connect(into: etree._Element, name: str, source: str, target: str) -> etree._Element:
    ends = {"id": name, "sourceRef": source, "targetRef": target}
    return etree.SubElement(into, _tag("sequenceFlow"), ends)


def _splits(process: Process, element: str) -> bool:
    """Several flows out of what is no gateway: all of them are taken."""
    return process.elements[element].tag not in _GATEWAYS and len(process.outgoing(element)) > 1
