"""Batches: works that wait for each other, or for a committee to sit, before they may begin.

A batch closes in an event of its own: when it is full, when its oldest work has waited long enough, and when a sitting
begins. What it lets go stands in the last line and leaves it one after the other, each with all that follows.
"""

from __future__ import annotations

from bisect import bisect_left

from engine.calendars.intervals import FAR
from engine.kernel.compiling import shared_function, token_function
from engine.log import NONE
from simulations.drivers.compiled.agenda import schedule, unschedule
from simulations.drivers.compiled.tables import IN_LINE, People, Shop

__all__ = ["close_batch", "first_to_go", "join_batch", "leave_line", "set_closing"]


@token_function
def join_batch(people: People, shop: Shop, work: int, batch: int) -> None:
    """Wait for the batch to close."""
    shop.work[work].state = IN_LINE
    stand_in_line(shop, work, batch)
    set_closing(people, shop, batch)


@token_function
def first_to_go(shop: Shop) -> int:
    """The next work that a closed batch lets go; NONE if there is none."""
    return shop.line[shop.counters[0].batches].head


@shared_function
def close_batch(people: People, shop: Shop, batch: int) -> None:
    """The works that the closing takes stand in the line of those that go."""
    shop.line[batch].due = FAR
    for _ in range(taken_now(people, shop, batch)):
        work = shop.line[batch].head
        leave_line(shop, work)
        stand_in_line(shop, work, shop.counters[0].batches)


@token_function
def taken_now(people: People, shop: Shop, batch: int) -> int:
    """How many of the members a batch that closes now takes: 0 if it does not."""
    now = shop.counters[0].now
    rule = people.batch[batch]
    line = shop.line[batch]
    taken = 0
    if rule.size != NONE:
        taken = line.members - line.members % rule.size
    if rule.age != NONE and line.members > 0 and shop.work[line.head].enabled + rule.age <= now:
        taken = line.members
    if next_sitting(people, shop, batch) == now:
        line.sat = now
        taken = max(taken, line.members if rule.most == NONE else min(line.members, rule.most))
    return taken


@token_function
def next_sitting(people: People, shop: Shop, batch: int) -> int:
    """When the next sitting begins: now, or later; each sits once."""
    sittings = people.batch[batch].sittings
    if sittings == NONE:
        return FAR
    table = people.calendar[sittings]
    at = bisect_left(people.begins, max(shop.counters[0].now, shop.line[batch].sat + 1), table.first, table.last)
    return people.begins[at] if at < table.last else FAR


@shared_function
def set_closing(people: People, shop: Shop, batch: int) -> None:
    """Await the next closing; an earlier one takes the place of a later one."""
    rule = people.batch[batch]
    line = shop.line[batch]
    due = FAR
    if line.members > 0:
        due = next_sitting(people, shop, batch)
        if rule.age != NONE:
            due = min(due, shop.work[line.head].enabled + rule.age)
        if rule.size != NONE and line.members >= rule.size:
            due = shop.counters[0].now
    if due < line.due:
        line.due = due
        event = shop.counters[0].pools + batch
        if shop.place[event] != NONE:
            unschedule(shop, event)
        schedule(shop, due, event)


@token_function
def stand_in_line(shop: Shop, work: int, number: int) -> None:
    """A work stands at the end of a line."""
    line = shop.line[number]
    w = shop.work[work]
    w.line = number
    w.behind = NONE
    w.ahead = line.tail
    if line.tail == NONE:
        line.head = work
    else:
        shop.work[line.tail].behind = work
    line.tail = work
    line.members += 1


@token_function
def leave_line(shop: Shop, work: int) -> None:
    """A work leaves the line in which it stands."""
    w = shop.work[work]
    line = shop.line[w.line]
    if w.ahead == NONE:
        line.head = w.behind
    else:
        shop.work[w.ahead].behind = w.behind
    if w.behind == NONE:
        line.tail = w.ahead
    else:
        shop.work[w.behind].ahead = w.ahead
    line.members -= 1
