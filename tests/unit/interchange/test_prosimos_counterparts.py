"""What Prosimos says on the way of a case has its counterpart here: attributes, rules, batches, ways together."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from scenarios.interchange.draft import Draft
from scenarios.interchange.importing import draft_of
from scenarios.loading import load
from simulations.drivers.replicate import replicate, replication_log
from simulations.model import SimulationModel
from tests.unit.interchange.test_prosimos import GIVEN, PERIODS, files, params

LOOP = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="x">
<process id="p"><startEvent id="s"/><exclusiveGateway id="m"/><task id="a" name="A"/><exclusiveGateway id="g"/>
<task id="b" name="B"/><endEvent id="e"/><sequenceFlow id="f1" sourceRef="s" targetRef="m"/>
<sequenceFlow id="f2" sourceRef="m" targetRef="a"/><sequenceFlow id="f3" sourceRef="a" targetRef="g"/>
<sequenceFlow id="no" sourceRef="g" targetRef="m"/><sequenceFlow id="yes" sourceRef="g" targetRef="b"/>
<sequenceFlow id="f4" sourceRef="b" targetRef="e"/></process></definitions>
"""


def given(**changes: Any) -> dict[str, Any]:
    """The model with some sections replaced, without priorities and batches."""
    plain = json.loads(json.dumps(GIVEN)) | {"prioritisation_rules": [], "batch_processing": []}
    return plain | changes


def read(tmp_path: Path, model: dict[str, Any], bpmn: str | None = None) -> Draft:
    paths = files(tmp_path, model)
    if bpmn is not None:
        paths[1].write_text(bpmn, encoding="utf-8")
    return draft_of(paths)


def built(draft: Draft, tmp_path: Path) -> SimulationModel:
    return load(str(draft.write(tmp_path / "out", "en")[0])).models["current"]


def discrete(name: str, **shares: float) -> dict[str, Any]:
    return {"name": name, "type": "discrete", "values": [{"key": k, "value": v} for k, v in shares.items()]}


def rule(attribute: str, comparison: str, value: object) -> dict[str, Any]:
    return {"attribute": attribute, "comparison": comparison, "value": value}


def test_an_attribute_that_a_task_draws_decides_afterwards(tmp_path: Path) -> None:
    """Drawn by one task outside of loops: it is drawn when the case comes, and the rule asks for it."""
    events = [{"event_id": "a", "attributes": [discrete("mark", good=0.25, bad=0.75)]}]
    rules = [{"id": "big", "rules": [[rule("mark", "=", "good")]]}]
    draft = read(tmp_path, given(event_attributes=events, branch_rules=rules))
    assert draft.data["attributes"]["mark"]["choices"] == {"good": 0.25, "bad": 0.75}
    assert draft.data["variants"]["current"]["routes"]["g"]["conditions"] == {"yes": 'mark == "good"'}
    assert "event_attribute" in {note.code for note in draft.notes}


def test_what_is_drawn_anew_at_each_turn_is_a_chance(tmp_path: Path) -> None:
    """Kept for the case it would send it round for ever; as the chance of the rule it is exact: 4 turns on average."""
    events = [{"event_id": "a", "attributes": [discrete("mark", good=0.25, bad=0.75)]}]
    rules = [{"id": "back", "rules": [[rule("mark", "=", "bad")]]}]
    paths = [{"path_id": "no", "value": 0.5, "condition_id": "back"}, {"path_id": "yes", "value": 0.5}]
    quick = {"distribution_name": "fix", "distribution_params": params(1)}
    tasks = [
        {"task_id": "a", "resources": [{"resource_id": "r1"} | quick]},
        {"task_id": "b", "resources": [{"resource_id": "r3"} | quick]},
    ]
    model = given(
        event_attributes=events, branch_rules=rules, task_resource_distribution=tasks,
        gateway_branching_probabilities=[{"gateway_id": "g", "probabilities": paths}],
    )  # fmt: skip
    draft = read(tmp_path, model, LOOP)
    assert draft.data["variants"]["current"]["routes"]["g"]["shares"] == {"no": 0.75, "yes": "rest"}
    assert {"rule_chances", "event_attribute_again"} <= {note.code for note in draft.notes}
    simulated = built(draft, tmp_path)
    log = replication_log(simulated, 0)
    turns = (log.node == simulated.net.node_of["a"]).sum() / (log.node == simulated.net.node_of["b"]).sum()
    assert turns == pytest.approx(4, rel=0.15)


def test_a_continuous_attribute_in_a_loop_is_a_chance(tmp_path: Path) -> None:
    """The share of the distribution on which the rule holds."""
    level = {"name": "level", "type": "continuous",
             "values": {"distribution_name": "uniform", "distribution_params": params(0, 10)}}  # fmt: skip
    model = given(
        event_attributes=[{"event_id": "a", "attributes": [level]}],
        branch_rules=[{"id": "back", "rules": [[rule("level", "<", 2)]]}],
        gateway_branching_probabilities=[{"gateway_id": "g", "probabilities": [
            {"path_id": "no", "value": 0.5, "condition_id": "back"}, {"path_id": "yes", "value": 0.5}]}],
    )  # fmt: skip
    assert read(tmp_path, model, LOOP).data["variants"]["current"]["routes"]["g"]["shares"]["no"] == pytest.approx(0.2)


