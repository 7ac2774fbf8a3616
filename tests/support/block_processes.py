"""Random block-structured processes: what they look like, and which activities a case of them must do.

A process is a tree of blocks. ``draw`` turns the tree into a diagram; ``expected`` reads the tree itself, so
it knows nothing of tokens: a sequence does its parts, a parallel block all, a choice the one that it takes, a
loop its body again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from hypothesis import strategies as st

from engine.diagram.model import Diagram
from engine.live.entry import Entry
from engine.net import Shares
from tests.support.drawing import Draw

Kind = Literal["task", "timer", "sequence", "parallel", "choice", "loop", "scope"]


@dataclass(frozen=True)
class Block:
    """A part of a process.

    Args:
        parts: Of a sequence, parallel block or choice at least one; of a loop or scope one.
        turns: Of a loop: how often its body is done; of a choice: the part that is taken.
    """

    kind: Kind
    parts: tuple[Block, ...] = ()
    turns: int = 1


def _grow(children: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
    several = st.lists(children, min_size=1, max_size=3).map(tuple)
    one = st.tuples(children)
    return st.one_of(
        st.builds(Block, st.sampled_from(("sequence", "parallel")), several),
        st.builds(Block, st.just("choice"), several, st.integers(0, 2)),
        st.builds(Block, st.just("loop"), one, st.integers(1, 3)),
        st.builds(Block, st.just("scope"), one),
    )


blocks = st.recursive(st.builds(Block, st.sampled_from(("task", "timer"))), _grow, max_leaves=8)


def expected(block: Block) -> int:
    """How many activities and timers a case does."""
    if block.kind in ("task", "timer"):
        return 1
    if block.kind == "choice":
        return expected(block.parts[block.turns % len(block.parts)])
    return sum(expected(part) for part in block.parts) * (block.turns if block.kind == "loop" else 1)


@dataclass
class Drawn:
    """A tree as a diagram.

    Args:
        plan: Choice to the flows that it takes, visit by visit, over and over again.
        watched: Activities and sub-processes, for boundary events.
    """

    draw: Draw = field(default_factory=Draw)
    plan: dict[str, tuple[str, ...]] = field(default_factory=dict)
    watched: list[str] = field(default_factory=list)
    _numbers: Counter[str] = field(default_factory=Counter)

    @property
    def diagram(self) -> Diagram:
        """The diagram."""
        return self.draw.diagram()

    def choose(self, entry: Entry, ways: tuple[str, ...]) -> str:
        """The plan, as a live case wants it."""
        planned = self.plan[entry.element]
        return planned[entry.visit % len(planned)]

    def shares(self, visits: int) -> Mapping[str, Shares]:
        """The plan, as a net wants it: for the first so many rounds of visits."""
        return {g: Shares(tuple({way: 1.0} for way in ways * visits)) for g, ways in self.plan.items()}

    def name(self, kind: str) -> str:
        """A new id."""
        self._numbers[kind] += 1
        return f"{kind}{self._numbers[kind]}"


def draw(block: Block) -> Drawn:
    """Draw a process around a block."""
    drawn = Drawn()
    drawn.draw.start().end()
    first, last = _draw(block, drawn, "process")
    drawn.draw.flow("start", first).flow(last, "end")
    return drawn


def _draw(block: Block, drawn: Drawn, scope: str) -> tuple[str, str]:
    """Draw a block; returns where it begins and ends."""
    canvas = drawn.draw
    if block.kind == "task":
        name = drawn.name("task")
        canvas.task(name, scope=scope)
        drawn.watched.append(name)
        return name, name
    if block.kind == "timer":
        name = drawn.name("timer")
        canvas.timer(name, scope=scope)
        return name, name
    if block.kind == "scope":
        name = drawn.name("scope")
        canvas.sub(name, scope).start(f"{name}_start", name).end(f"{name}_end", name)
        first, last = _draw(block.parts[0], drawn, name)
        canvas.flow(f"{name}_start", first).flow(last, f"{name}_end")
        drawn.watched.append(name)
        return name, name
    ends = [_draw(part, drawn, scope) for part in block.parts]
    if block.kind == "sequence":
        for (_, last), (first, _) in pairwise(ends):
            canvas.flow(last, first)
        return ends[0][0], ends[-1][1]
    opening, closing = drawn.name("opening"), drawn.name("closing")
    if block.kind == "loop":
        canvas.xor(opening, closing, scope=scope).flow(opening, ends[0][0]).flow(ends[0][1], closing)
        # The way on is drawn behind the closing gateway by whoever comes next; a pass keeps its name known.
        behind = drawn.name("behind")
        canvas.xor(behind, scope=scope).flow(closing, opening).flow(closing, behind)
        back, on = f"{closing}-{opening}", f"{closing}-{behind}"
        drawn.plan[closing] = ((back,) * (block.turns - 1)) + (on,)
        return opening, behind
    if block.kind == "parallel":
        canvas.and_(opening, closing, scope=scope)
    else:
        canvas.xor(opening, closing, scope=scope)
    for first, last in ends:
        canvas.flow(opening, first).flow(last, closing)
    if block.kind == "choice" and len(ends) > 1:
        drawn.plan[opening] = (f"{opening}-{ends[block.turns % len(ends)][0]}",)
    return opening, closing
