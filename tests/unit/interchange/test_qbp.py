"""QBP is read by the meanings of its schema, wherever it stands; what was surely meant otherwise is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import BadInput
from scenarios.interchange.importing import draft_of
from scenarios.interchange.qbp import NAMESPACE
from scenarios.loading import load

CHAIN = Path(__file__).parents[2] / "data" / "chain" / "chain.qbp.bpmn"

BPMN = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="x">
<process id="p">INSIDE<startEvent id="s"/><task id="a" name="A"/><exclusiveGateway id="g"/><task id="b" name="B"/>
<endEvent id="e"/><sequenceFlow id="f1" sourceRef="s" targetRef="a"/><sequenceFlow id="f2" sourceRef="a" targetRef="g"/>
<sequenceFlow id="yes" sourceRef="g" targetRef="b"/><sequenceFlow id="no" sourceRef="g" targetRef="e"/>
<sequenceFlow id="f3" sourceRef="b" targetRef="e"/></process>OUTSIDE</definitions>
"""
INFO = f"""<qbp:processSimulationInfo xmlns:qbp="{NAMESPACE}" processInstances="100"
startDateTime="2026-01-05T09:00:00Z">
<qbp:arrivalRateDistribution type="EXPONENTIAL" mean="NaN" arg1="600" arg2="NaN"><qbp:timeUnit>minutes</qbp:timeUnit>
</qbp:arrivalRateDistribution><qbp:statsOptions trimStartProcessInstances="0.1" trimEndProcessInstances="0.1"/>
<qbp:timetables><qbp:timetable id="T" default="true" name="Weekdays"><qbp:rules>
<qbp:rule fromTime="09:00:00.000+00:00" toTime="17:00:00.000+00:00" fromWeekDay="MONDAY" toWeekDay="THURSDAY"/>
<qbp:rule fromTime="09:00:00" toTime="15:00:00" fromWeekDay="FRIDAY" toWeekDay="FRIDAY"/></qbp:rules></qbp:timetable>
</qbp:timetables><qbp:resources><qbp:resource id="R" name="Clerk" totalAmount="2" costPerHour="10" timetableId="T"/>
</qbp:resources><qbp:elements><qbp:element elementId="a"><qbp:durationDistribution type="TYPE"
mean="M" arg1="X" arg2="Y"><qbp:timeUnit>hours</qbp:timeUnit></qbp:durationDistribution>
<qbp:resourceIds><qbp:resourceId>R</qbp:resourceId>
</qbp:resourceIds></qbp:element></qbp:elements><qbp:sequenceFlows>
<qbp:sequenceFlow elementId="yes" executionProbability="0.3"/>
<qbp:sequenceFlow elementId="no" executionProbability="0.7"/>
</qbp:sequenceFlows></qbp:processSimulationInfo>"""


def model(tmp_path: Path, info: str = INFO, inside: bool = False, values: str = "FIXED 60 NaN NaN") -> Path:
    """A file with the parameters in one of the two places, and a duration of the task ``a``."""
    for key, value in zip(("TYPE", '"M"', '"X"', '"Y"'), values.split(), strict=True):
        info = info.replace(key, value if key == "TYPE" else f'"{value}"')
    text = BPMN.replace("INSIDE", f"<extensionElements>{info}</extensionElements>" if inside else "")
    file = tmp_path / "m.bpmn"
    file.write_text(text.replace("OUTSIDE", "" if inside else info), encoding="utf-8")
    return file


