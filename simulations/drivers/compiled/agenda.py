"""The agenda: an indexed heap of timed events in the published order, from which a withdrawn one is really taken."""

from __future__ import annotations

from engine.kernel.compiling import shared_function, token_function
from engine.log import NONE
from simulations.drivers.compiled.tables import Shop

__all__ = ["schedule", "unschedule"]


@token_function
def schedule(shop: Shop, time: int, work: int) -> None:
    """Enter a work's timed event."""
    i = shop.counters[0].timed
    shop.counters[0].timed = i + 1
    rise(shop, i, time, work)


@token_function
def unschedule(shop: Shop, work: int) -> None:
    """Take a work's timed event out; the last entry takes its place."""
    i = shop.place[work]
    shop.place[work] = NONE
    last = shop.counters[0].timed - 1
    shop.counters[0].timed = last
    if i == last:
        return
    time = shop.agenda[last].time
    moved = shop.agenda[last].work
    if i > 0 and comes_before(shop, time, moved, (i - 1) >> 1):
        rise(shop, i, time, moved)
    else:
        sink(shop, i, time, moved)


@token_function
def comes_before(shop: Shop, time: int, work: int, place: int) -> bool:
    """Whether an event comes before the one at a place of the heap."""
    there = shop.agenda[place].time
    return time < there or (time == there and wins_tie(shop, work, shop.agenda[place].work))


@shared_function
def wins_tie(shop: Shop, one: int, other: int) -> bool:
    """At the same time the order is (class, case, node, visit, identity)."""
    a = shop.work[one]
    b = shop.work[other]
    if a.kind != b.kind:
        return a.kind < b.kind
    if a.case != b.case:
        return a.case < b.case
    if a.node != b.node:
        return a.node < b.node
    if a.visit != b.visit:
        return a.visit < b.visit
    return a.identity < b.identity


@token_function
def put(shop: Shop, place: int, time: int, work: int) -> None:
    """Write an entry."""
    shop.agenda[place].time = time
    shop.agenda[place].work = work
    shop.place[work] = place


@shared_function
def rise(shop: Shop, place: int, time: int, work: int) -> None:
    """Let an entry rise to its place."""
    while place > 0:
        above = (place - 1) >> 1
        if not comes_before(shop, time, work, above):
            break
        put(shop, place, shop.agenda[above].time, shop.agenda[above].work)
        place = above
    put(shop, place, time, work)


@shared_function
def sink(shop: Shop, place: int, time: int, work: int) -> None:
    """Let an entry sink to its place."""
    number = shop.counters[0].timed
    while True:
        below = 2 * place + 1
        if below >= number:
            break
        right = below + 1
        if right < number and comes_before(shop, shop.agenda[right].time, shop.agenda[right].work, below):
            below = right
        if comes_before(shop, time, work, below):
            break
        put(shop, place, shop.agenda[below].time, shop.agenda[below].work)
        place = below
    put(shop, place, time, work)
