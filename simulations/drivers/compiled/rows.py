"""Writing rows of the log."""

from __future__ import annotations

from engine.kernel.compiling import shared_function, token_function
from engine.log import CASE_NODE, DONE, NONE
from simulations.drivers.compiled.tables import Diary, People, Shop

__all__ = ["write_case", "write_choice", "write_work"]


@shared_function
def write_work(people: People, shop: Shop, diary: Diary, work: int, outcome: int, flow: int) -> None:
    """The row of what waited, and the units that it held."""
    count = shop.counters[0]
    if count.logging == 0:
        return
    w = shop.work[work]
    row = diary.row[count.rows]
    row.case = w.case
    row.instance = w.identity
    row.parent = w.parent
    row.enabled_by = w.by
    row.enabled = w.enabled
    row.started = w.started
    row.worked = w.worked
    row.ended = count.now
    row.pipeline = shop.cases[w.slot].pipeline
    row.node = w.node
    row.visit = w.visit
    row.chosen_flow = flow
    row.outcome = outcome
    if w.number != NONE and w.started != NONE:
        first = people.activity[w.node].first_need
        for i in range(people.activity[w.node].needs):
            held = diary.assigned[count.assigned]
            held.row = count.rows_before + count.rows
            held.pool = people.need[first + i].pool
            held.unit = shop.request[work * count.width + i].unit
            count.assigned += 1
    count.rows += 1


@token_function
def write_choice(
    shop: Shop, diary: Diary, slot: int, node: int, visit: int, identity: int, parent: int, by: int, flow: int
) -> None:
    """The row of a choice, which takes no time."""
    write_moment(shop, diary, slot, node, visit, identity, parent, by, shop.counters[0].now, flow)


@token_function
def write_case(shop: Shop, diary: Diary, slot: int, by: int) -> None:
    """The case's own row, ``enabled_by`` what ended it."""
    write_moment(shop, diary, slot, CASE_NODE, 0, 0, NONE, by, shop.cases[slot].arrived, NONE)


@shared_function
def write_moment(
    shop: Shop,
    diary: Diary,
    slot: int,
    node: int,
    visit: int,
    identity: int,
    parent: int,
    by: int,
    begun: int,
    flow: int,
) -> None:
    """A row that is done now and waited for nobody."""
    count = shop.counters[0]
    if count.logging == 0:
        return
    row = diary.row[count.rows]
    row.case = shop.cases[slot].case
    row.instance = identity
    row.parent = parent
    row.enabled_by = by
    row.enabled = begun
    row.started = begun
    row.worked = begun
    row.ended = count.now
    row.pipeline = shop.cases[slot].pipeline
    row.node = node
    row.visit = visit
    row.chosen_flow = flow
    row.outcome = DONE
    count.rows += 1
