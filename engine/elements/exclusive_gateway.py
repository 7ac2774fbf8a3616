"""The exclusive gateway: every token that comes in goes out by one way (BPMN 2.0.2, section 13.4.2).

Which way is chosen by shares or by conditions of the scenario, else by the conditions in the diagram.
With one way out it only merges.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from engine.diagram.model import Element, Process
from engine.elements.meaning import Ends, Meaning
from engine.errors import Finding
from engine.kernel import layout

if TYPE_CHECKING:
    from engine.lowering import NetBuilder

__all__ = ["MEANING"]


def _refuse(element: Element, process: Process) -> Iterator[Finding]:
    return iter(())


def _lower(element: Element, builder: NetBuilder) -> Ends:
    chooses = len(builder.process.outgoing(element.id)) > 1
    node = builder.node(layout.ROUTE if chooses else layout.PASS, element)
    if chooses:
        builder.choose(element, node)
    return Ends(node, node)


MEANING: Final = Meaning(_refuse, _lower)
