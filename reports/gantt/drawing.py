"""Draws a chart into files: checked first, written whole or not at all, the same bytes every time."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from engine.errors import BadInput, Finding
from reports.fonts import drawable, missing_glyphs
from reports.gantt.model import GanttChart
from reports.gantt.page import lay_out
from reports.gantt.painting import paint, settings

__all__ = ["SUFFIXES", "draw"]

SUFFIXES = (".pdf", ".png", ".svg")
DOTS_PER_INCH = 150
TALLEST_PICTURE = 60_000  # dots: the PNG writer takes no more than 65,535

_T = TypeVar("_T")


def draw(chart: GanttChart, paths: Sequence[Path]) -> list[Finding]:
    """Draw a chart into one or several files, by their suffixes.

    Args:
        chart: What to show.
        paths: Files ending in .png, .svg or .pdf; they are replaced whole.

    Returns:
        Warnings: characters that the font lacks.

    Raises:
        BadInput: A suffix that cannot be written, or a folder or file that cannot be written to.
    """
    findings = [finding for path in paths for finding in _check(path)]
    if findings:
        raise BadInput(findings)
    missing: set[str] = set()
    clean = _drawable(chart, missing)
    with settings():
        figure = paint(lay_out(clean))
        for path in paths:
            _write(figure, path, clean.headline)
    if not missing:
        return []
    characters = ", ".join(f"{c} (U+{ord(c):04X})" for c in sorted(missing))
    return [Finding("reports.missing_glyphs", {"characters": characters}, severity="warning")]


def _check(path: Path) -> list[Finding]:
    if path.suffix.lower() not in SUFFIXES:
        values = {"suffix": path.suffix or path.name, "suffixes": ", ".join(SUFFIXES)}
        return [Finding("reports.picture_suffix", values, file=str(path))]
    if not path.parent.is_dir():
        return [Finding("reports.no_folder", {"folder": str(path.parent)}, file=str(path))]
    if path.is_dir():
        return [Finding("reports.not_writable", {"reason": os.strerror(21)}, file=str(path))]
    return []


def _write(figure: Any, path: Path, title: str) -> None:
    """Write beside the file, then rename, so that no half picture is ever seen."""
    kind = path.suffix.lower().removeprefix(".")
    metadata: dict[str, dict[str, str | None]] = {
        "png": {"Software": None},
        "svg": {"Date": None, "Title": title},
        "pdf": {"CreationDate": None, "ModDate": None, "Title": title},
    }
    partial = path.with_name(f".{path.name}.partial")
    dots = min(DOTS_PER_INCH, TALLEST_PICTURE / max(figure.get_size_inches()))
    try:
        figure.savefig(partial, format=kind, dpi=dots, metadata=metadata[kind])
        partial.replace(path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise BadInput([Finding("reports.not_writable", {"reason": reason}, file=str(path))]) from error
    finally:
        partial.unlink(missing_ok=True)  # left over where anything stopped the writing, Ctrl-C too


def _drawable(value: _T, missing: set[str]) -> _T:
    """The same value with every text in a form that the font can draw; what it cannot is collected."""
    if isinstance(value, str):
        missing |= missing_glyphs(value)
        return drawable(value)  # type: ignore[return-value]  # a str for a str
    if isinstance(value, tuple):
        return tuple(_drawable(item, missing) for item in value)  # type: ignore[return-value]  # a tuple for a tuple
    if is_dataclass(value) and not isinstance(value, type):
        changes = {f.name: _drawable(getattr(value, f.name), missing) for f in fields(value)}
        return replace(value, **changes)
    return value
