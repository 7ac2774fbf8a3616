"""Draws a Gantt chart into pictures: checked first, written whole or not at all, the same bytes every time."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from engine.errors import Finding
from reports.drawing.files import DOTS_PER_INCH, PICTURES, drawable_data, missing_finding, save
from reports.gantt.model import GanttChart
from reports.gantt.page import lay_out

__all__ = ["DOTS_PER_INCH", "SUFFIXES", "draw"]

SUFFIXES = PICTURES


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
    missing: set[str] = set()
    clean = drawable_data(chart, missing)
    save(lay_out(clean), clean.headline, paths)
    return missing_finding(missing)
