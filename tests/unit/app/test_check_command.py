"""``reformsim check``: what it may be given, and what it says of each diagram."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Reformsim = Callable[..., Any]

TRACES = Path(__file__).parents[2] / "traces"
LOOP = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="urn:x">
  <process id="p" isExecutable="true">
    <startEvent id="start"/><task id="a"/><parallelGateway id="fork"/><endEvent id="end"/>
    <exclusiveGateway id="merge"/><exclusiveGateway id="choice"/>
    <sequenceFlow id="f1" sourceRef="start" targetRef="merge"/>
    <sequenceFlow id="f2" sourceRef="merge" targetRef="a"/>
    <sequenceFlow id="f3" sourceRef="a" targetRef="fork"/>
    <sequenceFlow id="f4" sourceRef="fork" targetRef="end"/>
    {rest}
  </process>
</definitions>
"""
NEVER_ENDS = LOOP.replace("{rest}", '<sequenceFlow id="f5" sourceRef="fork" targetRef="merge"/>').replace(
    '<exclusiveGateway id="choice"/>', ""
)
LEAVES_BEHIND = LOOP.replace(
    "{rest}",
    '<sequenceFlow id="f5" sourceRef="fork" targetRef="choice"/>'
    '<sequenceFlow id="f6" sourceRef="choice" targetRef="merge"/>'
    '<sequenceFlow id="f7" sourceRef="choice" targetRef="end"/>',
)
GROWS = LEAVES_BEHIND.replace('id="f4" sourceRef="fork" targetRef="end"', 'id="f4" sourceRef="fork" targetRef="merge"')


def test_each_diagram_is_sound_unsound_or_not_decided(reformsim: Reformsim) -> None:
    """The two traces that are drawn wrong on purpose are the only unsound ones."""
    found = reformsim("check", TRACES, "--json").json
    unsound = {Path(d["file"]).stem for d in found["diagrams"] if d["soundness"] == "unsound"}
    assert unsound == {"never_joined", "implicit_split_and_merge"}
    assert {d["soundness"] for d in found["diagrams"]} == {"sound", "unsound"}
    assert "85 sound, 2 unsound, 0 not decided" in reformsim("check", TRACES, "--lang", "en").out
    assert "85 张健全" in reformsim("check", TRACES, "--lang", "zh").out


@pytest.mark.parametrize(
    ("diagram", "code", "way"),
    [
        (NEVER_ENDS, "diagram.never_ends", "start"),
        (LEAVES_BEHIND, "diagram.leaves_behind", "start → merge → a → fork"),
        (GROWS, "diagram.grows", "this way: start → merge → a → fork."),
    ],
)
def test_loops_that_go_wrong_are_told_with_a_way(
    reformsim: Reformsim, tmp_path: Path, diagram: str, code: str, way: str
) -> None:
    """A loop that nothing leaves, one that makes tokens, and one that leaves tokens behind."""
    (tmp_path / "loop.bpmn").write_text(diagram)
    found = reformsim("check", tmp_path / "loop.bpmn", "--json", "--lang", "en").json
    finding = next(finding for finding in found["findings"] if finding["code"] == code)
    assert way in finding["message"]
    assert finding["line"]
    assert found["diagrams"] == [{"file": str(tmp_path / "loop.bpmn"), "soundness": "unsound"}]


def test_a_pipeline_of_the_library_is_checked_by_its_name(reformsim: Reformsim) -> None:
    """Its scenario and its diagrams; a name that is nearly right gets a question back."""
    found = reformsim("check", "water_gas", "--json").json
    assert (found["files"], len(found["diagrams"])) == (3, 2)
    wrong = reformsim("check", "water_gaz", "--lang", "en")
    assert wrong.status == 1
    assert "water_gas" in wrong.out


def test_check_knows_days_off_from_a_file(reformsim: Reformsim, tmp_path: Path) -> None:
    """A year that nothing is known of is told without the file, and not with it."""
    text = (Path(__file__).parents[3] / "scenarios" / "library" / "water_gas.yaml").read_text()
    start = next(line for line in text.splitlines() if line.strip().startswith("start:"))
    later = text.replace(start, start.split(":")[0] + ": 2031-01-01")
    (tmp_path / "later.yaml").write_text(later.replace("../../bpmn/", f"{Path(__file__).parents[3]}/bpmn/"))
    (tmp_path / "days.csv").write_text("date,state\n" + "".join(f"20{y}-01-01,off\n" for y in range(30, 36)))
    without = reformsim("check", tmp_path / "later.yaml", "--json").json
    with_file = reformsim("check", tmp_path / "later.yaml", "--holidays", tmp_path / "days.csv", "--json").json
    assert without["findings"]
    assert with_file["findings"] == []
