"""Joins that look at what can still arrive: the inclusive gateway's and the complex gateway's.

They are looked at only when nothing moves, and only in scopes in which something has moved. The rule is that of
BPMN 2.0.2, section 13.4.3: wait while some token elsewhere in the scope can reach a way in that has no token and
cannot reach one that has. What can be reached from a node, not passing the gateway itself, is in ``net.reach``:
one integer for each node of the scope, one bit for each way in.
"""

from __future__ import annotations

from engine.kernel.compiling import shared_function, token_function
from engine.kernel.conditions import holds
from engine.kernel.layout import ACTIVATED, COUNT, GATHER, NONE, UNTOUCHED, WATCHER, Net, State
from engine.kernel.scopes import complete_scope
from engine.kernel.words import push

__all__ = ["arrive_at_count", "arrive_at_gather", "fire_gathers", "touch"]


@token_function
def touch(net: Net, state: State, scope: int, by: int) -> None:
    """Remember a scope in which something moves, and what moved last."""
    state.scope[scope].by = by
    if net.definition[state.scope[scope].definition].gathers == 1 and state.scope[scope].touched == UNTOUCHED:
        state.scope[scope].touched = state.counters[0].touched
        state.counters[0].touched = scope


@token_function
def arrive_at_gather(net: Net, state: State, flow: int, scope: int) -> None:
    """A token waits on its way into an inclusive join."""
    state.waiting[scope * net.width[1] + net.flow[flow].local] += 1


@token_function
def arrive_at_count(net: Net, state: State, node: int, flow: int, scope: int, by: int) -> None:
    """A token waits on its way into a complex gateway; it may be the one that fires it."""
    state.waiting[scope * net.width[1] + net.flow[flow].local] += 1
    activate(net, state, node, scope, by)


@token_function
def activate(net: Net, state: State, node: int, scope: int, by: int) -> None:
    """A complex gateway that waits for its start fires if its condition holds; then it waits to be reset."""
    row = scope * net.width[1]
    mark = row + net.node[node].key
    if state.waiting[mark] != 0:
        return
    full = with_token(net, state, node, scope)
    state.local[ACTIVATED] = float(number_of(net, node, full))
    if full != 0 and holds(net, state, net.node[node].program, scope, node):
        state.scope[scope].live -= take(net, state, node, scope, full) - 1
        everything = (1 << (net.node[node + 1].into - net.node[node].into)) - 1
        state.waiting[mark] = 0 if full == everything else full
        push(state, net.node[node].out, scope, by)


@token_function
def with_token(net: Net, state: State, node: int, scope: int) -> int:
    """The ways in that have a token, as bits."""
    row = scope * net.width[1]
    full = 0
    for i in range(net.node[node].into, net.node[node + 1].into):
        if state.waiting[row + net.flow[net.into_flow[i]].local] > 0:
            full |= 1 << (i - net.node[node].into)
    return full


@token_function
def number_of(net: Net, node: int, ways: int) -> int:
    """How many ways a set of bits has."""
    number = 0
    for k in range(net.node[node + 1].into - net.node[node].into):
        number += (ways >> k) & 1
    return number


@token_function
def take(net: Net, state: State, node: int, scope: int, ways: int) -> int:
    """Take one token from each of these ways; returns how many."""
    row = scope * net.width[1]
    first = net.node[node].into
    taken = 0
    for i in range(first, net.node[node + 1].into):
        if (ways >> (i - first)) & 1 == 1:
            state.waiting[row + net.flow[net.into_flow[i]].local] -= 1
            taken += 1
    return taken


@shared_function
def is_expected(net: Net, state: State, node: int, scope: int, full: int, empty: int) -> bool:
    """Whether a token elsewhere in the scope can reach one of the empty ways, and none of the full ones."""
    at = net.node[node].reach
    token = state.scope[scope].first
    while token != NONE:
        place = state.token[token].node
        if net.node[place].kind != WATCHER:
            ways = net.reach[at + net.node[place].local]
            if ways & empty != 0 and ways & full == 0:
                return True
        token = state.token[token].next
    row = scope * net.width[1]
    definition = state.scope[scope].definition
    for i in range(net.definition[definition].joins, net.definition[definition + 1].joins):
        other = net.joins[i]
        ways = net.reach[at + net.node[other].local]
        if other != node and ways & empty != 0 and ways & full == 0:
            for j in range(net.node[other].into, net.node[other + 1].into):
                if state.waiting[row + net.flow[net.into_flow[j]].local] > 0:
                    return True
    return False


@token_function
def fire_gathers(net: Net, state: State) -> bool:
    """Fire one join that waits for nothing more; whether there was one."""
    count = state.counters[0]
    while count.touched != NONE:
        scope = count.touched
        if state.scope[scope].live > 0:
            definition = state.scope[scope].definition
            for i in range(net.definition[definition].joins, net.definition[definition + 1].joins):
                node = net.joins[i]
                kind = net.node[node].kind
                if kind == GATHER and fire_gather(net, state, node, scope):
                    return True
                if kind == COUNT and reset_count(net, state, node, scope):
                    return True
        count.touched = state.scope[scope].touched
        state.scope[scope].touched = UNTOUCHED
    return False


@token_function
def fire_gather(net: Net, state: State, node: int, scope: int) -> bool:
    """One token from every way that has one becomes one token, if nothing more is expected."""
    full = with_token(net, state, node, scope)
    if full == 0 or is_expected(net, state, node, scope, full, ~full):
        return False
    state.scope[scope].live -= take(net, state, node, scope, full) - 1
    push(state, net.node[node].out, scope, state.scope[scope].by)
    return True


@token_function
def reset_count(net: Net, state: State, node: int, scope: int) -> bool:
    """A complex gateway that has fired takes the late tokens, once no more of them can come (13.4.5)."""
    mark = scope * net.width[1] + net.node[node].key
    received = state.waiting[mark]
    if received == 0:
        return False
    late = with_token(net, state, node, scope) & ~received
    if is_expected(net, state, node, scope, late, ~(late | received)):
        return False
    state.waiting[mark] = 0
    state.scope[scope].live -= take(net, state, node, scope, late)
    if state.scope[scope].live == 0:
        complete_scope(net, state, scope, state.scope[scope].by)
    else:
        activate(net, state, node, scope, state.scope[scope].by)
    return True
