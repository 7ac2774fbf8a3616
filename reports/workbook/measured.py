"""The tables of the results workbook that are counted from event logs: procedures, steps, pools, cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final, TypeAlias

import numpy as np

from engine.calendars.units import DAY
from engine.kernel import layout
from engine.log import CASE_NODE, EventLog
from engine.texts import text
from reports.charts.study import WEEK, busy_time, open_time
from reports.formatting import unit_name
from reports.labels import Labels
from reports.workbook.book import Cell, Column, Kind
from reports.workbook.tables import Table
from simulations.causes import CAUSES
from simulations.element_statistics import element_statistics
from simulations.indicators import element_days, measure
from simulations.load import pool_loads
from simulations.model import SimulationModel
from simulations.quantities import unit_of
from simulations.replication import CASE, Replication

__all__ = ["case_table", "pool_table", "procedure_table", "share_table", "step_table"]

MOST_CASES: Final = 500  # of the sample, for each variant
MOST_BINS: Final = 30

Models: TypeAlias = Mapping[str, SimulationModel]
Logs: TypeAlias = Mapping[str, Sequence[EventLog]]
Runs: TypeAlias = Mapping[str, Sequence[Replication]]


def procedure_table(models: Models, logs: Logs, labels: Labels, language: str) -> Table:
    """A line for each measured element of each variant: its limit, and what the cases that came to it needed."""
    rows: list[list[Cell]] = []
    for name, model in models.items():
        days = [element_days(log, model) for log in logs[name]]
        for measured in model.measured:
            values = np.concatenate([one[measured.element] for one in days]) if days else np.zeros(0)
            came = values[values > 0]
            limit = measured.limit
            within = float((came <= limit.value).mean()) if limit is not None and len(came) else None
            rows.append(
                [
                    labels.variant(name),
                    model.name_of(measured.element, language),
                    text(f"workbook.kind.{measured.kind}", language),
                    measured.counts,
                    float(limit.value) if limit else None,
                    unit_name(limit.unit if limit else "working_day", language),
                    float(came.mean()) if len(came) else None,
                    float(np.quantile(came, 0.9)) if len(came) else None,
                    within,
                    len(came) / len(values) if len(values) else None,
                ]
            )
    columns = [
        _heading("variant", language), _heading("procedure", language), _heading("kind", language),
        _heading("counts", language, "count"), _heading("limit", language, "number"), _heading("unit", language),
        _heading("mean", language, "number"), _heading("p90", language, "number"),
        _heading("within", language, "share"), _heading("came", language, "share"),
    ]  # fmt: skip
    return columns, rows


def step_table(models: Models, logs: Logs, labels: Labels, language: str) -> Table:
    """A line for each step of each variant: how often a case comes to it, and its days by cause each time."""
    rows: list[list[Cell]] = []
    for name, model in models.items():
        found = element_statistics(logs[name], model)
        lanes = model.diagram.process.lanes
        for number, element in enumerate(found.elements):
            node = model.net.node_of.get(element)
            if node is None or model.net.kinds[node] != layout.ACTIVITY:
                continue
            lane = lanes.get(model.diagram.process.elements[element].lane or "")
            rows.append(
                [
                    labels.variant(name),
                    model.name_of(element, language),
                    model.name_of(lane.id, language) if lane else "",
                    float(found.entries[number]),
                    *found.causes[number].tolist(),
                    float(found.causes[number].sum()),
                ]
            )
    columns = [
        _heading("variant", language), _heading("step", language), _heading("department", language),
        _heading("entries", language, "number"),
        *(Column(text(f"gantt.legend.cause.{cause}", language), "number") for cause in CAUSES),
        _heading("days", language, "number"),
    ]  # fmt: skip
    return columns, rows


def pool_table(models: Models, logs: Logs, labels: Labels, language: str) -> Table:
    """A line for each pool of each variant: how many work there, and how much of their hours cases take."""
    rows: list[list[Cell]] = []
    for name, model in models.items():
        weeks = max(1, -(-(model.study.horizon - model.study.warmup) // WEEK))
        busy = np.mean([busy_time(log, model, weeks) for log in logs[name]], axis=0).sum(axis=1)
        offered = {load.pool: load.load for load in pool_loads(model)}
        for number, pool in enumerate(model.pools):
            room = float(open_time(model, number, weeks).sum())
            rows.append(
                [
                    labels.variant(name),
                    pool.label[language],
                    text(f"workbook.party.{pool.party}", language),
                    pool.units,
                    offered.get(pool.name),
                    float(busy[number]) / room if room else None,
                ]
            )
    columns = [
        _heading("variant", language), _heading("pool", language), _heading("party", language),
        _heading("units", language, "count"), _heading("offered", language, "share"),
        _heading("busy", language, "share"),
    ]  # fmt: skip
    return columns, rows


def case_table(models: Models, logs: Logs, labels: Labels, language: str) -> Table:
    """A line for each of the first cases of the first replication of each variant, with all their indicators."""
    found = {name: measure(logs[name][0], model) for name, model in models.items() if logs[name]}
    keys = list(dict.fromkeys(key for one in found.values() for key in one.indicators))
    units = {
        key: unit_of(key, models[name].measured, models[name].sums)
        for name, one in reversed(found.items())
        for key in one.indicators
    }
    rows: list[list[Cell]] = []
    for name, one in found.items():
        log, start = logs[name][0], models[name].study.start
        own = log.node == CASE_NODE
        submitted = dict(zip(log.case[own].tolist(), log.enabled[own].tolist(), strict=True))
        for at, case in enumerate(one.cases[CASE].astype(int).tolist()[:MOST_CASES]):
            day = start + timedelta(days=submitted[case] // DAY)
            figures = [float(one.cases[key][at]) if key in one.cases else None for key in keys]
            rows.append([labels.variant(name), case, day, *figures])
    columns = [_heading("variant", language), _heading("case", language, "count"), _heading("submitted", language)]
    columns += [_with_unit(labels.indicator(key, language), units[key], language) for key in keys]
    return columns, rows


def share_table(models: Models, runs: Runs, labels: Labels, indicator: str, language: str) -> Table:
    """How the cases of each variant spread over classes of an indicator: lower end, upper end, shares."""
    values = {name: np.concatenate([run.cases[indicator] for run in runs[name]]) for name in models}
    every = np.concatenate(list(values.values()))
    every = every if len(every) else np.zeros(1)
    edges = np.histogram_bin_edges(every, bins=min(MOST_BINS, max(5, len(np.unique(every)))))
    if np.array_equal(every, np.round(every)) and np.ptp(every) < MOST_BINS:  # whole numbers: a class for each
        edges = np.arange(every.min(), every.max() + 2)
    shares = {name: np.histogram(v, edges)[0] / max(len(v), 1) for name, v in values.items()}
    rows: list[list[Cell]] = [
        [float(edges[i]), float(edges[i + 1]), *(float(share[i]) for share in shares.values())]
        for i in range(len(edges) - 1)
    ]
    columns = [_heading("class_from", language, "number"), _heading("class_to", language, "number")]
    columns += [Column(labels.variant(name), "share") for name in models]
    return columns, rows


def _heading(key: str, language: str, kind: Kind = "text") -> Column:
    return Column(text(f"workbook.column.{key}", language), kind)


def _with_unit(name: str, unit: str, language: str) -> Column:
    words = text("table.plain_heading", language, name=name, unit=unit_name(unit, language))
    return Column(words, "number", 16)
