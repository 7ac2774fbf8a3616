"""The intermediate timer event: the token waits for a time (BPMN 2.0.2, section 10.5.4)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from engine.diagram.model import Element, Process
from engine.elements.meaning import Ends, Meaning, event_definition, refuse_event_definitions
from engine.errors import Finding
from engine.kernel import layout

if TYPE_CHECKING:
    from engine.lowering import NetBuilder

__all__ = ["MEANING"]


def _refuse(element: Element, process: Process) -> Iterator[Finding]:
    yield from refuse_event_definitions(element, ("timerEventDefinition",))
    if event_definition(element) is None:
        values = {"tag": element.tag, "definition": "none"}
        yield Finding("element.unsupported_event", values, line=element.line, element=element.id)


def _lower(element: Element, builder: NetBuilder) -> Ends:
    node = builder.node(layout.TIMER, element)
    return Ends(node, builder.split(element, node))


MEANING: Final = Meaning(_refuse, _lower)
