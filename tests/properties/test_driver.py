"""The driver on any process: tokens conserved, traces replayed, same seed same log, causes without remainder."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.calendars.hours import Hours
from engine.calendars.units import DAY, HOUR, MINUTE
from engine.kernel.compiling import numba_is_installed
from engine.live.replay import replay
from engine.log import CASE_NODE, DONE, NONE, EventLog
from simulations.causes import critical_chains, row_causes, stretches
from simulations.distributions import empirical, exponential, uniform
from simulations.drivers.compiled.driver import simulate_compiled
from simulations.drivers.simpy_driver import simulate
from simulations.model import SimulationModel
from tests.support.drivers import NEEDS_NUMBA
from tests.support.modelling import Do, model_of, pool
from tests.support.random_processes import BLOCKS, JUDGED, random_processes

DAYS = 400
OFFICE = Hours.from_intervals(
    [
        (day * DAY + opening * HOUR, day * DAY + closing * HOUR)
        for day in range(DAYS)
        if day % 7 < 5
        for opening, closing in ((8, 12), (14, 18))
    ],
    DAYS * DAY,
)
DURATIONS = st.sampled_from(
    [
        empirical([0, 30, 60, 120]),  # a coarse grid makes ties
        empirical([60]),
        exponential(90),
        uniform(0, 240),
    ]
)


@st.composite
def models(draw, blocks=BLOCKS) -> SimulationModel:
    """A random process with random people, hours, disciplines and durations."""
    process = draw(random_processes(blocks))
    pools = [
        pool(
            name,
            draw(st.integers(1, 3)),
            draw(st.sampled_from([OFFICE, Hours.always(DAYS * DAY)])),
            discipline=draw(st.sampled_from(["fifo", "priority", "edd"])),
            shift_end=draw(st.sampled_from(["suspend", "finish"])),
        )
        for name in ("p", "q")
    ]
    does = {}
    for task in process.tasks:
        held = draw(st.sampled_from([(), ("p",), ("q",), ("p", "q")]))
        does[task] = Do(
            effort=draw(DURATIONS) if held else None,
            pools=held,
            dwell=draw(DURATIONS) if not held or draw(st.booleans()) else None,
            priority=draw(st.integers(0, 2)),
            due=draw(st.sampled_from([None, DAY, 3 * DAY])),
            finish=bool(held) and all(p.shift_end == "finish" for p in pools if p.name in held),
        )
    for timer in process.timers:
        does[timer] = Do(dwell=draw(DURATIONS))
    arrivals = sorted(draw(st.lists(st.integers(0, 20).map(lambda k: k * 30.0), min_size=1, max_size=8)))
    return model_of(
        process.diagram, does, routing=process.routing, pools=pools, arrivals=arrivals, days=DAYS,
        seed=draw(st.integers(0, 100)), repeats=process.repeats,
    )  # fmt: skip


def same(first: EventLog, second: EventLog) -> bool:
    """Row by row, unsorted, with the assignments."""
    return list(first.rows()) == list(second.rows()) and all(
        np.array_equal(getattr(first.assignments, name), getattr(second.assignments, name))
        for name in ("row", "pool", "unit")
    )


@given(models())
@settings(deadline=None, max_examples=60)
def test_any_process_keeps_its_promises(model):
    """Every case ends; moments are in order; identities are unique; units never do two things at once."""
    log = simulate(model, 0)
    own = log.node == CASE_NODE
    assert (log.outcome[own] == DONE).all()
    assert own.sum() == len(model.arrivals.dates)
    keys = np.stack([log.case, log.instance], axis=1)
    assert len(np.unique(keys, axis=0)) == len(log)
    assert (log.ended >= log.enabled).all()
    started = log.started != NONE
    assert (log.started[started] >= log.enabled[started]).all()
    worked = log.worked != NONE
    assert (log.worked[worked] >= log.started[worked]).all()
    assert (log.ended[worked] >= log.worked[worked]).all()
    held = log.assignments
    end = np.where(log.worked == NONE, log.ended, np.minimum(log.worked, log.ended))
    order = np.lexsort((end[held.row], log.started[held.row], held.unit, held.pool))
    pools, units = held.pool[order], held.unit[order]
    begins, ends = log.started[held.row][order], end[held.row][order]
    same_unit = (pools[1:] == pools[:-1]) & (units[1:] == units[:-1])
    assert (begins[1:][same_unit] >= ends[:-1][same_unit]).all()
    for index, one in enumerate(model.pools):
        mine = held.row[held.pool == index]
        assert (held.unit[held.pool == index] < one.units).all()
        assert all(one.hours.is_open(t) for t in log.started[mine].tolist())


@given(models())
@settings(deadline=None, max_examples=40)
def test_causes_leave_no_remainder(model):
    """Per row the causes add up to its time, as do its stretches; along each chain to the case's elapsed time."""
    log = simulate(model, 0)
    causes = row_causes(log, model)
    costs = np.array([node != CASE_NODE and model.activities[node] is not None for node in log.node.tolist()])
    assert (causes[costs].sum(axis=1) == (log.ended - log.enabled)[costs]).all()
    assert (causes >= 0).all()
    for row in np.flatnonzero(costs).tolist():
        parts = stretches(log, row, model)
        assert sum(end - begin for begin, end, _ in parts) == log.ended[row] - log.enabled[row]
        assert all(a[1] == b[0] for a, b in itertools.pairwise(parts))
    chains = critical_chains(log, model)
    assert len(chains.case) == len(model.arrivals.dates)
    assert (chains.causes.sum(axis=1) == chains.elapsed).all()


