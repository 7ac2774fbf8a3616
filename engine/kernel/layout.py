"""The tables that the kernel works on, and the words it says to a driver.

A table is a list of small objects in the plain form and a record array in the compiled form; ``table[i].field``
reads and writes both. Links between rows are indices, so tables may grow; `NONE` ends a list.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

NONE: Final = -1
CASE_NODE: Final = -1  # in the place of a node: the case itself

ALWAYS: Final = -1  # in the place of a condition: the way is always taken, or has no condition
DEFAULT: Final = -2  # in the place of a condition: the way taken when no condition holds

# ---- the primitives: kinds of nodes ---------------------------------------------------------------------------
PASS: Final = 0  # lets a token through
ACTIVITY: Final = 1  # waits for the driver: people, time
TIMER: Final = 2  # waits for a moment
ROUTE: Final = 3  # one way of several: by share and attempt, or by condition
FORK: Final = 4  # all ways at once
JOIN: Final = 5  # one token from every way becomes one token
SCOPE: Final = 6  # waits while inner scope instances run: one, or as many as its repetition says
WATCHER: Final = 7  # armed while its host waits, or while its scope runs; interrupting or not
END: Final = 8  # the token is gone
TERMINATE: Final = 9  # the scope is over, whatever runs in it
SOME: Final = 10  # each way whose condition holds, or whose chance comes up
GATHER: Final = 11  # joins all tokens that can still arrive
COUNT: Final = 12  # joins as soon as enough ways have a token, and once for each round of them
RACE: Final = 13  # waits for the first of its watchers
WAIT: Final = 14  # waits for a word: a message, a signal, or that a condition holds
THROW: Final = 15  # says a word
ESCAPE: Final = 16  # raises an error, an escalation or a cancellation to the nearest catcher outwards
UNDO: Final = 17  # runs the compensation of what is done, last first, one after the other
CLEAR: Final = 18  # cancels all that runs in the scope, but for the token that comes here
PRIMITIVES: Final = (
    "pass", "activity", "timer", "route", "fork", "join", "scope", "watcher", "end", "terminate", "some", "gather",
    "count", "race", "wait", "throw", "escape", "undo", "clear",
)  # fmt: skip

# ---- what a watcher or a waiting token catches ----------------------------------------------------------------
TIME: Final = 0  # a moment; the driver says when it has come
MESSAGE: Final = 1  # one of the case's messages; kept until somebody takes it
SIGNAL: Final = 2  # heard by all that wait for it, in every case
CONDITION: Final = 3  # that a condition comes to hold
ERROR: Final = 4
ESCALATION: Final = 5
CANCELLATION: Final = 6  # of a transaction

# ---- the commands ---------------------------------------------------------------------------------------------
ENABLE: Final = 0  # an activity may begin: ask for its people
SET_TIMER: Final = 1  # a timer or watcher runs
ENTER: Final = 2  # a token begins to wait for something that the kernel itself sees to
LEAVE: Final = 3  # that is over, the token goes on
CANCEL: Final = 4  # what this token waited for is withdrawn
INTERRUPT: Final = 5  # the same, because a boundary event takes its place
CHOSEN: Final = 6  # a choice took a flow
CASE_DONE: Final = 7  # the case is over
COMMANDS: Final = ("enable", "set_timer", "enter", "leave", "cancel", "interrupt", "chosen", "case_done")

# ---- faults that stop a run -----------------------------------------------------------------------------------
NO_FAULT: Final = 0
NO_WAY: Final = 1  # no condition of a choice holds and it has no default
DIVISION_BY_ZERO: Final = 2  # in a condition
NO_NUMBER: Final = 3  # a number of instances is below 0 or above `MOST_INSTANCES`
ENDLESS: Final = 4  # tokens move on and on in no time

MOST_INSTANCES: Final = 10_000  # of one multi-instance activity
MOST_MOVES: Final = 1_000_000  # of tokens in one cascade
MOST_WAYS: Final = 62  # into an inclusive or complex gateway: they are bits of an integer


class Node:
    """A node of the net; ``node[n].out`` to ``node[n + 1].out`` are its ways out.

    Likewise ``into``, ``watch`` and ``assign``.
    """

    kind: int
    hash: int  # of (process id, element id): equal in all variants
    definition: int  # the scope that it stands in
    local: int  # its number in that scope, for the visits
    out: int  # its first flow out
    into: int  # its first entry in `into_flow`
    share_at: int  # of a choice by shares: its first share; NONE: by conditions
    attempts: int  # of a choice by shares: rows of shares, the last one for all later visits
    inner: int  # of a scope: the definition inside
    watch: int  # its first entry in `watcher`
    interrupting: int  # of a watcher: 1 takes its host's place; of a scope: 1 if an event started it
    assign: int  # its first entry in `assign`: what it sets when it is over
    reach: int  # of a gather or count: its first entry in `reach`
    catches: int  # of a watcher, wait, throw or escape: TIME, MESSAGE, ...
    key: int  # of the same: which message, signal, error or escalation; NONE: any
    turns: int  # of a watcher that interrupts nothing: how often it may fire; 0: as often as it is called
    via: int  # of a watcher in a race: the flow that leads to it
    program: int  # of a wait or watcher for a condition, and of a count: the condition
    repeat: int  # of a scope: its row in `repeat`; NONE: one instance
    undo: int  # the definition that compensates it; NONE: none. Of an undo: the node that it undoes, NONE: all
    levels: int  # of an undo: in the how-manieth scope outwards it looks


class Flow:
    """A way from one node to the next; flows are sorted by source, then in document order."""

    target: int
    local: int  # its number among the counted flows of its scope
    condition: int  # its program, ALWAYS or DEFAULT
    bit: int  # into a gather or count: its number among the ways in, from 0


class Definition:
    """What every instance of a process or sub-process has in common; the next row bounds the lists."""

    entry: int  # the flow on which the first token enters; those of other instances follow
    watch: int  # its first entry in `scope_watcher`: what is armed while it runs
    joins: int  # its first entry in `joins`: nodes where tokens wait for others
    gathers: int  # 1 if some of them look at what can still arrive
    outermost: int  # 1 for a participant: errors that nobody catches end it, and nothing around it


class Repeat:
    """How often the inside of a scope runs."""

    number: int  # program of the number of instances; NONE: `most`
    most: int  # how many at most; NONE: without bound
    parallel: int  # 1: all at once; 0: one after the other
    until: int  # program of the condition that ends it; NONE: none
    cancels: int  # 1: what still runs then is cancelled; 0: it is waited for
    first: int  # 1: asked before the first instance too
    spread: int  # 1: each instance has an entry of its own
    share_at: int  # its first share of going on; NONE: not by chance
    attempts: int  # rows of shares, the last one for all later turns


class Assign:
    """An attribute that a node sets when it is over."""

    attribute: int
    program: int


class Step:
    """One step of a postfix program."""

    operation: int
    operand: float


class Token:
    """A token that waits: at an activity, timer or scope, or an armed watcher."""

    node: int
    scope: int
    visit: int
    identity: int  # of this entry
    by: int  # identity of what enabled it
    next: int  # in its scope's list; in the free list
    before: int
    serial: int  # tells a token from a later one in the same slot
    child: int  # of a host: its first inner scope
    children: int  # of a host: how many run
    begun: int  # of a host: how many have begun; of a watcher: how often it has fired
    ended: int  # of a host: how many ran to their end
    total: int  # of a host: how many there will be; NONE: until a condition ends it
    closing: int  # of a host: 1 if no further one begins
    host: int  # of a watcher; NONE: it watches its scope
    watch: int  # of a host: its first watcher
    next_watch: int  # of a watcher: its host's, or scope's, next
    post: int  # the list that it listens in; NONE: none
    next_post: int
    before_post: int
    held: int  # of one that waits for a condition: whether it held when last looked at


class Scope:
    """A running instance of a scope definition."""

    definition: int
    case: int
    key: int  # of the case's random numbers
    identity: int
    root: int  # the case's outermost scope: where its attributes stand
    host: int  # the token that waits for it; NONE: the case itself
    live: int  # tokens in it, moving, waiting or at joins; watchers excepted
    first: int  # its first waiting token
    watch: int  # its first watcher
    sibling: int  # the next instance of the same host
    before: int  # the previous one
    turn: int  # its number among them
    undo: int  # the latest of what is done and can be compensated
    touched: int  # next scope whose gathers must be looked at; NONE: the last; UNTOUCHED: not among them
    by: int  # identity of what last moved in it
    serial: int  # tells a scope from a later one in the same slot; 0: closed
    next: int  # in the free list


class Move:
    """A moving token: an entry of the first-in-first-out work list."""

    flow: int
    scope: int
    serial: int
    by: int  # identity of what it comes from
    token: int  # of a call to a waiting token, in the place of a flow


class Command:
    """A word to the driver, with copies of all it needs: a slot may be used again within one cascade."""

    operation: int
    token: int
    case: int
    node: int
    visit: int
    identity: int
    parent: int
    by: int
    flow: int


class Post:
    """Who listens for a message, signal or condition, in the order of arrival, and what waits to be heard."""

    first: int
    last: int
    kept: int  # messages that nobody waited for yet


class Done:
    """An activity that is over and can be compensated."""

    definition: int
    node: int  # of the activity, or of the sub-process around it
    next: int  # the one before it


class Counters:
    """The kernel's own scalars; one row."""

    tokens_used: int
    token_free: int
    scopes_used: int
    scope_free: int
    head: int  # of the work list
    tail: int
    commands: int
    serial: int
    fault: int
    fault_case: int
    fault_node: int
    moves: int  # of tokens in this cascade
    touched: int  # first scope whose gathers must be looked at
    done_used: int
    done_free: int


