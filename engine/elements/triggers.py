"""What events are about: what a catching one waits for, and what a throwing one says.

A message, or signal, that something in the diagram sends is waited for inside the kernel. One that nobody in the
diagram sends comes from outside, after a time that the scenario states: it is a wait for a moment, like a timer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engine.calendars.durations import TimeTextError, iso_cycle
from engine.diagram.model import Element, Part, Process
from engine.elements.meaning import event_definition, refused
from engine.errors import Finding
from engine.expressions.compiling import compile_condition
from engine.kernel import layout
from engine.kernel.layout import NONE

if TYPE_CHECKING:
    from engine.lowering import NetBuilder

__all__ = [
    "WAITED_FOR",
    "Trigger",
    "comes_from_outside",
    "messages_sent",
    "refuse_endless_cycle",
    "trigger_of",
    "words_of",
]

WAITED_FOR: Final = (
    "timerEventDefinition",
    "messageEventDefinition",
    "signalEventDefinition",
    "conditionalEventDefinition",
)

_THROWS: Final = ("intermediateThrowEvent", "endEvent", "sendTask")


@dataclass(frozen=True)
class Trigger:
    """What a catching node of the net waits for: columns of `engine.kernel.layout.Node`."""

    catches: int
    key: int = NONE
    program: int = NONE
    turns: int = 0

    @property
    def values(self) -> dict[str, int]:
        """As columns."""
        return {"catches": self.catches, "key": self.key, "program": self.program, "turns": self.turns}


def trigger_of(element: Element, builder: NetBuilder) -> Trigger:
    """What a catching event, or a receive task, waits for."""
    definition = event_definition(element)
    tag = definition.tag if definition is not None else "messageEventDefinition"
    if tag == "conditionalEventDefinition":
        text = _condition_text(definition)
        program = builder.try_program(lambda: compile_condition(text, builder.attributes), element.line, element.id)
        return Trigger(layout.CONDITION, program=program)
    if tag in ("errorEventDefinition", "escalationEventDefinition"):
        catches = layout.ERROR if tag.startswith("error") else layout.ESCALATION
        return Trigger(catches, builder.key(catches, code_of(definition, builder.process)))
    if tag == "cancelEventDefinition":
        return Trigger(layout.CANCELLATION)
    if comes_from_outside(element, builder.process):
        return Trigger(layout.TIME, turns=turns_of(definition) if tag == "timerEventDefinition" else 1)
    if tag == "signalEventDefinition":
        return Trigger(layout.SIGNAL, builder.key(layout.SIGNAL, name_of(definition, "signalRef", builder.process)))
    return Trigger(layout.MESSAGE, builder.key(layout.MESSAGE, _channel(element, builder.process)))


def comes_from_outside(element: Element, process: Process) -> bool:
    """Whether a catching event waits for a moment: a timer, or a word that nobody in the diagram says."""
    definition = event_definition(element)
    if definition is not None and definition.tag == "timerEventDefinition":
        return True
    if definition is not None and definition.tag == "signalEventDefinition":
        return name_of(definition, "signalRef", process) not in _signals_thrown(process)
    if definition is None or definition.tag == "messageEventDefinition":
        return _channel(element, process) not in messages_sent(process)
    return False


def words_of(element: Element, builder: NetBuilder) -> list[tuple[int, int]]:
    """What a throwing element says: kinds and keys; nothing if nobody in the diagram listens."""
    process = builder.process
    definition = event_definition(element)
    if definition is not None and definition.tag == "signalEventDefinition":
        return [(layout.SIGNAL, builder.key(layout.SIGNAL, name_of(definition, "signalRef", process)))]
    heard = {_channel(e, process) for e in process.elements.values() if _catches_message(e)}
    channels = [channel for channel in _channels(element, process) if channel in heard]
    return [(layout.MESSAGE, builder.key(layout.MESSAGE, channel)) for channel in channels]


def name_of(part: Part | None, reference: str, process: Process) -> str:
    """The name of what an event refers to; its id where it has none, and a name of its own where nothing is named."""
    ref = part.attributes.get(reference, "") if part is not None else ""
    local = ref.rpartition(":")[2]
    root = process.references.get(ref) or process.references.get(local)
    return (root.attributes.get("name") if root else None) or local


def code_of(part: Part | None, process: Process) -> str | None:
    """The code of an error or escalation; none where the event catches any."""
    assert part is not None
    ref = part.attributes.get("errorRef") or part.attributes.get("escalationRef") or ""
    local = ref.rpartition(":")[2]
    root = process.references.get(ref) or process.references.get(local)
    if root is None:
        return local or None
    return root.attributes.get("errorCode") or root.attributes.get("escalationCode") or local


def turns_of(part: Part | None) -> int:
    """How often a timer fires while nothing stops it: once, or as often as its cycle says."""
    cycle = part.find("timeCycle") if part is not None else None
    if cycle is None:
        return 1
    try:
        times = iso_cycle(cycle.text)[0]
    except TimeTextError:
        return 1
    return 1 if times is None else max(1, times)


def refuse_endless_cycle(element: Element) -> Iterator[Finding]:
    """Refuse a timer inside a case that fires for ever."""
    definition = event_definition(element)
    cycle = definition.find("timeCycle") if definition is not None else None
    if cycle is None:
        return
    try:
        if iso_cycle(cycle.text)[0] is None:
            yield refused("endless_cycle", element, cycle.line, text=cycle.text)
    except TimeTextError as error:
        yield Finding(error.code, error.values, line=cycle.line, element=element.id)


def messages_sent(process: Process) -> frozenset[str]:
    """The channels on which something in the diagram sends."""

    def find() -> frozenset[str]:
        throwing = [element for element in process.elements.values() if element.tag in _THROWS]
        return frozenset(channel for element in throwing for channel in _channels(element, process))

    return process.remember("messages_sent", find)


def _signals_thrown(process: Process) -> frozenset[str]:
    def find() -> frozenset[str]:
        thrown = set()
        for element in process.elements.values():
            definition = event_definition(element)
            if element.tag in _THROWS and definition is not None and definition.tag == "signalEventDefinition":
                thrown.add(name_of(definition, "signalRef", process))
        return frozenset(thrown)

    return process.remember("signals_thrown", find)


def _catches_message(element: Element) -> bool:
    definition = event_definition(element)
    if element.tag == "receiveTask":
        return True
    return (
        element.tag in ("startEvent", "intermediateCatchEvent", "boundaryEvent")
        and definition is not None
        and definition.tag == "messageEventDefinition"
    )


def _message(element: Element, process: Process) -> str:
    definition = event_definition(element)
    if definition is not None and definition.tag == "messageEventDefinition":
        return name_of(definition, "messageRef", process)
    return name_of(Part("", 0, {"messageRef": element.attributes.get("messageRef", "")}, ""), "messageRef", process)


def _channel(element: Element, process: Process) -> str:
    """What a catching element listens on: its own message flow, else its message."""
    if any(flow.target == element.id and flow.source in process.elements for flow in process.message_flows):
        return f"to {element.id}"
    return f"message {_message(element, process)}"


def _channels(element: Element, process: Process) -> list[str]:
    """What a throwing element sends on: its message flows, else its message, if it has one."""
    drawn = [flow for flow in process.message_flows if flow.source == element.id]
    if drawn:
        return [f"to {flow.target}" for flow in drawn if flow.target in process.elements]
    definition = event_definition(element)
    sends = element.tag == "sendTask" or (definition is not None and definition.tag == "messageEventDefinition")
    name = _message(element, process) if sends else ""
    return [f"message {name}"] if name else []


def _condition_text(part: Part | None) -> str:
    condition = part.find("condition") if part is not None else None
    return condition.text if condition is not None else ""
