"""A stated backlog: cases with an age, before anybody has worked on them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from engine.calendars.units import DAY
from engine.errors import BadInput
from engine.log import CASE_NODE
from scenarios.loading import load
from simulations.drivers.compiled.driver import simulate_compiled
from simulations.drivers.simpy_driver import simulate
from simulations.indicators import measure
from simulations.model import SimulationModel
from simulations.self_checks import require_sound
from tests.support.drivers import NEEDS_NUMBA
from tests.unit.app.conftest import DIAGRAM, SCENARIO

BACKLOG = """  backlog:
    cases: {value: 300, source: guess, range: [200, 400]}
    age: {uniform: [0, 40], unit: natural_day, source: guess, range: [10, 25]}
"""
Build = Callable[..., SimulationModel]


@pytest.fixture
def build(tmp_path: Path) -> Build:
    """The small scenario with other words about its study."""
    (tmp_path / "licence.bpmn").write_text(DIAGRAM, encoding="utf-8")

    def built(extra: str = "", warmup: int = 0, arrivals: str = "", variant: str = "before") -> SimulationModel:
        text = SCENARIO.replace("warmup: {value: 10, unit: natural_day}", f"warmup: {warmup}") + extra
        if arrivals:
            text = text.replace("rate: {value: 200, per: year, source: guess, range: [100, 300]}", arrivals)
        file = tmp_path / "licence.yaml"
        file.write_text(text, encoding="utf-8")
        return load(str(file)).models[variant]

    return built


def test_the_oldest_case_sets_the_first_day(build: Build) -> None:
    """The calendar begins there; the measured period and the doors open on the study's own start."""
    model = build(BACKLOG)
    lead = model.study.opening // DAY
    assert model.study.start.toordinal() == date(2022, 1, 1).toordinal() - lead
    assert lead == 50  # 40 days, stretched to the upper end of the range of the mean
    assert (model.study.warmup, model.study.horizon) == (lead * DAY, (lead + 60) * DAY)
    assert len(model.arrivals.backlog) == 300
    age = (model.study.opening - model.arrivals.backlog) / DAY
    assert age.mean() == pytest.approx(20, abs=0.1)
    assert all(pool.hours.begin[0] >= model.study.opening for pool in model.pools)
    assert [a.place for a in model.assumptions if "backlog" in a.place] == ["study.backlog.cases", "study.backlog.age"]


def test_nobody_works_before_the_start_and_nobody_else_comes(build: Build) -> None:
    """And the log keeps every law."""
    model = build(BACKLOG)
    log = simulate(model, 0)
    require_sound(log, model)
    assert (log.started[log.assignments.row] >= model.study.opening).all()
    arrived = log.enabled[log.node == CASE_NODE]
    case = log.case[log.node == CASE_NODE]
    assert (arrived[case >= 300] >= model.study.opening).all()
    assert (arrived[case < 300] < model.study.opening).all()


def test_new_cases_wait_behind_the_backlog(build: Build) -> None:
    """So they take longer than from empty; the backlog's own times are longer still, where they are measured."""
    empty, behind, own = build(), build(BACKLOG), build(BACKLOG + "    measured: true\n")
    mean = {
        name: float(measure(simulate(model, 0), model).cases["elapsed_days"].mean())
        for name, model in (("empty", empty), ("behind", behind), ("own", own))
    }
    assert mean["empty"] < mean["behind"] < mean["own"]
    first = measure(simulate(own, 0), own)
    assert first.cases["case"][0] == 0
    assert first.cases["elapsed_days"][0] > 39


@NEEDS_NUMBA
@pytest.mark.parametrize(
    "arrivals",
    [
        "",
        "every: {value: 9, unit: hour, source: guess, range: [5, 12]}",
        "gaps: {exponential: 9, unit: hour, source: guess, range: [5, 12]}\n  most: 20",
        'dates: {list: ["2022-01-04 09:00", "2022-02-04 09:00"], source: guess}',
    ],
)
def test_both_drivers_begin_alike(build: Build, arrivals: str) -> None:
    """Row by row, whatever the process of the later arrivals."""
    model = build(BACKLOG, arrivals=arrivals)
    log, same = simulate(model, 1), simulate_compiled(model, 1)
    for column in log.columns():
        assert np.array_equal(getattr(log, column), getattr(same, column)), column


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ((BACKLOG, BACKLOG.replace("[0, 40]", "[-3, 40]")), "scenario.negative"),
        ((BACKLOG, BACKLOG.replace("[0, 40]", "[40, 3]")), "sampling."),
        ((BACKLOG, BACKLOG.replace("[0, 40]", "[0, 90000]")), "scenario.too_long"),
        ((BACKLOG, BACKLOG.replace("300", "0")), "scenario.bound"),
        ((BACKLOG, BACKLOG + "  kind: steady_state\n"), "scenario.study.backlog_steady"),
    ],
)
def test_a_backlog_that_cannot_be_is_refused(build: Build, change: tuple[str, str], code: str) -> None:
    """With where and why."""
    with pytest.raises(BadInput) as caught:
        build(change[1])
    assert any(finding.code.startswith(code) for finding in caught.value.findings), caught.value.findings


def test_measured_cases_know_no_warm_up(build: Build) -> None:
    """It would leave them out again."""
    with pytest.raises(BadInput) as caught:
        build(BACKLOG + "    measured: true\n", warmup=5)
    assert [finding.code for finding in caught.value.findings] == ["scenario.study.backlog_warmup"]


def test_sensitivity_moves_the_backlog(build: Build, tmp_path: Path) -> None:
    """More and older cases, on the same calendar."""
    from scenarios.moving import MovableScenario

    build(BACKLOG)
    scenario = MovableScenario(str(tmp_path / "licence.yaml"))
    more = scenario.move("study.backlog.cases", 400, ["before"])["before"]
    older = scenario.move("study.backlog.age", 25, ["before"])["before"]
    assert len(more.arrivals.backlog) == 400
    assert (older.study.opening - older.arrivals.backlog).mean() / DAY == pytest.approx(25, abs=0.1)
    assert older.study == more.study
