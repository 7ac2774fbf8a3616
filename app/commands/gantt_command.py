"""``reformsim gantt``: one case, before over after, as a picture."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path

from app.console import Console
from app.outputs import check_file
from app.study import Study
from engine.errors import BadInput, Finding
from simulations.replication import Replication

__all__ = ["run"]


def run(options: argparse.Namespace) -> int:
    """Choose the case, draw it, write it."""
    from app.charts import chart_of_case
    from app.main import DONE
    from reports.cases import CASES
    from reports.gantt.formats import FORMATS, write_chart

    if options.people:
        from app.people import run_people

        return run_people(options)
    console = Console(options)
    if options.case not in CASES and not options.case.isdecimal():
        raise BadInput([Finding("use.unknown_case", {"case": options.case})])
    files = [Path(file) for file in options.output]
    for file in files:
        check_file(file, FORMATS)
    study = Study(options, console)
    models = study.models(options.variants)
    replications: Mapping[str, list[Replication]] = {}
    warnings = list(study.scenario.warnings)
    if options.case != "promise":
        warnings = study.warnings(models)
    console.warnings(warnings)
    if options.case != "promise":
        first = (0,) if options.case.isdecimal() else None  # a number is that of a case in the first replication
        replications = study.run(models, console.say("simulating", pipeline=study.scenario.pipeline), first)
    chart = chart_of_case(study, models, replications, options.case)
    missing = write_chart(chart, files)
    console.warnings(missing)
    warnings += missing
    console.show(console.say("wrote", files=", ".join(map(str, files))))
    console.give(
        {
            "schema": 1,
            "files": [str(file) for file in files],
            "headline": chart.headline,
            "warnings": [finding.as_json(console.language) for finding in warnings],
        }
    )
    return DONE
