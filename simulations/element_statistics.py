"""What happened at each element and on each flow of a diagram, from the event logs of a few replications."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.calendars.units import DAY
from engine.kernel import layout
from engine.log import CANCELLED, DONE, NONE, EventLog
from simulations.causes import CAUSES, row_causes
from simulations.indicators import element_days, measure
from simulations.model import SimulationModel
from simulations.replication import F64

__all__ = ["WAITING", "ElementStatistics", "element_statistics"]

WAITING = ("queue", "off_hours", "batch")


@dataclass(frozen=True)
class ElementStatistics:
    """Means over the measured and finished cases of some replications.

    Args:
        cases: How many cases; 0 makes all else nothing.
        elements: Ids, in document order.
        entries: Entries per case; shape (elements,).
        causes: Mean days per entry by cause, in the order of `simulations.causes.CAUSES`; shape (elements, causes).
        overdue: Share of the cases that entered it in which it took longer than its limit; NaN without a limit.
        flows: Ids, in document order.
        frequency: Passages per case; NaN where the log does not tell; shape (flows,).
    """

    cases: int
    elements: tuple[str, ...]
    entries: F64
    causes: F64
    overdue: F64
    flows: tuple[str, ...]
    frequency: F64

    @property
    def waiting(self) -> F64:
        """Mean days per entry of queueing, of hours when nobody works, and of waiting for a batch."""
        columns = [CAUSES.index(cause) for cause in WAITING]
        total: F64 = self.causes[:, columns].sum(axis=1)
        return total

    @property
    def work(self) -> F64:
        """Mean days per entry of everything but waiting: handling, dwell, applicant, third party."""
        total: F64 = self.causes.sum(axis=1) - self.waiting
        return total


def element_statistics(logs: Sequence[EventLog], model: SimulationModel) -> ElementStatistics:
    """Count and average.

    Args:
        logs: Of the variant, one per replication.
        model: The variant.
    """
    process = model.diagram.process
    elements, flows = tuple(process.elements), tuple(process.flows)
    number = {element: i for i, element in enumerate(elements)}
    index = np.array([number.get(element, NONE) for element in model.net.elements], np.int64)
    watchers = np.array([kind == layout.WATCHER for kind in model.net.kinds], bool)
    entries, done = np.zeros(len(elements)), np.zeros(len(elements))
    causes = np.zeros((len(elements), len(CAUSES)))
    chosen = np.zeros(max(len(model.net.flows), 1))
    late, judged = np.zeros(len(elements)), np.zeros(len(elements))
    limits = {m.element: m.limit.value for m in model.measured if m.limit is not None}
    cases = 0
    for log in logs:
        finished = measure(log, model).cases["case"].astype(np.int64)
        cases += len(finished)
        rows = np.flatnonzero(np.isin(log.case, finished) & (log.node >= 0) & (log.ended != NONE))
        rows = rows[~(watchers[log.node[rows]] & (log.outcome[rows] == CANCELLED))]
        at = index[log.node[rows]]
        rows, at = rows[at != NONE], at[at != NONE]
        np.add.at(entries, at, 1)
        np.add.at(done, at, log.outcome[rows] == DONE)
        np.add.at(causes, at, row_causes(log, model)[rows] / DAY)
        choices = log.chosen_flow[rows]
        np.add.at(chosen, choices[choices != NONE], 1)
        days = element_days(log, model)
        for element, limit in limits.items():
            late[number[element]] += np.count_nonzero(days[element] > limit)
            judged[number[element]] += len(np.unique(log.case[rows[at == number[element]]]))
    with np.errstate(divide="ignore", invalid="ignore"):
        means = np.where(entries[:, None] > 0, causes / entries[:, None], 0.0)
        overdue = np.where(judged > 0, late / judged, np.nan)
    taken = {flow: float(chosen[i]) for i, flow in enumerate(model.net.flows) if flow}
    passages = _Passages(model, dict(zip(elements, zip(entries, done, strict=True), strict=True)), taken, cases)
    frequency = np.array([passages.of_flow(flow) for flow in flows], float)
    share = 1.0 / cases if cases else 0.0
    return ElementStatistics(cases, elements, entries * share, means, overdue, flows, frequency * share)


class _Passages:
    """How often each flow was passed: told by choices and by what ended before it, else by what flows in."""

    def __init__(
        self,
        model: SimulationModel,
        counts: Mapping[str, tuple[float, float]],
        taken: Mapping[str, float],
        cases: int,
    ) -> None:
        self.process = model.diagram.process
        self.counts = counts
        self.taken = taken
        self.cases = cases
        self.known: dict[str, float] = {}

    def of_flow(self, flow: str) -> float:
        """Passages of a flow; NaN where a ring of flows tells nothing of itself."""
        if flow not in self.known:
            self.known[flow] = float("nan")
            self.known[flow] = self._of(flow)
        return self.known[flow]

    def _of(self, flow: str) -> float:
        source = self.process.elements[self.process.flows[flow].source]
        outgoing = self.process.outgoing(source.id)
        if source.tag.endswith("Gateway"):
            chosen = [self.taken.get(way.id, 0.0) for way in outgoing]
            if len(outgoing) > 1 and source.tag != "parallelGateway" and any(chosen):
                return self.taken.get(flow, 0.0)
            ways_in = [self.of_flow(way.id) for way in self.process.incoming(source.id)]
            return max(ways_in, default=0.0) if source.tag == "parallelGateway" else sum(ways_in)
        entered, done = self.counts[source.id]
        if source.tag == "startEvent" and not entered:
            return float(self.counts[source.scope][0]) if source.scope in self.counts else float(self.cases)
        return float(done)
