"""End events: none, message, signal, error, escalation, compensation, cancel, terminate (BPMN 2.0.2, 13.5.6).

A none end takes its token; the scope is complete when none is left. A message, signal, escalation or compensation
end does its work first. An error goes to the nearest catcher. A terminate end ends its scope at once. A cancel end
ends its transaction: what runs in it is cancelled, what is done is compensated, and the boundary event for the
cancellation takes the place of the transaction.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from engine.diagram.model import Element, Process
from engine.elements.compensation import refuse_undo
from engine.elements.meaning import Ends, Meaning, event_definition, refuse_event_definitions, refused
from engine.elements.throwing import THROWN, lower_throw
from engine.errors import Finding
from engine.kernel import layout

if TYPE_CHECKING:
    from engine.lowering import NetBuilder

__all__ = ["MEANING"]

_ENDS: Final = (*THROWN, "errorEventDefinition", "cancelEventDefinition", "terminateEventDefinition")


def _refuse(element: Element, process: Process) -> Iterator[Finding]:
    yield from refuse_event_definitions(element, _ENDS)
    yield from refuse_undo(element, process)
    definition = event_definition(element)
    if definition is not None and definition.tag == "cancelEventDefinition":
        around = process.elements.get(element.scope)
        if around is None or around.tag != "transaction":
            yield refused("cancel_outside", element)


def _lower(element: Element, builder: NetBuilder) -> Ends:
    definition = event_definition(element)
    tag = definition.tag if definition is not None else ""
    if tag in ("", "terminateEventDefinition"):
        node = builder.node(layout.TERMINATE if tag else layout.END, element)
        return Ends(node, node)
    if tag == "cancelEventDefinition":
        clear = builder.node(layout.CLEAR, element)
        undo = builder.node(layout.UNDO, element, role="undo")
        escape = builder.node(layout.ESCAPE, element, role="cancel", values={"catches": layout.CANCELLATION})
        builder.connect(clear, undo)
        builder.connect(undo, escape)
        return Ends(clear, escape)
    first, last = lower_throw(element, builder)
    return Ends(first, last)


MEANING: Final = Meaning(_refuse, _lower)
