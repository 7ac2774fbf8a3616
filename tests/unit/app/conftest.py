"""A small diagram and a scenario around it, to be made bad one way at a time; and the program, called."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from app.main import main

DIAGRAM: Final = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="urn:reformsim:tests">
  <process id="licence">
    <startEvent id="Start" name="提出申请"/>
    <userTask id="Accept" name="受理"/>
    <exclusiveGateway id="Complete" name="材料齐全？"/>
    <userTask id="Correct" name="补正"/>
    <subProcess id="Permit" name="许可">
      <startEvent id="PermitStart"/>
      <userTask id="Review" name="审查"/>
      <endEvent id="PermitEnd"/>
      <sequenceFlow id="Flow_p1" sourceRef="PermitStart" targetRef="Review"/>
      <sequenceFlow id="Flow_p2" sourceRef="Review" targetRef="PermitEnd"/>
    </subProcess>
    <endEvent id="End" name="领证"/>
    <sequenceFlow id="Flow_1" sourceRef="Start" targetRef="Accept"/>
    <sequenceFlow id="Flow_2" sourceRef="Accept" targetRef="Complete"/>
    <sequenceFlow id="Flow_correct" sourceRef="Complete" targetRef="Correct"/>
    <sequenceFlow id="Flow_back" sourceRef="Correct" targetRef="Accept"/>
    <sequenceFlow id="Flow_3" sourceRef="Complete" targetRef="Permit"/>
    <sequenceFlow id="Flow_4" sourceRef="Permit" targetRef="End"/>
  </process>
</definitions>
"""

SCENARIO: Final = """schema: 1
pipeline: licence
labels: {zh: 办理许可证, en: Getting a licence}
calendar:
  country: CN
  office: office
  hours: {office: {days: working, open: ["08:00-12:00", "14:00-18:00"]}}
pools:
  counter:
    labels: {zh: 窗口, en: Counter}
    units: {value: 2, source: guess, range: [1, 3]}
    hours: office
arrivals:
  rate: {value: 200, per: year, source: guess, range: [100, 300]}
sources:
  guess: {kind: assumption, text: {zh: 估计。, en: A guess.}}
common:
  elements:
    Accept: {effort: {triangular: [5, 10, 20], unit: minute, source: guess, range: [5, 15]}, pools: [counter]}
    Correct: {dwell: {value: 3, unit: natural_day, source: guess, range: [1, 5]}, by: applicant}
  routes:
    Complete: {shares: {Flow_correct: {value: 0.15, range: [0.05, 0.3]}, Flow_3: 0.85}, source: guess}
  names: {Accept: {en: Accept}, Complete: {en: Complete?}, Correct: {en: Correct},
    Permit: {en: Permit}, Review: {en: Review}}
variants:
  before:
    labels: {zh: 改革前, en: Before}
    diagram: licence.bpmn
    elements:
      Review: {effort: {value: 3, unit: hour, source: guess, range: [2, 4]}, pools: [counter]}
    measured:
      - {element: Permit, kind: approval, limit: {value: 7, unit: working_day, source: guess, range: [5, 9]}}
      - {element: Review, kind: other, counts: 0, limit: {value: 5, unit: working_day, source: guess, range: [4, 6]}}
    sums: {approval: [Permit]}
    targets:
      - {indicator: approval_days, statistic: mean, op: "<=", limit: 7, unit: working_day, source: guess}
  after:
    labels: {zh: 改革后, en: After}
    diagram: licence.bpmn
    elements:
      Review: {effort: {value: 1, unit: hour, source: guess, range: [1, 2]}, pools: [counter]}
    measured:
      - {element: Permit, kind: approval, limit: {value: 7, unit: working_day, source: guess, range: [5, 9]}}
    sums: {approval: [Permit]}
    targets:
      - {indicator: approval_days, statistic: mean, op: "<=", limit: 7, unit: working_day, source: guess}
overrides:
  more_staff:
    labels: {zh: 人手更多, en: More staff}
    set: {pools: {counter: {units: {value: 3}}}}
study:
  start: 2022-01-01
  horizon: {value: 60, unit: natural_day}
  warmup: {value: 10, unit: natural_day}
  replications: 2
  seed: 7
"""


@dataclass(frozen=True)
class Outcome:
    """What a call gave back."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON object on standard output; fails if there is anything else."""
        return json.loads(self.out)

    @property
    def codes(self) -> list[str]:
        """The codes of the errors under ``--json``."""
        return [error["code"] for error in self.json["errors"]]


def call(*words: object) -> Outcome:
    """Run the program in this process; whatever happens, no traceback may be seen."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        status = main([str(word) for word in words])
    assert "Traceback" not in err.getvalue() + out.getvalue(), err.getvalue() + out.getvalue()
    return Outcome(status, out.getvalue(), err.getvalue())


@pytest.fixture
def reformsim() -> Callable[..., Outcome]:
    """The program."""
    return call


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    """The small scenario beside its diagram."""
    (tmp_path / "licence.bpmn").write_text(DIAGRAM, encoding="utf-8")
    file = tmp_path / "licence.yaml"
    file.write_text(SCENARIO, encoding="utf-8")
    return file
