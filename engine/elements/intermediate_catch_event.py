"""The intermediate timer event: the token waits for a time (BPMN 2.0.2, section 10.5.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.diagram.model import Element
from engine.elements.meaning import Ends, Meaning, refuse_all_but_timers
from engine.kernel import layout

if TYPE_CHECKING:
    from engine.lowering import NetBuilder

__all__ = ["MEANING"]


def _lower(element: Element, builder: NetBuilder) -> Ends:
    node = builder.node(layout.TIMER, element)
    return Ends(node, builder.split(element, node))


MEANING: Final = Meaning(refuse_all_but_timers, _lower)
