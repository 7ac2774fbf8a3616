"""The numbers that nobody has stated, as a table for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any

from engine.texts import text
from reports.plain_text import harmless

__all__ = ["assumption_rows", "assumptions_table"]


def assumptions_table(result: Mapping[str, Any], language: str) -> str:
    """CSV of every assumption of a result: where it stands, its value, unit, range and reason.

    The byte order mark in front lets a spreadsheet read it as UTF-8; what could be taken for a formula begins with
    an apostrophe.

    Args:
        result: What ``compare --json`` prints.
        language: Of the headings and reasons.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    columns = ("place", "value", "unit", "low", "high", "reason")
    writer.writerow([text(f"assumptions.{column}", language) for column in columns])
    writer.writerows([harmless(cell) for cell in row] for row in assumption_rows(result, language))
    return "\ufeff" + out.getvalue()


def assumption_rows(result: Mapping[str, Any], language: str) -> list[tuple[object, ...]]:
    """Of every assumption its place, value, unit, the ends of its range, and its reason."""
    rows: list[tuple[object, ...]] = []
    for assumption in result["assumption_list"]:
        low, high = assumption["range"] or ("", "")
        cells = (assumption["place"], assumption["value"], assumption["unit"], low, high)
        rows.append((*cells, assumption["source"]["text"][language]))
    return rows
