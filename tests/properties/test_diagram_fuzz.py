"""Whatever bytes come in, a diagram or findings go out; and the shortcut of the checks loses nothing."""

from __future__ import annotations

import random
import re
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
from engine.errors import BadInput, Finding

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


def gets_stuck(graph: ScopeGraph) -> bool | None:
    """Whether some order of steps and choices leaves tokens waiting; None where there are too many markings.

    Every order is tried, without any shortcut.
    """
    start = tuple(sorted(flow.id for flow in graph.outgoing["s"]))
    seen, stack, stuck, many = {start}, [start], False, False
    while stack:
        marking = stack.pop()
        steps = []
        for element in graph.elements.values():
            ways_in = [flow.id for flow in graph.incoming[element.id]]
            ways_out = [flow.id for flow in graph.outgoing[element.id]]
            joins = element.tag == "parallelGateway"
            takes = [ways_in] if joins else [[way] for way in ways_in]
            gives = [[way] for way in ways_out] if element.tag == "exclusiveGateway" else [ways_out]
            for take in takes:
                if take and all(way in marking for way in take):
                    steps += [(take, give) for give in gives]
        if not steps and marking:
            stuck = True
        for take, give in steps:
            rest = list(marking)
            for way in take:
                rest.remove(way)
            following = tuple(sorted(rest + give))
            if len(following) > 6 or len(seen) > 3_000:
                many = True
            elif following not in seen:
                seen.add(following)
                stack.append(following)
    return True if stuck else None if many else False


def said(graph: ScopeGraph) -> tuple[list[Finding], list[Finding]]:
    """The stuck joins that are reported, and whether the exploration was given up."""
    findings = judge_markings(graph)
    stuck = [finding for finding in findings if finding.code == "diagram.stuck_join"]
    return stuck, [finding for finding in findings if finding.code == "diagram.not_explored"]


def compare(process: Process) -> None:
    """The checks say that a join gets stuck where trying every order says so, and nowhere else."""
    (graph,) = scope_graphs(process)
    errors = {finding.code for finding in judge_structure(graph) if finding.severity == "error"}
    if errors - {"diagram.timeless_loop"}:
        return
    truth = gets_stuck(graph)
    stuck, given_up = said(graph)
    if truth is not None and not given_up:
        assert bool(stuck) == truth


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
