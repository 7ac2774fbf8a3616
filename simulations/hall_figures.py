"""What one run of a hall comes to: the indicators of every pipeline, and what its shared people did."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from engine.calendars.units import DAY
from engine.log import NONE, EventLog
from simulations.drivers.replicate import simulate_by
from simulations.hall import Hall
from simulations.indicators import measure
from simulations.model import PoolModel, Study
from simulations.replication import F64, Replication
from simulations.self_checks import require_sound_hall

__all__ = ["HallReplication", "PoolFigures", "hall_log", "months_of", "replicate_hall"]

I64 = npt.NDArray[np.int64]


@dataclass(frozen=True)
class PoolFigures:
    """What the people of a pool did in the measured period of one replication.

    Args:
        able: By month: what they could have worked, ms: units times open time.
        busy: By pipeline and month: what they worked in open hours, ms; work past closing time is left out.
        waiting: By pipeline and month: how long the works waited for them in open hours, ms, by the month in which
            they were asked for.
        asked: By pipeline and month: how many works those are; works that never began are left out.
        longest: By pipeline, then of all: the 90th percentile of the waiting, ms; 0 where nothing waited.
    """

    able: F64
    busy: F64
    waiting: F64
    asked: F64
    longest: F64


@dataclass(frozen=True)
class HallReplication:
    """One independent repetition of a hall.

    Args:
        number: Of the replication.
        parts: Pipeline to its indicators.
        pools: Pool to its figures.
    """

    number: int
    parts: Mapping[str, Replication]
    pools: Mapping[str, PoolFigures]


def hall_log(hall: Hall, replication: int, driver: str = "simpy") -> EventLog:
    """The event log of one replication of a hall, which keeps the laws that every run must keep.

    Raises:
        RunError: It cannot go on, or it breaks a law of `simulations.self_checks`.
    """
    log = simulate_by(driver, hall, replication)
    require_sound_hall(log, hall)
    return log


def replicate_hall(hall: Hall, replication: int, driver: str = "simpy") -> HallReplication:
    """Run one replication and measure it; see `hall_log`."""
    log = hall_log(hall, replication, driver)
    parts = {name: measure(part, hall.parts[name]) for name, part in hall.taken_apart(log).items()}
    figures = (_figures(log, index, pool, hall) for index, pool in enumerate(hall.pools))
    return HallReplication(replication, parts, {p.name: f for p, f in zip(hall.pools, figures, strict=True)})


def months_of(study: Study) -> list[tuple[int, int, date]]:
    """The calendar months of the measured period, cut at its ends: begin and end in ms, and the first of the month."""
    return list(_months(study))


def _months(study: Study) -> Iterator[tuple[int, int, date]]:
    first = (study.start + timedelta(days=study.warmup // DAY)).replace(day=1)
    while (begin := (first - study.start).days * DAY) < study.horizon:
        following = (first + timedelta(days=31)).replace(day=1)
        end = (following - study.start).days * DAY
        yield max(begin, study.warmup), min(end, study.horizon), first
        first = following


def _figures(log: EventLog, index: int, pool: PoolModel, hall: Hall) -> PoolFigures:
    held = log.assignments
    rows = held.row[held.pool == index]
    hours = pool.hours
    months = months_of(hall.study)
    edges: I64 = np.array([begin for begin, _, _ in months] + [months[-1][1]], np.int64)
    open_at_edges = hours.work_until(edges)
    shape = (len(hall.parts), len(months))
    busy, waiting, asked = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    longest = np.zeros(shape[0] + 1)
    began = log.started[rows]
    stopped = np.where(log.worked[rows] == NONE, log.ended[rows], log.worked[rows])
    stopped = np.where(stopped == NONE, hall.study.horizon, stopped)  # still at work when the run was over
    from_, until = hours.work_until(began), hours.work_until(np.maximum(stopped, began))
    enabled = log.enabled[rows]
    waited = from_ - hours.work_until(enabled)
    month = np.searchsorted(edges, enabled, side="right") - 1
    measured = (enabled >= edges[0]) & (enabled < edges[-1])
    for part in range(shape[0]):
        own = log.pipeline[rows] == part
        for column in range(shape[1]):
            inside = np.minimum(until[own], open_at_edges[column + 1]) - np.maximum(from_[own], open_at_edges[column])
            busy[part, column] = np.maximum(0, inside).sum()
        own &= measured
        np.add.at(waiting[part], month[own], waited[own])
        np.add.at(asked[part], month[own], 1)
        longest[part] = _ninth_tenth(waited[own])
    longest[-1] = _ninth_tenth(waited[measured])
    return PoolFigures(np.diff(open_at_edges) * float(pool.units), busy, waiting, asked, longest)


def _ninth_tenth(waited: I64) -> float:
    """The smallest waiting that at least nine of ten stay within."""
    return float(np.quantile(waited, 0.9, method="inverted_cdf")) if len(waited) else 0.0
