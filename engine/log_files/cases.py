"""Whole cases out of a log that comes in chunks: rows wait until the row of their case says that it is over.

What is held in memory are the rows of the cases that are open at one time, however long the log is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from engine.log import CASE_NODE, NONE, OUTCOMES, EventLog
from engine.log_files.naming import LogNames

__all__ = ["Task", "Trace", "traces"]


@dataclass(frozen=True)
class Task:
    """A row of a task; moments in ms, -1 for none."""

    activity: str
    element: str
    instance: int
    enabled: int
    started: int
    ended: int
    outcome: str
    held: tuple[tuple[int, int], ...]
    """``(pool, unit)`` of those who worked."""
    cost: float


@dataclass(frozen=True)
class Trace:
    """A case and its tasks, in the order in which they ended.

    Args:
        arrived: When it was submitted.
        ended: When it was over; -1 if the run ended before.
    """

    replication: int
    case: int
    arrived: int
    ended: int
    tasks: tuple[Task, ...]


def traces(chunks: Iterator[EventLog], names: LogNames) -> Iterator[Trace]:
    """The cases of a log, each once, when its own row comes.

    Args:
        chunks: Of one log, in order; chunks of another replication may follow.
        names: What the numbers mean.
    """
    waiting: defaultdict[tuple[int, int], list[Task]] = defaultdict(list)
    for chunk in chunks:
        is_activity = names.is_activity(chunk).tolist()
        costs = names.cost(chunk).tolist()
        held: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
        assigned = chunk.assignments
        for row, pool, unit in zip(assigned.row.tolist(), assigned.pool.tolist(), assigned.unit.tolist(), strict=True):
            held[row].append((pool, unit))
        columns = (
            chunk.replication, chunk.case, chunk.node, chunk.instance, chunk.enabled, chunk.started, chunk.ended,
            chunk.outcome,
        )  # fmt: skip
        for row, values in enumerate(zip(*(column.tolist() for column in columns), strict=True)):
            replication, case, node, instance, enabled, started, ended, outcome = values
            if node == CASE_NODE:
                tasks = waiting.pop((replication, case), [])
                yield Trace(replication, case, enabled, ended, tuple(tasks))
            elif is_activity[row]:
                name = names.activities[node]
                assert name is not None  # it is a task
                word = OUTCOMES[outcome]
                task = Task(
                    name, names.elements[node], instance, enabled, started, ended, word, tuple(held[row]), costs[row]
                )
                waiting[replication, case].append(task)
    for (replication, case), tasks in waiting.items():  # a log that was cut off
        yield Trace(replication, case, min(task.enabled for task in tasks), NONE, tuple(tasks))
