"""The tables of the compiled driver: what a model says, and what goes on.

Tables are record arrays, ``table[i].field`` reads and writes them; links between rows are indices; `NONE` ends a list.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

__all__ = [
    "ASSIGNED",
    "LOG_ROW",
    "Activity",
    "ArrivalSource",
    "AttributeDraw",
    "BatchRule",
    "Calendar",
    "Chance",
    "Counters",
    "Diary",
    "Lane",
    "Line",
    "Need",
    "OpenCase",
    "People",
    "Pool",
    "Request",
    "Shop",
    "Timed",
    "WorkItem",
]

# ---- how a work waits -----------------------------------------------------------------------------------------
IDLE: Final = 0  # the slot is not used
WAITING: Final = 1  # for units, or for what runs in a sub-process
WORKING: Final = 2  # its effort is being done
DWELLING: Final = 3  # its dwell or its timer runs
IN_LINE: Final = 4  # in a batch, or on its way out of one

# ---- why the loop goes back to Python -------------------------------------------------------------------------
GO_ON: Final = -1  # it does not
FINISHED: Final = 0
GROW: Final = 1  # the tables of tokens and works are full
FULL_LOG: Final = 2
MORE_CASES: Final = 3  # the table of open cases is full
FAULT: Final = 4  # see `Counters.fault`


# ---- what a queue is ordered by, before the request number ------------------------------------------------------
BY_NUMBER: Final = 0
BY_PRIORITY: Final = 1
BY_DUE: Final = 2

# ---- how cases come --------------------------------------------------------------------------------------------
POISSON: Final = 0
EVEN: Final = 1
DATES: Final = 2
GAPS: Final = 3


class Activity:
    """What a node costs; see `simulations.model.ActivityModel`. Calendars and distributions are numbers of rows."""

    first_need: int
    needs: int  # how many pools; 0: nobody is needed
    effort: int
    hours: int
    finish: int
    due: int
    dwell: int
    dwell_hours: int
    batch: int  # that is waited for; NONE: none


class BatchRule:
    """When a batch closes; see `simulations.model.BatchModel`."""

    size: int
    age: int
    sittings: int
    most: int


class Line:
    """Works in the order in which they came: one for each batch, and at last those that a closed batch lets go."""

    head: int
    tail: int
    members: int
    due: int  # of the closing that is set; FAR: none is
    sat: int  # the moment of the last sitting


class Need:
    """One pool of an activity."""

    pool: int
    lane: int  # where it stands in that pool's queue
    priority: int


class Pool:
    """Units that serve one queue."""

    hours: int
    first_lane: int
    lanes: int
    first_unit: int  # of its heap of free units in `Shop.units`
    free: int  # how many are free
    opening: int  # 1: its next opening stands in the agenda
    ranked_by: int


class Lane:
    """A part of a pool's queue: in order by itself, all needing the same; the queue is all its lanes, merged."""

    head: int
    tail: int
    next: int  # while the queue is gone through: the request to look at


class Calendar:
    """A table of open intervals in the columns of `People`."""

    first: int
    last: int


class Chance:
    """A distribution; see `simulations.distributions`."""

    family: int
    a: float
    b: float
    c: float
    d: float
    first: int  # of its pairs in `People.table`
    nodes: int


class AttributeDraw:
    """An attribute of each case."""

    hash: int
    chance: int


class ArrivalSource:
    """The cases of one pipeline."""

    definition: int  # the outermost scope of their net
    first_attribute: int
    attributes: int
    root: int  # key of the pipeline's random numbers
    process: int
    end: int  # the breakpoint behind the position; of dates: the next date
    last: int
    case: int  # the number of the next case
    moment: int  # when it comes; FAR: none does
    gap: int  # the distribution of its gaps; NONE: it has none
    most: int  # no more cases than this
    backlog: int  # so many cases have their moments behind the breakpoints
    position: float  # on the cumulative rate


class WorkItem:
    """An entry of a node that waits, in the slot of its token; the first slots are the pools' openings."""

    state: int
    kind: int  # class of its timed event
    case: int
    node: int
    visit: int
    identity: int
    slot: int  # of its case in `Shop.cases`
    parent: int
    by: int
    enabled: int
    started: int
    worked: int
    holds: int  # 1: it has its units
    number: int  # of its request
    line: int  # in which it stands
    ahead: int  # in that line
    behind: int


class Request:
    """A work in the queue of one of its pools."""

    rank: int
    ahead: int
    behind: int
    unit: int  # that it was given; NONE: none yet


class Timed:
    """An entry of the agenda."""

    time: int
    work: int


class OpenCase:
    """A case from its arrival to its end."""

    pipeline: int
    case: int  # NONE: the slot is free
    key: int
    arrived: int
    next: int  # in the free list


class Counters:
    """The scalars; one row."""

    now: int
    timed: int  # entries of the agenda
    events: int
    requests: int
    rows: int  # of the log, since it was last taken
    rows_before: int
    assigned: int
    case_free: int
    cases_used: int
    measured_open: int
    width: int  # requests of a work
    pools: int
    batches: int
    first_work: int  # slots of the pools' openings and the batches' closings come before
    closing: int  # the batch that lets its works go; NONE: none does
    fault: int
    fault_case: int
    fault_node: int
    warmup: int
    horizon: int
    run_out: int
    logging: int  # 0: no row is kept


class People(NamedTuple):
    """What the model says; never changed."""

    activity: Sequence[Activity]
    need: Sequence[Need]
    batch: Sequence[BatchRule]
    calendar: Sequence[Calendar]
    begins: Sequence[int]
    ends: Sequence[int]
    done: Sequence[int]
    chance: Sequence[Chance]
    table: Sequence[float]
    attribute: Sequence[AttributeDraw]
    rate_time: Sequence[int]
    rate: Sequence[float]


class Shop(NamedTuple):
    """What goes on."""

    counters: Sequence[Counters]
    source: list[ArrivalSource]
    pool: list[Pool]
    lane: list[Lane]
    line: list[Line]
    units: list[int]  # by pool: a heap of its free units
    work: list[WorkItem]
    request: list[Request]
    agenda: list[Timed]
    place: list[int]  # by work: where it stands in the agenda; NONE: not in it. Apart, because it is written often
    cases: list[OpenCase]


class Diary(NamedTuple):
    """The log since it was last taken."""

    row: list[LogRow]
    assigned: list[Assigned]


class LogRow:
    """A row of the log, in narrow types."""

    case: int
    instance: int
    parent: int
    enabled_by: int
    enabled: int
    started: int
    worked: int
    ended: int
    pipeline: int
    node: int
    visit: int
    chosen_flow: int
    outcome: int


class Assigned:
    """A unit that a row held."""

    row: int
    pool: int
    unit: int


LOG_ROW: Final = np.dtype(
    [(name, np.int64) for name in list(LogRow.__annotations__)[:8]]
    + [(name, np.int32) for name in ("pipeline", "node", "visit", "chosen_flow")]
    + [("outcome", np.uint8)],
    align=True,
)
ASSIGNED: Final = np.dtype([("row", np.int64), ("pool", np.int16), ("unit", np.int16)], align=True)
