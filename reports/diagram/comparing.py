"""What a reform did to each element of a diagram, told by the ids that both diagrams share.

An element that only the first diagram has was removed, one that only the second has was added. One that stands
inside a sub-process after the reform, and did not before, was merged into that block with others; one that went
to another lane was moved. Gateways and events without a name of their own are plumbing and are not marked.
"""

from __future__ import annotations

from engine.diagram.model import Process
from engine.diagram.namespaces import ACTIVITIES
from reports.diagram.look import Mark

__all__ = ["marks_between"]


def marks_between(before: Process, after: Process) -> tuple[dict[str, Mark], dict[str, Mark]]:
    """The marks on the first diagram and on the second."""
    old = {element.id: element for element in before.elements.values() if element.tag in ACTIVITIES}
    new = {element.id: element for element in after.elements.values() if element.tag in ACTIVITIES}
    on_before: dict[str, Mark] = {element: "removed" for element in old if element not in new}
    on_after: dict[str, Mark] = {element: "added" for element in new if element not in old}
    for element in new.keys() & old.keys():
        into = new[element].scope
        if into in new and into not in old and old[element].scope != into:
            on_before[element] = on_after[element] = "merged"
        elif _lane(after, new[element].lane) != _lane(before, old[element].lane):
            on_before[element] = on_after[element] = "moved"
    return on_before, on_after


def _lane(process: Process, lane: str | None) -> str:
    """The id of a lane; nothing where there is none."""
    return lane if lane and lane in process.lanes else ""
