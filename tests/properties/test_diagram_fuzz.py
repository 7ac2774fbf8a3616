"""Whatever bytes come in, a diagram or findings go out; and the shortcut of the checks loses nothing."""

from __future__ import annotations

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


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A small diagram after some accidents: bytes and lines lost, moved, doubled, words and values exchanged."""
    data = draw(st.sampled_from(FILES))
    for _ in range(draw(st.integers(1, 6))):
        kind = draw(st.sampled_from(("bytes", "lines", "words", "words", "words", "cut")))
        if kind == "bytes":
            at = draw(st.integers(0, len(data)))
            data = data[:at] + draw(st.binary(max_size=4)) + data[at + draw(st.integers(0, 8)) :]
        elif kind == "cut":
            data = data[: draw(st.integers(0, len(data)))] if draw(st.integers(0, 9)) == 0 else data
        elif kind == "lines":
            lines = data.splitlines(keepends=True) or [b""]
            first, second = (draw(st.integers(0, len(lines) - 1)) for _ in range(2))
            action = draw(st.sampled_from(("drop", "double", "swap")))
            if action == "drop":
                del lines[first]
            elif action == "double":
                lines.insert(second, lines[first])
            else:
                lines[first], lines[second] = lines[second], lines[first]
            data = b"".join(lines)
        else:
            # Values between quotes, and names of tags, become other words of the kind.
            pieces = data.split(b'"') if draw(st.booleans()) else data.split(b":")
            at = draw(st.integers(0, len(pieces) - 1))
            separator = b'"' if data.count(b'"') + 1 == len(pieces) else b":"
            word = draw(st.sampled_from(WORDS))
            _, space, rest = pieces[at].partition(b" ")
            pieces[at] = word if separator == b'"' else word + space + rest
            data = separator.join(pieces)
    return data


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
@given(mutated())
def test_any_bytes_give_a_diagram_or_findings(data: bytes) -> None:
    """No broken file makes the reader or the checks raise anything but findings."""
    judge(data)


@pytest.mark.very_slow
@settings(max_examples=20_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mutated())
def test_many_bytes_give_a_diagram_or_findings(data: bytes) -> None:
    """The same, with many more accidents."""
    judge(data)


TAGS = ("task", "exclusiveGateway", "parallelGateway")


@st.composite
def small_processes(draw: st.DrawFn) -> Process:
    """A start, some tasks and gateways connected at random, and an end; loops occur."""
    tags = draw(st.lists(st.sampled_from(TAGS), min_size=2, max_size=7))
    ids = ["s", *(f"n{number}" for number in range(len(tags))), "e"]
    elements = {
        key: Element(key, tag, "", 1, "p", None, {})
        for key, tag in zip(ids, ["startEvent", *tags, "endEvent"], strict=True)
    }
    flows = {}
    inner = ids[1:-1]
    pairs = [("s", "n0"), *((a, draw(st.sampled_from(ids[1:]))) for a in inner)]
    # Two ways in or out of gateways are what makes joins wait: more flows among them than anything else.
    gateways = [key for key, tag in zip(inner, tags, strict=True) if tag != "task"]
    for _ in range(draw(st.integers(0, 6)) if gateways else 0):
        pairs.append((draw(st.sampled_from(gateways)), draw(st.sampled_from(ids[1:]))))
    for number, (source, target) in enumerate(pairs):
        key = f"f{number}"
        flows[key] = Flow(key, "", source, target, None, 1, "p")
    return Process("p", "", 1, elements, flows, {})


def gets_stuck(graph: ScopeGraph) -> bool | None:
    """Whether some order of steps and choices leaves tokens waiting; None where there are too many markings.

    Every order is tried, without any shortcut.
    """
    flows = [flow for element in graph.elements for flow in graph.outgoing[element]]
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
    assert len(flows) == len({flow.id for flow in flows})
    return True if stuck else None if many else False


def said(graph: ScopeGraph) -> tuple[list[Finding], list[Finding]]:
    """The stuck joins that are reported, and whether the exploration was given up."""
    findings = judge_markings(graph)
    stuck = [finding for finding in findings if finding.code == "diagram.stuck_join"]
    return stuck, [finding for finding in findings if finding.code == "diagram.not_explored"]


def compare(process: Process) -> None:
    """The checks say that a join gets stuck where trying every order says so, and nowhere else."""
    (graph,) = scope_graphs(process)
    if any(finding.severity == "error" for finding in judge_structure(graph)):
        return
    truth = gets_stuck(graph)
    stuck, given_up = said(graph)
    if truth is not None and not given_up:
        assert bool(stuck) == truth


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(small_processes())
def test_the_shortcut_finds_every_stuck_join(process: Process) -> None:
    """Trying one element at a time finds a stuck join exactly where trying every order does."""
    compare(process)


@pytest.mark.very_slow
@settings(max_examples=20_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(small_processes())
def test_the_shortcut_finds_every_stuck_join_in_many(process: Process) -> None:
    """The same, on many more processes."""
    compare(process)
