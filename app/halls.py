"""Running a hall from the command line: several pipelines at once on shared people."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.console import Console
from app.outputs import writing
from engine.errors import BadInput, Finding
from simulations.drivers.choice import chosen_driver, must_compile_first
from simulations.experiment import automatic_processes
from simulations.hall import Hall

__all__ = ["run_hall_command"]

_NOT_FOR_HALLS = ("variant", "override")
_NOT_KEPT = ("cluster", "store")


def run_hall_command(options: argparse.Namespace, console: Console, log_file: Path | None) -> None:
    """Simulate, show, write a log for each pipeline if one is asked for."""
    from reports.hall_tables import hall_tables
    from scenarios import library
    from scenarios.halls import load_hall
    from simulations.hall_results import hall_overload_findings, hall_to_json, run_hall

    driver = chosen_driver(options.driver)
    _refuse_what_has_no_meaning(options, str(library.find_hall(options.pipeline)))
    holidays = Path(options.holidays) if options.holidays else None
    loaded = load_hall(options.pipeline, holidays, options.replications, options.seed)
    hall = loaded.hall
    found = hall_overload_findings(hall, console.language, options.allow_overload)
    if any(finding.severity == "error" for finding in found):
        raise BadInput(found)
    warnings = [*loaded.warnings, *found]
    console.warnings(warnings)
    if must_compile_first(driver):
        console.tell(console.say("compiling"))
    with console.progress(console.say("hall.simulating", hall=hall.name)) as progress:
        threads = options.processes or automatic_processes()
        replications = run_hall(hall, hall.study.replications, driver, threads, progress)
    result = hall_to_json(hall, replications, driver, warnings, loaded.assumptions, console.language)
    if log_file is not None:
        files = _write_logs(hall, log_file, driver, console)
        console.show(console.say("wrote", files=", ".join(files)))
    console.show(*hall_tables(result, console.language))
    console.give(result)


def _refuse_what_has_no_meaning(options: argparse.Namespace, file: str) -> None:
    """The file of a hall says which variants run; nothing is kept of its runs."""
    findings = [
        Finding("hall.no_option", {"option": f"--{name}", "file": file}, file)
        for name in _NOT_FOR_HALLS
        if getattr(options, name)
    ]
    findings += [
        Finding("hall.driver_only", {"option": f"--{name}"}, file) for name in _NOT_KEPT if getattr(options, name)
    ]
    if findings:
        raise BadInput(findings)


def _write_logs(hall: Hall, file: Path, driver: str, console: Console) -> list[str]:
    """The log of the first replication, one file for each pipeline: its name stands before the ending."""
    from engine.log_files import write_log
    from simulations.hall_figures import hall_log
    from simulations.log_names import log_names

    stem, _, ending = file.name.partition(".")
    written = []
    for name, log in hall.taken_apart(hall_log(hall, 0, driver)).items():
        own = file.with_name(f"{stem}.{name}.{ending}")
        with writing(own):
            write_log(own, [log], log_names(hall.parts[name], console.language))
        written.append(str(own))
    return written
