"""``reformsim chart``: one chart of the results of a study."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.console import Console
from app.outputs import check_file
from app.study import Study
from app.warm_up_chart import warm_up_chart
from engine.errors import BadInput, Finding
from engine.texts import text
from reports.labels import labels_of

if TYPE_CHECKING:
    from reports.drawing.scene import Scene

__all__ = ["run"]

MOST_LOGS = 5  # replications whose event logs are looked at for procedures, pools and waiting


def run(options: argparse.Namespace) -> int:
    """Simulate as far as the chart needs it, draw, write."""
    from app.main import DONE
    from reports.drawing.files import PICTURES, missing_finding, save

    console = Console(options)
    files = [Path(file) for file in options.output]
    for file in files:
        check_file(file, PICTURES)
    study = Study(options, console)
    missing: set[str] = set()
    warnings: list[Finding] = list(study.scenario.warnings)
    if options.kind == "warm-up":
        scene, title = warm_up_chart(study, options.variants, missing)
    elif options.kind == "tornado":
        scene, title = _tornado(study, options.data, missing)
    else:
        scene, title = _chart(study, options, missing, warnings)
    save(scene, title, files)
    warnings += missing_finding(missing)
    console.warnings(warnings)
    console.show(console.say("wrote", files=", ".join(map(str, files))))
    console.give(
        {
            "schema": 1,
            "files": [str(file) for file in files],
            "title": title,
            "warnings": [finding.as_json(console.language) for finding in warnings],
        }
    )
    return DONE


def _chart(study: Study, options: argparse.Namespace, missing: set[str], warnings: list[Finding]) -> tuple[Scene, str]:
    from reports.charts.study import NEEDS_LOGS, chart_scene

    console = study.console
    models = study.models(options.variants)
    warnings[:] = study.warnings(models)
    replications = study.run(models, console.say("simulating", pipeline=study.scenario.pipeline))
    logs = {}
    if options.kind in NEEDS_LOGS:
        with console.progress(console.say("drawing")) as progress:
            for done, (name, model) in enumerate(models.items()):
                logs[name] = [study.log(model, run.number) for run in replications[name][:MOST_LOGS]]
                progress(done + 1, len(models))
    made = chart_scene(options.kind, models, replications, logs, console.language, missing)
    if made is None:
        values = {"kind": options.kind, "reason": console.say("chart.nothing")}
        raise BadInput([Finding("use.no_chart", values)])
    return made


def _tornado(study: Study, file: str | None, missing: set[str]) -> tuple[Scene, str]:
    from reports.charts.tornado import Tornado, TornadoBar, draw_tornado
    from reports.drawing.files import drawable_data

    language = study.console.language
    data = _read(study, file)
    labels = labels_of(study.models(None), language)
    try:
        bars = tuple(
            TornadoBar(
                str(bar["name"]), str(bar["low_words"]), str(bar["high_words"]), float(bar["low"]), float(bar["high"])
            )
            for bar in data["bars"]
        )
        names = {"pipeline": labels.pipeline, "indicator": labels.indicator(str(data["indicator"]), language)}
        limit = float(data["limit"]) if data.get("limit") is not None else None
        chart = Tornado(
            text("chart.tornado.title", language, **names),
            text("chart.tornado.subtitle", language),
            str(data["unit"]),
            float(data["base"]),
            bars,
            limit,
        )
    except (KeyError, TypeError, ValueError) as error:
        problem = study.console.say("chart.missing_key", name=str(error).strip("'"))
        raise BadInput([_bad_data(file, problem)]) from error
    clean = drawable_data(chart, missing)
    return draw_tornado(clean, language), clean.title


def _read(study: Study, file: str | None) -> Mapping[str, Any]:
    if file is None:
        raise BadInput([_bad_data("--data", study.console.say("chart.no_file"))])
    try:
        data = json.loads(Path(file).read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise BadInput([_bad_data(file, study.console.say("chart.unreadable"))]) from error
    if not isinstance(data, Mapping):
        raise BadInput([_bad_data(file, study.console.say("chart.unreadable"))])
    return data


def _bad_data(file: str | None, problem: str) -> Finding:
    return Finding("use.chart_data", {"file": file, "problem": problem}, file=file)
