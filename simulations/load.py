"""Before running: what load every pool is offered, found by walking cases through the net without time."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from engine.calendars.units import DAY
from engine.errors import Finding
from engine.kernel import layout
from engine.kernel.chance import case_key, identifier_hash, replication_key, uniform
from engine.kernel.compiling import plain_kernel
from engine.kernel.layout import CANCEL, CASE_DONE, ENABLE, ENTER, INTERRUPT, SET_TIMER, Net, State
from engine.kernel.state import grown, new_state, room_for_event
from simulations.model import PoolModel, SimulationModel
from simulations.promises import Label

__all__ = ["PoolLoad", "entries_per_case", "offered_load", "overload_findings", "pool_loads"]

WALKS: Final = 400  # cases walked: the share of a branch is known to within 5 points
MOST_STEPS: Final = 10_000  # per case; a longer walk is a loop that the run itself will report


def entries_per_case(model: SimulationModel, walks: int = WALKS) -> dict[int, float]:
    """How often a case enters each node on average: boundary timers aside, which do not fire here."""
    net = model.net.plain
    kernel = plain_kernel()
    root = replication_key(model.study.seed, -1, model.number)
    attributes = [(identifier_hash("attribute", a.name), a.distribution) for a in model.attributes]
    entries: Counter[int] = Counter()
    state = new_state(net, plain=True)
    for case in range(walks):
        key = case_key(root, case)
        for column, (name, distribution) in enumerate(attributes):
            state.arriving[column] = distribution.quantile(uniform(key, name, 0))
        kernel.start_case(net, state, 0, case, key)
        waiting: list[int] = []
        for _ in range(MOST_STEPS):
            for command in state.command[: state.counters[0].commands]:
                is_watcher = command.operation == SET_TIMER and net.node[command.node].kind == layout.WATCHER
                if command.operation in (ENABLE, SET_TIMER) and not is_watcher:
                    entries[command.node] += 1
                    waiting.append(command.token)
                elif command.operation in (CANCEL, INTERRUPT) and command.token in waiting:
                    waiting.remove(command.token)
                elif command.operation == ENTER:
                    entries[command.node] += 1
                elif command.operation == CASE_DONE:
                    waiting.clear()
            state.counters[0].commands = 0
            state = _with_room(net, state)
            if not waiting or state.counters[0].fault != layout.NO_FAULT:
                state.counters[0].fault = layout.NO_FAULT
                break
            kernel.resume(net, state, waiting.pop(0))
    return {node: count / walks for node, count in entries.items()}


def _with_room(net: Net, state: State) -> State:
    return state if room_for_event(net, state) else grown(net, state, plain=True)


@dataclass(frozen=True)
class PoolLoad:
    """What one pool is asked for, as a share of what its people can do.

    Args:
        pool: Its name.
        label: What people call it.
        units: How many people it has.
        load: Over the measured period.
        by_weekday: Monday first: what the cases that arrive on such days will ask for in all, over what the pool
            can do on such days; None where it is closed and nothing arrives, infinite where only it is closed.
        missing: How many people more would bring the load below 1; 0 if it is.
    """

    pool: str
    label: Label
    units: int
    load: float
    by_weekday: tuple[float | None, ...]
    missing: int


def pool_loads(model: SimulationModel) -> list[PoolLoad]:
    """The offered load of every pool over the horizon and by weekday."""
    study = model.study
    entries = entries_per_case(model)
    per_case = [0.0] * len(model.pools)
    for node, activity in enumerate(model.activities):
        if activity is not None and activity.effort is not None:
            for pool in activity.pools:
                per_case[pool] += entries.get(node, 0.0) * activity.effort.mean
    spans = [(study.warmup, study.horizon)]
    days = [(day, day + DAY) for day in range(study.warmup // DAY * DAY, study.horizon, DAY)]
    first = study.start.weekday()
    by_weekday = [[span for span in days if (first + span[0] // DAY) % 7 == weekday] for weekday in range(7)]
    cases = [_cases(model, part) for part in (spans, *by_weekday)]
    loads = []
    for asked, people in zip(per_case, model.pools, strict=True):
        load = _load(people, asked * cases[0], spans) or 0.0
        weekdays = zip(cases[1:], by_weekday, strict=True)
        loads.append(
            PoolLoad(
                pool=people.name,
                label=people.label,
                units=people.units,
                load=load,
                by_weekday=tuple(_load(people, asked * arriving, part) for arriving, part in weekdays),
                missing=math.floor(people.units * load) - people.units + 1 if 1 <= load < math.inf else 0,
            )
        )
    return loads


def _cases(model: SimulationModel, spans: Sequence[tuple[int, int]]) -> float:
    """How many cases are expected in some stretches of time."""
    return sum(model.arrivals.expected(begin, end) for begin, end in spans)


def _load(pool: PoolModel, asked: float, spans: Sequence[tuple[int, int]]) -> float | None:
    able = pool.units * sum(pool.hours.work_between(begin, end) for begin, end in spans)
    if able == 0:
        return math.inf if asked > 0 else None
    return asked / able


def offered_load(model: SimulationModel) -> list[float]:
    """By pool: hands-on time asked for over the measured period, as a share of what its people can do in it."""
    return [load.load for load in pool_loads(model)]


def overload_findings(model: SimulationModel, language: str = "zh", allowed: bool = True) -> list[Finding]:
    """What is said of every pool that is offered as much as it can do, or more.

    Args:
        model: One variant.
        language: Of the pools' names.
        allowed: A warning; otherwise an error, which stops the run: its results would depend on how long it lasts.
    """
    return [
        Finding(
            "load.overloaded" if allowed else "load.refused",
            {"pool": load.label[language], "variant": model.variant, "load": load.load, "missing": load.missing},
            element=load.pool,
            severity="warning" if allowed else "error",
        )
        for load in pool_loads(model)
        if load.load >= 1
    ]
