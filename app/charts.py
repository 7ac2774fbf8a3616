"""The Gantt chart of a study: the same case of every variant, under each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.study import Study
from engine.texts import text
from reports.cases import case_panel, mean_panel, pick_case, promise_panel
from reports.formatting import format_quantity
from reports.gantt.model import GanttChart, GanttPanel
from simulations.model import SimulationModel
from simulations.promise import promise
from simulations.replication import Replication

__all__ = ["chart_of_case"]

MOST_LOGS = 10  # replications that the steps of a mean case are averaged over


def chart_of_case(
    study: Study,
    models: Mapping[str, SimulationModel],
    replications: Mapping[str, Sequence[Replication]],
    which: str,
) -> GanttChart:
    """The chart of ``promise``, ``mean``, ``median``, ``p90``, ``worst`` or the case of a number.

    Args:
        study: Where the models come from; its language.
        models: By variant, in the order of the chart.
        which: One of these words, or digits.
        replications: By variant; not needed for the promise.
    """
    language = study.console.language
    panels: list[GanttPanel] = []
    amounts: list[tuple[str, str]] = []
    subtitle = text(f"gantt.subtitle_{which}", language) if which in ("promise", "mean") else ""
    for name, model in models.items():
        label = model.variant_label[language]
        if which == "promise":
            panels.append(promise_panel(model, language))
            amounts.append((label, _promised(model, language)))
        elif which == "mean":
            runs = replications[name]
            logs = [study.log(model, r.number) for r in runs[:MOST_LOGS]]
            panels.append(mean_panel(model, logs, runs, language))
            amounts.append((label, panels[-1].finish.words if panels[-1].finish else ""))
        else:
            picked = pick_case(model, replications[name], which)
            panels.append(case_panel(model, study.log(model, picked.replication), picked, language))
            unit = next((t.unit for t in model.targets if t.indicator == picked.indicator), "natural_day")
            amounts.append((label, format_quantity(picked.value, unit, language)))
            subtitle = text(
                "gantt.subtitle_case",
                language,
                which=text(f"gantt.which.{which if not which.isdecimal() else 'number'}", language),
                indicator=study.labels(models).indicator(picked.indicator, language),
                replication=picked.replication,
                case=picked.case,
            )
    first = next(iter(models.values()))
    parts = [text("gantt.headline_part", language, variant=label, amount=amount) for label, amount in amounts]
    headline = text(
        "gantt.headline",
        language,
        pipeline=first.label[language],
        amounts=text("gantt.headline_joint", language).join(parts),
    )
    axis = text("gantt.axis_promise", language) if which == "promise" else ""
    return GanttChart(headline, subtitle, tuple(panels), language, axis_label=axis)


def _promised(model: SimulationModel, language: str) -> str:
    paper = promise(model.diagram, model.measured, model.sums)
    if not model.sums:
        return ""
    from simulations.indicators import indicator_of_sum, sum_unit

    unit = sum_unit(model.sums[0], model.measured)
    value = paper[indicator_of_sum(model.sums[0], unit)]
    return format_quantity(value, unit, language) if value is not None else ""
