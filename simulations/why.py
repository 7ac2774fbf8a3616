"""Where the days of the critical chains go: step by step, pool by pool, without remainder; and how often each is on it.

A case's chain is walked back from its end along what enabled each step, so its days add up to the case's elapsed time
(`simulations.causes`). Here they are averaged over the measured and finished cases of some replications:

- by step and cause: the sum over all steps is the mean elapsed time;
- by pool and cause: waiting and effort of a step are booked on its pools (in equal parts, where it needs several), all
  else on nobody; the sum over the pools and nobody is the same mean;
- criticality: the share of cases in whose chain a step or procedure lies.

A day that a step on the chain costs less is not always a day less for the case: another branch may then decide.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.calendars.units import DAY
from engine.kernel import layout
from engine.log import CASE_NODE, NONE, EventLog
from simulations.causes import CAUSES, critical_chains, dwell_cause, row_causes
from simulations.indicators import element_days, measure
from simulations.model import SimulationModel
from simulations.replication import F64

__all__ = ["PoolShare", "ProcedureWhy", "StepWhy", "Why", "why"]

_STEPS = (layout.ACTIVITY, layout.TIMER, layout.WAIT, layout.WATCHER, layout.RACE)


@dataclass(frozen=True)
class StepWhy:
    """A step of the diagram.

    Args:
        element: Its id.
        criticality: Share of the cases in whose chain it lies.
        causes: Days a case on the chains, by cause; shape (causes,).
    """

    element: str
    criticality: float
    causes: F64

    @property
    def days(self) -> float:
        """Days that it costs a case on average."""
        return float(self.causes.sum())

    @property
    def waiting(self) -> float:
        """Of these, days of queueing, closed offices and batches."""
        return float(sum(self.causes[CAUSES.index(cause)] for cause in ("queue", "off_hours", "batch")))


@dataclass(frozen=True)
class ProcedureWhy:
    """A measured element, with all that runs inside it: promise against simulated.

    Args:
        element: Its id.
        criticality: Share of the cases in whose chain anything of it lies.
        days: Days a case on the chains, inside it.
        limit: What is promised, in ``unit``; None without a limit.
        unit: Of its clock.
        is_assumed: Nobody has stated the limit.
        mean, p90: What was simulated on its clock, of the cases that entered it.
        over: Share of these beyond the limit; None without one.
        entered: Share of the cases that entered it.
    """

    element: str
    criticality: float
    days: float
    limit: float | None
    unit: str
    is_assumed: bool
    mean: float
    p90: float
    over: float | None
    entered: float


@dataclass(frozen=True)
class PoolShare:
    """A pool, or nobody (empty name): days a case on the chains, by cause; shape (causes,)."""

    pool: str
    causes: F64

    @property
    def days(self) -> float:
        """All of them."""
        return float(self.causes.sum())


@dataclass(frozen=True)
class Why:
    """Where the days go.

    Args:
        cases: How many cases it is averaged over; 0 makes all else empty.
        replications: From so many logs.
        elapsed: Their mean elapsed days: the sum of the steps, and of the pools.
        steps: The most expensive first.
        procedures: In the scenario's order.
        pools: The most expensive first; nobody last.
    """

    cases: int
    replications: int
    elapsed: float
    steps: tuple[StepWhy, ...] = ()
    procedures: tuple[ProcedureWhy, ...] = ()
    pools: tuple[PoolShare, ...] = ()


def why(logs: Sequence[EventLog], model: SimulationModel) -> Why:
    """Add up the chains.

    Args:
        logs: Of the variant, one per replication.
        model: The variant.
    """
    adding = _Adding(model)
    for log in logs:
        adding.add(log)
    return adding.result(len(logs))


class _Adding:
    """Sums over logs, in ms and cases."""

    def __init__(self, model: SimulationModel) -> None:
        self.model = model
        nodes = len(model.net.elements)
        self.cases, self.elapsed = 0, 0
        self.by_node = np.zeros((nodes, len(CAUSES)), np.int64)
        self.by_pool = np.zeros((len(model.pools) + 1, len(CAUSES)))
        self.on_chain: dict[str, int] = {}
        self.days: dict[str, list[F64]] = {m.element: [] for m in model.measured}
        self.entered: dict[str, int] = {m.element: 0 for m in model.measured}
        self.inside = {element: self._around(element) for element in dict.fromkeys(model.net.elements)}

    def _around(self, element: str) -> tuple[str, ...]:
        """An element and the scopes that it lies in."""
        elements = self.model.diagram.process.elements
        around = [element]
        while element in elements and elements[element].scope in elements:
            element = elements[element].scope
            around.append(element)
        return tuple(around)

    def add(self, log: EventLog) -> None:
        """The measured and finished cases of one replication."""
        finished = measure(log, self.model).cases["case"].astype(np.int64)
        chains = critical_chains(log, self.model)
        self.cases += len(finished)
        self.elapsed += int(chains.elapsed[np.isin(chains.case, finished)].sum())
        rows = np.flatnonzero(chains.member & np.isin(log.case, finished))
        causes = row_causes(log, self.model)
        node = log.node[rows]
        np.add.at(self.by_node, node, causes[rows])
        self._book(log, rows, causes)
        for element, number in self._cases_by_element(log, rows).items():
            self.on_chain[element] = self.on_chain.get(element, 0) + number
        measured = element_days(log, self.model)
        for element, values in measured.items():
            own = (log.node == self.model.net.node_of[element]) & (log.ended != NONE)
            came = np.isin(finished, log.case[own])
            self.days[element].append(values[came])
            self.entered[element] += int(came.sum())

    def _book(self, log: EventLog, rows: npt.NDArray[np.intp], causes: npt.NDArray[np.int64]) -> None:
        """Waiting and effort on the pools, what needs nobody's hands on nobody."""
        for number in np.unique(log.node[rows]).tolist():
            here = rows[log.node[rows] == number]
            total = causes[here].sum(axis=0).astype(np.float64)
            activity = self.model.activities[number] if number != CASE_NODE else None
            if activity is None or not activity.pools:
                self.by_pool[-1] += total
                continue
            worked = np.where(log.worked[here] == NONE, log.ended[here], log.worked[here])
            dwell = float((log.ended[here] - worked).sum())
            cause = CAUSES.index(dwell_cause(activity))
            self.by_pool[-1, cause] += dwell
            total[cause] -= dwell
            for pool in activity.pools:
                self.by_pool[pool] += total / len(activity.pools)

    def _cases_by_element(self, log: EventLog, rows: npt.NDArray[np.intp]) -> dict[str, int]:
        """In how many cases each element, or anything inside it, lies on the chain."""
        elements = self.model.net.elements
        found: dict[str, set[int]] = {}
        pairs = np.unique(np.stack([log.node[rows].astype(np.int64), log.case[rows]]), axis=1)
        for node, case in zip(*pairs.tolist(), strict=True):
            for element in self.inside[elements[node]]:
                found.setdefault(element, set()).add(case)
        return {element: len(cases) for element, cases in found.items()}

    def result(self, replications: int) -> Why:
        """The means."""
        if not self.cases:
            return Why(0, replications, 0.0)
        scale = 1.0 / (self.cases * DAY)
        by_element: dict[str, F64] = {}
        for node, element in enumerate(self.model.net.elements):
            if self.by_node[node].any() or self.model.net.kinds[node] in _STEPS:
                by_element[element] = by_element.get(element, np.zeros(len(CAUSES))) + self.by_node[node] * scale
        steps = [StepWhy(element, self._criticality(element), causes) for element, causes in by_element.items()]
        pools = [PoolShare(p.name, self.by_pool[i] * scale) for i, p in enumerate(self.model.pools)]
        return Why(
            cases=self.cases,
            replications=replications,
            elapsed=self.elapsed * scale,
            steps=tuple(sorted(steps, key=lambda step: -step.days)),
            procedures=tuple(self._procedures(by_element)),
            pools=(*sorted(pools, key=lambda pool: -pool.days), PoolShare("", self.by_pool[-1] * scale)),
        )

    def _criticality(self, element: str) -> float:
        return self.on_chain.get(element, 0) / self.cases

    def _procedures(self, by_element: Mapping[str, F64]) -> list[ProcedureWhy]:
        found = []
        for measured in self.model.measured:
            values = np.concatenate(self.days[measured.element])
            if not len(values):
                continue
            limit = measured.limit
            inside = [causes for element, causes in by_element.items() if measured.element in self.inside[element]]
            found.append(
                ProcedureWhy(
                    element=measured.element,
                    criticality=self._criticality(measured.element),
                    days=float(sum(causes.sum() for causes in inside)),
                    limit=None if limit is None else limit.value,
                    unit="working_day" if limit is None else limit.unit,
                    is_assumed=limit is not None and limit.source.kind == "assumption",
                    mean=float(values.mean()),
                    p90=float(np.quantile(values, 0.9, method="inverted_cdf")),
                    over=None if limit is None else float((values > limit.value).mean()),
                    entered=self.entered[measured.element] / self.cases,
                )
            )
        return found
