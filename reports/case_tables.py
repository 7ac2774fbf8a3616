"""Live cases as tables for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from engine.texts import text
from reports.formatting import format_number, unit_name
from reports.tables import cell, table_of

__all__ = ["case_tables", "cases_table", "due_table"]

Json = Mapping[str, Any]

_STYLES: Final = {"green": "green", "yellow": "yellow", "red": "bold red"}


def cases_table(cases: Sequence[Json], language: str, ascii: bool = False) -> RenderableType:
    """One line for each case: its light, what is open at whom, what is due first."""
    if not cases:
        return Text(text("case.none", language))
    columns = ("light", "case", "title", "pipeline", "open_tasks", "department", "due", "days_left")
    made = table_of(columns, language, None, ("case", "days_left"), ascii)
    for case in cases:
        made.add_row(
            _light(case["light"], language),
            cell(str(case["case"])),
            cell(case["title"]),
            cell(f"{case['pipeline']}/{case['variant']}"),
            cell(", ".join(task["name"] for task in case["open"]) or text(f"case.state.{case['state']}", language)),
            cell(", ".join(dict.fromkeys(task["department"] for task in case["open"] if task["department"]))),
            cell(_until(case["due"])),
            cell(_days(case["days_left"])),
        )
    return made


def due_table(rows: Sequence[Json], within: int, language: str, ascii: bool = False) -> RenderableType:
    """One line for each limit that is near or passed, the first one first."""
    if not rows:
        return Text(text("case.none_due", language, within=within))
    columns = ("light", "case", "title", "limited", "kind", "department", "used", "due", "days_left")
    made = table_of(columns, language, None, ("case", "used", "days_left"), ascii)
    for row in rows:
        made.add_row(
            _light(row["light"], language),
            cell(str(row["case"])),
            cell(row["title"] or row["pipeline"]),
            cell(row["name"]),
            cell(text(f"case.clock.{row['kind']}", language)),
            cell(row["department"]),
            cell(_used(row, language)),
            cell(_until(row["due"]) + ("?" if row["estimated"] else "")),
            cell(_days(row["days_left"])),
        )
    return made


def case_tables(case: Json, language: str, ascii: bool = False) -> Iterator[RenderableType]:
    """A case whole: what it is, what is open, its clocks, its history."""
    words = {key: case[key] for key in ("case", "label", "variant_label", "started")}
    state = text(f"case.state.{case['state']}", language)
    light = text(f"case.light.{case['light']}", language)
    yield cell(text("case.head", language, **words, title=case["title"] or "-", state=state, light=light), "bold")
    if case["paused"]:
        yield cell(text("case.standing", language, reason=text(f"case.reason.{case['paused']}", language)))
    if case["data"]:
        yield cell(text("case.data", language, data=", ".join(f"{k}={v}" for k, v in case["data"].items())))
    if case["open"]:
        yield _open(case["open"], language, ascii)
    if case["clocks"]:
        yield _clocks(case, language, ascii)
    yield _steps(case["steps"], language, ascii)


def _open(tasks: Sequence[Json], language: str, ascii: bool) -> Table:
    title = text("case.open", language)
    made = table_of(("task", "what", "department", "since", "fires"), language, title, (), ascii)
    for task in tasks:
        kind = text(f"case.kind.{task['kind']}", language)
        made.add_row(
            cell(task["element"]), cell(f"{task['name']} ({kind})"), cell(task["department"]),
            cell(_moment(task["since"])), cell(_moment(task["fires"])),
        )  # fmt: skip
    return made


def _clocks(case: Json, language: str, ascii: bool) -> Table:
    title = text("case.clocks", language)
    columns = ("light", "limited", "kind", "used", "due", "days_left", "state")
    made = table_of(columns, language, title, ("used", "days_left"), ascii)
    for clock in case["clocks"]:
        if clock["standing"]:
            state = text("case.stands", language, reason=text(f"case.reason.{clock['standing']}", language))
        else:
            between = clock["whole_case"] and case["state"] == "open"  # of the procedures that it adds up
            state = text(f"case.{'runs' if clock['open'] else 'between' if between else 'ended'}", language)
        made.add_row(
            _light(clock["light"], language),
            cell(clock["name"]),
            cell(text(f"case.clock.{clock['kind']}", language)),
            cell(_used(clock, language)),
            cell(_until(clock["due"]) + ("?" if clock["estimated"] else "")),
            cell(_days(clock["days_left"])),
            cell(state),
        )
    return made


def _steps(steps: Sequence[Json], language: str, ascii: bool) -> Table:
    title = text("case.history", language)
    made = table_of(("seq", "when", "what", "by", "given"), language, title, ("seq",), ascii)
    for step in steps:
        kind = text(f"case.step.{step['kind']}", language)
        what = f"{step['name']} ({kind})" if step["name"] else kind
        given = [f"{key}={value}" for key, value in {**step["data"], **step["routes"]}.items()]
        made.add_row(
            cell(str(step["seq"])), cell(_moment(step["at"])), cell(what), cell(step["by"]), cell(", ".join(given))
        )
    return made


def _light(light: str, language: str) -> Text:
    return cell(text(f"case.light.{light}", language), _STYLES[light])


def _moment(moment: str | None) -> str:
    """To the minute."""
    return moment[:16].replace("T", " ") if moment else ""


def _until(moment: str | None) -> str:
    """The end of a day belongs to it: 24:00, not the next day's 00:00."""
    if moment is None or not moment[11:].startswith("00:00:00.000"):
        return _moment(moment)
    return f"{date.fromisoformat(moment[:10]) - timedelta(days=1)} 24:00"


def _days(days: int | None) -> str:
    return "" if days is None else str(days)


def _used(clock: Json, language: str) -> str:
    return f"{format_number(clock['used'])} / {format_number(clock['limit'])} {unit_name(clock['unit'], language)}"
