"""Small models in a few words: diagrams from chains of ids, durations in hours, random nets from keyed numbers."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from engine.calendars.hours import Hours
from engine.calendars.units import DAY, HOUR
from engine.calendars.working_days import working_days
from engine.diagram.model import Diagram, Drawing, Element, Flow, Process
from engine.kernel.chance import derive, identifier_hash, uniform
from engine.lowering import lower
from engine.net import Routing, Shares
from simulations.arrivals import Arrivals
from simulations.distributions import Distribution, exponential
from simulations.model import ActivityModel, PoolModel, SimulationModel, Study
from simulations.promises import Label

__all__ = ["START", "Chance", "Does", "Net", "diagram_of", "model_of", "pool_of", "random_net"]

START: Final = date(2022, 1, 3)  # a Monday

TASK, CHOICE, FORK = "userTask", "exclusiveGateway", "parallelGateway"


@dataclass(frozen=True)
class Does:
    """What a task takes, in hours."""

    effort: Distribution | None = None
    pool: str | None = None
    dwell: Distribution | None = None
    priority: int = 0


def diagram_of(tags: Mapping[str, str], chains: Sequence[Sequence[str]]) -> Diagram:
    """A process from ids and the chains of flows between them; ``start`` and ``end`` are always there."""
    every = {"start": "startEvent", **tags, "end": "endEvent"}
    elements = {
        id_: Element(id_, tag, id_, line, "process", None, {"id": id_}, ())
        for line, (id_, tag) in enumerate(every.items(), start=1)
    }
    flows: dict[str, Flow] = {}
    for chain in chains:
        for source, target in itertools.pairwise(chain):
            id_ = f"{source}-{target}"
            flows[id_] = Flow(id_, "", source, target, None, len(elements) + len(flows) + 1, "process")
    return Diagram("verify.bpmn", "sha256:0", Process("process", "process", 1, elements, flows, {}), Drawing())


def pool_of(name: str, units: int, hours: Hours, by_priority: bool = False) -> PoolModel:
    """A pool."""
    return PoolModel(name, Label(name, name), units, hours, discipline="priority" if by_priority else "fifo")


def model_of(
    diagram: Diagram,
    does: Mapping[str, Does],
    pools: Sequence[PoolModel],
    arrivals: Arrivals,
    days: int,
    *,
    routing: Mapping[str, Routing] | None = None,
    horizon: int,
    warmup: int = 0,
    seed: int = 7,
    dwell_hours: Hours | None = None,
) -> SimulationModel:
    """A model; moments in ms, durations in hours; dwells run around the clock unless told otherwise."""
    net = lower(diagram, routing or {}, [])
    always = Hours.always(days * DAY)
    numbers = {pool.name: number for number, pool in enumerate(pools)}

    def activity(node: int) -> ActivityModel | None:
        if node not in net.waiting_nodes:
            return None
        do = does[net.elements[node]]
        mine = () if do.pool is None else (numbers[do.pool],)
        return ActivityModel(
            pools=mine,
            effort=None if do.effort is None else do.effort.scaled(float(HOUR)),
            hours=pools[mine[0]].hours if mine else None,
            priority=do.priority,
            dwell=None if do.dwell is None else do.dwell.scaled(float(HOUR)),
            dwell_hours=dwell_hours or always,
        )

    return SimulationModel(
        pipeline="verify",
        variant="verify",
        label=Label("验证", "Verification"),
        variant_label=Label("验证", "Verification"),
        number=identifier_hash("verify"),
        diagram=diagram,
        net=net,
        study=Study(START, horizon, warmup, days * DAY, 1, seed),
        days=working_days(START, days, country="none"),
        office=always,
        pools=tuple(pools),
        activities=tuple(activity(node) for node in range(len(net.elements))),
        attributes=(),
        arrivals=arrivals,
    )


class Chance:
    """Numbers for building: the next one is a function of the key and how many were taken."""

    def __init__(self, key: int) -> None:
        self.key = derive(identifier_hash("verify net"), key, 0)
        self.taken = 0

    def below(self, number: int) -> int:
        """A whole number from 0 to one below ``number``."""
        self.taken += 1
        return int(uniform(self.key, self.taken, 0) * number)

    def between(self, low: float, high: float) -> float:
        """A number between two."""
        self.taken += 1
        return low + (high - low) * uniform(self.key, self.taken, 0)


@dataclass
class Net:
    """A block-structured net while it is built: what it consists of, and how its choices fall."""

    tags: dict[str, str] = field(default_factory=dict)
    chains: list[list[str]] = field(default_factory=list)
    routing: dict[str, Routing] = field(default_factory=dict)

    def name(self, tag: str) -> str:
        """A new element."""
        id_ = f"{tag[0]}{len(self.tags)}"
        self.tags[id_] = tag
        return id_

    def block(self, chance: Chance, depth: int, choices: bool) -> tuple[str, str]:
        """A task, or a sequence, fork, choice or loop of smaller blocks; its first and last element."""
        kind = chance.below(5 if choices else 3) if depth else 0
        if kind == 0:
            task = self.name(TASK)
            return task, task
        if kind == 1:
            first, middle = self.block(chance, depth - 1, choices)
            after, last = self.block(chance, depth - 1, choices)
            self.chains.append([middle, after])
            return first, last
        if kind == 4:
            return self._loop(chance, depth, choices)
        tag = FORK if kind == 2 else CHOICE
        split, join = self.name(tag), self.name(tag)
        shares = {}
        for _ in range(2 + chance.below(2)):
            first, last = self.block(chance, depth - 1, choices)
            self.chains += [[split, first], [last, join]]
            shares[f"{split}-{first}"] = 1.0
        if tag == CHOICE:
            self.routing[split] = Shares(({flow: 1.0 / len(shares) for flow in shares},))
        return split, join

    def _loop(self, chance: Chance, depth: int, choices: bool) -> tuple[str, str]:
        join, again = self.name(CHOICE), self.name(CHOICE)
        first, last = self.block(chance, depth - 1, choices)
        back, out = self.name(TASK), self.name(TASK)
        self.chains += [[join, first], [last, again], [again, back], [back, join], [again, out]]
        share = chance.between(0.1, 0.5)
        self.routing[again] = Shares(({f"{again}-{back}": share, f"{again}-{out}": 1 - share},))
        return join, out


def random_net(number: int, depth: int = 4) -> SimulationModel:
    """A random model: loops, choices, forks, two pools with hours, delays; 40 cases in ten days."""
    chance = Chance(number)
    net = Net()
    first, last = net.block(chance, depth, choices=True)
    net.chains += [["start", first], [last, "end"]]
    days = 400
    open_hours = [(d * DAY + 9 * HOUR, d * DAY + 17 * HOUR) for d in range(days)]
    pools = [
        pool_of("p", 1 + chance.below(3), Hours.from_intervals(open_hours, days * DAY)),
        pool_of("q", 1 + chance.below(2), Hours.always(days * DAY)),
    ]
    does = {}
    for id_, tag in net.tags.items():
        if tag == TASK:
            pool = ("p", "q", None)[chance.below(3)]
            effort = None if pool is None else exponential(chance.between(0.1, 2.0))
            dwell = exponential(chance.between(0.5, 9.0)) if pool is None or chance.below(2) else None
            does[id_] = Does(effort, pool, dwell)
    arrivals = Arrivals.from_rate(4.0 * 365, Hours.always(days * DAY), START)
    diagram = diagram_of(net.tags, net.chains)
    return model_of(diagram, does, pools, arrivals, days, routing=net.routing, horizon=10 * DAY, seed=number)
