"""What the file of an element provides, and the pieces that several of them share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engine.diagram.model import Element, Part, Process
from engine.errors import Finding

if TYPE_CHECKING:
    from engine.lowering import NetBuilder

__all__ = [
    "Ends",
    "Meaning",
    "event_definition",
    "refuse_all_but_timers",
    "refuse_conditional_flows",
    "refuse_event_definitions",
]


@dataclass(frozen=True)
class Ends:
    """Where flows into an element lead, and where flows out of it begin: nodes of the net."""

    entry: int
    exit: int


@dataclass(frozen=True)
class Meaning:
    """All that an element means.

    Args:
        refuse: Says what of it is not run as drawn.
        lower: Adds its nodes to the net; flows are connected afterwards.
    """

    refuse: Callable[[Element, Process], Iterator[Finding]]
    lower: Callable[[Element, NetBuilder], Ends]


EVENT_DEFINITIONS: Final = (
    "cancelEventDefinition",
    "compensateEventDefinition",
    "conditionalEventDefinition",
    "errorEventDefinition",
    "escalationEventDefinition",
    "linkEventDefinition",
    "messageEventDefinition",
    "signalEventDefinition",
    "terminateEventDefinition",
    "timerEventDefinition",
    "eventDefinitionRef",
)


def event_definition(element: Element) -> Part | None:
    """What an event is about; None for a none event."""
    return next((part for part in element.parts if part.tag in EVENT_DEFINITIONS), None)


def refuse_event_definitions(element: Element, supported: tuple[str, ...]) -> Iterator[Finding]:
    """Refuse an event that is about something else, or about several things."""
    definitions = [part for part in element.parts if part.tag in EVENT_DEFINITIONS]
    for part in definitions:
        if part.tag not in supported:
            values = {"tag": element.tag, "definition": part.tag}
            yield Finding("element.unsupported_event", values, line=part.line, element=element.id)
    if len(definitions) > 1:
        yield Finding("element.several_events", {"tag": element.tag}, line=element.line, element=element.id)


def refuse_all_but_timers(element: Element, process: Process) -> Iterator[Finding]:
    """Refuse an event that catches anything but a timer, or nothing."""
    yield from refuse_event_definitions(element, ("timerEventDefinition",))
    if event_definition(element) is None:
        values = {"tag": element.tag, "definition": "none"}
        yield Finding("element.unsupported_event", values, line=element.line, element=element.id)


def refuse_conditional_flows(element: Element, process: Process) -> Iterator[Finding]:
    """Refuse conditions and defaults on flows that leave anything but a gateway that chooses."""
    for flow in process.outgoing(element.id):
        if flow.condition is not None or element.attributes.get("default") == flow.id:
            values = {"tag": element.tag, "flow": flow.id}
            yield Finding("element.conditional_flow", values, line=flow.line, element=element.id)
