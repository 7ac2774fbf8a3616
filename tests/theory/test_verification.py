"""What `reformsim verify` asks, asked here: queues, forms of the kernel, another engine, the longest path."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.kernel.compiling import numba_is_installed
from engine.log import EventLog
from simulations.drivers.compiled.driver import simulate_compiled
from simulations.drivers.simpy_driver import simulate
from simulations.model import SimulationModel
from simulations.self_checks import broken_laws
from simulations.verification.agreement import first_difference, judge_forms, judge_replay
from simulations.verification.building import random_net
from simulations.verification.critical import judge_critical_path
from simulations.verification.theory import REPLICATIONS, judge_system, systems
from tests.support.drivers import NEEDS_NUMBA

SYSTEMS = list(systems())


@pytest.mark.slow
@pytest.mark.parametrize("place", range(len(SYSTEMS)), ids=[system.name for system in SYSTEMS])
def test_a_queue_behaves_as_its_formula_says(place: int) -> None:
    """Within three standard errors, and sharp enough to see a fault of 5 %; the drivers' logs are identical."""
    quick = simulate_compiled if numba_is_installed() else simulate
    for row in judge_system(SYSTEMS[place], quick, REPLICATIONS):
        assert row.agrees, row


def test_a_queue_that_is_slower_than_its_formula_is_caught() -> None:
    """A formula of half the wait misses, however few the customers."""
    small = next(systems(0.3))
    ((figure, formula, expected, measure),) = small.figures
    wrong = replace(small, figures=((figure, formula, expected / 2, measure),))
    (row,) = judge_system(wrong, simulate, 4)
    assert row.z > 3
    assert not row.agrees


def test_too_few_customers_have_no_power() -> None:
    """A right answer that proves nothing does not agree."""
    (row,) = judge_system(next(systems(0.05)), simulate, 3)
    assert row.power < 0.9
    assert not row.agrees


@pytest.mark.parametrize("number", range(8))
def test_a_case_without_chance_is_as_long_as_the_longest_path(number: int) -> None:
    """On a calendar, from an open and from a closed hour, to the millisecond."""
    row = judge_critical_path(number, simulate)
    assert row.agrees, row
    assert len(row.found) == 3


def test_the_longest_path_is_not_the_sum_nor_the_shortest() -> None:
    """Nets with forks and with several tasks are among those that are asked."""
    rows = [judge_critical_path(number, simulate) for number in range(8)]
    assert max(row.tasks for row in rows) > 20
    assert len({row.expected for row in rows}) > 6


@pytest.mark.parametrize("number", range(8))
def test_random_nets_are_replayed_and_keep_every_law(number: int) -> None:
    """Another engine accepts every step, and the run checks itself."""
    model = random_net(number)
    assert judge_replay("net", model, simulate, 20).agrees
    assert broken_laws(simulate(model, 0), model) == []


@NEEDS_NUMBA
@pytest.mark.slow
def test_the_forms_of_the_kernel_agree_on_random_nets() -> None:
    """Row by row."""

    def compiled(model: SimulationModel, replication: int) -> EventLog:
        return simulate(model, replication, plain=False)

    for number in range(8):
        row = judge_forms(str(number), random_net(number), simulate, compiled)
        assert row.agrees, row


def test_a_difference_is_found_and_named() -> None:
    """In any column, in the number of rows, in the assignments."""
    log = simulate(random_net(1), 0)
    assert first_difference(log, log) == ""
    ended = log.ended.copy()
    ended[5] += 1
    assert first_difference(log, replace(log, ended=ended)).startswith("row 5, ended:")
    assert "rows and" in first_difference(log, log.take(np.arange(len(log) - 1)))
    unit = log.assignments.unit.copy()
    unit[0] += 1
    assert first_difference(log, replace(log, assignments=replace(log.assignments, unit=unit))) == "assignments, unit"
