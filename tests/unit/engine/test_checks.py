"""Judging diagrams: connections, joins and loops."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from engine.diagram.checks import check
from engine.diagram.markings import judge_markings
from engine.diagram.model import Diagram, Process
from engine.diagram.reader import read, read_bytes
from engine.diagram.scope_graph import scope_graphs
from engine.errors import Finding

DATA = Path(__file__).parents[2] / "data" / "bpmn"
TAGS = {
    "s": "startEvent",
    "e": "endEvent",
    "t": "task",
    "x": "exclusiveGateway",
    "p": "parallelGateway",
    "o": "inclusiveGateway",
    "v": "eventBasedGateway",
    "c": "intermediateCatchEvent",
}


def none(process: Process) -> list[Finding]:
    """Refuses nothing."""
    return []


def draw(flows: str, extra: str = "") -> Diagram:
    """A process from its flows, as in ``s-t1 t1-e``: the first letter of an element says what it is.

    Flows out of exclusive gateways get a condition.
    """
    elements: dict[str, None] = {}
    lines = []
    for number, flow in enumerate(flows.split()):
        source, target = flow.split("-")
        elements |= {source: None, target: None}
        condition = "<conditionExpression>a</conditionExpression>" if source.startswith("x") else ""
        ends = f'sourceRef="{source}" targetRef="{target}"'
        lines.append(f'<sequenceFlow id="f{number}" {ends}>{condition}</sequenceFlow>')
    drawn = [f'<{TAGS[e[0]]} id="{e}"/>' for e in elements if f'id="{e}"' not in extra]
    body = "\n".join([*drawn, extra, *lines])
    text = (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">'
        f'<process id="process">\n{body}</process></definitions>'
    )
    return read_bytes(text.encode(), "x.bpmn")


def found(diagram: Diagram) -> list[tuple[str | None, str]]:
    """Element and code of everything that is said, warnings with a question mark."""
    result = []
    for finding in check(diagram, none):
        assert finding.file == "x.bpmn"
        assert finding.line is not None
        for language in ("en", "zh"):
            assert finding.message(language)
            assert finding.cure(language)
        mark = "?" if finding.severity == "warning" else ""
        result.append((finding.element, finding.code.removeprefix("diagram.") + mark))
    return result


@pytest.mark.parametrize(
    "flows",
    [
        "s-t1 t1-e",
        "s-p1 p1-t1 p1-t2 t1-p2 t2-p2 p2-e",
        "s-x1 x1-t1 x1-t2 t1-x2 t2-x2 x2-e",
        "s-t1 t1-x1 x1-t2 t2-t1 x1-e",
        "s-p1 p1-t1 p1-t2 t1-e1 t2-e2",
        "s-p1 p1-t1 p1-t2 t1-e t2-e",
        "s-x0 x0-p1 p1-t1 p1-t2 t1-p2 t2-p2 p2-x1 x1-x0 x1-e",
        "s-v v-c1 v-c2 c1-x c2-x x-e",
        "s-o1 o1-t1 o1-t2 t1-o2 t2-o2 o2-e",
        # Unstructured, yet every join completes.
        "s-p1 p1-t1 p1-t2 t1-p2 p2-t3 p2-t4 t3-p3 t2-p3 p3-p4 t4-p4 p4-e",
    ],
)
def test_sound_diagrams_are_left_alone(flows: str) -> None:
    """Blocks, loops, several ends and unstructured but sound joins give no finding."""
    assert found(draw(flows)) == []


@pytest.mark.parametrize(
    ("flows", "expected"),
    [
        ("t1-e", [("process", "no_start")]),
        ("s-x1 x1-t1 t1-x1", [("process", "no_end")]),
        ("s-t1 t1-e t2-t3 t3-e", [("t2", "unreachable")]),
        ("s-e t1-t2 t2-t1", [("t1", "unreachable"), ("t1", "dead_way")]),
        ("s-x1 x1-e x1-t1 t1-t2 t2-t1", [("t1", "dead_way")]),
        ("s-x1 x1-e x1-x2", [("x2", "no_way_out")]),
        ("s-x1 x1-e x1-t1", [("t1", "implicit_end?")]),
        ("s-t1 t1-e e-t1", [("e", "end_outgoing")]),
        ("s-x1 x1-s x1-e", [("s", "start_incoming")]),
        ("s-p1 p1-t1 p1-t2 t1-p2 t2-p2 p2-t3 p2-t4 t3-e1 t4-e2", [("p2", "join_and_fork?")]),
        ("s-x1 x1-x2 x2-x1 x2-t1 t1-e", [("x1", "timeless_loop")]),
    ],
)
def test_broken_connections_are_found(flows: str, expected: list[tuple[str, str]]) -> None:
    """Each fault is said once, where it begins."""
    assert sorted(found(draw(flows))) == sorted(expected)


@pytest.mark.parametrize(
    ("flows", "expected"),
    [
        ("s-x1 x1-t1 x1-t2 t1-p1 t2-p1 p1-e", [("p1", "stuck_join")]),
        # The outer join waits only because the inner one does.
        ("s-p0 p0-x1 p0-t3 x1-t1 x1-t2 t1-p1 t2-p1 p1-p2 t3-p2 p2-e", [("p1", "stuck_join")]),
        ("s-p1 p1-t1 p1-t2 t1-x1 t2-x1 x1-t3 t3-e", [("x1", "not_synchronised?")]),
        # One way of the choice leads past the join.
        ("s-p1 p1-t1 p1-x1 x1-t2 x1-e1 t1-p2 t2-p2 p2-e2", [("p2", "stuck_join")]),
        # A loop back into one branch sends it a second token.
        ("s-p1 p1-x2 p1-t1 x2-t2 t1-p2 t2-p2 p2-x3 x3-x2 x3-e", [("p2", "stuck_join")]),
        # Each turn makes a token for a join that gets one token from elsewhere.
        (
            "s-p0 p0-x1 p0-t9 x1-t1 t1-p1 p1-p2 p1-x2 x2-x1 x2-e t9-p2 p2-e2",
            [("p2", "stuck_join")],
        ),
    ],
)
def test_joins_that_wait_in_vain_are_found(flows: str, expected: list[tuple[str, str]]) -> None:
    """Tokens are moved in thought; what gets stuck, or arrives twice, is said."""
    assert found(draw(flows)) == expected


def test_the_witness_says_the_way() -> None:
    """A stuck join comes with the elements that led there, and with what is missing."""
    (finding,) = [f for f in check(read(DATA / "stuck_join.bpmn"), none) if f.severity == "error"]
    assert finding.values["path"] == "Start → 哪一类？ → 甲"
    assert finding.values["missing"] == "乙"
    assert (finding.element, finding.line) == ("Join", 8)


def test_the_example_has_no_faults() -> None:
    """The small approval process with lanes, a loop, a sub-process and a reminder is sound."""
    assert check(read(DATA / "approval.bpmn"), none) == []


def test_a_choice_without_conditions_is_a_warning() -> None:
    """The scenario may give shares, so an open choice does not stop anything."""
    gateway = '<exclusiveGateway id="q"/>'
    for number, flow in enumerate(("s-q", "q-e", "q-t1")):
        source, target = flow.split("-")
        gateway += f'<sequenceFlow id="q{number}" sourceRef="{source}" targetRef="{target}"/>'
    diagram = draw("t1-e", '<startEvent id="s"/>' + gateway)
    assert found(diagram) == [("q", "choice_open?")]


def boundary(cancel: str) -> str:
    """A timer on t1."""
    attributes = f'id="b" attachedToRef="t1" cancelActivity="{cancel}"'
    return f"<boundaryEvent {attributes}><timerEventDefinition/></boundaryEvent>"


def with_timer(flows: str, cancel: str) -> list[tuple[str | None, str]]:
    """Findings of a process with a boundary timer on t1 that leads to t2."""
    extra = boundary(cancel) + '<sequenceFlow id="late" sourceRef="b" targetRef="t2"/>'
    return found(draw(flows, extra))


def test_boundary_events_are_choices() -> None:
    """An interrupting timer takes the activity's place; another one adds a token."""
    assert with_timer("s-t1 t1-x1 t2-x1 x1-e", "true") == []
    assert with_timer("s-t1 t1-x1 t2-x1 x1-e", "false") == [("x1", "not_synchronised?")]
    assert with_timer("s-t1 t1-p1 t2-p1 p1-e", "false") == [("p1", "stuck_join")]
    assert with_timer("s-t1 t1-e t2-e", "false") == []


