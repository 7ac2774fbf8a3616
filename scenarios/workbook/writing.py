"""A scenario as a workbook: a sheet for each table of the language, drop-downs where a word must be one of some."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from engine.errors import BadInput, Finding
from engine.texts import catalogue, text
from reports.workbook.book import LONGEST_TEXT, Book
from scenarios.loading import LoadedScenario
from scenarios.schema import Scenario
from scenarios.workbook.cells import to_cell
from scenarios.workbook.lists import Lists
from scenarios.workbook.tables import COMMON, ITEM, NAMED, Kind, Leaf, Table, form, tables

__all__ = ["DIAGRAMS", "FIRST_LINE", "FORM", "MARK", "key_label", "line_values", "scenario_workbook"]

MARK: Final = "reformsim:"  # the first cell of a sheet begins with it, then follows what the sheet is
FORM: Final = "form"
DIAGRAMS: Final = "diagrams"
FIRST_LINE: Final = 3  # from 0: what the sheet is, the keys, what they are called
SPARE: Final = 500  # lines that have drop-downs
MANY: Final = 14  # columns of which those that nothing stands in are folded away


def scenario_workbook(loaded: LoadedScenario, language: str) -> bytes:
    """The workbook, with the diagrams inside.

    Args:
        loaded: The scenario without overrides.
        language: Of headings and explanations; what is filled in is the same in both.

    Raises:
        BadInput: A list or text is longer than a cell can hold.
    """
    names, contents = _diagrams(loaded)
    data = loaded.stated.model_dump(by_alias=True, exclude_unset=True)
    for variant in data["variants"].values():
        variant["diagram"] = names[variant["diagram"]]
    made = _Workbook(loaded, language)
    made.cover()
    made.form(data)
    filled = [table for table in tables() if any(True for _ in line_values(data, table))]
    rest = [table for table in tables() if table not in filled]
    for table in (*filled, *rest):
        made.table(data, table, table in filled)
    made.hidden(contents)
    if made.findings:
        raise BadInput(made.findings)
    return made.book.bytes()


def line_values(data: Mapping[str, Any], table: Table) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """The lines of a table: the values of its first columns, and what stands in the line."""
    if table.shared:
        for keys, value in _lines({COMMON: data.get(COMMON, {})}, (COMMON, *table.pattern[2:])):
            yield (None, *keys), value
    yield from _lines(data, table.pattern)


def _lines(value: Any, pattern: Sequence[str]) -> Iterator[tuple[tuple[Any, ...], Any]]:
    if not pattern:
        yield (), value
        return
    part, rest = pattern[0], pattern[1:]
    if part == NAMED:
        for key, inner in value.items():
            yield from (((key, *keys), found) for keys, found in _lines(inner, rest))
    elif part == ITEM:
        for number, inner in enumerate(value, start=1):
            before = (number,) if rest else ()
            yield from (((*before, *keys), found) for keys, found in _lines(inner, rest))
    elif value.get(part) is not None:
        yield from _lines(value[part], rest)


def key_label(key: str, language: str) -> str:
    """What a key is called, part by part; a part that nobody named is called by itself."""
    known = catalogue(language)
    parts = [known.get(f"planning.key.{part}", part) for part in key.split(".") if part]
    return text("planning.joint", language).join(parts)


class _Workbook:
    """The sheets, in the order in which they are made."""

    def __init__(self, loaded: LoadedScenario, language: str) -> None:
        self.loaded = loaded
        self.language = language
        self.book = Book(loaded.pipeline, language)
        self.lists = Lists(loaded, language)
        self.findings: list[Finding] = []
        for what in (FORM, *(table.name for table in tables())):  # drop-downs look ahead to sheets that come later
            self.lists.place(what, self._title(what))
        self.pale = self.book.format(font_color="#8a929b", font_size=8)
        self.bold = self.book.format(bold=True, text_wrap=True, bg_color="#eef1f4", bottom=1)
        self.plain = self.book.format()
        self.day = self.book.format(num_format="yyyy-mm-dd", align="left")
        self.number = self.book.format(align="left")
        self.text_cell = self.book.format(num_format="@")

    def cover(self) -> None:
        """How to fill it."""
        sheet, _ = self.book.sheet(text("planning.sheet.help", self.language))
        sheet.set_column(0, 0, 110)
        title = text("planning.title", self.language, pipeline=self.loaded.labels[self.language])
        sheet.write_string(0, 0, title, self.book.format(bold=True, font_size=14))
        for number in range(1, 9):
            words = text(f"planning.help.{number}", self.language)
            sheet.write_string(number + 1, 0, words, self.book.format(text_wrap=True))
            self.book.fit_row(sheet, number + 1, [words], [110.0])

    def form(self, data: Mapping[str, Any]) -> None:
        """What stands once, a line for each key."""
        sheet = self._sheet(FORM)
        for column, key in enumerate(("key", "what", "value", "about")):
            sheet.write_string(2, column, text(f"planning.column.{key}", self.language), self.bold)
        for column, width in enumerate((30, 40, 44, 80)):
            sheet.set_column(column, column, width)
        sheet.freeze_panes(FIRST_LINE, 0)
        for line, leaf in enumerate(form(), start=FIRST_LINE):
            sheet.write_string(line, 0, leaf.name, self.pale)
            sheet.write_string(line, 1, key_label(leaf.name, self.language), self.plain)
            about = leaf.about if self.language == "en" else ", ".join(leaf.options)
            sheet.write_string(line, 3, about, self.pale)
            self._write(sheet, line, 2, _inside(data, leaf.path), leaf)
            self._allow(sheet, line, line, 2, leaf)

    def table(self, data: Mapping[str, Any], table: Table, is_filled: bool) -> None:
        """A line for each entry; columns that nothing stands in are folded away where there are many."""
        sheet = self._sheet(table.name)
        lines = list(line_values(data, table))
        keys = list(table.keys)
        named = self.lists.names_of(keys[-1]) if keys else None
        heads = [*keys, *(["#"] if named is not None else []), *(leaf.name for leaf in table.leaves)]
        for column, key in enumerate(heads):
            sheet.write_string(1, column, key, self.pale)
            words = text("planning.column.value", self.language) if key == "=" else key_label(key, self.language)
            words = text("planning.column.called", self.language) if key == "#" else words
            if column == len(keys) - 1:  # the table's own names, where the same word means another thing elsewhere
                words = catalogue(self.language).get(f"planning.first.{table.name}", words)
            sheet.write_string(2, column, words, self.bold)
        first = len(heads) - len(table.leaves)
        for line, (found, entry) in enumerate(lines, start=FIRST_LINE):
            for column, key in enumerate(found):
                if key is not None:
                    kind: Kind = "date" if table.dates else "number" if isinstance(key, int) else "text"
                    self._write(sheet, line, column, key, Leaf((), kind))
            if named is not None:
                sheet.write_string(line, len(keys), named.get(str(found[-1]), ""), self.pale)
            for column, leaf in enumerate(table.leaves, start=first):
                self._write(sheet, line, column, _inside(entry, leaf.path), leaf)
        for column, key in enumerate(keys):
            self._allow(sheet, FIRST_LINE, FIRST_LINE + SPARE, column, Leaf((key,), "text"), table.name)
        for column, leaf in enumerate(table.leaves, start=first):
            self._allow(sheet, FIRST_LINE, FIRST_LINE + SPARE, column, leaf)
            if leaf.about and self.language == "en":
                sheet.write_comment(2, column, leaf.about, {"x_scale": 2})
        self._widths(sheet, table, lines, first)
        sheet.freeze_panes(FIRST_LINE, first)
        if not is_filled:
            sheet.set_tab_color("#c3c9d0")

    def _widths(self, sheet: Any, table: Table, lines: Sequence[tuple[Any, Any]], first: int) -> None:
        sheet.set_column(0, max(first - 1, 0), 24)
        for column, leaf in enumerate(table.leaves, start=first):
            empty = lines and all(_inside(entry, leaf.path) is None for _, entry in lines)
            folded = {"level": 1, "hidden": True} if empty and len(table.leaves) > MANY else {}
            wide = (
                leaf.path[-1:] in (("zh",), ("en",), ("set",), ("=",)) or leaf.kind in ("list", "map") or not leaf.path
            )
            sheet.set_column(column, column, 34 if wide else 22 if leaf.kind == "text" else 15, None, folded)

    def hidden(self, diagrams: Mapping[str, bytes]) -> None:
        """What the drop-downs choose from, and the diagrams: not for people."""
        sheet, name = self.book.sheet("lists")
        self.lists.write(sheet, name)
        sheet.hide()
        sheet = self._sheet(DIAGRAMS)
        for line, (file, content) in enumerate(diagrams.items(), start=FIRST_LINE):
            packed = base64.b64encode(zlib.compress(content, 9)).decode()
            sheet.write_string(line, 0, file)
            for number in range(0, len(packed), LONGEST_TEXT):
                sheet.write_string(line, 1 + number // LONGEST_TEXT, packed[number : number + LONGEST_TEXT])
        sheet.very_hidden()

    def _sheet(self, what: str) -> Any:
        sheet, _ = self.book.sheet(self._title(what))
        sheet.write_string(0, 0, MARK + what, self.pale)
        return sheet

    def _title(self, what: str) -> str:
        return catalogue(self.language).get(f"planning.sheet.{what}", what)

    def _write(self, sheet: Any, line: int, column: int, value: object, leaf: Leaf) -> None:
        if value is None:
            if leaf.kind in ("text", "list", "map"):
                sheet.write_blank(line, column, None, self.text_cell)
            return
        cell = to_cell(value, leaf)
        if isinstance(cell, bool):
            sheet.write_boolean(line, column, cell, self.number)
        elif isinstance(cell, int | float):
            sheet.write_number(line, column, cell, self.number)
        elif not isinstance(cell, str):
            sheet.write_datetime(line, column, cell, self.day)
        elif len(cell) > LONGEST_TEXT:
            values = {"name": leaf.name, "length": len(cell), "most": LONGEST_TEXT}
            self.findings.append(Finding("planning.too_long", values, str(self.loaded.file), element=leaf.name))
        else:
            sheet.write_string(line, column, cell, self.text_cell)

    def _allow(self, sheet: Any, first: int, last: int, column: int, leaf: Leaf, table: str = "") -> None:
        """A drop-down where the value must be a word of some, or should be a name that stands elsewhere."""
        rule = self.lists.rule(leaf, table)
        if rule is not None:
            sheet.data_validation(first, column, last, column, rule)


def _inside(entry: Any, path: Sequence[str]) -> Any:
    for key in path:
        entry = entry.get(key) if isinstance(entry, Mapping) else None
    return entry


def _diagrams(loaded: LoadedScenario) -> tuple[dict[str, str], dict[str, bytes]]:
    """The file of each diagram as stated to its name in the workbook, and what stands in it; no name twice."""
    names: dict[str, str] = {}
    contents: dict[str, bytes] = {}
    stated: Scenario = loaded.stated
    for variant in stated.variants.values():
        if variant.diagram in names:
            continue
        path = Path(loaded.file).parent / variant.diagram
        name, number = path.name, 1
        while name.lower() in {taken.lower() for taken in contents}:
            number += 1
            name = f"{path.stem}_{number}{path.suffix}"
        names[variant.diagram] = name
        contents[name] = path.read_bytes()
    return names, contents