@pytest.mark.parametrize("inside", [True, False])
def test_both_places_are_one_model(tmp_path: Path, inside: bool) -> None:
    """In the process or at the end of the file: the same scenario, which loads and says what was assumed."""
    draft = draft_of([model(tmp_path, inside=inside)])
    variant = draft.data["variants"]["current"]
    assert variant["routes"] == {"g": {"shares": {"yes": 0.3, "no": "rest"}, "source": "imported"}}
    assert variant["elements"]["a"] == {
        "effort": {"value": 60, "unit": "second", "source": "imported"}, "pools": ["clerk"],
    }  # fmt: skip
    assert draft.data["calendar"]["hours"]["weekdays"] == {
        "days": ["mon", "tue", "wed", "thu"], "open": ["09:00-17:00"], "weekly": {"fri": ["09:00-15:00"]},
    }  # fmt: skip
    assert draft.data["pools"]["clerk"]["hourly_cost"] == {"value": 10, "source": "imported"}
    assert [n.code for n in draft.notes if n.kind == "assumed"] == ["no_time", "horizon", "warmup", "trim_end"]
    scenario = load(str(draft.write(tmp_path / "out", "en")[0]))
    assert scenario.models["current"].arrivals.most == 100
    friday = 4 * 86_400_000
    hours = scenario.models["current"].pools[0].hours
    assert hours.is_open(friday + 14 * 3_600_000)
    assert not hours.is_open(friday + 16 * 3_600_000)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ("FIXED 90 NaN NaN", {"value": 90}),
        ("FIXED 0 60 NaN", {"value": 0}),
        ("EXPONENTIAL NaN 300 0", {"exponential": 300}),
        ("NORMAL 600 120 0", {"normal": {"mean": 600, "sd": 120}}),
        ("UNIFORM 3600 60 120", {"uniform": [60, 120]}),
        ("TRIANGULAR 90 60 120", {"triangular": [60, 90, 120]}),
        ("GAMMA 600 14400 NaN", {"gamma": {"mean": 600, "sd": 120}}),
        ("LOGNORMAL 600 14400 NaN", {"lognormal": {"mean": 600, "sd": 120}}),
    ],
)
def test_the_meaning_of_arguments(tmp_path: Path, values: str, expected: dict[str, object]) -> None:
    """Seconds always; EXPONENTIAL by arg1; GAMMA and LOGNORMAL by variance; what is surely wrong draws a note."""
    draft = draft_of([model(tmp_path, values=values)])
    effort = draft.data["variants"]["current"]["elements"]["a"]["effort"]
    assert effort == expected | {"unit": "second", "source": "imported"}
    assert ("fixed_by_mean" in [n.code for n in draft.notes]) == (values == "FIXED 0 60 NaN")


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('elementId="a"', 'elementId="nowhere"', "missing"),
        ('type="EXPONENTIAL"', 'type="CAUCHY"', "distribution"),
        ('arg1="600"', 'arg1="NaN"', "no_number"),
        ('toTime="15:00:00"', 'toTime="late"', "rule"),
        ("<qbp:resourceId>R<", "<qbp:resourceId>Q<", "missing"),
        ('totalAmount="2"', 'totalAmount="NaN"', "amount"),
        ('executionProbability="0.3"', 'executionProbability="NaN"', "share"),
        ('timetableId="T"', 'timetableId="U"', "missing"),
        ('elementId="no"', 'elementId="maybe"', "missing"),
    ],
)
def test_bad_parameters_are_told_with_their_line(tmp_path: Path, old: str, new: str, code: str) -> None:
    """One finding with code, line and cure in both languages."""
    assert old in INFO
    with pytest.raises(BadInput) as caught:
        draft_of([model(tmp_path, INFO.replace(old, new))])
    assert [f.code for f in caught.value.findings] == [f"interchange.{code}"]
    assert caught.value.findings[0].line
    for language in ("en", "zh"):
        assert caught.value.findings[0].describe(language)


def test_a_calendar_that_never_opens(tmp_path: Path) -> None:
    """Nobody would ever work."""
    info = INFO.replace('toTime="17:00:00.000+00:00"', 'toTime="09:00:00.000+00:00"').replace("15:00:00", "09:00:00")
    with pytest.raises(BadInput, match="never does"):
        draft_of([model(tmp_path, info)])


def test_hostile_xml_is_refused(tmp_path: Path) -> None:
    """An entity is not resolved."""
    file = model(tmp_path)
    text = file.read_text(encoding="utf-8").replace("?>", '?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>', 1)
    file.write_text(text.replace('name="A"', 'name="&x;"'), encoding="utf-8")
    with pytest.raises(BadInput):
        draft_of([file])
