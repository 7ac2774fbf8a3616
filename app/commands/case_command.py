"""``reformsim case``: one real case at a time, kept in a store."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from app.commands.case_views import case_view, clock_view, list_views
from app.console import Console
from app.now import present
from engine.errors import BadInput, Finding
from engine.live.cases import Cases

__all__ = ["run"]


def run(options: argparse.Namespace) -> int:
    """Do what was asked for; every command first lets the timers fire that are due."""
    from app.main import DONE

    _ACTIONS[options.action](options, Console(options))
    return DONE


def _open(options: argparse.Namespace, create: bool = False) -> Cases:
    from engine.calendars.working_days import read_holidays

    holidays = read_holidays(Path(options.holidays)) if options.holidays else None
    path = Path(options.store)
    if create and not path.parent.is_dir():
        raise BadInput([Finding("use.no_folder", {"file": str(path), "folder": str(path.parent)}, file=str(path))])
    return Cases(path, present(options.now), create, holidays)


def _start(options: argparse.Namespace, console: Console) -> None:
    from engine.live.case import prepare
    from scenarios.live_plan import case_plan
    from scenarios.loading import load

    scenario = load(options.pipeline)
    variant = options.variant or list(scenario.models)[-1]
    if variant not in scenario.models:
        import difflib

        known = list(scenario.models)
        close = difflib.get_close_matches(variant, known, 1) or known
        values = {
            "pipeline": scenario.pipeline, "variant": variant, "known": ", ".join(known), "close": close[0]
        }  # fmt: skip
        raise BadInput([Finding("use.unknown_variant", values)])
    plan = case_plan(scenario, variant)
    diagram = scenario.models[variant].diagram
    prepare(diagram)  # what live cases do not run is refused before a store is made
    content = Path(diagram.file).read_bytes()
    with _open(options, create=True) as cases:
        source = (diagram.digest, diagram.file, content)
        number = cases.start(source, plan, options.title, options.by, options.data)
        _show_case(cases, number, options, console)


def _list(options: argparse.Namespace, console: Console) -> None:
    from reports.case_tables import cases_table

    with _open(options) as cases:
        cases.advance()
        views = list_views(cases, options, console.language)
    console.show(cases_table(views, console.language, console.ascii))
    console.give({"schema": 1, "now": cases.now, "cases": views})


def _show(options: argparse.Namespace, console: Console) -> None:
    with _open(options) as cases:
        cases.case(options.case)
        cases.advance([options.case])
        _show_case(cases, options.case, options, console)


def _do(options: argparse.Namespace, console: Console) -> None:
    with _open(options) as cases:
        cases.do(options.case, options.task, options.by, options.data)
        _show_case(cases, options.case, options, console)


def _pause(options: argparse.Namespace, console: Console) -> None:
    with _open(options) as cases:
        cases.pause(options.case, options.reason, options.by)
        _show_case(cases, options.case, options, console)


def _resume(options: argparse.Namespace, console: Console) -> None:
    with _open(options) as cases:
        cases.resume(options.case, options.by)
        _show_case(cases, options.case, options, console)


def _due(options: argparse.Namespace, console: Console) -> None:
    from reports.case_tables import due_table

    with _open(options) as cases:
        cases.advance()
        rows = []
        clocks = cases.store.clocks()
        for case in cases.store.cases("open"):
            plan = cases.plan(case.plan)
            for state in cases.states(case, clocks.get(case.id, []), options.yellow):
                if state.is_open and state.days_left is not None and state.days_left <= options.within:
                    view = clock_view(plan, state, console.language)
                    rows.append({"case": case.id, "title": case.title, "pipeline": case.pipeline, **view})
        rows.sort(key=lambda row: (row["due"], row["case"], row["clock"]))
    console.show(due_table(rows, options.within, console.language, console.ascii))
    console.give({"schema": 1, "now": cases.now, "within": options.within, "due": rows})


def _export(options: argparse.Namespace, console: Console) -> None:
    from app.outputs import check_file, write_text

    output = Path(options.output)
    check_file(output, (".json", ".csv"))
    with _open(options) as cases:
        cases.advance()
        everything = [case_view(cases, case, options.yellow, console.language) for case in cases.store.cases()]
    if output.suffix.lower() == ".csv":
        write_text(output, _csv(everything))
    else:
        document = {"schema": 1, "now": cases.now, "cases": everything}
        write_text(output, json.dumps(document, ensure_ascii=False, indent=1) + "\n")
    console.show(console.say("wrote", files=str(output)))
    console.give({"schema": 1, "files": [str(output)], "cases": len(everything)})


def _csv(cases: list[dict[str, Any]]) -> str:
    """The steps of all cases: an event log as process-mining tools read it."""
    import csv
    import io

    from reports.plain_text import harmless

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(
        ("case", "pipeline", "variant", "seq", "kind", "element", "name", "entry", "time", "resource", "data")
    )
    for case in cases:
        for step in case["steps"]:
            data = json.dumps(step["data"], ensure_ascii=False, sort_keys=True) if step["data"] else ""
            row = (
                case["case"], case["pipeline"], case["variant"], step["seq"], step["kind"], step["element"],
                step["name"], step["entry"], step["at"], step["by"], data,
            )  # fmt: skip
            writer.writerow([harmless(cell) for cell in row])
    return out.getvalue()


def _show_case(cases: Cases, number: int, options: argparse.Namespace, console: Console) -> None:
    from reports.case_tables import case_tables

    view = case_view(cases, cases.case(number), options.yellow, console.language)
    console.show(*case_tables(view, console.language, console.ascii))
    console.give({"schema": 1, "now": cases.now, **view})


_ACTIONS: Final[Mapping[str, Callable[[argparse.Namespace, Console], None]]] = {
    "start": _start,
    "list": _list,
    "show": _show,
    "do": _do,
    "pause": _pause,
    "resume": _resume,
    "due": _due,
    "export": _export,
}
