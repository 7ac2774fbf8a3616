"""What a verification found, as tables: theory figure by figure, the rest in one line each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from engine.texts import text
from reports.plain_table import plain_table
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
    parts: list[RenderableType] = [
        Text(plain_width(say("theory", fault=FAULT)), style="bold"),
        *plain_table(rows, range(3, 7)),
        Text(),
    ]
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
