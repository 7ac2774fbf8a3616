"""One Gantt chart in every format: the suffix of the file says which."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from engine.errors import BadInput, Finding
from reports.drawing.files import check_picture, write_bytes
from reports.gantt.drawing import SUFFIXES as PICTURES
from reports.gantt.drawing import draw
from reports.gantt.model import GanttChart

__all__ = ["FORMATS", "write_chart"]

FORMATS = (*PICTURES, ".csv", ".html", ".mmd", ".xlsx", ".xml")


def write_chart(chart: GanttChart, paths: Sequence[Path]) -> list[Finding]:
    """Write a chart into files: pictures, a page, tables, text, a project plan.

    Returns:
        Warnings: characters that the font of the pictures lacks.

    Raises:
        BadInput: A suffix that cannot be written, or a folder or file that cannot be written to.
    """
    findings = [finding for path in paths for finding in check_picture(path, FORMATS)]
    if findings:
        raise BadInput(findings)
    warnings = draw(chart, [path for path in paths if path.suffix.lower() in PICTURES])
    for path in paths:
        content = _content(chart, path.suffix.lower())
        if content is not None:
            write_bytes(path, content)
    return warnings


def _content(chart: GanttChart, suffix: str) -> bytes | None:
    """What stands in the file; none for a picture."""
    if suffix == ".csv":
        from reports.gantt.formats.csv_table import csv_table

        return csv_table(chart)
    if suffix == ".html":
        from reports.gantt.formats.page import html_page

        return html_page(chart)
    if suffix == ".mmd":
        from reports.gantt.formats.mermaid import mermaid

        return mermaid(chart)
    if suffix == ".xlsx":
        from reports.gantt.formats.workbook import workbook

        return workbook(chart)
    if suffix == ".xml":
        from reports.gantt.formats.project import project

        return project(chart)
    return None
