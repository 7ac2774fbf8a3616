from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from engine.errors import Finding
from simulations.promises import Assumption, Reference
from simulations.results import StudyResult, from_json, to_json
from simulations.summary import summarise
from tests.support.drawing import Draw
from tests.support.summaries import GUESS, POLICY, measured, model, replication, target, total


def study() -> StudyResult:
    """Two variants with everything that a result can hold."""
    draw = Draw().start().task("A", "B", "C").end().flow("start", "A", "B", "C", "end")
    common: dict[str, Any] = {
        "diagram": draw.diagram(),
        "measured": (measured("A", 28), measured("B", 10), measured("C", 5, source=GUESS)),
        "sums": (total("serial", "A", "B"),),
        "assumptions": (Assumption("elements.A.effort", "2 hours", "hour", (1.0, 4.0), GUESS),),
        "sources": (POLICY, GUESS),
    }
    models = {
        "before": model("before", **common, references=(Reference("procedures", 18, "procedures", POLICY),)),
        "after": model(
            "after",
            **common,
            targets=(target(), target(statistic="each", required_share=0.9), target("~", tolerance=1.5)),
            overrides=("pools.window.units: 1 -> 2",),
        ),
    }
    runs = {
        name: [replication(n, procedures=[6, 6], serial_days=[shift + n, shift + 1.5]) for n in range(8)]
        for name, shift in (("before", 40), ("after", 30))
    }
    return summarise(models, runs, "compiled", [Finding("load.overloaded", {"pool": "A", "load": 1.5, "missing": 2.0})])


def test_the_json_has_the_published_shape() -> None:
    """The keys that other programs rely on; more may be added, none may go."""
    data = to_json(study())
    top = "schema pipeline seed replications driver warnings variants differences assumptions digest"
    assert data.keys() >= set(top.split())
    assert (data["schema"], data["replications"], data["driver"], data["assumptions"]) == (
        1,
        8,
        "compiled",
        1,
    )
    after = json.loads(json.dumps(data))["variants"]["after"]
    assert after.keys() >= {"promise", "reference", "indicators", "cases", "targets"}
    assert after["promise"] == {"serial_days": 38, "procedures": 3, "critical_path_days": None}
    assert after["assumed_promise"] == {"critical_path_days": 43}
    assert after["cases"] == {"started": 16, "finished": 16, "unfinished": 0}
    serial = after["indicators"]["serial_days"]
    assert serial.keys() >= {"unit", "mean", "ci95", "p50", "p80", "p90", "p95", "p90_ci95"}
    assert serial["unit"] == "working_day"
    keys = "indicator statistic op limit unit value ci95 verdict share_within share_within_ci95"
    assert after["targets"][0].keys() >= {*keys.split(), "required_share", "source"}
    assert (after["targets"][0]["verdict"], after["targets"][0]["source"]) == ("met", "a1.goal")
    assert [t["required_share"] for t in after["targets"]] == [None, 0.9, None]


def test_differences_are_against_the_first_variant() -> None:
    """``from`` the first ``to`` each other, in words."""
    data: Any = to_json(study())
    by_name = {d["indicator"]: d for d in data["differences"]}
    assert by_name["serial_days"].items() >= {"from": "before", "to": "after", "verdict": "shorter"}.items()
    assert by_name["serial_days"]["difference"] == -10.0
    assert by_name["procedures"]["verdict"] == "not_distinguishable"


def test_a_result_survives_json() -> None:
    """Written, printed, parsed and read, it is the same object."""
    result = study()
    assert from_json(json.loads(json.dumps(to_json(result), allow_nan=False))) == result


def test_whole_numbers_that_people_wrote_have_no_point() -> None:
    """38 stays 38, also in the text; a figure of 1.5 stays 1.5."""
    text = json.dumps(to_json(study()))
    assert '"limit": 38,' in text
    assert '"tolerance": 1.5' in text
    assert '"value": 18,' in text


def test_numbers_that_are_not_finite_become_null() -> None:
    """Strict JSON knows no infinity."""
    result = study()
    after = result.variants["after"]
    estimate = replace(after.indicators["serial_days"], mean=float("nan"), ci95=(float("-inf"), 1.0))
    broken = replace(result, variants={"after": replace(after, indicators={"serial_days": estimate})})
    data: Any = json.loads(json.dumps(to_json(broken), allow_nan=False))
    found = data["variants"]["after"]["indicators"]["serial_days"]
    assert (found["mean"], found["ci95"]) == (None, [None, 1.0])


def test_warnings_speak_the_language_asked_for() -> None:
    """A warning is a finding with its sentence."""
    data: Any = to_json(study(), "zh")
    assert "请增加人手" in data["warnings"][0]["cure"]


def test_another_schema_is_refused() -> None:
    """A file of a later version is not read as if it were this one."""
    with pytest.raises(ValueError, match="schema 2, but schema 1"):
        from_json({**to_json(study()), "schema": 2})
