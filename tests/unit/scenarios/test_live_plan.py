"""What a live case takes from a scenario: times and hours mean there what they mean in a simulation."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.calendars.units import DAY, HOUR, MINUTE
from engine.live.moments import calendar_for
from engine.live.plan import CasePlan
from engine.live.running import timer_due
from scenarios.live_plan import case_plan
from scenarios.loading import load

DIAGRAM = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="urn:reformsim:tests">
  <process id="p">
    <startEvent id="Start"/><userTask id="Do"/>
    <intermediateCatchEvent id="Wait"><timerEventDefinition/></intermediateCatchEvent><endEvent id="End"/>
    <sequenceFlow id="f1" sourceRef="Start" targetRef="Do"/>
    <sequenceFlow id="f2" sourceRef="Do" targetRef="Wait"/>
    <sequenceFlow id="f3" sourceRef="Wait" targetRef="End"/>
  </process>
</definitions>
"""
SCENARIO = """schema: 1
pipeline: p
labels: {zh: 流程, en: Process}
calendar:
  office: office
  hours: {office: {days: working, open: ["08:00-12:00", "14:00-18:00"], weekly: {fri: ["09:00-10:00"]}}}
arrivals: {every: {value: 1, unit: hour, source: guess, range: [1, 2]}}
sources: {guess: {kind: assumption, text: {zh: 估计。, en: A guess.}}}
variants:
  now:
    labels: {zh: 现在, en: Now}
    diagram: p.bpmn
    elements:
      Do: {dwell: {value: 1, unit: hour, source: guess, range: [1, 2]}}
      Wait: {dwell: {value: VALUE, unit: UNIT, source: guess, range: [VALUE, VALUE]}CLOCK}
study: {start: 2022-01-01, horizon: {value: 30, unit: natural_day}, replications: 1, seed: 1}
"""


def plan_and_model(folder: Path, value: float = 90, unit: str = "second", clock: str = ""):
    """The plan of a live case and the simulation's model of the same scenario."""
    (folder / "p.bpmn").write_text(DIAGRAM, encoding="utf-8")
    text = SCENARIO.replace("VALUE", str(value)).replace("UNIT", unit).replace("CLOCK", clock)
    (folder / "p.yaml").write_text(text, encoding="utf-8")
    scenario = load(str(folder / "p.yaml"))
    return case_plan(scenario, "now"), scenario.models["now"]


TIMES = [(90, "second"), (30, "minute"), (5, "hour"), (2, "working_day"), (3, "natural_day")]
CLOCKS = ["", ", clock: natural", ", clock: working", ", clock: office"]


@pytest.mark.parametrize(
    ("value", "unit", "clock"),
    [
        (value, unit, clock)
        for value, unit in TIMES
        for clock in CLOCKS
        if not (clock == ", clock: office" and unit.endswith("day"))  # no measure there: the scenario refuses it
    ],
)
@pytest.mark.parametrize("moment", [9 * HOUR, 6 * DAY + 9 * HOUR + 30 * MINUTE, 11 * DAY + 17 * HOUR])
def test_a_timer_is_due_when_a_simulated_one_is(tmp_path: Path, value, unit, clock, moment) -> None:
    """Every unit on every clock, from a holiday, from short office hours and from the evening."""
    plan, model = plan_and_model(tmp_path, value, unit, clock)
    activity = model.activities[model.net.node_of["Wait"]]
    assert activity is not None
    assert activity.dwell is not None
    assert activity.dwell_hours is not None
    simulated = activity.dwell_hours.add_work(moment, round(activity.dwell.mean))
    begin = f"2022-01-{1 + moment // DAY:02d}T{moment % DAY // HOUR:02d}:{moment % HOUR // MINUTE:02d}:00.000"
    calendar = calendar_for(plan.calendar, {}, begin, begin)
    due = timer_due(plan.timers["Wait"], begin, calendar)
    assert due is not None
    assert calendar.ms(due) == simulated


def test_office_hours_are_those_of_the_simulation(tmp_path: Path) -> None:
    """Also on the weekdays that have hours of their own."""
    plan, model = plan_and_model(tmp_path)
    calendar = calendar_for(plan.calendar, {}, "2022-01-01T00:00:00.000", "2022-01-01T00:00:00.000")
    for hour in range(30 * 24):
        assert calendar.office.is_open(hour * HOUR) == model.office.is_open(hour * HOUR), hour


def test_a_plan_comes_back_from_its_text_and_an_older_one_without_weekdays_too(tmp_path: Path) -> None:
    """Cases live longer than the program that began them."""
    plan, _ = plan_and_model(tmp_path)
    assert CasePlan.from_json(plan.to_json()) == plan
    older = plan.to_json().replace('"weekly":[[4,[[32400000,36000000]]]]', '"weekly":[]')
    assert older != plan.to_json()
    assert CasePlan.from_json(older.replace(',"weekly":[]', "")).calendar.weekly == ()
