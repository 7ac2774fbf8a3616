"""What a model's log calls its activities, people and cases, and what its work cost."""

from __future__ import annotations

from functools import partial

import numpy as np
import numpy.typing as npt

from engine.elements.task import TAGS as TASKS
from engine.kernel.chance import case_key, identifier_hash, replication_key, uniform
from engine.log import CASE_NODE, NONE, EventLog
from engine.log_files.naming import LogNames
from simulations.model import SimulationModel

__all__ = ["case_attributes", "log_names", "work_costs"]

HOUR_MS = 3_600_000


def log_names(model: SimulationModel, language: str) -> LogNames:
    """The names of a model's log in a language.

    Activities of the same name are told apart by their ids. The zone is that of China; where the model comes from
    elsewhere, its clock is local time without a zone, and is written with the same one.
    """
    elements = model.diagram.process.elements
    is_task = [id_ in elements and elements[id_].tag in TASKS for id_ in model.net.elements]
    named = {id_: model.name_of(id_, language) for id_, task in zip(model.net.elements, is_task, strict=True) if task}
    times = {name: list(named.values()).count(name) for name in named.values()}
    labels = {id_: name if times[name] == 1 else f"{name} ({id_})" for id_, name in named.items()}
    return LogNames(
        start=model.study.start,
        elements=model.net.elements,
        activities=tuple(labels[id_] if task else None for id_, task in zip(model.net.elements, is_task, strict=True)),
        pools=tuple(pool.label[language] for pool in model.pools),
        units=tuple(pool.units for pool in model.pools),
        attributes=partial(case_attributes, model),
        cost=partial(work_costs, model),
    )


def case_attributes(model: SimulationModel, replication: int, case: int) -> dict[str, float | bool | str]:
    """What was drawn for a case when it arrived: from its keys, as the drivers draw it."""
    key = case_key(replication_key(model.study.seed, replication, model.number), case)
    drawn: dict[str, float | bool | str] = {}
    for attribute in model.attributes:
        value = attribute.distribution.quantile(uniform(key, identifier_hash("attribute", attribute.name), 0))
        if attribute.values == ("false", "true"):
            drawn[attribute.name] = bool(value)
        else:
            drawn[attribute.name] = attribute.values[int(value)] if attribute.values else float(value)
    return drawn


def work_costs(model: SimulationModel, log: EventLog) -> npt.NDArray[np.float64]:
    """By row: hours worked times the hourly cost of who worked, and the fixed cost of each entry that began."""
    costs = np.zeros(len(log), np.float64)
    for node, activity in enumerate(model.activities):
        hourly = sum(model.pools[pool].hourly_cost for pool in activity.pools) if activity else 0.0
        if activity is None or not (hourly or activity.fixed_cost):
            continue
        rows = np.flatnonzero((log.node == node) & (log.node != CASE_NODE) & (log.started != NONE))
        started, worked = log.started[rows], log.worked[rows]
        worked = np.where(worked == NONE, log.ended[rows], worked)  # broken off
        worked = np.maximum(worked, started)  # or still open
        if activity.hours is None or activity.finish:
            busy = worked - started
        else:
            busy = activity.hours.work_until(worked) - activity.hours.work_until(started)
        costs[rows] = activity.fixed_cost + hourly * busy / HOUR_MS
    return costs
