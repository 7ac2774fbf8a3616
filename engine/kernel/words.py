"""Moves and words: the work list of moving tokens and calls, and the commands to the driver."""

from __future__ import annotations

from engine.kernel.compiling import token_function
from engine.kernel.layout import NO_FAULT, NONE, Net, State

__all__ = ["blame", "call", "next_visit", "push", "say", "say_of"]


@token_function
def push(state: State, flow: int, scope: int, by: int) -> None:
    """Send a token along a flow: it arrives when all that moved before it has arrived."""
    count = state.counters[0]
    move = state.move[count.tail]
    move.flow = flow
    move.scope = scope
    move.serial = state.scope[scope].serial
    move.by = by
    move.token = NONE
    count.tail += 1


@token_function
def call(state: State, token: int, by: int) -> None:
    """Call a waiting token, in the order of the moves; if it is taken away before, nobody hears it."""
    count = state.counters[0]
    move = state.move[count.tail]
    move.flow = NONE
    move.scope = state.token[token].scope
    move.serial = state.token[token].serial
    move.by = by
    move.token = token
    count.tail += 1


@token_function
def say(
    state: State,
    operation: int,
    token: int,
    scope: int,
    node: int,
    visit: int,
    identity: int,
    by: int,
    flow: int,
) -> None:
    """Leave a command for the driver."""
    command = state.command[state.counters[0].commands]
    command.operation = operation
    command.token = token
    command.case = state.scope[scope].case
    command.node = node
    command.visit = visit
    command.identity = identity
    command.parent = state.scope[scope].identity
    command.by = by
    command.flow = flow
    state.counters[0].commands += 1


@token_function
def say_of(state: State, operation: int, token: int, flow: int) -> None:
    """Leave a command about a waiting token."""
    t = state.token[token]
    say(state, operation, token, t.scope, t.node, t.visit, t.identity, t.by, flow)


@token_function
def next_visit(net: Net, state: State, node: int, scope: int) -> int:
    """The number of this entry of a node in its scope instance, from 0; given when the token arrives."""
    i = scope * net.width[0] + net.node[node].local
    visit = state.visits[i]
    state.visits[i] = visit + 1
    return visit


@token_function
def blame(state: State, fault: int, scope: int, node: int) -> None:
    """Remember the first fault: the cascade stops, and the driver says what happened where."""
    count = state.counters[0]
    if count.fault == NO_FAULT:
        count.fault = fault
        count.fault_case = state.scope[scope].case
        count.fault_node = node
