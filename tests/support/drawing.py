"""Diagrams without a file: a few words per element."""

from __future__ import annotations

import itertools

from engine.diagram.model import Connection, Diagram, Drawing, Element, Flow, Part, Process


class Draw:
    """Builds a diagram element by element; every method returns the builder."""

    def __init__(self, process: str = "process") -> None:
        self.process = process
        self.elements: dict[str, Element] = {}
        self.flows: dict[str, Flow] = {}
        self.associations: list[Connection] = []
        self.lines = 1

    def add(
        self, tag: str, *ids: str, scope: str | None = None, parts: tuple[Part, ...] = (), **attributes: str
    ) -> Draw:
        """Elements of one kind."""
        for id_ in ids:
            self.lines += 1
            self.elements[id_] = Element(
                id_, tag, id_, self.lines, scope or self.process, None, {"id": id_, **attributes}, parts
            )
        return self

    def start(self, id_: str = "start", scope: str | None = None) -> Draw:
        """A none start event."""
        return self.add("startEvent", id_, scope=scope)

    def end(self, id_: str = "end", scope: str | None = None, terminate: bool = False) -> Draw:
        """An end event."""
        parts = (Part("terminateEventDefinition", self.lines, {}, ""),) if terminate else ()
        return self.add("endEvent", id_, scope=scope, parts=parts)

    def task(self, *ids: str, scope: str | None = None) -> Draw:
        """Tasks."""
        return self.add("userTask", *ids, scope=scope)

    def xor(self, *ids: str, scope: str | None = None, **attributes: str) -> Draw:
        """Exclusive gateways."""
        return self.add("exclusiveGateway", *ids, scope=scope, **attributes)

    def and_(self, *ids: str, scope: str | None = None) -> Draw:
        """Parallel gateways."""
        return self.add("parallelGateway", *ids, scope=scope)

    def sub(self, id_: str, scope: str | None = None) -> Draw:
        """An embedded sub-process."""
        return self.add("subProcess", id_, scope=scope)

    def timer(self, id_: str, scope: str | None = None, duration: str = "PT1H") -> Draw:
        """An intermediate timer."""
        return self.add("intermediateCatchEvent", id_, scope=scope, parts=(self._timer(duration),))

    def boundary(self, id_: str, host: str, interrupting: bool = True, duration: str = "PT1H") -> Draw:
        """A boundary timer."""
        return self.add(
            "boundaryEvent",
            id_,
            scope=self.elements[host].scope,
            parts=(self._timer(duration),),
            attachedToRef=host,
            cancelActivity="true" if interrupting else "false",
        )

    def associate(self, source: str, target: str) -> Draw:
        """An association."""
        self.lines += 1
        self.associations.append(Connection(f"{source}-{target}", "", source, target, self.lines))
        return self

    def flow(self, *ids: str, condition: str | None = None) -> Draw:
        """Flows along a chain of elements; their ids are ``source-target``."""
        for source, target in itertools.pairwise(ids):
            self.lines += 1
            id_ = f"{source}-{target}"
            scope = self.elements[source].scope
            self.flows[id_] = Flow(id_, "", source, target, condition, self.lines, scope)
        return self

    def diagram(self) -> Diagram:
        """The diagram."""
        associations = tuple(self.associations)
        process = Process(self.process, self.process, 1, self.elements, self.flows, {}, associations=associations)
        return Diagram("drawn.bpmn", "sha256:0", process, Drawing())

    def _timer(self, duration: str) -> Part:
        inner = Part("timeDuration", self.lines, {}, duration)
        return Part("timerEventDefinition", self.lines, {}, "", (inner,))
