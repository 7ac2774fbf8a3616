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
from simulations.load import overload_findings

ROOT = Path(__file__).parents[3]
TRACES = [file for file in sorted((ROOT / "tests" / "traces").glob("*.bpmn")) if file.stem != "never_joined"]
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
    assert not [f for f in overload_findings(model, "en", False) if f.severity == "error"]


@pytest.mark.parametrize("file", TRACES, ids=lambda file: file.stem)
def test_every_sound_diagram_runs_at_once(file: Path, tmp_path: Path) -> None:
    """Whatever the engine runs: cases end, each entry has its line, each number is an assumption with a range."""
    draft = skeleton(file)
    draft.data["study"] |= {"horizon": 60, "replications": 1}
    scenario = load(str(draft.write(tmp_path / "out", "en")[0]))
    model = scenario.models["current"]
    assert replicate(model, 0).finished > 0
    assert all(a.source.kind == "assumption" for a in model.assumptions)
    assert not [w for w in scenario.warnings if w.code == "scenario.no_range"]
    assert not [f for f in overload_findings(model, "en", False) if f.severity == "error"]
    lines = file.read_text(encoding="utf-8").splitlines()
    for section in ("elements", "routes", "repeats"):
        for id_ in draft.data["variants"]["current"].get(section, {}):
            comment = draft.comments["variants", "current", section, id_]
            number = int(comment.split()[0].removeprefix(f"{file.name}:"))
            assert f'id="{id_}"' in lines[number - 1] or model.diagram.process.elements.get(id_) is None


def test_conditions_of_the_diagram_become_attributes(tmp_path: Path) -> None:
    """What is waited for comes; the rest is as likely as not; a name that none can be here is told."""
    text = (ROOT / "tests/traces/conditional_catch.bpmn").read_text(encoding="utf-8")
    for condition, wanted in {
        "approved": {"approved": {"probability": 1, "range": [0, 1], "source": "assumed"}},
        'kind == "big" and not late': {
            "kind": {"choices": {"big": 1}, "source": "assumed"},
            "late": {"probability": 0, "range": [0, 1], "source": "assumed"},
        },
        "area / 2 > 50": {"area": {"value": 500, "range": [0, 1000], "source": "assumed"}},
    }.items():
        file = tmp_path / "m.bpmn"
        file.write_text(text.replace(">approved<", f">{condition.replace('>', '&gt;')}<"), encoding="utf-8")
        assert skeleton(file).data["attributes"] == wanted
    boundary = skeleton(ROOT / "tests/traces/conditional_boundary.bpmn").data["attributes"]
    assert boundary == {"area": {"uniform": [0, 200], "range": [0, 200], "source": "assumed"}}
    file.write_text(text.replace(">approved<", ">isApproved<"), encoding="utf-8")
    assert [n.values["name"] for n in skeleton(file).notes if n.code == "attribute_name"] == ["isApproved"]


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
