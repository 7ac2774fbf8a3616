"""The diagrams of a study: drawn from their files, coloured and labelled by what was simulated."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.console import Console
from app.study import Study
from engine.diagram.sheet import read_sheet
from engine.texts import text
from reports.diagram.comparing import marks_between
from reports.diagram.drawing import draw_sheet
from reports.diagram.heat import Colour, Heat, heat_of, names_of
from reports.diagram.look import Look, Mark
from reports.diagram.picture import picture
from reports.diagram.scene import Scene
from reports.labels import labels_of
from simulations.element_statistics import ElementStatistics, element_statistics
from simulations.model import SimulationModel

if TYPE_CHECKING:
    from engine.log import EventLog

__all__ = ["MOST_LOGS", "drawings_of", "picture_of_file", "picture_of_study", "statistics_of"]

MOST_LOGS = 5  # replications whose logs a diagram is coloured by


def picture_of_file(file: Path, language: str) -> Scene:
    """Any BPMN file, as it is drawn."""
    return _drawing(file, Look(), file.name, language)


def picture_of_study(options: argparse.Namespace, console: Console) -> Scene:
    """Variants of a pipeline, coloured if asked for, the first compared with the last if there are several."""
    study = Study(options, console)
    models = study.models(options.variant or options.variants)
    colour: Colour | None = options.colour
    found: Mapping[str, tuple[SimulationModel, ElementStatistics]] = {}
    if colour is not None:
        warnings = study.warnings(models)
        console.warnings(warnings)
        found = statistics_of(study, models)
    scenes, heat, marks = drawings_of(models, found, colour, console.language)
    titles = text("diagram_report.headline_joint", console.language).join(scene.title for scene in scenes.values())
    pipeline = labels_of(models, console.language).pipeline
    headline = text("diagram_report.headline", console.language, pipeline=pipeline, titles=titles)
    return picture(scenes, headline, console.language, heat, marks)


def statistics_of(
    study: Study, models: Mapping[str, SimulationModel], most: int = MOST_LOGS
) -> dict[str, tuple[SimulationModel, ElementStatistics]]:
    """What happened at every element, from the logs of the first replications."""
    found = {}
    counts = {name: min(model.study.replications, most) for name, model in models.items()}
    done = 0
    with study.console.progress(study.console.say("counting")) as progress:
        for name, model in models.items():
            logs: list[EventLog] = []
            for number in range(counts[name]):
                logs.append(study.log(model, number))
                done += 1
                progress(done, sum(counts.values()))
            found[name] = (model, element_statistics(logs, model))
    return found


def drawings_of(
    models: Mapping[str, SimulationModel],
    found: Mapping[str, tuple[SimulationModel, ElementStatistics]],
    colour: Colour | None,
    language: str,
) -> tuple[dict[str, Scene], Heat | None, Sequence[Mark]]:
    """The scene of every variant, what the colours mean, and the marks that are shown."""
    marks: dict[str, dict[str, Mark]] = {}
    names = list(models)
    if len(names) > 1:
        first, last = names[0], names[-1]
        before, after = (models[name].diagram.process for name in (first, last))
        marks[first], marks[last] = marks_between(before, after)
        for name in names[1:-1]:
            marks[name] = marks_between(before, models[name].diagram.process)[1]
    heat: Heat | None = None
    if colour is not None:
        looks, heat = heat_of(found, colour, language, marks)
    else:
        looks = {name: _plain(model, marks.get(name, {}), language) for name, model in models.items()}
    scenes = {
        name: _drawing(Path(model.diagram.file), looks[name], model.variant_label[language], language, model)
        for name, model in models.items()
    }
    order: tuple[Mark, ...] = ("removed", "merged", "moved", "added")
    shown = {mark for of in marks.values() for mark in of.values()}
    return scenes, heat, [mark for mark in order if mark in shown]


def _plain(model: SimulationModel, marks: Mapping[str, Mark], language: str) -> Look:
    words: dict[Any, str] = {mark: text(f"diagram_report.mark.{mark}", language) for mark in set(marks.values())}
    return Look(names=names_of(model, language), marks=marks, mark_words=words)


def _drawing(file: Path, look: Look, title: str, language: str, model: SimulationModel | None = None) -> Scene:
    sheet = read_sheet(file)
    pools = [shape.id for shape in sheet.shapes.values() if shape.tag == "participant"]
    if model is not None and len(pools) == 1 and language != "zh":  # a scenario names everything but the pool
        look = replace(look, names={**look.names, pools[0]: f"{model.label[language]}: {title}"})
    counts = {"shapes": len(sheet.shapes), "edges": len(sheet.edges)}
    return draw_sheet(sheet, look, title, text("diagram_report.description", language, title=title, **counts))
