"""One case, run by hand."""

from __future__ import annotations

import builtins
from typing import Any

import pytest
from lxml import etree

from engine.diagram.model import Diagram, Element, Flow, Part
from engine.errors import BadInput, RunError
from engine.live.case import LiveCase, default_flows, prepare, run_to_end
from engine.live.derive import derive
from engine.live.entry import Choose, Entry
from engine.texts import LANGUAGES, catalogue
from tests.support.drawing import Draw

HOSTILE = "__import__('os').system('touch hacked')"


def started(diagram: Diagram, choose: Choose | None = None) -> LiveCase:
    """A case that has started."""
    case = LiveCase(prepare(diagram), choose or default_flows(diagram))
    case.start()
    return case


def choice(**attributes: str) -> Diagram:
    """start, x, one of a and b, end."""
    draw = Draw().start().xor("x", **attributes).task("a", "b").end()
    return draw.flow("start", "x", "a", "end").flow("x", "b", "end").diagram()


@pytest.mark.parametrize(
    "tag",
    [
        "task",
        "userTask",
        "manualTask",
        "serviceTask",
        "scriptTask",
        "businessRuleTask",
        "sendTask",
        "receiveTask",
    ],
)
def test_every_kind_of_task_waits(tag: str) -> None:
    """The case goes on when it is told to, whatever does the task."""
    diagram = Draw().start().add(tag, "a").end().flow("start", "a", "end").diagram()
    case = started(diagram)
    assert case.ready() == ["a"]
    assert not case.is_complete
    case.complete("a")
    assert case.is_complete
    assert case.ready() == []


def test_a_choice_takes_the_flow_that_is_chosen() -> None:
    """The gateway is named with its scope and visit, its flows stand in document order."""
    asked = []

    def choose(entry: Entry, ways: tuple[str, ...]) -> str:
        asked.append((entry, ways))
        return "x-b"

    assert started(choice(), choose).ready() == ["b"]
    assert asked == [(Entry("x"), ("x-a", "x-b"))]


def test_a_choice_takes_its_default_flow() -> None:
    """If nobody says anything, and its first flow if it has none."""
    assert started(choice(default="x-b")).ready() == ["b"]
    assert started(choice()).ready() == ["a"]


def test_two_flows_between_the_same_two_elements() -> None:
    """Each is a way of its own: for a choice, and for a join that waits for both."""
    for way in ("m0", "n0"):
        draw = Draw().start().xor("x", default=way).task("b").and_("fork", "join").task("a").end()
        draw.flow("start", "x").flow("b", "fork").flow("join", "a", "end")
        for number, (source, target) in enumerate((("x", "b"), ("fork", "join"))):
            for twin in "mn":
                id_ = f"{twin}{number}"
                draw.flows[id_] = Flow(id_, "", source, target, None, 1, "process")
        assert run_to_end(draw.diagram()) == ["b", "a"]


def test_several_flows_out_of_a_task_are_all_taken() -> None:
    """An implicit fork; and several flows into a task are not joined: it is done once for each token."""
    draw = Draw().start().task("a", "b", "c", "d").end()
    draw.flow("start", "a", "b", "d", "end").flow("a", "c", "d")
    case = started(draw.diagram())
    case.complete("a")
    assert case.ready() == ["b", "c"]
    case.complete("c")
    assert case.ready() == ["b", "d"]
    case.complete("b")
    assert case.ready_entries() == [Entry("d"), Entry("d", visit=1)]
    case.complete(Entry("d", visit=1))
    assert not case.is_complete
    case.complete("d")
    assert case.is_complete


def test_a_task_without_a_way_out_ends_its_token() -> None:
    """An implicit end, also of a sub-process."""
    draw = Draw().start().sub("tech").task("after").end().flow("start", "tech", "after")
    diagram = draw.start("s", "tech").task("a", scope="tech").flow("s", "a").diagram()
    assert run_to_end(diagram) == ["a", "after"]


def test_a_join_keeps_a_second_token_on_the_same_way() -> None:
    """Two tokens on one way do not fire it; the second waits for a second one on the other way."""
    draw = Draw().start().and_("fork", "join").xor("merge").task("a", "b", "c", "after").end()
    draw.flow("start", "fork", "a", "merge", "join", "after", "end").flow("fork", "b", "merge")
    case = started(draw.flow("fork", "c", "join").diagram())
    case.complete("a")
    case.complete("b")
    assert case.ready() == ["c"]
    case.complete("c")
    assert case.ready() == ["after"]
    case.complete("after")
    assert not case.is_complete  # the second token waits for ever


def test_a_join_of_three_waits_for_three() -> None:
    """In every order."""
    draw = Draw().start().and_("fork", "join").task("a", "b", "c", "after").end()
    for branch in "abc":
        draw.flow("fork", branch, "join")
    diagram = draw.flow("start", "fork").flow("join", "after", "end").diagram()
    for order in ("abc", "acb", "bac", "bca", "cab", "cba"):
        case = started(diagram)
        for branch in order:
            assert "after" not in case.ready()
            case.complete(branch)
        assert case.ready() == ["after"]


