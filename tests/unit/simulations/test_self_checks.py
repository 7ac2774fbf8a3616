"""A sound run keeps every law; a log that was tampered with is caught by the law it breaks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from engine.calendars.hours import Hours
from engine.calendars.units import DAY, HOUR
from engine.errors import RunError
from engine.log import CASE_NODE, DONE, NONE, EventLog
from simulations.arrivals import Arrivals
from simulations.distributions import exponential
from simulations.drivers.simpy_driver import simulate
from simulations.model import SimulationModel
from simulations.self_checks import broken_laws, require_sound
from tests.support.drawing import Draw
from tests.support.modelling import START, Do, model_of, pool


def open_days(days: int) -> Hours:
    """Eight hours a day."""
    return Hours.from_intervals([(d * DAY + 9 * HOUR, d * DAY + 17 * HOUR) for d in range(days)], days * DAY)


@pytest.fixture(scope="module")
def model() -> SimulationModel:
    """Two parallel tasks of two pools, then a delay; cases come around the clock."""
    diagram = (
        Draw().start().and_("s", "j").task("a", "b", "c").end()
        .flow("start", "s", "a", "j", "c", "end").flow("s", "b", "j").diagram()
    )  # fmt: skip
    hours = open_days(100)
    pools = [pool("p", 2, hours), pool("q", 1, hours)]
    does = {
        "a": Do(exponential(90.0), ("p",)),
        "b": Do(exponential(60.0), ("q",), dwell=exponential(200.0)),
        "c": Do(dwell=exponential(600.0)),
    }
    arrivals = Arrivals.from_rate(2000, Hours.always(100 * DAY), START)
    return model_of(diagram, does, pools=pools, arrivals=arrivals, horizon=40 * 24 * 60, seed=3)


@pytest.fixture(scope="module")
def log(model: SimulationModel) -> EventLog:
    """Its first replication."""
    return simulate(model, 0)


def changed(log: EventLog, column: str, row: int, by: int) -> EventLog:
    """The log with one number moved."""
    values = getattr(log, column).copy()
    values[row] += by
    return replace(log, **{column: values})


def row_of(log: EventLog, model: SimulationModel, element: str) -> int:
    """A row of the middle of the run."""
    rows = np.flatnonzero((log.node == model.net.node_of[element]) & (log.outcome == DONE))
    return int(rows[len(rows) // 2])


def test_a_sound_run_keeps_every_law(model: SimulationModel, log: EventLog) -> None:
    """Nothing is found, and nothing is raised."""
    assert len(log) > 500
    assert broken_laws(log, model) == []
    require_sound(log, model)


def _late_case(log: EventLog, model: SimulationModel) -> EventLog:
    row = int(np.flatnonzero((log.node == CASE_NODE) & (log.ended != NONE))[5])
    return changed(log, "ended", row, 1)


def _lost_case(log: EventLog, model: SimulationModel) -> EventLog:
    return log.take(np.flatnonzero(log.case != log.case.max() - 2))


def _moved_arrival(log: EventLog, model: SimulationModel) -> EventLog:
    return changed(log, "enabled", int(np.flatnonzero(log.node == CASE_NODE)[7]), 1)


def _stranger(log: EventLog, model: SimulationModel) -> EventLog:
    return changed(log, "case", row_of(log, model, "c"), 1_000_000)


def _lost_step(log: EventLog, model: SimulationModel) -> EventLog:
    return log.take(np.flatnonzero(np.arange(len(log)) != row_of(log, model, "c")))


def _backwards(log: EventLog, model: SimulationModel) -> EventLog:
    return changed(log, "started", row_of(log, model, "a"), -10 * DAY)


def _two_at_once(log: EventLog, model: SimulationModel) -> EventLog:
    held = log.assignments
    own = np.flatnonzero(held.pool == 0)
    unit = held.unit.copy()
    unit[own] = 0
    return replace(log, assignments=replace(held, unit=unit))


def _unit_beyond(log: EventLog, model: SimulationModel) -> EventLog:
    unit = log.assignments.unit.copy()
    unit[3] = 2
    return replace(log, assignments=replace(log.assignments, unit=unit))


def _forgotten_unit(log: EventLog, model: SimulationModel) -> EventLog:
    held = log.assignments
    return replace(log, assignments=replace(held, row=held.row[1:], pool=held.pool[1:], unit=held.unit[1:]))


def _shorter_work(log: EventLog, model: SimulationModel) -> EventLog:
    return changed(log, "worked", row_of(log, model, "b"), -1)


def _shorter_dwell(log: EventLog, model: SimulationModel) -> EventLog:
    """The delay of `b` ends early, while `a` of the same case still runs, so that no other law sees it."""
    ends = {(c, n): e for c, n, e in zip(log.case.tolist(), log.node.tolist(), log.ended.tolist(), strict=True)}
    a, b = model.net.node_of["a"], model.net.node_of["b"]
    rows = np.flatnonzero((log.node == b) & (log.outcome == DONE))
    row = next(int(r) for r in rows if ends.get((int(log.case[r]), a), -1) > log.ended[r])
    return changed(log, "ended", row, -1)


def _left_open(log: EventLog, model: SimulationModel) -> EventLog:
    row = row_of(log, model, "c")
    columns = {name: getattr(log, name).copy() for name in ("ended", "outcome")}
    columns["ended"][row], columns["outcome"][row] = NONE, 3
    return replace(log, **columns)


@pytest.mark.parametrize(
    ("tamper", "law"),
    [
        (_late_case, "system"),
        (_lost_case, "cases"),
        (_moved_arrival, "cases"),
        (_stranger, "stranger"),
        (_lost_step, "system"),
        (_backwards, "phases"),
        (_two_at_once, "capacity"),
        (_unit_beyond, "capacity"),
        (_forgotten_unit, "pool"),
        (_shorter_work, "effort"),
        (_shorter_dwell, "dwell"),
        (_left_open, "left_behind"),
    ],
)
def test_a_log_that_was_tampered_with_is_refused(
    model: SimulationModel, log: EventLog, tamper: Callable[[EventLog, SimulationModel], EventLog], law: str
) -> None:
    """Each fault by the law that it breaks, in both languages."""
    bad = tamper(log, model)
    with pytest.raises(RunError) as caught:
        require_sound(bad, model)
    codes = {finding.code for finding in caught.value.findings}
    assert f"selfcheck.{law}" in codes
    for finding in caught.value.findings:
        assert finding.message("en").startswith("Expected")
        assert finding.message("zh")


def test_work_that_begins_while_closed_is_refused(model: SimulationModel, log: EventLog) -> None:
    """The same log beside a pool that opens later."""
    late = Hours.from_intervals([(d * DAY + 12 * HOUR, d * DAY + 17 * HOUR) for d in range(100)], 100 * DAY)
    other = replace(model, pools=(replace(model.pools[0], hours=late), model.pools[1]))
    assert "selfcheck.closed" in {finding.code for finding in broken_laws(log, other)}


def test_an_empty_run_breaks_nothing(model: SimulationModel, log: EventLog) -> None:
    """No arrivals, no rows."""
    assert broken_laws(log.take(np.zeros(0, np.intp)), model) == []
