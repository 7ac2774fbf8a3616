"""The one-file report of a finished comparison: its charts, diagrams and replays gathered, then one page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from app.charts import chart_of_case
from app.diagrams import drawings_of
from app.study import Study
from engine.diagram.sheet import read_sheet
from engine.errors import BadInput, Finding
from engine.log import EventLog
from engine.texts import text
from reports.cases import pick_case
from reports.charts.study import charts_as_svg
from reports.charts.tornado import draw_tornado, tornado_of
from reports.diagram.nodes import shape_box
from reports.diagram.parts import parts_of
from reports.diagram.picture import legend_scene
from reports.diagram.scene import Scene
from reports.diagram.svg import svg_of
from reports.drawing.files import drawable_data
from reports.drawing.svg import svg_text
from reports.formatting import format_quantity
from reports.gantt.page import lay_out
from reports.html.report import DiagramPart, Picture, Replay, ReportParts, report_page
from reports.labels import Labels, labels_of
from reports.replaying import replay_of
from simulations.element_statistics import element_statistics
from simulations.model import SimulationModel
from simulations.quantities import unit_of
from simulations.replication import Replication

__all__ = ["MOST_LOGS", "Logs", "page_of_study"]

MOST_LOGS: Final = 3  # replications whose logs the report's pictures are made of
REPLAYED: Final = ("median", "p90", "worst")

Models = Mapping[str, SimulationModel]
Runs = Mapping[str, Sequence[Replication]]


def page_of_study(
    study: Study, models: Models, replications: Runs, result: Mapping[str, Any], logs: Logs
) -> tuple[str, list[Finding]]:
    """The page, and what could not be shown on it.

    Args:
        study: Its language, and where logs come from.
        models: By variant.
        replications: By variant.
        result: What ``compare --json`` prints.
        logs: Those that pictures are made of.
    """
    language = study.console.language
    labels = labels_of(models, language)
    if not all(any(one.finished for one in replications[name]) for name in models):
        return report_page(result, labels, language, ReportParts()), []
    shown = logs.first(replications)
    first = next(iter(models.values()))
    diagrams, legend, warnings = _diagrams(models, replications, shown, logs, language)
    start = first.study.start
    parts = ReportParts(
        gantts=[_gantt(study, models, replications, logs, language)],
        legend=legend,
        diagrams=diagrams,
        charts=[*_charts(models, replications, shown, language), *_tornados(result, labels, language)],
        logs=max(len(of) for of in shown.values()),
        start_ms=int(datetime(start.year, start.month, start.day, tzinfo=UTC).timestamp()) * 1000,
    )
    return report_page(result, labels, language, parts), warnings


class Logs:
    """The logs that a report needs, each made once."""

    def __init__(self, study: Study, models: Models, progress: Callable[[int, int], None]) -> None:
        self.study = study
        self.models = models
        self.progress = progress
        self.known: dict[tuple[str, int], EventLog] = {}

    def first(self, replications: Runs) -> dict[str, list[EventLog]]:
        """The logs of the first few replications of every variant."""
        return {name: [self.of(name, one.number) for one in replications[name][:MOST_LOGS]] for name in self.models}

    def of(self, name: str, replication: int) -> EventLog:
        """The log of a replication of a variant."""
        key = (name, replication)
        if key not in self.known:
            self.known[key] = self.study.log(self.models[name], replication)
            most = len(self.models) * (MOST_LOGS + len(REPLAYED))
            self.progress(min(len(self.known), most), most)
        return self.known[key]


def _gantt(study: Study, models: Models, replications: Runs, logs: Logs, language: str) -> Picture:
    names = list(models)
    ends = {name: models[name] for name in dict.fromkeys((names[0], names[-1]))}
    chart = drawable_data(
        chart_of_case(study, ends, replications, "median", lambda model, number: logs.of(model.variant, number)), set()
    )
    svg = svg_text(lay_out(chart), chart.headline, "gantt")
    return Picture("gantt", text("page.gantt", language), svg, text("page.gantt_caption", language))


def _charts(models: Models, replications: Runs, logs: Mapping[str, list[EventLog]], language: str) -> list[Picture]:
    return [
        Picture(
            f"chart-{kind}-part", text(f"page.chart.{kind}", language), svg, text(f"page.chart.{kind}_say", language)
        )
        for kind, svg in charts_as_svg(models, replications, logs, language).items()
    ]


def _tornados(result: Mapping[str, Any], labels: Labels, language: str) -> list[Picture]:
    """What the figures of the targets hang on, where a sensitivity was run."""
    pictures = []
    for number, data in enumerate((result.get("sensitivity") or {}).get("tornados", ())):
        chart = tornado_of(data, labels, language)
        if chart is None:
            continue
        clean = drawable_data(chart, set())
        name = f"chart-tornado-{number}" if number else "chart-tornado"
        svg = svg_text(draw_tornado(clean, language), clean.title, name)
        caption = text("page.chart.tornado_say", language)
        pictures.append(Picture(f"{name}-part", text("page.chart.tornado", language), svg, caption))
    return pictures


def _diagrams(
    models: Models, replications: Runs, shown: Mapping[str, list[EventLog]], logs: Logs, language: str
) -> tuple[list[DiagramPart], str, list[Finding]]:
    """The diagrams that are drawn; of those that are not, why."""
    warnings: list[Finding] = []
    drawn: dict[str, SimulationModel] = {}
    for name, model in models.items():
        try:
            read_sheet(model.diagram.file)
            drawn[name] = model
        except BadInput as error:
            warnings += [_as_warning(finding) for finding in error.findings]
    if not drawn:
        return [], "", warnings
    found = {name: (model, element_statistics(shown[name], model)) for name, model in drawn.items()}
    scenes, heat, marks = drawings_of(drawn, found, "waiting", language)
    parts = []
    for number, (name, scene) in enumerate(scenes.items()):
        key = f"v{number}"
        replays = [_replay(models[name], replications[name], name, which, logs, language) for which in REPLAYED]
        places = _places(models[name])
        parts.append(DiagramPart(key, scene.title, _svg(scene, key), places, replays, scene.box, parts_of(scene)))
    return parts, svg_of(legend_scene(language, heat, marks), outlined=False, prefix="legend"), warnings


def _svg(scene: Scene, key: str) -> str:
    return svg_of(scene, outlined=False, prefix=key, scale=0.75)


def _places(model: SimulationModel) -> dict[str, tuple[float, float]]:
    """Where the token of each activity stands: on the middle of its upper edge."""
    places = {}
    for shape in read_sheet(Path(model.diagram.file)).shapes.values():
        if not shape.contains:
            box = shape_box(shape)
            places[shape.id] = (round(box.middle[0], 1), round(box.top, 1))
    return places


def _replay(
    model: SimulationModel, runs: Sequence[Replication], name: str, which: str, logs: Logs, language: str
) -> Replay:
    picked = pick_case(model, runs, which)
    unit = unit_of(picked.indicator, model.measured, model.sums)
    label = text(
        "page.replay.label",
        language,
        rank=text(f"gantt.which.{which}", language),
        case=picked.case,
        replication=picked.replication,
        indicator=labels_of({name: model}, language).indicator(picked.indicator, language),
        amount=format_quantity(picked.value, unit, language),
    )
    return Replay(label, replay_of(model, logs.of(name, picked.replication), picked))


def _as_warning(finding: Finding) -> Finding:
    return replace(finding, severity="warning")
