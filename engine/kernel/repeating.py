"""Scopes that run several times: multi-instance, loops, ad-hoc; and compensation, one handler after the other."""

from __future__ import annotations

from engine.kernel.chance import ROUTING, derive, uniform
from engine.kernel.compiling import token_function
from engine.kernel.conditions import holds, value
from engine.kernel.layout import (
    ACTIVE,
    COMPLETED,
    ENTER,
    INSTANCES,
    LEAVE,
    MOST_INSTANCES,
    NO_NUMBER,
    NONE,
    TERMINATED,
    TURN,
    Net,
    State,
)
from engine.kernel.scopes import INSTANCE, begin_instance, cancel_inside
from engine.kernel.waiting import move_on, wait
from engine.kernel.words import blame, call, push, say_of

__all__ = ["enter_undo", "next_instance", "next_undo"]

GOING_ON = 3  # tells the draws of a loop from those of other things


@token_function
def next_instance(net: Net, state: State, host: int, by: int) -> None:
    """Called when the host begins, when an instance ended, and after each one begun in parallel.

    First its end is asked for, once for each instance that ended; then one more begins, or the host goes on.
    """
    node = state.token[host].node
    repeat = net.repeat[net.node[node].repeat]
    this = state.token[host]
    if this.begun == 0 and this.total == NONE:
        this.total = number_of_instances(net, state, host)
    asked = this.ended > this.held or (this.begun == 0 and repeat.first == 1)
    if this.closing == 0 and asked:
        this.held = this.ended
        if is_enough(net, state, host):
            this.closing = 1
            if repeat.cancels == 1:
                cancel_inside(state, host)
    more = this.closing == 0 and (this.total == NONE or this.begun < this.total)
    if more and (repeat.parallel == 1 or this.children == 0):
        identity = derive(this.identity, this.begun, INSTANCE)
        entry = this.begun if repeat.spread == 1 else 0
        begin_instance(net, state, host, net.node[node].inner, entry, identity, by)
        if repeat.parallel == 1:
            call(state, host, by)
    elif not more and this.children == 0:
        say_of(state, LEAVE, host, NONE)
        move_on(net, state, host, by)


@token_function
def number_of_instances(net: Net, state: State, host: int) -> int:
    """How many instances there will be; NONE: until a condition ends it."""
    node = state.token[host].node
    repeat = net.repeat[net.node[node].repeat]
    if repeat.number == NONE:
        return repeat.most
    number = value(net, state, repeat.number, state.token[host].scope, node)
    if not 0.0 <= number <= float(MOST_INSTANCES):
        blame(state, NO_NUMBER, state.token[host].scope, node)
        return 0
    return int(number + 0.5)


@token_function
def is_enough(net: Net, state: State, host: int) -> bool:
    """Whether no further instance is wanted: by its condition, or by chance."""
    node = state.token[host].node
    scope = state.token[host].scope
    this = state.token[host]
    repeat = net.repeat[net.node[node].repeat]
    if repeat.share_at != NONE:
        turn = this.ended - 1 + repeat.first
        share = net.share[repeat.share_at + min(turn, repeat.attempts - 1)]
        return uniform(state.scope[scope].key, derive(this.identity, turn, GOING_ON), ROUTING) >= share
    if repeat.until == NONE:
        return False
    state.local[INSTANCES] = float(this.total)
    state.local[ACTIVE] = float(this.children)
    state.local[COMPLETED] = float(this.ended)
    state.local[TERMINATED] = 0.0
    state.local[TURN] = float(this.ended)
    return holds(net, state, repeat.until, scope, node)


@token_function
def looked_in(net: Net, state: State, node: int, scope: int) -> int:
    """The scope whose done activities are compensated."""
    for _ in range(net.node[node].levels):
        scope = state.token[state.scope[scope].host].scope
    return scope


@token_function
def is_left(net: Net, state: State, node: int, scope: int) -> bool:
    """Whether something is left to compensate."""
    wanted = net.node[node].undo
    done = state.scope[scope].undo
    while done != NONE:
        if wanted == NONE or state.done[done].node == wanted:
            return True
        done = state.done[done].next
    return False


@token_function
def enter_undo(net: Net, state: State, node: int, scope: int, by: int) -> None:
    """Compensation is asked for: the token waits while it runs; where nothing is to be undone, it goes on at once."""
    if is_left(net, state, node, looked_in(net, state, node, scope)):
        call(state, wait(net, state, node, scope, by, ENTER), by)
    else:
        push(state, net.node[node].out, scope, by)


@token_function
def next_undo(net: Net, state: State, host: int, by: int) -> None:
    """Compensate what was done last of all that is left."""
    node = state.token[host].node
    scope = looked_in(net, state, node, state.token[host].scope)
    wanted = net.node[node].undo
    before = NONE
    done = state.scope[scope].undo
    while done != NONE and wanted != NONE and state.done[done].node != wanted:
        before = done
        done = state.done[done].next
    if done == NONE:
        say_of(state, LEAVE, host, NONE)
        move_on(net, state, host, by)
        return
    if before == NONE:
        state.scope[scope].undo = state.done[done].next
    else:
        state.done[before].next = state.done[done].next
    definition = state.done[done].definition
    state.done[done].next = state.counters[0].done_free
    state.counters[0].done_free = done
    identity = derive(state.token[host].identity, state.token[host].begun, INSTANCE)
    begin_instance(net, state, host, definition, 0, identity, by)
