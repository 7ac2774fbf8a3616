"""What waits: a work asks for its units, is begun, dwells, is finished or withdrawn."""

from __future__ import annotations

from engine.calendars.intervals import FAR
from engine.kernel.chance import DWELL, EFFORT
from engine.kernel.compiling import shared_function, token_function
from engine.log import NONE
from simulations.drivers.compiled.agenda import schedule, unschedule
from simulations.drivers.compiled.batching import leave_line
from simulations.drivers.compiled.queues import (
    dequeue,
    enqueue,
    first_in_queue,
    following,
    give_unit,
    is_open_now,
    passing_over,
    return_unit,
)
from simulations.drivers.compiled.rows import write_work
from simulations.drivers.compiled.sampling import add_open_time, sample_duration
from simulations.drivers.compiled.tables import (
    BY_DUE,
    BY_PRIORITY,
    DWELLING,
    IDLE,
    IN_LINE,
    WAITING,
    WORKING,
    Diary,
    People,
    Shop,
)

__all__ = ["ask_for_units", "close_work", "dwell", "offer", "withdraw"]


@shared_function
def ask_for_units(people: People, shop: Shop, work: int) -> None:
    """Stand in the queues of all pools that are needed, then try each of them."""
    count = shop.counters[0]
    count.requests += 1
    w = shop.work[work]
    w.number = count.requests
    w.state = WAITING
    activity = people.activity[w.node]
    due = FAR
    if activity.due != NONE:
        due = add_open_time(people, 0, count.now, activity.due)
    for place in range(activity.needs):
        need = activity.first_need + place
        ranked_by = shop.pool[people.need[need].pool].ranked_by
        rank = 0
        if ranked_by == BY_PRIORITY:
            rank = people.need[need].priority
        elif ranked_by == BY_DUE:
            rank = due
        enqueue(people, shop, work, need, place, rank)
    for place in range(activity.needs):
        if shop.work[work].state == WAITING:
            offer(people, shop, people.need[activity.first_need + place].pool)


@shared_function
def offer(people: People, shop: Shop, pool: int) -> None:
    """Give free units to the queue, in its order.

    A work of several pools takes all or nothing: what cannot have all now is passed over and holds nothing.
    """
    if shop.pool[pool].free == 0:
        return
    lane = first_in_queue(shop, pool)
    if lane == NONE or not is_open_now(people, shop, pool):
        return
    while lane != NONE and shop.pool[pool].free > 0:
        work = shop.lane[lane].next // shop.counters[0].width
        if can_begin(people, shop, work):
            lane = following(shop, pool, lane)
            begin(people, shop, work)
        else:
            lane = passing_over(shop, pool, lane)


@token_function
def can_begin(people: People, shop: Shop, work: int) -> bool:
    """Whether all pools that a work needs are open and have a free unit."""
    activity = people.activity[shop.work[work].node]
    if activity.needs > 1:
        for need in range(activity.first_need, activity.first_need + activity.needs):
            pool = people.need[need].pool
            if not is_open_now(people, shop, pool) or shop.pool[pool].free == 0:
                return False
    return True


@shared_function
def begin(people: People, shop: Shop, work: int) -> None:
    """Take a unit of each pool, and fix when the effort is done."""
    w = shop.work[work]
    activity = people.activity[w.node]
    count = shop.counters[0]
    for place in range(activity.needs):
        need = activity.first_need + place
        dequeue(people, shop, work, need, place)
        shop.request[work * count.width + place].unit = give_unit(shop, people.need[need].pool)
    effort = sample_duration(people, activity.effort, shop.cases[w.slot].key, w.identity, EFFORT)
    w.started = count.now
    w.holds = 1
    w.state = WORKING
    if activity.finish == 1:
        w.worked = count.now + effort
    else:
        w.worked = add_open_time(people, activity.hours, count.now, effort)
    schedule(shop, w.worked, work)


@shared_function
def release(people: People, shop: Shop, work: int) -> None:
    """Give the units back, then try the queues of their pools, in the order of the work's pools."""
    shop.work[work].holds = 0
    activity = people.activity[shop.work[work].node]
    width = shop.counters[0].width
    for place in range(activity.needs):
        pool = people.need[activity.first_need + place].pool
        return_unit(shop, pool, shop.request[work * width + place].unit)
    for need in range(activity.first_need, activity.first_need + activity.needs):
        offer(people, shop, people.need[need].pool)


@token_function
def dwell(people: People, shop: Shop, work: int) -> None:
    """A delay that needs nobody: an office's lead time, a timer."""
    w = shop.work[work]
    activity = people.activity[w.node]
    now = shop.counters[0].now
    w.worked = now
    w.state = DWELLING
    amount = sample_duration(people, activity.dwell, shop.cases[w.slot].key, w.identity, DWELL)
    schedule(shop, add_open_time(people, activity.dwell_hours, now, amount), work)


@shared_function
def close_work(people: People, shop: Shop, diary: Diary, work: int, outcome: int, flow: int) -> None:
    """What was waited for is over, or taken away: its row, then its units."""
    write_work(people, shop, diary, work, outcome, flow)
    shop.work[work].state = IDLE
    if shop.work[work].holds == 1:
        release(people, shop, work)


@token_function
def withdraw(people: People, shop: Shop, diary: Diary, work: int, outcome: int) -> None:
    """What was waited for is taken away: leave the agenda and the queues, or give the units back, at once."""
    w = shop.work[work]
    if shop.place[work] != NONE:
        unschedule(shop, work)
    if w.state == IN_LINE:
        leave_line(shop, work)
    if w.number != NONE and w.started == NONE:
        activity = people.activity[w.node]
        for place in range(activity.needs):
            dequeue(people, shop, work, activity.first_need + place, place)
    if w.worked > shop.counters[0].now:
        w.worked = NONE
    close_work(people, shop, diary, work, outcome, NONE)
