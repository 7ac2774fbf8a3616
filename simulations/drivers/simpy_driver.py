"""The reference driver: time and people as SimPy processes around the token kernel.

The kernel decides what a token does; this file decides when. Every change of state is made at once, in the order of
the commands; processes only wait. A withdrawn work is data: its process finds out when its event comes, if ever.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from typing import Any, Final

from engine.calendars.hours import FAR
from engine.kernel import layout
from engine.kernel.chance import DWELL, EFFORT, case_key, identifier_hash, replication_key, uniform
from engine.kernel.compiling import compiled_kernel, plain_kernel
from engine.kernel.layout import CANCEL, CASE_DONE, CHOSEN, ENABLE, ENTER, LEAVE, SET_TIMER
from engine.kernel.state import grown, is_paused, new_state, room_for_event
from engine.log import CANCELLED, CASE_NODE, DONE, INTERRUPTED, NONE, OPEN, EventLog
from engine.order import ARRIVAL, COMPLETION, TIMER_DUE
from simulations.distributions import Distribution, sample_ms
from simulations.drivers.batches import Batch
from simulations.drivers.faults import ENDLESS_LOOP, run_error
from simulations.drivers.limits import MOST_VISITS
from simulations.drivers.ordered import OrderedEnvironment
from simulations.drivers.pools import Pool, give_back
from simulations.drivers.work import Work
from simulations.model import Door, Runnable

__all__ = ["SimpyDriver", "simulate"]

ARRIVING: Final = identifier_hash("arrival")


def simulate(model: Runnable, replication: int, plain: bool = True) -> EventLog:
    """Run one replication and return its log.

    Args:
        plain: The kernel as plain Python; otherwise compiled by numba. The log is the same.

    Raises:
        RunError: A choice finds no way, a condition divides by zero, or a loop never ends.
    """
    return SimpyDriver(model, replication, plain).run()


class SimpyDriver:
    """One replication of one model.

    The kernel knows a case by its number times the number of pipelines, and the number of its pipeline: in the order
    of case, then pipeline, which the events have too. With one pipeline it is the number of the case.
    """

    def __init__(self, model: Runnable, replication: int, plain: bool = True) -> None:
        self.model = model
        self.replication = replication
        self.roots = [replication_key(model.study.seed, replication, door.number) for door in model.doors]
        self.environment = OrderedEnvironment()
        self.plain = plain
        self.kernel = plain_kernel() if plain else compiled_kernel()
        self.net = model.net.plain if plain else model.net.arrays
        self.state = new_state(self.net, plain)
        self.pools = [Pool(self.environment, i, pool, self.begin) for i, pool in enumerate(model.pools)]
        self.pools_of = [tuple(self.pools[p] for p in a.pools) if a else () for a in model.activities]
        batches = ((node, a.batch) for node, a in enumerate(model.activities) if a and a.batch)
        self.batches = {node: Batch(self.environment, i, batch, self.finish) for i, (node, batch) in enumerate(batches)}
        self.attributes = [
            [(identifier_hash("attribute", a.name), a.distribution) for a in door.attributes] for door in model.doors
        ]
        self.working_time = model.days.hours()
        self.keys: dict[int, int] = {}  # of the open cases
        self.arrived: dict[int, int] = {}  # when the open cases arrived, ms
        self.works: dict[int, Work] = {}  # by token
        self.requests = 0
        self.events = 0  # arrivals, ends of work or dwell, timers
        self.measured_open = 0
        self.arrivals_go_on = len(model.doors)  # pipelines whose next case may still be a measured one
        self.rows = array("q")  # flat: a tuple a row would take five times the memory
        self.row_number = 0
        self.assignments = array("q")

    def run(self) -> EventLog:
        """Run until every measured case has ended, or the run-out is over."""
        environment = self.environment
        for pipeline, door in enumerate(self.model.doors):
            environment.process(self.arrivals(pipeline, door))
        while not environment.is_empty():
            time = environment.next_time()
            over = not (self.measured_open or self.arrivals_go_on)
            if time is not None and (over or time >= self.model.study.run_out):
                break
            environment.step()
        self.leave_open()
        return EventLog.from_rows(self.rows, self.assignments, self.replication)

    # ---- what waits -------------------------------------------------------------------------------------------

    def arrivals(self, pipeline: int, door: Door) -> Iterator[Any]:
        """Cases of one pipeline come one after another, also during the run-out."""
        study = self.model.study
        root = self.roots[pipeline]
        moments = door.arrivals.moments(lambda case: uniform(case_key(root, case), ARRIVING, 0), study.run_out)
        goes_on = True
        for number, moment in enumerate(moments):
            if goes_on and moment >= study.horizon:
                goes_on = False
                self.arrivals_go_on -= 1
            case = number * len(self.roots) + pipeline
            yield self.environment.at(moment, (ARRIVAL, case, 0, 0, 0))
            self.events += 1
            self.measured_open += study.warmup <= moment < study.horizon
            self.start(case, moment)
        self.arrivals_go_on -= goes_on

    def activity(self, work: Work) -> Iterator[Any]:
        """Waits for its units, works, gives them back; then dwells; then the token moves on."""
        if work.pools:
            yield work.granted
            if work.withdrawn:
                return
            yield self.environment.at(work.worked, (COMPLETION, work.case, work.node, work.visit, work.identity))
            if work.withdrawn:
                return
            self.events += 1
            if work.model.dwell is None:
                self.finish(work)
                return
            self.release(work)
        yield from self.dwell(work, COMPLETION)

    def dwell(self, work: Work, kind: int) -> Iterator[Any]:
        """A delay that needs nobody: an office's lead time, a timer."""
        model = work.model
        assert model.dwell is not None
        assert model.dwell_hours is not None
        now = self.environment.now
        work.worked = now
        due = model.dwell_hours.add_work(now, self.draw(work, model.dwell, DWELL))
        yield self.environment.at(due, (kind, work.case, work.node, work.visit, work.identity))
        if not work.withdrawn:
            self.events += 1
            self.finish(work)

    # ---- what happens -----------------------------------------------------------------------------------------

    def start(self, case: int, moment: int) -> None:
        """A case is submitted: draw its attributes and let its first token in."""
        number, pipeline = divmod(case, len(self.roots))
        key = self.keys[case] = case_key(self.roots[pipeline], number)
        self.arrived[case] = moment
        for column, (name, distribution) in enumerate(self.attributes[pipeline]):
            self.state.arriving[column] = distribution.quantile(uniform(key, name, 0))
        self.make_room()
        self.kernel.start_case(self.net, self.state, self.model.doors[pipeline].definition, case, key)
        self.settle()

    def begin(self, work: Work) -> None:
        """All units are given: fix when the effort is done."""
        model = work.model
        assert model.effort is not None
        assert model.hours is not None
        now = self.environment.now
        effort = self.draw(work, model.effort, EFFORT)
        work.started = now
        work.holds = True
        work.worked = now + effort if model.finish else model.hours.add_work(now, effort)
        work.granted.succeed()

    def release(self, work: Work) -> None:
        """Give the units back and try their queues."""
        work.holds = False
        give_back(work.pools, work.units)

    def finish(self, work: Work) -> None:
        """What was waited for is over: write its row, release the units, then move the token."""
        del self.works[work.token]
        self.write(work, DONE, self.environment.now)
        if work.holds:
            self.release(work)
        self.make_room()
        self.kernel.resume(self.net, self.state, work.token)
        self.settle()

    def withdraw(self, work: Work, outcome: int) -> None:
        """What was waited for is taken away: leave the queue or give the units back, at once."""
        now = self.environment.now
        work.withdrawn = True
        if work.node in self.batches and work in self.batches[work.node].members:
            self.batches[work.node].leave(work)
        if work.pools and work.started == NONE:
            for pool in work.pools:
                pool.dequeue(work)
        if work.worked > now:
            work.worked = NONE
        self.write(work, outcome, now)
        if work.holds:
            self.release(work)

    # ---- the kernel's commands --------------------------------------------------------------------------------

    def settle(self) -> None:
        """Let a cascade that paused for room go on, then carry out what the kernel asks."""
        while is_paused(self.state):
            self.state = grown(self.net, self.state, self.plain)
            self.kernel.go_on(self.net, self.state)
        self.obey()

    def obey(self) -> None:
        """Carry out what the kernel asks, in its order."""
        count = self.state.counters[0]
        if count.fault != layout.NO_FAULT:
            raise run_error(
                self.model, int(count.fault), int(count.fault_case) // len(self.roots), int(count.fault_node)
            )
        commands = _words(self.state, int(count.commands), self.plain)
        count.commands = 0
        now = self.environment.now
        for operation, token, case, node, visit, identity, parent, by, flow in commands:
            if operation == CHOSEN:
                self.log((case, node, visit, identity, parent, by, now, now, now, now, DONE, flow))
            elif operation in (ENABLE, SET_TIMER, ENTER):
                work = self.works[token] = Work(token, case, node, visit, identity, parent, by, now)
                self.wait(work, operation)
            elif operation == LEAVE:
                self.write(self.works.pop(token), DONE, now, flow)
            elif operation == CASE_DONE:
                self.end_case(case, by, now)
            else:
                self.withdraw(self.works.pop(token), CANCELLED if operation == CANCEL else INTERRUPTED)

    def wait(self, work: Work, operation: int) -> None:
        """Begin to wait: ask for units, or set the timer; what the kernel sees to only waits."""
        now = self.environment.now
        if work.visit > MOST_VISITS:
            raise run_error(self.model, ENDLESS_LOOP, work.case // len(self.roots), work.node)
        if operation == ENTER:
            work.started = work.worked = now
            return
        model = self.model.activities[work.node]
        assert model is not None  # the scenario's checks see to it
        work.model = model
        if operation == SET_TIMER and model.batch is not None:
            work.started = work.worked = now
            self.batches[work.node].join(work)
            return
        if operation == SET_TIMER:
            work.started = now
            self.environment.process(self.dwell(work, TIMER_DUE))
            work.worked = now
            return
        work.pools = self.pools_of[work.node]
        if not work.pools:
            work.started = work.worked = now
        else:
            self.requests += 1
            work.number = self.requests
            work.due = FAR if model.due is None else self.working_time.add_work(now, model.due)
            work.granted = self.environment.event()
            for pool in work.pools:
                pool.enqueue(work)
        self.environment.process(self.activity(work))
        for pool in work.pools:
            if work.started == NONE:
                pool.offer()

    def end_case(self, case: int, by: int, now: int) -> None:
        """The case's own row, ``enabled_by`` what ended it."""
        arrived = self.arrived.pop(case)
        del self.keys[case]
        self.measured_open -= self.model.study.warmup <= arrived < self.model.study.horizon
        self.log((case, CASE_NODE, 0, 0, NONE, by, arrived, arrived, arrived, now, DONE, NONE))

    # ---- the log ----------------------------------------------------------------------------------------------

    def log(self, row: tuple[int, ...]) -> None:
        """One row, in the order of `EventLog`'s columns; replication and pipeline are left out."""
        number, pipeline = divmod(row[0], len(self.roots))
        self.rows.extend((pipeline, number, *row[1:]))
        self.row_number += 1

    def write(self, work: Work, outcome: int, ended: int, flow: int = NONE) -> None:
        """One row, and who held it."""
        if work.units:
            for pool, unit in zip(work.pools, work.units, strict=True):
                self.assignments.extend((self.row_number, pool.index, unit))
        moments = (work.enabled, work.started, work.worked, ended)
        entry = (work.visit, work.identity, work.parent, work.enabled_by)
        self.log((work.case, work.node, *entry, *moments, outcome, flow))

    def leave_open(self) -> None:
        """What still waits when the run is over gets a row, in the order of ``(case, node, visit, identity)``."""
        now = self.environment.now
        for work in sorted(self.works.values(), key=lambda w: (w.case, w.node, w.visit, w.identity)):
            if work.worked > now:
                work.worked = NONE
            self.write(work, OPEN, NONE)
        for case, arrived in self.arrived.items():
            self.log((case, CASE_NODE, 0, 0, NONE, NONE, arrived, arrived, arrived, NONE, OPEN, NONE))

    # ---- small things -----------------------------------------------------------------------------------------

    def draw(self, work: Work, distribution: Distribution, purpose: int) -> int:
        """A duration in ms, by its keys."""
        return sample_ms(distribution, uniform(self.keys[work.case], work.identity, purpose))

    def make_room(self) -> None:
        """Inside a cascade nothing is allocated."""
        if not room_for_event(self.net, self.state):
            self.state = grown(self.net, self.state, self.plain)


def _words(state: layout.State, number: int, plain: bool) -> list[tuple[int, ...]]:
    if plain:
        return [
            (c.operation, c.token, c.case, c.node, c.visit, c.identity, c.parent, c.by, c.flow)
            for c in state.command[:number]
        ]
    words: list[tuple[int, ...]] = state.command[:number].tolist()  # type: ignore[attr-defined]  # a record array
    return words
