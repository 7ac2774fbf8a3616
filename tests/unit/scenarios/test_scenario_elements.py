"""What the language says about elements beyond tasks and exclusive gateways."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.errors import BadInput, Finding
from scenarios.loading import LoadedScenario, load
from simulations.drivers.simpy_driver import simulate
from tests.support.modelling import told

DIAGRAM = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="t"><process id="many">
  <startEvent id="Online"/><startEvent id="Window"/>
  <inclusiveGateway id="Split" default="F_plain"/><inclusiveGateway id="Join"/>
  <userTask id="Fire"/><userTask id="Plain"/>
  <userTask id="Visit"><multiInstanceLoopCharacteristics/></userTask>
  <userTask id="Decide"/>
  <intermediateCatchEvent id="Reply"><messageEventDefinition/></intermediateCatchEvent>
  <exclusiveGateway id="Good" default="F_no"/><endEvent id="Yes"/><endEvent id="No"/>
  <sequenceFlow id="F1" sourceRef="Online" targetRef="Split"/>
  <sequenceFlow id="F2" sourceRef="Window" targetRef="Split"/>
  <sequenceFlow id="F_fire" sourceRef="Split" targetRef="Fire"/>
  <sequenceFlow id="F_plain" sourceRef="Split" targetRef="Plain"/>
  <sequenceFlow id="F3" sourceRef="Fire" targetRef="Join"/><sequenceFlow id="F4" sourceRef="Plain" targetRef="Join"/>
  <sequenceFlow id="F5" sourceRef="Join" targetRef="Visit"/><sequenceFlow id="F6" sourceRef="Visit" targetRef="Reply"/>
  <sequenceFlow id="F7" sourceRef="Reply" targetRef="Decide"/>
  <sequenceFlow id="F8" sourceRef="Decide" targetRef="Good"/>
  <sequenceFlow id="F_yes" sourceRef="Good" targetRef="Yes">
    <conditionExpression xsi:type="tFormalExpression">score &gt;= 2</conditionExpression></sequenceFlow>
  <sequenceFlow id="F_no" sourceRef="Good" targetRef="No"/></process></definitions>"""

SCENARIO = """schema: 1
pipeline: many
labels: {zh: 多种, en: Many}
sources: {us: {kind: assumption, text: {zh: 我们估计的。, en: Ours.}}}
calendar:
  country: none
  office: office
  hours: {office: {days: working, open: ["08:00-17:00"]}, committee: {days: [wed], open: ["14:00-17:00"]}}
attributes: {score: {value: 1, unit: points, source: us, range: [0, 3]}}
arrivals: {dates: {list: ["2022-01-03 00:00", "2022-01-03 00:30"], source: us}}
variants:
  only:
    labels: {zh: 唯一, en: Only}
    diagram: many.bpmn
    elements:
      Fire: {dwell: {value: 1, unit: hour, source: us, range: [0, 2]}, clock: natural}
      Plain: {dwell: {value: 2, unit: hour, source: us, range: [0, 2]}, clock: natural}
      Visit: {dwell: {value: 3, unit: hour, source: us, range: [0, 3]}, clock: natural}
      Reply: {dwell: {value: 1, unit: natural_day, source: us, range: [0, 3]}, by: third_party}
      Decide:
        dwell: {value: 1, unit: hour, source: us, range: [0, 3]}
        clock: natural
        batch: {sittings: committee}
    routes:
      many: {shares: {Online: 0, Window: 1}, source: us}
      Split: {each: {F_fire: 0}, source: us}
    repeats:
      Visit: {instances: {value: 2, range: [1, 3]}, source: us}
    assigns:
      Decide: {score: score + 1}
study: {start: 2022-01-03, horizon: 30, replications: 1, seed: 1}
"""


@pytest.fixture
def many(tmp_path: Path) -> Callable[[str], LoadedScenario]:
    """Load a text beside the diagram."""
    (tmp_path / "many.bpmn").write_text(DIAGRAM, encoding="utf-8")

    def loaded(text: str) -> LoadedScenario:
        file = tmp_path / "many.yaml"
        file.write_text(text, encoding="utf-8")
        return load(str(file))

    return loaded


def test_starts_chances_instances_words_batches_and_assignments_are_run(many):
    """The default way, two visits, an answer from outside after a day, the committee on Wednesday at two."""
    model = many(SCENARIO).models["only"]
    rows = [line.split() for line in told(model, simulate(model, 0)) if line.startswith("0 ")]
    names = [row[1] for row in rows]
    assert names.count("Visit") == 3  # two, and what holds them
    assert "Fire" not in names
    ends = {row[1]: float(row[5]) / 60 for row in rows}
    assert ends["Reply"] == 2 + 3 + 24
    assert ends["Decide"] == 2 * 24 + 14 + 1
    log = simulate(model, 0)
    taken = [model.net.flows[flow] for flow in log.chosen_flow.tolist() if flow >= 0]
    assert taken.count("Window") == 2
    assert taken.count("F_yes") == 2  # the first review lifts the score from 1 to 2


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("      many: {shares: {Online: 0, Window: 1}, source: us}\n", "", "scenario.route.starts"),
        ("Split: {each: {F_fire: 0}", "Split: {shares: {F_fire: 0, F_plain: 1}", "scenario.route.takes_several"),
        ("Visit: {instances: {", "Fire: {instances: {", "scenario.repeat.no_marker"),
        ("Visit: {instances: {value: 2, range: [1, 3]}", "Visit: {again: [0.5]", "scenario.repeat.other_marker"),
        ("Decide: {score: score + 1}", "Decide: {mark: score + 1}", "scenario.unknown.attribute"),
        ("Decide: {score: score + 1}", "Decide: {score: score > 1}", "condition.not_a_number"),
        ("Decide: {score: score + 1}", "Good: {score: score + 1}", "scenario.assign.no_activity"),
        ("batch: {sittings: committee}", "batch: {sittings: council}", "scenario.unknown.hours"),
        ("batch: {sittings: committee}", "batch: {most: 3}", "scenario.exactly_one"),
        (
            "      Reply: {dwell: {value: 1, unit: natural_day, source: us, range: [0, 3]}, by: third_party}\n",
            "",
            "scenario.element.word_without_time",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused(many, old, new, code):
    """Each fault by its code, in both languages."""
    assert old in SCENARIO
    with pytest.raises(BadInput) as caught:
        many(SCENARIO.replace(old, new))
    findings: tuple[Finding, ...] = caught.value.findings
    assert code in [finding.code for finding in findings if finding.severity == "error"]
    for finding in findings:
        assert finding.describe("en")
        assert finding.describe("zh")
