"""Tokens that wait, and watchers: timers that are armed while their host waits.

A host is any waiting token: an activity, a timer, a scope. A watcher stands in the list of its host's scope, so it
dies with that scope, and in a list of its host, so the host can disarm it. It is no live token of the scope.
"""

from __future__ import annotations

from engine.kernel.chance import derive
from engine.kernel.compiling import token_function
from engine.kernel.layout import CANCEL, NONE, SET_TIMER, Net, State
from engine.kernel.slots import free_token, new_token
from engine.kernel.words import next_visit, push, say_of

__all__ = ["disarm_watchers", "forget_watcher", "move_on", "wait"]


@token_function
def wait(net: Net, state: State, node: int, scope: int, by: int, operation: int) -> int:
    """A token waits at a node, its watchers armed; returns the token."""
    visit = next_visit(net, state, node, scope)
    identity = derive(state.scope[scope].identity, net.node[node].hash, visit)
    token = new_token(state, node, scope, visit, identity, by)
    say_of(state, operation, token)
    for w in range(net.node[node].watch, net.node[node + 1].watch):
        arm_watcher(net, state, net.watcher[w], token)
    return token


@token_function
def move_on(net: Net, state: State, token: int, by: int) -> None:
    """The token leaves the node where it waited."""
    scope = state.token[token].scope
    flow = net.node[state.token[token].node].out
    disarm_watchers(state, token)
    free_token(state, token)
    push(state, flow, scope, by)


@token_function
def arm_watcher(net: Net, state: State, node: int, host: int) -> None:
    """Set a boundary timer."""
    scope = state.token[host].scope
    visit = next_visit(net, state, node, scope)
    identity = derive(state.scope[scope].identity, net.node[node].hash, visit)
    watcher = new_token(state, node, scope, visit, identity, state.token[host].by)
    state.token[watcher].host = host
    state.token[watcher].next_watch = state.token[host].watch
    state.token[host].watch = watcher
    say_of(state, SET_TIMER, watcher)


@token_function
def disarm_watchers(state: State, host: int) -> None:
    """The host no longer waits: its timers are withdrawn."""
    while state.token[host].watch != NONE:
        watcher = state.token[host].watch
        state.token[host].watch = state.token[watcher].next_watch
        say_of(state, CANCEL, watcher)
        free_token(state, watcher)


@token_function
def forget_watcher(state: State, watcher: int) -> None:
    """A watcher that fires leaves its host's list first, so that the host does not disarm it."""
    host = state.token[watcher].host
    after = state.token[watcher].next_watch
    if state.token[host].watch == watcher:
        state.token[host].watch = after
        return
    other = state.token[host].watch
    while state.token[other].next_watch != watcher:
        other = state.token[other].next_watch
    state.token[other].next_watch = after
