"""Live cases: tasks, decisions, timers, clocks and lights, at moments that the tests set."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.errors import BadInput, RunError
from engine.live.lights import case_light
from tests.support.live_cases import DIAGRAM, PLAN, opened, source


def codes(error):
    return [finding.code for finding in error.value.findings]


@pytest.fixture
def path(tmp_path):
    """A store with one case, started on Tuesday, 1 March 2022, at nine."""
    file = tmp_path / "cases.sqlite"
    with opened(file, "2022-03-01T09:00", create=True) as cases:
        cases.start(source(), PLAN, "one", "li", [])
    return file


def do(path, now, task, *data):
    with opened(path, now) as cases:
        return cases.do(1, task, "", list(data))


def elements(path, now, kind="activity"):
    with opened(path, now) as cases:
        cases.advance()
        return [task.element for task in cases.load(1).open(kind)]


def lights(path, now):
    with opened(path, now) as cases:
        case = cases.case(1)
        states = cases.states(case, cases.load(1).clocks())
        return {state.plan.key: state.light for state in states} | {"case": case_light(states)}


def test_a_case_goes_from_task_to_task_to_its_end(path):
    """Corrections, decisions by people and by data, a timer at the end."""
    do(path, "2022-03-01T10:00", "Accept", "Complete=incomplete")
    assert elements(path, "2022-03-01T10:01") == ["Correct"]
    do(path, "2022-03-02T10:00", "Correct")
    do(path, "2022-03-02T11:00", "Accept", "Complete=Review")
    do(path, "2022-03-02T15:00", "Review", "area=900")
    assert elements(path, "2022-03-02T15:01") == ["Visit"]
    do(path, "2022-03-03T00:00", "Visit")
    assert elements(path, "2022-03-03T23:59", "timer") == ["Cool"]
    with opened(path, "2022-03-10T00:00") as cases:
        assert cases.advance() == 1
        assert cases.case(1).state == "done"
        assert cases.case(1).ended == "2022-03-04T00:00:00.000"
        with pytest.raises(RunError) as error:
            cases.do(1, "Visit", "", [])
    assert codes(error) == ["case.done"]


def test_a_timer_fires_at_its_own_moment_and_not_before(path):
    """Two days after the review began, to the ms; once."""
    do(path, "2022-03-01T10:00", "Accept", "Complete=yes")
    for now, fired in (("2022-03-03T09:59", 0), ("2022-03-03T10:00", 1), ("2022-03-09T10:00", 0)):
        with opened(path, now) as cases:
            assert cases.advance() == fired
            steps = cases.store.steps(1)
    assert (steps[-1].kind, steps[-1].element, steps[-1].at) == ("timer", "Remind", "2022-03-03T10:00:00.000")


def test_what_is_done_at_the_moment_of_a_timer_comes_before_it(path):
    """The order of simulation: completion before timer."""
    do(path, "2022-03-01T10:00", "Accept", "Complete=yes")
    do(path, "2022-03-03T10:00", "Review", "area=1")
    with opened(path, "2022-03-03T10:00") as cases:
        assert [step.element for step in cases.store.steps(1)] == ["", "Accept", "Review"]


def test_a_timer_whose_moment_has_passed_fires_before_the_next_step(path):
    """Nobody looked at the case meanwhile; its history is right all the same."""
    do(path, "2022-03-01T10:00", "Accept", "Complete=yes")
    do(path, "2022-03-08T10:00", "Review", "area=1")
    with opened(path, "2022-03-08T10:00") as cases:
        assert [step.element for step in cases.store.steps(1)] == ["", "Accept", "Remind", "Review"]


@pytest.mark.parametrize(
    ("task", "data", "code"),
    [
        ("Review", [], "case.not_open"),
        ("Accept", [], "case.decide"),
        ("Accept", ["Complete=perhaps"], "case.no_such_way"),
        ("Accept", ["Complete=yes", "area=wide"], "case.data_value"),
        ("Accept", ["Complete=yes", "area=nan"], "case.data_value"),
        ("Accept", ["Complete=yes", "urgent=maybe"], "case.data_value"),
        ("Accept", ["Complte=yes"], "case.data_key"),
        ("Accept", ["yes"], "case.data_form"),
    ],
)
def test_a_step_that_cannot_be_leaves_nothing_behind(path, task, data, code):
    """What is refused is not half written."""
    with opened(path, "2022-03-01T10:00") as cases:
        with pytest.raises((BadInput, RunError)) as error:
            cases.do(1, task, "", data)
        assert codes(error) == [code]
        assert len(cases.store.steps(1)) == 1
        assert [task.element for task in cases.load(1).open("activity")] == ["Accept"]


def test_conditions_ask_for_the_data_that_they_need(path):
    """A missing attribute is named; a decision of a person stands above the condition."""
    do(path, "2022-03-01T10:00", "Accept", "Complete=yes")
    with pytest.raises(RunError) as error:
        do(path, "2022-03-01T11:00", "Review")
    assert codes(error) == ["case.missing"]
    assert "area" in error.value.findings[0].message("en")
    do(path, "2022-03-01T11:00", "Review", "Large=big")
    assert elements(path, "2022-03-01T12:00") == ["Visit"]


def test_the_clock_of_a_case_does_not_run_backwards(path):
    """A moment before the last step is refused; a minute between two computers is not."""
    do(path, "2022-03-02T10:00", "Accept", "Complete=no")
    with pytest.raises(RunError) as error:
        do(path, "2022-03-02T09:00", "Correct")
    assert codes(error) == ["case.backwards"]
    do(path, "2022-03-02T09:59", "Correct")
    with opened(path, "2022-03-02T11:00") as cases:
        assert cases.store.steps(1)[-1].at == "2022-03-02T10:00:00.000"


def test_lights_go_from_green_over_yellow_to_red(path):
    """Three working days: the second is yellow at 60 %, the fourth is overdue; the case has five."""
    with opened(path, "2022-03-04T10:00") as cases:
        states = cases.states(cases.case(1), cases.load(1).clocks(), 0.6)
        assert [state.light for state in states] == ["yellow", "green", "yellow"]
    assert lights(path, "2022-03-03T23:00")["Permit:promised"] == "green"
    assert lights(path, "2022-03-04T00:01")["Permit:promised"] == "yellow"
    late = lights(path, "2022-03-07T08:00")
    assert late == {
        "Permit:promised": "red", "Permit:statutory": "green", "all:promised": "yellow", "case": "yellow"
    }  # fmt: skip
    assert lights(path, "2022-03-09T08:00")["case"] == "red"


def test_a_step_that_was_late_keeps_the_case_yellow(path):
    """The promise of the step was broken; the case is still in time."""
    do(path, "2022-03-01T10:00", "Accept", "Complete=yes")
    do(path, "2022-03-07T10:00", "Review", "area=900")
    assert lights(path, "2022-03-07T11:00")["case"] == "yellow"


def test_the_clock_stands_still_during_a_correction(path):
    """Two days in the applicant's hands are not the authority's; the reason is kept."""
    do(path, "2022-03-01T10:00", "Accept", "Complete=no")
    with opened(path, "2022-03-03T10:00") as cases:
        (state, *_) = cases.states(cases.case(1), cases.load(1).clocks())
        assert (state.standing, state.used, state.due) == ("correction", 0, "2022-03-09T00:00:00.000")
    do(path, "2022-03-03T10:00", "Correct")
    with opened(path, "2022-03-04T10:00") as cases:
        (state, *_) = cases.states(cases.case(1), cases.load(1).clocks())
        assert (state.standing, state.used, state.due) == (None, 1, "2022-03-09T00:00:00.000")
        (row, *_) = cases.store.clocks()[1]
        assert row.pauses == (("correction", "2022-03-01T10:00:00.000", "2022-03-03T10:00:00.000"),)


def test_all_clocks_stand_still_while_the_case_is_paused(path):
    """An expert review that is not drawn is a pause that people state."""
    with opened(path, "2022-03-01T12:00") as cases:
        cases.pause(1, "expert_review", "li")
    with opened(path, "2022-03-15T09:00") as cases:
        states = cases.states(cases.case(1), cases.load(1).clocks())
        assert {(s.standing, s.used, s.light) for s in states} == {("expert_review", 0, "green")}
        with pytest.raises(RunError) as error:
            cases.pause(1, "other", "")
        assert codes(error) == ["case.paused"]
        cases.resume(1, "li")
        with pytest.raises(RunError) as error:
            cases.resume(1, "")
        assert codes(error) == ["case.not_paused"]


@pytest.mark.parametrize("now", ["2022-03-02T10:00", "2022-03-04T10:00", "2022-03-09T10:00", "2022-03-21T10:00"])
@pytest.mark.parametrize("pause", [None, ("2022-03-01T12:00", "2022-03-04T09:00")])
def test_due_is_the_last_moment_in_time(path, now, pause):
    """At ``due`` nothing is overdue, a ms later it is."""
    from engine.live.lights import clock_state

    if pause:
        with opened(path, pause[0]) as cases:
            cases.pause(1, "other", "")
        with opened(path, pause[1]) as cases:
            cases.resume(1, "")
    with opened(path, max(now, pause[1] if pause else now)) as cases:
        case = cases.case(1)
        calendar = cases.calendar(case)
        for plan, row in zip(PLAN.clocks, cases.load(1).clocks(), strict=True):
            due = clock_state(plan, row, calendar, cases.now).due
            late = calendar.text(calendar.ms(due) + 1)
            assert clock_state(plan, row, calendar, due).used <= plan.value
            assert clock_state(plan, row, calendar, late).used > plan.value


def test_a_due_date_in_a_year_without_a_notice_is_marked_as_estimated(tmp_path):
    """Nobody knows the holidays of a far year; the case goes on all the same."""
    with opened(tmp_path / "c.sqlite", "2090-12-29T09:00", create=True) as cases:
        cases.start(source(), PLAN, "", "", [])
        states = cases.states(cases.case(1), cases.load(1).clocks())
        assert all(state.is_estimated for state in states)


def test_a_case_finishes_on_the_diagram_it_started_with(path):
    """A changed diagram and plan are for new cases; the old one goes its old way."""
    changed = DIAGRAM.replace(b'"Visit"', b'"Survey"')
    plan = replace(PLAN, departments={"Survey": "Field"})
    with opened(path, "2022-03-02T09:00") as cases:
        second = cases.start(source(changed), plan, "two", "", [])
        for case in (1, second):
            cases.do(case, "Accept", "", ["Complete=yes"])
            cases.do(case, "Review", "", ["area=900"])
        open_ = [[task.element for task in cases.load(case).open("activity")] for case in (1, second)]
    assert open_ == [["Visit"], ["Survey"]]


def test_what_live_cases_do_not_run_is_refused_by_name(tmp_path):
    """Nothing starts on a diagram that the workflow engine would run wrongly."""
    wrong = DIAGRAM.replace(b'<userTask id="Visit"/>', b'<adHocSubProcess id="Visit"/>')
    with opened(tmp_path / "c.sqlite", "2022-03-02T09:00", create=True) as cases:
        with pytest.raises(BadInput) as error:
            cases.start(source(wrong), PLAN, "", "", [])
        assert "live.unsupported" in codes(error)
        assert cases.store.cases() == []


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('touch escaped')",
        "().__class__.__base__.__subclasses__()",
        "[c for c in ().__class__.__base__.__subclasses__()]",
        "(lambda: open('escaped', 'w'))()",
        "area.__class__ == 1",
        "f'{area.__class__}' == 'x'",
        "open('escaped', 'w') == 1",
        "area ** 9 > 1",
    ],
)
def test_no_condition_reaches_python(tmp_path, monkeypatch, text):
    """The known escapes end as findings; nothing of them is evaluated."""
    monkeypatch.chdir(tmp_path)
    plan = replace(PLAN, routes={"Large": {"big": text}})
    with opened(tmp_path / "c.sqlite", "2022-03-01T09:00", create=True) as cases:
        cases.start(source(), plan, "", "", ["area=1"])
        cases.do(1, "Accept", "", ["Complete=yes"])
        with pytest.raises(RunError) as error:
            cases.do(1, "Review", "", [])
    assert codes(error)[0].startswith("condition.")
    assert not (tmp_path / "escaped").exists()


@pytest.mark.parametrize("text", ["__import__('os').system('touch escaped')", "().__class__"])
def test_neither_data_nor_timers_nor_conditions_of_a_diagram_reach_python(tmp_path, monkeypatch, text):
    """What the workflow engine would evaluate never gets to it: the derived file holds none of it."""
    monkeypatch.chdir(tmp_path)
    drawn = DIAGRAM.replace(
        b"<timerEventDefinition/>",
        f"<timerEventDefinition><timeDuration>{text}</timeDuration></timerEventDefinition>".encode(),
    ).replace(
        b'sourceRef="Complete" targetRef="Review"/>',
        f'sourceRef="Complete" targetRef="Review"><conditionExpression>{text}</conditionExpression>'
        "</sequenceFlow>".encode(),
    )
    with opened(tmp_path / "c.sqlite", "2022-03-01T09:00", create=True) as cases:
        cases.start(source(drawn), PLAN, text, text, [f"note={text}"])
        cases.do(1, "Accept", "", ["Complete=yes", f"remark={text}"])
        assert [task.element for task in cases.load(1).open("activity")] == ["Review"]
    assert not (tmp_path / "escaped").exists()
