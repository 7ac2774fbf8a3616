"""A hall of any processes: both drivers agree, it keeps the laws, and nobody's numbers hang on who else is there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.kernel.chance import identifier_hash
from engine.log import CASE_NODE, DONE, EventLog
from simulations.drivers.compiled.driver import simulate_compiled
from simulations.drivers.simpy_driver import simulate
from simulations.hall import Hall, compose
from simulations.model import SimulationModel
from simulations.promises import Label
from simulations.self_checks import broken_laws_of_hall
from simulations.verification.agreement import first_difference
from tests.properties.test_driver import models
from tests.support.drivers import NEEDS_NUMBA

LABEL = Label("大厅", "Hall")


@st.composite
def members(draw) -> dict[str, SimulationModel]:
    """Two or three random models of one study, each a pipeline of its own."""
    number = draw(st.integers(2, 3))
    drawn = [draw(models()) for _ in range(number)]
    study = drawn[0].study
    return {
        f"p{i}": replace(model, pipeline=f"p{i}", number=identifier_hash(f"p{i}"), study=study)
        for i, model in enumerate(drawn)
    }


def shared(parts: dict[str, SimulationModel]) -> Hall:
    """All on the pools of the first."""
    pools = next(iter(parts.values())).pools
    return compose("hall", LABEL, parts, pools, dict.fromkeys(parts, tuple(range(len(pools)))))


def apart(parts: dict[str, SimulationModel]) -> Hall:
    """Each on its own pools."""
    pools = tuple(replace(pool, name=f"{name}.{pool.name}") for name, part in parts.items() for pool in part.pools)
    mapping, first = {}, 0
    for name, part in parts.items():
        mapping[name] = tuple(range(first, first + len(part.pools)))
        first += len(part.pools)
    return compose("hall", LABEL, parts, pools, mapping)


@given(members())
@settings(deadline=None, max_examples=25)
def test_a_hall_keeps_the_laws(parts):
    """Every case of every pipeline ends, each part keeps the laws by itself, the shared people as a whole."""
    hall = shared(parts)
    log = simulate(hall, 0)
    own = log.node == CASE_NODE
    assert (log.outcome[own] == DONE).all()
    assert own.sum() == sum(len(part.arrivals.dates) for part in parts.values())
    assert broken_laws_of_hall(log, hall) == []


@given(members())
@settings(deadline=None, max_examples=25)
def test_who_shares_nobody_notices_nobody(parts):
    """On pools of their own, pipelines in one hall write the log that each writes alone."""
    hall = apart(parts)
    taken = hall.taken_apart(simulate(hall, 0))
    for name, part in hall.parts.items():
        assert first_difference(simulate(part, 0), taken[name]) == ""


@pytest.mark.slow
@NEEDS_NUMBA
@given(members())
@settings(deadline=None, max_examples=25)
def test_both_drivers_write_one_log(parts):
    """Row by row, with who worked on what."""
    hall = shared(parts)
    assert first_difference(simulate(hall, 0), simulate_compiled(hall, 0)) == ""


@given(members())
@settings(deadline=None, max_examples=10)
def test_a_stranger_at_the_counter_is_noticed(parts):
    """A unit that two pipelines hold at once breaks a law of the whole, though each part by itself is sound."""
    hall = shared(parts)
    log = simulate(hall, 0)
    held = log.assignments
    pipelines = log.pipeline[held.row]
    begins, ends = log.started[held.row], log.worked[held.row]
    for i in range(len(held.row)):
        others = (pipelines != pipelines[i]) & (held.pool == held.pool[i]) & (held.unit != held.unit[i])
        overlapping = np.flatnonzero(others & (begins < ends[i]) & (ends > begins[i]))
        if len(overlapping) and ends[i] > begins[i]:
            units = held.unit.copy()
            units[overlapping[0]] = units[i]
            forged = replace(log, assignments=replace(held, unit=units))
            assert isinstance(forged, EventLog)
            assert [f.code for f in broken_laws_of_hall(forged, hall)][:1] == ["selfcheck.capacity"]
            return