def test_a_join_leaves_alone_what_followed_an_earlier_one() -> None:
    """A branch runs twice at once: its second join does not take away what the first one began."""
    draw = Draw().start().xor("merge", "x", default="x-merge").task("a", "p", "q", "z").end().end("e")
    draw.boundary("nudge", "a", interrupting=False).and_("fork", "join")
    draw.flow("start", "merge", "a", "x", "merge").flow("x", "end")
    diagram = draw.flow("nudge", "fork", "p", "join", "z", "e").flow("fork", "q", "join").diagram()
    case = started(diagram, lambda entry, ways: ways[entry.visit // 2])
    for _ in range(2):
        case.fire("nudge")
        for name in "pqa":
            case.complete(name)
    assert sorted(case.ready()) == ["a", "z", "z"]
    for name in "zaz":
        assert not case.is_complete
        case.complete(name)
    assert case.is_complete


def test_sub_processes_follow_each_other_inside_a_sub_process() -> None:
    """One ends and the next begins in the same moment."""
    draw = Draw().start().sub("outer").end().flow("start", "outer", "end")
    draw.start("s", "outer").end("e", "outer")
    for name in ("one", "two", "three"):
        draw.sub(name, "outer").start(f"s_{name}", name).end(f"e_{name}", name)
        draw.task(f"t_{name}", scope=name).flow(f"s_{name}", f"t_{name}", f"e_{name}")
    diagram = draw.flow("s", "one", "two", "three", "e").diagram()
    assert run_to_end(diagram) == ["t_one", "t_two", "t_three"]


def test_visits_of_a_sub_process_are_told_apart() -> None:
    """Each visit is a scope instance of its own, whose elements are counted from 0."""
    draw = Draw().start().xor("merge").sub("tech").xor("x", default="x-merge").end()
    draw.start("s", "tech").task("a", scope="tech").end("e", "tech").flow("s", "a", "e")
    diagram = draw.flow("start", "merge", "tech", "x", "merge").flow("x", "end").diagram()
    case = started(diagram, lambda entry, ways: ways[1] if entry.visit == 2 else ways[0])
    seen = []
    while not case.is_complete:
        seen += case.ready_entries()
        case.complete("a")
    assert seen == [Entry("a", (("tech", visit),)) for visit in range(3)]
    assert str(seen[2]) == "tech[2]/a[0]"


def test_timers_fire_only_when_told_to() -> None:
    """A timer event holds its token; a boundary timer is set while its host waits."""
    draw = Draw().start().timer("wait").task("a", "late").end().end("e").boundary("limit", "a")
    diagram = draw.flow("start", "wait", "a", "end").flow("limit", "late", "e").diagram()
    case = started(diagram)
    assert (case.ready(), case.timers()) == ([], [Entry("wait")])
    case.fire("wait")
    assert (case.ready(), case.timers()) == (["a"], [Entry("limit")])
    case.fire("limit")
    assert (case.ready(), case.timers()) == (["late"], [])


def test_a_timer_start_does_not_wait() -> None:
    """When a case starts is not the diagram's business."""
    timer = Part("timerEventDefinition", 1, {}, "", (Part("timeCycle", 1, {}, HOSTILE),))
    draw = Draw().add("startEvent", "start", parts=(timer,)).task("a").end()
    assert started(draw.flow("start", "a", "end").diagram()).ready() == ["a"]


def test_names_of_the_engine_may_be_used() -> None:
    """Element ids that SpiffWorkflow uses itself are only ids here."""
    draw = Draw("End").start("Start").task("Root", "a.BoundaryEventSplit", "End.EndJoin").end("End")
    draw.boundary("Root.BoundaryEventJoin", "Root").end("late").flow("Root.BoundaryEventJoin", "late")
    diagram = draw.flow("Start", "Root", "a.BoundaryEventSplit", "End.EndJoin", "End").diagram()
    assert run_to_end(diagram) == ["Root", "a.BoundaryEventSplit", "End.EndJoin"]


def test_what_is_not_ready_cannot_be_completed() -> None:
    """The message names what is ready; a timer is fired, not completed."""
    case = started(Draw().start().task("a").timer("t").end().flow("start", "a", "t", "end").diagram())
    with pytest.raises(RunError, match="ready are: a") as caught:
        case.complete("t")
    assert (caught.value.findings[0].code, caught.value.findings[0].element) == ("live.not_ready", "t")
    with pytest.raises(RunError, match="timer that is set, but a is not; set are: -"):
        case.fire("a")


def test_a_flow_of_another_gateway_is_no_way() -> None:
    """Whoever chooses must choose a flow that leaves the gateway."""
    diagram = choice()
    case = LiveCase(prepare(diagram), lambda entry, ways: "start-x")
    with pytest.raises(RunError, match="x-a, x-b at x"):
        case.start()


def test_a_case_that_cannot_end_is_stopped() -> None:
    """By name: stuck, too many steps, too deep for the engine, or nothing but gateways."""
    draw = Draw().start().xor("x").and_("join").task("a", "b").end()
    draw.flow("start", "x", "a", "join", "end").flow("x", "b", "join")
    with pytest.raises(RunError, match="after 1 steps nothing is ready"):
        run_to_end(draw.diagram())
    draw = Draw().start().xor("merge", "x").task("a").end()
    loop = draw.flow("start", "merge", "a", "x", "merge").flow("x", "end").diagram()
    with pytest.raises(RunError, match="within 50 steps"):
        run_to_end(loop, limit=50)
    with pytest.raises(RunError, match="fewer than 900 steps"):
        run_to_end(loop)
    draw = Draw().start().xor("merge", "x").end()
    with pytest.raises(RunError, match="move on and on"):
        run_to_end(draw.flow("start", "merge", "x", "merge").flow("x", "end").diagram())


def test_what_the_engine_cannot_run_is_refused_by_name() -> None:
    """All of it at once, with lines."""
    marker = Part("multiInstanceLoopCharacteristics", 9, {}, "")
    message = Part("compensateEventDefinition", 9, {}, "")
    draw = Draw().start().add("complexGateway", "g").add("endEvent", "end", parts=(message,))
    draw.add("userTask", "a", parts=(marker,)).add("subProcess", "s", triggeredByEvent="true")
    with pytest.raises(BadInput) as caught:
        prepare(draw.flow("start", "g", "a", "end").diagram())
    assert [(finding.element, finding.line) for finding in caught.value.findings] == [
        ("g", 3),
        ("end", 4),
        ("a", 5),
        ("s", 6),
    ]


def test_what_the_engine_cannot_read_is_bad_input() -> None:
    """A process without a start, and one too long for the engine, whose parser recurses: said in words."""
    with pytest.raises(BadInput, match="No start event found"):
        prepare(Draw().task("a").end().flow("a", "end").diagram())
    tasks = [f"t{number}" for number in range(2_000)]
    long = Draw().start().task(*tasks).end().flow("start", *tasks, "end").diagram()
    with pytest.raises(BadInput, match="2002 elements go beyond"):
        prepare(long)


def hostile_diagram() -> Diagram:
    """Code wherever a diagram may hold text."""
    timer = Part("timerEventDefinition", 1, {}, "", (Part("timeDuration", 1, {}, HOSTILE),))
    script = Part("script", 1, {}, HOSTILE)
    draw = Draw().start().xor("x", default="x-b").task("b").end().end("late")
    draw.add("scriptTask", "a", parts=(script,)).add("serviceTask", "c", implementation=HOSTILE)
    draw.add("intermediateCatchEvent", "wait", parts=(timer,))
    draw.add("boundaryEvent", "limit", parts=(timer,), attachedToRef="a", cancelActivity="false")
    draw.flow("start", "x").flow("x", "a", condition=HOSTILE).flow("x", "b", condition=HOSTILE)
    draw.flow("a", "c", "wait", "end").flow("b", "end").flow("limit", "late")
    for id_, element in list(draw.elements.items()):
        draw.elements[id_] = Element(
            id_, element.tag, HOSTILE, 1, element.scope, HOSTILE, element.attributes, element.parts
        )
    return draw.diagram()


def test_no_text_of_a_diagram_is_ever_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither eval nor exec nor compile is called, and the engine does not even see the text."""
    diagram = hostile_diagram()
    assert b"__import__" not in derive(diagram)

    def refuse(*arguments: Any, **named: Any) -> None:
        pytest.fail(f"code was run: {arguments[0]}")

    executable = prepare(diagram)
    for name in ("eval", "exec", "compile"):
        monkeypatch.setattr(builtins, name, refuse)
    case = LiveCase(executable, lambda entry, ways: "x-a")
    case.start()
    case.fire("limit")
    case.complete("a")
    case.complete("c")
    case.fire("wait")
    complete = case.is_complete
    monkeypatch.undo()
    assert complete


def test_the_engine_refuses_to_run_code() -> None:
    """Even if a foreign condition, a script or a service came as far as the engine."""
    from engine.live.spiff import LiveQuestions, SpiffWorkflowException

    class Task:
        task_spec = None

    questions = LiveQuestions(lambda entry: "")
    for run in (questions.evaluate, questions.execute):
        with pytest.raises(SpiffWorkflowException, match="no code"):
            run(Task(), HOSTILE)
    with pytest.raises(SpiffWorkflowException, match="no code"):
        questions.call_service(Task(), operation_name=HOSTILE)
    with pytest.raises(NotImplementedError):
        questions.environment.evaluate(HOSTILE, {})


def test_the_derived_file_is_the_same_every_time() -> None:
    """And well-formed."""
    diagram = hostile_diagram()
    assert derive(diagram) == derive(diagram)
    assert etree.fromstring(derive(diagram)).tag.endswith("definitions")


def test_every_sentence_stands_in_both_languages() -> None:
    """With the same values."""
    english, chinese = (catalogue(language) for language in LANGUAGES)
    for key, sentence in english.items():
        if key.startswith(("finding.live.", "finding.replay.")):
            assert fields(sentence) == fields(chinese[key])


def fields(template: str) -> set[str]:
    """The values that a sentence needs."""
    import string

    return {name for _, name, _, _ in string.Formatter().parse(template) if name}
