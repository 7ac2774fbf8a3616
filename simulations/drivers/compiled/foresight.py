"""What the next events will read, fetched before they come: it changes nothing but the time that memory takes.

With tens of thousands of open cases the tables are larger than the processor's caches, and an event that comes after
weeks finds none of its rows there: without this, waiting for the memory is most of what an event costs.
"""

from __future__ import annotations

from engine.kernel.compiling import fetch_early, token_function
from engine.kernel.layout import NONE, VISITS, Net, State
from simulations.drivers.compiled.tables import Shop

__all__ = ["fetch_around", "look_ahead"]

_NEXT = 3  # entries of the agenda: the next event, and the two of which one is next but one
_VISITS_OF_A_LINE = 8


@token_function
def look_ahead(net: Net, state: State, shop: Shop) -> None:
    """Fetch the rows of the next events; those of the next one by links that were fetched an event ago."""
    count = shop.counters[0]
    for place in range(min(_NEXT, count.timed)):
        work = shop.agenda[place].work
        fetch_early(shop.work, work)
        if work >= count.first_work:
            fetch_early(shop.request, work * count.width)
            fetch_early(state.token, work - count.first_work)
    if count.timed > 0 and shop.agenda[0].work >= count.first_work:
        work = shop.agenda[0].work
        scope = state.token[work - count.first_work].scope
        fetch_early(shop.cases, shop.work[work].slot)
        fetch_early(state.scope, scope)
        for i in range(0, net.width[VISITS], _VISITS_OF_A_LINE):
            fetch_early(state.visits, scope * net.width[VISITS] + i)
        fetch_early(state.waiting, scope * net.width[1])


@token_function
def fetch_around(state: State, shop: Shop, token: int) -> None:
    """Fetch what an event that happens now will touch when its token leaves: its neighbours, watcher and host."""
    t = state.token[token]
    if t.next != NONE:
        fetch_early(state.token, t.next)
    if t.before != NONE:
        fetch_early(state.token, t.before)
    if t.watch != NONE:
        fetch_early(state.token, t.watch)
        fetch_early(shop.work, t.watch + shop.counters[0].first_work)
    host = state.scope[t.scope].host
    if host != NONE:
        fetch_early(state.token, host)
        fetch_early(shop.work, host + shop.counters[0].first_work)
