"""Intermediate catch events: timer, message, signal, condition, and the far end of a link (BPMN 2.0.2, 10.5.4)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from engine.diagram.model import Element, Process
from engine.elements.meaning import Ends, Meaning, event_definition, refuse_event_definitions, refused
from engine.elements.racing import lower_racer, races, refuse_racer
from engine.elements.triggers import WAITED_FOR, refuse_endless_cycle, trigger_of
from engine.errors import Finding
from engine.kernel import layout

if TYPE_CHECKING:
    from engine.lowering import NetBuilder

__all__ = ["MEANING"]


def _refuse(element: Element, process: Process) -> Iterator[Finding]:
    yield from refuse_event_definitions(element, (*WAITED_FOR, "linkEventDefinition"))
    definition = event_definition(element)
    if definition is None:
        yield refused("unsupported_event", element, definition="none")
    elif definition.tag == "linkEventDefinition":
        same = [e for e in process.inside(element.scope) if e.tag == element.tag and link_of(e) == link_of(element)]
        if same[0] is not element:
            yield refused("link_twice", element, name=link_of(element), first=same[0].label)
        if process.incoming(element.id):
            yield refused("link_with_flow", element)
    yield from refuse_endless_cycle(element)
    yield from refuse_racer(element, process)


def link_of(element: Element) -> str | None:
    """The name of the link that an event throws or catches; None if it is about something else."""
    definition = event_definition(element)
    if definition is None or definition.tag != "linkEventDefinition":
        return None
    return definition.attributes.get("name", "")


def _lower(element: Element, builder: NetBuilder) -> Ends:
    if races(element, builder.process):
        return lower_racer(element, builder)
    if link_of(element) is not None:
        node = builder.node(layout.PASS, element)
    else:
        trigger = trigger_of(element, builder)
        kind = layout.TIMER if trigger.catches == layout.TIME else layout.WAIT
        node = builder.node(kind, element, values=trigger.values)
    return Ends(node, builder.split(element, node))


MEANING: Final = Meaning(_refuse, _lower)
