"""Without chance and without queues a case is exactly as long as the longest path, on the calendar's clock."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np

from engine.calendars.hours import Hours
from engine.calendars.units import DAY, HOUR
from engine.log import CASE_NODE, EventLog
from simulations.arrivals import Arrivals
from simulations.distributions import constant
from simulations.model import SimulationModel
from simulations.verification.building import TASK, Chance, Does, Net, diagram_of, model_of

__all__ = ["CriticalRow", "judge_critical_path"]

Simulate: TypeAlias = Callable[[SimulationModel, int], EventLog]

DAYS: Final = 3000
ARRIVALS: Final = (10 * HOUR, 2 * DAY + 20 * HOUR, 9 * DAY + 16 * HOUR + 59 * 60_000)  # open, closed, nearly closed


@dataclass(frozen=True)
class CriticalRow:
    """One net of tasks and forks.

    Args:
        net: Its number.
        tasks: How many it has.
        expected: Ms from submission to end of each case: the longest path, on the open hours.
        found: As simulated.
    """

    net: int
    tasks: int
    expected: tuple[int, ...]
    found: tuple[int, ...]

    @property
    def agrees(self) -> bool:
        """To the millisecond."""
        return self.expected == self.found


def judge_critical_path(number: int, simulate: Simulate) -> CriticalRow:
    """Build a net of forks, give every task a fixed delay in working hours, and compare with networkx.

    All delays run on one clock, so the open time along every path adds up, whatever the gaps between.
    """
    import networkx

    chance = Chance(number)
    net = Net()
    first, last = net.block(chance, 5, choices=False)
    net.chains += [["start", first], [last, "end"]]
    hours = Hours.from_intervals(
        [
            (d * DAY + begin * HOUR, d * DAY + end * HOUR)
            for d in range(DAYS)
            if d % 7 < 5
            for begin, end in ((8, 12), (14, 17))
        ],
        DAYS * DAY,
    )
    delays = {id_: 1 + chance.below(30 * 60) for id_, tag in net.tags.items() if tag == TASK}  # minutes
    does = {id_: Does(dwell=constant(minutes / 60)) for id_, minutes in delays.items()}
    arrivals = Arrivals.at(ARRIVALS)
    model = model_of(diagram_of(net.tags, net.chains), does, (), arrivals, DAYS, horizon=30 * DAY, dwell_hours=hours)
    graph: networkx.DiGraph[str] = networkx.DiGraph()
    for chain in net.chains:
        for source, target in itertools.pairwise(chain):
            graph.add_edge(source, target, weight=delays.get(source, 0) * 60_000)
    longest = int(networkx.dag_longest_path_length(graph, weight="weight"))
    expected = tuple(hours.add_work(moment, longest) - moment for moment in ARRIVALS)
    log = simulate(model, 0)
    own = np.flatnonzero(log.node == CASE_NODE)
    own = own[np.argsort(log.case[own])]
    found = tuple((log.ended[own] - log.enabled[own]).tolist())
    return CriticalRow(number, len(delays), expected, found)
