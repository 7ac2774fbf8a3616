"""Arrivals that a timer start event gives."""

from __future__ import annotations

from datetime import date

import pytest

from engine.calendars.units import DAY, HOUR
from engine.errors import BadInput
from scenarios.building.timer_start import timer_arrivals
from scenarios.findings import Findings
from scenarios.loading import load
from scenarios.reading import Document
from tests.support.drawing import Draw

BPMN = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="urn:t">
  <process id="monthly" isExecutable="true">
    <startEvent id="start">{timer}</startEvent>
    <task id="pull"/>
    <endEvent id="end"/>
    <sequenceFlow id="f1" sourceRef="start" targetRef="pull"/>
    <sequenceFlow id="f2" sourceRef="pull" targetRef="end"/>
  </process>
</definitions>
"""
SCENARIO = """schema: 1
pipeline: monthly
labels: {zh: 每月取数, en: Monthly pull}
calendar: {country: CN, office: office, hours: {office: {days: working, open: ["08:00-12:00"]}}}
sources: {guess: {kind: assumption, text: {zh: 估计。, en: A guess.}}}
variants:
  only:
    labels: {zh: 方案, en: Variant}
    diagram: monthly.bpmn
    elements: {pull: {dwell: {value: 1, unit: natural_day, source: guess, range: [1, 2]}}}
study: {start: 2022-01-01, horizon: {value: 90, unit: natural_day}, replications: 2, seed: 1}
"""


def loaded(folder, timer):
    definition = f"<timerEventDefinition>{timer}</timerEventDefinition>" if timer else ""
    (folder / "monthly.bpmn").write_text(BPMN.format(timer=definition), encoding="utf-8")
    (folder / "monthly.yaml").write_text(SCENARIO, encoding="utf-8")
    return load(str(folder / "monthly.yaml"))


@pytest.mark.parametrize(
    ("timer", "expected"),
    [
        ("<timeDate>2022-01-05T09:00</timeDate>", [4 * DAY + 9 * HOUR]),
        ("<timeDuration>P2DT6H</timeDuration>", [2 * DAY + 6 * HOUR]),
        ("<timeCycle>R3/P30D</timeCycle>", [30 * DAY, 60 * DAY, 90 * DAY]),
        ("<timeCycle>R2/2022-01-10T08:00/P7D</timeCycle>", [9 * DAY + 8 * HOUR, 16 * DAY + 8 * HOUR]),
    ],
)
def test_a_timer_start_gives_the_arrivals_that_the_scenario_leaves_out(tmp_path, timer, expected):
    """A date, a duration and a cycle, with and without a start of its own."""
    assert loaded(tmp_path, timer).models["only"].arrivals.dates.tolist() == expected


def test_a_cycle_without_end_goes_on_to_the_end_of_the_run_out(tmp_path):
    """It does not go on for ever."""
    model = loaded(tmp_path, "<timeCycle>R/P30D</timeCycle>").models["only"]
    assert model.arrivals.dates.tolist() == list(range(30 * DAY, model.study.run_out, 30 * DAY))


@pytest.mark.parametrize(
    ("timer", "code"),
    [
        ("", "scenario.no_arrivals"),
        ("<timeCycle>every month</timeCycle>", "iso.bad_cycle"),
        ("<timeDate>soon</timeDate>", "iso.bad_moment"),
    ],
)
def test_no_arrivals_at_all_and_unreadable_timers_are_findings(tmp_path, timer, code):
    """With the place and a cure."""
    with pytest.raises(BadInput) as caught:
        loaded(tmp_path, timer)
    assert [finding.code for finding in caught.value.findings] == [code]


def test_a_process_that_starts_by_no_timer_gives_none():
    """And says so once."""
    diagram = Draw().start().task("a").end().flow("start", "a", "end").diagram()
    findings = Findings(Document("x.yaml", {}, {}))
    assert timer_arrivals(diagram, date(2022, 1, 1), DAY, findings) is None
    assert [finding.code for finding in findings.errors] == ["scenario.no_arrivals"]
