"""Every run checks itself: what a log says must keep the laws that any queueing system keeps.

| law | what is held against what |
|---|---|
| phases | enabled, started, worked, ended of every row: in this order, with what each outcome needs |
| conservation of cases | cases in the log against the arrivals that the random numbers give; every row has its case |
| Little's law of the system | cases inside, counted from the steps that were open, against time inside by the cases |
| Little's law of a pool | people busy, counted from who held what, against the time that the steps asked for |
| work done equals work asked | hands-on time and dwell of a row against the draw of its keys |
| capacity | no unit holds two works at once, none stands beyond the number of units, none begins while closed |

Both sides of a law come from different columns or tables, so a fault on one side shows
(Little, Operations Research 9, 1961, 383-387: L = lambda W, here over the whole run, where it is exact).
A law that is broken is an error of the run, never a note: no number of such a run can be defended.
"""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from engine.errors import Finding, RunError
from engine.kernel.chance import DWELL, EFFORT, case_key, replication_key, uniform
from engine.log import CASE_NODE, DONE, NONE, OPEN, EventLog
from simulations.case_register import CaseRegister
from simulations.distributions import sample_ms
from simulations.hall import Hall
from simulations.model import Runnable, SimulationModel
from simulations.unit_register import UnitRegister

__all__ = ["MOST_DRAWS", "SelfChecks", "broken_laws", "broken_laws_of_hall", "require_sound", "require_sound_hall"]

I64: TypeAlias = npt.NDArray[np.int64]
Rows: TypeAlias = npt.NDArray[np.intp]

MOST_DRAWS: Final = 500  # rows of a part whose draws are computed again, evenly spread: each costs some microseconds


def require_sound(log: EventLog, model: SimulationModel) -> None:
    """Refuse a run that breaks a law.

    Raises:
        RunError: All laws that are broken, each with its first example.
    """
    broken = broken_laws(log, model)
    if broken:
        raise RunError(broken)


def require_sound_hall(log: EventLog, hall: Hall) -> None:
    """Refuse a run of a hall that breaks a law; as `require_sound`."""
    broken = broken_laws_of_hall(log, hall)
    if broken:
        raise RunError(broken)


def broken_laws_of_hall(log: EventLog, hall: Hall) -> list[Finding]:
    """All laws that the run of a hall breaks: those of each part by itself, and those of the shared people as a whole.

    Args:
        log: Of one replication, whole.
        hall: That it was run from.
    """
    if not len(log):
        return []
    broken = [
        finding for name, part in hall.taken_apart(log).items() for finding in broken_laws(part, hall.parts[name])
    ]
    if not broken:
        over = max(int(moment.max()) for moment in (log.enabled, log.started, log.worked, log.ended))
        checking = _CheckingPeople(log, hall, UnitRegister(), over)
        checking.capacity()
        checking.pools()
        broken = checking.broken
    return broken


def broken_laws(log: EventLog, model: SimulationModel) -> list[Finding]:
    """All laws that a run breaks; none if it is sound.

    Args:
        log: Of one replication, whole.
        model: That it was run from.
    """
    if not len(log):
        return []
    checks = SelfChecks(model, int(log.replication[0]))
    return checks.broken_by(log) or checks.broken_at_last()


class SelfChecks:
    """Checks one replication, whose log may come in parts.

    Args:
        model: That it was run from.
        replication: Its number.
    """

    def __init__(self, model: SimulationModel, replication: int) -> None:
        self._model = model
        self._replication = replication
        self._cases = CaseRegister(model, replication)
        self._units = UnitRegister()
        self._over = NONE

    def broken_by(self, part: EventLog) -> list[Finding]:
        """All laws that a part of the log breaks; none if it is sound.

        Args:
            part: Some cases with all their rows: those that are over; and at last those that were left open.
        """
        if not len(part):
            return []
        moments = (part.enabled, part.started, part.worked, part.ended)
        self._over = max(self._over, *(int(moment.max()) for moment in moments))
        broken = _Checking(part, self._model, self._cases, self._units, self._over).findings()
        self._units.forget(self._cases.since)
        return broken

    def broken_at_last(self) -> list[Finding]:
        """What only the whole log can break: a case that never came."""
        if self._cases.is_complete():
            return []
        counts = {"expected": self._cases.expected, "found": self._cases.found}
        return [Finding("selfcheck.cases", {"replication": self._replication, **counts})]


