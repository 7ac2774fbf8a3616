"""Random block-structured processes: sequence, choice, parallel block, loop by attempts, sub-process, watchers."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass

from hypothesis import strategies as st

from engine.diagram.model import Diagram
from engine.net import Routing, Shares
from tests.support.drawing import Draw


@dataclass(frozen=True)
class RandomProcess:
    """A diagram, how its choices are made, and the nodes that need a time."""

    diagram: Diagram
    routing: Mapping[str, Routing]
    tasks: tuple[str, ...]
    timers: tuple[str, ...]

    def __repr__(self) -> str:
        flows = ", ".join(self.diagram.process.flows)
        return f"RandomProcess({flows}; {self.routing})"


BLOCKS = st.recursive(
    st.sampled_from(["task", "task", "timer"]),
    lambda inner: st.one_of(
        st.tuples(st.just("sequence"), st.lists(inner, min_size=2, max_size=3)),
        st.tuples(st.just("parallel"), st.lists(inner, min_size=2, max_size=3)),
        st.tuples(st.just("choice"), st.lists(inner, min_size=2, max_size=3)),
        st.tuples(st.just("loop"), inner),
        st.tuples(st.just("sub"), inner),
        st.tuples(st.just("late"), inner, inner),
        st.tuples(st.just("nudge"), inner, inner),
        st.tuples(st.just("stop"), inner, inner),
    ),
    max_leaves=8,
)


class _Builder:
    def __init__(self) -> None:
        self.draw = Draw()
        self.routing: dict[str, Routing] = {}
        self.names: dict[str, int] = {}
        self.tasks: list[str] = []
        self.timers: list[str] = []

    def name(self, kind: str) -> str:
        self.names[kind] = self.names.get(kind, 0) + 1
        return f"{kind}{self.names[kind]}"

    def block(self, block, scope):
        """Draw a block; returns its first and last element."""
        if isinstance(block, str):
            name = self.name(block)
            if block == "task":
                self.draw.task(name, scope=scope)
                self.tasks.append(name)
            else:
                self.draw.timer(name, scope=scope)
                self.timers.append(name)
            return name, name
        return getattr(self, f"_{block[0]}")(*block[1:], scope)

    def _sequence(self, parts, scope):
        ends = [self.block(part, scope) for part in parts]
        for (_, last), (first, _) in itertools.pairwise(ends):
            self.draw.flow(last, first)
        return ends[0][0], ends[-1][1]

    def _parallel(self, parts, scope):
        fork, join = self.name("fork"), self.name("join")
        self.draw.and_(fork, join, scope=scope)
        for part in parts:
            first, last = self.block(part, scope)
            self.draw.flow(fork, first).flow(last, join)
        return fork, join

    def _choice(self, parts, scope):
        split, merge = self.name("split"), self.name("merge")
        self.draw.xor(split, merge, scope=scope)
        shares = {}
        for part in parts:
            first, last = self.block(part, scope)
            self.draw.flow(split, first).flow(last, merge)
            shares[f"{split}-{first}"] = 1 / len(parts)
        self.routing[split] = Shares((shares,))
        return split, merge

    def _loop(self, part, scope):
        merge, split = self.name("again"), self.name("enough")
        self.draw.xor(merge, split, scope=scope)
        first, last = self.block(part, scope)
        self.draw.flow(merge, first).flow(last, split, merge)
        after = self.name("task")
        self.draw.task(after, scope=scope).flow(split, after)
        self.tasks.append(after)
        back, on = f"{split}-{merge}", f"{split}-{after}"
        self.routing[split] = Shares(({back: 0.5, on: 0.5}, {back: 0.3, on: 0.7}, {back: 0, on: 1}))
        return merge, after

    def _sub(self, part, scope):
        sub = self.name("sub")
        self.draw.sub(sub, scope=scope)
        self._fill(sub, part)
        return sub, sub

    def _fill(self, sub, part, end="end"):
        start, stop = self.name("start"), self.name(end)
        self.draw.start(start, sub).end(stop, sub)
        first, last = self.block(part, sub)
        self.draw.flow(start, first).flow(last, stop)

    def _late(self, part, other, scope):
        """A sub-process with an interrupting timer whose way merges behind it."""
        sub, _ = self._sub(part, scope)
        boundary, merge = self.name("late"), self.name("merge")
        self.draw.boundary(boundary, sub).xor(merge, scope=scope)
        self.timers.append(boundary)
        first, last = self.block(other, scope)
        self.draw.flow(boundary, first).flow(last, merge).flow(sub, merge)
        return sub, merge

    def _nudge(self, part, other, scope):
        """A sub-process with a timer beside it, in a sub-process of their own, so that both end before it does."""
        outer = self.name("sub")
        self.draw.sub(outer, scope=scope)
        start, stop, beside = self.name("start"), self.name("end"), self.name("end")
        self.draw.start(start, outer).end(stop, outer).end(beside, outer)
        host, _ = self._sub(part, outer)
        boundary = self.name("nudge")
        self.draw.boundary(boundary, host, interrupting=False)
        self.timers.append(boundary)
        first, last = self.block(other, outer)
        self.draw.flow(start, host, stop).flow(boundary, first).flow(last, beside)
        return outer, outer

    def _stop(self, part, other, scope):
        """Two branches in a sub-process, of which one terminates it."""
        sub = self.name("sub")
        self.draw.sub(sub, scope=scope)
        start, fork, stop, end = self.name("start"), self.name("fork"), self.name("stop"), self.name("end")
        self.draw.start(start, sub).and_(fork, scope=sub).end(stop, sub, terminate=True).end(end, sub)
        first, last = self.block(part, sub)
        other_first, other_last = self.block(other, sub)
        self.draw.flow(start, fork, first).flow(last, stop).flow(fork, other_first).flow(other_last, end)
        return sub, sub


@st.composite
def random_processes(draw) -> RandomProcess:
    """A process whose every case ends."""
    builder = _Builder()
    builder.draw.start().end()
    first, last = builder.block(draw(BLOCKS), None)
    builder.draw.flow("start", first).flow(last, "end")
    return RandomProcess(builder.draw.diagram(), builder.routing, tuple(builder.tasks), tuple(builder.timers))
