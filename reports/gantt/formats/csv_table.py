"""The chart as a table: one line per stretch, days and dates, for Excel and WPS."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

from engine.texts import text
from reports.gantt.model import GanttChart, GanttPanel

__all__ = ["csv_table", "harmless"]

COLUMNS = ("variant", "step", "department", "depth", "cause", "from_day", "to_day", "days", "from", "to")


def csv_table(chart: GanttChart) -> bytes:
    """UTF-8 with its mark, so that Excel knows Chinese; names that could be formulas are made harmless."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([text(f"gantt.csv.{column}", chart.language) for column in COLUMNS])
    for panel in chart.panels:
        for row in panel.rows:
            for bar in row.bars:
                writer.writerow(
                    [
                        harmless(panel.title),
                        harmless(row.label),
                        harmless(row.department),
                        row.depth,
                        text(f"gantt.legend.cause.{bar.cause}", chart.language),
                        f"{bar.from_day:.4f}",
                        f"{bar.to_day:.4f}",
                        f"{bar.to_day - bar.from_day:.4f}",
                        _moment(panel, bar.from_day),
                        _moment(panel, bar.to_day),
                    ]
                )
    return out.getvalue().encode("utf-8-sig")


def harmless(words: str) -> str:
    """A cell that begins like a formula begins with an apostrophe instead."""
    return f"'{words}" if words[:1] in ("=", "+", "-", "@", "\t", "\r") else words


def _moment(panel: GanttPanel, day: float) -> str:
    if panel.calendar is None:
        return ""
    return (panel.calendar.begin + timedelta(days=day)).isoformat(sep=" ", timespec="minutes")
