"""From a filled workbook to a scenario; whatever is wrong is told with its sheet and cell."""

from __future__ import annotations

import base64
import binascii
import io
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path as FilePath
from tempfile import TemporaryDirectory
from typing import Any, Final

from engine.errors import BadInput, Finding
from scenarios.findings import nearest
from scenarios.loading import LoadedScenario, assemble
from scenarios.reading import Document, Path, Position
from scenarios.workbook.cells import from_cell
from scenarios.workbook.tables import COMMON, ITEM, NAMED, Leaf, Table, form, tables
from scenarios.workbook.writing import DIAGRAMS, FIRST_LINE, FORM, MARK

__all__ = ["FilledWorkbook", "read_workbook"]

LARGEST: Final = 50_000_000  # bytes
LARGEST_UNPACKED: Final = 400_000_000  # bytes
MOST_CELLS: Final = 2_000_000  # of a sheet: a file of a few bytes can claim more
LARGEST_DIAGRAM: Final = 20_000_000  # bytes, unpacked


@dataclass(frozen=True)
class FilledWorkbook:
    """What a workbook says.

    Args:
        loaded: The scenario, checked whole; its diagrams were read from the workbook.
        data: The same as plain data, by the keys of the language.
        diagrams: Name of each diagram's file to its content.
        warnings: What does not stop a run, with sheet and cell.
    """

    loaded: LoadedScenario
    data: Mapping[str, Any]
    diagrams: Mapping[str, bytes]
    warnings: tuple[Finding, ...]


def read_workbook(path: FilePath) -> FilledWorkbook:
    """Read and check a workbook.

    Args:
        path: A file that `scenarios.workbook.writing.scenario_workbook` made and a planner filled.

    Raises:
        BadInput: It is no such workbook, or what it says cannot be run: all findings, each with sheet and cell.
    """
    filling = _Filling(str(path))
    sheets = _sheets(path)
    filling.form(sheets.get(FORM))
    for table in tables():
        if table.name in sheets:
            filling.table(table, sheets[table.name])
    diagrams = _diagrams(sheets.get(DIAGRAMS), path, filling.data)
    if filling.findings:
        raise BadInput(filling.findings)
    with TemporaryDirectory() as folder:
        for name, content in diagrams.items():
            FilePath(folder, name).write_bytes(content)
        document = Document(str(FilePath(folder, path.name)), _tuples(filling.data), filling.positions)
        try:
            loaded = assemble(document, b"")
        except BadInput as error:
            raise BadInput(filling.placed(finding, document.file) for finding in error.findings) from None
        warnings = BadInput(filling.placed(finding, document.file) for finding in loaded.warnings).findings
    data = loaded.stated.model_dump(by_alias=True, exclude_unset=True)
    return FilledWorkbook(loaded, data, diagrams, warnings)


class _Items(dict[Any, Any]):
    """A list in the making: place to item."""


@dataclass
class _Sheet:
    """The lines of a sheet, as openpyxl reads them."""

    title: str
    rows: Sequence[Sequence[object]]


