"""The tables that the kernel works on, and the words it says to a driver.

A table is a list of small objects in the plain form and a record array in the compiled form; ``table[i].field``
reads and writes both. Links between rows are indices, so tables may grow; `NONE` ends a list.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

NONE: Final = -1
CASE_NODE: Final = -1  # in the place of a node: the case itself

# ---- the primitives: kinds of nodes ---------------------------------------------------------------------------
PASS: Final = 0  # lets a token through
ACTIVITY: Final = 1  # waits for the driver: people, time
TIMER: Final = 2  # waits for a moment
ROUTE: Final = 3  # one way of several: by share and attempt, or by condition
FORK: Final = 4  # all ways at once
JOIN: Final = 5  # one token from every way becomes one token
SCOPE: Final = 6  # waits while an inner scope instance runs
WATCHER: Final = 7  # a timer armed while its host waits; interrupting or not
END: Final = 8  # the token is gone
TERMINATE: Final = 9  # the scope is over, whatever runs in it
PRIMITIVES: Final = (
    "pass", "activity", "timer", "route", "fork", "join", "scope", "watcher", "end", "terminate",
)  # fmt: skip

# ---- the commands ---------------------------------------------------------------------------------------------
ENABLE: Final = 0  # an activity may begin: ask for its people
SET_TIMER: Final = 1  # a timer or watcher runs
ENTER: Final = 2  # a scope's host begins to wait
LEAVE: Final = 3  # a scope is complete, its host goes on
CANCEL: Final = 4  # what this token waited for is withdrawn
INTERRUPT: Final = 5  # the same, because a boundary event takes its place
CHOSEN: Final = 6  # a choice took a flow
CASE_DONE: Final = 7  # the case is over
COMMANDS: Final = ("enable", "set_timer", "enter", "leave", "cancel", "interrupt", "chosen", "case_done")

# ---- faults that stop a run -----------------------------------------------------------------------------------
NO_FAULT: Final = 0
NO_WAY: Final = 1  # no condition of a choice holds and it has no default
DIVISION_BY_ZERO: Final = 2  # in a condition


class Node:
    """A node of the net; ``node[n].out`` to ``node[n + 1].out`` are its ways out, likewise ``into`` and ``watch``."""

    kind: int
    hash: int  # of (process id, element id): equal in all variants
    definition: int  # the scope that it stands in
    local: int  # its number in that scope, for the visits
    out: int  # its first flow out
    into: int  # its first entry in `into_flow`
    share_at: int  # of a route by shares: its first share; NONE: by conditions
    attempts: int  # of a route by shares: rows of shares, the last one for all later visits
    inner: int  # of a scope: the definition inside
    watch: int  # its first entry in `watcher`
    interrupting: int  # of a watcher: 1 takes its host's place


class Flow:
    """A way from one node to the next; flows are sorted by source, then in document order."""

    target: int
    local: int  # its number among the counted flows of its scope
    condition: int  # its program; NONE: no condition


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
    child: int  # of a host: its inner scope
    host: int  # of a watcher
    watch: int  # of a host: its first watcher
    next_watch: int  # of a watcher: its host's next


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
    serial: int  # tells a scope from a later one in the same slot; 0: closed
    next: int  # in the free list


class Move:
    """A moving token: an entry of the first-in-first-out work list."""

    flow: int
    scope: int
    serial: int
    by: int  # identity of what it comes from


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


class Net(NamedTuple):
    """The immutable tables of a process net, as the kernel sees them."""

    node: Sequence[Node]
    flow: Sequence[Flow]
    into_flow: Sequence[int]
    watcher: Sequence[int]
    entry: Sequence[int]  # by definition: the flow on which its first token enters
    share: Sequence[float]  # cumulated
    program: Sequence[int]  # by program: its first step
    step: Sequence[Step]
    width: Sequence[int]  # visits per scope, counted flows per scope, attributes per case


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
