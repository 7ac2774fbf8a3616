"""Start events: where the first token of a case, of a sub-process, or of an event sub-process enters.

When a case starts is the scenario's business: its arrivals. Of several starts of a process the scenario says the
shares. A timer start event without arrivals in the scenario gives them (a date, a cycle). The start of an event
sub-process is armed while the scope around it runs (BPMN 2.0.2, section 13.5.4). A participant that a message of
another one starts is armed like that too.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from engine.diagram.model import Element, Process
from engine.elements.meaning import Ends, Meaning, event_definition, refuse_event_definitions, refused
from engine.elements.triggers import WAITED_FOR, comes_from_outside, refuse_endless_cycle, trigger_of
from engine.errors import Finding
from engine.kernel import layout

if TYPE_CHECKING:
    from engine.lowering import NetBuilder

__all__ = ["MEANING"]

_OF_EVENTS: Final = (*WAITED_FOR, "errorEventDefinition", "escalationEventDefinition")


def _refuse(element: Element, process: Process) -> Iterator[Finding]:
    around = process.elements.get(element.scope)
    others = [e for e in process.inside(element.scope) if e.tag == element.tag]
    if around is None or around.tag == "process":
        yield from refuse_event_definitions(element, WAITED_FOR)
    elif around.attributes.get("triggeredByEvent") == "true":
        yield from _refuse_of_event(element, others)
    else:
        yield from refuse_event_definitions(element, ())
        if others[0] is not element:
            yield refused("several_starts", element, first=others[0].id)


def _refuse_of_event(element: Element, others: list[Element]) -> Iterator[Finding]:
    yield from refuse_event_definitions(element, _OF_EVENTS)
    yield from refuse_endless_cycle(element)
    definition = event_definition(element)
    if definition is None:
        yield refused("unsupported_event", element, definition="none")
    elif definition.tag == "errorEventDefinition" and element.attributes.get("isInterrupting") == "false":
        yield refused("always_interrupting", element, definition=definition.tag)
    if others[0] is not element:
        yield refused("several_starts", element, first=others[0].id)


def _lower(element: Element, builder: NetBuilder) -> Ends:
    process = builder.process
    around = process.elements.get(element.scope)
    node = builder.node(layout.PASS, element)
    if around is not None and around.attributes.get("triggeredByEvent") == "true":
        interrupting = element.attributes.get("isInterrupting", "true") != "false"
        _arm(element, around, int(interrupting), builder)
        builder.enter_at(element.scope, node)
    elif is_called(element, process):
        assert around is not None
        _arm(element, around, 0, builder)
        builder.enter_at(element.scope, node)
    else:
        builder.starts(element.scope, element)
    return Ends(node, builder.split(element, node))


def is_called(element: Element, process: Process) -> bool:
    """Whether a message or signal of another participant starts this one."""
    around = process.elements.get(element.scope)
    definition = event_definition(element)
    participates = around is not None and around.tag == "process" and around.scope == process.id
    words = ("messageEventDefinition", "signalEventDefinition")
    return (
        participates and definition is not None and definition.tag in words and not comes_from_outside(element, process)
    )


def _arm(element: Element, around: Element, interrupting: int, builder: NetBuilder) -> None:
    values = {**trigger_of(element, builder).values, "interrupting": interrupting}
    inside = builder.definition_of(around.scope)
    watcher = builder.node(layout.WATCHER, element, role="trigger", definition=inside, values=values)
    builder.watch_scope(around.scope, watcher)
    builder.connect_to(watcher, around.id)


MEANING: Final = Meaning(_refuse, _lower)
