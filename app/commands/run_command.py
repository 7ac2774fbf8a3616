"""``reformsim run``: one variant of a pipeline, or a hall; its indicators, and its event log if asked for."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.console import Console
from app.halls import run_hall_command
from app.outputs import check_file, writing
from app.study import Study

__all__ = ["run"]


def run(options: argparse.Namespace) -> int:
    """Simulate and show."""
    from app.main import DONE
    from scenarios.halls import is_hall

    console = Console(options)
    log_file = Path(options.log) if options.log else None
    if log_file is not None:
        from engine.log_files import SUFFIXES

        check_file(log_file, SUFFIXES)
    if is_hall(options.pipeline):
        run_hall_command(options, console, log_file)
        return DONE
    study = Study(options, console)
    model = study.model(options.variant)
    models = {model.variant: model}
    warnings = study.warnings(models)
    console.warnings(warnings)
    replications = study.run(models, console.say("simulating", pipeline=study.scenario.pipeline))
    result = study.result(models, replications, warnings)
    if log_file is not None:
        from engine.log_files import write_log
        from simulations.log_names import log_names

        with writing(log_file):
            write_log(log_file, study.log_chunks(model, 0), log_names(model, console.language))
        console.show(console.say("wrote", files=str(log_file)))
    console.show(*study.verdict(models, result))
    console.give(result)
    return DONE
