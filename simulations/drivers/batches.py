"""Batches: works that wait for each other, or for a committee to sit, before they may begin."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from engine.calendars.hours import FAR
from engine.order import RELEASE
from simulations.model import BatchModel

if TYPE_CHECKING:
    from simulations.drivers.ordered import OrderedEnvironment
    from simulations.drivers.work import Work

__all__ = ["Batch"]


class Batch:
    """The works that wait at one element, in the order in which they came.

    A batch closes in an event of its own (class release): when it is full, when its oldest work has waited long
    enough, and when a sitting begins. What it lets go moves on one after the other, in that event.

    Args:
        index: Its place in the order of events.
        let_go: What to do with a work whose batch has closed.
    """

    def __init__(
        self, environment: OrderedEnvironment, index: int, model: BatchModel, let_go: Callable[[Work], None]
    ) -> None:
        self.environment = environment
        self.index = index
        self.model = model
        self.let_go = let_go
        self.members: list[Work] = []
        self.begins: list[int] = [] if model.sittings is None else model.sittings.begin.tolist()
        self.due = FAR  # the moment of the event that is set
        self.sat = -1  # the moment of the last sitting

    def join(self, work: Work) -> None:
        """Wait for the batch to close."""
        self.members.append(work)
        self.set_event()

    def leave(self, work: Work) -> None:
        """What the work waited for is withdrawn."""
        self.members.remove(work)

    def closing(self) -> int:
        """How many of the members a batch that closes now takes: 0 if it does not."""
        now = self.environment.now
        waiting = len(self.members)
        taken = 0
        if self.model.size is not None:
            taken = waiting - waiting % self.model.size
        if self.model.age is not None and waiting and self.members[0].enabled + self.model.age <= now:
            taken = waiting
        if self.next_sitting() == now:
            self.sat = now
            taken = max(taken, waiting if self.model.most is None else min(waiting, self.model.most))
        return taken

    def next_sitting(self) -> int:
        """When the next sitting begins: now, or later; each sits once."""
        at = bisect_left(self.begins, max(self.environment.now, self.sat + 1))
        return self.begins[at] if at < len(self.begins) else FAR

    def set_event(self) -> None:
        """Await the next closing."""
        now = self.environment.now
        due = self.next_sitting() if self.members else FAR
        if self.model.age is not None and self.members:
            due = min(due, self.members[0].enabled + self.model.age)
        if self.model.size is not None and len(self.members) >= self.model.size:
            due = now
        if due < self.due:
            self.due = due
            self.environment.process(self.close_at(due))

    def close_at(self, moment: int) -> Iterator[Any]:
        """Let go of what the closing takes, then await the next one."""
        yield self.environment.at(moment, (RELEASE, self.index, 0, 0, 0))
        if moment != self.due:
            return  # an earlier one took its place
        self.due = FAR
        taken = self.members[: self.closing()]
        del self.members[: len(taken)]
        for work in taken:
            if not work.withdrawn:
                self.let_go(work)
        self.set_event()
