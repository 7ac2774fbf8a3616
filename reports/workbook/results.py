"""The results of a comparison as a workbook: what was found, what it was counted from, what was assumed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from engine.log import EventLog
from engine.texts import text
from reports.cases import judged_by
from reports.drawing.style import FAINT, HUES, MET, NEUTRAL, tint
from reports.formatting import format_number
from reports.headline import headline
from reports.labels import labels_of
from reports.sensitivity import place_name
from reports.tables import notes_of
from reports.workbook.book import Book, cell_width, chart_words
from reports.workbook.measured import case_table, pool_table, procedure_table, share_table, step_table
from reports.workbook.tables import (
    Table,
    assumption_table,
    cause_table,
    difference_table,
    indicator_table,
    source_table,
    tornado_table,
    verdict_table,
)
from simulations.causes import CAUSES
from simulations.model import SimulationModel
from simulations.quantities import unit_of
from simulations.replication import Replication

__all__ = ["results_workbook"]

COVER: Final = (30.0, 90.0)  # widths of the columns of the first sheet
TOP: Final = 3  # row of a table's headings: title, note and a blank line stand above
NOTHING: Final[Mapping[str, object]] = MappingProxyType({})
MOST_BARS: Final = 25  # of a tornado in its chart; the table has them all
_PATTERNS: Final = {
    "batch": "narrow_vertical",
    "off_hours": "percent_20",
    "applicant": "wide_downward_diagonal",
    "third_party": "trellis",
    "dwell": "wide_upward_diagonal",
}

Models = Mapping[str, SimulationModel]
Logs = Mapping[str, Sequence[EventLog]]


def results_workbook(
    result: Mapping[str, Any],
    models: Models,
    replications: Mapping[str, Sequence[Replication]],
    logs: Logs,
    language: str,
) -> bytes:
    """The workbook.

    Args:
        result: What ``compare --json`` prints.
        models: By variant.
        replications: Of every variant.
        logs: Some event logs of every variant: procedures, steps, pools and cases are counted from them; empty where
            a variant has no finished case.
        language: ``zh`` or ``en``.
    """
    labels = labels_of(models, language)
    title = headline(result, labels, language)
    made = _Results(Book(title, language), language)
    made.summary(title, result, labels)
    made.sheet("verdicts", verdict_table(result, labels, language))
    made.sheet("indicators", indicator_table(result, labels, language))
    made.causes(cause_table(result, labels, language, CAUSES))
    if result["differences"]:
        made.sheet("differences", difference_table(result, labels, language))
    if logs:
        few = {"logs": max(len(of) for of in logs.values())}
        procedures = procedure_table(models, logs, labels, language)
        made.procedures(procedures, few)
        made.sheet("steps", step_table(models, logs, labels, language), 2, few)
        made.pools(pool_table(models, logs, labels, language), few)
        indicator = judged_by(next(iter(models.values())))
        first = next(iter(models.values()))
        unit = unit_of(indicator, first.measured, first.sums)
        name = labels.indicator(indicator, language)
        made.spread(share_table(models, replications, labels, indicator, language), name, unit)
        made.sheet("cases", case_table(models, logs, labels, language), 2)
    for number, tornado in enumerate((result.get("sensitivity") or {}).get("tornados", ())):
        made.tornado(
            tornado, labels.indicator(tornado["indicator"], language), labels.variant(tornado["variant"]), number
        )
    places = assumption_table(result, language, lambda place: place_name(place, models, language))
    made.sheet("assumptions", places)
    made.sheet("sources", source_table(result, language))
    made.contents()
    return made.book.bytes()


class _Results:
    """The sheets, in the order in which they are made."""

    def __init__(self, book: Book, language: str) -> None:
        self.book = book
        self.language = language
        self.made: list[tuple[str, str]] = []  # name of the sheet, and what it holds
        self.cover: Any = None
        self.cover_line = 0

    def say(self, key: str, **values: object) -> str:
        return text(f"workbook.{key}", self.language, **values)

    def summary(self, title: str, result: Mapping[str, Any], labels: Any) -> None:
        """The first sheet: the headline, what it rests on, and what to know beside."""
        sheet, _ = self.book.sheet(self.say("sheet.summary"))
        self.cover = sheet
        for number, width in enumerate(COVER):
            sheet.set_column(number, number, width)
        words, bold = self.book.format(text_wrap=True), self.book.format(bold=True, font_size=16)
        sheet.set_row(0, 28)
        sheet.write_string(0, 0, text("page.title", self.language, pipeline=labels.pipeline), bold)
        strong = self.book.format(text_wrap=True, bold=True, font_size=12)
        sheet.merge_range(1, 0, 1, 1, "", strong)
        sheet.write_string(1, 0, title, strong)
        sheet.set_row(1, min(18.0 * (1 + cell_width(title) * 1.3 // sum(COVER)), 400.0))
        cases = sum(variant["cases"]["finished"] for variant in result["variants"].values())
        facts = [
            ("replications", str(result["replications"])),
            ("finished_cases", format_number(cases)),
            ("seed", str(result["seed"])),
            ("assumed", str(result["assumptions"])),
            ("digest", str(result["digest"])),
        ]
        line = 3
        for key, value in facts:
            sheet.write_string(line, 0, self.say(f"fact.{key}"), self.book.format(bold=True))
            sheet.write_string(line, 1, value, words)
            line += 1
        notes = [f"{warning['message']} {warning['cure']}" for warning in result["warnings"]]
        for note in [*notes, *notes_of(result, labels, self.language), self.say("rounded")]:
            sheet.write_string(line, 0, self.say("fact.note"), self.book.format(bold=True))
            sheet.write_string(line, 1, note, words)
            self.book.fit_row(sheet, line, ["", note], COVER)
            line += 1
        self.cover_line = line + 1

    def contents(self) -> None:
        """The other sheets, listed on the first one, each a link."""
        link = self.book.format(font_color="#2a6ca3", underline=1)
        self.cover.write_string(self.cover_line, 0, self.say("contents"), self.book.format(bold=True))
        for line, (name, note) in enumerate(self.made, start=self.cover_line + 1):
            self.cover.write_url(line, 0, f"internal:'{name}'!A1", link, string=name)
            self.cover.write_string(line, 1, note, self.book.format(text_wrap=True))
            self.book.fit_row(self.cover, line, ["", note], COVER)

    def sheet(
        self, key: str, table: Table, freeze: int = 1, values: Mapping[str, object] = NOTHING, title: str = ""
    ) -> tuple[Any, str, int]:
        """A sheet with one table: its title, what it shows, the table; and the row of its last line."""
        sheet, name = self.book.sheet(title or self.say(f"sheet.{key}"))
        note = self.say(f"note.{key}", **values)
        sheet.write_string(0, 0, self.say(f"sheet.{key}"), self.book.format(bold=True, font_size=14))
        sheet.write_string(1, 0, note, self.book.format(font_color=NEUTRAL))
        columns, rows = table
        last = self.book.table(sheet, TOP, columns, rows, freeze)
        self.made.append((name, note))
        return sheet, name, last

    def causes(self, table: Table) -> None:
        """Mean days by cause, with stacked bars."""
        sheet, name, last = self.sheet("causes", table)
        columns, rows = table
        used = [i for i in range(1, len(columns)) if any(row[i] for row in rows)]
        if not used:
            return
        chart = self._chart("bar", "stacked", self.say("sheet.causes"), 240 + 40 * len(rows))
        for column in used:
            look = _look(CAUSES[column - 1], column)
            self._series(chart, name, column, last, look | {"gap": 60})
        chart.set_y_axis({"reverse": True, "num_font": {"name": self.book.font}})
        chart.set_x_axis({"name": chart_words(self.say("axis.days")), "num_format": "0", "min": 0})
        sheet.insert_chart(last + 2, 0, chart)

    def procedures(self, table: Table, values: Mapping[str, object]) -> None:
        """Procedures, with a chart of limits and means for each variant."""
        sheet, name, _ = self.sheet("procedures", table, 2, values)
        columns, rows = table
        at = 0
        for variant, first, last in _blocks(rows):
            limited = [row for row in rows[first : last + 1] if row[4] is not None]
            if not limited:
                continue
            size = last - first + 1
            chart = self._chart("bar", None, f"{self.say('sheet.procedures')}: {variant}", 120 + 34 * size)
            looks = ({"fill": {"color": FAINT}}, {"fill": {"color": HUES[0]}, "border": {"color": HUES[0]}})
            for column, look in zip((4, 6), looks, strict=True):
                self._series(chart, name, column, TOP + 1 + last, look, TOP + 1 + first, 1)
            chart.set_y_axis({"reverse": True, "num_font": {"name": self.book.font}})
            chart.set_x_axis({"min": 0, "num_format": "0"})
            sheet.insert_chart(TOP + at, len(columns) + 1, chart)
            at += (120 + 34 * size) // 20 + 2

    def pools(self, table: Table, values: Mapping[str, object]) -> None:
        """Pools, with bars of how busy they are."""
        sheet, name, _ = self.sheet("pools", table, 2, values)
        columns, rows = table
        at = 0
        for variant, first, last in _blocks(rows):
            height = 140 + 24 * (last - first + 1)
            chart = self._chart("bar", None, f"{self.say('sheet.pools')}: {variant}", height)
            look = {"fill": {"color": HUES[0]}}
            self._series(chart, name, len(columns) - 1, TOP + 1 + last, look, TOP + 1 + first, 1)
            chart.set_y_axis({"reverse": True, "num_font": {"name": self.book.font}})
            chart.set_x_axis({"min": 0, "max": 1, "num_format": "0%"})
            chart.set_legend({"none": True})
            sheet.insert_chart(TOP + at, len(columns) + 1, chart)
            at += height // 20 + 2

    def spread(self, table: Table, indicator: str, unit: str) -> None:
        """How cases spread, with columns side by side."""
        from reports.formatting import unit_name

        words = {"indicator": indicator, "unit": unit_name(unit, self.language)}
        sheet, name, last = self.sheet("spread", table, 1, words)
        columns, _ = table
        chart = self._chart("column", None, self.say("note.spread", **words), 420)
        patterns = ("", "wide_upward_diagonal", "percent_50", "narrow_horizontal", "trellis")
        for number, column in enumerate(range(2, len(columns))):
            colour, pattern = HUES[number % len(HUES)], patterns[number % len(patterns)]
            look = {"pattern": {"pattern": pattern, "fg_color": colour, "bg_color": tint(colour, 0.2)}}
            solid = {"fill": {"color": colour}}
            self._series(chart, name, column, last, (look if pattern else solid) | {"gap": 30})
        chart.set_x_axis({"name": chart_words(f"{indicator} ({words['unit']})"), "num_format": "0.0"})
        chart.set_y_axis({"num_format": "0%", "min": 0})
        sheet.insert_chart(TOP, len(columns) + 1, chart)

    def tornado(self, tornado: Mapping[str, Any], indicator: str, variant: str, number: int) -> None:
        """What moves the figure of a target, as bars to both sides of it."""
        table = tornado_table(tornado, self.language)
        title = self.say("sheet.tornado") + (f" {number + 1}" if number else "")
        sheet, name, last = self.sheet("tornado", table, 1, {"indicator": indicator, "variant": variant}, title)
        columns, rows = table
        if not rows:
            return
        last = min(last, TOP + MOST_BARS)
        chart = self._chart("bar", None, indicator, 160 + 26 * (last - TOP))
        for column, look in ((3, {"fill": {"color": HUES[0]}}), (5, _look("dwell", 1))):
            self._series(chart, name, column, last, look | {"overlap": 100, "gap": 40})
        chart.set_y_axis({"reverse": True, "num_font": {"name": self.book.font}, "label_position": "low"})
        chart.set_x_axis({"crossing": tornado["base"], "num_format": "0.0"})
        sheet.insert_chart(TOP, len(columns) + 1, chart)

    def _chart(self, kind: str, subtype: str | None, title: str, height: int) -> Any:
        chart = self.book.book.add_chart({"type": kind} | ({"subtype": subtype} if subtype else {}))
        font = {"name": self.book.font, "size": 12}
        chart.set_title({"name": chart_words(title), "overlay": False, "name_font": font})
        chart.set_legend({"position": "bottom", "font": {"name": self.book.font}})
        chart.set_size({"width": 900, "height": height})
        return chart

    def _series(
        self,
        chart: Any,
        name: str,
        column: int,
        last: int,
        look: Mapping[str, Any],
        first: int = TOP + 1,
        category: int = 0,
    ) -> None:
        series = {
            "name": [name, TOP, column],
            "categories": [name, first, category, last, category],
            "values": [name, first, column, last, column],
        }
        chart.add_series(series | dict(look))


def _look(cause: str, number: int) -> dict[str, Any]:
    """Told apart without colour: work solid, all else by its pattern."""
    if cause in _PATTERNS:
        colour = HUES[number % len(HUES)]
        pattern = {"pattern": _PATTERNS[cause], "fg_color": colour, "bg_color": tint(colour, 0.15)}
        return {"pattern": pattern, "border": {"color": colour, "width": 0.5}}
    return {"fill": {"color": MET if cause == "work" else tint(NEUTRAL, 0.4)}}


def _blocks(rows: Sequence[Sequence[Any]]) -> list[tuple[str, int, int]]:
    """Runs of rows of one variant: its name, the first and the last of them."""
    blocks: list[tuple[str, int, int]] = []
    for number, row in enumerate(rows):
        if blocks and blocks[-1][0] == row[0]:
            blocks[-1] = (row[0], blocks[-1][1], number)
        else:
            blocks.append((str(row[0]), number, number))
    return blocks
