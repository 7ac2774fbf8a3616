"""Slots and links: tokens that wait, scopes that run, and the lists they stand in. Nobody else touches a link."""

from __future__ import annotations

from engine.kernel.compiling import token_function
from engine.kernel.layout import NONE, Net, State

__all__ = ["close_scope", "free_token", "new_token", "open_scope"]


@token_function
def new_token(state: State, node: int, scope: int, visit: int, identity: int, by: int) -> int:
    """A token that waits at ``node``; it stands first in the list of its scope's tokens."""
    count = state.counters[0]
    token = count.token_free
    if token == NONE:
        token = count.tokens_used
        count.tokens_used = token + 1
    else:
        count.token_free = state.token[token].next
    new = state.token[token]
    new.node = node
    new.scope = scope
    new.visit = visit
    new.identity = identity
    new.by = by
    new.child = NONE
    new.host = NONE
    new.watch = NONE
    new.next_watch = NONE
    first = state.scope[scope].first
    new.next = first
    new.before = NONE
    if first != NONE:
        state.token[first].before = token
    state.scope[scope].first = token
    return token


@token_function
def free_token(state: State, token: int) -> None:
    """Take a token out of its scope's list and give its slot back."""
    before = state.token[token].before
    after = state.token[token].next
    if before == NONE:
        state.scope[state.token[token].scope].first = after
    else:
        state.token[before].next = after
    if after != NONE:
        state.token[after].before = before
    state.token[token].next = state.counters[0].token_free
    state.counters[0].token_free = token


@token_function
def open_scope(net: Net, state: State, definition: int, host: int, case: int, key: int, identity: int) -> int:
    """A new instance of a scope definition with one live token, which the caller sends on its way."""
    count = state.counters[0]
    scope = count.scope_free
    if scope == NONE:
        scope = count.scopes_used
        count.scopes_used = scope + 1
    else:
        count.scope_free = state.scope[scope].next
    count.serial += 1
    new = state.scope[scope]
    new.serial = count.serial
    new.definition = definition
    new.case = case
    new.key = key
    new.identity = identity
    new.host = host
    new.live = 1
    new.first = NONE
    if host == NONE:
        new.root = scope
    else:
        new.root = state.scope[state.token[host].scope].root
        state.token[host].child = scope
    for i in range(scope * net.width[0], (scope + 1) * net.width[0]):
        state.visits[i] = 0
    for i in range(scope * net.width[1], (scope + 1) * net.width[1]):
        state.waiting[i] = 0
    return scope


@token_function
def close_scope(state: State, scope: int) -> None:
    """Give a scope's slot back; whatever still moves in it is recognised by its serial and dropped."""
    host = state.scope[scope].host
    if host != NONE:
        state.token[host].child = NONE
    state.scope[scope].serial = 0
    state.scope[scope].live = 0
    state.scope[scope].next = state.counters[0].scope_free
    state.counters[0].scope_free = scope
