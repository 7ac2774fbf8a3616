"""One simulated case as an animation wants it: where its tokens were, and along which flows they came."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Any, Final

from engine.diagram.model import Process
from engine.log import CANCELLED, CASE_NODE, NONE, EventLog
from reports.cases import Picked
from simulations.model import SimulationModel

__all__ = ["replay_of"]

_SECOND: Final = 1000


def replay_of(model: SimulationModel, log: EventLog, picked: Picked) -> dict[str, Any]:
    """The stays of a case's tokens, for the page's script.

    A stay is ``[element, came, work began, left, flows]``: seconds since the submission, and the flows that the
    token passed on its way there since it last stayed anywhere. Steps that take no time are passed on the way.

    Args:
        model: The variant.
        log: Of the replication that holds the case.
        picked: The case.
    """
    case = log.of_case(picked.case)
    own = next(i for i, node in enumerate(case.node.tolist()) if node == CASE_NODE)
    begin, end = int(case.enabled[own]), int(case.ended[own])
    ways = _Ways(model.diagram.process)
    rows = {int(instance): row for row, instance in enumerate(case.instance.tolist()) if row != own}
    stays = []
    for row, node in enumerate(case.node.tolist()):
        came, left = int(case.enabled[row]), int(case.ended[row])
        activity = model.activities[node] if node != CASE_NODE else None
        if activity is None or left == NONE or left <= came or case.outcome[row] == CANCELLED:
            continue
        started = int(case.started[row]) if case.started[row] != NONE else left
        flows = _way_to(row, case, rows, model, ways)
        times = [(moment - begin) / _SECOND for moment in (came, started, left)]
        stays.append([model.net.elements[node], *times, flows])
    stays.sort(key=lambda stay: (stay[1], stay[3]))
    return {
        "case": picked.case,
        "replication": picked.replication,
        "end": (end - begin) / _SECOND,
        "from": begin / _SECOND,
        "stays": stays,
    }


def _way_to(row: int, case: EventLog, rows: dict[int, int], model: SimulationModel, ways: _Ways) -> list[str]:
    """The flows from the last row that took time to this one, through choices and what the log does not tell."""
    elements = model.net.elements
    flows: list[str] = []
    target = elements[case.node[row]]
    for _ in range(len(rows)):
        before = rows.get(int(case.enabled_by[row]))
        if before is None:
            start = ways.start(model.diagram.process.elements[target].scope)
            return [*(ways.between(start, target) if start else ()), *flows]
        source = elements[case.node[before]]
        chosen = int(case.chosen_flow[before])
        flow = model.net.flows[chosen] if chosen != NONE else ""
        flows = [*ways.between(source, target, flow), *flows]
        if case.ended[before] > case.enabled[before]:
            return flows
        row, target = before, source
    return flows


class _Ways:
    """Shortest ways along the flows of a process."""

    def __init__(self, process: Process) -> None:
        self.process = process

    def start(self, scope: str) -> str:
        """The start event of a process or sub-process; empty if it has several or none."""
        starts = [element.id for element in self.process.inside(scope) if element.tag == "startEvent"]
        return starts[0] if len(starts) == 1 else ""

    def between(self, source: str, target: str, first: str = "") -> list[str]:
        """The flows from one element to another; a sub-process is entered at its start event, left at its edge.

        Args:
            source: Where the token was.
            target: Where it comes to.
            first: The flow that a choice took; any if empty.
        """
        if source == target:
            return []
        queue: deque[tuple[str, list[str]]] = deque([(source, [])])
        seen = {source}
        while queue:
            element, flows = queue.popleft()
            for after, flow in self._steps(element, first if not flows else ""):
                way = [*flows, flow] if flow else flows
                if after == target:
                    return way
                if after not in seen:
                    seen.add(after)
                    queue.append((after, way))
        return []

    def _steps(self, element: str, first: str) -> Iterable[tuple[str, str]]:
        for flow in self.process.outgoing(element):
            if not first or flow.id == first:
                yield flow.target, flow.id
        inside = self.start(element)
        if inside and not first:
            yield inside, ""
        found = self.process.elements[element]
        if found.tag == "endEvent" and found.scope in self.process.elements:
            yield found.scope, ""