@dataclass
class _Filling:
    """Data in the making, and the place of each of its keys: a number of `places` stands for a line."""

    file: str
    data: dict[Any, Any] = field(default_factory=dict)
    positions: dict[Path, Position] = field(default_factory=dict)
    places: list[str] = field(default_factory=lambda: ["", ""])
    findings: list[Finding] = field(default_factory=list)

    def form(self, sheet: _Sheet | None) -> None:
        """What stands once."""
        if sheet is None:
            self.findings.append(Finding("planning.no_form", {}, self.file))
            return
        known = {leaf.name: leaf for leaf in form()}
        for line, row in enumerate(sheet.rows[FIRST_LINE:], start=FIRST_LINE):
            key = row[0] if row else None
            if key in (None, ""):
                continue
            if key not in known:
                values = {"name": key, "known": nearest(str(key), known)}
                self._refuse("unknown_key", sheet, line, 0, **values)
                continue
            leaf = known[str(key)]
            value = from_cell(row[2] if len(row) > 2 else None, leaf)
            if value is not None:
                self._set(self.data, (), leaf.path, value, self._place(sheet, line, 2))

    def table(self, table: Table, sheet: _Sheet) -> None:
        """The lines of a table."""
        heads = [str(cell) if cell is not None else "" for cell in (sheet.rows[1] if len(sheet.rows) > 1 else ())]
        known = {leaf.name: leaf for leaf in table.leaves}
        for column, head in enumerate(heads):
            if head and head not in known and head not in table.keys and head != "#":
                values = {"name": head, "known": nearest(head, [*table.keys, *known])}
                self._refuse("unknown_column", sheet, 1, column, **values)
        missing = [key for key in table.keys if key not in heads]
        if missing:
            self._refuse("no_column", sheet, 1, 0, name=missing[0])
            return
        for line, row in enumerate(sheet.rows[FIRST_LINE:], start=FIRST_LINE):
            cells = {
                column: (known[head], value)
                for column, head in enumerate(heads)
                if column < len(row) and head in known and (value := from_cell(row[column], known[head])) is not None
            }
            keys = [from_cell(row[heads.index(key)] if heads.index(key) < len(row) else None, _key_leaf(table, key))
                    for key in table.keys]  # fmt: skip
            if cells or any(key is not None for key in keys):
                self._line(table, sheet, line, keys, cells)

    def _line(
        self, table: Table, sheet: _Sheet, line: int, keys: Sequence[object], values: Mapping[int, tuple[Leaf, object]]
    ) -> None:
        heads = [str(cell) for cell in sheet.rows[1]]
        pattern, given = table.pattern, list(keys)
        if table.shared and given[0] is None:
            pattern, given = (COMMON, *pattern[2:]), given[1:]
        asked = table.keys[len(table.keys) - len(given) :]
        empty = next((key for key, value in zip(asked, given, strict=True) if value is None), None)
        if empty is not None:
            self._refuse("no_name", sheet, line, heads.index(empty), column=empty)
            return
        column = heads.index(table.keys[-1]) if table.keys else 0
        place = self._place(sheet, line, column)
        into = self.data
        path: Path = ()
        for number, part in enumerate(pattern):
            is_last = number == len(pattern) - 1
            key: Any = part
            if part == NAMED:
                key = given.pop(0)
            elif part == ITEM:
                key = len(into) + 1 if is_last else given.pop(0)
                if not isinstance(key, int) or key < 1:
                    self._refuse("no_number", sheet, line, heads.index(table.keys[-2]), found=key)
                    return
                key -= 1
            path = (*path, _written(key))
            if is_last and part == NAMED and path in self.positions:
                self._refuse("doubled", sheet, line, column, name=_written(key))
                return
            if is_last:
                self.positions[path] = place
                if table.leaves[0].path == ():
                    into[key] = next(iter(values.values()))[1] if values else ""
                    return
            self.positions.setdefault(path, place)
            is_list = not is_last and pattern[number + 1] == ITEM
            into = into.setdefault(key, _Items() if is_list else {})
        for at, (leaf, value) in values.items():
            self._set(into, path, leaf.path, value, self._place(sheet, line, at))

    def _set(self, into: dict[Any, Any], path: Path, keys: Sequence[str], value: object, place: Position) -> None:
        for key in keys[:-1]:
            path = (*path, key)
            self.positions.setdefault(path, place)
            into = into.setdefault(key, {})
        path = (*path, keys[-1])
        into[keys[-1]] = value
        self.positions[path] = place
        self._below(value, path, place)

    def _below(self, value: object, path: Path, place: Position) -> None:
        """What stands inside the list or mapping of a cell has its place too."""
        inner = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, tuple) else ()
        for key, item in inner:
            self.positions[(*path, _written(key))] = place
            self._below(item, (*path, _written(key)), place)

    def _place(self, sheet: _Sheet, line: int, column: int) -> Position:
        self.places.append(_cell_name(sheet.title, line, column))
        return len(self.places) - 1, 1

    def _refuse(self, code: str, sheet: _Sheet, line: int, column: int, /, **values: object) -> None:
        place = f"{self.file}: {_cell_name(sheet.title, line, column)}"
        self.findings.append(Finding(f"planning.{code}", values, place))

    def placed(self, finding: Finding, file: str) -> Finding:
        """The finding at its sheet and cell, where it is about the scenario; else at the diagram in the workbook."""
        here, there = str(FilePath(file).parent), str(FilePath(self.file).parent)
        values = {key: v.replace(here, there) if isinstance(v, str) else v for key, v in finding.values.items()}
        finding = replace(finding, values=values)
        if finding.file != file:
            inside = FilePath(finding.file).name if finding.file else ""
            return replace(finding, file=f"{self.file}: {inside}" if inside else self.file)
        place = self.places[finding.line] if finding.line else ""
        return replace(finding, file=f"{self.file}: {place}" if place else self.file, line=None, column=None)