class _CheckingPeople:
    """The laws that ask for nothing but people: of one pipeline, or of a hall.

    Args:
        log: Rows to check.
        runnable: That they were run from.
        units: What is known of the people already.
        over: Nothing in the log is later: open things count up to here.
    """

    def __init__(self, log: EventLog, runnable: Runnable, units: UnitRegister, over: int) -> None:
        self.log = log
        self.runnable = runnable
        self.units = units
        self.over = over
        self.broken: list[Finding] = []
        self.is_case = log.node == CASE_NODE

    def break_law(self, law: str, row: int, **values: object) -> None:
        log = self.log
        node = int(log.node[row])
        element = self.runnable.net.elements[node] if node != CASE_NODE else None
        known = {"replication": int(log.replication[row]), "case": int(log.case[row]), **values}
        self.broken.append(Finding(f"selfcheck.{law}", known, element=element))

    # ---- people -----------------------------------------------------------------------------------------------

    def held_until(self) -> I64:
        """When the units of a row are free again: the work is done, or taken away, or the run is over."""
        log = self.log
        ended = np.where(log.ended == NONE, self.over, log.ended)
        until: I64 = np.where(log.worked == NONE, ended, np.minimum(log.worked, ended))
        return until

    def capacity(self) -> None:
        """Every unit does one thing at a time, exists, and begins while its pool is open."""
        log, held = self.log, self.log.assignments
        if not len(held.row):
            return
        begin, end = log.started[held.row], self.held_until()[held.row]
        units = np.array([pool.units for pool in self.runnable.pools], np.int64)
        beyond = (held.unit < 0) | (held.unit >= units[held.pool])
        overlap = self.units.overlapping(held.pool, held.unit, begin, end)
        if beyond.any() or overlap is not None:
            at = int(np.flatnonzero(beyond)[0]) if beyond.any() else max(0, overlap or 0)
            name = self.runnable.pools[int(held.pool[at])].name
            self.break_law("capacity", int(held.row[at]), pool=name, unit=int(held.unit[at]))
        for index, model in enumerate(self.runnable.pools):
            rows = held.row[held.pool == index]
            opening = np.searchsorted(model.hours.begin, log.started[rows], side="right") - 1
            closed = (opening < 0) | (log.started[rows] >= model.hours.end[np.maximum(opening, 0)])
            if closed.any():
                self.break_law("closed", int(rows[np.flatnonzero(closed)[0]]), pool=model.name)

    def pools(self) -> None:
        """Little's law of every pool: people busy by their own records, and by the steps that needed them."""
        log, held = self.log, self.log.assignments
        until = self.held_until()
        asked = np.zeros(len(self.runnable.pools), np.int64)
        for node, activity in enumerate(self.runnable.activities):
            if activity is not None and activity.pools:
                rows = np.flatnonzero((log.node == node) & (log.started != NONE))
                for pool in activity.pools:
                    asked[pool] += int((until[rows] - log.started[rows]).sum())
        for index, model in enumerate(self.runnable.pools):
            own = held.row[held.pool == index]
            counted = _area(log.started[own], until[own])
            if counted != asked[index]:
                row = int(own[0]) if len(own) else 0
                values = {"counted": _days(counted), "asked": _days(int(asked[index]))}
                self.break_law("pool", row, pool=model.name, **values)


