"""What the file of an element provides, and the pieces that several of them share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engine.diagram.model import Element, Part, Process
from engine.errors import Finding
from engine.kernel.layout import NONE

if TYPE_CHECKING:
    from engine.lowering import NetBuilder

__all__ = [
    "EVENT_DEFINITIONS",
    "NOWHERE",
    "Ends",
    "Meaning",
    "event_definition",
    "refuse_conditional_flows",
    "refuse_event_definitions",
    "refused",
]


@dataclass(frozen=True)
class Ends:
    """Where flows into an element lead, and where flows out of it begin: nodes of the net."""

    entry: int
    exit: int


NOWHERE: Final = Ends(NONE, NONE)  # of an element that no flow leads to or from, and that has no node of its own


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


def refused(code: str, element: Element, line: int | None = None, **values: object) -> Finding:
    """A finding about an element; the file is left open."""
    values = {"tag": element.tag, "label": element.label, **values}
    return Finding(f"element.{code}", values, line=line or element.line, element=element.id)


def refuse_event_definitions(element: Element, supported: tuple[str, ...]) -> Iterator[Finding]:
    """Refuse an event that is about something else, or about several things."""
    definitions = [part for part in element.parts if part.tag in EVENT_DEFINITIONS]
    for part in definitions:
        if part.tag not in supported:
            yield refused("unsupported_event", element, part.line, definition=part.tag)
    if len(definitions) > 1:
        yield refused("several_events", element)


def refuse_conditional_flows(element: Element, process: Process) -> Iterator[Finding]:
    """Refuse conditions and defaults on flows that leave what sends its tokens on every way out."""
    for flow in process.outgoing(element.id):
        if flow.condition is not None or element.attributes.get("default") == flow.id:
            yield refused("conditional_flow", element, flow.line, flow=flow.id)
