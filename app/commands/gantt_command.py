"""``reformsim gantt``: one case, before over after, as a picture."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.console import Console
from app.study import Study
from engine.errors import BadInput, Finding

__all__ = ["run"]


def run(options: argparse.Namespace) -> int:
    """Choose the case, draw it, write it."""
    from app.charts import chart_of_case
    from app.main import DONE
    from reports.cases import CASES
    from reports.gantt.drawing import draw

    console = Console(options)
    if options.case not in CASES and not options.case.isdecimal():
        raise BadInput([Finding("use.unknown_case", {"case": options.case})])
    study = Study(options, console)
    models = study.models(options.variants)
    replications = {}
    if options.case != "promise":
        console.warnings(study.warnings(models))
        replications = study.run(models, console.say("simulating", pipeline=study.scenario.pipeline))
    chart = chart_of_case(study, models, replications, options.case)
    files = [Path(file) for file in options.output]
    warnings = draw(chart, files)
    console.warnings(warnings)
    console.show(console.say("wrote", files=", ".join(map(str, files))))
    console.give({"schema": 1, "files": [str(file) for file in files], "headline": chart.headline})
    return DONE
