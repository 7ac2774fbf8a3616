"""``reformsim sensitivity``, called as a planner would."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from tests.unit.app.conftest import Outcome

Program = Callable[..., Outcome]
QUICK = ("--processes", "1", "--replications", "2", "--variants", "after")


def tight(scenario: Path) -> Path:
    """The target so near that the review's effort decides."""
    content = scenario.read_text(encoding="utf-8")
    near = content.replace('statistic: mean, op: "<=", limit: 7', 'statistic: mean, op: "<=", limit: 0.15')
    assert near != content
    scenario.write_text(near, encoding="utf-8")
    return scenario


def test_a_break_even_is_said_in_both_languages(reformsim: Program, scenario: Path) -> None:
    """The table, and the sentence with the value at which the target turns."""
    tight(scenario)
    english = reformsim("sensitivity", scenario, *QUICK, "--lang", "en")
    assert english.status == 0
    assert "Met as long as Review: hands-on time is at most" in english.out
    chinese = reformsim("sensitivity", scenario, *QUICK, "--lang", "zh")
    assert '只要"审查：办理用时"不超过' in chinese.out


def test_the_report_holds_data_that_chart_reads_and_pictures(
    reformsim: Program, scenario: Path, tmp_path: Path
) -> None:
    """JSON, SVG, PNG; and `chart tornado` draws from one tornado of it."""
    told = reformsim("sensitivity", tight(scenario), *QUICK, "--report", tmp_path / "out", "--json")
    (tornado,) = told.json["tornados"]
    assert told.json["nearest"]["place"] == tornado["bars"][0]["place"]
    assert {file.name for file in (tmp_path / "out").iterdir()} == {
        "sensitivity.json", "tornado-after-1.png", "tornado-after-1.svg",
    }  # fmt: skip
    data = tmp_path / "one.json"
    data.write_text(json.dumps(tornado), encoding="utf-8")
    drawn = reformsim("chart", "tornado", scenario, "--data", data, "-o", tmp_path / "again.svg")
    assert drawn.status == 0, drawn.err


def test_compare_says_the_nearest_break_even_in_its_headline(reformsim: Program, scenario: Path) -> None:
    """In the first sentence; without the option it is not there."""
    tight(scenario)
    plain = reformsim("compare", scenario, "--processes", "1", "--lang", "en")
    assert "as long as" not in plain.out
    told = reformsim("compare", scenario, "--processes", "1", "--lang", "en", "--sensitivity")
    assert "met as long as Review: hands-on time is at most" in told.out.splitlines()[0]


def test_a_variant_without_a_target_is_refused(reformsim: Program, scenario: Path) -> None:
    """There is nothing to hold the assumptions against."""
    content = scenario.read_text(encoding="utf-8")
    lines = content.splitlines(keepends=True)
    kept = [line for line in lines if "targets:" not in line and "indicator: approval_days" not in line]
    assert len(lines) - len(kept) == 4
    scenario.write_text("".join(kept), encoding="utf-8")
    told = reformsim("sensitivity", scenario, "--json")
    assert told.status == 2
    assert told.codes == ["sensitivity.no_target"]
