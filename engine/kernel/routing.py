"""Choices, forks and joins."""

from __future__ import annotations

from engine.kernel.chance import ROUTING, derive, uniform
from engine.kernel.compiling import token_function
from engine.kernel.conditions import holds
from engine.kernel.layout import ALWAYS, CHOSEN, DEFAULT, NO_WAY, NONE, Net, State
from engine.kernel.words import blame, next_visit, push, say

__all__ = ["fork", "join", "route", "some"]

WAY = 1  # tells the identities of several ways of one choice from those of other things


@token_function
def route(net: Net, state: State, node: int, scope: int, by: int) -> None:
    """One way of several; the choice is a row of its own, so that it can be replayed."""
    visit = next_visit(net, state, node, scope)
    identity = derive(state.scope[scope].identity, net.node[node].hash, visit)
    if net.node[node].share_at != NONE:
        flow = by_share(net, state, node, scope, visit, identity)
    else:
        flow = by_condition(net, state, node, scope)
    say(state, CHOSEN, NONE, scope, node, visit, identity, by, flow)
    push(state, flow, scope, identity)


@token_function
def by_share(net: Net, state: State, node: int, scope: int, visit: int, identity: int) -> int:
    """By shares that may change with the attempt, which is the visit."""
    u = uniform(state.scope[scope].key, identity, ROUTING)
    flow = net.node[node].out
    last = net.node[node + 1].out - 1
    i = net.node[node].share_at + min(visit, net.node[node].attempts - 1) * (last + 1 - flow)
    while flow < last and u >= net.share[i]:
        flow += 1
        i += 1
    return flow


@token_function
def by_condition(net: Net, state: State, node: int, scope: int) -> int:
    """The first way whose condition holds, else the default."""
    default = NONE
    for flow in range(net.node[node].out, net.node[node + 1].out):
        program = net.flow[flow].condition
        if program < 0:
            default = flow
        elif holds(net, state, program, scope, node):
            return flow
    if default == NONE:
        blame(state, NO_WAY, scope, node)
        return net.node[node].out
    return default


@token_function
def some(net: Net, state: State, node: int, scope: int, by: int) -> None:
    """Every way whose condition holds or whose chance comes up, and those without; the default if none of them does.

    Each way taken is a row of its own, with the same visit.
    """
    visit = next_visit(net, state, node, scope)
    identity = derive(state.scope[scope].identity, net.node[node].hash, visit)
    first = net.node[node].out
    ways = net.node[node + 1].out - first
    share = net.node[node].share_at
    if share != NONE:
        share += min(visit, net.node[node].attempts - 1) * ways
    default = NONE
    taken = 0
    chosen = 0  # of those that ask for something
    for k in range(ways):
        condition = net.flow[first + k].condition
        goes = False
        way = derive(identity, k, WAY)
        if condition == DEFAULT:
            default = k
        elif share != NONE:
            goes = uniform(state.scope[scope].key, way, ROUTING) < net.share[share + k]
            if goes:
                chosen += 1
        elif condition == ALWAYS:
            goes = True
        else:
            goes = holds(net, state, condition, scope, node)
            if goes:
                chosen += 1
        if goes:
            taken += 1
            say(state, CHOSEN, NONE, scope, node, visit, way, by, first + k)
            push(state, first + k, scope, way)
    if chosen == 0 and default != NONE:
        taken += 1
        way = derive(identity, default, WAY)
        say(state, CHOSEN, NONE, scope, node, visit, way, by, first + default)
        push(state, first + default, scope, way)
    if taken == 0:
        blame(state, NO_WAY, scope, node)
    state.scope[scope].live += taken - 1


@token_function
def fork(net: Net, state: State, node: int, scope: int, by: int) -> None:
    """All ways at once, in document order."""
    for flow in range(net.node[node].out, net.node[node + 1].out):
        push(state, flow, scope, by)
    state.scope[scope].live += net.node[node + 1].out - net.node[node].out - 1


@token_function
def join(net: Net, state: State, node: int, flow: int, scope: int, by: int) -> None:
    """One token from every way in becomes one token, enabled by the last; a second one on a way waits its turn."""
    row = scope * net.width[1]  # this scope instance's counters
    state.waiting[row + net.flow[flow].local] += 1
    first = net.node[node].into
    last = net.node[node + 1].into
    for i in range(first, last):
        if state.waiting[row + net.flow[net.into_flow[i]].local] == 0:
            return
    for i in range(first, last):
        state.waiting[row + net.flow[net.into_flow[i]].local] -= 1
    state.scope[scope].live -= last - first - 1
    push(state, net.node[node].out, scope, by)
