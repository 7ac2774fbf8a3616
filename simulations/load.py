"""Before running: what load every pool is offered, found by walking cases through the net without time."""

from __future__ import annotations

from collections import Counter
from typing import Final

from engine.errors import Finding
from engine.kernel import layout
from engine.kernel.chance import case_key, identifier_hash, replication_key, uniform
from engine.kernel.compiling import plain_kernel
from engine.kernel.layout import CANCEL, CASE_DONE, ENABLE, ENTER, INTERRUPT, SET_TIMER, Net, State
from engine.kernel.state import grown, new_state, room_for_event
from simulations.model import SimulationModel

__all__ = ["entries_per_case", "offered_load", "overload_findings"]

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
        kernel.start_case(net, state, case, key)
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


def offered_load(model: SimulationModel) -> list[float]:
    """By pool: hands-on time asked for over the measured period, as a share of what its people can do in it."""
    study = model.study
    cases = model.arrivals.expected(study.warmup, study.horizon)
    entries = entries_per_case(model)
    asked = [0.0] * len(model.pools)
    for node, activity in enumerate(model.activities):
        if activity is not None and activity.effort is not None:
            for pool in activity.pools:
                asked[pool] += cases * entries.get(node, 0.0) * activity.effort.mean
    return [
        amount / max(1, pool.units * pool.hours.work_between(study.warmup, study.horizon))
        for amount, pool in zip(asked, model.pools, strict=True)
    ]


def overload_findings(model: SimulationModel, language: str = "zh") -> list[Finding]:
    """A warning for every pool that is offered as much as it can do, or more."""
    return [
        Finding(
            "load.overloaded",
            {"pool": pool.label[language], "load": load, "missing": pool.units * (load - 1) + 0.05},
            element=pool.name,
            severity="warning",
        )
        for load, pool in zip(offered_load(model), model.pools, strict=True)
        if load >= 1
    ]
