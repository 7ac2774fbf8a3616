"""What the kernel asks for: one function for each command."""

from __future__ import annotations

from engine.kernel import layout
from engine.kernel.compiling import shared_function, token_function
from engine.kernel.layout import CANCEL, CASE_DONE, CHOSEN, ENABLE, ENTER, INTERRUPT, LEAVE, SET_TIMER, State
from engine.log import CANCELLED, DONE, INTERRUPTED, NONE
from engine.order import COMPLETION, TIMER_DUE
from simulations.drivers.compiled.batching import join_batch
from simulations.drivers.compiled.rows import write_case, write_choice
from simulations.drivers.compiled.tables import WAITING, Diary, People, Shop
from simulations.drivers.compiled.works import ask_for_units, close_work, dwell, withdraw
from simulations.drivers.faults import ENDLESS_LOOP
from simulations.drivers.limits import MOST_VISITS

__all__ = ["obey"]


@shared_function
def obey(people: People, state: State, shop: Shop, diary: Diary) -> None:
    """Carry out what the kernel asks, in its order."""
    first = shop.counters[0].first_work
    for i in range(state.counters[0].commands):
        operation = state.command[i].operation
        work = first + state.command[i].token
        if operation == CHOSEN:
            choose(state, shop, diary, i)
        elif operation == ENABLE:
            enable(people, state, shop, i, work)
        elif operation == SET_TIMER:
            set_timer(people, state, shop, i, work)
        elif operation == ENTER:
            enter(state, shop, i, work)
        elif operation == LEAVE:
            close_work(people, shop, diary, work, DONE, state.command[i].flow)
        elif operation == CANCEL:
            withdraw(people, shop, diary, work, CANCELLED)
        elif operation == INTERRUPT:
            withdraw(people, shop, diary, work, INTERRUPTED)
        elif operation == CASE_DONE:
            end_case(state, shop, diary, i)
    state.counters[0].commands = 0


@token_function
def choose(state: State, shop: Shop, diary: Diary, i: int) -> None:
    """A choice took a flow."""
    c = state.command[i]
    write_choice(shop, diary, c.case, c.node, c.visit, c.identity, c.parent, c.by, c.flow)


@token_function
def enable(people: People, state: State, shop: Shop, i: int, work: int) -> None:
    """An activity may begin: ask for its people, or let its dwell begin where it needs nobody."""
    new_work(state, shop, i, work, COMPLETION)
    if people.activity[shop.work[work].node].needs == 0:
        shop.work[work].started = shop.counters[0].now
        dwell(people, shop, work)
    else:
        ask_for_units(people, shop, work)


@token_function
def set_timer(people: People, state: State, shop: Shop, i: int, work: int) -> None:
    """A timer or watcher runs, or a batch is waited for."""
    new_work(state, shop, i, work, TIMER_DUE)
    now = shop.counters[0].now
    shop.work[work].started = now
    batch = people.activity[shop.work[work].node].batch
    if batch != NONE:
        shop.work[work].worked = now
        join_batch(people, shop, work, batch)
        return
    dwell(people, shop, work)


@token_function
def enter(state: State, shop: Shop, i: int, work: int) -> None:
    """A token begins to wait for something that the kernel itself sees to."""
    new_work(state, shop, i, work, COMPLETION)
    shop.work[work].started = shop.counters[0].now
    shop.work[work].worked = shop.counters[0].now


@token_function
def end_case(state: State, shop: Shop, diary: Diary, i: int) -> None:
    """The case is over."""
    slot = state.command[i].case
    count = shop.counters[0]
    write_case(shop, diary, slot, state.command[i].by)
    if count.warmup <= shop.cases[slot].arrived < count.horizon:
        count.measured_open -= 1
    shop.cases[slot].case = NONE
    shop.cases[slot].next = count.case_free
    count.case_free = slot


@token_function
def new_work(state: State, shop: Shop, i: int, work: int, kind: int) -> None:
    """The work of a command, in the slot of its token."""
    c = state.command[i]
    w = shop.work[work]
    w.state = WAITING
    w.kind = kind
    w.case = shop.cases[c.case].case
    w.node = c.node
    w.visit = c.visit
    w.identity = c.identity
    w.slot = c.case
    w.parent = c.parent
    w.by = c.by
    w.enabled = shop.counters[0].now
    w.started = NONE
    w.worked = NONE
    w.holds = 0
    w.number = NONE
    shop.place[work] = NONE
    if c.visit > MOST_VISITS and shop.counters[0].fault == layout.NO_FAULT:
        shop.counters[0].fault = ENDLESS_LOOP
        shop.counters[0].fault_case = w.case
        shop.counters[0].fault_node = c.node
