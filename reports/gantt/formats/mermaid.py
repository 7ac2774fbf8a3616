"""The chart as Mermaid text: a section per variant, a task per stretch of activity."""

from __future__ import annotations

from datetime import datetime, timedelta

from engine.texts import text
from reports.gantt.model import GanttChart, GanttPanel

__all__ = ["mermaid"]

NOMINAL = datetime(2000, 1, 3)  # a Monday; for a chart that knows no dates
_SIGNS = str.maketrans({":": "：", ";": "；", "#": "＃", ",": "，", "%": "％", "\n": " ", "\r": " ", "\t": " "})


def mermaid(chart: GanttChart) -> bytes:
    """All panels begin at the moment of the first one, so that they stand on one scale."""
    begin = _begin(chart.panels)
    lines = ["gantt", f"    title {_name(chart.headline)}", "    dateFormat YYYY-MM-DD HH:mm", "    axisFormat %m-%d"]
    for panel in chart.panels:
        lines.append(f"    section {_name(panel.title)}")
        for row in panel.rows:
            for bar in row.bars:
                if bar.cause == "off_hours":
                    continue
                tag = {"work": "active, ", "queue": "crit, "}.get(bar.cause, "")
                cause = text(f"gantt.legend.cause.{bar.cause}", chart.language)
                start, end = (_moment(begin, day) for day in (bar.from_day, bar.to_day))
                lines.append(f"    {_name(row.label)} ({_name(cause)}) :{tag}{start}, {end}")
        if panel.finish is not None:
            lines.append(f"    {_name(panel.finish.words)} :milestone, {_moment(begin, panel.finish.day)}, 0d")
    return ("\n".join(lines) + "\n").encode("utf-8")


def _begin(panels: tuple[GanttPanel, ...]) -> datetime:
    return next((panel.calendar.begin for panel in panels if panel.calendar is not None), NOMINAL)


def _moment(begin: datetime, day: float) -> str:
    return (begin + timedelta(days=day)).strftime("%Y-%m-%d %H:%M")


def _name(words: str) -> str:
    """Names without the signs that Mermaid reads as its own."""
    return " ".join(words.translate(_SIGNS).split()) or "-"
