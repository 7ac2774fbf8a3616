"""A skeleton for any diagram runs at once and says where each number belongs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.elements.task import TAGS
from engine.errors import BadInput
from scenarios.interchange.plain import skeleton
from scenarios.loading import load
from simulations.drivers.replicate import replicate

ROOT = Path(__file__).parents[3]
DIAGRAMS = sorted((ROOT / "bpmn").rglob("*.bpmn"))[:9]


@pytest.mark.parametrize("file", DIAGRAMS, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_a_skeleton_loads_and_names_every_line(file: Path, tmp_path: Path) -> None:
    """Every task has an entry under a comment with its line; the scenario has no error."""
    draft = skeleton(file)
    written = draft.write(tmp_path / "out", "en")
    scenario = load(str(written[0]))
    model = scenario.models["current"]
    lines = written[0].read_text(encoding="utf-8").splitlines()
    for element in model.diagram.process.elements.values():
        if element.tag in TAGS:
            here = next(i for i, line in enumerate(lines) if re.match(rf" +{re.escape(element.id)}:", line))
            assert lines[here - 1].strip().startswith(f"# {file.name}:{element.line} {element.tag}")
    assert all(a.source.kind == "assumption" for a in model.assumptions)
    assert not [w for w in scenario.warnings if w.code == "scenario.no_range"]


def test_a_skeleton_runs(tmp_path: Path) -> None:
    """Cases come and nearly all of them end."""
    written = skeleton(ROOT / "bpmn/enterprise_opening/before.bpmn").write(tmp_path / "out", "zh")
    found = replicate(load(str(written[0])).models["current"], 0)
    assert found.finished > 100
    assert found.unfinished <= 0.02 * found.started


def test_a_folder_with_a_scenario_is_left_alone(tmp_path: Path) -> None:
    """Nothing is overwritten."""
    draft = skeleton(ROOT / "bpmn/enterprise_opening/after.bpmn")
    draft.write(tmp_path, "en")
    before = (tmp_path / "scenario.yaml").read_bytes()
    with pytest.raises(BadInput, match="exists already"):
        draft.write(tmp_path, "en")
    assert (tmp_path / "scenario.yaml").read_bytes() == before


def test_a_diagram_that_cannot_run_is_refused(tmp_path: Path) -> None:
    """The findings of the diagram are those of check."""
    (tmp_path / "bad.bpmn").write_text("{}")
    with pytest.raises(BadInput, match="JSON"):
        skeleton(tmp_path / "bad.bpmn")
