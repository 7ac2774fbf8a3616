"""A SimPy environment with the project's order of events."""

from __future__ import annotations

from heapq import heappush
from typing import Any, TypeAlias

import simpy

__all__ = ["Key", "OrderedEnvironment"]

Key: TypeAlias = tuple[int, int, int, int, int]
"""``(class, case, node, visit, identity)``; see `engine.order`."""


class OrderedEnvironment(simpy.Environment):  # type: ignore[misc]  # SimPy's stubs are not followed
    """What takes no time comes first, in its order; then timed events by ``(time, class, case, node, ...)``.

    SimPy breaks ties by the order of scheduling; two drivers could not agree on that.
    """

    def schedule(self, event: Any, priority: int = 1, delay: int = 0) -> None:
        """SimPy's own door: everything that comes through it takes no time here."""
        assert delay == 0, "timed events come through `at`"
        heappush(self._queue, (self._now, 0, next(self._eid), event))

    def at(self, time: int, key: Key) -> Any:
        """An event at an absolute time, in the published order."""
        event = simpy.Event(self)
        event._ok = True
        event._value = None
        heappush(self._queue, (time, 1, (*key, next(self._eid)), event))
        return event

    def next_time(self) -> int | None:
        """The time of the next timed event; None while something that takes no time is left, or nothing at all."""
        if not self._queue or self._queue[0][1] == 0:
            return None
        time: int = self._queue[0][0]
        return time

    def is_empty(self) -> bool:
        """Whether nothing is left."""
        return not self._queue
