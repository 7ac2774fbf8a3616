"""Why it took so long: the time of every row by cause, and each case's critical chain.

The causes of a row add up to its time exactly; the causes along a chain add up to the case's elapsed time exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

import numpy as np
import numpy.typing as npt

from engine.calendars.hours import Hours
from engine.log import CASE_NODE, DONE, NONE, EventLog
from simulations.model import ActivityModel, Party, PoolModel, SimulationModel

__all__ = ["CAUSES", "Cause", "Chains", "critical_chains", "dwell_cause", "row_causes", "stretches"]

I64: TypeAlias = npt.NDArray[np.int64]

Cause = Literal["work", "queue", "off_hours", "batch", "applicant", "third_party", "dwell"]
CAUSES: Final[tuple[Cause, ...]] = get_args(Cause)
_NUMBER: Final[dict[Cause, int]] = {cause: i for i, cause in enumerate(CAUSES)}
_WORK_OF: Final[dict[Party, Cause]] = {
    "office": "work",
    "applicant": "applicant",
    "third_party": "third_party",
}
_DWELL_OF: Final[dict[Party, Cause]] = {
    "office": "dwell",
    "applicant": "applicant",
    "third_party": "third_party",
}


def effort_cause(activity: ActivityModel, pools: tuple[PoolModel, ...]) -> Cause:
    """On whom effort is booked: the office if any of its people take part, else the first pool's party."""
    parties = [pools[p].party for p in activity.pools]
    return "work" if "office" in parties or not parties else _WORK_OF[parties[0]]


def dwell_cause(activity: ActivityModel) -> Cause:
    """On what the time after the effort is booked."""
    return "batch" if activity.batch is not None else _DWELL_OF[activity.dwell_party]


def row_causes(log: EventLog, model: SimulationModel) -> I64:
    """Milliseconds by cause.

    Waiting counts as queue only while all needed pools are open, else as off-hours; so does effort that is suspended.
    Rows of sub-processes, choices and cases have no time of their own: what runs in them has. A wait for a message,
    signal or condition of the diagram is dwell; on a critical chain stands what it waited for in its place.

    Args:
        log: Of one variant; open rows count up to nothing.

    Returns:
        Shape (rows, causes), in the order of `CAUSES`.
    """
    causes = np.zeros((len(log), len(CAUSES)), np.int64)
    for node, activity in enumerate(model.activities):
        if activity is None and node not in model.net.listening_nodes:
            continue
        rows = np.flatnonzero((log.node == node) & (log.ended != NONE))
        if not len(rows):
            continue
        enabled, ended = log.enabled[rows], log.ended[rows]
        if activity is None:
            causes[rows, _NUMBER["dwell"]] += ended - enabled
            continue
        started = np.where(log.started[rows] == NONE, ended, log.started[rows])
        worked = np.where(log.worked[rows] == NONE, ended, log.worked[rows])
        hours = activity.hours
        if hours is not None:
            open_time = _open_between(hours, enabled, started)
            causes[rows, _NUMBER["queue"]] += open_time
            causes[rows, _NUMBER["off_hours"]] += started - enabled - open_time
            busy = worked - started if activity.finish else _open_between(hours, started, worked)
            causes[rows, _NUMBER[effort_cause(activity, model.pools)]] += busy
            causes[rows, _NUMBER["off_hours"]] += worked - started - busy
        causes[rows, _NUMBER[dwell_cause(activity)]] += ended - worked
    return causes


def stretches(log: EventLog, row: int, model: SimulationModel) -> list[tuple[int, int, Cause]]:
    """What each stretch of one row was: ``(from, to, cause)`` in ms, contiguous, for charts and stories."""
    node = int(log.node[row])
    activity = model.activities[node] if node != CASE_NODE else None
    enabled, ended = int(log.enabled[row]), int(log.ended[row])
    if ended != NONE and ended > enabled and node in model.net.listening_nodes:
        return [(enabled, ended, "dwell")]
    if activity is None or ended == NONE:
        return []
    started = int(log.started[row]) if log.started[row] != NONE else ended
    worked = int(log.worked[row]) if log.worked[row] != NONE else ended
    parts: list[tuple[int, int, Cause]] = []
    if activity.hours is not None:
        for begin, end, is_open in activity.hours.pieces(enabled, started):
            parts.append((begin, end, "queue" if is_open else "off_hours"))
        cause = effort_cause(activity, model.pools)
        for begin, end, is_open in activity.hours.pieces(started, worked):
            parts.append((begin, end, cause if is_open or activity.finish else "off_hours"))
    if ended > worked:
        parts.append((worked, ended, dwell_cause(activity)))
    return parts


@dataclass(frozen=True)
class Chains:
    """The critical chains of the finished cases of a log.

    Args:
        case: Case numbers, ascending; shape (cases,).
        elapsed: Ms from submission to end; shape (cases,).
        causes: Ms by cause; shape (cases, causes); each row sums to ``elapsed``.
        member: Whether a row of the log lies on the chain of its case; shape (rows,).
    """

    case: I64
    elapsed: I64
    causes: I64
    member: npt.NDArray[np.bool_]


def critical_chains(log: EventLog, model: SimulationModel) -> Chains:
    """Walk back from the end of every finished case along what enabled each step."""
    causes = row_causes(log, model)
    done = np.flatnonzero((log.node == CASE_NODE) & (log.outcome == DONE))
    done = done[np.argsort(log.case[done], kind="stable")]
    rows = _Finder(log)
    total = np.zeros((len(done), len(CAUSES)), np.int64)
    member = np.zeros(len(log), np.bool_)
    walking = np.arange(len(done))
    by = log.enabled_by[done]
    while len(walking := walking[by != 0]):
        by = by[by != 0]
        step = rows.find(log.case[done[walking]], by)
        total[walking] += causes[step]
        member[step] = True
        by = log.enabled_by[step]
    return Chains(log.case[done], log.ended[done] - log.enabled[done], total, member)


class _Finder:
    """Finds rows by (case, identity): sorted by a 64-bit scramble of both, then checked."""

    def __init__(self, log: EventLog) -> None:
        self.log = log
        codes = self._codes(log.case, log.instance)
        self.order = np.argsort(codes, kind="stable")
        self.codes = codes[self.order]

    @staticmethod
    def _codes(case: I64, identity: I64) -> npt.NDArray[np.uint64]:
        scrambled: npt.NDArray[np.uint64] = case.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        return scrambled ^ identity.astype(np.uint64)

    def find(self, case: I64, identity: I64) -> npt.NDArray[np.intp]:
        at = np.searchsorted(self.codes, self._codes(case, identity))
        rows = self.order[np.minimum(at, len(self.order) - 1)]
        if not (np.array_equal(self.log.case[rows], case) and np.array_equal(self.log.instance[rows], identity)):
            raise LookupError("a row of the log names an enabling row that is not there")
        return rows


def _open_between(hours: Hours, begin: I64, end: I64) -> I64:
    return hours.work_until(end) - hours.work_until(begin)
