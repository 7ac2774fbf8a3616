"""Scopes: a host token waits while the tokens of inner instances run; completing, terminating, cancelling."""

from __future__ import annotations

from engine.kernel.compiling import shared_function, token_function
from engine.kernel.layout import (
    CANCEL,
    CASE_DONE,
    CASE_NODE,
    ENTER,
    INTERRUPT,
    LEAVE,
    NONE,
    RACE,
    TIME,
    UNDO,
    Net,
    State,
)
from engine.kernel.slots import close_scope, free_token, open_scope
from engine.kernel.waiting import arm_watcher, disarm_watchers, forget_watcher, move_on, wait
from engine.kernel.words import call, push, say, say_of

__all__ = [
    "begin_instance",
    "cancel_inside",
    "clear_scope",
    "complete_scope",
    "enter_scope",
    "fire_watcher",
    "start_scope",
    "terminate",
    "token_gone",
]

INSTANCE = 2  # tells the identities of several instances of one host from those of other things


@token_function
def start_scope(net: Net, state: State, scope: int, entry: int, by: int) -> None:
    """Arm what watches a new instance, and send its first token in."""
    definition = state.scope[scope].definition
    for w in range(net.definition[definition].watch, net.definition[definition + 1].watch):
        arm_watcher(net, state, net.scope_watcher[w], NONE, scope, by, 0)
    push(state, net.entry[net.definition[definition].entry + entry], scope, by)


@shared_function
def begin_instance(net: Net, state: State, host: int, definition: int, entry: int, identity: int, by: int) -> None:
    """Begin an inner instance of a host."""
    around = state.scope[state.token[host].scope]
    turn = state.token[host].begun
    state.token[host].begun = turn + 1
    inner = open_scope(net, state, definition, host, around.case, around.key, identity, turn)
    start_scope(net, state, inner, entry, by)


@token_function
def enter_scope(net: Net, state: State, node: int, scope: int, by: int) -> None:
    """The token waits as host; one instance begins, or its repetition is asked how many."""
    host = wait(net, state, node, scope, by, ENTER)
    if net.node[node].repeat == NONE:
        begin_instance(net, state, host, net.node[node].inner, 0, state.token[host].identity, by)
    else:
        call(state, host, by)


@token_function
def token_gone(net: Net, state: State, scope: int, by: int) -> None:
    """A token reached an end; the last one completes the scope."""
    state.scope[scope].live -= 1
    if state.scope[scope].live == 0:
        complete_scope(net, state, scope, by)


@shared_function
def complete_scope(net: Net, state: State, scope: int, by: int) -> None:
    """The scope is over: its host goes on, enabled by what ended last inside; or the case is done."""
    while state.scope[scope].first != NONE:  # watchers of the scope itself
        watcher = state.scope[scope].first
        say_of(state, CANCEL, watcher, NONE)
        free_token(state, watcher)
    host = state.scope[scope].host
    if host == NONE:
        say(state, CASE_DONE, NONE, scope, CASE_NODE, 0, 0, by, NONE)
        close_scope(state, scope)
        return
    node = state.token[host].node
    if state.scope[scope].undo != NONE and net.node[node].kind != UNDO and net.node[node].undo == NONE:
        hand_up(state, scope, state.token[host].scope, node)
    close_scope(state, scope)
    state.token[host].ended += 1
    if net.node[node].kind == UNDO or net.node[node].repeat != NONE:
        call(state, host, by)
    else:
        say_of(state, LEAVE, host, NONE)
        move_on(net, state, host, by)


@token_function
def hand_up(state: State, scope: int, outer: int, node: int) -> None:
    """What is done inside a sub-process can be compensated from outside, as done by the sub-process."""
    done = state.scope[scope].undo
    last = done
    while done != NONE:
        state.done[done].node = node
        last = done
        done = state.done[done].next
    state.done[last].next = state.scope[outer].undo
    state.scope[outer].undo = state.scope[scope].undo
    state.scope[scope].undo = NONE


@token_function
def terminate(net: Net, state: State, scope: int, by: int) -> None:
    """A terminate end event: everything else in this scope is cancelled, then the scope completes."""
    clear_scope(net, state, scope)
    complete_scope(net, state, scope, by)


@shared_function
def clear_scope(net: Net, state: State, scope: int) -> None:
    """Cancel everything in a scope: what waits, what moves, and what waits at joins."""
    while state.scope[scope].first != NONE:
        token = state.scope[scope].first
        cancel_inside(state, token)
        say_of(state, CANCEL, token, NONE)
        free_token(state, token)
    state.scope[scope].watch = NONE
    state.scope[scope].live = 0
    state.counters[0].serial += 1
    state.scope[scope].serial = state.counters[0].serial
    for i in range(scope * net.width[1], (scope + 1) * net.width[1]):
        state.waiting[i] = 0


@shared_function
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
            say_of(state, CANCEL, host, NONE)
            free_token(state, host)
            host = outer


@token_function
def fire_watcher(net: Net, state: State, watcher: int, by: int) -> None:
    """An interrupting watcher takes the place of its host, or of all that runs in its scope.

    Another one starts a token beside it, and is armed again if it may fire again.
    """
    host = state.token[watcher].host
    scope = state.token[watcher].scope
    node = state.token[watcher].node
    fired = state.token[watcher].begun + 1
    if net.node[node].catches == TIME:
        by = state.token[watcher].identity  # its own row is what led on; the driver has written it
    else:
        say_of(state, LEAVE, watcher, NONE)
    forget_watcher(state, watcher)
    free_token(state, watcher)
    if net.node[node].interrupting == 0:
        state.scope[scope].live += 1
        if net.node[node].turns == 0 or fired < net.node[node].turns:
            arm_watcher(net, state, node, host, scope, by, fired)
    elif host == NONE:
        clear_scope(net, state, scope)
        state.scope[scope].live = 1
    elif net.node[state.token[host].node].kind == RACE:
        disarm_watchers(state, host)
        say_of(state, LEAVE, host, net.node[node].via)
        free_token(state, host)
    else:
        cancel_inside(state, host)
        disarm_watchers(state, host)
        say_of(state, INTERRUPT, host, NONE)
        free_token(state, host)
    push(state, net.node[node].out, scope, by)
