"""The boundary timer: armed while its activity waits; interrupting (the default) or not.

When it fires, an interrupting one cancels the activity and takes its place; another one starts a token beside it.
An activity that ends at the same instant wins (BPMN 2.0.2, section 10.5.4; the order of events is ours).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.diagram.model import Element
from engine.elements.meaning import Ends, Meaning, refuse_all_but_timers
from engine.kernel import layout

if TYPE_CHECKING:
    from engine.lowering import NetBuilder

__all__ = ["MEANING"]


def _lower(element: Element, builder: NetBuilder) -> Ends:
    interrupting = element.attributes.get("cancelActivity", "true") != "false"
    node = builder.node(layout.WATCHER, element, interrupting=int(interrupting))
    builder.watch(element.attributes["attachedToRef"], node)
    return Ends(node, builder.split(element, node))


MEANING: Final = Meaning(refuse_all_but_timers, _lower)