def test_a_terminate_end_takes_waiting_tokens_away() -> None:
    """A join that waits in vain is no fault where the whole scope is ended."""
    terminate = '<endEvent id="e1"><terminateEventDefinition/></endEvent>'
    flows = "s-p1 p1-t1 p1-x1 x1-t2 x1-e1 t1-p2 t2-p2 p2-e2"
    assert found(draw(flows)) == [("p2", "stuck_join")]
    assert found(draw(flows, terminate)) == []


def test_sub_processes_are_judged_by_themselves() -> None:
    """A fault inside a sub-process is found there, and the process around it is still explored."""
    inner = (
        '<subProcess id="t1"><startEvent id="a"/><startEvent id="a2"/><endEvent id="b"/>'
        '<sequenceFlow id="i" sourceRef="a" targetRef="b"/>'
        '<sequenceFlow id="j" sourceRef="a2" targetRef="b"/>'
        "</subProcess>"
    )
    flows = "s-x1 x1-t1 x1-t2 t1-p1 t2-p1 p1-e"
    assert sorted(found(draw(flows, inner))) == [("a2", "several_starts"), ("p1", "stuck_join")]


def test_refused_elements_stop_the_exploration() -> None:
    """Where an element is not run as drawn, its joins are not judged; the file is filled in."""

    def refuse(process: Process) -> list[Finding]:
        return [Finding("diagram.no_process", line=2, element="t1")]

    diagram = draw("s-x1 x1-t1 x1-t2 t1-p1 t2-p1 p1-e")
    assert [(f.element, f.code, f.file) for f in check(diagram, refuse)] == [("t1", "diagram.no_process", "x.bpmn")]


