"""What a verification found, as tables: theory figure by figure, the rest in one line each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from engine.texts import text
from reports.tables import plain_width
from simulations.verification.theory import FAULT

__all__ = ["verification_tables"]


def verification_tables(result: Mapping[str, Any], language: str) -> RenderableType:
    """Theory as a table with z and power, then drivers, replay and longest paths; every miss by its name.

    Args:
        result: What ``verify --json`` prints.
        language: ``zh`` or ``en``.
    """

    def say(key: str, **values: object) -> str:
        return text(f"verify.{key}", language, **values)

    heading = [
        say(f"column.{key}") for key in ("system", "figure", "formula", "expected", "found", "z", "power", "verdict")
    ]
    rows = [heading]
    for row in result["theory"]:
        figures = [f"{row['expected']:.4f}", f"{row['found']:.4f}", f"{row['z']:+.2f}", f"{row['power']:.0%}"]
        rows.append(
            [
                row["system"],
                say(f"figure.{row['figure'].replace(' ', '_')}"),
                row["formula"],
                *figures,
                say("agrees" if row["agrees"] else "misses"),
            ]
        )
    parts: list[RenderableType] = [Text(plain_width(say("theory", fault=FAULT)), style="bold"), *_table(rows), Text()]
    for check in ("drivers", "replay", "critical_path"):
        found = result[check]
        bad = [row for row in found if not row["agrees"]]
        parts.append(Text(plain_width(say(check, number=len(found), agreeing=len(found) - len(bad)))))
        parts += [Text(plain_width(f"  {_miss(row)}"), style="bold red") for row in bad]
    if not result["forms_compared"]:
        parts.append(Text(plain_width(say("no_numba"))))
    parts.append(Text(plain_width(say("all_agree" if result["agrees"] else "some_miss")), style="bold"))
    return Group(*parts)


def _miss(row: Mapping[str, Any]) -> str:
    if "difference" in row:
        return f"{row['model']}: {row['difference']}"
    return f"{row['net']}: {row['expected']} / {row['found']}"


def _table(rows: Sequence[Sequence[str]]) -> list[RenderableType]:
    cells = [[Text(plain_width(words)) for words in row] for row in rows]
    widths = [max(row[i].cell_len for row in cells) for i in range(len(cells[0]))]
    lines: list[RenderableType] = []
    for row in cells:
        line = Text("  ")
        for number, (cell, width) in enumerate(zip(row, widths, strict=True)):
            padding = Text(" " * (width - cell.cell_len))
            line = Text.assemble(line, *((padding, cell) if 2 < number < 7 else (cell, padding)), "  ")
        line.rstrip()
        lines.append(line)
    lines.insert(1, Text("-" * (sum(widths) + 2 * len(widths) + 2)))
    return lines
