"""The call activity: another process runs in its place (BPMN 2.0.2, section 13.3.4).

The process stands in the same file or in another diagram; the reader has put it beside the calling one. All calls of
a process share one definition.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from engine.diagram.model import Element, Process
from engine.elements.activity import lower_activity, refuse_markers
from engine.elements.meaning import Ends, Meaning, refused
from engine.errors import Finding
from engine.kernel import layout

if TYPE_CHECKING:
    from engine.lowering import NetBuilder

__all__ = ["MEANING", "called"]


def called(element: Element) -> str:
    """The id of the process that a call activity calls."""
    return element.attributes.get("calledElement", "").strip().rpartition(":")[2]


def _refuse(element: Element, process: Process) -> Iterator[Finding]:
    yield from refuse_markers(element, process)
    name = called(element)
    target = process.elements.get(name)
    if name != process.id and (target is None or target.tag != "process"):
        yield refused("call_missing", element, name=name or "-")
        return
    chain = _recursion(element, process)
    if chain:
        yield refused("call_recursion", element, chain=" → ".join(chain))


def _recursion(element: Element, process: Process) -> list[str]:
    """The processes on a way of calls back to the one that the call stands in; empty if there is none."""
    home = process.process_of(element.id)
    first = called(element)
    came: dict[str, str] = {first: home}
    work = [first]
    while work:
        name = work.pop()
        if name == home:
            chain = [home]
            while came[chain[-1]] != home:
                chain.append(came[chain[-1]])
            return [home, *reversed(chain)]
        for inner in process.calls(name):
            target = called(inner)
            if target not in came:
                came[target] = name
                work.append(target)
    return []


def _body(element: Element, builder: NetBuilder, definition: int, repeat: int) -> Ends:
    inner = builder.definition_of(called(element))
    node = builder.node(layout.SCOPE, element, "", definition, {"inner": inner, "repeat": repeat})
    return Ends(node, node)


def _lower(element: Element, builder: NetBuilder) -> Ends:
    return lower_activity(element, builder, _body, is_scope=True)


MEANING: Final = Meaning(_refuse, _lower)