def test_expressions_are_assigned(tmp_path: Path) -> None:
    """A number or a truth value that a task reckons; what has no counterpart is told."""
    attributes = [
        {"name": "double", "type": "expression", "values": "amount * 2"},
        {"name": "late", "type": "expression", "values": "amount > 50"},
        {"name": "root", "type": "expression", "values": "sqrt(amount)"},
    ]
    rules = [{"id": "big", "rules": [[rule("double", ">", 100)]]}]
    draft = read(tmp_path, given(event_attributes=[{"event_id": "a", "attributes": attributes}], branch_rules=rules))
    assert draft.data["variants"]["current"]["assigns"] == {"a": {"double": "amount * 2", "late": "amount > 50"}}
    assert [n.values["name"] for n in draft.notes if n.code == "event_expression"] == ["root"]
    model = built(draft, tmp_path)
    log = replication_log(model, 0)
    share = (log.node == model.net.node_of["b"]).sum() / (log.node == model.net.node_of["a"]).sum()
    assert share == pytest.approx(0.5, abs=0.06)


def test_several_tasks_that_draw_one_attribute(tmp_path: Path) -> None:
    """Each gives its own value; before the first the attribute is unset."""
    events = [{"event_id": "a", "attributes": [discrete("mark", x=1)]},
              {"event_id": "b", "attributes": [discrete("mark", y=1)]}]  # fmt: skip
    rules = [{"id": "big", "rules": [[rule("mark", "=", "x")]]}]
    draft = read(tmp_path, given(event_attributes=events, branch_rules=rules))
    assert draft.data["attributes"]["mark"]["choices"] == {"x": 0, "y": 0, "unset": 1}
    model = built(draft, tmp_path)
    log = replication_log(model, 0)
    nodes = model.net.node_of
    assert (log.node == nodes["b"]).sum() == (log.node == nodes["a"]).sum()


def test_global_attributes(tmp_path: Path) -> None:
    """One fixed value is exact; one that is drawn is drawn for each case, which is told."""
    fixed = read(tmp_path, given(global_attributes=[discrete("year", **{"2026": 1})]))
    assert not {"global_drawn"} & {note.code for note in fixed.notes}
    drawn = read(tmp_path, given(global_attributes=[discrete("mood", fine=0.5, bad=0.5)]))
    assert "global_drawn" in {note.code for note in drawn.notes}


def test_inclusive_gateways(tmp_path: Path) -> None:
    """Each way by its own chance; the likeliest where none is taken, which is rare."""
    paths = files(tmp_path, given(branch_rules=[], gateway_branching_probabilities=[{"gateway_id": "g",
        "probabilities": [{"path_id": "yes", "value": 0.9}, {"path_id": "no", "value": 0.2}]}]))  # fmt: skip
    text = paths[1].read_text(encoding="utf-8")
    paths[1].write_text(text.replace("exclusiveGateway", "inclusiveGateway"), encoding="utf-8")
    draft = draft_of(paths)
    route = draft.data["variants"]["current"]["routes"]["g"]
    assert route == {"each": {"yes": 0.9, "no": 0.2}, "default": "yes", "source": "imported"}
    built(draft, tmp_path)


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ([[rule("size", ">=", 3)]], {"size": {"value": 3}}),
        ([[rule("size", ">", 3)], [rule("size", "=", 9)]], {"size": {"value": 4}}),
        ([[rule("large_wt", ">", "3600")]], {"age": {"value": 60, "unit": "minute"}}),
        ([[rule("week_day", "=", "Monday"), rule("daily_hour", "=", "14")]], {"sittings": "sittings_b"}),
        ([[rule("daily_hour", ">=", 9), rule("daily_hour", "<", 12)]], {"sittings": "sittings_b"}),
        ([[rule("daily_hour", "=", 9), rule("size", ">", 1)]], {"sittings": "sittings_b"}),
        ([[rule("ready_wt", ">", 60)]], None),
        ([[rule("size", ">", 2), rule("large_wt", ">", 60)]], None),
        ([], {"size": {"value": 5}}),
    ],
)  # fmt: skip
def test_firing_rules(tmp_path: Path, rules: list[Any], expected: dict[str, Any] | None) -> None:
    """Sizes, ages and sittings; the rest is told, never silent."""
    batch = {"task_id": "b", "type": "Sequential", "size_distrib": [{"key": "5", "value": 1}], "firing_rules": rules}
    draft = read(tmp_path, given(batch_processing=[batch]))
    spec = draft.data["variants"]["current"]["elements"]["b"]
    assert spec.get("batch") == (expected and expected | {"source": "imported"})
    told = {note.code for note in draft.notes if note.code.startswith("batch")}
    assert bool(told) == (expected is None or "sittings" in expected)
    built(draft, tmp_path)


def test_a_batch_of_five_begins_together(tmp_path: Path) -> None:
    """With the size as the only rule five cases enter the work at one moment."""
    batch = {"task_id": "a", "type": "Sequential", "firing_rules": [[rule("size", ">=", 5)]]}
    always = [{"from": "MONDAY", "to": "SUNDAY", "beginTime": "00:00:00", "endTime": "23:59:59"}]
    calendars = [{"id": "c", "name": "always", "time_periods": always}]
    draft = read(tmp_path, given(batch_processing=[batch], resource_calendars=calendars))
    model = built(draft, tmp_path)
    log = replication_log(model, 0)
    waits = np.array([role == "batch" for role in model.net.roles])[log.node] & (log.node >= 0) & (log.ended >= 0)
    moments, number = np.unique(log.ended[waits], return_counts=True)
    assert len(moments) > 50
    assert set(number.tolist()) == {5}
    assert replicate(model, 0).finished > 500


def test_hours_with_names_of_their_own(tmp_path: Path) -> None:
    """The periods of the file are the hours of the pools, whichever section has them first."""
    assert (
        read(tmp_path, given(arrival_time_calendar={"time_periods": PERIODS})).data["calendar"]["office"]
        == "hours_9_17"
    )
