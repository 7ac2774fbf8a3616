"""Whatever bytes come in, a diagram or findings go out; and the shortcut of the checks loses nothing."""

from __future__ import annotations

import random
import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.diagram.checks import check
from engine.diagram.markings import judge_markings
from engine.diagram.model import Element, Flow, Process
from engine.diagram.reader import read_bytes
from engine.diagram.scope_graph import ScopeGraph, scope_graphs
from engine.diagram.structure import judge_structure
from engine.errors import BadInput

FILES = [path.read_bytes() for path in sorted((Path(__file__).parents[1] / "data" / "bpmn").glob("*.bpmn"))]
WORDS = (
    *(
        b"Start",
        b"Review",
        b"CheckA",
        b"Join",
        b"F1",
        b"R3",
        b"approval",
        b"",
        b"1",
        b"nan",
        b"\xff\xfe",
        b"<!--",
    ),
    *(
        b"task",
        b"subProcess",
        b"boundaryEvent",
        b"parallelGateway",
        b"exclusiveGateway",
        b"endEvent",
        b"lane",
    ),
    *(
        b"transaction",
        b"adHocSubProcess",
        b"inclusiveGateway",
        b"eventBasedGateway",
        b"callActivity",
        b"process",
    ),
    *(b"<!DOCTYPE x>", b"&x;", b"]]>", b"UTF-16", b"GBK", b"GB18030", b"\x00", b"id", b"sourceRef", b"{0}"),
)


def mutated(seed: int) -> bytes:
    """A small diagram after one to four accidents, most of which leave it well-formed."""
    chance = random.Random(seed)
    data = chance.choice(FILES)
    for _ in range(chance.randint(1, 4)):
        data = chance.choices((_edit_value, _edit_tag, _edit_lines, _edit_bytes), (8, 3, 4, 1))[0](data, chance)
    return data


def _edit_value(data: bytes, chance: random.Random) -> bytes:
    values = list(re.finditer(rb'"[^"<>]*"', data))
    if not values:
        return data
    old = chance.choice(values)
    new = chance.choice([value.group() for value in values] + [b'"' + word + b'"' for word in WORDS])
    return data[: old.start()] + new + data[old.end() :]


def _edit_tag(data: bytes, chance: random.Random) -> bytes:
    tags = sorted(set(re.findall(rb"</?(?:\w+:)?(\w+)", data)))
    if not tags:
        return data
    old, new = chance.choice(tags), chance.choice(tags + [word for word in WORDS if word.isalpha()])
    return re.sub(rb"(</?(?:\w+:)?)" + old + rb"\b", lambda match: match.group(1) + new, data)


def _edit_lines(data: bytes, chance: random.Random) -> bytes:
    lines = data.splitlines(keepends=True) or [b""]
    first, second = chance.randrange(len(lines)), chance.randrange(len(lines))
    action = chance.randrange(3)
    if action == 0:
        del lines[first]
    elif action == 1:
        lines.insert(second, lines[first])
    else:
        lines[first], lines[second] = lines[second], lines[first]
    return b"".join(lines)


def _edit_bytes(data: bytes, chance: random.Random) -> bytes:
    at = chance.randint(0, len(data))
    if chance.random() < 0.1:
        return data[:at]
    return data[:at] + chance.randbytes(chance.randint(0, 4)) + data[at + chance.randint(0, 8) :]


def judge(data: bytes) -> None:
    """Read and check; anything but findings with sentences in both languages is a failure."""
    try:
        findings = check(read_bytes(data, "x.bpmn"), lambda process: [])
    except BadInput as error:
        findings = list(error.findings)
        assert findings
    for finding in findings:
        for language in ("en", "zh"):
            assert finding.describe(language)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**32))
def test_any_bytes_give_a_diagram_or_findings(seed: int) -> None:
    """No broken file makes the reader or the checks raise anything but findings."""
    judge(mutated(seed))


@pytest.mark.very_slow
@settings(max_examples=20_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**32))
def test_many_bytes_give_a_diagram_or_findings(seed: int) -> None:
    """The same, with many more accidents."""
    judge(mutated(seed))


