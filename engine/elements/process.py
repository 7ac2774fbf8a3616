"""Further processes of a diagram: participants of a collaboration, and what call activities call.

A participant is a scope of its own beside the others: it begins with the case, or when a message or signal of
another participant starts it, as often as that comes. What is called has no node of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from engine.diagram.model import Element, Process
from engine.elements.meaning import NOWHERE, Ends, Meaning
from engine.elements.start_event import is_called
from engine.errors import Finding
from engine.kernel import layout

if TYPE_CHECKING:
    from engine.lowering import NetBuilder

__all__ = ["MEANING"]


def _refuse(element: Element, process: Process) -> Iterator[Finding]:
    return iter(())


def _lower(element: Element, builder: NetBuilder) -> Ends:
    process = builder.process
    if element.scope != process.id or not process.is_collaboration:
        return NOWHERE
    inner = builder.definition_of(element.id)
    builder.draft.definitions[inner].outermost = 1
    node = builder.node(layout.SCOPE, element, values={"inner": inner})
    starts = [e for e in process.inside(element.id) if e.tag == "startEvent"]
    if not starts or not all(is_called(start, process) for start in starts):
        builder.starts(process.id, element)
    return Ends(node, node)


MEANING: Final = Meaning(_refuse, _lower)
