"""Runs the loop: makes tables larger when they are full, and takes the log away in chunks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from engine.kernel import layout
from engine.kernel.compiling import compiled_form
from engine.kernel.state import grown, new_state
from engine.log import CASE_NODE, NONE, OPEN, Assignments, EventLog
from simulations.drivers.compiled.loop import begin_run, run_events
from simulations.drivers.compiled.setting import new_shop, setting_of, with_more_cases, with_more_works
from simulations.drivers.compiled.tables import (
    ASSIGNED,
    FAULT,
    FINISHED,
    FULL_LOG,
    GROW,
    IDLE,
    LOG_ROW,
    Diary,
)
from simulations.drivers.faults import run_error
from simulations.model import Runnable

__all__ = ["CompiledDriver", "simulate_compiled"]

FIRST_CHUNK: Final = 1 << 12  # rows: most replications of a small study fit
LATER_CHUNKS: Final = 1 << 16

_NOT_COPIED: Final = ("replication",)


def simulate_compiled(model: Runnable, replication: int) -> EventLog:
    """Run one replication and return its log: the same as that of `simulations.drivers.simpy_driver.simulate`.

    Raises:
        RunError: A choice finds no way, a condition divides by zero, or a loop never ends.
    """
    return EventLog.concatenate(CompiledDriver(model, replication).chunks())


class CompiledDriver:
    """One replication of one model.

    Args:
        logging: Whether a log is kept; without it only ``events`` and the times are known afterwards.
    """

    def __init__(self, model: Runnable, replication: int, logging: bool = True) -> None:
        self.model = model
        self.replication = replication
        self.setting = setting_of(model)
        self.net = model.net.arrays
        self.state = new_state(self.net, plain=False)
        self.shop = new_shop(self.setting, model, replication, len(self.state.token), logging)
        self.diary = _new_diary(FIRST_CHUNK if logging else 1, self.setting.width)

    @property
    def events(self) -> int:
        """Arrivals, ends of work or dwell, timers, so far."""
        return int(self.shop.counters[0].events)

    def run(self) -> None:
        """Run to the end; the log is given up."""
        for _ in self.chunks():
            pass

    def chunks(self) -> Iterator[EventLog]:
        """Run to the end, handing the log on in chunks; the last one holds what was left open.

        Raises:
            RunError: As `simulate_compiled`.
        """
        loop = compiled_form(run_events)
        compiled_form(begin_run)(self.setting.people, self.shop)
        while True:
            reason = loop(self.net, self.state, self.setting.people, self.shop, self.diary)
            if reason == FINISHED:
                break
            if reason == FAULT:
                raise self._error()
            if reason == GROW:
                self.state = grown(self.net, self.state, plain=False)
                self.shop = with_more_works(self.shop, self.setting, len(self.state.token))
            elif reason == FULL_LOG:
                yield self._take()
                self._next_chunk()
            else:
                self.shop = with_more_cases(self.shop)
        yield self._take()
        yield self._left_open()

    # ---- the log ----------------------------------------------------------------------------------------------

    def _take(self) -> EventLog:
        """The rows since the last chunk."""
        count = self.shop.counters[0]
        rows: Any = self.diary.row
        held: Any = self.diary.assigned
        taken = _log(rows[: count.rows], held[: count.assigned], self.replication, int(count.rows_before))
        count.rows_before += count.rows
        count.rows = count.assigned = 0
        return taken

    def _next_chunk(self) -> None:
        """Room for the next rows: for all that one event says at least."""
        room = max(LATER_CHUNKS, 2 * int(self.state.counters[0].commands))
        if room > len(self.diary.row):
            self.diary = _new_diary(room, self.setting.width)

    def _left_open(self) -> EventLog:
        """What still waits when the run is over, in the order of ``(case, node, visit, identity)``; then the cases."""
        count = self.shop.counters[0]
        work: Any = self.shop.work
        cases: Any = self.shop.cases
        if not count.logging:
            return _log(np.zeros(0, LOG_ROW), np.zeros(0, ASSIGNED), self.replication, 0)
        slots = np.flatnonzero(work["state"][count.first_work :] != IDLE) + count.first_work
        open_works = work[slots]
        order = np.lexsort([open_works[name] for name in ("identity", "visit", "node", "case")])
        slots, open_works = slots[order], open_works[order]
        rows = np.zeros(len(slots), LOG_ROW)
        for column in ("case", "node", "visit", "parent", "enabled", "started", "worked"):
            rows[column] = open_works[column]
        rows["worked"][open_works["worked"] > count.now] = NONE
        rows["instance"], rows["enabled_by"] = open_works["identity"], open_works["by"]
        rows["pipeline"] = cases["pipeline"][open_works["slot"]]
        rows["ended"] = rows["chosen_flow"] = NONE
        own = cases[: count.cases_used]
        own = own[own["case"] != NONE]
        own = own[np.lexsort([own["pipeline"], own["case"], own["arrived"]])]
        case_rows = np.zeros(len(own), LOG_ROW)
        for column in ("case", "pipeline"):
            case_rows[column] = own[column]
        for column in ("enabled", "started", "worked"):
            case_rows[column] = own["arrived"]
        case_rows["node"] = CASE_NODE
        for column in ("parent", "enabled_by", "ended", "chosen_flow"):
            case_rows[column] = NONE
        rows = np.concatenate([rows, case_rows])
        rows["outcome"] = OPEN
        return _log(rows, self._held_by(slots), self.replication, 0)

    def _held_by(self, slots: Any) -> Any:
        """The assignments of open works, in the order of their rows."""
        work: Any = self.shop.work
        activity: Any = self.setting.people.activity
        need: Any = self.setting.people.need
        request: Any = self.shop.request
        held = []
        for row, slot in enumerate(slots.tolist()):
            w = work[slot]
            if w["number"] == NONE or w["started"] == NONE:
                continue
            first = activity["first_need"][w["node"]]
            for place in range(activity["needs"][w["node"]]):
                unit = request["unit"][slot * self.setting.width + place]
                held.append((row, need["pool"][first + place], unit))
        return np.array(held, ASSIGNED)

    def _error(self) -> Exception:
        """The fault of the kernel, or of the driver."""
        kernel, own = self.state.counters[0], self.shop.counters[0]
        if kernel.fault != layout.NO_FAULT:
            case = int(self.shop.cases["case"][kernel.fault_case])  # type: ignore[call-overload]  # a record array
            return run_error(self.model, int(kernel.fault), case, int(kernel.fault_node))
        return run_error(self.model, int(own.fault), int(own.fault_case), int(own.fault_node))


def _new_diary(rows: int, width: int) -> Diary:
    tables: Any = np.zeros(rows, LOG_ROW), np.zeros(rows * width, ASSIGNED)
    return Diary(*tables)


def _log(rows: Any, held: Any, replication: int, rows_before: int) -> EventLog:
    columns = {name: rows[name].copy() for name in EventLog.columns() if name not in _NOT_COPIED}
    return EventLog(
        replication=np.full(len(rows), replication, np.int32),
        **columns,
        assignments=Assignments(held["row"] - rows_before, held["pool"].copy(), held["unit"].copy()),
    )
