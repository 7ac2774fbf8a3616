"""A workbook that is safe to open: names stay words, numbers stay numbers, the same bytes come out every time."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import isfinite
from typing import Any, Final, Literal, TypeAlias

from engine.texts import text
from reports.drawing.style import MET, OVERDUE

__all__ = [
    "SAME_DAY",
    "Book",
    "Cell",
    "Column",
    "Figure",
    "Verdict",
    "cell_width",
    "chart_words",
    "new_workbook",
    "sheet_name",
]

SAME_DAY: Final = datetime(2000, 1, 1)  # else the moment of writing would stand in the file
FONTS: Final = {"zh": "微软雅黑", "en": "Calibri"}
LONGEST_NAME: Final = 31  # characters of a sheet's name: Excel's own bound
LONGEST_TEXT: Final = 32_767  # characters of a cell: Excel's own bound
WIDEST: Final = 60
LINE: Final = 15.0  # points
TALLEST: Final = 409.0  # points of a row: Excel's own bound
GROUPED: Final = 10_000  # as of `reports.formatting.format_number`
_FORBIDDEN: Final = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
_COLOURS: Final = {"met": MET, "missed": OVERDUE, "undecided": "#8a5a00"}

Kind: TypeAlias = Literal["text", "number", "count", "share"]


@dataclass(frozen=True)
class Column:
    """A column of a table: its heading, what stands in it, and the widest it may become."""

    heading: str
    kind: Kind = "text"
    widest: int = WIDEST


@dataclass(frozen=True)
class Figure:
    """A number with the digits after the point that it is shown with."""

    value: float | None
    decimals: int = 1


@dataclass(frozen=True)
class Verdict:
    """A verdict in words; its key decides the colour that goes with them."""

    words: str
    key: str


Cell: TypeAlias = str | float | int | date | Figure | Verdict | None


def new_workbook(title: str) -> tuple[Any, io.BytesIO]:
    """A workbook of xlsxwriter in which no text becomes a formula, a link or a number; and where its bytes go."""
    import xlsxwriter

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, options)
    book.set_properties({"title": title[:250], "created": SAME_DAY})
    return book, out


def sheet_name(title: str, used: set[str]) -> str:
    """At most 31 characters, none of Excel's own signs, never twice; ``used`` collects them."""
    plain = " ".join(title.translate(_FORBIDDEN).split())[: LONGEST_NAME - 3] or "-"
    name, number = plain, 1
    while name.lower() in used:
        number += 1
        name = f"{plain[: LONGEST_NAME - 5]} {number}"
    used.add(name.lower())
    return name


def chart_words(words: str) -> str:
    """Words for a chart, which xlsxwriter cannot take for a reference to a cell: with a wide exclamation mark."""
    return words.replace("!", "！")


def cell_width(words: str) -> int:
    """Columns that words take: wide characters count twice."""
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in words)


class Book:
    """A workbook in one language.

    Args:
        title: Of the file's properties.
        language: ``zh`` or ``en``: fonts and forms of dates.
    """

    def __init__(self, title: str, language: str) -> None:
        self.language = language
        self.font = FONTS[language]
        self.book, self._out = new_workbook(title)
        self._used: set[str] = set()
        self._formats: dict[tuple[tuple[str, object], ...], Any] = {}

    def bytes(self) -> bytes:
        """The finished file."""
        self.book.close()
        return self._out.getvalue()

    def format(self, **properties: object) -> Any:
        """A format, each made once."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self.book.add_format({"font_name": self.font, "valign": "top", **properties})
        return self._formats[key]

    def sheet(self, title: str) -> tuple[Any, str]:
        """A new sheet, set up for A4 paper across, and its name."""
        name = sheet_name(title, self._used)
        sheet = self.book.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&C&P / &N")
        return sheet, name

    def table(
        self, sheet: Any, top: int, columns: Sequence[Column], rows: Sequence[Sequence[Cell]], freeze: int = 1
    ) -> int:
        """Write a table with headings that stay in sight, a filter, and columns as wide as their words.

        Args:
            sheet: Where.
            top: Row of the headings, from 0.
            columns: One for each cell of a row.
            rows: What stands in it.
            freeze: Columns that stay in sight.

        Returns:
            The row of the last line; of the headings if there is none.
        """
        look = {"bold": True, "bottom": 1, "text_wrap": True, "bg_color": "#eef1f4"}
        words, figures = self.format(align="left", indent=1, **look), self.format(align="right", **look)
        widths: list[float] = []
        for number, column in enumerate(columns):
            sheet.write_string(top, number, column.heading[:LONGEST_TEXT], words if column.kind == "text" else figures)
            inside = [_shown(row[number]) for row in rows]
            widest = max([cell_width(cell) for cell in [column.heading, *inside]], default=8)
            widths.append(min(widest * 1.1 + 4, column.widest))
            sheet.set_column(number, number, widths[-1])
        for line, row in enumerate(rows, start=top + 1):
            for number, (column, value) in enumerate(zip(columns, row, strict=True)):
                self.write(sheet, line, number, value, column.kind)
            self.fit_row(sheet, line, [_shown(value) for value in row], widths)
        last = top + len(rows)
        if rows:
            sheet.autofilter(top, 0, last, len(columns) - 1)
        sheet.freeze_panes(top + 1, freeze)
        sheet.repeat_rows(top)
        return last

    def fit_row(self, sheet: Any, line: int, cells: Sequence[str], widths: Sequence[float]) -> None:
        """Make a row as tall as its longest text needs: not every program does so when it opens the file."""
        lines = max(-(-cell_width(words) // (width - 2)) for words, width in zip(cells, widths, strict=True))
        if lines > 1:
            sheet.set_row(line, min(LINE * lines + 2, TALLEST))

    def write(self, sheet: Any, line: int, number: int, value: Cell, kind: Kind = "text") -> None:
        """One cell; what is not known stays empty."""
        decimals = value.decimals if isinstance(value, Figure) else 1
        if isinstance(value, Figure):
            value = value.value
        if value is None or (isinstance(value, float) and not isfinite(value)):
            sheet.write_blank(line, number, None, self.format())
        elif isinstance(value, date):
            sheet.write_datetime(
                line,
                number,
                value,
                self.format(num_format=text("workbook.date_form", self.language), align="left", indent=1),
            )
        elif isinstance(value, int | float):
            sheet.write_number(line, number, value, self.format(num_format=_number_form(kind, decimals, value)))
        elif isinstance(value, Verdict):
            colour = {"font_color": _COLOURS[value.key], "bold": value.key == "missed"} if value.key in _COLOURS else {}
            sheet.write_string(line, number, value.words, self.format(align="left", indent=1, **colour))
        else:
            sheet.write_string(line, number, value[:LONGEST_TEXT], self.format(text_wrap=True, align="left", indent=1))


def _number_form(kind: Kind, decimals: int, value: float) -> str:
    """As the other reports write numbers: grouped from 10,000 on."""
    digits = 0 if kind == "count" else decimals
    point = "." + "0" * digits if digits else ""
    if kind == "share":
        return f"0{point}%"
    return f"#,##0{point}" if abs(value) >= GROUPED and kind != "count" else f"0{point}"


def _shown(value: Cell) -> str:
    if isinstance(value, Figure):
        return "" if value.value is None else f"{value.value:.{value.decimals}f}"
    if isinstance(value, Verdict):
        return value.words
    if isinstance(value, str):
        return value
    if isinstance(value, date):
        return "00000000000000"  # as wide as any date
    return "" if value is None else f"{value:.1f}"
