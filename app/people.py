"""``reformsim gantt --people``: what everybody does in one week of the first replication."""

from __future__ import annotations

import argparse
from datetime import timedelta
from pathlib import Path

from app.console import Console
from app.outputs import check_file
from app.study import Study
from engine.calendars.units import DAY
from engine.errors import BadInput, Finding
from reports.labels import labels_of

__all__ = ["run_people"]


def run_people(options: argparse.Namespace) -> int:
    """Simulate one replication, draw the week, write it."""
    from app.main import DONE
    from reports.drawing.files import PICTURES, drawable_data, missing_finding, save, write_bytes
    from reports.gantt.formats.page import page_of
    from reports.gantt.people import draw_people, people_week

    console = Console(options)
    files = [Path(file) for file in options.output]
    for file in files:
        check_file(file, (*PICTURES, ".html"))
    study = Study(options, console)
    models = study.models(options.variant)
    name, model = list(models.items())[-1]
    first = model.study.start + timedelta(days=model.study.warmup // DAY)
    last = model.study.start + timedelta(days=model.study.horizon // DAY - 1)
    day = options.week or first + timedelta(days=-first.weekday() % 7)
    if not model.study.start <= day <= last:
        values = {"week": day.isoformat(), "first": model.study.start.isoformat(), "last": last.isoformat()}
        raise BadInput([Finding("use.week", values)])
    monday = max(day - timedelta(days=day.weekday()), model.study.start)
    with console.progress(console.say("simulating", pipeline=study.scenario.pipeline)) as progress:
        log = study.log(model, 0)
        progress(1, 1)
    pipeline = labels_of({name: model}, console.language).pipeline
    missing: set[str] = set()
    week = drawable_data(people_week(model, log, monday, console.language, pipeline), missing)
    scene = draw_people(week)
    save(scene, week.title, [file for file in files if file.suffix.lower() in PICTURES])
    for file in files:
        if file.suffix.lower() == ".html":
            write_bytes(file, page_of(scene, week.title, console.language))
    warnings = [*study.scenario.warnings, *missing_finding(missing)]
    console.warnings(warnings)
    console.show(console.say("wrote", files=", ".join(map(str, files))))
    console.give(
        {
            "schema": 1,
            "files": [str(file) for file in files],
            "headline": week.title,
            "warnings": [finding.as_json(console.language) for finding in warnings],
        }
    )
    return DONE
