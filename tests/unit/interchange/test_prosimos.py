"""Prosimos' two files become a scenario: bounds, calendars, attributes, rules; what has no word here is said."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.errors import BadInput
from scenarios.interchange.importing import draft_of
from scenarios.interchange.prosimos_file import Stated
from scenarios.interchange.prosimos_values import drawn_from
from scenarios.loading import load
from tests.unit.interchange.test_qbp import BPMN

PERIODS = [{"from": "MONDAY", "to": "FRIDAY", "beginTime": "09:00:00.000", "endTime": "17:00:00.000"}]


def params(*values: float) -> list[dict[str, float]]:
    return [{"value": value} for value in values]


GIVEN: dict[str, Any] = {
    "resource_profiles": [
        {"id": "P", "name": "Clerks", "resource_list": [
            {"id": "r1", "name": "Ann", "cost_per_hour": 30, "amount": 1, "calendar": "c", "assignedTasks": ["a"]},
            {"id": "r2", "name": "Bob", "cost_per_hour": 10, "amount": 1, "calendar": "c", "assignedTasks": ["a"]}]},
        {"id": "Q", "name": "Boss", "resource_list": [
            {"id": "r3", "name": "Boss", "cost_per_hour": 50, "amount": 1, "calendar": "c", "assignedTasks": ["b"]}]},
    ],
    "resource_calendars": [{"id": "c", "name": "9-17", "time_periods": PERIODS}],
    "arrival_time_distribution": {"distribution_name": "expon", "distribution_params": params(1800, 0, 1e9)},
    "arrival_time_calendar": PERIODS,
    "task_resource_distribution": [
        {"task_id": "a", "resources": [
            {"resource_id": "r1", "distribution_name": "fix", "distribution_params": params(600)},
            {"resource_id": "r2", "distribution_name": "fix", "distribution_params": params(1200)}]},
        {"task_id": "b", "resources": [
            {"resource_id": "r3", "distribution_name": "norm", "distribution_params": params(600, 120, 60, 3600)}]},
    ],
    "gateway_branching_probabilities": [
        {"gateway_id": "g", "probabilities": [
            {"path_id": "yes", "value": 0.3, "condition_id": "big"}, {"path_id": "no", "value": 0.7}]}],
    "case_attributes": [
        {"name": "client_type", "type": "discrete", "values": [
            {"key": "REGULAR", "value": 0.8}, {"key": "BUSINESS", "value": 0.2}]},
        {"name": "amount", "type": "continuous",
         "values": {"distribution_name": "uniform", "distribution_params": params(0, 100)}}],
    "branch_rules": [{"id": "big", "rules": [
        [{"attribute": "client_type", "comparison": "=", "value": "BUSINESS"},
         {"attribute": "amount", "comparison": ">", "value": "50"}],
        [{"attribute": "amount", "comparison": "in", "value": ["90", "inf"]}]]}],
    "event_distribution": [], "event_attributes": [], "prioritisation_rules": [
        {"priority_level": 1, "rules": [[{"attribute": "client_type", "comparison": "=", "value": "BUSINESS"}]]}],
    "batch_processing": [{"task_id": "b", "type": "Parallel", "batch_frequency": 1.0,
        "size_distrib": [{"key": "1", "value": 0.2}, {"key": "2", "value": 0.8}],
        "duration_distrib": [{"key": "3", "value": 0.5}],
        "firing_rules": [[{"attribute": "size", "comparison": ">=", "value": 3}],
                         [{"attribute": "large_wt", "comparison": ">", "value": 7200}]]}],
}  # fmt: skip


def files(tmp_path: Path, given: Any = GIVEN) -> list[Path]:
    """Both files."""
    bpmn, parameters = tmp_path / "m.bpmn", tmp_path / "m.json"
    bpmn.write_text(BPMN.replace("INSIDE", "").replace("OUTSIDE", ""), encoding="utf-8")
    parameters.write_text(given if isinstance(given, str) else json.dumps(given), encoding="utf-8")
    return [parameters, bpmn]


def test_a_whole_model(tmp_path: Path) -> None:
    """It loads, and everything without a word of its own here is in the report."""
    draft = draft_of(files(tmp_path))
    variant = draft.data["variants"]["current"]
    assert variant["routes"]["g"]["conditions"] == {
        "yes": '(client_type == "BUSINESS" and amount > 50) or (amount >= 90)'
    }
    assert variant["routes"]["g"]["default"] == "no"
    assert draft.data["pools"]["ann"]["units"]["value"] == 2
    assert draft.data["pools"]["ann"]["hourly_cost"]["value"] == 20
    assert variant["elements"]["a"]["effort"]["empirical"] == {"values": [600, 1200], "weights": [1, 1]}
    assert variant["elements"]["b"]["effort"]["normal"] == {"mean": 300, "sd": 60, "low": 30, "high": 1800}
    codes = {note.code for note in draft.notes}
    assert codes == {"model", "speeds", "priority", "batch_alone", "batch_work", "horizon"}
    assert variant["elements"]["b"]["batch"] == {
        "size": {"value": 3}, "age": {"value": 120, "unit": "minute"}, "source": "imported",
    }  # fmt: skip
    model = load(str(draft.write(tmp_path / "out", "zh")[0])).models["current"]
    assert [a.name for a in model.attributes] == ["client_type", "amount"]
    assert [pool.units for pool in model.pools] == [2, 1]


def test_both_forms_of_the_arrival_calendar(tmp_path: Path) -> None:
    """A list, and the mapping that Simod writes."""
    plain = draft_of(files(tmp_path))
    given = GIVEN | {"arrival_time_calendar": {"id": "x", "time_periods": PERIODS}}
    assert draft_of(files(tmp_path, given)).data == plain.data


@pytest.mark.parametrize(
    ("kind", "values", "word"),
    [("expon", (600, 0, 1e9), "exponential"), ("expon", (600, 100, 1200), "empirical"),
     ("lognorm", (600, 40000, 0, 1e9), "lognormal"), ("gamma", (600, 40000, 300, 700), "empirical"),
     ("norm", (600, 200, 500, 700), "normal"), ("uniform", (60, 120), "uniform"), ("fix", (5,), "value")],
)  # fmt: skip
def test_what_is_drawn_outside_is_drawn_again(kind: str, values: tuple[float, ...], word: str) -> None:
    """The mean is that of draws which are repeated until they lie within the bounds."""
    from scenarios.interchange.imported import mean_of

    drawn, tabled = drawn_from(Stated(distribution_name=kind, distribution_params=params(*values)))
    assert list(drawn) == [word]
    assert tabled == (word == "empirical")
    random = np.random.default_rng(1)
    if kind in ("fix", "uniform"):
        expected = sum(values) / len(values)
    else:
        mean, n = values[0], 400_000
        sd = math.sqrt(values[1])
        spread = math.log(1 + values[1] / mean**2)
        draws = {
            "expon": lambda: random.exponential(mean, n),
            "norm": lambda: random.normal(mean, values[1], n),
            "gamma": lambda: random.gamma(mean**2 / sd**2, sd**2 / mean, n),
            "lognorm": lambda: random.lognormal(math.log(mean) - spread / 2, math.sqrt(spread), n),
        }[kind]()
        expected = draws[(draws >= values[-2]) & (draws <= values[-1])].mean()
    assert mean_of(drawn | {"unit": "second"}) == pytest.approx(expected, rel=0.005)


def change(path: str, value: Any) -> dict[str, Any]:
    """The model with one value changed."""
    given = json.loads(json.dumps(GIVEN))
    *keys, last = [int(key) if key.isdigit() else key for key in path.split("/")]
    place: Any = given
    for key in keys:
        place = place[key]
    place[last] = value
    return given


@pytest.mark.parametrize(
    ("path", "value", "code", "told"),
    [
        ("task_resource_distribution/0/task_id", "nowhere", "missing", "nowhere"),
        ("task_resource_distribution/0/resources/0/resource_id", "r9", "missing", "r9"),
        ("task_resource_distribution/1/resources/0/distribution_name", "exponnorm", "distribution", "exponnorm"),
        ("task_resource_distribution/0/resources/0/distribution_params/0/value", "NaN", "no_number", "NaN"),
        ("task_resource_distribution/1/resources/0/distribution_params/2/value", 9000, "bounds", "9000"),
        ("resource_calendars/0/time_periods/0/endTime", "09:00:00", "never_open", "9-17"),
        ("resource_calendars/0/time_periods/0/from", "MONTAG", "rule", "MONTAG"),
        ("resource_profiles/0/resource_list/0/calendar", "d", "missing", "d"),
        ("resource_profiles/0/resource_list/0/amount", 0, "amount", "0"),
        ("gateway_branching_probabilities/0/gateway_id", "h", "missing", "gateway"),
        ("gateway_branching_probabilities/0/probabilities/0/path_id", "f", "missing", "sequence flow"),
        ("gateway_branching_probabilities/0/probabilities/0/condition_id", "small", "missing", "branch rule"),
        ("gateway_branching_probabilities/0/probabilities/1/value", "NaN", "share", "NaN"),
        ("arrival_time_distribution/distribution_params/0/value", "inf", "no_number", "inf"),
        ("resource_profiles/0/resource_list/0/cost_per_hour", -1, "cost", "-1"),
        ("resource_profiles/0/resource_list/1/id", "r1", "names", "r1"),
        ("task_resource_distribution", {"a": 1}, "prosimos.list", "list"),
        ("resource_profiles/0/resource_list/0", 5, "prosimos.mapping", "mapping"),
        ("resource_profiles/0/resource_list/0/name", ["x"], "prosimos.text", "text"),
        ("resource_profiles/0/resource_list/0", {"id": "r1"}, "prosimos.missing", "calendar"),
        ("batch_processing/0/firing_rules/0/0/attribute", "colour", "missing", "colour"),
        ("batch_processing/0/firing_rules/0/0/value", "NaN", "no_number", "NaN"),
        ("case_attributes/0/values/0/value", "NaN", "share", "NaN"),
        ("case_attributes/1/values/distribution_params/0/value", "NaN", "no_number", "NaN"),
        ("batch_processing/0/task_id", "z", "missing", "z"),
    ],
)  # fmt: skip
def test_bad_parameters(tmp_path: Path, path: str, value: Any, code: str, told: str) -> None:
    """The finding names what is wrong, in both languages."""
    with pytest.raises(BadInput) as caught:
        draft_of(files(tmp_path, change(path, value)))
    full = code if code.startswith("prosimos.") else f"interchange.{code}"
    first = next(f for f in caught.value.findings if f.code == full)
    assert first.file is not None
    assert first.element
    assert told in first.message("en")
    assert first.describe("zh")


@pytest.mark.parametrize("text", ["{", '{"resource_profiles": [1,}', "[]", "null", '{"a": 1}', "[" * 100_000])
def test_what_is_no_model(tmp_path: Path, text: str) -> None:
    """Broken JSON and other JSON are refused by one finding."""
    with pytest.raises(BadInput) as caught:
        draft_of(files(tmp_path, text))
    assert len(caught.value.findings) == 1
