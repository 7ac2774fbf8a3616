"""Where the days go: nothing is left over, by step and by pool; and how often each step decides."""

from __future__ import annotations

import pytest

from engine.calendars.hours import Hours
from engine.calendars.units import DAY, HOUR
from engine.kernel.compiling import numba_is_installed
from scenarios import library
from scenarios.loading import load
from simulations.causes import CAUSES
from simulations.drivers.replicate import replication_log
from simulations.drivers.simpy_driver import simulate
from simulations.indicators import measure
from simulations.promises import Label, Limit, MeasuredElement, Source
from simulations.why import why
from tests.support.drawing import Draw
from tests.support.modelling import Do, model_of, pool

OFFICE = Hours.from_intervals([(d * DAY + 9 * HOUR, d * DAY + 17 * HOUR) for d in range(100)], 100 * DAY)
DRIVER = "compiled" if numba_is_installed() else "simpy"


def branches():
    """Two branches side by side: the quick one takes a day of running time, the slow one two people at once."""
    draw = Draw().start().and_("split", "join").task("quick", "slow").end()
    draw.flow("start", "split", "quick", "join", "end").flow("split", "slow", "join")
    source = Source("x", "assumption", Label("x", "x"))
    measured = [
        MeasuredElement("quick", "approval", 1, Limit(1, "natural_day", source)),
        MeasuredElement("slow", "approval", 1, None),
    ]
    does = {"quick": Do(dwell=24 * 60), "slow": Do(effort=4 * 60, pools=("a", "b"), dwell=30 * 60)}
    pools = [pool("a", hours=OFFICE), pool("b", units=2, hours=OFFICE)]
    return model_of(draw.diagram(), does, pools=pools, arrivals=(9 * 60, 9 * 60), measured=measured)


def test_the_chain_is_booked_on_steps_and_pools():
    """The second case queues for four hours at the pool of one person; both wait for the slow branch."""
    model = branches()
    found = why([simulate(model, 0)], model)
    slow = next(step for step in found.steps if step.element == "slow")
    quick = next(step for step in found.steps if step.element == "quick")
    hours = {cause: float(value) * 24 for cause, value in zip(CAUSES, slow.causes, strict=True) if value}
    assert hours == pytest.approx({"work": 4, "queue": 2, "dwell": 30})
    assert (slow.criticality, quick.criticality, quick.days) == (1.0, 0.0, 0.0)
    by_pool = {share.pool: share.days * 24 for share in found.pools}
    assert by_pool == pytest.approx({"a": 3, "b": 3, "": 30})  # six hours of waiting and work in equal parts
    assert found.elapsed * 24 == pytest.approx(36)


def test_promise_stands_beside_what_was_simulated():
    """Where there is a limit; on the clock of the limit."""
    model = branches()
    quick, slow = why([simulate(model, 0)], model).procedures
    assert (quick.limit, quick.unit, quick.mean, quick.over, quick.is_assumed) == (1, "natural_day", 1, 0.0, True)
    assert (slow.limit, slow.over, slow.entered, slow.criticality) == (None, None, 1.0, 1.0)
    assert slow.days * 24 == pytest.approx(36)


def test_no_cases_no_reasons():
    """An empty period."""
    model = model_of(Draw().start().task("a").end().flow("start", "a", "end").diagram(), {}, arrivals=[])
    found = why([simulate(model, 0)], model)
    assert (found.cases, found.steps, found.pools) == (0, (), ())


@pytest.mark.slow
@pytest.mark.parametrize("pipeline", library.names())
def test_nothing_is_left_over_in_the_library(pipeline):
    """Steps and pools both add up to the mean elapsed time of the same cases."""
    for model in load(pipeline).models.values():
        log = replication_log(model, 0, DRIVER)
        found = why([log], model)
        assert sum(step.days for step in found.steps) == pytest.approx(found.elapsed, rel=1e-9)
        assert sum(share.days for share in found.pools) == pytest.approx(found.elapsed, rel=1e-9)
        assert found.elapsed == pytest.approx(float(measure(log, model).cases["elapsed_days"].mean()), rel=1e-9)
        assert all(0 <= step.criticality <= 1 for step in found.steps)
