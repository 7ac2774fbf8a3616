"""Halls: what a file may say, what is refused and where, and that the library's hall is whole."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from app.main import main
from engine.errors import BadInput
from engine.live.replay import replay
from scenarios import library
from scenarios.halls import is_hall, load_hall
from simulations.arrivals import DAY_MS, Profile
from simulations.hall_figures import hall_log, months_of, replicate_hall

COUNTY = library.find_hall("county").read_text(encoding="utf-8")
SMALL = """schema: 1
hall: small
labels: {zh: 小厅, en: Small hall}
calendar:
  country: CN
  office: office
  hours:
    office:
      days: working
      open: ["08:00-12:00", "14:30-17:30"]
      exceptions:
        - {from: 2022-06-01, to: 2022-09-30, open: ["08:00-12:00", "15:00-18:00"]}
pools:
  counters:
    labels: {zh: 窗口, en: Counters}
    units: {value: 2, source: staff, range: [1, 3]}
    hours: office
    replaces_hours: true
sources:
  staff: {kind: assumption, text: {zh: 估计, en: Guess}}
pipelines:
  trade_licence:
    variant: after
    pools: {clerks: counters}
  procurement_contract:
    variant: after
    arrivals:
      rate: {value: 100, per: year, source: staff, range: [50, 200]}
    pools: {finance: counters}
study:
  start: 2022-01-01
  horizon: {value: 90, unit: natural_day}
  run_out: {value: 200, unit: natural_day}
  replications: 2
"""


@pytest.fixture
def load_text(tmp_path: Path):
    """Load a text as a hall."""

    def loaded(text: str):
        file = tmp_path / "hall.yaml"
        file.write_text(text, encoding="utf-8")
        return load_hall(str(file))

    return loaded


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("trade_licence:", "trade_license:", "scenario.unknown.pipeline", 22),
        ("variant: after\n    pools: {clerks", "variant: afer\n    pools: {clerks", "scenario.unknown.variant", 23),
        ("{clerks: counters}", "{clerk: counters}", "scenario.unknown.pool", 24),
        ("{clerks: counters}", "{clerks: counter}", "scenario.unknown.pool", 24),
        ("    replaces_hours: true\n", "", "scenario.hall.other_hours", 28),
        ("    pools: {clerks: counters}\n", "", "scenario.hall.unused_pool", 14),
        ("country: CN", "country: none", "scenario.hall.other_days", 22),
        ("hall: small", "hall: small\nhal: x", "scenario.unknown.key", 3),
        ("source: staff, range: [50", "source: stuff, range: [50", "scenario.unknown.source", 28),
        ("trade_licence:\n", "trade_licence:\n    scenario: no.yaml\n", "scenario.hall.no_scenario", 23),
        ("trade_licence:\n", "water_gas:\n    scenario: {other}\n", "scenario.hall.other_name", 22),
        (
            "  replications: 2",
            "  replications: 2\n  backlog: {cases: 9, age: {value: 30, unit: natural_day, source: staff}}",
            "scenario.hall.no_backlog",
            35,
        ),
        ("value: 90", "value: 300", "scenario.study.run_out", 30),
    ],
)
def test_bad_halls_are_refused(old: str, new: str, code: str, line: int, load_text) -> None:
    """With the code of what is wrong, at its line, among all findings."""
    assert old in SMALL
    text = SMALL.replace(old, new.replace("{other}", str(library.find("trade_licence"))))
    if code == "scenario.hall.unused_pool":
        text = text.replace("    pools: {finance: counters}\n", "")
    with pytest.raises(BadInput) as refused:
        load_text(text)
    assert code in [finding.code for finding in refused.value.findings]
    assert all(finding.describe("zh") and finding.describe("en") for finding in refused.value.findings)
    found = next(finding for finding in refused.value.findings if finding.code == code)
    if found.file and found.file.endswith("hall.yaml"):
        assert found.line == line


def test_two_pools_of_one_task_must_stay_two(load_text) -> None:
    """The joint inspection needs the housing bureau and the quality station at once."""
    text = COUNTY.replace("quality_station: inspectors}", "quality_station: inspectors, civil_air: inspectors}")
    with pytest.raises(BadInput) as refused:
        load_text(text)
    assert [finding.code for finding in refused.value.findings] == ["scenario.hall.pool_twice"]


def test_a_pipeline_draws_the_same_whoever_is_there(load_text) -> None:
    """Arrivals and draws hang on the pipeline's own key: common random numbers between halls."""
    both = load_text(SMALL).hall
    cut = SMALL.index("  procurement_contract:\n"), SMALL.index("study:")
    alone = load_text(SMALL[: cut[0]] + SMALL[cut[1] :]).hall
    found = [replicate_hall(hall, 0).parts["trade_licence"].cases for hall in (both, alone)]
    assert np.array_equal(found[0]["case"], found[1]["case"])
    assert found[0]["elapsed_days"].mean() >= found[1]["elapsed_days"].mean()  # a shared counter is no faster
    own = [
        load_text(text).hall.parts["trade_licence"]
        for text in (SMALL, SMALL.replace("rate: {value: 100", "rate: {value: 60"))
    ]
    assert own[0].arrivals.cumulative.tolist() == own[1].arrivals.cumulative.tolist()


