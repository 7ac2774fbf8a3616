"""The embedded sub-process: a token waits while its inside runs; it goes on when no token is left inside.

BPMN 2.0.2, section 13.3.4. Boundary events watch the waiting token.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from engine.diagram.model import Element, Process
from engine.elements.meaning import Ends, Meaning, refuse_conditional_flows
from engine.elements.task import refuse_markers
from engine.errors import Finding
from engine.kernel import layout

if TYPE_CHECKING:
    from engine.lowering import NetBuilder

__all__ = ["MEANING"]


def _refuse(element: Element, process: Process) -> Iterator[Finding]:
    yield from refuse_markers(element)
    yield from refuse_conditional_flows(element, process)
    if element.attributes.get("triggeredByEvent") == "true":
        values = {"tag": element.tag, "marker": "triggeredByEvent"}
        yield Finding("element.unsupported_marker", values, line=element.line, element=element.id)


def _lower(element: Element, builder: NetBuilder) -> Ends:
    node = builder.node(layout.SCOPE, element, inner=builder.definition_of(element.id))
    return Ends(node, builder.split(element, node))


MEANING: Final = Meaning(_refuse, _lower)
