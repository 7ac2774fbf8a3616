"""The parallel gateway: waits for a token on every way in, then sends one on every way out (BPMN 2.0.2, 13.4.1).

With several ways in and out it is a join followed by a fork.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from engine.diagram.model import Element, Process
from engine.elements.meaning import Ends, Meaning, refuse_conditional_flows
from engine.errors import Finding
from engine.kernel import layout

if TYPE_CHECKING:
    from engine.lowering import NetBuilder

__all__ = ["MEANING"]


def _refuse(element: Element, process: Process) -> Iterator[Finding]:
    return refuse_conditional_flows(element, process)


def _lower(element: Element, builder: NetBuilder) -> Ends:
    joins = len(builder.process.incoming(element.id)) > 1
    node = builder.node(layout.JOIN if joins else layout.PASS, element)
    return Ends(node, builder.split(element, node))


MEANING: Final = Meaning(_refuse, _lower)
