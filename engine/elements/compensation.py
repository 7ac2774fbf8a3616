"""Compensation: which handlers undo which activities (BPMN 2.0.2, section 13.5.5).

A boundary event with a compensation is no watcher: when its activity is over, its handler is remembered in the
scope, and a throwing event runs what is remembered, last first. What is done inside a completed sub-process can be
undone from outside, unless the sub-process has a handler of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagram.model import Element, Process
from engine.elements.meaning import event_definition, refused
from engine.elements.throwing import undone
from engine.errors import Finding

__all__ = ["compensates", "handler_of", "refuse_boundary", "refuse_undo"]


def compensates(element: Element) -> bool:
    """Whether an event is about compensation."""
    definition = event_definition(element)
    return definition is not None and definition.tag == "compensateEventDefinition"


def handler_of(event: Element, process: Process) -> Element | None:
    """The activity that an association leads to from a boundary event."""
    for association in process.associations:
        for one, other in ((association.source, association.target), (association.target, association.source)):
            found = process.elements.get(other)
            if one == event.id and found is not None and found.attributes.get("isForCompensation") == "true":
                return found
    return None


def refuse_boundary(element: Element, process: Process) -> Iterator[Finding]:
    """Refuse a boundary event of compensation without a handler, or with flows."""
    if compensates(element):
        if handler_of(element, process) is None:
            yield refused("no_handler", element)
        if process.outgoing(element.id):
            yield refused("handler_with_flows", element)


def refuse_undo(element: Element, process: Process) -> Iterator[Finding]:
    """Refuse a throwing event that compensates what is not in its scope, or does not wait for it."""
    definition = event_definition(element)
    if definition is None or definition.tag != "compensateEventDefinition":
        return
    if definition.attributes.get("waitForCompletion") == "false":
        yield refused("unsupported_marker", element, definition.line, marker="waitForCompletion")
    wanted = undone(definition)
    around = process.elements.get(element.scope)
    event = around is not None and around.attributes.get("triggeredByEvent") == "true"
    scope = around.scope if event and around is not None else element.scope
    if wanted and (wanted not in process.elements or process.elements[wanted].scope != scope):
        yield refused("undo_elsewhere", element, definition.line, activity=wanted)
