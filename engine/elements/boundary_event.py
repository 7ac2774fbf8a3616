"""Boundary events: armed while their activity waits; interrupting (the default) or not.

When one fires, an interrupting one cancels the activity and takes its place; another one starts a token beside it,
and may fire again: a timer with a cycle as often as that says, any other as often as it is called.
An activity that ends at the same instant wins (BPMN 2.0.2, section 10.5.4; the order of events is ours).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from engine.diagram.model import Element, Process
from engine.elements.compensation import compensates, handler_of, refuse_boundary
from engine.elements.meaning import NOWHERE, Ends, Meaning, event_definition, refuse_event_definitions, refused
from engine.elements.triggers import WAITED_FOR, refuse_endless_cycle, trigger_of
from engine.errors import Finding
from engine.kernel import layout

if TYPE_CHECKING:
    from engine.lowering import NetBuilder

__all__ = ["MEANING"]

_ALWAYS_INTERRUPTING: Final = ("errorEventDefinition", "cancelEventDefinition")
_CAUGHT: Final = (*WAITED_FOR, *_ALWAYS_INTERRUPTING, "escalationEventDefinition", "compensateEventDefinition")


def _refuse(element: Element, process: Process) -> Iterator[Finding]:
    yield from refuse_event_definitions(element, _CAUGHT)
    yield from refuse_boundary(element, process)
    yield from refuse_endless_cycle(element)
    definition = event_definition(element)
    if definition is None:
        yield refused("unsupported_event", element, definition="none")
        return
    if definition.tag in _ALWAYS_INTERRUPTING and element.attributes.get("cancelActivity") == "false":
        yield refused("always_interrupting", element, definition=definition.tag)
    host = process.elements.get(element.attributes.get("attachedToRef", ""))
    if definition.tag == "cancelEventDefinition" and host is not None and host.tag != "transaction":
        yield refused("cancel_outside", element)


def _lower(element: Element, builder: NetBuilder) -> Ends:
    host = element.attributes["attachedToRef"]
    if compensates(element):
        handler = handler_of(element, builder.process)
        assert handler is not None  # refused before
        builder.compensate(host, handler.id)
        return NOWHERE
    interrupting = element.attributes.get("cancelActivity", "true") != "false"
    values = {**trigger_of(element, builder).values, "interrupting": int(interrupting)}
    node = builder.node(layout.WATCHER, element, values=values)
    builder.watch(host, node)
    return Ends(node, builder.split(element, node))


MEANING: Final = Meaning(_refuse, _lower)
