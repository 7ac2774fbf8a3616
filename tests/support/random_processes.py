"""Random block-structured processes: of everything of which every case ends, whatever is over first.

Blocks that SpiffWorkflow runs too are in `JUDGED`; `BLOCKS` has all: several instances, errors, event sub-processes,
compensation, messages and so on.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass

from hypothesis import strategies as st

from engine.diagram.model import Diagram, Part
from engine.net import Chances, Repetition, Routing, Shares
from tests.support.drawing import Draw


@dataclass(frozen=True)
class RandomProcess:
    """A diagram, how its choices are made, and the nodes that need a time."""

    diagram: Diagram
    routing: Mapping[str, Routing]
    tasks: tuple[str, ...]
    timers: tuple[str, ...]
    repeats: Mapping[str, Repetition]

    def __repr__(self) -> str:
        flows = ", ".join(self.diagram.process.flows)
        return f"RandomProcess({flows}; {self.routing})"


_LEAVES = st.sampled_from(["task", "task", "timer"])
_JUDGED = ("late", "nudge", "stop", "race", "link")
_ALL = (*_JUDGED, "fails", "cries", "event", "undone", "told", "enough", "together")


def _grow(two: tuple[str, ...], one: tuple[str, ...]):
    several = ("sequence", "parallel", "choice", "inclusive")
    return lambda inner: st.one_of(
        st.tuples(st.sampled_from(several), st.lists(inner, min_size=2, max_size=3)),
        st.tuples(st.sampled_from(one), inner),
        st.tuples(st.sampled_from(two), inner, inner),
    )


JUDGED = st.recursive(_LEAVES, _grow(_JUDGED, ("loop", "sub")), max_leaves=8)
BLOCKS = st.recursive(_LEAVES, _grow(_ALL, ("loop", "sub", "several", "queue", "again")), max_leaves=8)


class _Builder:
    def __init__(self) -> None:
        self.draw = Draw()
        self.routing: dict[str, Routing] = {}
        self.repeats: dict[str, Repetition] = {}
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

    def _inclusive(self, parts, scope):
        split, join = self.name("some"), self.name("gather")
        self.draw.add("inclusiveGateway", split, join, scope=scope)
        chances = {}
        for number, part in enumerate(parts):
            first, last = self.block(part, scope)
            self.draw.flow(split, first).flow(last, join)
            chances[f"{split}-{first}"] = 0.5 if number else 1
        self.routing[split] = Chances((chances,))
        return split, join

    def _race(self, part, other, scope):
        """Two timers behind an event-based gateway."""
        gateway, merge = self.name("race"), self.name("merge")
        self.draw.add("eventBasedGateway", gateway, scope=scope).xor(merge, scope=scope)
        for way in (part, other):
            timer = self.name("timer")
            self.timers.append(timer)
            first, last = self.draw.timer(timer, scope=scope) and self.block(way, scope)
            self.draw.flow(gateway, timer, first).flow(last, merge)
        return gateway, merge

    def _link(self, part, other, scope):
        """One part after the other, by a link."""
        name = self.name("link")
        link = Part("linkEventDefinition", 1, {"name": name}, "")
        self.draw.add("intermediateThrowEvent", f"{name}_out", scope=scope, parts=(link,))
        self.draw.add("intermediateCatchEvent", f"{name}_in", scope=scope, parts=(link,))
        first, last = self.block(part, scope)
        next_first, next_last = self.block(other, scope)
        self.draw.flow(last, f"{name}_out").flow(f"{name}_in", next_first)
        return first, next_last

    def _marked(self, part, scope, tag, **attributes):
        """A sub-process with a marker."""
        sub = self.name("many")
        marker = Part(tag, 1, attributes, "")
        self.draw.add("subProcess", sub, scope=scope, parts=(marker,))
        self._fill(sub, part)
        return sub

    def _several(self, part, scope):
        sub = self._marked(part, scope, "multiInstanceLoopCharacteristics")
        self.repeats[sub] = Repetition(instances=3, until="numberOfCompletedInstances >= 2")
        return sub, sub

    def _queue(self, part, scope):
        sub = self._marked(part, scope, "multiInstanceLoopCharacteristics", isSequential="true")
        self.repeats[sub] = Repetition(instances=2)
        return sub, sub

    def _again(self, part, scope):
        sub = self._marked(part, scope, "standardLoopCharacteristics")
        self.repeats[sub] = Repetition(again=(0.5, 0.2, 0))
        return sub, sub

    def _caught(self, definition, part, other, scope, interrupting):
        """A sub-process of two branches; the event at the end of one is caught at its border, or by an inner event."""
        sub = self.name("sub")
        self.draw.sub(sub, scope=scope)
        start, fork, raised, end = self.name("start"), self.name("fork"), self.name("raise"), self.name("end")
        self.draw.start(start, sub).and_(fork, scope=sub).end(end, sub)
        self.draw.add("endEvent", raised, scope=sub, parts=(definition,))
        first, last = self.block(part, sub)
        other_first, other_last = self.block(other, sub)
        self.draw.flow(start, fork, first).flow(last, raised).flow(fork, other_first).flow(other_last, end)
        boundary, after = self.name("catch"), self.name("task")
        self.draw.add(
            "boundaryEvent", boundary, scope=self.draw.elements[sub].scope, parts=(definition,), attachedToRef=sub,
            cancelActivity="true" if interrupting else "false",
        )  # fmt: skip
        self.draw.task(after, scope=scope)
        self.tasks.append(after)
        self.draw.flow(boundary, after)
        return sub, after

    def _fails(self, part, other, scope):
        sub, after = self._caught(Part("errorEventDefinition", 1, {}, ""), part, other, scope, True)
        merge = self.name("merge")
        self.draw.xor(merge, scope=scope).flow(sub, merge).flow(after, merge)
        return sub, merge

    def _cries(self, part, other, scope):
        """In a sub-process of their own, so that what the escalation starts ends before it does."""
        outer = self.name("sub")
        self.draw.sub(outer, scope=scope)
        start, stop = self.name("start"), self.name("end")
        self.draw.start(start, outer).end(stop, outer)
        sub, _ = self._caught(Part("escalationEventDefinition", 1, {}, ""), part, other, outer, False)
        self.draw.flow(start, sub, stop)
        return outer, outer

    def _event(self, part, other, scope):
        """A sub-process whose timer starts an event sub-process: interrupting, if its name has an even number."""
        outer = self.name("sub")
        self.draw.sub(outer, scope=scope)
        self._fill(outer, part)
        event, trigger, stop = self.name("event"), self.name("trigger"), self.name("end")
        self.draw.add("subProcess", event, scope=outer, triggeredByEvent="true")
        inner = (Part("timeDuration", 1, {}, "PT1H"),)
        timer = Part("timerEventDefinition", 1, {}, "", inner)
        interrupting = "true" if len(self.timers) % 2 else "false"
        self.draw.add("startEvent", trigger, scope=event, parts=(timer,), isInterrupting=interrupting)
        self.draw.end(stop, event)
        self.timers.append(trigger)
        first, last = self.block(other, event)
        self.draw.flow(trigger, first).flow(last, stop)
        return outer, outer

    def _undone(self, part, other, scope):
        """A transaction that does something that can be undone, and is cancelled."""
        sub, boundary = self.name("transaction"), self.name("cancelled")
        self.draw.add("transaction", sub, scope=scope)
        start, fork, stop, end = self.name("start"), self.name("fork"), self.name("cancel"), self.name("end")
        done, undo, handler = self.name("task"), self.name("undo"), self.name("task")
        cancel = (Part("cancelEventDefinition", 1, {}, ""),)
        compensation = (Part("compensateEventDefinition", 1, {}, ""),)
        self.draw.start(start, sub).and_(fork, scope=sub).end(end, sub).task(done, scope=sub)
        self.draw.add("endEvent", stop, scope=sub, parts=cancel)
        self.draw.add("boundaryEvent", undo, scope=sub, parts=compensation, attachedToRef=done)
        self.draw.add("userTask", handler, scope=sub, isForCompensation="true").associate(undo, handler)
        self.tasks += [done, handler]
        first, last = self.block(part, sub)
        other_first, other_last = self.block(other, sub)
        self.draw.flow(start, fork, done, first).flow(last, stop).flow(fork, other_first).flow(other_last, end)
        merge = self.name("merge")
        self.draw.add("boundaryEvent", boundary, scope=scope, parts=cancel, attachedToRef=sub)
        self.draw.xor(merge, scope=scope).flow(sub, merge).flow(boundary, merge)
        return sub, merge

    def _told(self, part, other, scope):
        """Two branches, of which one waits for a message of the other."""
        fork, join = self.name("fork"), self.name("join")
        message = self.name("message")
        says = (Part("messageEventDefinition", 1, {"messageRef": message}, ""),)
        self.draw.and_(fork, join, scope=scope)
        self.draw.add("intermediateThrowEvent", f"{message}_said", scope=scope, parts=says)
        self.draw.add("intermediateCatchEvent", f"{message}_heard", scope=scope, parts=says)
        first, last = self.block(part, scope)
        other_first, other_last = self.block(other, scope)
        self.draw.flow(fork, first).flow(last, f"{message}_said", join)
        self.draw.flow(fork, f"{message}_heard", other_first).flow(other_last, join)
        return fork, join

    def _enough(self, part, other, scope):
        """Two branches; a complex gateway goes on with the first."""
        outer = self.name("sub")
        self.draw.sub(outer, scope=scope)
        start, fork, enough, end = self.name("start"), self.name("fork"), self.name("enough"), self.name("end")
        condition = Part("activationCondition", 1, {}, "activationCount >= 1")
        self.draw.start(start, outer).and_(fork, scope=outer).end(end, outer)
        self.draw.add("complexGateway", enough, scope=outer, parts=(condition,))
        for way in (part, other):
            first, last = self.block(way, outer)
            self.draw.flow(fork, first).flow(last, enough)
        self.draw.flow(start, fork).flow(enough, end)
        return outer, outer

    def _together(self, part, other, scope):
        """An ad-hoc sub-process of two sub-processes, one after the other."""
        outer = self.name("adhoc")
        self.draw.add("adHocSubProcess", outer, scope=scope, ordering="Sequential")
        for way in (part, other):
            self._sub(way, outer)
        return outer, outer


@st.composite
def random_processes(draw, blocks=BLOCKS) -> RandomProcess:
    """A process whose every case ends."""
    builder = _Builder()
    builder.draw.start().end()
    first, last = builder.block(draw(blocks), None)
    builder.draw.flow("start", first).flow(last, "end")
    return RandomProcess(
        builder.draw.diagram(), builder.routing, tuple(builder.tasks), tuple(builder.timers), builder.repeats
    )
