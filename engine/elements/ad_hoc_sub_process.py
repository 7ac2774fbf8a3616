"""The ad-hoc sub-process: its activities in no drawn order, all at once or one after the other (13.3.5).

Each activity without a flow into it is done once, with what flows lead on to from it: all together (the default),
or in document order. After each of them the completion condition is asked; when it holds, the others are cancelled,
or, with ``cancelRemainingInstances`` false, those begun are waited for.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from engine.diagram.model import Element, Process
from engine.diagram.namespaces import ACTIVITIES
from engine.elements.activity import lower_activity, marker_of, refuse_markers
from engine.elements.meaning import Ends, Meaning, refused
from engine.errors import Finding
from engine.expressions.compiling import REPEAT_WORDS, compile_condition
from engine.kernel import layout
from engine.kernel.layout import NONE

if TYPE_CHECKING:
    from engine.lowering import NetBuilder

__all__ = ["MEANING"]


def _refuse(element: Element, process: Process) -> Iterator[Finding]:
    yield from refuse_markers(element, process)
    if marker_of(element) is not None:
        yield refused("unsupported_marker", element, marker="multiInstanceLoopCharacteristics")
    for inner in process.inside(element.id):
        if inner.tag in ("startEvent", "endEvent"):
            yield refused("ad_hoc_event", inner)
        elif inner.tag.endswith("Gateway") and len(process.incoming(inner.id)) > 1:
            yield refused("ad_hoc_join", inner)
    if not _heads(element, process):
        yield refused("ad_hoc_empty", element)


def _heads(element: Element, process: Process) -> list[Element]:
    """What begins by itself."""
    return [
        inner
        for inner in process.inside(element.id)
        if inner.tag in ACTIVITIES
        and not process.incoming(inner.id)
        and "true" not in (inner.attributes.get("isForCompensation"), inner.attributes.get("triggeredByEvent"))
    ]


def _body(element: Element, builder: NetBuilder, definition: int, repeat: int) -> Ends:
    heads = _heads(element, builder.process)
    row = dict.fromkeys(layout.Repeat.__annotations__, 0)
    row |= {"number": NONE, "most": len(heads), "until": NONE, "share_at": NONE, "attempts": 1, "spread": 1}
    row["parallel"] = int(element.attributes.get("ordering", "Parallel").lower() != "sequential")
    row["cancels"] = int(element.attributes.get("cancelRemainingInstances", "true") != "false")
    condition = element.find("completionCondition")
    stated = builder.repeats.get(element.id)
    text = stated.until if stated is not None and stated.until else (condition.text if condition is not None else "")
    if text:
        row["until"] = builder.try_program(
            lambda: compile_condition(text, builder.attributes, REPEAT_WORDS), element.line, element.id
        )
    builder.draft.repeats.append(row)
    number = len(builder.draft.repeats) - 1
    inner = builder.definition_of(element.id)
    node = builder.node(layout.SCOPE, element, "", definition, {"inner": inner, "repeat": number})

    def enter() -> None:
        for head in heads:
            builder.enter_definition(inner, builder.entry_of(head.id))

    builder.later(enter)
    return Ends(node, node)


def _lower(element: Element, builder: NetBuilder) -> Ends:
    return lower_activity(element, builder, _body, is_scope=True)


MEANING: Final = Meaning(_refuse, _lower)