def _sheets(path: FilePath) -> dict[str, _Sheet]:
    """The sheets that are ours, by what they are."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        if path.stat().st_size > LARGEST:
            raise BadInput([Finding("planning.too_large", {"most": LARGEST}, str(path))])
        content = path.read_bytes()
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            if sum(part.file_size for part in parts.infolist()) > LARGEST_UNPACKED:
                raise BadInput([Finding("planning.too_large", {"most": LARGEST_UNPACKED}, str(path))])
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except OSError as error:
        values = {"reason": error.strerror or type(error).__name__}
        raise BadInput([Finding("scenario.unreadable", values, str(path))]) from None
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, SyntaxError, zlib.error):
        raise BadInput([Finding("planning.no_workbook", {}, str(path))]) from None
    found: dict[str, _Sheet] = {}
    try:
        for sheet in book.worksheets:
            if (sheet.max_row or 0) * (sheet.max_column or 0) > MOST_CELLS:
                raise BadInput([Finding("planning.too_large", {"most": MOST_CELLS}, f"{path}: {sheet.title}")])
            rows = [tuple(row) for row in sheet.iter_rows(values_only=True)]
            mark = rows[0][0] if rows and rows[0] else None
            if isinstance(mark, str) and mark.startswith(MARK):
                found[mark.removeprefix(MARK)] = _Sheet(sheet.title, rows)
    finally:
        book.close()
    return found


def _diagrams(sheet: _Sheet | None, path: FilePath, data: Mapping[Any, Any]) -> dict[str, bytes]:
    """The diagrams inside the workbook, and those beside it that a variant names."""
    found: dict[str, bytes] = {}
    for row in sheet.rows[FIRST_LINE:] if sheet is not None else ():
        name = FilePath(str(row[0])).name if row and row[0] else ""
        if not name:
            continue
        try:
            packed = base64.b64decode("".join(str(cell) for cell in row[1:] if cell), validate=True)
            unpacking = zlib.decompressobj()
            found[name] = unpacking.decompress(packed, LARGEST_DIAGRAM)
            if not unpacking.eof:
                raise zlib.error(name)
        except (binascii.Error, zlib.error):
            raise BadInput([Finding("planning.damaged", {"name": name}, str(path))]) from None
    for variant in data.get("variants", {}).values():
        named = variant.get("diagram")
        beside = path.parent / str(named)
        if isinstance(named, str) and named not in found and beside.name == named and beside.is_file():
            found[named] = beside.read_bytes()
    return found


def _key_leaf(table: Table, key: str) -> Leaf:
    """How the cell of a first column is read."""
    place = table.keys.index(key)
    marks = [part for number, part in enumerate(table.pattern)
             if part == NAMED or (part == ITEM and number < len(table.pattern) - 1)]  # fmt: skip
    if marks[place] == ITEM:
        return Leaf((key,), "number")
    return Leaf((key,), "date" if table.dates else "text")


def _written(key: object) -> str:
    return key.isoformat() if isinstance(key, date) else str(key)


def _cell_name(title: str, line: int, column: int) -> str:
    from openpyxl.utils import get_column_letter

    return f"{title}!{get_column_letter(column + 1)}{line + 1}"


def _tuples(value: Any) -> Any:
    """The same with every list in the making as a list."""
    if not isinstance(value, dict):
        return value
    if isinstance(value, _Items):
        return tuple(_tuples(value[key]) for key in sorted(value))
    return {key: _tuples(item) for key, item in value.items()}
