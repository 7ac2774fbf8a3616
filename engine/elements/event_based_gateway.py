"""The event-based gateway: the token waits; the first of the events behind it decides (BPMN 2.0.2, 13.4.4).

At the start of a process the scenario says which event begins how many of the cases.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from engine.diagram.model import Element, Process
from engine.elements.meaning import Ends, Meaning, refuse_conditional_flows, refused
from engine.errors import Finding
from engine.kernel import layout

if TYPE_CHECKING:
    from engine.lowering import NetBuilder

__all__ = ["MEANING"]


def _refuse(element: Element, process: Process) -> Iterator[Finding]:
    yield from refuse_conditional_flows(element, process)
    if element.attributes.get("eventGatewayType", "Exclusive") != "Exclusive":
        yield refused("unsupported_marker", element, marker="eventGatewayType")
    begins = element.attributes.get("instantiate") == "true"
    if begins and process.incoming(element.id):
        yield refused("unsupported_marker", element, marker="instantiate")
    for flow in process.outgoing(element.id):
        target = process.elements[flow.target]
        if target.tag not in ("intermediateCatchEvent", "receiveTask"):
            yield refused("race_target", element, flow.line, target=target.label, target_tag=target.tag)
    if not process.outgoing(element.id):
        yield refused("race_empty", element)


def _lower(element: Element, builder: NetBuilder) -> Ends:
    if element.attributes.get("instantiate") != "true":
        node = builder.node(layout.RACE, element)
        return Ends(node, node)
    several = len(builder.process.outgoing(element.id)) > 1
    node = builder.node(layout.ROUTE if several else layout.PASS, element)
    if several:
        builder.choose(element, node)
    builder.starts(element.scope, element)
    return Ends(node, node)


MEANING: Final = Meaning(_refuse, _lower)
