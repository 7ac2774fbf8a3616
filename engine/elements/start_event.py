"""None and timer start events: where the first token of a case, or of a sub-process, enters.

When a case starts is the scenario's business: its arrivals. A timer start event without arrivals in the scenario
gives them (a date, a cycle).
"""

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
    if element.scope != process.id and event_definition(element) is not None:
        values = {"tag": element.tag, "definition": "timerEventDefinition"}
        yield Finding("element.unsupported_event", values, line=element.line, element=element.id)
    first = next(e for e in process.inside(element.scope) if e.tag == element.tag)
    if first is not element:
        yield Finding("element.several_starts", {"first": first.id}, line=element.line, element=element.id)


def _lower(element: Element, builder: NetBuilder) -> Ends:
    node = builder.node(layout.PASS, element)
    builder.enter_at(element.scope, node)
    return Ends(node, builder.split(element, node))


MEANING: Final = Meaning(_refuse, _lower)
