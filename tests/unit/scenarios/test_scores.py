"""Shares, indices, statutory limits and a base of the costs in the scenario language."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.errors import BadInput
from scenarios.loading import load
from simulations.drivers.simpy_driver import simulate
from simulations.indicators import measure
from simulations.model import SimulationModel
from tests.unit.app.conftest import DIAGRAM, SCENARIO

Build = Callable[..., SimulationModel]

MEASURED = """      - element: Accept
        kind: other
        limit: {value: 1, unit: working_day, source: guess, range: [1, 2]}
        statutory: {value: 5, unit: working_day, source: guess, range: [5, 5]}
        visits: {value: 1, source: guess, range: [0, 1]}
        cost: {value: 300, source: guess, range: [200, 400]}
"""
SAID = """    shares:
      corrected: {elements: [Correct], labels: {zh: 补正占比, en: corrected}}
    indices:
      quality:
        labels: {zh: 质量指数, en: quality index}
        parts:
          rules: {value: 2, of: 2, labels: {zh: 规则, en: Rules}, source: guess, range: [1, 2]}
          checks: {value: 1, of: 3, labels: {zh: 检查, en: Checks}, source: guess, range: [0, 3]}
"""
TARGETS = """      - {indicator: compression, statistic: mean, op: ">=", limit: 80, unit: percent, source: guess}
      - {indicator: quality_index, statistic: mean, op: ">=", limit: 14, unit: points, source: guess}
      - {indicator: cost_share, statistic: mean, op: "<", limit: 20, unit: percent, source: guess}
      - {indicator: corrected_share, statistic: mean, op: "<=", limit: 50, unit: percent, source: guess}
"""


@pytest.fixture
def build(tmp_path: Path) -> Build:
    """The small scenario with everything that is counted beside days; pairs of words are exchanged first."""
    (tmp_path / "licence.bpmn").write_text(DIAGRAM, encoding="utf-8")

    def built(*changes: tuple[str, str]) -> SimulationModel:
        head, tail = SCENARIO.split("    sums: {approval: [Permit]}\n", 1)
        first, rest = tail.split("  after:\n", 1)
        base = "cost_base: {value: 2000, source: guess, range: [1000, 3000]}\nsources:\n"
        text = head.replace("sources:\n", base) + MEASURED + "    sums: {approval: [Permit]}\n" + SAID + first
        text = text + TARGETS + "  after:\n" + rest
        for old, new in changes:
            assert old in text
            text = text.replace(old, new, 1)
        file = tmp_path / "licence.yaml"
        file.write_text(text, encoding="utf-8")
        return load(str(file)).models["before"]

    return built


def test_what_is_said_is_measured(build: Build) -> None:
    """1 of 5 days is 80 % less; 300 of 2,000 yuan are 15 %; 2 + 1 points; 15 % are corrected at each attempt."""
    model = build()
    cases = measure(simulate(model, 0), model).cases
    assert set(cases["compression"]) == {80.0}
    assert set(cases["cost_share"]) == {15.0}
    assert set(cases["quality_index"]) == {3.0}
    assert set(cases["no_visit_share"]) == {0.0}
    assert 0 < cases["corrected_share"].mean() < 50
    assert {target.indicator for target in model.targets} <= set(cases)
    places = {assumption.place for assumption in model.assumptions}
    assert {"cost_base", "variants.before.indices.quality.parts.checks"} <= places


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("corrected: {", "no_visit: {", "scenario.share.reserved"),
        ("elements: [Correct]", "elements: [Corect]", "scenario.unknown.measurable"),
        ("{value: 1, of: 3,", "{value: 4, of: 3,", "scenario.index.points"),
        ("{value: 5, unit: working_day, source: guess, range: [5, 5]}", "{value: 1, unit: month, source: guess}",
         "scenario.measured.statutory"),
        ("unit: points", "unit: percent", "scenario.target_unit"),
        ("indicator: compression", "indicator: compresion", "scenario.unknown.indicator"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(build: Build, old: str, new: str, code: str) -> None:
    """Each at its place, with its cure in both languages."""
    with pytest.raises(BadInput) as caught:
        build((old, new))
    found = [finding for finding in caught.value.findings if finding.code == code]
    assert found, [finding.code for finding in caught.value.findings]
    assert all(finding.line and finding.message("zh") and finding.message("en") for finding in found)
