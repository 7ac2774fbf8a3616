"""Tokens that wait, and watchers: what is armed while their host waits, or while their scope runs.

A host is any waiting token: an activity, a timer, a scope, a race. A watcher stands in the list of its scope's
tokens, so it dies with that scope, and in a list of its host, so the host can disarm it. One without a host belongs
to an event sub-process and stands in such a list of its scope. A watcher is no live token of the scope.
"""

from __future__ import annotations

from engine.kernel.chance import derive
from engine.kernel.compiling import shared_function, token_function
from engine.kernel.layout import (
    CANCEL,
    CONDITION,
    ENTER,
    MESSAGE,
    NONE,
    SET_TIMER,
    SIGNAL,
    TIME,
    Net,
    State,
)
from engine.kernel.listening import assign, listen
from engine.kernel.slots import free_token, new_done, new_token
from engine.kernel.words import next_visit, push, say_of

__all__ = ["arm_watcher", "disarm_watchers", "forget_watcher", "move_on", "wait"]


@token_function
def wait(net: Net, state: State, node: int, scope: int, by: int, operation: int) -> int:
    """A token waits at a node, its watchers armed; returns the token."""
    visit = next_visit(net, state, node, scope)
    identity = derive(state.scope[scope].identity, net.node[node].hash, visit)
    token = new_token(state, node, scope, visit, identity, by)
    say_of(state, operation, token, NONE)
    for w in range(net.node[node].watch, net.node[node + 1].watch):
        arm_watcher(net, state, net.watcher[w], token, scope, by, 0)
    return token


@shared_function
def move_on(net: Net, state: State, token: int, by: int) -> None:
    """The token leaves the node where it waited; what it did can be compensated from now on."""
    scope = state.token[token].scope
    node = state.token[token].node
    disarm_watchers(state, token)
    free_token(state, token)
    if net.node[node].assign < net.node[node + 1].assign:
        assign(net, state, node, scope, by)
    if net.node[node].undo != NONE:
        new_done(state, scope, net.node[node].undo, node)
    push(state, net.node[node].out, scope, by)


@shared_function
def arm_watcher(net: Net, state: State, node: int, host: int, scope: int, by: int, fired: int) -> None:
    """Set a boundary event, or the start of an event sub-process, that has fired so often before."""
    visit = next_visit(net, state, node, scope)
    identity = derive(state.scope[scope].identity, net.node[node].hash, visit)
    watcher = new_token(state, node, scope, visit, identity, by)
    state.token[watcher].host = host
    state.token[watcher].begun = fired
    if host == NONE:
        state.token[watcher].next_watch = state.scope[scope].watch
        state.scope[scope].watch = watcher
    else:
        state.token[watcher].next_watch = state.token[host].watch
        state.token[host].watch = watcher
    catches = net.node[node].catches
    say_of(state, SET_TIMER if catches == TIME else ENTER, watcher, NONE)
    if catches in (MESSAGE, SIGNAL, CONDITION):
        listen(net, state, watcher)


@token_function
def disarm_watchers(state: State, host: int) -> None:
    """The host no longer waits: what is attached to it is withdrawn."""
    while state.token[host].watch != NONE:
        watcher = state.token[host].watch
        state.token[host].watch = state.token[watcher].next_watch
        say_of(state, CANCEL, watcher, NONE)
        free_token(state, watcher)


@token_function
def forget_watcher(state: State, watcher: int) -> None:
    """A watcher that fires leaves its host's list first, so that the host does not disarm it."""
    host = state.token[watcher].host
    after = state.token[watcher].next_watch
    other = state.scope[state.token[watcher].scope].watch if host == NONE else state.token[host].watch
    if other == watcher:
        if host == NONE:
            state.scope[state.token[watcher].scope].watch = after
        else:
            state.token[host].watch = after
        return
    while state.token[other].next_watch != watcher:
        other = state.token[other].next_watch
    state.token[other].next_watch = after
