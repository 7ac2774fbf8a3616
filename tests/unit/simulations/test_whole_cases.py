"""A log that comes in chunks is measured and checked part by part, with the same result as at once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.log import NONE, EventLog
from scenarios.loading import load
from simulations.drivers.replicate import replicate, replication_log
from simulations.drivers.simpy_driver import simulate
from simulations.indicators import measure
from simulations.model import SimulationModel
from simulations.replication import joined
from simulations.self_checks import SelfChecks
from simulations.whole_cases import whole_cases
from tests.support.drivers import NEEDS_NUMBA


@pytest.fixture(scope="module")
def model() -> SimulationModel:
    """A pipeline with corrections, parallel steps, pauses and cases that are left open at the end."""
    model = load("construction_permit").models["before"]
    horizon = model.study.horizon
    return replace(model, study=replace(model.study, run_out=horizon + (model.study.run_out - horizon) // 8))


@pytest.fixture(scope="module")
def log(model: SimulationModel) -> EventLog:
    """Its first replication."""
    return simulate(model, 0)


def chunks(log: EventLog, rows: int = 100) -> list[EventLog]:
    """The log in pieces, as a driver hands it on."""
    places = np.arange(len(log))
    return [log.take(places[i : i + rows]) for i in range(0, len(log), rows)]


def test_every_case_is_whole_in_one_part(log: EventLog) -> None:
    """Nothing is lost or doubled, a case's rows keep their order, and only the last part has open rows."""
    parts = list(whole_cases(chunks(log), rows=500))
    assert len(parts) > 3
    assert sum(len(part) for part in parts) == len(log)
    assert sum(len(part.assignments.row) for part in parts) == len(log.assignments.row)
    seen: set[int] = set()
    for part in parts:
        cases = set(part.case.tolist())
        assert not seen & cases
        seen |= cases
        for case in cases:
            own, whole = part.of_case(case), log.of_case(case)
            assert list(own.rows()) == list(whole.rows())
            assert own.assignments.unit.tolist() == whole.assignments.unit.tolist()
    assert all((part.ended != NONE).all() for part in parts[:-1])
    assert (parts[-1].ended == NONE).any()


def test_the_indicators_are_those_of_the_whole_log(log: EventLog, model: SimulationModel) -> None:
    """To the last bit, case by case."""
    whole = measure(log, model)
    found = joined(measure(part, model) for part in whole_cases(chunks(log), rows=500))
    assert (found.started, found.finished, found.unfinished) == (whole.started, whole.finished, whole.unfinished)
    assert whole.unfinished > 0
    assert list(found.cases) == list(whole.cases)
    for name, column in whole.cases.items():
        assert np.array_equal(found.cases[name], column), name


def broken(log: EventLog, model: SimulationModel) -> set[str]:
    """The laws that a log breaks when it is checked part by part."""
    checks = SelfChecks(model, 0)
    findings = [f for part in whole_cases(chunks(log), rows=500) for f in checks.broken_by(part)]
    return {finding.code for finding in findings or checks.broken_at_last()}


def test_a_sound_log_keeps_its_laws_part_by_part(log: EventLog, model: SimulationModel) -> None:
    """Also with rows that are open at the end."""
    assert broken(log, model) == set()


def test_a_case_that_never_came_is_missed_at_last(log: EventLog, model: SimulationModel) -> None:
    """Only the whole log can show it."""
    lost = int(np.median(np.unique(log.case)))
    assert broken(log.take(np.flatnonzero(log.case != lost)), model) == {"selfcheck.cases"}


def test_a_unit_that_works_for_two_cases_of_different_parts_is_found(log: EventLog, model: SimulationModel) -> None:
    """What a unit did stays known until nothing that overlaps it can come."""
    parts = list(whole_cases(chunks(log), rows=500))
    part_of = {case: i for i, part in enumerate(parts) for case in part.case.tolist()}
    held = log.assignments
    begin = log.started[held.row]
    end = np.where(log.worked[held.row] == NONE, log.ended[held.row], log.worked[held.row])
    for pool in np.unique(held.pool).tolist():
        own = np.flatnonzero((held.pool == pool) & (begin != NONE) & (end > begin))
        for one, other in zip(own.tolist(), own[1:].tolist(), strict=False):
            cases = log.case[held.row[[one, other]]].tolist()
            overlap = begin[one] < end[other] and begin[other] < end[one] and held.unit[one] != held.unit[other]
            if overlap and part_of[cases[0]] != part_of[cases[1]]:
                unit = held.unit.copy()
                unit[other] = unit[one]
                bad = replace(log, assignments=replace(held, unit=unit))
                assert broken(bad, model) == {"selfcheck.capacity"}
                return
    pytest.fail("no two people of a pool work at once for cases of different parts: choose another model")


@NEEDS_NUMBA
def test_both_drivers_come_to_the_same_indicators(model: SimulationModel) -> None:
    """Measured from chunks, and from the whole log."""
    found, whole = replicate(model, 1, "compiled"), measure(replication_log(model, 1), model)
    assert all(np.array_equal(found.cases[name], column) for name, column in whole.cases.items())
