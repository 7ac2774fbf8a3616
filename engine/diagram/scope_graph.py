"""One process or sub-process as a graph: its elements, the flows between them, and what can be reached."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from engine.diagram.model import Element, Flow, Process
from engine.diagram.namespaces import ACTIVITIES, SUB_PROCESSES

__all__ = ["ScopeGraph", "event_definitions", "is_apart", "scope_graphs"]


@dataclass(frozen=True)
class ScopeGraph:
    """A process or sub-process; sub-processes in it are single elements.

    Args:
        id: Its id.
        label: Its name, or its id.
        line: Where it stands.
        tag: ``process`` or the tag of the sub-process.
        elements: By id, in document order.
        outgoing: Element to the flows out of it, in document order; likewise ``incoming``.
        boundary_events: Activity to the events attached to it.
    """

    id: str
    label: str
    line: int
    tag: str
    elements: Mapping[str, Element]
    outgoing: Mapping[str, list[Flow]]
    incoming: Mapping[str, list[Flow]]
    boundary_events: Mapping[str, list[Element]]

    def after(self, element: str) -> list[str]:
        """Where a token may be next: the targets of the flows, and the boundary events."""
        attached = [event.id for event in self.boundary_events[element]]
        return attached + [flow.target for flow in self.outgoing[element]]

    def before(self, element: str) -> list[str]:
        """Where a token may have been: the sources of the flows, and the host of a boundary event."""
        sources = [flow.source for flow in self.incoming[element]]
        if self.elements[element].tag == "boundaryEvent":
            sources.append(self.elements[element].attributes["attachedToRef"])
        return sources

    def reachable(self, roots: Iterable[str], *, backwards: bool = False) -> set[str]:
        """Everything that tokens come to from some elements, these included."""
        step = self.before if backwards else self.after
        reached = set(roots)
        stack = list(reached)
        while stack:
            for element in step(stack.pop()):
                if element not in reached:
                    reached.add(element)
                    stack.append(element)
        return reached


def scope_graphs(process: Process) -> list[ScopeGraph]:
    """The process and its sub-processes at every depth, in document order."""
    containers = [element for element in process.elements.values() if element.tag in (*SUB_PROCESSES, "process")]
    elements: dict[str, dict[str, Element]] = {process.id: {}, **{c.id: {} for c in containers}}
    outgoing: dict[str, list[Flow]] = {element: [] for element in process.elements}
    incoming: dict[str, list[Flow]] = {element: [] for element in process.elements}
    boundary_events: dict[str, list[Element]] = {element: [] for element in process.elements}
    for element in process.elements.values():
        if element.tag != "process":  # what is called or takes part stands beside, not in the flow
            elements[element.scope][element.id] = element
        if element.tag == "boundaryEvent":
            boundary_events[element.attributes["attachedToRef"]].append(element)
    for flow in [*process.flows.values(), *_links(process)]:
        outgoing[flow.source].append(flow)
        incoming[flow.target].append(flow)
    # A flow never leaves its scope, so all scopes can share the tables of the process.
    scopes = [] if process.is_collaboration else [(process.id, process.name or process.id, process.line, "process")]
    scopes += [(c.id, c.label, c.line, c.tag) for c in containers]
    return [ScopeGraph(*scope, elements[scope[0]], outgoing, incoming, boundary_events) for scope in scopes]


def _links(process: Process) -> Iterator[Flow]:
    """From where a link is thrown to where it is caught, as if it were drawn (BPMN 2.0.2, 10.5.5)."""
    caught: dict[tuple[str, str], Element] = {}
    for element in process.elements.values():
        if element.tag == "intermediateCatchEvent":
            for name in _link_names(element):
                caught.setdefault((element.scope, name), element)
    for element in process.elements.values():
        if element.tag == "intermediateThrowEvent":
            for name in _link_names(element):
                if (element.scope, name) in caught:
                    target = caught[element.scope, name].id
                    yield Flow(f"{element.id}/link", name, element.id, target, None, element.line, element.scope)


def _link_names(element: Element) -> list[str]:
    return [part.attributes.get("name", "") for part in element.parts if part.tag == "linkEventDefinition"]


def event_definitions(element: Element) -> list[str]:
    """The tags of what an event is about; none for a none event."""
    return [part.tag for part in element.parts if part.tag.endswith(("EventDefinition", "eventDefinitionRef"))]


def is_apart(element: Element) -> bool:
    """Whether no flow leads to an activity by its nature: event sub-processes and compensation."""
    attributes = element.attributes
    return element.tag in ACTIVITIES and "true" in (
        attributes.get("triggeredByEvent"),
        attributes.get("isForCompensation"),
    )
