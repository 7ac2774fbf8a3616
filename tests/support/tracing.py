"""Event logs written by hand: what began when, what ended how, in the order in which it ended."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from engine.diagram.model import Diagram
from engine.kernel import layout
from engine.kernel.layout import row_dtype
from engine.log import CANCELLED, CASE_NODE, DONE, NONE, EventLog
from engine.net import ProcessNet

KINDS: Mapping[str, int] = {
    "userTask": layout.ACTIVITY,
    "subProcess": layout.SCOPE,
    "intermediateCatchEvent": layout.TIMER,
    "boundaryEvent": layout.WATCHER,
    "exclusiveGateway": layout.ROUTE,
    "parallelGateway": layout.JOIN,
    "startEvent": layout.PASS,
    "endEvent": layout.END,
}


def simple_net(diagram: Diagram) -> ProcessNet:
    """One node for each element: enough for whoever only reads element ids and kinds."""
    elements = diagram.process.elements.values()
    nodes = np.zeros(len(elements) + 1, row_dtype(layout.Node))
    nodes["kind"][:-1] = [KINDS[element.tag] for element in elements]
    ids = tuple(element.id for element in elements)
    return ProcessNet(diagram.process.id, {"node": nodes}, ids, tuple(diagram.process.flows))


class Trace:
    """Writes the log of one case; entries are known by the number that `begin` returns."""

    def __init__(self, diagram: Diagram, case: int = 0) -> None:
        self.net = simple_net(diagram)
        self.case = case
        self.rows: list[list[int]] = []
        self._begun: dict[int, tuple[str, int, int, int]] = {}
        self._visits: dict[tuple[int, str], int] = {}

    def begin(self, element: str, at: int, parent: int = 0) -> int:
        """A token arrives at an element."""
        visit = self._visits.get((parent, element), 0)
        self._visits[parent, element] = visit + 1
        instance = len(self._begun) + 1
        self._begun[instance] = element, visit, parent, at
        return instance

    def end(self, instance: int, at: int, outcome: int = DONE, flow: str | None = None) -> None:
        """It leaves, or is taken away."""
        element, visit, parent, begun = self._begun[instance]
        chosen = NONE if flow is None else self.net.flows.index(flow)
        node = self.net.node_of[element]
        self.rows.append([0, self.case, node, visit, instance, parent, 0, begun, begun, at, at, outcome, chosen])

    def cancel(self, instance: int, at: int) -> None:
        """Its scope, or its host, ended without it."""
        self.end(instance, at, CANCELLED)

    def choose(self, gateway: str, flow: str, at: int, parent: int = 0) -> None:
        """A choice is made at once."""
        self.end(self.begin(gateway, at, parent), at, flow=flow)

    def work(self, element: str, begin: int, end: int, parent: int = 0) -> None:
        """An activity from its begin to its end."""
        self.end(self.begin(element, begin, parent), end)

    def finish(self, at: int, outcome: int = DONE) -> EventLog:
        """The case ends; the log."""
        self.rows.append([0, self.case, CASE_NODE, 0, 0, NONE, 0, 0, 0, at, at, outcome, NONE])
        return self.log()

    def log(self) -> EventLog:
        """The rows as they stand."""
        return EventLog.from_rows(self.rows, [], 0)
