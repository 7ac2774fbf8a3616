"""Tasks that begin only when their batch closes: by size, by age, by sittings."""

import pytest

from engine.calendars.hours import Hours
from engine.calendars.units import DAY, MINUTE
from simulations.causes import CAUSES, critical_chains, row_causes
from simulations.drivers.compiled.driver import simulate_compiled
from simulations.drivers.simpy_driver import simulate
from simulations.model import BatchModel, SimulationModel
from tests.support.drawing import Draw
from tests.support.drivers import NEEDS_NUMBA
from tests.support.modelling import Do, model_of, pool, told

SITTINGS = Hours.from_intervals([(30 * MINUTE, 31 * MINUTE), (60 * MINUTE, 61 * MINUTE)], DAY)


def decided(batch: BatchModel, arrivals: list[float], boundary: float | None = None) -> SimulationModel:
    """A committee's task of five minutes, one after the other."""
    draw = Draw().start().task("decide").end().flow("start", "decide", "end")
    does = {"decide": Do(5, ("p",))}
    if boundary is not None:
        draw.boundary("late", "decide").end("given_up").flow("late", "given_up")
        does["late"] = Do(dwell=boundary)
    return model_of(draw.diagram(), does, pools=[pool("p")], arrivals=arrivals, batches={"decide": batch}, days=1)


def begun(model: SimulationModel) -> list[str]:
    """When each case was let go, and when it was decided."""
    log = simulate(model, 0)
    rows = zip(told(model, log), log.node.tolist(), strict=True)
    return [f"{line.split()[0]}: {line.split()[5]}" for line, node in rows if node >= 0 and is_batch(model, node)]


def is_batch(model: SimulationModel, node: int) -> bool:
    return model.net.roles[node] == "batch"


@pytest.mark.parametrize(
    ("batch", "arrivals", "expected"),
    [
        # Two begin as soon as there are two; the fifth has nobody to wait with.
        (BatchModel(size=2), [0, 10, 11, 12, 50], ["0: 10", "1: 10", "2: 12", "3: 12", "4: -"]),
        # The oldest waits twenty minutes; the next one counts from its own arrival.
        (BatchModel(age=20 * MINUTE), [0, 10, 25, 50], ["0: 20", "1: 20", "2: 45", "3: 70"]),
        # Whoever is there when the committee sits; one who comes at that instant comes in time.
        (BatchModel(sittings=SITTINGS), [0, 10, 30, 31], ["0: 30", "1: 30", "2: 60", "3: 60"]),
        # A sitting takes two; nobody sits a third time.
        (BatchModel(sittings=SITTINGS, most=1), [0, 1, 2], ["0: 30", "1: 60", "2: -"]),
        # Whichever comes first.
        (BatchModel(size=2, age=20 * MINUTE), [0, 10, 11], ["0: 10", "1: 10", "2: 31"]),
    ],
)
def test_a_batch_closes_by_size_by_age_and_by_sittings(batch, arrivals, expected):
    """Each case goes on when its batch closes, in the order in which they came."""
    assert begun(decided(batch, arrivals)) == expected


def test_the_time_until_a_batch_closes_is_booked_on_the_batch():
    """What follows is queue and work; all of it adds up."""
    model = decided(BatchModel(size=2), [0, 10])
    log = simulate(model, 0)
    chains = critical_chains(log, model)
    minutes = {cause: (chains.causes[:, i] / MINUTE).tolist() for i, cause in enumerate(CAUSES)}
    assert minutes["batch"] == [10, 0]
    assert minutes["queue"] == [0, 5]
    assert minutes["work"] == [5, 5]
    assert (row_causes(log, model).sum(axis=1) >= 0).all()


def test_a_boundary_event_watches_over_the_waiting_too():
    """A case that gives up leaves the batch: the next two make one."""
    model = decided(BatchModel(size=2), [0, 20, 25], boundary=15)
    assert begun(model) == ["0: 15", "1: 25", "2: 25"]
    assert "0 late 0 0 0 15 done" in told(model, simulate(model, 0))


@pytest.mark.slow
@NEEDS_NUMBA
@pytest.mark.parametrize("boundary", [None, 5, 20, 30])
@pytest.mark.parametrize(
    "batch",
    [
        BatchModel(size=2),
        BatchModel(size=3, age=20 * MINUTE),
        BatchModel(age=20 * MINUTE, sittings=SITTINGS),
        BatchModel(sittings=SITTINGS, most=1),
        BatchModel(size=2, age=10 * MINUTE, sittings=SITTINGS, most=2),
    ],
)
def test_both_drivers_close_batches_alike(batch, boundary):
    """Also where a boundary timer takes a work away, at the closing's own instant too."""
    model = decided(batch, [0, 0, 10, 10, 11, 20, 25, 30, 30, 31, 40, 50, 60, 60], boundary)
    assert list(simulate_compiled(model, 0).rows()) == list(simulate(model, 0).rows())
