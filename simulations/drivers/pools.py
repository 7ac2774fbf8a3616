"""Pools of people: units that serve one queue, in open hours only."""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Iterator, Sequence
from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING, Any

from engine.order import OPENING
from simulations.model import PoolModel

if TYPE_CHECKING:
    from simulations.drivers.ordered import OrderedEnvironment
    from simulations.drivers.work import Work

__all__ = ["Pool", "Request", "give_back"]

Request = tuple[int, int, "Work"]
"""``(rank, number, work)``: rank is 0, the priority or the due moment; number counts the requests of the run."""


class Pool:
    """Units that serve one queue in the order of ``(rank, request number)``.

    Args:
        begin: What to do with a work that has got all its units.
    """

    def __init__(self, environment: OrderedEnvironment, index: int, model: PoolModel, begin: Callable[[Work], None]):
        self.environment = environment
        self.index = index
        self.model = model
        self.begin = begin
        self.free = list(range(model.units))
        heapify(self.free)
        self.queue: list[Request] = []
        self._opening_is_set = False

    def rank(self, work: Work) -> int:
        """What the queue is ordered by before the request number."""
        if self.model.discipline == "priority":
            return work.model.priority
        return work.due if self.model.discipline == "edd" else 0

    def enqueue(self, work: Work) -> None:
        """Stand in the queue."""
        insort(self.queue, (self.rank(work), work.number, work))

    def dequeue(self, work: Work) -> None:
        """Leave the queue."""
        self.queue.remove((self.rank(work), work.number, work))

    def is_open(self) -> bool:
        """Whether units may be given now; if not, the next opening is awaited."""
        now = self.environment.now
        if self.model.hours.is_open(now):
            return True
        if not self._opening_is_set:
            self._opening_is_set = True
            self.environment.process(self._open_later(self.model.hours.next_open(now)))
        return False

    def _open_later(self, time: int) -> Iterator[Any]:
        yield self.environment.at(time, (OPENING, self.index, 0, 0, 0))
        self._opening_is_set = False
        self.offer()

    def offer(self) -> None:
        """Give free units to the queue, in its order.

        A work of several pools takes all or nothing: what cannot have all now is passed over and holds nothing.
        """
        if not self.queue or not self.free or not self.is_open():
            return
        position = 0
        while self.free and position < len(self.queue):
            work = self.queue[position][2]
            if len(work.pools) == 1 or all(pool.is_open() and pool.free for pool in work.pools):
                for pool in work.pools:
                    pool.dequeue(work)
                work.units = [heappop(pool.free) for pool in work.pools]
                self.begin(work)
            else:
                position += 1


def give_back(pools: Sequence[Pool], units: Sequence[int]) -> None:
    """Release the units of a work, then try the queues of their pools, in the order of the work's pools."""
    for pool, unit in zip(pools, units, strict=True):
        heappush(pool.free, unit)
    for pool in pools:
        pool.offer()
