"""Tasks of every kind: somebody or something is busy with the case for a time that the scenario states.

The kind (user, manual, service, script, ...) says who or what does it; time and people come from the scenario
(BPMN 2.0.2, section 10.3.3), so in the net they are one primitive.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from engine.diagram.model import Element, Process
from engine.elements.meaning import Ends, Meaning, refuse_conditional_flows
from engine.errors import Finding
from engine.kernel import layout

if TYPE_CHECKING:
    from engine.lowering import NetBuilder

__all__ = ["MEANING", "TAGS", "refuse_markers"]

TAGS: Final = (
    "task",
    "userTask",
    "manualTask",
    "serviceTask",
    "scriptTask",
    "businessRuleTask",
    "sendTask",
    "receiveTask",
)

_MARKERS: Final = ("multiInstanceLoopCharacteristics", "standardLoopCharacteristics")


def refuse_markers(element: Element) -> Iterator[Finding]:
    """Refuse loop and multi-instance markers, and activities that only compensate."""
    for part in element.parts:
        if part.tag in _MARKERS:
            values = {"tag": element.tag, "marker": part.tag}
            yield Finding("element.unsupported_marker", values, line=part.line, element=element.id)
    if element.attributes.get("isForCompensation") == "true":
        values = {"tag": element.tag, "marker": "isForCompensation"}
        yield Finding("element.unsupported_marker", values, line=element.line, element=element.id)


def _refuse(element: Element, process: Process) -> Iterator[Finding]:
    yield from refuse_markers(element)
    yield from refuse_conditional_flows(element, process)
    if element.attributes.get("messageRef"):
        values = {"tag": element.tag, "marker": "messageRef"}
        yield Finding("element.unsupported_marker", values, line=element.line, element=element.id)
    if element.attributes.get("instantiate") == "true":
        values = {"tag": element.tag, "marker": "instantiate"}
        yield Finding("element.unsupported_marker", values, line=element.line, element=element.id)


def _lower(element: Element, builder: NetBuilder) -> Ends:
    node = builder.node(layout.ACTIVITY, element)
    return Ends(node, builder.split(element, node))


MEANING: Final = Meaning(_refuse, _lower)
