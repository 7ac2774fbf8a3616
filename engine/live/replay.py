"""Simulated cases, judged by another engine: each log is replayed as a live case.

Choices are answered from the log, activities end and timers fire in the log's order. After the last row of
each instant the activities that are ready must be those that the log says are open, and at the end the case
must be complete. The judge is not above doubt: the standard and a trace made by hand settle a complaint.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from engine.diagram.model import Diagram
from engine.errors import Finding, RunError
from engine.kernel.layout import ACTIVITY, RACE, SCOPE, SOME, TIMER, WAIT, WATCHER
from engine.live.case import Executable, LiveCase, prepare
from engine.live.derive import choice_of
from engine.live.entry import Entry, Scope, listed
from engine.log import CASE_NODE, DONE, NONE, OPEN, EventLog
from engine.net import ProcessNet

__all__ = ["Complaint", "replay"]


@dataclass(frozen=True)
class Complaint:
    """The first thing in a case that the workflow engine does not do.

    Args:
        at: Moment in ms since the scenario's start; -1 where none is meant.
        element: Id of the element; None for the case.
        code: Key in the catalogue below ``finding``.
        values: What its sentences need.
    """

    replication: int
    case: int
    at: int
    element: str | None
    code: str
    values: Mapping[str, object]

    def describe(self, language: str = "en") -> str:
        """Element, sentence and cure in one paragraph."""
        values = {"case": self.case, "at": self.at, **self.values}
        return Finding(self.code, values, element=self.element).describe(language)


def replay(diagram: Diagram, net: ProcessNet, log: EventLog) -> list[Complaint]:
    """Replay every case of a log through the workflow engine.

    Args:
        diagram: The diagram that was simulated.
        net: The net that the diagram was lowered to, whose nodes and flows the log counts.
        log: Rows of one pipeline; any number of replications.

    Returns:
        At most one complaint for each case, by replication and case.

    Raises:
        BadInput: The workflow engine cannot run the diagram.
    """
    executable = prepare(diagram)
    cases: dict[tuple[int, int], list[_Row]] = {}
    for values in log.rows():
        row = _Row(*values)
        cases.setdefault((row.replication, row.case), []).append(row)
    complaints = []
    for (replication, case), rows in sorted(cases.items()):
        try:
            _Replay(executable, net, rows).run()
        except _DiffersError as differs:
            complaints.append(Complaint(replication, case, *differs.args))
        except RunError as error:
            finding = error.findings[0]
            complaints.append(Complaint(replication, case, NONE, finding.element, finding.code, finding.values))
    return complaints


class _DiffersError(Exception):
    """The workflow engine and the log differ: moment, element, code and values of the complaint."""


class _Row(NamedTuple):
    """A row of the log, column by column."""

    replication: int
    pipeline: int
    case: int
    node: int
    visit: int
    instance: int
    parent: int
    enabled_by: int
    enabled: int
    started: int
    worked: int
    ended: int
    outcome: int
    chosen_flow: int


class _Replay:
    """One case: what its rows say, and the live case that must do the same."""

    def __init__(self, executable: Executable, net: ProcessNet, rows: Sequence[_Row]) -> None:
        self._net = net
        self._rows = [row for row in rows if row.node != CASE_NODE]
        self._case_row = next((row for row in rows if row.node == CASE_NODE), None)
        self._inner = {row.instance: row for row in self._rows if net.kinds[row.node] == SCOPE}
        self._scopes: dict[int, Scope] = {0: ()}
        self._routes: dict[Entry, tuple[str, ...]] = {}
        self._process = executable.diagram.process
        self._live = LiveCase(executable, self._route)

    def run(self) -> None:
        """Replay the case.

        Raises:
            _DiffersError: The first difference.
            RunError: The live case cannot go on.
        """
        case = self._case_row
        if case is None:
            raise _differs("replay.no_case_row", NONE, None)
        self._check_order()
        for row in self._rows:
            if row.chosen_flow != NONE and self._net.kinds[row.node] != RACE:
                entry = self._entry(row)
                self._routes[entry] = (*self._routes.get(entry, ()), self._net.flows[row.chosen_flow])
        activities = [(self._entry(row), row) for row in self._rows if self._net.kinds[row.node] == ACTIVITY]
        moved = (ACTIVITY, TIMER, WAIT, WATCHER)
        acts = [row for row in self._rows if self._net.kinds[row.node] in moved and row.outcome == DONE]
        self._live.start()
        at = case.enabled
        for row in acts:
            if row.ended > at:
                self._compare(activities, at)
            at = row.ended
            self._act(row)
        self._compare(activities, at)
        self._check_end(case, at)

    def _check_order(self) -> None:
        """Rows stand in the order in which they ended."""
        before = NONE
        for row in self._rows:
            if row.outcome != OPEN:
                if row.ended < before:
                    values = {"before": before}
                    raise _differs("replay.order", row.ended, self._net.elements[row.node], values)
                before = row.ended

    def _entry(self, row: _Row) -> Entry:
        element = self._net.elements[row.node]
        if self._net.kinds[row.node] == SOME:
            element = choice_of(self._process, element)
        return Entry(element, self._scope(row.parent, row), row.visit)

    def _scope(self, instance: int, of: _Row) -> Scope:
        """The scope instance that the log knows by a number: sub-process and visit, and so on upwards."""
        if instance not in self._scopes:
            host = self._inner.get(instance)
            if host is None:
                raise _differs("replay.no_scope", of.enabled, self._net.elements[of.node])
            above = self._scope(host.parent, host)
            self._scopes[instance] = (*above, (self._net.elements[host.node], host.visit))
        return self._scopes[instance]

    def _route(self, entry: Entry, ways: tuple[str, ...]) -> tuple[str, ...]:
        flow = self._routes.pop(entry, None)
        if flow is None:
            raise _differs("replay.no_choice", NONE, entry.element, {"entry": entry})
        return flow

    def _act(self, row: _Row) -> None:
        entry = self._entry(row)
        is_activity = self._net.kinds[row.node] == ACTIVITY
        waiting = self._live.ready_entries() if is_activity else self._live.timers()
        if entry not in waiting:
            code = "replay.not_ready" if is_activity else "replay.not_set"
            raise _differs(code, row.ended, entry.element, {"entry": entry, "waiting": listed(waiting)})
        if is_activity:
            self._live.complete(entry)
        else:
            self._live.fire(entry)

    def _compare(self, activities: Sequence[tuple[Entry, _Row]], at: int) -> None:
        """After the last row of an instant: what is ready is what is open in the log."""
        ready = self._live.ready_entries()
        still = [e for e, row in activities if row.enabled <= at and (row.outcome == OPEN or row.ended > at)]
        if set(still) != set(ready):
            differing = min(set(still) ^ set(ready), key=str)
            values = {"open": listed(still), "ready": listed(ready)}
            raise _differs("replay.open_set", at, differing.element, values)

    def _check_end(self, case: _Row, at: int) -> None:
        if case.outcome == OPEN and self._live.is_complete:
            raise _differs("replay.already_complete", at, None)
        if case.outcome != OPEN and not self._live.is_complete:
            raise _differs("replay.not_complete", at, None)
        if self._routes:
            unused = min(self._routes, key=str)
            raise _differs("replay.unused_choice", at, unused.element, {"entry": unused})


def _differs(code: str, at: int, element: str | None, values: Mapping[str, object] | None = None) -> _DiffersError:
    return _DiffersError(at, element, code, values or {})
