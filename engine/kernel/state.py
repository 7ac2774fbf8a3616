"""Making and growing the kernel's tables, in either form.

Inside a cascade nothing is allocated, so a driver asks `room_for_event` before each event and grows the tables
first. The margin follows from the net: a cascade that starts from one token passes each flow a few times at most.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.kernel import layout
from engine.kernel.layout import NONE, Net, State, plain_rows, row_dtype

__all__ = ["grown", "new_state", "room_for_event"]

_ROWS: dict[str, type[object]] = {
    "counters": layout.Counters,
    "token": layout.Token,
    "scope": layout.Scope,
    "move": layout.Move,
    "command": layout.Command,
}
_FLOATS = ("attribute", "arriving", "stack")


def margin(net: Net) -> int:
    """How many tokens, scopes or moves one event may add: four times the nodes and flows of the net, 64 at least."""
    return max(64, 4 * (len(net.node) + len(net.flow)))


def new_state(net: Net, plain: bool) -> State:
    """Empty tables for a net, plain or compiled, with room for a first event."""
    room = 2 * margin(net)
    state = _tables(net, room, plain)
    state.counters[0].token_free = NONE
    state.counters[0].scope_free = NONE
    return state


def room_for_event(net: Net, state: State) -> bool:
    """Whether the tables have room for all that one event may set in motion."""
    count = state.counters[0]
    used = max(int(count.tokens_used), int(count.scopes_used))
    return used + margin(net) <= len(state.token)


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

    A cascade may cancel every waiting token, so the commands follow the tokens.
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
        "move": 2 * room,
        "command": 3 * room,
        "stack": layout.STACK_DEPTH,
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
