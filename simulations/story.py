"""One case's story as facts: what it came to, what it waited for, who was busy with what meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.kernel import layout
from engine.log import CANCELLED, CASE_NODE, NONE, OPEN, EventLog
from simulations.causes import CAUSES, Cause, critical_chains, stretches
from simulations.indicators import element_days
from simulations.model import SimulationModel
from simulations.promises import MeasuredElement

__all__ = ["CaseStory", "Clock", "Occupation", "Queueing", "Step", "story_of"]

_TOLD = (layout.ACTIVITY, layout.TIMER, layout.WATCHER, layout.SCOPE, layout.WAIT, layout.RACE)


@dataclass(frozen=True)
class Occupation:
    """What one of a pool's people was at work on: a step of a case."""

    unit: int
    case: int
    element: str


@dataclass(frozen=True)
class Queueing:
    """Why a step had to queue at one pool.

    Args:
        pool: Index of the pool.
        busy: What its people were at work on when the step came, by person.
        before: How many more steps its people began until this one's turn came.
    """

    pool: int
    busy: tuple[Occupation, ...]
    before: int


@dataclass(frozen=True)
class Step:
    """One entry of an element, or one choice; moments in ms since the study's start, -1 for none.

    Args:
        element: Its id.
        kind: Primitive of `engine.kernel.layout`.
        time: How many times the case came to the element so far, this one included.
        enabled, started, worked, ended: As in the log.
        outcome: As in the log.
        critical: Whether it lies on the case's critical chain.
        stretches: ``(from, to, cause)``, contiguous.
        workers: ``(pool, unit)`` of those who worked on it.
        queueing: By pool, where it had to queue.
        flow: Id of the flow that a choice took; empty for all else.
    """

    element: str
    kind: int
    time: int
    enabled: int
    started: int
    worked: int
    ended: int
    outcome: int
    critical: bool
    stretches: tuple[tuple[int, int, Cause], ...]
    workers: tuple[tuple[int, int], ...]
    queueing: tuple[Queueing, ...]
    flow: str = ""


@dataclass(frozen=True)
class Clock:
    """What the official clock of a measured element showed.

    Args:
        measured: The element, its limit and pauses.
        value: On the clock of its limit, else in working days; pauses left out.
        paused: Ids of the elements that stopped it in this case.
    """

    measured: MeasuredElement
    value: float
    paused: tuple[str, ...]

    @property
    def is_over(self) -> bool:
        """Whether it went beyond its limit."""
        return self.measured.limit is not None and self.value > self.measured.limit.value


@dataclass(frozen=True)
class CaseStory:
    """One finished case.

    Args:
        case: Its number.
        begin, end: Submission and end, ms.
        steps: In the order in which the case came to them.
        clocks: Of the measured elements that it entered.
        causes: Ms along its critical chain by cause; they add up to ``end - begin``.
    """

    case: int
    begin: int
    end: int
    steps: tuple[Step, ...]
    clocks: tuple[Clock, ...]
    causes: Mapping[Cause, int]


def story_of(log: EventLog, model: SimulationModel, case: int) -> CaseStory:
    """Tell one finished and measured case of a replication.

    Args:
        log: The whole log of the replication: who was busy stands in other cases' rows.
        model: What was run.
        case: Its number.
    """
    own = log.of_case(case)
    chains = critical_chains(own, model)
    at = int(np.flatnonzero(own.node == CASE_NODE)[0])
    people = _People(log, model)
    steps: list[Step] = []
    entries: dict[str, int] = {}
    order = np.lexsort((np.arange(len(own)), own.ended, own.enabled))
    for row in order.tolist():
        node = int(own.node[row])
        if node == CASE_NODE or not _is_told(own, row, model):
            continue
        element = model.net.elements[node]
        entries[element] = entries.get(element, 0) + 1
        steps.append(_step(own, row, model, entries[element], bool(chains.member[row]), people))
    causes = dict(zip(CAUSES, chains.causes[0].tolist(), strict=True))
    clocks = _clocks(own, model, set(entries))
    return CaseStory(case, int(own.enabled[at]), int(own.ended[at]), tuple(steps), clocks, causes)


def _is_told(own: EventLog, row: int, model: SimulationModel) -> bool:
    """Choices, and what was waited at; a boundary event that never came is no part of the story."""
    kind = model.net.kinds[int(own.node[row])]
    if int(own.chosen_flow[row]) != NONE:
        return True
    return kind in _TOLD and not (kind == layout.WATCHER and int(own.outcome[row]) in (CANCELLED, OPEN))


def _step(own: EventLog, row: int, model: SimulationModel, time: int, critical: bool, people: _People) -> Step:
    node = int(own.node[row])
    activity = model.activities[node]
    enabled, started = int(own.enabled[row]), int(own.started[row])
    held = np.flatnonzero(own.assignments.row == row)
    parts = tuple(stretches(own, row, model))
    queued = any(cause == "queue" for _, _, cause in parts)
    until = int(own.ended[row]) if started == NONE else started
    pools = activity.pools if activity is not None and queued else ()
    flow = int(own.chosen_flow[row])
    return Step(
        element=model.net.elements[node],
        kind=model.net.kinds[node],
        time=time,
        enabled=enabled,
        started=started,
        worked=int(own.worked[row]),
        ended=int(own.ended[row]),
        outcome=int(own.outcome[row]),
        critical=critical,
        stretches=parts,
        workers=tuple((int(own.assignments.pool[i]), int(own.assignments.unit[i])) for i in held),
        queueing=tuple(
            people.queueing(pool, enabled, until, (int(own.case[row]), int(own.instance[row]))) for pool in pools
        ),
        flow=model.net.flows[flow] if flow != NONE else "",
    )


class _People:
    """Who held whom, in the whole replication."""

    def __init__(self, log: EventLog, model: SimulationModel) -> None:
        held = log.assignments
        self.model = model
        self.pool, self.unit = held.pool, held.unit
        self.case, self.node = log.case[held.row], log.node[held.row]
        self.identity = log.instance[held.row]
        self.begin = log.started[held.row]
        worked, ended = log.worked[held.row], log.ended[held.row]
        far = np.iinfo(np.int64).max
        self.end = np.where(worked != NONE, worked, np.where(ended != NONE, ended, far))

    def queueing(self, pool: int, enabled: int, until: int, own: tuple[int, int]) -> Queueing:
        """What the people of a pool did while a step waited for them."""
        others = (self.case != own[0]) | (self.identity != own[1])
        here = (self.pool == pool) & (self.begin != NONE) & others
        busy = np.flatnonzero(here & (self.begin <= enabled) & (self.end > enabled))
        busy = busy[np.argsort(self.unit[busy], kind="stable")]
        after = here & (self.begin > enabled) & (self.begin <= until)
        return Queueing(pool, tuple(map(self._occupation, busy.tolist())), int(np.count_nonzero(after)))

    def _occupation(self, at: int) -> Occupation:
        element = self.model.net.elements[int(self.node[at])]
        return Occupation(int(self.unit[at]), int(self.case[at]), element)


def _clocks(own: EventLog, model: SimulationModel, entered: set[str]) -> tuple[Clock, ...]:
    days: Mapping[str, npt.NDArray[np.float64]] = element_days(own, model)
    return tuple(
        Clock(m, float(days[m.element][0]), tuple(pause for pause in m.pauses if pause in entered))
        for m in model.measured
        if m.element in entered and len(days[m.element])
    )
