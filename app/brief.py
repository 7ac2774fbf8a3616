"""The brief of a finished comparison: its two pictures drawn, then the document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from app.charts import chart_of_case
from app.diagrams import drawings_of
from app.report import Logs
from app.study import Study
from engine.diagram.sheet import read_sheet
from engine.errors import BadInput
from reports.brief.brief import GANTT_ROWS, BriefPictures, brief
from reports.brief.condensing import condensed
from reports.diagram import painting
from reports.drawing.files import drawable_data, png_of
from reports.gantt.page import lay_out
from reports.labels import labels_of
from simulations.element_statistics import element_statistics
from simulations.model import SimulationModel
from simulations.replication import Replication

__all__ = ["brief_of_study"]

DOTS: Final = 1843  # 156 mm at 300 dots an inch
NARROW: Final = 620.0  # points: the type stays legible when the page of the chart shrinks to 156 mm


def brief_of_study(
    study: Study,
    models: Mapping[str, SimulationModel],
    replications: Mapping[str, Sequence[Replication]],
    result: Mapping[str, Any],
    logs: Logs,
) -> bytes:
    """The brief as a Word file; pictures that cannot be drawn are left out, as in the report, which says so.

    Args:
        study: Its language.
        models: By variant.
        replications: By variant.
        result: What ``compare --json`` prints.
        logs: Those that pictures are made of.
    """
    language = study.console.language
    labels = labels_of(models, language)
    if not all(any(one.finished for one in replications[name]) for name in models):
        return brief(result, labels, language, BriefPictures())
    names = list(models)
    ends = {name: models[name] for name in dict.fromkeys((names[0], names[-1]))}
    whole = chart_of_case(study, ends, replications, "median", lambda model, number: logs.of(model.variant, number))
    chart, left_out = condensed(drawable_data(whole, set()), GANTT_ROWS)
    gantt = png_of(lay_out(chart, NARROW), DOTS)
    pictures = BriefPictures(
        gantt, left_out, _diagram(ends, logs.first(replications), language), labels.variant(names[-1])
    )
    return brief(result, labels, language, pictures)


def _diagram(ends: Mapping[str, SimulationModel], logs: Mapping[str, Sequence[Any]], language: str) -> bytes | None:
    """The last variant, coloured by waiting, with what was added and merged marked; None without a drawing."""
    try:
        for model in ends.values():
            read_sheet(model.diagram.file)
    except BadInput:
        return None
    found = {name: (model, element_statistics(logs[name], model)) for name, model in ends.items()}
    scenes, _, _ = drawings_of(ends, found, "waiting", language)
    return painting.png_of(list(scenes.values())[-1], DOTS)
