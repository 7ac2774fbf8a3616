"""``reformsim sensitivity``: every assumption to both ends of its range, and where the verdict turns."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from app.console import Console
from app.outputs import check_folder, write_text, writing
from app.study import Study
from engine.errors import BadInput, Finding
from reports.labels import labels_of
from simulations.model import SimulationModel

if TYPE_CHECKING:
    from simulations.replication import Replication

__all__ = ["run", "study_sensitivity"]

REPLICATIONS: Final = 10  # pairs on common random numbers: few are enough to see what moves


def run(options: argparse.Namespace) -> int:
    """Move, simulate, show, write."""
    from app.main import DONE
    from reports.sensitivity import sensitivity_tables

    console = Console(options)
    if options.report:
        check_folder(Path(options.report))
    study = Study(options, console)
    models = study.models(options.variants)
    console.warnings(list(study.scenario.warnings))
    number = REPLICATIONS if options.replications is None else options.replications
    result = study_sensitivity(study, options, models, number)
    labels = labels_of(models, console.language)
    console.show(sensitivity_tables(result, labels, console.language))
    if options.report:
        files = _write_report(Path(options.report), study, models, result)
        console.show(console.say("wrote", files=", ".join(map(str, files))))
    console.give(result)
    return DONE


def study_sensitivity(
    study: Study,
    options: argparse.Namespace,
    models: Mapping[str, SimulationModel],
    replications: int,
    first_only: bool = False,
) -> dict[str, Any]:
    """What ``sensitivity --json`` prints.

    Args:
        study: The scenario as the command line asks for it.
        options: Of the command line.
        models: The variants whose targets are looked at.
        replications: Of every run.
        first_only: Only the first target of each variant.

    Raises:
        BadInput: No variant has a target.
    """
    from reports.sensitivity import sensitivity_json
    from scenarios.moving import MovableScenario
    from simulations.sensitivity import sensitivity

    console = study.console
    if not any(model.targets for model in models.values()):
        raise BadInput([Finding("sensitivity.no_target", {"variants": ", ".join(models)})])
    holidays = Path(options.holidays) if options.holidays else None
    scenario = MovableScenario(str(study.scenario.file), options.override, holidays, options.seed)

    def every(moved: Mapping[str, SimulationModel]) -> Mapping[str, Sequence[Replication]]:
        return study.run_aside(
            study.warmed(moved), console.say("moving", pipeline=study.scenario.pipeline), range(replications)
        )

    found = sensitivity(models, scenario, every, first_only)
    seed = next(iter(models.values())).study.seed
    return sensitivity_json(found, models, seed, console.language)


def _write_report(
    folder: Path, study: Study, models: Mapping[str, SimulationModel], result: Mapping[str, Any]
) -> list[Path]:
    """The result as JSON, and each tornado as data and as a chart."""
    from reports.charts.tornado import draw_tornado, tornado_of
    from reports.drawing.files import drawable_data, missing_finding, save

    language = study.console.language
    labels = labels_of(models, language)
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    files = [folder / "sensitivity.json"]
    write_text(files[0], json.dumps(result, ensure_ascii=False, indent=1, allow_nan=False) + "\n")
    missing: set[str] = set()
    for number, tornado in enumerate(result["tornados"], start=1):
        chart = tornado_of(tornado, labels, language)
        if chart is None:
            continue
        clean = drawable_data(chart, missing)
        pictures = [folder / f"tornado-{tornado['variant']}-{number}.{kind}" for kind in ("svg", "png")]
        save(draw_tornado(clean, language), clean.title, pictures)
        files += pictures
    study.console.warnings(missing_finding(missing))
    return files
