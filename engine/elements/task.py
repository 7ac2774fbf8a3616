"""Tasks of every kind: somebody or something is busy with the case for a time that the scenario states.

The kind (user, manual, service, script, ...) says who or what does it; time and people come from the scenario
(BPMN 2.0.2, section 10.3.3), so in the net they are one primitive. A send task says its message when it is done.
A receive task waits for a message that something in the diagram sends; one that nobody there sends comes from
outside, after the time that the scenario states for the task.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from engine.diagram.model import Element, Process
from engine.elements.activity import lower_activity, refuse_markers
from engine.elements.meaning import Ends, Meaning, refused
from engine.elements.racing import lower_racer, races, refuse_racer
from engine.elements.triggers import comes_from_outside, trigger_of, words_of
from engine.errors import Finding
from engine.kernel import layout

if TYPE_CHECKING:
    from engine.lowering import NetBuilder

__all__ = ["MEANING", "TAGS"]

TAGS: Final = (
    "task",
    "userTask",
    "manualTask",
    "serviceTask",
    "scriptTask",
    "businessRuleTask",
    "sendTask",
    "receiveTask",
)


def _refuse(element: Element, process: Process) -> Iterator[Finding]:
    yield from refuse_markers(element, process)
    if element.attributes.get("instantiate") == "true" and process.incoming(element.id):
        yield refused("unsupported_marker", element, marker="instantiate")
    if element.tag == "receiveTask":
        yield from refuse_racer(element, process)


def _body(element: Element, builder: NetBuilder, definition: int, repeat: int) -> Ends:
    if element.tag == "receiveTask" and not comes_from_outside(element, builder.process):
        node = builder.node(layout.WAIT, element, definition=definition, values=trigger_of(element, builder).values)
    else:
        node = builder.node(layout.ACTIVITY, element, definition=definition)
    last = node
    for catches, key in words_of(element, builder) if element.tag == "sendTask" else ():
        word = builder.node(layout.THROW, element, f"word{key}", definition, {"catches": catches, "key": key})
        builder.connect(last, word)
        last = word
    return Ends(node, last)


def _lower(element: Element, builder: NetBuilder) -> Ends:
    if element.tag == "receiveTask" and races(element, builder.process):
        return lower_racer(element, builder)
    if element.attributes.get("instantiate") == "true":
        builder.starts(element.scope, element)
    return lower_activity(element, builder, _body, is_scope=False)


MEANING: Final = Meaning(_refuse, _lower)
