"""The inclusive gateway (BPMN 2.0.2, section 13.4.3).

Joining, it waits while a token elsewhere can still reach a way in that has none, and cannot reach one that has.
Splitting, every way is taken whose condition holds, or whose chance in the scenario comes up; the default if none.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from engine.diagram.model import Element, Process
from engine.elements.meaning import Ends, Meaning, refused
from engine.errors import Finding
from engine.kernel import layout

if TYPE_CHECKING:
    from engine.lowering import NetBuilder

__all__ = ["MEANING", "lower_split", "refuse_too_many_ways"]


def refuse_too_many_ways(element: Element, process: Process) -> Iterator[Finding]:
    """The ways in are bits of one integer."""
    ways = len(process.incoming(element.id))
    if ways > layout.MOST_WAYS:
        yield refused("too_many_ways", element, ways=ways, most=layout.MOST_WAYS)


def lower_split(element: Element, builder: NetBuilder, node: int) -> int:
    """Where the flows out begin."""
    flows = builder.process.outgoing(element.id)
    if len(flows) < 2 and not any(flow.condition for flow in flows):
        return node
    if builder.draft.nodes[node].kind == layout.PASS:
        builder.draft.nodes[node].kind = layout.SOME
        some = node
    else:
        some = builder.node(layout.SOME, element, role="choice")
        builder.connect(node, some)
    builder.choose_some(element, some)
    return some


def _lower(element: Element, builder: NetBuilder) -> Ends:
    joins = len(builder.process.incoming(element.id)) > 1
    node = builder.node(layout.GATHER if joins else layout.PASS, element)
    return Ends(node, lower_split(element, builder, node))


MEANING: Final = Meaning(refuse_too_many_ways, _lower)
