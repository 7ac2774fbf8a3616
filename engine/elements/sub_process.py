"""Embedded and event sub-processes, and transactions: a token waits while the inside runs, until none is left there.

BPMN 2.0.2, sections 13.3.4, 13.5.4. Boundary events watch the waiting token. An event sub-process gets its token
from its start event, which watches the scope around it. A transaction is a sub-process that a cancel end may end.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from engine.diagram.model import Element, Process
from engine.elements.activity import lower_activity, marker_of, refuse_markers
from engine.elements.meaning import Ends, Meaning, refused
from engine.errors import Finding
from engine.kernel import layout

if TYPE_CHECKING:
    from engine.lowering import NetBuilder

__all__ = ["MEANING"]


def _refuse(element: Element, process: Process) -> Iterator[Finding]:
    yield from refuse_markers(element, process)
    if element.attributes.get("triggeredByEvent") == "true":
        if process.incoming(element.id) or process.outgoing(element.id):
            yield refused("event_flows", element)
        if marker_of(element) is not None or process.boundary_events(element.id):
            yield refused("unsupported_marker", element, marker="triggeredByEvent")


def body(element: Element, builder: NetBuilder, definition: int, repeat: int) -> Ends:
    """A host for the inside."""
    of_event = int(element.attributes.get("triggeredByEvent") == "true")
    inner = builder.definition_of(element.id)
    values = {"inner": inner, "repeat": repeat, "interrupting": of_event}
    node = builder.node(layout.SCOPE, element, definition=definition, values=values)
    return Ends(node, node)


def _lower(element: Element, builder: NetBuilder) -> Ends:
    return lower_activity(element, builder, body, is_scope=True)


MEANING: Final = Meaning(_refuse, _lower)