def test_the_counter_is_shared(load_text) -> None:
    """Both pipelines work at it, and its figures add up."""
    hall = load_text(SMALL).hall
    assert [pool.name for pool in hall.pools][:1] == ["counters"]
    figures = replicate_hall(hall, 0).pools["counters"]
    assert (figures.busy.sum(axis=1) > 0).all()
    assert figures.busy.sum() < figures.able.sum()
    assert [first for _, _, first in months_of(hall.study)] == [date(2022, month, 1) for month in (1, 2, 3)]


def test_another_engine_accepts_what_a_hall_did(load_text) -> None:
    """SpiffWorkflow replays the first cases of every pipeline, taken out of the log of the hall."""
    hall = load_text(SMALL).hall
    for name, log in hall.taken_apart(hall_log(hall, 0)).items():
        part = hall.parts[name]
        first = log.take(np.flatnonzero(log.case < 10))
        assert len(first) > 10
        assert [c.describe("en") for c in replay(part.diagram, part.net, first)] == []


def test_the_county_hall_is_whole() -> None:
    """Its shared pools are those that the reform names, each used by two pipelines or more."""
    loaded = load_hall("county")
    assert not loaded.warnings
    users: dict[str, set[str]] = {}
    for name, part in loaded.hall.parts.items():
        for activity in part.activities:
            for pool in activity.pools if activity else ():
                users.setdefault(loaded.hall.pools[pool].name, set()).add(name)
    shared = ("comprehensive_counters", "filing_counters", "payment_counters", "inspectors", "judges")
    assert all(len(users[name]) >= 2 for name in shared)


def test_a_hall_is_told_from_a_pipeline(tmp_path: Path) -> None:
    """By its name, or by what its file says; whatever else it is, the loader of scenarios complains."""
    file = tmp_path / "hall.yaml"
    file.write_text(SMALL, encoding="utf-8")
    assert is_hall("county")
    assert is_hall(str(file))
    assert not is_hall("trade_licence")
    assert not is_hall(str(library.find("trade_licence")))
    assert not is_hall("nothing_there")


def test_the_command_shows_pipelines_and_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As tables, as JSON, and a log for each pipeline."""
    file = tmp_path / "hall.yaml"
    file.write_text(SMALL, encoding="utf-8")
    words = ["run", str(file), "--driver", "simpy", "--lang", "en", "--no-progress"]
    assert main([*words, "--log", str(tmp_path / "log.csv")]) == 0
    out = capsys.readouterr().out
    assert "Small hall: 2 pipelines" in out
    assert (tmp_path / "log.trade_licence.csv").is_file()
    assert (tmp_path / "log.procurement_contract.csv").is_file()
    assert main([*words, "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert list(result["pipelines"]) == ["trade_licence", "procurement_contract"]
    assert result["pools"]["counters"]["by_pipeline"].keys() == result["pipelines"].keys()
    assert result["pools"]["counters"]["load"] < 1
    assert main([*words, "--variant", "after"]) == 2
    assert main(["check", str(file)]) == 0


def test_periods_of_a_profile_weigh_their_days() -> None:
    """From the first to the last day, both inside; where two hold, their product."""
    start = date(2022, 1, 1)
    periods = ((date(2022, 1, 10), date(2022, 1, 30), 2.0), (date(2022, 1, 30), date(2022, 2, 2), 3.0))
    days = np.arange(0, 40, dtype=np.int64)
    weights = Profile(periods=periods).at(days * DAY_MS, start)
    assert weights[[8, 9, 28, 29, 30, 32, 33]].tolist() == [1, 2, 2, 6, 3, 3, 1]
