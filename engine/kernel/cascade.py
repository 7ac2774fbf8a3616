"""The cascade: all that one event sets in motion in no time, first in, first out, until nothing moves."""

from __future__ import annotations

from engine.kernel.compiling import entry_point, shared_function, token_function
from engine.kernel.escaping import escape
from engine.kernel.gathering import arrive_at_count, arrive_at_gather, fire_gathers, touch
from engine.kernel.layout import (
    ACTIVITY,
    CLEAR,
    COUNT,
    ENABLE,
    END,
    ENDLESS,
    ENTER,
    ESCAPE,
    FORK,
    GATHER,
    JOIN,
    LEAVE,
    MOST_MOVES,
    NO_FAULT,
    NONE,
    RACE,
    ROUTE,
    SCOPE,
    SET_TIMER,
    SOME,
    STRIDE,
    TERMINATE,
    THROW,
    TIMER,
    UNDO,
    WAIT,
    WATCHER,
    Net,
    State,
)
from engine.kernel.listening import listen, throw
from engine.kernel.repeating import enter_undo, next_instance, next_undo
from engine.kernel.routing import fork, join, route, some
from engine.kernel.scopes import clear_scope, enter_scope, fire_watcher, start_scope, terminate, token_gone
from engine.kernel.slots import open_scope
from engine.kernel.waiting import move_on, wait
from engine.kernel.words import blame, call, push, say_of

__all__ = ["begin_case", "call_back", "go_on", "has_room", "let_move", "resume", "start_case"]


@shared_function
def let_move(net: Net, state: State) -> None:
    """Let every moving token arrive, then the joins that look at what can still arrive, until nothing moves.

    What moves in a scope that is gone is dropped, as is a call to a token that is gone. The cascade pauses, with
    ``head < tail``, before a move for which the tables might have no room: the driver lets them grow and goes on.
    """
    count = state.counters[0]
    while count.fault == NO_FAULT:
        if count.head == count.tail:
            count.head = 0
            count.tail = 0
            if not fire_gathers(net, state):
                return
            continue
        if not has_room(net, state):
            return
        move = state.move[count.head]
        count.head += 1
        count.moves += 1
        scope = move.scope
        by = move.by
        if count.moves > MOST_MOVES:
            blame(state, ENDLESS, scope, net.flow[move.flow].target if move.token == NONE else NONE)
        elif move.token != NONE:
            if state.token[move.token].serial == move.serial:
                answer(net, state, move.token, by)
        elif state.scope[scope].serial == move.serial:
            touch(net, state, scope, by)
            arrive(net, state, move.flow, scope, by)


@token_function
def begin_case(net: Net, state: State, definition: int, case: int, key: int) -> None:
    """A case arrives, with the attributes that stand in ``state.arriving``; its tokens are ready to move.

    ``definition`` is the outermost scope of its pipeline: 0 in a net of one.
    """
    state.counters[0].moves = 0
    scope = open_scope(net, state, definition, NONE, case, key, 0, 0)
    for i in range(net.width[2]):
        state.attribute[scope * net.width[2] + i] = state.arriving[i]
    start_scope(net, state, scope, 0, 0)


@token_function
def call_back(state: State, token: int) -> None:
    """What a token waited for is over: an activity is done, a timer or a watcher fires."""
    state.counters[0].moves = 0
    call(state, token, state.token[token].identity)


@entry_point
def start_case(net: Net, state: State, definition: int, case: int, key: int) -> None:
    """Begin a case, with all that follows at once."""
    begin_case(net, state, definition, case, key)
    let_move(net, state)


@entry_point
def resume(net: Net, state: State, token: int) -> None:
    """Call a token back, with all that follows at once."""
    call_back(state, token)
    let_move(net, state)


@entry_point
def go_on(net: Net, state: State) -> None:
    """Go on with a cascade that paused."""
    let_move(net, state)


@token_function
def has_room(net: Net, state: State) -> bool:
    """Whether the tables have room for all that one move may need; a cancellation may speak of every token."""
    count = state.counters[0]
    need = net.width[STRIDE]
    return max(count.tokens_used, count.scopes_used, count.done_used) + need <= len(state.token) and max(
        count.commands, count.tail
    ) + count.tokens_used + need <= len(state.command)


@token_function
def answer(net: Net, state: State, token: int, by: int) -> None:
    """A waiting token is called."""
    node = state.token[token].node
    kind = net.node[node].kind
    if kind == WATCHER:
        fire_watcher(net, state, token, by)
    elif kind == SCOPE:
        next_instance(net, state, token, by)
    elif kind == UNDO:
        next_undo(net, state, token, by)
    else:
        if kind == WAIT:
            say_of(state, LEAVE, token, NONE)
        move_on(net, state, token, by)


@token_function
def arrive(net: Net, state: State, flow: int, scope: int, by: int) -> None:  # noqa: C901 - one branch a primitive
    """A token reaches the node at the end of a flow."""
    node = net.flow[flow].target
    kind = net.node[node].kind
    if kind == ACTIVITY:
        wait(net, state, node, scope, by, ENABLE)
    elif kind == TIMER:
        wait(net, state, node, scope, by, SET_TIMER)
    elif kind == RACE:
        wait(net, state, node, scope, by, ENTER)
    elif kind == WAIT:
        listen(net, state, wait(net, state, node, scope, by, ENTER))
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
    elif kind == TERMINATE:
        terminate(net, state, scope, by)
    elif kind == SOME:
        some(net, state, node, scope, by)
    elif kind == GATHER:
        arrive_at_gather(net, state, flow, scope)
    elif kind == COUNT:
        arrive_at_count(net, state, node, flow, scope, by)
    elif kind == THROW:
        throw(net, state, node, scope, by)
    elif kind == ESCAPE:
        escape(net, state, node, scope, by)
    elif kind == UNDO:
        enter_undo(net, state, node, scope, by)
    elif kind == CLEAR:
        clear_scope(net, state, scope)
        state.scope[scope].live = 1
        push(state, net.node[node].out, scope, by)
    else:
        push(state, net.node[node].out, scope, by)
