"""``reformsim compare``: all variants against their targets and against the first, and files of it."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.best import check_selection, select, sentence
from app.console import Console
from app.outputs import check_folder, write_bytes, write_text, writing
from app.study import Study
from simulations.model import SimulationModel
from simulations.replication import Replication

__all__ = ["run"]


def run(options: argparse.Namespace) -> int:
    """Simulate, compare, show, write."""
    from app.main import DONE, FOUND

    console = Console(options)
    if options.report:
        check_folder(Path(options.report))
    study = Study(options, console)
    models = study.models(options.variants)
    if options.best is not None:
        check_selection(options, models)
    warnings = study.warnings(models)
    console.warnings(warnings)
    replications = study.run_to_precision(
        models, console.say("simulating", pipeline=study.scenario.pipeline), options.precision, options.max_replications
    )
    result = study.result(models, replications, warnings)
    if options.sensitivity:
        result["sensitivity"] = _sensitivity(study, options, models)
    if options.best is not None:
        result["selection"] = select(study, options, models, replications)
    console.show(*study.verdict(models, result))
    if options.best is not None:
        console.show(sentence(result["selection"], models, console.language), "")
    console.show_sparks(study.sparklines(models, replications))
    if study.precision is not None:
        console.show(_precision(console, study.precision))
    console.show(console.say("assumed", number=result["assumptions"]))
    if options.report:
        files = _write_report(Path(options.report), study, models, replications, result)
        console.show(console.say("wrote", files=", ".join(str(file) for file in files)))
    console.give(result)
    missed = any(t["verdict"] == "missed" for v in result["variants"].values() for t in v["targets"])
    return FOUND if options.fail_on_miss and missed else DONE


def _precision(console: Console, found: Mapping[str, Any]) -> str:
    """How the precision was reached: some of the looks, the last one among them."""
    path = [step for step in found["path"] if step["half_width"] is not None]
    shown = path[:: max(1, len(path) // 6)]
    shown += path[-1:] if shown[-1:] != path[-1:] else []
    steps = ", ".join(
        console.say("precision_step", number=step["replications"], width=step["half_width"]) for step in shown
    )
    enough = found["enough"]
    if enough is None:
        return console.say("precision_missed", path=steps, **{key: found[key] for key in ("asked", "bound")})
    more = found["path"][-1]["replications"] - enough
    return console.say("precision_reached", path=steps, asked=found["asked"], enough=enough, more=more)


def _sensitivity(
    study: Study, options: argparse.Namespace, models: Mapping[str, SimulationModel]
) -> Mapping[str, Any] | None:
    """What the headline's target hangs on: the first one of the last variant; nothing where it has no target."""
    from app.commands.sensitivity_command import REPLICATIONS, study_sensitivity

    last = list(models)[-1]
    if not models[last].targets:
        return None
    most = min(REPLICATIONS, models[last].study.replications)
    return study_sensitivity(study, options, {last: models[last]}, most, first_only=True)


def _write_report(
    folder: Path,
    study: Study,
    models: Mapping[str, SimulationModel],
    replications: Mapping[str, list[Replication]],
    result: Mapping[str, Any],
) -> list[Path]:
    """Report, brief, results as workbook and JSON, assumptions as CSV, and the Gantt chart of a case."""
    from app.brief import brief_of_study
    from app.charts import chart_of_case
    from app.report import Logs, page_of_study
    from reports.assumptions import assumptions_table
    from reports.gantt.drawing import draw
    from reports.workbook.results import results_workbook

    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    results = folder / "results.json"
    write_text(results, json.dumps(result, ensure_ascii=False, indent=1, allow_nan=False) + "\n")
    assumptions = folder / "assumptions.csv"
    write_text(assumptions, assumptions_table(result, study.console.language))
    page, book, word = folder / "report.html", folder / "results.xlsx", folder / "brief.docx"
    every = all(any(one.finished for one in replications[name]) for name in models)
    with study.console.progress(study.console.say("reporting")) as progress:
        logs = Logs(study, models, progress)
        content, notes = page_of_study(study, models, replications, result, logs)
        write_text(page, content)
        counted = logs.first(replications) if every else {}
        write_bytes(book, results_workbook(result, models, replications, counted, study.console.language))
        write_bytes(word, brief_of_study(study, models, replications, result, logs))
    study.console.warnings(notes)
    shown = _first_and_last(models)
    if not all(any(one.finished for one in replications[name]) for name in shown):
        return [page, word, book, results, assumptions]
    charts = [folder / "gantt.png", folder / "gantt.svg"]
    with study.console.progress(study.console.say("drawing")) as progress:
        chart = chart_of_case(study, shown, replications, "median")
        progress(1, 2)
        study.console.warnings(draw(chart, charts))
        progress(2, 2)
    return [page, word, book, results, assumptions, *charts]


def _first_and_last(models: Mapping[str, SimulationModel]) -> dict[str, SimulationModel]:
    """Before and after: what stands between would hide the difference."""
    names = list(models)
    return {name: models[name] for name in dict.fromkeys((names[0], names[-1]))}
