"""None and terminate end events.

A none end takes its token; the scope is complete when none is left. A terminate end ends its scope at once, and
whatever runs in it is cancelled (BPMN 2.0.2, section 13.5.6).
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
    return refuse_event_definitions(element, ("terminateEventDefinition",))


def _lower(element: Element, builder: NetBuilder) -> Ends:
    kind = layout.END if event_definition(element) is None else layout.TERMINATE
    node = builder.node(kind, element)
    return Ends(node, node)


MEANING: Final = Meaning(_refuse, _lower)