class Net(NamedTuple):
    """The immutable tables of a process net, as the kernel sees them."""

    node: Sequence[Node]
    flow: Sequence[Flow]
    definition: Sequence[Definition]
    into_flow: Sequence[int]
    watcher: Sequence[int]
    scope_watcher: Sequence[int]
    joins: Sequence[int]
    entry: Sequence[int]  # the flows on which tokens enter scopes
    share: Sequence[float]  # of a route: cumulated
    program: Sequence[int]  # by program: its first step
    step: Sequence[Step]
    assign: Sequence[Assign]
    repeat: Sequence[Repeat]
    reach: Sequence[int]  # by node of the scope: the ways into a gather that can be reached from it, as bits
    width: Sequence[int]  # see VISITS, COUNTED, ...


# ---- the entries of `Net.width` -------------------------------------------------------------------------------
VISITS: Final = 0  # numbered nodes per scope
COUNTED: Final = 1  # counted flows per scope, and marks of counts
ATTRIBUTES: Final = 2  # per case
MESSAGES: Final = 3  # per case; the conditions' list is the last
SIGNALS: Final = 4  # for all cases together
STRIDE: Final = 5  # the most rows of a table that one move may need

UNTOUCHED: Final = -2


class State(NamedTuple):
    """The mutable tables: memory follows the open cases, slots are used again."""

    counters: Sequence[Counters]
    token: list[Token]
    scope: list[Scope]
    visits: list[int]
    waiting: list[int]
    attribute: list[float]
    arriving: list[float]  # the attributes of the case that `start_case` starts
    move: list[Move]
    command: list[Command]
    stack: list[float]  # of the condition programs
    local: list[float]  # what a condition may ask for beside the attributes
    post: list[Post]
    done: list[Done]


