"""Scopes: a host token waits while the tokens of an inner instance run; completing, terminating, cancelling."""

from __future__ import annotations

from engine.kernel.compiling import token_function
from engine.kernel.layout import CANCEL, CASE_DONE, CASE_NODE, ENTER, INTERRUPT, LEAVE, NONE, Net, State
from engine.kernel.slots import close_scope, free_token, open_scope
from engine.kernel.waiting import disarm_watchers, forget_watcher, move_on, wait
from engine.kernel.words import push, say, say_of

__all__ = ["enter_scope", "fire_watcher", "terminate", "token_gone"]


@token_function
def enter_scope(net: Net, state: State, node: int, scope: int, by: int) -> None:
    """The token waits as host while one instance of the inner definition runs."""
    host = wait(net, state, node, scope, by, ENTER)
    definition = net.node[node].inner
    case = state.scope[scope].case
    inner = open_scope(net, state, definition, host, case, state.scope[scope].key, state.token[host].identity)
    push(state, net.entry[definition], inner, by)


@token_function
def token_gone(net: Net, state: State, scope: int, by: int) -> None:
    """A token reached an end; the last one completes the scope."""
    state.scope[scope].live -= 1
    if state.scope[scope].live == 0:
        complete_scope(net, state, scope, by)


@token_function
def complete_scope(net: Net, state: State, scope: int, by: int) -> None:
    """The scope is over: its host goes on, enabled by what ended last inside; or the case is done."""
    host = state.scope[scope].host
    if host == NONE:
        say(state, CASE_DONE, NONE, scope, CASE_NODE, 0, 0, by, NONE)
        close_scope(state, scope)
    else:
        close_scope(state, scope)
        say_of(state, LEAVE, host)
        move_on(net, state, host, by)


@token_function
def terminate(net: Net, state: State, scope: int, by: int) -> None:
    """A terminate end event: everything else in this scope is cancelled, then the scope completes."""
    while state.scope[scope].first != NONE:
        token = state.scope[scope].first
        cancel_inside(state, token)
        say_of(state, CANCEL, token)
        free_token(state, token)
    complete_scope(net, state, scope, by)


@token_function
def cancel_inside(state: State, top: int) -> None:
    """Cancel all that runs inside a host, innermost first, newest token first; the host itself stays.

    Climbs instead of recursing: go down to a token without children, cancel it, look at its scope again::

        top -> scope -> token -> scope -> token     down while there is something inside
        top -> scope -> token -> scope              an empty scope is closed
        top -> scope -> token                       a token with nothing inside is cancelled, and so on up
    """
    host = top
    while True:
        inner = state.token[host].child
        if inner != NONE and state.scope[inner].first != NONE:
            host = state.scope[inner].first
        elif inner != NONE:
            close_scope(state, inner)
        elif host == top:
            return
        else:
            outer = state.scope[state.token[host].scope].host
            say_of(state, CANCEL, host)
            free_token(state, host)
            host = outer


@token_function
def fire_watcher(net: Net, state: State, watcher: int) -> None:
    """An interrupting watcher takes its host's place; another one starts a token beside it."""
    host = state.token[watcher].host
    forget_watcher(state, watcher)
    if net.node[state.token[watcher].node].interrupting == 1:
        cancel_inside(state, host)
        disarm_watchers(state, host)
        say_of(state, INTERRUPT, host)
        free_token(state, host)
    else:
        state.scope[state.token[watcher].scope].live += 1
    move_on(net, state, watcher, state.token[watcher].identity)
