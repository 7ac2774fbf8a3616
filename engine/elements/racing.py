"""What stands behind an event-based gateway: the first of these events decides where the token goes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from engine.diagram.model import Element, Process
from engine.elements.meaning import Ends, refused
from engine.elements.triggers import trigger_of
from engine.errors import Finding
from engine.kernel import layout

if TYPE_CHECKING:
    from engine.lowering import NetBuilder

__all__ = ["lower_racer", "races", "refuse_racer", "starts_the_case"]


def races(element: Element, process: Process) -> bool:
    """Whether an event, or receive task, stands behind an event-based gateway."""
    return any(process.elements[flow.source].tag == "eventBasedGateway" for flow in process.incoming(element.id))


def starts_the_case(element: Element, process: Process) -> bool:
    """Whether it is one of the events of an event-based gateway that begins a process."""
    gateways = [process.elements[flow.source] for flow in process.incoming(element.id)]
    return any(g.tag == "eventBasedGateway" and g.attributes.get("instantiate") == "true" for g in gateways)


def refuse_racer(element: Element, process: Process) -> Iterator[Finding]:
    """Only the gateway may lead to it (BPMN 2.0.2, section 10.6.6), and no boundary event may hang on it."""
    if races(element, process):
        if len(process.incoming(element.id)) > 1:
            yield refused("race_other_way", element)
        if process.boundary_events(element.id):
            yield refused("race_boundary", element)


def lower_racer(element: Element, builder: NetBuilder) -> Ends:
    """A watcher that takes the place of the token that waits at the gateway."""
    if starts_the_case(element, builder.process):
        node = builder.node(layout.PASS, element)
    else:
        values = {**trigger_of(element, builder).values, "interrupting": 1}
        node = builder.node(layout.WATCHER, element, values=values)
        gateway = builder.process.incoming(element.id)[0].source
        builder.watch(gateway, node)
    return Ends(node, builder.split(element, node))
