"""The BPMN elements: one file each, with all of its meaning: what is refused, and how it is lowered to the net.

To add an element, write a file with a `Meaning` and name its tags in `MEANINGS`; then draw its traces.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from engine.diagram.model import Element, Process
from engine.elements import (
    ad_hoc_sub_process,
    boundary_event,
    call_activity,
    complex_gateway,
    end_event,
    event_based_gateway,
    exclusive_gateway,
    inclusive_gateway,
    intermediate_catch_event,
    intermediate_throw_event,
    parallel_gateway,
    process,
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
    "intermediateThrowEvent": intermediate_throw_event.MEANING,
    "boundaryEvent": boundary_event.MEANING,
    "exclusiveGateway": exclusive_gateway.MEANING,
    "parallelGateway": parallel_gateway.MEANING,
    "inclusiveGateway": inclusive_gateway.MEANING,
    "eventBasedGateway": event_based_gateway.MEANING,
    "complexGateway": complex_gateway.MEANING,
    "subProcess": sub_process.MEANING,
    "transaction": sub_process.MEANING,
    "adHocSubProcess": ad_hoc_sub_process.MEANING,
    "callActivity": call_activity.MEANING,
    "process": process.MEANING,
    **dict.fromkeys(task.TAGS, task.MEANING),
}

ACTIVITIES: Final = (*task.TAGS, "subProcess", "transaction", "adHocSubProcess", "callActivity")


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
