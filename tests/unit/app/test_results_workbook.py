"""The results workbook: what stands in it agrees with the JSON, numbers are numbers, and no name is ever calculated."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from engine.texts import text

FEW = ["--replications", "2", "--processes", "1", "--no-progress"]
EVIL = '=HYPERLINK("http://x","y")'
LONG = "长" * 200
SHEETS = (
    "summary", "verdicts", "indicators", "causes", "differences", "procedures", "steps", "pools", "spread", "cases",
    "assumptions", "sources",
)  # fmt: skip


def written(reformsim: Callable[..., Any], scenario: Path, language: str, *more: str) -> tuple[Path, Any]:
    """The workbook and the JSON of a small comparison."""
    folder = scenario.parent / language
    given = reformsim("compare", scenario, "--report", folder, "--lang", language, *FEW, *more)
    assert given.status == 0, given.err
    return folder / "results.xlsx", json.loads((folder / "results.json").read_text(encoding="utf-8"))


def lines(sheet: Any) -> list[list[object]]:
    """The table of a sheet: headings first."""
    return [list(row) for row in sheet.iter_rows(min_row=4, values_only=True)]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_table_is_there_and_says_what_the_json_says(reformsim, scenario, language):
    """In both languages: the sheets, a line for each target, and the same means unrounded."""
    file, result = written(reformsim, scenario, language)
    book = load_workbook(file)
    assert book.sheetnames == [text(f"workbook.sheet.{key}", language) for key in SHEETS]
    verdicts = lines(book[text("workbook.sheet.verdicts", language)])
    column = verdicts[0].index(text("workbook.column.mean", language))
    found = [v["indicators"][t["indicator"]]["mean"] for v in result["variants"].values() for t in v["targets"]]
    assert [row[column] for row in verdicts[1:]] == pytest.approx(found)
    indicators = lines(book[text("workbook.sheet.indicators", language)])
    assert len(indicators) - 1 == sum(len(v["indicators"]) for v in result["variants"].values())
    assumptions = lines(book[text("workbook.sheet.assumptions", language)])
    assert len(assumptions) - 1 == result["assumptions"]


def test_the_causes_add_up_to_the_whole_time(reformsim, scenario):
    """As in every other report."""
    file, result = written(reformsim, scenario, "en")
    rows = lines(load_workbook(file)["Time by cause"])
    for row, variant in zip(rows[1:3], result["variants"].values(), strict=True):
        assert sum(row[1:8]) == pytest.approx(variant["indicators"]["elapsed_days"]["mean"])


def test_numbers_are_numbers_with_formats_and_charts_are_native(reformsim, scenario):
    """Nothing that counts is a text, dates are dates, and Excel draws the charts itself."""
    file, _ = written(reformsim, scenario, "zh")
    book = load_workbook(file)
    cases = book[text("workbook.sheet.cases", "zh")]
    assert cases["C5"].is_date
    assert "年" in cases["C5"].number_format
    assert all(isinstance(cell.value, int | float) for row in cases.iter_rows(min_row=5, min_col=4) for cell in row)
    with zipfile.ZipFile(file) as parts:
        charts = [name for name in parts.namelist() if name.startswith("xl/charts/chart")]
    assert len(charts) >= 6  # causes, procedures and pools of two variants, the spread


@pytest.mark.parametrize("name", [EVIL, "=Sheet!$A$1", "+1+1@-x", "Sheet!A1", LONG, "<b>&\"'", "a/b[c]:*?\\'"])
def test_no_name_is_calculated_or_breaks_the_file(reformsim, scenario, name):
    """Whatever a scenario calls its things, cells hold the words as text, and no chart refers to them."""
    quoted = json.dumps(name)
    words = scenario.read_text(encoding="utf-8")
    for label in ("{zh: 改革前, en: Before}", "{zh: 窗口, en: Counter}", "{zh: 办理许可证, en: Getting a licence}"):
        words = words.replace(label, f"{{zh: {quoted}, en: {quoted}}}")
    scenario.write_text(words, encoding="utf-8")
    file, _ = written(reformsim, scenario, "en")
    book = load_workbook(file)
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    assert name in {cell.value for cell in cells}
    with zipfile.ZipFile(file) as parts:
        for part in (n for n in parts.namelist() if n.startswith("xl/charts/chart")):
            assert f"<c:f>{name.removeprefix('=')}" not in parts.read(part).decode()


def test_a_variant_without_a_finished_case_leaves_the_counted_tables_out(reformsim, scenario):
    """The rest of the workbook is written all the same."""
    words = scenario.read_text(encoding="utf-8")
    words = words.replace("value: 1, unit: hour, source: guess, range: [1, 2]", "value: 900, unit: hour, source: guess")
    scenario.write_text(words, encoding="utf-8")
    file, result = written(reformsim, scenario, "en", "--allow-overload")
    assert result["variants"]["after"]["cases"]["finished"] == 0
    names = load_workbook(file).sheetnames
    assert "Indicators" in names
    assert "Sample of cases" not in names


def test_the_same_study_gives_the_same_bytes(reformsim, scenario):
    """Nothing of the moment of writing stands in the file."""
    first = written(reformsim, scenario, "en")[0].read_bytes()
    assert written(reformsim, scenario, "en")[0].read_bytes() == first
