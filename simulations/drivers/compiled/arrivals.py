"""Cases come, one source per pipeline, merged: at the same moment by case, then by source."""

from __future__ import annotations

from engine.calendars.intervals import FAR
from engine.kernel.chance import case_key, identifier_hash, uniform
from engine.kernel.compiling import token_function
from engine.log import NONE
from simulations.arrivals import exponential_gap, moment_at, stretch_end
from simulations.drivers.compiled.sampling import sample
from simulations.drivers.compiled.tables import DATES, GAPS, POISSON, People, Shop

__all__ = ["ARRIVING", "earliest_source", "next_arrival", "take_case_slot"]

ARRIVING = identifier_hash("arrival")


@token_function
def next_arrival(people: People, shop: Shop, source: int) -> None:
    """Find out when the next case of a source comes; nothing comes once the run is over."""
    s = shop.source[source]
    if s.case >= s.most:
        s.moment = FAR
    elif s.case < s.backlog:
        s.moment = people.rate_time[s.last + s.case]
    elif s.process == DATES:
        s.moment = people.rate_time[s.end] if s.end < s.last else FAR
        s.end += 1
    else:
        if s.process == POISSON:
            s.position += exponential_gap(uniform(case_key(s.root, s.case), ARRIVING, 0))
        elif s.process == GAPS:
            u = uniform(case_key(s.root, s.case), ARRIVING, 0)
            s.position += max(0.0, sample(people, s.gap, u))
        else:
            s.position += 1.0
        s.end = stretch_end(people.rate, s.end, s.last, s.position)
        s.moment = FAR
        if s.end < s.last:
            s.moment = moment_at(people.rate_time, people.rate, s.end, s.position)
    if s.moment >= shop.counters[0].run_out:
        s.moment = FAR


@token_function
def earliest_source(shop: Shop) -> int:
    """The source whose case comes next; by case, then by source, at the same moment."""
    best = 0
    for source in range(1, len(shop.source)):
        one = shop.source[source]
        other = shop.source[best]
        if one.moment < other.moment or (one.moment == other.moment and one.case < other.case):
            best = source
    return best


@token_function
def take_case_slot(shop: Shop) -> int:
    """A free row of the table of open cases."""
    count = shop.counters[0]
    slot = count.case_free
    if slot == NONE:
        slot = count.cases_used
        count.cases_used = slot + 1
    else:
        count.case_free = shop.cases[slot].next
    return slot
