"""What throwing events do, in the middle of a way or at its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.diagram.model import Element, Part, Process
from engine.elements.meaning import event_definition
from engine.elements.triggers import code_of, words_of
from engine.kernel import layout

if TYPE_CHECKING:
    from engine.lowering import NetBuilder

__all__ = ["THROWN", "lower_throw", "undo_levels", "undone"]

THROWN: Final = (
    "messageEventDefinition",
    "signalEventDefinition",
    "escalationEventDefinition",
    "compensateEventDefinition",
)


def lower_throw(element: Element, builder: NetBuilder) -> tuple[int, int]:
    """The first and last node of what an event throws."""
    definition = event_definition(element)
    if definition is None:
        node = builder.node(layout.PASS, element)
        return node, node
    if definition.tag == "compensateEventDefinition":
        node = builder.node(layout.UNDO, element, values={"levels": undo_levels(element, builder.process)})
        wanted = undone(definition)
        if wanted:
            builder.later(lambda: builder.draft.nodes[node].values.update(undo=builder.entry_of(wanted)))
        return node, node
    if definition.tag in ("escalationEventDefinition", "errorEventDefinition"):
        catches = layout.ESCALATION if definition.tag.startswith("escalation") else layout.ERROR
        code = code_of(definition, builder.process)
        key = builder.key(catches, code if code is not None else f"without a code: {element.id}")
        node = builder.node(layout.ESCAPE, element, values={"catches": catches, "key": key})
        return node, node
    first = last = builder.node(layout.PASS, element)
    for number, (catches, key) in enumerate(words_of(element, builder)):
        word = builder.node(layout.THROW, element, f"word{number}", values={"catches": catches, "key": key})
        builder.connect(last, word)
        last = word
    return first, last


def undone(definition: Part) -> str | None:
    """The activity that a compensation is asked of; none: all that is done."""
    return definition.attributes.get("activityRef", "").rpartition(":")[2] or None


def undo_levels(element: Element, process: Process) -> int:
    """An event sub-process compensates what is done in the scope around it."""
    around = process.elements.get(element.scope)
    return int(around is not None and around.attributes.get("triggeredByEvent") == "true")
