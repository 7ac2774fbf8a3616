"""What stands in a BPMN file, free of XML: elements, flows, lanes, drawing, each with its line.

Ids and names are those of the file. Order is document order everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

__all__ = ["Bounds", "Diagram", "Drawing", "Element", "Flow", "Lane", "Part", "Point", "Process"]


@dataclass(frozen=True)
class Part:
    """A piece of an element's inside that is no flow element: an event definition, a loop marker, ...

    Args:
        tag: Local BPMN name, e.g. ``timerEventDefinition``; other namespaces as ``{namespace}name``.
    """

    tag: str
    line: int
    attributes: Mapping[str, str]
    text: str
    parts: tuple[Part, ...] = ()

    def find(self, tag: str) -> Part | None:
        """The first direct part with this tag."""
        return next((part for part in self.parts if part.tag == tag), None)


@dataclass(frozen=True)
class Element:
    """A flow element that tokens visit: event, activity or gateway.

    Args:
        tag: Local BPMN name, e.g. ``userTask``.
        scope: Id of the process or sub-process it stands in.
        lane: Id of the innermost lane that holds it (children of a sub-process inherit it).
        name: As drawn; empty if there is none.
    """

    id: str
    tag: str
    name: str
    line: int
    scope: str
    lane: str | None
    attributes: Mapping[str, str]
    parts: tuple[Part, ...] = ()

    def find(self, tag: str) -> Part | None:
        """The first direct part with this tag."""
        return next((part for part in self.parts if part.tag == tag), None)

    @property
    def label(self) -> str:
        """The name if there is one, else the id."""
        return self.name or self.id


@dataclass(frozen=True)
class Flow:
    """A sequence flow; ``condition`` is its expression's text, if it has one."""

    id: str
    name: str
    source: str
    target: str
    condition: str | None
    line: int
    scope: str


@dataclass(frozen=True)
class Lane:
    """A lane and the ids that its flowNodeRefs name; ``parent`` is the lane around it."""

    id: str
    name: str
    line: int
    elements: tuple[str, ...]
    parent: str | None = None


@dataclass(frozen=True)
class Point:
    """A place on the drawing, in its own pixels."""

    x: float
    y: float


@dataclass(frozen=True)
class Bounds:
    """A rectangle on the drawing, in its own pixels."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Drawing:
    """The drawing data: id of the BPMN element to its shape, waypoints and label."""

    shapes: Mapping[str, Bounds] = field(default_factory=dict)
    edges: Mapping[str, tuple[Point, ...]] = field(default_factory=dict)
    labels: Mapping[str, Bounds] = field(default_factory=dict)


@dataclass(frozen=True)
class Process:
    """A process: its elements and flows at every depth, and its lanes."""

    id: str
    name: str
    line: int
    elements: Mapping[str, Element]
    flows: Mapping[str, Flow]
    lanes: Mapping[str, Lane]

    def inside(self, scope: str) -> Iterator[Element]:
        """The elements directly in a process or sub-process."""
        return (element for element in self.elements.values() if element.scope == scope)

    def outgoing(self, element: str) -> list[Flow]:
        """The flows that leave an element, in document order."""
        return [flow for flow in self.flows.values() if flow.source == element]

    def incoming(self, element: str) -> list[Flow]:
        """The flows that enter an element, in document order."""
        return [flow for flow in self.flows.values() if flow.target == element]

    def boundary_events(self, host: str) -> list[Element]:
        """The boundary events attached to an activity, in document order."""
        return [e for e in self.elements.values() if e.attributes.get("attachedToRef") == host]


@dataclass(frozen=True)
class Diagram:
    """One BPMN file: its process, its drawing and the digest of its bytes.

    Args:
        file: Path as given, for messages.
        digest: ``sha256:`` and the hex digest of the file's bytes.
        participant: Name of the pool around the process, if one is drawn.
    """

    file: str
    digest: str
    process: Process
    drawing: Drawing
    participant: str | None = None
