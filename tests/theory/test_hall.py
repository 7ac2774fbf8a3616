"""Two streams at one counter wait as one stream of both rates would."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from engine.calendars.hours import Hours
from engine.calendars.units import DAY, MINUTE
from engine.kernel.chance import identifier_hash
from simulations.arrivals import Arrivals
from simulations.distributions import exponential
from simulations.drivers.choice import chosen_driver
from simulations.drivers.replicate import simulate_by
from simulations.hall import compose
from simulations.model import SimulationModel
from simulations.promises import Label
from tests.support.drawing import Draw
from tests.support.modelling import START, Do, model_of, pool
from tests.support.queueing import wait_mmc

DAYS = 60
REPLICATIONS = 24
SERVICE = 10.0  # minutes
RATES = (0.05, 0.03)  # a minute each: together 80 % of what one counter can do


def one_counter(name: str, rate: float) -> SimulationModel:
    """Poisson arrivals, exponential service."""
    always = Hours.always(DAYS * DAY)
    diagram = Draw(name).start().task("serve").end().flow("start", "serve", "end").diagram()
    made = model_of(
        diagram,
        {"serve": Do(effort=exponential(SERVICE), pools=("counter",))},
        pools=[pool("counter", days=DAYS)],
        arrivals=Arrivals.from_rate(rate * 365 * 24 * 60, always, START),
        days=DAYS,
        warmup=5 * 24 * 60,
        horizon=55 * 24 * 60,
    )
    return replace(made, pipeline=name, number=identifier_hash(name))


@pytest.mark.slow
def test_two_poisson_streams_are_one():
    """The mean wait of either is that of M/M/1 with the sum of the rates: z below 3, and an error below 5 %."""
    parts = {name: one_counter(name, rate) for name, rate in zip(("one", "two"), RATES, strict=True)}
    pools = parts["one"].pools
    hall = compose("hall", Label("大厅", "Hall"), parts, pools, {"one": (0,), "two": (0,)})
    theory = wait_mmc(sum(RATES), SERVICE)
    means = {name: [] for name in parts}
    for replication in range(REPLICATIONS):
        log = simulate_by(chosen_driver("auto"), hall, replication)
        for name, own in hall.taken_apart(log).items():
            served = (own.node >= 0) & (own.enabled >= hall.study.warmup) & (own.enabled < hall.study.horizon)
            means[name].append(float((own.started - own.enabled)[served].mean()) / MINUTE)
    for values in means.values():
        error = float(np.std(values, ddof=1)) / math.sqrt(len(values))
        assert abs(np.mean(values) - theory) < 3 * error
        assert error < 0.05 * theory
