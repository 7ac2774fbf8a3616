"""What stands in a BPMN file, free of XML: elements, flows, lanes, drawing, each with its line.

Ids and names are those of the file. Order is document order everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, TypeVar

__all__ = [
    "Bounds",
    "Connection",
    "DataItem",
    "Diagram",
    "Drawing",
    "Element",
    "Flow",
    "Lane",
    "Part",
    "Point",
    "Process",
]


_WITH_INSIDE: Final = ("subProcess", "transaction", "adHocSubProcess", "process")

Known = TypeVar("Known")


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
class Connection:
    """A message flow or an association: it moves no token by itself."""

    id: str
    name: str
    source: str
    target: str
    line: int


@dataclass(frozen=True)
class DataItem:
    """A data object, a data store, or a reference to one; tokens never see it.

    Args:
        tag: Local BPMN name.
        refers_to: Id of the object or store that a reference means.
    """

    id: str
    tag: str
    name: str
    line: int
    scope: str
    refers_to: str | None = None


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
    """A process: its elements and flows at every depth, and its lanes.

    Further processes stand in it as elements of the tag ``process`` with their own inside: what call activities
    call, and, where several participants take part, each of these.

    Args:
        references: Messages, signals, errors and escalations by id.
        message_flows: Between elements, or pools, of the diagram.
        associations: Of the whole file: data, annotations, compensation.
        data: Data objects and stores by id.
        is_collaboration: It stands for several participants and has no flow of its own.
        files: Elements of another file to that file.
    """

    id: str
    name: str
    line: int
    elements: Mapping[str, Element]
    flows: Mapping[str, Flow]
    lanes: Mapping[str, Lane]
    references: Mapping[str, Part] = field(default_factory=dict)
    message_flows: Sequence[Connection] = ()
    associations: Sequence[Connection] = ()
    data: Mapping[str, DataItem] = field(default_factory=dict)
    is_collaboration: bool = False
    files: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def scopes(self) -> Sequence[str]:
        """The process and everything that has an inside: sub-processes, further processes; in document order."""
        return [self.id, *(e.id for e in self.elements.values() if e.tag in _WITH_INSIDE)]

    def process_of(self, element: str) -> str:
        """The process that an element belongs to."""
        return self._processes[element]

    def calls(self, process: str) -> Sequence[Element]:
        """The call activities in a process, at every depth."""
        return self._calls.get(process, ())

    def remember(self, name: str, find: Callable[[], Known]) -> Known:
        """What was found out about the whole process once; ``name`` says what."""
        if name not in self._known:
            self._known[name] = find()
        known: Known = self._known[name]
        return known

    @cached_property
    def _known(self) -> dict[str, Any]:
        return {}

    @cached_property
    def _processes(self) -> Mapping[str, str]:
        found = {self.id: self.id}
        for element in self.elements.values():  # what is around something stands before it
            found[element.id] = element.id if element.tag == "process" else found.get(element.scope, self.id)
        return found

    @cached_property
    def _calls(self) -> Mapping[str, list[Element]]:
        calls = (e for e in self.elements.values() if e.tag == "callActivity")
        return _grouped((self.process_of(e.id), e) for e in calls)

    def inside(self, scope: str) -> Sequence[Element]:
        """The elements directly in a process or sub-process, in document order."""
        return self._inside.get(scope, ())

    def outgoing(self, element: str) -> Sequence[Flow]:
        """The flows that leave an element, in document order."""
        return self._outgoing.get(element, ())

    def incoming(self, element: str) -> Sequence[Flow]:
        """The flows that enter an element, in document order."""
        return self._incoming.get(element, ())

    def boundary_events(self, host: str) -> Sequence[Element]:
        """The boundary events attached to an activity, in document order."""
        return self._attached.get(host, ())

    @cached_property
    def _inside(self) -> Mapping[str, list[Element]]:
        return _grouped((element.scope, element) for element in self.elements.values())

    @cached_property
    def _outgoing(self) -> Mapping[str, list[Flow]]:
        return _grouped((flow.source, flow) for flow in self.flows.values())

    @cached_property
    def _incoming(self) -> Mapping[str, list[Flow]]:
        return _grouped((flow.target, flow) for flow in self.flows.values())

    @cached_property
    def _attached(self) -> Mapping[str, list[Element]]:
        hosts = ((element.attributes.get("attachedToRef"), element) for element in self.elements.values())
        return _grouped((host, element) for host, element in hosts if host)


Thing = TypeVar("Thing")


def _grouped(pairs: Iterable[tuple[str, Thing]]) -> Mapping[str, list[Thing]]:
    groups: dict[str, list[Thing]] = {}
    for key, thing in pairs:
        groups.setdefault(key, []).append(thing)
    return groups


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
