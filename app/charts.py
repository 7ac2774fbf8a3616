"""The Gantt chart of a study: the same case of every variant, under each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from app.study import Study
from engine.log import EventLog
from engine.texts import text
from reports.cases import case_panel, judged_by, mean_panel, pick_case, promise_panel
from reports.formatting import format_quantity
from reports.gantt.model import GanttChart, GanttPanel
from reports.labels import labels_of
from simulations.estimates import estimate
from simulations.indicators import indicator_of_sum, sum_unit
from simulations.model import SimulationModel
from simulations.promise import promise
from simulations.quantities import unit_of
from simulations.replication import Replication

__all__ = ["chart_of_case"]

MOST_LOGS = 10  # replications that the steps of a mean case are averaged over


def chart_of_case(
    study: Study,
    models: Mapping[str, SimulationModel],
    replications: Mapping[str, Sequence[Replication]],
    which: str,
    log: Callable[[SimulationModel, int], EventLog] | None = None,
) -> GanttChart:
    """The chart of ``promise``, ``mean``, ``median``, ``p90``, ``worst`` or the case of a number.

    Args:
        study: Where the models come from; its language.
        models: By variant, in the order of the chart.
        which: One of these words, or digits.
        replications: By variant; not needed for the promise.
        log: Gives the event log of a replication; it is simulated by default.
    """
    log = log or study.log
    language = study.console.language
    labels = labels_of(models, language)
    first = next(iter(models.values()))
    panels: list[GanttPanel] = []
    amounts: list[str] = []
    notes: list[str] = []
    indicator = judged_by(first)
    for name, model in models.items():
        variant = model.variant_label[language]
        if which == "promise":
            panel, amount = promise_panel(model, language), _promised(model, language)
        elif which == "mean":
            runs = replications[name]
            logs = [log(model, r.number) for r in runs[:MOST_LOGS]]
            panel, amount = mean_panel(model, logs, runs, language), _mean(model, runs, indicator, language)
        else:
            picked = pick_case(model, replications[name], which)
            panel = case_panel(model, log(model, picked.replication), picked, language)
            amount = _amount(model, picked.indicator, picked.value, language)
            place = {"replication": picked.replication, "case": picked.case}
            notes.append(text("gantt.case_place", language, variant=variant, **place))
        panels.append(panel)
        amounts.append(text("gantt.headline_part", language, variant=variant, amount=amount))
    if which == "promise" and first.sums:
        indicator = indicator_of_sum(first.sums[0], sum_unit(first.sums[0], first.measured))
    name = labels.indicator(indicator, language)
    headline = text(
        "gantt.headline",
        language,
        pipeline=labels.pipeline,
        indicator=name,
        amounts=text("gantt.headline_joint", language).join(amounts),
    )
    if which in ("promise", "mean"):
        subtitle = text(f"gantt.subtitle_{which}", language)
    else:
        rank = text(f"gantt.which.{'number' if which.isdecimal() else which}", language)
        places = text("gantt.case_joint", language).join(notes)
        subtitle = text("gantt.subtitle_case", language, which=rank, indicator=name, places=places)
    axis = text("gantt.axis_promise", language) if which == "promise" else ""
    return GanttChart(headline, subtitle, tuple(panels), language, axis_label=axis)


def _amount(model: SimulationModel, indicator: str, value: float, language: str) -> str:
    return format_quantity(value, unit_of(indicator, model.measured, model.sums), language)


def _mean(model: SimulationModel, runs: Sequence[Replication], indicator: str, language: str) -> str:
    known = estimate(indicator, runs, model.study.seed)
    return _amount(model, indicator, known.mean, language) if known else ""


def _promised(model: SimulationModel, language: str) -> str:
    paper = promise(model.diagram, model.measured, model.sums)
    if not model.sums:
        return ""
    unit = sum_unit(model.sums[0], model.measured)
    value = paper[indicator_of_sum(model.sums[0], unit)]
    return format_quantity(value, unit, language) if value is not None else ""
