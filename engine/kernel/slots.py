"""Slots and links: tokens that wait, scopes that run, what is done, and the lists they stand in.

Nobody else touches a link, but for the lists of watchers (`waiting`) and of listeners (`listening`).
"""

from __future__ import annotations

from engine.kernel.compiling import token_function
from engine.kernel.layout import MESSAGES, NONE, SIGNALS, UNTOUCHED, Net, State

__all__ = ["close_scope", "free_token", "new_done", "new_token", "open_scope", "unlisten"]


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
    count.serial += 1
    new = state.token[token]
    new.serial = count.serial
    new.node = node
    new.scope = scope
    new.visit = visit
    new.identity = identity
    new.by = by
    new.child = NONE
    new.children = 0
    new.begun = 0
    new.ended = 0
    new.total = NONE
    new.closing = 0
    new.host = NONE
    new.watch = NONE
    new.next_watch = NONE
    new.post = NONE
    new.held = 0
    first = state.scope[scope].first
    new.next = first
    new.before = NONE
    if first != NONE:
        state.token[first].before = token
    state.scope[scope].first = token
    return token


@token_function
def free_token(state: State, token: int) -> None:
    """Take a token out of its scope's list and give its slot back; calls to it are no longer heard."""
    if state.token[token].post != NONE:
        unlisten(state, token)
    before = state.token[token].before
    after = state.token[token].next
    if before == NONE:
        state.scope[state.token[token].scope].first = after
    else:
        state.token[before].next = after
    if after != NONE:
        state.token[after].before = before
    state.token[token].serial = 0
    state.token[token].next = state.counters[0].token_free
    state.counters[0].token_free = token


@token_function
def unlisten(state: State, token: int) -> None:
    """Take a token out of the list that it listens in."""
    post = state.post[state.token[token].post]
    before = state.token[token].before_post
    after = state.token[token].next_post
    if before == NONE:
        post.first = after
    else:
        state.token[before].next_post = after
    if after == NONE:
        post.last = before
    else:
        state.token[after].before_post = before
    state.token[token].post = NONE


@token_function
def open_scope(
    net: Net, state: State, definition: int, host: int, case: int, key: int, identity: int, turn: int
) -> int:
    """A new instance of a scope definition with one live token, which the caller sends on its way."""
    count = state.counters[0]
    scope = count.scope_free
    if scope == NONE:
        scope = count.scopes_used
        count.scopes_used = scope + 1
        state.scope[scope].touched = UNTOUCHED
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
    new.watch = NONE
    new.turn = turn
    new.undo = NONE
    new.sibling = NONE
    new.before = NONE
    if host == NONE:
        new.root = scope
        first = net.width[SIGNALS] + scope * net.width[MESSAGES]
        for i in range(first, first + net.width[MESSAGES]):
            state.post[i].first = NONE
            state.post[i].last = NONE
            state.post[i].kept = 0
    else:
        new.root = state.scope[state.token[host].scope].root
        sibling = state.token[host].child
        new.sibling = sibling
        if sibling != NONE:
            state.scope[sibling].before = scope
        state.token[host].child = scope
        state.token[host].children += 1
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
        before = state.scope[scope].before
        after = state.scope[scope].sibling
        if before == NONE:
            state.token[host].child = after
        else:
            state.scope[before].sibling = after
        if after != NONE:
            state.scope[after].before = before
        state.token[host].children -= 1
    done = state.scope[scope].undo
    while done != NONE:
        after = state.done[done].next
        state.done[done].next = state.counters[0].done_free
        state.counters[0].done_free = done
        done = after
    state.scope[scope].undo = NONE
    state.scope[scope].serial = 0
    state.scope[scope].live = 0
    state.scope[scope].next = state.counters[0].scope_free
    state.counters[0].scope_free = scope


@token_function
def new_done(state: State, scope: int, definition: int, node: int) -> None:
    """Remember that an activity is over and how it can be compensated."""
    count = state.counters[0]
    done = count.done_free
    if done == NONE:
        done = count.done_used
        count.done_used = done + 1
    else:
        count.done_free = state.done[done].next
    state.done[done].definition = definition
    state.done[done].node = node
    state.done[done].next = state.scope[scope].undo
    state.scope[scope].undo = done
