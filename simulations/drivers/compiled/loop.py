"""The heart: one timed event with all that follows at once, then the next; arrivals come last on ties."""

from __future__ import annotations

from engine.calendars.intervals import FAR
from engine.kernel import layout
from engine.kernel.cascade import begin_case, call_back, has_room, let_move
from engine.kernel.chance import case_key, uniform
from engine.kernel.compiling import entry_point, token_function
from engine.kernel.layout import NONE, Net, State
from engine.log import DONE
from simulations.drivers.compiled.agenda import unschedule
from simulations.drivers.compiled.arrivals import earliest_source, next_arrival, take_case_slot
from simulations.drivers.compiled.batching import close_batch, first_to_go, leave_line, set_closing
from simulations.drivers.compiled.commands import obey
from simulations.drivers.compiled.foresight import fetch_around, look_ahead
from simulations.drivers.compiled.sampling import sample
from simulations.drivers.compiled.tables import (
    FAULT,
    FINISHED,
    FULL_LOG,
    GO_ON,
    GROW,
    MORE_CASES,
    WORKING,
    Diary,
    People,
    Shop,
)
from simulations.drivers.compiled.works import close_work, dwell, offer, release

__all__ = ["begin_run", "run_events"]


@entry_point
def begin_run(people: People, shop: Shop) -> None:
    """Find out when the first case of every source comes."""
    for source in range(len(shop.source)):
        next_arrival(people, shop, source)


@entry_point
def run_events(net: Net, state: State, people: People, shop: Shop, diary: Diary) -> int:
    """Run until every measured case has ended or the run-out is over; or until a table is full: then call again.

    Returns:
        One of the reasons in `tables`.
    """
    count = shop.counters[0]
    while True:
        reason = settle(net, people, state, shop, diary)
        if reason != GO_ON:
            return reason
        if count.closing != NONE:
            let_one_go(people, state, shop, diary)
            continue
        source = earliest_source(shop)
        arrival = shop.source[source].moment
        if count.measured_open == 0 and arrival >= count.horizon:
            return FINISHED
        timed = shop.agenda[0].time if count.timed > 0 else FAR
        if min(arrival, timed) >= count.run_out:
            return FINISHED
        if timed <= arrival:
            count.now = timed
            happen(net, state, people, shop, diary, shop.agenda[0].work)
        elif count.case_free == NONE and count.cases_used == len(shop.cases):
            return MORE_CASES
        else:
            count.now = arrival
            arrive(net, state, people, shop, source)


@token_function
def settle(net: Net, people: People, state: State, shop: Shop, diary: Diary) -> int:
    """Let the tokens of the last event move, obey what the kernel says, and see to room for the next event."""
    count = shop.counters[0]
    kernel = state.counters[0]
    let_move(net, state)
    if kernel.fault != layout.NO_FAULT:
        return FAULT
    if kernel.head < kernel.tail:  # the cascade paused for larger tables
        return GROW
    if count.logging == 1 and count.rows + kernel.commands + 1 > len(diary.row):
        return FULL_LOG
    obey(people, state, shop, diary)
    if count.fault != layout.NO_FAULT:
        return FAULT
    if count.logging == 1 and count.rows == len(diary.row):
        return FULL_LOG
    if not has_room(net, state):
        return GROW
    return GO_ON


@token_function
def arrive(net: Net, state: State, people: People, shop: Shop, source: int) -> None:
    """A case is submitted: draw its attributes and let its first token in."""
    count = shop.counters[0]
    s = shop.source[source]
    slot = take_case_slot(shop)
    key = case_key(s.root, s.case)
    new = shop.cases[slot]
    new.pipeline = source
    new.case = s.case
    new.key = key
    new.arrived = count.now
    count.events += 1
    if count.warmup <= count.now < count.horizon:
        count.measured_open += 1
    for column in range(s.attributes):
        drawn = people.attribute[s.first_attribute + column]
        state.arriving[column] = sample(people, drawn.chance, uniform(key, drawn.hash, 0))
    s.case += 1
    next_arrival(people, shop, source)
    begin_case(net, state, s.definition, slot, key)


@token_function
def happen(net: Net, state: State, people: People, shop: Shop, diary: Diary, work: int) -> None:
    """What the agenda said: a pool opens, an effort is done, or what was waited for is over."""
    unschedule(shop, work)
    count = shop.counters[0]
    look_ahead(net, state, shop)
    if work < count.pools:
        shop.pool[work].opening = 0
        offer(people, shop, work)
        return
    if work < count.first_work:
        count.closing = work - count.pools
        close_batch(people, shop, count.closing)
        return
    count.events += 1
    fetch_around(state, shop, work - count.first_work)
    w = shop.work[work]
    if w.state == WORKING and people.activity[w.node].dwell != NONE:
        release(people, shop, work)
        dwell(people, shop, work)
        return
    close_work(people, shop, diary, work, DONE, NONE)
    call_back(state, work - count.first_work)


@token_function
def let_one_go(people: People, state: State, shop: Shop, diary: Diary) -> None:
    """A closed batch lets its next work go, with all that follows; after the last one it awaits its next closing."""
    count = shop.counters[0]
    work = first_to_go(shop)
    if work == NONE:
        set_closing(people, shop, count.closing)
        count.closing = NONE
        return
    leave_line(shop, work)
    close_work(people, shop, diary, work, DONE, NONE)
    call_back(state, work - count.first_work)
