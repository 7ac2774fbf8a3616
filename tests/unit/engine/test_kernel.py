"""The kernel alone, under the simplest of drivers: what waits first is over first."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.kernel import layout
from engine.kernel.compiling import compiled_kernel, numba_is_installed, plain_kernel
from engine.kernel.state import grown, is_paused, new_state, room_for_event
from engine.lowering import lower
from engine.net import Attribute, Conditions, Shares
from tests.support.drawing import Draw
from tests.support.random_processes import random_processes


def walk(net, cases=1, plain=True, pick=0, attributes=()):
    """Run cases one after another; the ``pick``-th waiting token is resumed; returns the words and the state."""
    kernel = plain_kernel() if plain else compiled_kernel()
    tables = net.plain if plain else net.arrays
    state = new_state(tables, plain)
    words = []
    for case in range(cases):
        waiting = []
        for i, value in enumerate(attributes):
            state.arriving[i] = value
        kernel.start_case(tables, state, 0, case, 1000 + case)
        while is_paused(state):
            state = grown(tables, state, plain)
            kernel.go_on(tables, state)
        for _ in range(3000):
            for i in range(int(state.counters[0].commands)):
                row = state.command[i]
                word = tuple(int(getattr(row, f) if plain else row[f]) for f in layout.Command.__annotations__)
                words.append(word)
                if word[0] in (layout.ENABLE, layout.SET_TIMER):
                    waiting.append(word[1])
                elif word[0] in (layout.CANCEL, layout.INTERRUPT) and word[1] in waiting:
                    waiting.remove(word[1])
            state.counters[0].commands = 0
            if not waiting or state.counters[0].fault:
                break
            if not room_for_event(tables, state):
                state = grown(tables, state, plain)
            kernel.resume(tables, state, waiting.pop(pick % len(waiting)))
            while is_paused(state):
                state = grown(tables, state, plain)
                kernel.go_on(tables, state)
    return words, state


def story(net, words):
    """What a walk did, in words."""
    return " ".join(
        f"{layout.COMMANDS[w[0]]}:{net.elements[w[3]]}" if w[3] >= 0 else layout.COMMANDS[w[0]] for w in words
    )


def free_slots(state, used, free, table):
    count, link = 0, getattr(state.counters[0], free)
    while link != layout.NONE:
        count += 1
        link = getattr(state, table)[link].next
    return count, getattr(state.counters[0], used)


def test_a_fork_enables_in_document_order_and_a_join_waits_for_all():
    """Two branches open in the order drawn, and what follows the join is enabled by the last one."""
    net = lower(
        Draw().start().and_("f", "j").task("a", "b", "c").end()
        .flow("start", "f", "a", "j", "c", "end").flow("f", "b", "j").diagram(),
        {},
    )  # fmt: skip
    words, _ = walk(net)
    assert story(net, words) == "enable:a enable:b enable:c case_done"
    by = layout.COMMANDS.index("enable"), [w[7] for w in words]
    assert by[1][2] == words[1][5]  # c was enabled by b


def test_a_second_token_on_one_way_waits_its_turn():
    """A join counts per way in: two tokens on one way never fire it."""
    net = lower(
        Draw().start().and_("f", "j").xor("m").task("a", "b", "c", "d").end()
        .flow("start", "f", "a", "m", "j", "d", "end").flow("f", "b", "m").flow("f", "c", "j").diagram(),
        {},
    )  # fmt: skip
    words, state = walk(net, pick=0)
    assert story(net, words) == "enable:a enable:b enable:c enable:d"
    assert state.scope[0].live == 1  # the second token still waits at the join: never complete


def test_an_interrupting_watcher_takes_the_hosts_place():
    """The sub-process and all in it are withdrawn, innermost first, and only the boundary's way goes on."""
    net = lower(
        Draw().start().sub("s").start("s1", "s").task("a", scope="s").end("s2", "s").boundary("late", "s")
        .task("b", "c").end().end("end2")
        .flow("start", "s", "b", "end").flow("s1", "a", "s2").flow("late", "c", "end2").diagram(),
        {},
    )  # fmt: skip
    words, state = walk(net, pick=0)  # the watcher was set first
    assert story(net, words) == "enter:s set_timer:late enable:a cancel:a interrupt:s enable:c case_done"
    words, state = walk(net, pick=1)
    assert story(net, words) == "enter:s set_timer:late enable:a leave:s cancel:late enable:b case_done"
    assert free_slots(state, "tokens_used", "token_free", "token") == (3, 3)


