"""What all activities share: markers for loops and several instances, compensation, batches, flows out.

A task that is repeated, or waits for a batch, is drawn into a scope of its own; a sub-process is one already. The
token waits outside as host, so that boundary events watch over all of it (BPMN 2.0.2, 13.3.6, 13.3.7).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final, TypeAlias

from engine.diagram.model import Element, Part, Process
from engine.elements.meaning import NOWHERE, Ends, refused
from engine.errors import Finding
from engine.expressions.compiling import REPEAT_WORDS, Program, compile_condition, compile_number
from engine.kernel import conditions as op
from engine.kernel import layout
from engine.kernel.layout import NONE
from engine.net import Repetition

if TYPE_CHECKING:
    from engine.lowering import NetBuilder

__all__ = ["MARKERS", "Body", "lower_activity", "marker_of", "refuse_markers", "repeat_row"]

Body: TypeAlias = "Callable[[Element, NetBuilder, int, int], Ends]"
"""Adds the nodes of one instance to a scope: element, builder, number of the scope, row of its repetition or NONE."""

MARKERS: Final = ("multiInstanceLoopCharacteristics", "standardLoopCharacteristics")

_UNREAD: Final = ("oneBehaviorEventRef", "noneBehaviorEventRef")


def marker_of(element: Element) -> Part | None:
    """The loop or multi-instance marker of an activity."""
    return next((part for part in element.parts if part.tag in MARKERS), None)


def refuse_markers(element: Element, process: Process) -> Iterator[Finding]:
    """Refuse markers that would not be run as drawn."""
    marker = marker_of(element)
    if marker is not None:
        if marker.attributes.get("behavior", "All") != "All":
            yield refused("unsupported_marker", element, marker.line, marker="behavior")
        for part in marker.parts:
            if part.tag in (*_UNREAD, "complexBehaviorDefinition"):
                yield refused("unsupported_marker", element, part.line, marker=part.tag)
    if element.attributes.get("isForCompensation") == "true":
        if process.outgoing(element.id) or process.incoming(element.id):
            yield refused("handler_with_flows", element)
        if not any(association.target == element.id for association in process.associations):
            yield refused("handler_unused", element)


def lower_activity(element: Element, builder: NetBuilder, body: Body, is_scope: bool) -> Ends:
    """Add an activity with everything around it.

    Args:
        is_scope: Its body is a scope, which can be repeated as it is.
    """
    handles = element.attributes.get("isForCompensation") == "true"
    definition = builder.new_definition() if handles else builder.definition_of(element.scope)
    repeat = repeat_row(element, builder)
    waits = element.id in builder.batched
    if waits or (repeat != NONE and not is_scope):
        inside = builder.new_definition()
        node = builder.node(layout.SCOPE, element, "instances", definition, {"inner": inside, "repeat": repeat})
        ends = body(element, builder, inside, NONE)
        builder.assign(element, ends.entry)
        first = ends.entry
        if waits:
            first = builder.node(layout.TIMER, element, role="batch", definition=inside)
            builder.connect(first, ends.entry)
        builder.enter_definition(inside, first)
        ends = Ends(node, node)
    else:
        ends = body(element, builder, definition, repeat)
        builder.assign(element, ends.entry)
    if handles:
        builder.enter_definition(definition, ends.entry)
        builder.handle(element.id, definition)
        return NOWHERE
    return Ends(ends.entry, builder.split(element, ends.exit, definition))


def repeat_row(element: Element, builder: NetBuilder) -> int:
    """The row of an activity's repetition, from its marker and what the scenario says; NONE if it has no marker."""
    marker = marker_of(element)
    if marker is None:
        return NONE
    stated = builder.repeats.get(element.id, Repetition())
    row = dict.fromkeys(layout.Repeat.__annotations__, 0)
    row |= {"number": NONE, "most": NONE, "until": NONE, "share_at": NONE, "attempts": 1, "cancels": 1}
    if marker.tag == "standardLoopCharacteristics":
        row["first"] = int(marker.attributes.get("testBefore") == "true")
        _limit_loop(element, marker, stated, row, builder)
    else:
        row["parallel"] = int(marker.attributes.get("isSequential") != "true")
        _count_instances(element, marker, stated, row, builder)
    builder.draft.repeats.append(row)
    number = len(builder.draft.repeats) - 1
    if stated.again:
        builder.draft.repeat_shares[number] = stated.again
    return number


def _limit_loop(element: Element, marker: Part, stated: Repetition, row: dict[str, int], builder: NetBuilder) -> None:
    """The loop goes on while its condition holds (table 10.26), at most as often as its maximum says."""
    maximum = marker.attributes.get("loopMaximum")
    if maximum is not None:
        if not maximum.isdigit() or int(maximum) > layout.MOST_INSTANCES:
            builder.complain("element.loop_maximum", {"text": maximum, "most": layout.MOST_INSTANCES}, element)
            return
        row["most"] = int(maximum)
    drawn = marker.find("loopCondition")
    if stated.until is not None:
        row["until"] = _condition(element, stated.until, builder)
    elif stated.again:
        return
    elif drawn is not None and drawn.text:
        text = drawn.text
        row["until"] = builder.try_program(
            lambda: (*compile_condition(text, builder.attributes, REPEAT_WORDS), (op.NOT, 0.0)), drawn.line, element.id
        )
    elif maximum is None:
        builder.complain("element.loop_open", {}, element)


def _count_instances(
    element: Element, marker: Part, stated: Repetition, row: dict[str, int], builder: NetBuilder
) -> None:
    """The number of instances, and the condition that ends them early (tables 10.28, 10.29)."""
    drawn = marker.find("loopCardinality")
    text = stated.instances if stated.instances is not None else (drawn.text if drawn is not None else None)
    if text is None or text == "":
        builder.complain("element.instances_open", {}, element)
        return
    number = str(text)

    def make() -> Program:
        return compile_number(number, builder.attributes)

    row["number"] = builder.try_program(make, drawn.line if drawn is not None else element.line, element.id)
    ends = marker.find("completionCondition")
    if stated.until is not None:
        row["until"] = _condition(element, stated.until, builder)
    elif ends is not None and ends.text:
        row["until"] = _condition(element, ends.text, builder)


def _condition(element: Element, text: str, builder: NetBuilder) -> int:
    return builder.try_program(
        lambda: compile_condition(text, builder.attributes, REPEAT_WORDS), element.line, element.id
    )
