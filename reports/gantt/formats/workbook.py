"""The chart as a workbook: a sheet per variant with real numbers, and Excel's own stacked bars beside them."""

from __future__ import annotations

from typing import Any, Final

from engine.texts import text
from reports.drawing.style import NEUTRAL, PAPER, tint
from reports.gantt.model import Cause, GanttChart, GanttPanel, GanttRow
from reports.workbook.book import cell_width, chart_words, new_workbook, sheet_name

__all__ = ["workbook"]

ORDER: Final[tuple[Cause, ...]] = ("queue", "batch", "off_hours", "work", "applicant", "third_party", "dwell")
_PATTERNS: Final = {
    "batch": "narrow_vertical",
    "off_hours": "percent_10",
    "applicant": "percent_25",
    "third_party": "trellis",
    "dwell": "wide_upward_diagonal",
}


def workbook(chart: GanttChart) -> bytes:
    """One row per step: its first day, then its days by cause, added up; time it was away lies between.

    Excel's stacked bars know one stretch of each kind: a step that came back is drawn as one bar of all its days.
    """
    book, out = new_workbook(chart.headline)
    formats = {
        "head": book.add_format({"bold": True, "font_name": "微软雅黑", "bottom": 1, "text_wrap": True}),
        "name": book.add_format({"font_name": "微软雅黑"}),
        "number": book.add_format({"num_format": "0.0", "font_name": "微软雅黑"}),
        "title": book.add_format({"bold": True, "font_size": 14, "font_name": "微软雅黑"}),
    }
    longest = max([_end(row) for panel in chart.panels for row in panel.rows], default=1.0)
    used: set[str] = set()
    for panel in chart.panels:
        _sheet(book, chart, panel, formats, sheet_name(panel.title, used), longest)
    book.close()
    return out.getvalue()


def _sheet(book: Any, chart: GanttChart, panel: GanttPanel, formats: dict[str, Any], name: str, longest: float) -> None:
    language = chart.language
    sheet = book.add_worksheet(name)
    sheet.write_string(0, 0, chart.headline, formats["title"])
    sheet.write_string(1, 0, f"{panel.title}  {panel.note}".strip(), formats["name"])
    causes = [text(f"gantt.legend.cause.{cause}", language) for cause in ORDER]
    columns = ("step", "department", "from_day", *causes, "away", "to_day")
    heads = [text(f"gantt.csv.{c}", language) if c not in causes else c for c in columns]
    for i, head in enumerate(heads):
        sheet.write_string(3, i, head, formats["head"])
    for number, row in enumerate(panel.rows, start=4):
        sheet.write_string(number, 0, "  " * row.depth + row.label, formats["name"])
        sheet.write_string(number, 1, row.department, formats["name"])
        for i, value in enumerate(_figures(row), start=2):
            sheet.write_number(number, i, value, formats["number"])
    sheet.set_column(0, 0, min(max([cell_width(row.label) + 2 * row.depth for row in panel.rows], default=8) + 2, 50))
    sheet.set_column(1, 1, 18)
    sheet.set_column(2, len(heads), 11)
    sheet.freeze_panes(4, 1)
    if panel.rows:
        _chart(book, sheet, panel, name, heads, longest)


def _chart(book: Any, sheet: Any, panel: GanttPanel, name: str, heads: list[str], longest: float) -> None:
    bars = book.add_chart({"type": "bar", "subtype": "stacked"})
    last = 3 + len(panel.rows)
    for column in range(2, 2 + len(ORDER) + 1):
        cause = ORDER[column - 3] if column > 2 else None
        series: dict[str, Any] = {
            "name": [name, 3, column],
            "categories": [name, 4, 0, last, 0],
            "values": [name, 4, column, last, column],
            "gap": 40,
        }
        bars.add_series(series | _look(cause))
    bars.set_title({"name": chart_words(panel.title), "overlay": False})
    bars.set_y_axis({"reverse": True, "num_font": {"name": "微软雅黑"}})
    bars.set_x_axis({"name": heads[2], "min": 0, "max": round(longest * 1.05 + 0.5), "num_format": "0"})
    bars.set_legend({"position": "bottom", "delete_series": [0]})
    bars.set_size({"width": 900, "height": 160 + 22 * len(panel.rows)})
    sheet.insert_chart(3, len(heads) + 1, bars)


def _look(cause: Cause | None) -> dict[str, Any]:
    """Told apart without colour: work solid, queues pale, all else by its pattern; the offset is not drawn."""
    if cause is None:
        return {"fill": {"none": True}, "border": {"none": True}}
    if cause in _PATTERNS:
        pattern = {"pattern": _PATTERNS[cause], "fg_color": NEUTRAL, "bg_color": PAPER}
        return {"pattern": pattern, "border": {"color": NEUTRAL, "width": 0.5}}
    return {"fill": {"color": NEUTRAL if cause == "work" else tint(NEUTRAL, 0.35)}, "border": {"none": True}}


def _figures(row: GanttRow) -> list[float]:
    """First day, days by cause in `ORDER`, days away between, last day."""
    begin = min((bar.from_day for bar in row.bars), default=0.0)
    sums = [sum(bar.to_day - bar.from_day for bar in row.bars if bar.cause == cause) for cause in ORDER]
    end = _end(row)
    return [begin, *sums, max(end - begin - sum(sums), 0.0), end]


def _end(row: GanttRow) -> float:
    return max((bar.to_day for bar in row.bars), default=0.0)
