"""From models, replications and event logs to the data of every chart, in one language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from engine.calendars.units import DAY, HOUR
from engine.log import CASE_NODE, NONE, EventLog
from engine.texts import text
from reports.cases import judged_by
from reports.charts.convergence import Convergence, ConvergencePanel, draw_convergence
from reports.charts.distribution import Distribution, Sample, draw_distribution
from reports.charts.heat import Heat, HeatPanel, draw_heat
from reports.charts.promised import Promised, PromisedPanel, PromisedRow, draw_promised
from reports.charts.waterfall import Waterfall, draw_waterfall
from reports.drawing.files import drawable_data
from reports.drawing.scene import Scene
from reports.drawing.svg import svg_text
from reports.formatting import format_number, format_share
from reports.labels import Labels, labels_of
from simulations.causes import CAUSES
from simulations.estimates import mean_over_replications
from simulations.indicators import element_days
from simulations.model import SimulationModel
from simulations.promises import Target
from simulations.quantities import unit_of
from simulations.replication import Replication
from simulations.targets import judge

__all__ = ["KINDS", "NEEDS_LOGS", "WEEK", "busy_time", "chart_scene", "charts_as_svg", "open_time"]

KINDS: Final = ("distribution", "waterfall", "promise", "load", "waiting", "convergence")
NEEDS_LOGS: Final = ("promise", "load", "waiting")
WEEK: Final = 7 * DAY

Models: TypeAlias = Mapping[str, SimulationModel]
Runs: TypeAlias = Mapping[str, Sequence[Replication]]
Logs: TypeAlias = Mapping[str, Sequence[EventLog]]


def charts_as_svg(models: Models, replications: Runs, logs: Logs, language: str) -> dict[str, str]:
    """All charts of a finished comparison as SVG text, small enough to stand in one page.

    Args:
        models: By variant; the first is compared with the last.
        replications: Of every variant.
        logs: Some event logs of every variant, for the charts of procedures, pools and waiting.
        language: ``zh`` or ``en``.

    Returns:
        Kind to ``<svg>`` text, in the order of `KINDS`; kinds that there is nothing to draw of are left out.
    """
    charts = {}
    for kind in KINDS:
        made = chart_scene(kind, models, replications, logs, language)
        if made is not None:
            scene, title = made
            charts[kind] = svg_text(scene, title, f"chart-{kind}")
    return charts


def chart_scene(
    kind: str, models: Models, replications: Runs, logs: Logs, language: str, missing: set[str] | None = None
) -> tuple[Scene, str] | None:
    """One chart and its title; None where no case finished or there is nothing to show.

    Args:
        kind: One of `KINDS`.
        models, replications, logs, language: As of `charts_as_svg`.
        missing: Collects the characters that the font cannot draw.
    """
    if not all(any(run.finished for run in replications[name]) for name in models):
        return None
    found: set[str] = set() if missing is None else missing
    labels = labels_of(models, language)
    if kind == "distribution":
        spread = drawable_data(_distribution(models, replications, labels, language), found)
        return draw_distribution(spread, language), spread.title
    if kind == "waterfall":
        if len(models) < 2:
            return None
        falls = drawable_data(_waterfall(models, replications, labels, language), found)
        return draw_waterfall(falls, language), falls.title
    if kind == "promise":
        kept = drawable_data(_promised(models, logs, labels, language), found)
        return (draw_promised(kept, language), kept.title) if any(panel.rows for panel in kept.panels) else None
    if kind == "convergence":
        settled = drawable_data(_convergence(models, replications, labels, language), found)
        return draw_convergence(settled, language), settled.title
    make = _load if kind == "load" else _waiting
    heat = drawable_data(make(models, logs, labels, language), found)
    return (draw_heat(heat, language), heat.title) if heat.panels else None


# ---- the indicator that cases are judged by --------------------------------------------------------------------


def _target(model: SimulationModel, indicator: str) -> Target | None:
    return next((t for t in model.targets if t.indicator == indicator and t.op in ("<=", "<")), None)


def _distribution(models: Models, replications: Runs, labels: Labels, language: str) -> Distribution:
    first = next(iter(models.values()))
    indicator = judged_by(first)
    samples = []
    for name, model in models.items():
        runs = replications[name]
        values = np.concatenate([run.cases[indicator] for run in runs])
        target = _target(model, indicator)
        share = judge(target, runs).share_within if target else None
        samples.append(Sample(labels.variant(name), tuple(values.tolist()), target.limit if target else None, share))
    words = {"pipeline": labels.pipeline, "indicator": labels.indicator(indicator, language)}
    cases = sum(len(sample.values) for sample in samples)
    subtitle = text("chart.distribution.subtitle", language, cases=format_number(cases))
    unit = unit_of(indicator, first.measured, first.sums)
    return Distribution(text("chart.distribution.title", language, **words), subtitle, unit, tuple(samples))


def _waterfall(models: Models, replications: Runs, labels: Labels, language: str) -> Waterfall:
    names = list(models)
    before, after = (_mean_causes(replications[name]) for name in (names[0], names[-1]))
    causes = tuple(
        (text(f"gantt.legend.cause.{cause}", language), before[cause], after[cause])
        for cause in CAUSES
        if before[cause] or after[cause]
    )
    words = {
        "pipeline": labels.pipeline,
        "before": format_number(sum(before.values()), 1),
        "after": format_number(sum(after.values()), 1),
    }
    title = text("chart.waterfall.title", language, **words)
    subtitle = text("chart.waterfall.subtitle", language)
    return Waterfall(title, subtitle, labels.variant(names[0]), labels.variant(names[-1]), causes)


def _mean_causes(runs: Sequence[Replication]) -> dict[str, float]:
    """Mean over replications of the mean days by cause, as every estimate of a mean is made."""
    full = [run for run in runs if run.finished]
    return {cause: float(np.mean([run.cases[f"{cause}_days"].mean() for run in full])) for cause in CAUSES}


def _convergence(models: Models, replications: Runs, labels: Labels, language: str) -> Convergence:
    first = next(iter(models.values()))
    indicator = judged_by(first)
    panels = []
    for name, model in models.items():
        means = [float(run.cases[indicator].mean()) for run in replications[name] if run.finished]
        points = []
        for number in range(2, len(means) + 1):
            estimate = mean_over_replications(means[:number])
            low, high = estimate.ci95 or (estimate.mean, estimate.mean)
            points.append((number, estimate.mean, low, high))
        target = _target(model, indicator)
        limit = target.limit if target and target.statistic == "mean" else None
        panels.append(ConvergencePanel(labels.variant(name), tuple(points), limit))
    words = {"pipeline": labels.pipeline, "indicator": labels.indicator(indicator, language)}
    title = text("chart.convergence.title", language, **words)
    subtitle = text("chart.convergence.subtitle", language)
    return Convergence(title, subtitle, unit_of(indicator, first.measured, first.sums), tuple(panels))


def _promised(models: Models, logs: Logs, labels: Labels, language: str) -> Promised:
    panels = []
    for name, model in models.items():
        days = [element_days(log, model) for log in logs[name]]
        rows = []
        for measured in model.measured:
            values = np.concatenate([one[measured.element] for one in days]) if days else np.zeros(0)
            values = values[values > 0]  # cases that never came to it
            if measured.limit is not None and len(values):
                mean, p90 = float(values.mean()), float(np.quantile(values, 0.9))
                label = model.name_of(measured.element, language)
                rows.append(PromisedRow(label, float(measured.limit.value), measured.limit.unit, mean, p90))
        panels.append(PromisedPanel(labels.variant(name), tuple(rows)))
    title = text("chart.promised.title", language, pipeline=labels.pipeline)
    return Promised(title, text("chart.promised.subtitle", language), tuple(panels))


# ---- pools ------------------------------------------------------------------------------------------------------


def _load(models: Models, logs: Logs, labels: Labels, language: str) -> Heat:
    panels = []
    weeks, columns = 0, [""]
    for name, model in models.items():
        weeks = max(1, -(-(model.study.horizon - model.study.warmup) // WEEK))
        columns = _week_labels(model, weeks, language)
        table = np.mean([busy_time(log, model, weeks) for log in logs[name]], axis=0)
        room = np.array([open_time(model, pool, weeks) for pool in range(len(model.pools))])
        share = np.where(room > 0, table / np.maximum(room, 1), np.nan)
        totals = table.sum(axis=1) / np.maximum(room.sum(axis=1), 1)
        order = [pool for pool in np.argsort(-totals, kind="stable").tolist() if model.pools[pool].party == "office"]
        panels.append(
            HeatPanel(
                labels.variant(name),
                tuple(model.pools[pool].label[language] for pool in order),
                tuple(tuple(share[pool].tolist()) for pool in order),
                tuple(format_share(float(totals[pool])) for pool in order),
                tuple(
                    tuple(format_share(value, 0) if np.isfinite(value) else "" for value in share[pool].tolist())
                    for pool in order
                ),
            )
        )
    scale = tuple((share, format_share(share, 0)) for share in (0.0, 0.25, 0.5, 0.75, 1.0))
    title = text("chart.load.title", language, pipeline=labels.pipeline)
    return Heat(
        title,
        text("chart.load.subtitle", language),
        tuple(columns),
        tuple(panel for panel in panels if panel.rows),
        text("chart.load.total", language),
        scale,
        text("chart.load.closed", language),
    )


def _week_labels(model: SimulationModel, weeks: int, language: str) -> list[str]:
    """The month's name above the first week that begins in it."""
    found, before = [], 0
    for week in range(weeks):
        day = model.study.start + timedelta(days=(model.study.warmup + week * WEEK) // DAY)
        found.append(text(f"gantt.month.{day.month}", language) if day.month != before else "")
        before = day.month
    return found


def busy_time(log: EventLog, model: SimulationModel, weeks: int) -> npt.NDArray[np.float64]:
    """Ms of open hours that units were held, by pool and week of the measured period."""
    edges = model.study.warmup + WEEK * np.arange(weeks + 1, dtype=np.int64)
    busy = np.zeros((len(model.pools), weeks))
    held = log.assignments
    started = log.started[held.row]
    ended = np.where(log.worked[held.row] == NONE, log.ended[held.row], log.worked[held.row])
    ended = np.where(ended == NONE, edges[-1], ended)
    for number, pool in enumerate(model.pools):
        mine = (held.pool == number) & (started != NONE)
        begin, end = (pool.hours.work_until(moments[mine]) for moments in (started, ended))
        marks = pool.hours.work_until(edges)
        for week in range(weeks):
            inside = np.minimum(end, marks[week + 1]) - np.maximum(begin, marks[week])
            busy[number, week] = float(np.maximum(inside, 0).sum())
    return busy


def open_time(model: SimulationModel, pool: int, weeks: int) -> npt.NDArray[np.float64]:
    """Ms that all units of a pool are open in each week."""
    edges = model.study.warmup + WEEK * np.arange(weeks + 1, dtype=np.int64)
    return np.diff(model.pools[pool].hours.work_until(edges)).astype(np.float64) * model.pools[pool].units


# ---- waiting ----------------------------------------------------------------------------------------------------


def _waiting(models: Models, logs: Logs, labels: Labels, language: str) -> Heat:
    tables = {name: _waits(logs[name], model) for name, model in models.items()}
    counts = sum(count for _, count in tables.values())
    hours = np.flatnonzero(np.asarray(counts).sum(axis=0))
    first, last = (int(hours[0]), int(hours[-1]) + 1) if len(hours) else (0, 0)
    days = tuple(text(f"chart.weekday.{day}", language) for day in range(7))
    panels, darkest = [], 0.0
    for name, (total, count) in tables.items():
        mean = np.where(count > 0, total / np.maximum(count, 1), np.nan)[:, first:last]
        darkest = max(darkest, float(np.nan_to_num(mean).max(initial=0.0)))
        rows = total.sum(axis=1) / np.maximum(count.sum(axis=1), 1)
        panels.append(
            HeatPanel(
                labels.variant(name),
                days,
                tuple(map(tuple, mean.tolist())),
                tuple(format_number(v, 1) if n else "" for v, n in zip(rows, count.sum(axis=1), strict=True)),
                tuple(tuple(format_number(v, 1) if np.isfinite(v) else "" for v in row) for row in mean.tolist()),
            )
        )
    top = darkest or 1.0
    scale = tuple((top * i / 4, text("chart.waiting.hours", language, hours=format_number(top * i / 4, 1)))
                  for i in range(5))  # fmt: skip
    return Heat(
        text("chart.waiting.title", language, pipeline=labels.pipeline),
        text("chart.waiting.subtitle", language),
        tuple(str(hour) for hour in range(first, last)),
        tuple(panels) if last > first else (),
        text("chart.waiting.total", language),
        scale,
        text("chart.waiting.nobody", language),
    )


def _waits(logs: Sequence[EventLog], model: SimulationModel) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Hours waited for the office's people, and how many waited, by the weekday and hour of their coming."""
    total, count = np.zeros((7, 24)), np.zeros((7, 24))
    offices = [
        node
        for node, activity in enumerate(model.activities)
        if activity is not None and any(model.pools[pool].party == "office" for pool in activity.pools)
    ]
    for log in logs:
        rows = np.flatnonzero(np.isin(log.node, offices) & (log.started != NONE) & (log.node != CASE_NODE))
        rows = rows[(log.enabled[rows] >= model.study.warmup) & (log.enabled[rows] < model.study.horizon)]
        weekday = (log.enabled[rows] // DAY + model.study.start.weekday()) % 7
        hour = log.enabled[rows] % DAY // HOUR
        np.add.at(total, (weekday, hour), (log.started[rows] - log.enabled[rows]) / HOUR)
        np.add.at(count, (weekday, hour), 1)
    return total, count