def test_a_non_interrupting_watcher_starts_a_token_beside_its_host():
    """Both ways have to end before the case is done."""
    net = lower(
        Draw().start().task("a", "b").boundary("nudge", "a", interrupting=False).end().end("end2")
        .flow("start", "a", "end").flow("nudge", "b", "end2").diagram(),
        {},
    )  # fmt: skip
    words, _ = walk(net, pick=1)
    assert story(net, words) == "enable:a set_timer:nudge enable:b case_done"


def test_a_terminate_end_cancels_what_still_runs_in_its_scope_only():
    """The sub-process is over, the process goes on."""
    net = lower(
        Draw().start().sub("s").start("s1", "s").and_("f", scope="s").task("a", "b", scope="s")
        .end("stop", "s", terminate=True).end("s2", "s").task("c").end()
        .flow("start", "s", "c", "end").flow("s1", "f", "a", "stop").flow("f", "b", "s2").diagram(),
        {},
    )  # fmt: skip
    words, _ = walk(net)
    assert story(net, words) == "enter:s enable:a enable:b cancel:b leave:s enable:c case_done"


def test_conditions_choose_by_the_attributes_of_the_case():
    """The first way whose condition holds, else the default; without one it is a fault that names the place."""
    drawing = Draw().start().xor("x").task("a", "b").end().end("end2").flow("start", "x", "a", "end")
    drawing.flow("x", "b", "end2")
    attributes = (Attribute("area"),)
    routing = {"x": Conditions({"x-a": "area < 2000"}, default="x-b")}
    net = lower(drawing.diagram(), routing, attributes)
    assert "enable:a" in story(net, walk(net, attributes=[1999.0])[0])
    assert "enable:b" in story(net, walk(net, attributes=[2000.0])[0])
    net = lower(drawing.diagram(), {"x": Conditions({"x-a": "area < 1", "x-b": "area > 2"})}, attributes)
    _, state = walk(net, attributes=[1.5])
    assert state.counters[0].fault == layout.NO_WAY
    net = lower(drawing.diagram(), {"x": Conditions({"x-a": "1 / area < 1"}, default="x-b")}, attributes)
    _, state = walk(net, attributes=[0.0])
    assert state.counters[0].fault == layout.DIVISION_BY_ZERO


def test_shares_change_with_the_attempt():
    """The first visit must turn back, the second must go on."""
    net = lower(
        Draw().start().xor("m", "x").task("a").end().flow("start", "m", "a", "x", "end").flow("x", "m").diagram(),
        {"x": Shares(({"x-m": 1, "x-end": 0}, {"x-m": 0, "x-end": 1}))},
    )
    words, _ = walk(net)
    assert story(net, words) == "enable:a chosen:x enable:a chosen:x case_done"
    assert [w[4] for w in words] == [0, 0, 1, 1, 0]  # visits


@given(random_processes(), st.integers(0, 5))
@settings(deadline=None, max_examples=80)
def test_every_case_of_a_block_structured_process_ends_and_gives_its_slots_back(process, pick):
    """Tokens are conserved, whatever is over first; identities are unique within a case."""
    net = lower(process.diagram, process.routing, repeats=process.repeats)
    words, state = walk(net, cases=3, pick=pick)
    assert [w[2] for w in words if w[0] == layout.CASE_DONE] == [0, 1, 2]
    for names in (("tokens_used", "token_free", "token"), ("scopes_used", "scope_free", "scope")):
        free, used = free_slots(state, *names)
        assert free == used
    entered = [(w[2], w[5]) for w in words if w[0] in (layout.ENABLE, layout.SET_TIMER, layout.ENTER, layout.CHOSEN)]
    assert len(entered) == len(set(entered))


@pytest.mark.slow
@pytest.mark.skipif(not numba_is_installed(), reason="numba is not installed; the plain kernel is all there is")
def test_both_forms_of_the_kernel_say_the_same_words():
    """Compiled and plain are one text."""

    @given(random_processes(), st.integers(0, 5))
    @settings(deadline=None, max_examples=60)
    def same(process, pick):
        net = lower(process.diagram, process.routing, repeats=process.repeats)
        assert walk(net, 3, True, pick)[0] == walk(net, 3, False, pick)[0]

    same()
