"""Terminating and steady-state studies by name; the warm-up that is found; the chart to judge it by."""

from pathlib import Path

import pytest


@pytest.fixture
def busy(scenario: Path) -> Path:
    """The small scenario with more cases, so that its queues take their time to fill."""
    text = scenario.read_text(encoding="utf-8")
    text = text.replace(
        "value: 200, per: year, source: guess, range: [100, 300]", "value: 900, per: year, source: guess"
    )
    text = text.replace("horizon: {value: 60", "horizon: {value: 240").replace(
        "units: {value: 2, ", "units: {value: 2, "
    )
    scenario.write_text(text, encoding="utf-8")
    return scenario


def test_a_terminating_study_says_how_it_begins(reformsim, scenario):
    """From empty, with the period that is measured; the JSON has the same."""
    outcome = reformsim("compare", scenario, "--no-store", "--lang", "en")
    assert "Terminating study: from empty on 2022-01-01; cases that come from day 10 to day 60" in outcome.out
    study = reformsim("compare", scenario, "--no-store", "--json").json["study"]
    assert (study["kind"], study["warm_up"]["days"], study["backlog"]["cases"]) == ("terminating", 10, 0)


def test_a_steady_state_study_finds_its_warm_up(reformsim, busy):
    """By pilots from empty, for all variants alike; it is said in both languages."""
    words = ("compare", busy, "--no-store", "--study", "steady_state")
    study = reformsim(*words, "--json").json["study"]
    assert study["kind"] == "steady_state"
    assert study["warm_up"]["method"] == "MSER-5"
    needed = [days for own in study["warm_up"]["needed_days"].values() for days in own.values()]
    assert study["warm_up"]["days"] == max(needed)
    assert "MSER-5 on 10 pilot replications" in reformsim(*words, "--lang", "en").out
    assert "稳态研究" in reformsim(*words, "--lang", "zh").out


def test_a_stated_warm_up_of_a_steady_state_scenario_holds(reformsim, scenario):
    """Nothing is looked for then."""
    text = scenario.read_text(encoding="utf-8")
    scenario.write_text(text.replace("study:\n", "study:\n  kind: steady_state\n"), encoding="utf-8")
    study = reformsim("compare", scenario, "--no-store", "--json").json["study"]
    assert study["warm_up"] == {"days": 10, "method": "stated"}


def test_what_does_not_settle_is_refused(reformsim, scenario):
    """Too few cases to tell."""
    outcome = reformsim("compare", scenario, "--no-store", "--study", "steady_state", "--json")
    assert outcome.status == 2
    assert set(outcome.codes) == {"study.unsettled"}


def test_the_backlog_is_told(reformsim, scenario):
    """How many cases were in hand, and how old the oldest is."""
    text = scenario.read_text(encoding="utf-8").replace("  warmup: {value: 10, unit: natural_day}\n", "")
    age = "{uniform: [0, 20], unit: natural_day, source: guess, range: [5, 15]}"
    more = f"  backlog: {{cases: {{value: 40, source: guess, range: [20, 60]}}, age: {age}}}\n"
    scenario.write_text(text + more, encoding="utf-8")
    outcome = reformsim("compare", scenario, "--no-store", "--lang", "en")
    assert "from 40 cases in hand on 2022-01-01, the oldest 20 days old (not measured themselves)" in outcome.out


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_chart_shows_how_it_settles(reformsim, busy, tmp_path, language):
    """A panel for each variant, with the cut and the statistic."""
    file = tmp_path / "warm-up.svg"
    outcome = reformsim("chart", "warm-up", busy, "--no-store", "-o", file, "--lang", language)
    assert outcome.status == 0, outcome.err
    assert file.read_text(encoding="utf-8").count("MSER-5") >= 2
