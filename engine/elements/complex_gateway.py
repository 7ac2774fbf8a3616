"""The complex gateway whose condition is about how many ways in have a token (BPMN 2.0.2, section 13.4.5).

It fires as soon as its activation condition holds, once; then it waits to be reset: it takes the tokens that still
come on the other ways, as far as an inclusive join would expect them, and sends nothing out for them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from engine.diagram.model import Element, Process
from engine.elements.inclusive_gateway import lower_split, refuse_too_many_ways
from engine.elements.meaning import Ends, Meaning, refused
from engine.errors import Finding
from engine.expressions.compiling import COUNT_WORDS, compile_condition
from engine.kernel import layout

if TYPE_CHECKING:
    from engine.lowering import NetBuilder

__all__ = ["MEANING"]


def _refuse(element: Element, process: Process) -> Iterator[Finding]:
    yield from refuse_too_many_ways(element, process)
    condition = element.find("activationCondition")
    if len(process.incoming(element.id)) > 1 and (condition is None or not condition.text):
        yield refused("no_activation", element)


def _lower(element: Element, builder: NetBuilder) -> Ends:
    condition = element.find("activationCondition")
    if len(builder.process.incoming(element.id)) < 2 or condition is None:
        node = builder.node(layout.PASS, element)
        return Ends(node, lower_split(element, builder, node))
    program = builder.try_program(
        lambda: compile_condition(condition.text, builder.attributes, COUNT_WORDS), condition.line, element.id
    )
    node = builder.node(layout.COUNT, element, values={"program": program})
    return Ends(node, lower_split(element, builder, node))


MEANING: Final = Meaning(_refuse, _lower)