# ---- the entries of `State.local` -----------------------------------------------------------------------------
INSTANCES: Final = 0  # of a repetition
ACTIVE: Final = 1
COMPLETED: Final = 2
TERMINATED: Final = 3
TURN: Final = 4
ACTIVATED: Final = 5  # of a count: ways in that have a token
LOCALS: Final = 6

NET_ROWS: Final[Mapping[str, type[object]]] = {
    "node": Node,
    "flow": Flow,
    "definition": Definition,
    "step": Step,
    "assign": Assign,
    "repeat": Repeat,
}

RowType = TypeVar("RowType")

STACK_DEPTH: Final = 64  # the deepest condition program; the parser refuses deeper ones


def row_dtype(row: type[object]) -> np.dtype[Any]:
    """The record type of a row class: int64, or float64 where the class says so."""
    return np.dtype([(name, np.float64 if kind == "float" else np.int64) for name, kind in row.__annotations__.items()])


def plain_rows(row: type[RowType], number: int, table: npt.NDArray[Any] | None = None) -> list[RowType]:
    """The plain form of a table: ``number`` objects with the fields of ``row``, zero or copied from ``table``."""
    slots = _slotted(row)
    rows = []
    for i in range(number):
        new = slots()
        for name in row.__annotations__:
            setattr(new, name, 0 if table is None else table[name][i].item())
        rows.append(new)
    return rows


_SLOTTED: dict[type[object], type[Any]] = {}


def _slotted(row: type[RowType]) -> type[RowType]:
    if row not in _SLOTTED:
        _SLOTTED[row] = type(row.__name__, (), {"__slots__": tuple(row.__annotations__)})
    return _SLOTTED[row]
