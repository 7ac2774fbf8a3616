"""The BPMN elements: one file each, with all of its meaning: what is refused, and how it is lowered to the net.

To add an element, write a file with a `Meaning` and name its tags in `MEANINGS`; then draw its traces.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from engine.diagram.model import Element, Process
from engine.elements import (
    boundary_event,
    end_event,
    exclusive_gateway,
    intermediate_catch_event,
    parallel_gateway,
    start_event,
    sub_process,
    task,
)
from engine.elements.meaning import Meaning
from engine.errors import Finding

__all__ = ["ACTIVITIES", "MEANINGS", "meaning_of", "refusals"]

MEANINGS: Final[Mapping[str, Meaning]] = {
    "startEvent": start_event.MEANING,
    "endEvent": end_event.MEANING,
    "intermediateCatchEvent": intermediate_catch_event.MEANING,
    "boundaryEvent": boundary_event.MEANING,
    "exclusiveGateway": exclusive_gateway.MEANING,
    "parallelGateway": parallel_gateway.MEANING,
    "subProcess": sub_process.MEANING,
    **dict.fromkeys(task.TAGS, task.MEANING),
}

ACTIVITIES: Final = (*task.TAGS, "subProcess")


def meaning_of(element: Element) -> Meaning | None:
    """What an element means, or nothing if it is not supported."""
    return MEANINGS.get(element.tag)


def refusals(process: Process) -> list[Finding]:
    """Everything in a process that would not be run as it is drawn, each by name and line; the file is left open."""
    findings = []
    for element in process.elements.values():
        meaning = meaning_of(element)
        if meaning is None:
            findings.append(Finding("element.unsupported", {"tag": element.tag}, line=element.line, element=element.id))
        else:
            findings += meaning.refuse(element, process)
    return findings