class _Checking(_CheckingPeople):
    """All laws, of one pipeline."""

    def __init__(
        self, log: EventLog, model: SimulationModel, register: CaseRegister, units: UnitRegister, over: int
    ) -> None:
        super().__init__(log, model, units, over)
        self.model = model
        self.register = register

    def findings(self) -> list[Finding]:
        self.phases()
        self.cases()
        self.system()
        if not self.broken:  # the rest needs rows in order
            self.capacity()
            self.pools()
            self.draws()
        return self.broken

    # ---- rows -------------------------------------------------------------------------------------------------

    def phases(self) -> None:
        """The moments of a row follow each other; what is done has ended, what is open has not."""
        log = self.log
        wrong = log.enabled < 0
        before = log.enabled
        for moment in (log.started, log.worked, log.ended):
            known = moment != NONE
            wrong |= known & (moment < before)
            before = np.where(known, moment, before)
        wrong |= (log.outcome == OPEN) != (log.ended == NONE)
        wrong |= (log.outcome == DONE) & ((log.started == NONE) | (log.worked == NONE))
        wrong |= (log.worked != NONE) & (log.started == NONE)
        if wrong.any():
            self.break_law("phases", int(np.flatnonzero(wrong)[0]), rows=int(wrong.sum()))

    # ---- cases ------------------------------------------------------------------------------------------------

    def cases(self) -> None:
        """What arrived is what the random numbers say; it is finished or open, and every row is somebody's."""
        log = self.log
        rows = np.flatnonzero(self.is_case)
        rows = rows[np.argsort(log.case[rows], kind="stable")]
        if not self.register.tick(log.case[rows], log.enabled[rows]):
            first = int(rows[0]) if len(rows) else 0
            self.break_law("cases", first, expected=self.register.expected, found=self.register.found)
            return
        own = np.searchsorted(log.case[rows], log.case)
        own = rows[np.minimum(own, len(rows) - 1)] if len(rows) else np.zeros(len(log), np.intp)
        known = log.case[own] == log.case if len(rows) else np.zeros(len(log), np.bool_)
        if not known.all():
            self.break_law("stranger", int(np.flatnonzero(~known)[0]))
            return
        left_behind = ~self.is_case & (log.ended == NONE) & (log.outcome[own] == DONE)
        if left_behind.any():
            self.break_law("left_behind", int(np.flatnonzero(left_behind)[0]))

    def system(self) -> None:
        """Little's law of the system: a case is inside as long as one of its steps is open, and no longer."""
        log = self.log
        cases = np.flatnonzero(self.is_case)
        steps = np.flatnonzero(~self.is_case & (log.enabled < np.where(log.ended == NONE, self.over + 1, log.ended)))
        ended = np.where(log.ended == NONE, self.over, log.ended)
        inside = _union(log.case[steps], log.enabled[steps], ended[steps])
        stayed = int((ended[cases] - log.enabled[cases]).sum())
        if inside != stayed:
            per_case = {int(log.case[row]): int(ended[row] - log.enabled[row]) for row in cases}
            first = 0
            for row in cases.tolist():
                own = steps[log.case[steps] == log.case[row]]
                if _union(log.case[own], log.enabled[own], ended[own]) != per_case[int(log.case[row])]:
                    first = row
                    break
            self.break_law("system", first, counted=_days(inside), asked=_days(stayed))

    def draws(self) -> None:
        """Work done is work asked: rows that ran to their end took what their keys draw."""
        log, model = self.log, self.model
        costs = [a is not None and (a.effort is not None or a.dwell is not None) for a in model.activities]
        rows = np.flatnonzero(~self.is_case & (log.outcome == DONE))
        rows = rows[np.array(costs, np.bool_)[log.node[rows]]]
        if len(rows) > MOST_DRAWS:
            rows = rows[np.linspace(0, len(rows) - 1, MOST_DRAWS).astype(np.intp)]
        root = replication_key(model.study.seed, int(log.replication[0]), model.number)
        for row in rows.tolist():
            activity = model.activities[int(log.node[row])]
            assert activity is not None
            key = case_key(root, int(log.case[row]))
            started, worked, ended = int(log.started[row]), int(log.worked[row]), int(log.ended[row])
            identity = int(log.instance[row])
            for law, distribution, hours, begin, end in (
                ("effort", activity.effort, None if activity.finish else activity.hours, started, worked),
                ("dwell", activity.dwell, activity.dwell_hours, worked, ended),
            ):
                if distribution is None:
                    continue
                asked = sample_ms(distribution, uniform(key, identity, EFFORT if law == "effort" else DWELL))
                due = begin + asked if hours is None else hours.add_work(begin, asked)
                if due != end:
                    values = {"asked": asked / 60_000, "found": (end - begin) / 60_000}
                    self.break_law(law, row, **values)
                    return


def _union(case: I64, begin: I64, end: I64) -> int:
    """How long at least one of a case's intervals was open, summed over cases, ms."""
    if not len(case):
        return 0
    order = np.lexsort((begin, case))
    case, begin, end = case[order], begin[order], end[order]
    # The furthest end so far within a case: lift each case above all before it, so that one running maximum does.
    span = int(end.max()) + 1
    rank = np.cumsum(np.concatenate([[0], case[1:] != case[:-1]])) * span
    reached = np.maximum.accumulate(end + rank)
    before = np.concatenate([[-1], reached[:-1]])
    opened = np.maximum(begin + rank, np.maximum(before, rank))
    return int(np.maximum(0, end + rank - opened).sum())


def _area(begin: I64, end: I64) -> int:
    """The integral of how many intervals are open at a moment, swept moment by moment, ms."""
    moments = np.concatenate([begin, end])
    steps = np.concatenate([np.ones(len(begin), np.int64), -np.ones(len(end), np.int64)])
    order = np.argsort(moments, kind="stable")
    inside = np.cumsum(steps[order])
    return int((inside[:-1] * np.diff(moments[order])).sum()) if len(moments) else 0


def _days(ms: int) -> float:
    return ms / 86_400_000
