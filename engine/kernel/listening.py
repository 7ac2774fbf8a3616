"""Messages, signals and conditions: who listens, and who is called.

A message belongs to one case, is heard by the one that has waited longest, and is kept until somebody listens.
A signal is heard by all that wait for it at that moment, in every case. A condition is looked at when it begins to
be waited for and whenever an attribute is set; it calls when it comes to hold.
"""

from __future__ import annotations

from engine.kernel.compiling import shared_function, token_function
from engine.kernel.conditions import holds, value
from engine.kernel.layout import CONDITION, MESSAGE, MESSAGES, NONE, SIGNAL, SIGNALS, Net, State
from engine.kernel.slots import unlisten
from engine.kernel.words import call, push

__all__ = ["assign", "listen", "throw"]


@token_function
def post_of(net: Net, state: State, scope: int, catches: int, key: int) -> int:
    """The list of those that listen for something."""
    if catches == SIGNAL:
        return key
    first = net.width[SIGNALS] + state.scope[scope].root * net.width[MESSAGES]
    if catches == MESSAGE:
        return first + key
    return first + net.width[MESSAGES] - 1


@shared_function
def listen(net: Net, state: State, token: int) -> None:
    """A token begins to wait for a word; it is called at once if the word is there already."""
    node = state.token[token].node
    scope = state.token[token].scope
    catches = net.node[node].catches
    number = post_of(net, state, scope, catches, net.node[node].key)
    post = state.post[number]
    if catches == MESSAGE and post.kept > 0:
        post.kept -= 1
        call(state, token, state.token[token].by)
        return
    if catches == CONDITION and holds(net, state, net.node[node].program, scope, node):
        state.token[token].held = 1
        if state.token[token].begun == 0:  # one that has fired waits until the condition comes to hold anew
            call(state, token, state.token[token].by)
    last = post.last
    state.token[token].post = number
    state.token[token].before_post = last
    state.token[token].next_post = NONE
    if last == NONE:
        post.first = token
    else:
        state.token[last].next_post = token
    post.last = token


@token_function
def throw(net: Net, state: State, node: int, scope: int, by: int) -> None:
    """Say a word, and go on."""
    catches = net.node[node].catches
    post = state.post[post_of(net, state, scope, catches, net.node[node].key)]
    token = post.first
    if catches == MESSAGE:
        if token == NONE:
            post.kept += 1
        else:
            unlisten(state, token)
            call(state, token, by)
    else:
        while token != NONE:
            # What another case did is no row of this one: there the waiting itself is what led on.
            own = state.scope[state.token[token].scope].root == state.scope[scope].root
            call(state, token, by if own else state.token[token].identity)
            token = state.token[token].next_post
    push(state, net.node[node].out, scope, by)


@shared_function
def assign(net: Net, state: State, node: int, scope: int, by: int) -> None:
    """Set the attributes that a node sets when it is over; conditions that now come to hold call."""
    attributes = state.scope[scope].root * net.width[2]
    for i in range(net.node[node].assign, net.node[node + 1].assign):
        given = value(net, state, net.assign[i].program, scope, node)
        state.attribute[attributes + net.assign[i].attribute] = given
    if net.width[MESSAGES] == 0:
        return
    token = state.post[post_of(net, state, scope, CONDITION, NONE)].first
    while token != NONE:
        place = state.token[token].node
        now = 1 if holds(net, state, net.node[place].program, state.token[token].scope, place) else 0
        if now == 1 and state.token[token].held == 0:
            call(state, token, by)
        state.token[token].held = now
        token = state.token[token].next_post
