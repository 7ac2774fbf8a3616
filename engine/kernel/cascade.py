"""The cascade: all that one event sets in motion in no time, first in, first out, until nothing moves."""

from __future__ import annotations

from engine.kernel.compiling import entry_point, token_function
from engine.kernel.layout import (
    ACTIVITY,
    ENABLE,
    END,
    FORK,
    JOIN,
    NONE,
    ROUTE,
    SCOPE,
    SET_TIMER,
    TERMINATE,
    TIMER,
    WATCHER,
    Net,
    State,
)
from engine.kernel.routing import fork, join, route
from engine.kernel.scopes import enter_scope, fire_watcher, terminate, token_gone
from engine.kernel.slots import open_scope
from engine.kernel.waiting import move_on, wait
from engine.kernel.words import push

__all__ = ["resume", "start_case"]


@entry_point
def start_case(net: Net, state: State, case: int, key: int) -> None:
    """A case arrives, with the attributes that stand in ``state.arriving``."""
    scope = open_scope(net, state, 0, NONE, case, key, 0)
    for i in range(net.width[2]):
        state.attribute[scope * net.width[2] + i] = state.arriving[i]
    push(state, net.entry[0], scope, 0)
    drain(net, state)


@entry_point
def resume(net: Net, state: State, token: int) -> None:
    """What a token waited for is over: an activity is done, a timer or a watcher fires."""
    if net.node[state.token[token].node].kind == WATCHER:
        fire_watcher(net, state, token)
    else:
        move_on(net, state, token, state.token[token].identity)
    drain(net, state)


@token_function
def drain(net: Net, state: State) -> None:
    """Let every moving token arrive; what moves in a scope that is gone is dropped."""
    count = state.counters[0]
    while count.head < count.tail:
        move = state.move[count.head]
        count.head += 1
        if state.scope[move.scope].serial == move.serial:
            arrive(net, state, move.flow, move.scope, move.by)
    count.head = 0
    count.tail = 0


@token_function
def arrive(net: Net, state: State, flow: int, scope: int, by: int) -> None:
    """A token reaches the node at the end of a flow."""
    node = net.flow[flow].target
    kind = net.node[node].kind
    if kind == ACTIVITY:
        wait(net, state, node, scope, by, ENABLE)
    elif kind == ROUTE:
        route(net, state, node, scope, by)
    elif kind == FORK:
        fork(net, state, node, scope, by)
    elif kind == JOIN:
        join(net, state, node, flow, scope, by)
    elif kind == SCOPE:
        enter_scope(net, state, node, scope, by)
    elif kind == END:
        token_gone(net, state, scope, by)
    elif kind == TIMER:
        wait(net, state, node, scope, by, SET_TIMER)
    elif kind == TERMINATE:
        terminate(net, state, scope, by)
    else:
        push(state, net.node[node].out, scope, by)
