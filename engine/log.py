"""The event log: one row per activity, event, sub-process or choice of a case, in columns.

Rows stand in the order in which they ended. ``instance`` is the identity of the entry: a 64-bit hash of
(enclosing instance, element, visit), unique within a case and equal in every driver and variant.
The row of the case itself has ``node`` -1 and ``instance`` 0; its ``enabled_by`` names the row that ended it.

The phases of a row follow each other without a gap::

    enabled --waiting--> started --effort--> worked --dwell--> ended

What each stretch was (work, queue, off-hours, ...) follows from these moments and the calendars of the pools;
``simulations.causes`` says it. Which unit did the work stands in the side table `Assignments`.
``engine.log_files`` writes logs to files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

__all__ = [
    "CANCELLED",
    "CASE_NODE",
    "DONE",
    "INTERRUPTED",
    "NONE",
    "OPEN",
    "OUTCOMES",
    "Assignments",
    "EventLog",
]

NONE: Final = -1
CASE_NODE: Final = -1  # `node` of the row of the case itself

DONE: Final = 0  # ran to its end
INTERRUPTED: Final = 1  # a boundary event took its place
CANCELLED: Final = 2  # its scope ended without it, or its host did
OPEN: Final = 3  # still open when the run ended
OUTCOMES: Final = ("done", "interrupted", "cancelled", "open")

I16: TypeAlias = npt.NDArray[np.int16]
I32: TypeAlias = npt.NDArray[np.int32]
I64: TypeAlias = npt.NDArray[np.int64]
U8: TypeAlias = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Assignments:
    """Who worked on what: from ``started`` to ``worked`` of the row, the unit was held (even while suspended).

    Args:
        row: Row of the log.
        pool: Index of the pool.
        unit: Index of the unit in its pool.
    """

    row: I64
    pool: I16
    unit: I16


@dataclass(frozen=True)
class EventLog:
    """Columns of equal length; times in ms since the scenario's start, -1 for none.

    Args:
        replication: Number of the replication.
        pipeline: Number of the pipeline in the model.
        case: Number of the case in its replication, in order of arrival.
        node: Node of the net; -1 for the case itself.
        visit: How many times this node was entered before in the same scope instance.
        instance: Identity of this entry, unique within the case; 0 for the case itself.
        parent: Identity of the enclosing sub-process instance; 0 at the top, -1 for the case itself.
        enabled_by: Identity of the row whose end enabled this one; 0 where the arrival did.
        enabled: A token arrived.
        started: Work began; equals ``enabled`` where nothing is waited for; -1 if it never began.
        worked: Hands-on work ended and the dwell began; -1 if it never came to that.
        ended: The token left, or was taken away.
        outcome: 0 done, 1 interrupted, 2 cancelled, 3 open.
        chosen_flow: Flow of the net that a choice took; -1 for all else.
    """

    replication: I32
    pipeline: I32
    case: I64
    node: I32
    visit: I32
    instance: I64
    parent: I64
    enabled_by: I64
    enabled: I64
    started: I64
    worked: I64
    ended: I64
    outcome: U8
    chosen_flow: I32
    assignments: Assignments

    @staticmethod
    def columns() -> tuple[str, ...]:
        """The names of the columns, in their order."""
        return tuple(f.name for f in fields(EventLog) if f.name != "assignments")

    @classmethod
    def from_rows(
        cls,
        rows: Sequence[Sequence[int]] | Sequence[int],
        assignments: Sequence[Sequence[int]] | Sequence[int],
        replication: int,
    ) -> EventLog:
        """Build a log from rows without the replication, and assignments ``(row, pool, unit)``.

        Both may be given row by row, or flat: one row's numbers after the other's.
        """
        names = cls.columns()[1:]
        table = np.array(rows, dtype=np.int64).reshape(-1, len(names))
        columns = {name: table[:, i].astype(_DTYPES[name]) for i, name in enumerate(names)}
        held = np.array(assignments, dtype=np.int64).reshape(-1, 3)
        return cls(
            replication=np.full(len(table), replication, np.int32),
            **columns,
            assignments=Assignments(held[:, 0], held[:, 1].astype(np.int16), held[:, 2].astype(np.int16)),
        )

    def __len__(self) -> int:
        return len(self.case)

    def rows(self) -> Iterator[tuple[int, ...]]:
        """The rows as tuples of ints, in order: slow, for tests and for single cases."""
        return zip(*(getattr(self, name).tolist() for name in self.columns()), strict=True)

    def of_case(self, case: int) -> EventLog:
        """The rows of one case, in order; assignments are renumbered to them."""
        return self.take(np.flatnonzero(self.case == case))

    def take(self, rows: npt.NDArray[np.intp]) -> EventLog:
        """The rows at ascending positions ``rows``, with their assignments."""
        position = np.full(len(self), NONE, np.int64)
        position[rows] = np.arange(len(rows))
        held = self.assignments
        keep = position[held.row] != NONE
        return EventLog(
            **{name: getattr(self, name)[rows] for name in self.columns()},
            assignments=Assignments(position[held.row[keep]], held.pool[keep], held.unit[keep]),
        )

    @classmethod
    def concatenate(cls, logs: Iterable[EventLog]) -> EventLog:
        """Several logs after each other."""
        logs = list(logs)
        offsets = np.cumsum([0] + [len(log) for log in logs[:-1]])
        return cls(
            **{name: np.concatenate([getattr(log, name) for log in logs]) for name in cls.columns()},
            assignments=Assignments(
                np.concatenate([log.assignments.row + k for log, k in zip(logs, offsets, strict=True)]),
                np.concatenate([log.assignments.pool for log in logs]),
                np.concatenate([log.assignments.unit for log in logs]),
            ),
        )


_DTYPES: Final = {
    "pipeline": np.int32,
    "case": np.int64,
    "node": np.int32,
    "visit": np.int32,
    "instance": np.int64,
    "parent": np.int64,
    "enabled_by": np.int64,
    "enabled": np.int64,
    "started": np.int64,
    "worked": np.int64,
    "ended": np.int64,
    "outcome": np.uint8,
    "chosen_flow": np.int32,
}
