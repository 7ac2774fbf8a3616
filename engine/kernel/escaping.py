"""Errors, escalations and cancellations: to the nearest catcher, from the inside out (BPMN 2.0.2, 10.5.6, 13.5)."""

from __future__ import annotations

from engine.kernel.compiling import token_function
from engine.kernel.layout import CANCELLATION, ERROR, NONE, Net, State
from engine.kernel.scopes import clear_scope, complete_scope
from engine.kernel.words import call, push

__all__ = ["escape"]


@token_function
def escape(net: Net, state: State, node: int, scope: int, by: int) -> None:
    """Look for who catches it: event sub-processes of the scope, then boundary events of its host, then further out.

    The token goes on behind the call, and is dropped if the catcher takes its scope away. An error that nobody
    catches ends the process that it is in; anything else that nobody catches is over.
    """
    catches = net.node[node].catches
    key = net.node[node].key
    place = scope
    inner = False  # whether the scope was started by an event, which the scope around it does not catch again
    while True:
        found = catcher(net, state, state.scope[place].watch, catches, key) if not inner else NONE
        host = state.scope[place].host
        if found == NONE and host != NONE:
            found = catcher(net, state, state.token[host].watch, catches, key)
        if found != NONE:
            call(state, found, by)
            push(state, net.node[node].out, scope, by)
            return
        last = host == NONE or net.definition[state.scope[place].definition].outermost == 1
        if last or catches == CANCELLATION:
            break
        inner = net.node[state.token[host].node].interrupting == 1
        place = state.token[host].scope
    if catches == ERROR:
        clear_scope(net, state, place)
        complete_scope(net, state, place, by)
    else:
        push(state, net.node[node].out, scope, by)


@token_function
def catcher(net: Net, state: State, first: int, catches: int, key: int) -> int:
    """Of a list of watchers the one that catches just this, else one that catches any."""
    anything = NONE
    watcher = first
    while watcher != NONE:
        node = state.token[watcher].node
        if net.node[node].catches == catches:
            if net.node[node].key == key:
                return watcher
            if net.node[node].key == NONE:
                anything = watcher
        watcher = state.token[watcher].next_watch
    return anything
