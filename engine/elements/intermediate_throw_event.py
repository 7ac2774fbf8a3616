"""Intermediate throw events: none, message, signal, escalation, compensation, and the near end of a link (10.5.4)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from engine.diagram.model import Element, Process
from engine.elements.compensation import refuse_undo
from engine.elements.intermediate_catch_event import link_of
from engine.elements.meaning import Ends, Meaning, refuse_event_definitions, refused
from engine.elements.throwing import THROWN, lower_throw
from engine.errors import Finding
from engine.kernel import layout

if TYPE_CHECKING:
    from engine.lowering import NetBuilder

__all__ = ["MEANING"]


def _refuse(element: Element, process: Process) -> Iterator[Finding]:
    yield from refuse_event_definitions(element, (*THROWN, "linkEventDefinition"))
    yield from refuse_undo(element, process)
    if link_of(element) is not None:
        if _far_end(element, process) is None:
            yield refused("link_open", element, name=link_of(element))
        if process.outgoing(element.id):
            yield refused("link_with_flow", element)


def _far_end(element: Element, process: Process) -> Element | None:
    name = link_of(element)
    catching = (e for e in process.inside(element.scope) if e.tag == "intermediateCatchEvent")
    return next((e for e in catching if link_of(e) == name), None)


def _lower(element: Element, builder: NetBuilder) -> Ends:
    if link_of(element) is not None:
        far = _far_end(element, builder.process)
        assert far is not None  # refused before
        node = builder.node(layout.PASS, element)
        builder.connect_to(node, far.id)
        return Ends(node, node)
    first, last = lower_throw(element, builder)
    return Ends(first, builder.split(element, last))


MEANING: Final = Meaning(_refuse, _lower)
