"""Making and growing the kernel's tables, in either form.

Inside a cascade nothing is allocated. A driver asks `room_for_event` before each event and lets the tables grow;
a cascade that needs more pauses (`is_paused`), and goes on in larger tables.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.kernel import layout
from engine.kernel.cascade import has_room
from engine.kernel.layout import NONE, Net, State, plain_rows, row_dtype

__all__ = ["grown", "is_paused", "new_state", "room_for_event"]

_ROWS: dict[str, type[object]] = {
    "counters": layout.Counters,
    "token": layout.Token,
    "scope": layout.Scope,
    "move": layout.Move,
    "command": layout.Command,
    "post": layout.Post,
    "done": layout.Done,
}
_FLOATS = ("attribute", "arriving", "stack", "local")


def new_state(net: Net, plain: bool) -> State:
    """Empty tables for a net, plain or compiled, with room for a first event."""
    state = _tables(net, 2 * max(64, int(net.width[layout.STRIDE])), plain)
    count = state.counters[0]
    count.token_free = count.scope_free = count.done_free = count.touched = NONE
    rows: Any = state.post  # small objects, or a record array, whose rows are tuples
    for post in range(int(net.width[layout.SIGNALS])):  # those of a case are made when it begins
        if plain:
            state.post[post].first = state.post[post].last = NONE
        else:
            rows[post] = (NONE, NONE, 0)
    return state


def room_for_event(net: Net, state: State) -> bool:
    """Whether the tables have room for an event to begin."""
    return bool(has_room(net, state))


def is_paused(state: State) -> bool:
    """Whether the cascade waits for larger tables, to `go_on` in them."""
    count = state.counters[0]
    return bool(count.head < count.tail and count.fault == layout.NO_FAULT)


def grown(net: Net, state: State, plain: bool) -> State:
    """The same state in tables of twice the room; links are indices, so they stay valid."""
    larger = _tables(net, 2 * len(state.token), plain)
    tables: zip[tuple[str, Any, Any]] = zip(State._fields, state, larger, strict=True)
    for name, old, new in tables:
        if plain and name in _ROWS:
            new[: len(old)] = old
        else:
            new[: len(old)] = old[:]
    return larger


def _tables(net: Net, room: int, plain: bool) -> State:
    """Tables with room for so many tokens and as many scopes.

    A move may cancel every waiting token, or call it, so commands and moves follow the tokens.
    """
    width = [int(w) for w in net.width]
    sizes = {
        "counters": 1,
        "token": room,
        "scope": room,
        "visits": room * width[0],
        "waiting": room * width[1],
        "attribute": room * width[2],
        "arriving": max(1, width[2]),
        "move": 3 * room,
        "command": 3 * room,
        "stack": layout.STACK_DEPTH,
        "local": layout.LOCALS,
        "post": width[layout.SIGNALS] + room * width[layout.MESSAGES],
        "done": room,
    }
    return State(**{name: _table(name, max(1, size), plain) for name, size in sizes.items()})


def _table(name: str, size: int, plain: bool) -> Any:
    if name in _ROWS:
        row = _ROWS[name]
        if plain:
            return plain_rows(row, size)
        table = np.zeros(size, row_dtype(row))
        return table.view(np.recarray) if name == "counters" else table
    dtype = np.float64 if name in _FLOATS else np.int64
    return [0.0 if name in _FLOATS else 0] * size if plain else np.zeros(size, dtype)
