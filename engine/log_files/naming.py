"""What an exported log calls its moments, activities, people and cases."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from engine.log import CASE_NODE, EventLog

__all__ = ["LogNames"]

Value: TypeAlias = "float | bool | str"
F64: TypeAlias = npt.NDArray[np.float64]
Texts: TypeAlias = npt.NDArray[np.object_]


def _no_attributes(replication: int, case: int) -> Mapping[str, Value]:
    return {}


def _no_cost(log: EventLog) -> F64:
    return np.zeros(len(log), np.float64)


@dataclass(frozen=True)
class LogNames:
    """What stands behind the numbers of a log.

    Args:
        start: Day whose midnight is the moment 0.
        zone: Offset from UTC as ISO 8601 has it, for formats whose moments need one.
        elements: By node: id of the BPMN element.
        activities: By node: name of the activity; None where the node is no task.
        pools: By pool: what people call it.
        units: By pool: how many units it has; a pool of one is called by its name alone.
        attributes: What is known of a case, by replication and case.
        cost: What each row of a chunk cost.
        currency: Of the costs, ISO 4217.
    """

    start: date
    elements: tuple[str, ...]
    activities: tuple[str | None, ...]
    pools: tuple[str, ...] = ()
    units: tuple[int, ...] = ()
    zone: str = "+08:00"
    attributes: Callable[[int, int], Mapping[str, Value]] = _no_attributes
    cost: Callable[[EventLog], F64] = _no_cost
    currency: str = "CNY"

    def unit(self, pool: int, unit: int) -> str:
        """What a unit of a pool is called."""
        return self.pools[pool] if self.units[pool] == 1 else f"{self.pools[pool]}-{unit + 1}"

    def stamps(self, moments: npt.NDArray[np.int64]) -> Texts:
        """Moments as ISO 8601 with milliseconds and zone; empty where there is none."""
        base = np.datetime64(self.start, "ms")
        texts = np.datetime_as_string(base + moments.astype("timedelta64[ms]"), unit="ms").astype(object) + self.zone
        texts[moments < 0] = ""
        return np.asarray(texts, dtype=object)

    def stamp(self, moment: int) -> str:
        """One moment."""
        return str(self.stamps(np.array([moment], np.int64))[0])

    def is_activity(self, log: EventLog) -> npt.NDArray[np.bool_]:
        """Which rows are those of tasks."""
        known = np.array([name is not None for name in self.activities] + [False])
        return np.asarray(known[np.where(log.node == CASE_NODE, len(self.activities), log.node)])

    def resources(self, log: EventLog) -> Texts:
        """By row: the units that worked on it, joined by a semicolon where there are several."""
        names = np.full(len(log), "", object)
        held = log.assignments
        for row, pool, unit in zip(held.row.tolist(), held.pool.tolist(), held.unit.tolist(), strict=True):
            name = self.unit(pool, unit)
            names[row] = f"{names[row]}{SEPARATOR}{name}" if names[row] else name
        return names

    def roles(self, log: EventLog) -> Texts:
        """By row: the pools of those units, in the same way."""
        names = np.full(len(log), "", object)
        for row, pool in zip(log.assignments.row.tolist(), log.assignments.pool.tolist(), strict=True):
            names[row] = f"{names[row]}{SEPARATOR}{self.pools[pool]}" if names[row] else self.pools[pool]
        return names


SEPARATOR: Final = ";"
