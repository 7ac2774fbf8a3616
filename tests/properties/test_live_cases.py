"""Live cases of random processes."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.live.case import LiveCase, prepare
from tests.support.block_processes import Block, blocks, draw, expected


@settings(max_examples=60, deadline=None)
@given(blocks, st.randoms(use_true_random=False))
def test_a_case_does_what_its_blocks_say_in_any_order(block: Block, chance: Random) -> None:
    """Whatever is done first: the case ends, having done each part of the tree as often as the tree says."""
    drawn = draw(block)
    case = LiveCase(prepare(drawn.diagram), drawn.choose)
    case.start()
    done = 0
    while not case.is_complete:
        ready, timers = case.ready_entries(), case.timers()
        entry = chance.choice([*ready, *timers])
        if entry in ready:
            case.complete(entry)
        else:
            case.fire(entry)
        done += 1
    assert done == expected(block)
    assert case.ready() == []
    assert case.timers() == []