def small_process(seed: int) -> Process:
    """A start, some tasks and gateways connected at random, and an end; loops occur."""
    chance = random.Random(seed)
    tags = chance.choices(("task", "exclusiveGateway", "parallelGateway"), (1, 2, 2), k=chance.randint(2, 7))
    ids = ["s", *(f"n{number}" for number in range(len(tags))), "e"]
    elements = {
        key: Element(key, tag, "", 1, "p", None, {})
        for key, tag in zip(ids, ["startEvent", *tags, "endEvent"], strict=True)
    }
    splits = [key for key in ids if elements[key].tag.endswith("Gateway")]
    pairs = [("s", "n0")]
    for place, key in enumerate(ids[2:-1], 2):  # every element is entered from an earlier one ...
        before = [e for e in ids[1:place] if e in splits] or [ids[place - 1]]
        pairs.append((chance.choice(before), key))
    for place, key in enumerate(ids[1:-1], 1):  # ... and left to a later one
        if all(source != key for source, _ in pairs):
            pairs.append((key, chance.choice(ids[place + 1 :])))
    if splits:
        pairs += [(chance.choice(splits), chance.choice(ids[1:])) for _ in range(chance.randint(0, 3))]
    flows = {
        f"f{number}": Flow(f"f{number}", "", source, target, None, 1, "p")
        for number, (source, target) in enumerate(pairs)
    }
    return Process("p", "", 1, elements, flows, {})


Marking = tuple[str, ...]


@dataclass(frozen=True)
class Truth:
    """What trying every order of steps and choices shows, without any shortcut."""

    stuck: bool
    endless: bool
    crowded: bool
    unbounded: bool


def truth_of(graph: ScopeGraph) -> Truth | None:
    """Of every marking that can be reached; None where there are too many.

    Tokens grow without a bound where a marking has all tokens of one before it on its way, and more (R. Karp and
    R. Miller, Parallel Program Schemata, 1969); what is asked besides is not asked there.
    """
    start = tuple(sorted(flow.id for flow in graph.outgoing["s"]))
    parent: dict[Marking, Marking | None] = {start: None}
    before: dict[Marking, set[Marking]] = {start: set()}
    queue, stuck, crowded = deque([start]), False, False
    while queue:
        marking = queue.popleft()
        here = list(moves(graph, marking))
        stuck |= bool(marking) and not here
        crowded |= any(
            element.tag not in ("parallelGateway", "endEvent")
            and sum(marking.count(flow.id) for flow in graph.incoming[element.id]) > 1
            for element in graph.elements.values()
        )
        for following in here:
            if following not in parent:
                parent[following], before[following] = marking, set()
                queue.append(following)
                ancestor: Marking | None = marking
                while ancestor is not None:
                    if not Counter(ancestor) - Counter(following):
                        return Truth(False, False, False, True)
                    ancestor = parent[ancestor]
            before[following].add(marking)
        if len(parent) > 3_000:
            return None
    alive: set[Marking] = {()}
    stack: list[Marking] = [()]
    while stack:
        for marking in before.get(stack.pop(), set()) - alive:
            alive.add(marking)
            stack.append(marking)
    return Truth(stuck, len(alive | set(before)) > len(alive), crowded, False)


def moves(graph: ScopeGraph, marking: Marking) -> Iterator[Marking]:
    """The markings that one step of one element leads to."""
    for element in graph.elements.values():
        ways_in = [flow.id for flow in graph.incoming[element.id]]
        ways_out = [flow.id for flow in graph.outgoing[element.id]]
        takes = [ways_in] if element.tag == "parallelGateway" else [[way] for way in ways_in]
        gives = [[way] for way in ways_out] if element.tag == "exclusiveGateway" else [ways_out]
        for take in takes:
            if take and all(way in marking for way in take):
                rest = list(marking)
                for way in take:
                    rest.remove(way)
                for give in gives:
                    yield tuple(sorted(rest + give))


def compare(process: Process) -> str:
    """The checks say what trying every order says, and nothing else; which kind of process it was."""
    (graph,) = scope_graphs(process)
    errors = {finding.code for finding in judge_structure(graph) if finding.severity == "error"}
    truth = None if errors - {"diagram.timeless_loop"} else truth_of(graph)
    said = {finding.code.removeprefix("diagram.") for finding in judge_markings(graph)} if truth else set()
    if truth is None or ("not_explored" in said and not {"grows"} & said):
        return "unknown"
    if truth.unbounded:
        assert said & {"grows", "leaves_behind", "never_ends", "stuck_join"}
        return "unbounded"
    assert ("stuck_join" in said) == truth.stuck
    assert not said & {"grows", "leaves_behind"}
    assert truth.crowded or "not_synchronised" not in said
    if not truth.stuck:  # where a join is stuck the answer is given; what could meet behind it may pass unseen
        assert ("never_ends" in said) == truth.endless
        assert ("not_synchronised" in said) == truth.crowded
    return ", ".join(name for name in ("stuck", "endless", "crowded") if getattr(truth, name)) or "sound"


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**32))
def test_the_shortcut_finds_every_stuck_join(seed: int) -> None:
    """Trying one element at a time finds a stuck join exactly where trying every order does."""
    compare(small_process(seed))


@pytest.mark.very_slow
@settings(max_examples=20_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**32))
def test_the_shortcut_finds_every_stuck_join_in_many(seed: int) -> None:
    """The same, on many more processes."""
    compare(small_process(seed))
