"""Queues against their formulas.

Each system is run for many replications; the mean of a figure is held against its formula in standard errors.
A system agrees if ``|z| < 3`` and a fault of 5 % would have been seen (power at least 90 %).

Formulas: D. Gross, J. F. Shortle, J. M. Thompson, C. M. Harris, Fundamentals of Queueing Theory, 4th ed. 2008:
M/M/c 2.3, M/G/1 5.1 (Pollaczek and Khinchine), priorities 3.4 (Cobham), tandem 4.1 (Burke), open networks 4.2
(Jackson), finite source 2.7 (machine repair).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np

from engine.calendars.hours import Hours
from engine.calendars.units import DAY, HOUR
from engine.log import CASE_NODE, DONE, EventLog
from engine.net import Routing, Shares
from simulations.arrivals import Arrivals
from simulations.distributions import Distribution, constant, exponential, lognormal
from simulations.model import SimulationModel
from simulations.verification.building import CHOICE, START, TASK, Does, diagram_of, model_of, pool_of

__all__ = ["FAULT", "GREATEST_Z", "LEAST_POWER", "REPLICATIONS", "System", "TheoryRow", "judge_system", "systems"]

Simulate: TypeAlias = Callable[[SimulationModel, int], EventLog]

GREATEST_Z: Final = 3.0
FAULT: Final = 0.05  # a relative fault of this size must be seen
LEAST_POWER: Final = 0.9
REPLICATIONS: Final = 60  # of every system
WARMUP_DAYS: Final = 20


@dataclass(frozen=True)
class TheoryRow:
    """One figure of one system.

    Args:
        system: Its name.
        figure: What is measured, hours.
        formula: In short.
        expected: By the formula.
        found: Mean over replications.
        standard_error: Of the mean.
        z: Distance in standard errors.
        power: Chance that a fault of 5 % would push z beyond 3.
    """

    system: str
    figure: str
    formula: str
    expected: float
    found: float
    standard_error: float
    z: float
    power: float

    @property
    def agrees(self) -> bool:
        """Near enough, and sharp enough to know it."""
        return abs(self.z) < GREATEST_Z and self.power >= LEAST_POWER


@dataclass(frozen=True)
class System:
    """A system with a known answer.

    Args:
        name: In Kendall's notation where there is one.
        model: To be run.
        figures: ``(figure, formula, expected value in hours, how it is measured in a log)``.
    """

    name: str
    model: SimulationModel
    figures: tuple[tuple[str, str, float, Callable[[EventLog, SimulationModel], float]], ...]


def judge_system(system: System, simulate: Simulate, replications: int) -> list[TheoryRow]:
    """Run a system and hold its figures against the formulas."""
    logs = (simulate(system.model, number) for number in range(replications))
    values = np.array([[measure(log, system.model) for *_, measure in system.figures] for log in logs])
    rows = []
    for column, (figure, formula, expected, _) in enumerate(system.figures):
        sample = values[:, column]
        error = float(sample.std(ddof=1)) / math.sqrt(len(sample))
        found = float(sample.mean())
        z = (found - expected) / error if error else (0.0 if abs(found - expected) < 1e-9 else math.inf)
        shift = FAULT * expected / error if error else math.inf
        power = 0.5 * math.erfc((GREATEST_Z - shift) / math.sqrt(2))
        rows.append(TheoryRow(system.name, figure, formula, expected, found, error, z, power))
    return rows


def systems(customers: float = 1.0) -> Iterator[System]:
    """All systems, services of one hour on average.

    Args:
        customers: Scale of the number of customers; 1 is for the full check.
    """
    one_hour = exponential(1.0)
    rate = 0.5
    yield _single("M/M/1", 0.5, one_hour, 1, "rho / (mu - lambda)", _wait_mmc(0.5, 1), 9000 * customers)
    yield _single("M/M/3", 1.8, one_hour, 3, "Erlang C / (c mu - lambda)", _wait_mmc(1.8, 3), 14_000 * customers)
    yield _single("M/D/1", 0.5, constant(1.0), 1, "rho / (2 mu (1 - rho))", 0.5, 3000 * customers)
    service = lognormal(1.0, 1.2)
    mg1 = rate * service.variance / (2 * (1 - rate)) + rate / (2 * (1 - rate))
    yield _single("M/G/1", rate, service, 1, "lambda E[S^2] / (2 (1 - rho))", mg1, 11_000 * customers)
    yield _priorities(10_000 * customers)
    yield _tandem(10_000 * customers)
    yield _jackson(4000 * customers)
    yield _repair(8000 * customers)


def _wait_mmc(rate: float, servers: int) -> float:
    top = rate**servers / math.factorial(servers) * servers / (servers - rate)
    waits = top / (sum(rate**k / math.factorial(k) for k in range(servers)) + top)
    return waits / (servers - rate)


def _open_model(
    rate: float,
    customers: float,
    tags: dict[str, str],
    chains: Sequence[Sequence[str]],
    does: dict[str, Does],
    pools: Sequence[tuple[str, int, bool]],
    routing: dict[str, Routing] | None = None,
) -> SimulationModel:
    """Poisson arrivals around the clock; the measured period begins after some days."""
    horizon = WARMUP_DAYS * DAY + int(customers / rate * HOUR)
    days = horizon // DAY + 60
    always = Hours.always(days * DAY)
    arrivals = Arrivals.from_rate(rate * 24 * 365, Hours.always(max(days, 366) * DAY), START)
    made = [pool_of(name, units, always, by_priority) for name, units, by_priority in pools]
    diagram = diagram_of(tags, chains)
    warmup = WARMUP_DAYS * DAY
    return model_of(diagram, does, made, arrivals, days, routing=routing, horizon=horizon, warmup=warmup)


def _single(
    name: str, rate: float, service: Distribution, servers: int, formula: str, expected: float, customers: float
) -> System:
    does = {"a": Does(service, "p")}
    model = _open_model(rate, customers, {"a": TASK}, [["start", "a", "end"]], does, [("p", servers, False)])
    return System(name, model, (("wait", formula, expected, _wait_at("a")),))


def _priorities(customers: float) -> System:
    does = {"a": Does(exponential(1.0), "p"), "b": Does(exponential(1.0), "p", priority=1)}
    chains = [["start", "x", "a", "end"], ["x", "b", "end"]]
    routing: dict[str, Routing] = {"x": Shares(({"x-a": 0.3, "x-b": 0.7},))}
    tags = {"x": CHOICE, "a": TASK, "b": TASK}
    model = _open_model(0.4, customers, tags, chains, does, [("p", 1, True)], routing)
    first, both = 0.12, 0.4
    residual = both  # lambda E[S^2] / 2
    figures = (
        ("wait of the first class", "R / (1 - rho_1)", residual / (1 - first), _wait_at("a")),
        (
            "wait of the second class",
            "R / ((1 - rho_1) (1 - rho))",
            residual / ((1 - first) * (1 - both)),
            _wait_at("b"),
        ),
    )
    return System("M/M/1 with priorities", model, figures)


def _tandem(customers: float) -> System:
    does = {"a": Does(exponential(1.0), "p"), "b": Does(exponential(0.8), "q")}
    pools = [("p", 1, False), ("q", 1, False)]
    model = _open_model(0.5, customers, {"a": TASK, "b": TASK}, [["start", "a", "b", "end"]], does, pools)
    figures = (
        ("wait at the first", "rho / (mu - lambda)", _wait_mmc(0.5, 1), _wait_at("a")),
        ("wait at the second", "the same, by Burke", 0.4 * 0.8 / (1 - 0.4), _wait_at("b")),
    )
    return System("tandem M/M/1 -> M/M/1", model, figures)


def _jackson(customers: float) -> System:
    """Three in ten come back to the first station: it sees lambda / 0.7."""
    does = {"a": Does(exponential(1.0), "p"), "b": Does(exponential(1.0), "q")}
    tags = {"m": CHOICE, "a": TASK, "x": CHOICE, "b": TASK}
    chains = [["start", "m", "a", "x", "b", "end"], ["x", "m"]]
    routing: dict[str, Routing] = {"x": Shares(({"x-m": 0.3, "x-b": 0.7},))}
    rate = 0.35
    model = _open_model(rate, customers, tags, chains, does, [("p", 1, False), ("q", 1, False)], routing)
    loads = (rate / 0.7, rate)
    expected = sum(load / (1 - load) for load in loads) / rate
    formula = "sum rho_i / (1 - rho_i) / lambda"
    return System("Jackson network with feedback", model, (("time in the system", formula, expected, _stay),))


def _repair(hours: float) -> System:
    """Four machines run for eight hours on average, one repairer needs one; for ever."""
    machines, running = 4, 8.0
    tags = {"m": CHOICE, "run": TASK, "repair": TASK, "x": CHOICE}
    chains = [["start", "m", "run", "repair", "x", "m"], ["x", "end"]]
    routing: dict[str, Routing] = {"x": Shares(({"x-m": 1.0, "x-end": 0.0},))}
    does = {"run": Does(dwell=exponential(running)), "repair": Does(exponential(1.0), "p")}
    days = int(hours / 24) + 1
    pools = [pool_of("p", 1, Hours.always(days * DAY))]
    arrivals = Arrivals.at(range(machines))
    model = model_of(diagram_of(tags, chains), does, pools, arrivals, days, routing=routing, horizon=DAY)
    ratio = 1.0 / running
    shares = [math.factorial(machines) / math.factorial(machines - n) * ratio**n for n in range(machines + 1)]
    total = sum(shares)
    throughput = 1 - shares[0] / total
    broken = sum(n * share for n, share in enumerate(shares)) / total
    expected = broken / throughput - 1
    formula = "L / (mu (1 - p_0)) - 1 / mu"
    return System("machine repair, M/M/1//4", model, (("wait", formula, expected, _wait_in_a_closed_system),))


def _wait_at(element: str) -> Callable[[EventLog, SimulationModel], float]:
    """The mean wait of the measured cases at an element, hours."""

    def measure(log: EventLog, model: SimulationModel) -> float:
        own = log.node == CASE_NODE
        measured = np.zeros(int(log.case.max()) + 1, np.bool_)
        arrived = log.enabled[own]
        measured[log.case[own]] = (arrived >= model.study.warmup) & (arrived < model.study.horizon)
        at = (log.node == model.net.node_of[element]) & measured[log.case]
        return float((log.started[at] - log.enabled[at]).mean()) / HOUR

    return measure


def _stay(log: EventLog, model: SimulationModel) -> float:
    own = (log.node == CASE_NODE) & (log.enabled >= model.study.warmup) & (log.enabled < model.study.horizon)
    return float((log.ended[own] - log.enabled[own]).mean()) / HOUR


def _wait_in_a_closed_system(log: EventLog, model: SimulationModel) -> float:
    """Of the repairs that began to wait after four days; those still open at the end are too few to matter."""
    at = (log.node == model.net.node_of["repair"]) & (log.outcome == DONE) & (log.enabled >= 4 * DAY)
    return float((log.started[at] - log.enabled[at]).mean()) / HOUR
