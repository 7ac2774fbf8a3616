"""Pools of people: units that serve one queue, in open hours only.

A queue is kept as lanes, each of which is in order by itself (one priority, or one time allowed) and needs the same
pools; going through the queue merges them by (rank, request number). Where one of a lane cannot have all its pools
now, none behind it can: a pass only takes units away. Free units stand in a heap, so that the lowest is given first.
"""

from __future__ import annotations

from engine.kernel.compiling import fetch_early, shared_function, token_function
from engine.log import NONE
from simulations.drivers.compiled.agenda import schedule
from simulations.drivers.compiled.sampling import next_opening, open_at
from simulations.drivers.compiled.tables import People, Shop

__all__ = [
    "dequeue",
    "enqueue",
    "first_in_queue",
    "following",
    "give_unit",
    "is_open_now",
    "passing_over",
    "return_unit",
]


# ---- the queue ------------------------------------------------------------------------------------------------


@token_function
def enqueue(people: People, shop: Shop, work: int, need: int, place: int, rank: int) -> None:
    """A work stands behind all others of its lane.

    Args:
        people: The model.
        shop: What goes on.
        work: Who queues.
        need: The row of `People.need`.
        place: The number of the need among those of the work's activity.
        rank: What the queue is ordered by before the request number; never falls within a lane.
    """
    lane = shop.lane[people.need[need].lane]
    request = work * shop.counters[0].width + place
    new = shop.request[request]
    new.rank = rank
    new.unit = NONE
    new.behind = NONE
    new.ahead = lane.tail
    if lane.tail == NONE:
        lane.head = request
    else:
        shop.request[lane.tail].behind = request
    lane.tail = request


@token_function
def dequeue(people: People, shop: Shop, work: int, need: int, place: int) -> None:
    """A work leaves the queue."""
    lane = shop.lane[people.need[need].lane]
    request = work * shop.counters[0].width + place
    ahead = shop.request[request].ahead
    behind = shop.request[request].behind
    if ahead == NONE:
        lane.head = behind
    else:
        shop.request[ahead].behind = behind
    if behind == NONE:
        lane.tail = ahead
    else:
        shop.request[behind].ahead = ahead


@token_function
def first_in_queue(shop: Shop, pool: int) -> int:
    """Begin to go through a queue: the lane whose request comes first; NONE if the queue is empty."""
    first = shop.pool[pool].first_lane
    for lane in range(first, first + shop.pool[pool].lanes):
        shop.lane[lane].next = shop.lane[lane].head
    return earliest_lane(shop, pool)


@token_function
def following(shop: Shop, pool: int, lane: int) -> int:
    """Go on behind the request that ``lane`` led to; to be asked before that request leaves the queue."""
    behind = shop.request[shop.lane[lane].next].behind
    shop.lane[lane].next = behind
    if behind != NONE:  # it will soon be begun, and the one after it looked at
        after = shop.request[behind].behind
        fetch_early(shop.cases, shop.work[behind // shop.counters[0].width].slot)
        if after != NONE:
            fetch_early(shop.request, after)
            fetch_early(shop.work, after // shop.counters[0].width)
    return earliest_lane(shop, pool)


@token_function
def passing_over(shop: Shop, pool: int, lane: int) -> int:
    """Go on without all that stand in ``lane``: what the first of them cannot have, nobody behind it can."""
    shop.lane[lane].next = NONE
    return earliest_lane(shop, pool)


@token_function
def earliest_lane(shop: Shop, pool: int) -> int:
    """The lane whose next request comes first by (rank, request number)."""
    best = NONE
    rank = 0
    number = 0
    width = shop.counters[0].width
    first = shop.pool[pool].first_lane
    for lane in range(first, first + shop.pool[pool].lanes):
        request = shop.lane[lane].next
        if request != NONE:
            its_rank = shop.request[request].rank
            its_number = shop.work[request // width].number
            if best == NONE or its_rank < rank or (its_rank == rank and its_number < number):
                best = lane
                rank = its_rank
                number = its_number
    return best


# ---- the hours ------------------------------------------------------------------------------------------------


@token_function
def is_open_now(people: People, shop: Shop, pool: int) -> bool:
    """Whether units may be given now; if not, the next opening is awaited."""
    now = shop.counters[0].now
    hours = shop.pool[pool].hours
    if open_at(people, hours, now):
        return True
    if shop.pool[pool].opening == 0:
        shop.pool[pool].opening = 1
        schedule(shop, next_opening(people, hours, now), pool)
    return False


# ---- the units ------------------------------------------------------------------------------------------------


@shared_function
def give_unit(shop: Shop, pool: int) -> int:
    """The lowest free unit is free no more."""
    first = shop.pool[pool].first_unit
    unit = shop.units[first]
    number = shop.pool[pool].free - 1
    shop.pool[pool].free = number
    last = shop.units[first + number]
    place = 0
    while True:
        below = 2 * place + 1
        if below >= number:
            break
        if below + 1 < number and shop.units[first + below + 1] < shop.units[first + below]:
            below += 1
        if last < shop.units[first + below]:
            break
        shop.units[first + place] = shop.units[first + below]
        place = below
    shop.units[first + place] = last
    return unit


@token_function
def return_unit(shop: Shop, pool: int, unit: int) -> None:
    """A unit is free again."""
    first = shop.pool[pool].first_unit
    place = shop.pool[pool].free
    shop.pool[pool].free = place + 1
    while place > 0:
        above = (place - 1) >> 1
        if shop.units[first + above] < unit:
            break
        shop.units[first + place] = shop.units[first + above]
        place = above
    shop.units[first + place] = unit