def test_the_elements_refuse_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without another word, the table of elements says what is refused."""
    seen: list[Process] = []

    def refuse(process: Process) -> list[Finding]:
        seen.append(process)
        return []

    monkeypatch.setattr("engine.elements.refusals", refuse, raising=False)
    diagram = draw("s-e")
    assert check(diagram) == []
    assert seen == [diagram.process]


def test_beyond_the_bound_nothing_is_claimed() -> None:
    """What could not be explored is a warning that says so."""
    (graph,) = scope_graphs(draw("s-t1 t1-t2 t2-t3 t3-t4 t4-e").process)
    (finding,) = judge_markings(graph, most_markings=3)
    assert (finding.code, finding.severity, finding.element) == ("diagram.not_explored", "warning", "process")
    assert judge_markings(graph) == []


def test_parallel_choices_do_not_multiply() -> None:
    """Twenty parallel branches with a choice each are decided: branches are walked one after the other."""
    flows = [f"p1-x{n} x{n}-ta{n} x{n}-tb{n} ta{n}-xx{n} tb{n}-xx{n} xx{n}-p2" for n in range(20)]
    assert found(draw("s-p1 p2-e " + " ".join(flows))) == []


def test_long_and_deep_diagrams_are_checked() -> None:
    """Thousands of elements, and sub-processes fifty deep, meet no limit of recursion."""
    assert found(draw("s-t0 " + " ".join(f"t{n}-t{n + 1}" for n in range(3_000)) + " t3000-e")) == []
    inner = ""
    for n in range(50):
        flows: Mapping[str, str] = {f"s{n}": f"k{n}", f"k{n}": f"e{n}"}
        lines = [f'<sequenceFlow id="{a}_{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in flows.items()]
        inner = f'<subProcess id="k{n}">{inner}</subProcess>' if inner else f'<task id="k{n}"/>'
        inner = f'<startEvent id="s{n}"/>{inner}<endEvent id="e{n}"/>{"".join(lines)}'
    assert found(draw("s-t1 t1-e", f'<subProcess id="t1">{inner}</subProcess>')) == []