@given(models(JUDGED))
@settings(deadline=None, max_examples=60)
def test_another_engine_accepts_every_trace(model):
    """SpiffWorkflow replays all cases without a complaint."""
    assert [c.describe("en") for c in replay(model.diagram, model.net, simulate(model, 0))] == []


@given(models())
@settings(deadline=None, max_examples=20)
def test_the_same_seed_gives_the_same_log(model):
    """And nothing is kept from one run to the next."""
    assert same(simulate(model, 3), simulate(model, 3))


@pytest.mark.slow
@pytest.mark.skipif(not numba_is_installed(), reason="numba is not installed; the plain kernel is all there is")
def test_both_forms_of_the_kernel_give_the_same_log():
    """Compiled and plain kernel, row by row, under the same driver."""

    @given(models())
    @settings(deadline=None, max_examples=60)
    def check(model):
        assert same(simulate(model, 1, plain=True), simulate(model, 1, plain=False))

    check()


def identical(model: SimulationModel, replication: int = 0) -> bool:
    """Whether both drivers give the same log."""
    return same(simulate(model, replication), simulate_compiled(model, replication))


@NEEDS_NUMBA
@pytest.mark.slow
def test_both_drivers_give_the_same_log_of_any_process():
    """Row by row, with the assignments: ties, zero durations, ranks, several pools, suspensions, timers."""

    @given(models())
    @settings(deadline=None, max_examples=80)
    def check(model):
        assert identical(model)

    check()


@NEEDS_NUMBA
@pytest.mark.slow
def test_both_drivers_give_the_same_log_of_a_run_that_is_cut_off():
    """What is left open at the horizon, and at the end of a short run-out."""

    @given(models(), st.integers(1, 30), st.integers(0, 5), st.integers(0, 10))
    @settings(deadline=None, max_examples=40)
    def check(model, hours, warmup, more):
        horizon = hours * HOUR
        study = replace(model.study, horizon=horizon, warmup=min(warmup * HOUR, horizon), run_out=horizon + more * HOUR)
        assert identical(replace(model, study=study))

    check()


@NEEDS_NUMBA
@pytest.mark.very_slow
def test_both_drivers_give_the_same_log_of_thousands_of_processes():
    """The same, for longer."""

    @given(models(), st.integers(0, 3))
    @settings(deadline=None, max_examples=3000)
    def check(model, replication):
        assert identical(model, replication)

    check()


def test_moments_lie_on_whole_milliseconds_and_minutes_of_the_grid():
    """Constant minutes stay whole minutes: nothing is rounded on the way."""
    from tests.support.drawing import Draw

    model = model_of(
        Draw().start().task("a").end().flow("start", "a", "end").diagram(), {"a": Do(7, ("p",))},
        pools=[pool("p")], arrivals=[0, 1, 2],
    )  # fmt: skip
    log = simulate(model, 0)
    assert (log.ended % MINUTE == 0).all()
