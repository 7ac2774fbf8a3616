"""A scenario as a workbook and back: nothing is lost, and what is wrong is told with its sheet and cell."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from engine.errors import BadInput
from engine.texts import catalogue
from scenarios import library
from scenarios.interchange.yaml_text import yaml_text
from scenarios.loading import LoadedScenario, load
from scenarios.schema import Scenario
from scenarios.sources import policy_facts
from scenarios.workbook.cells import from_cell, to_cell
from scenarios.workbook.reading import read_workbook
from scenarios.workbook.tables import Leaf, form, tables
from scenarios.workbook.writing import scenario_workbook

DATA = Path(__file__).parents[2] / "data" / "scenarios"


def stated(loaded: LoadedScenario) -> dict[str, Any]:
    """What a scenario says, its diagrams by their names alone: the workbook carries them inside."""
    data = loaded.stated.model_dump(by_alias=True, exclude_unset=True)
    for variant in data["variants"].values():
        variant["diagram"] = Path(variant["diagram"]).name
    return data


def read_back(loaded: LoadedScenario, folder: Path, language: str = "zh") -> Any:
    """The same through a workbook."""
    file = folder / "scenario.xlsx"
    file.write_bytes(scenario_workbook(loaded, language))
    return read_workbook(file)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_whole_language_comes_back(loaded_licence, tmp_path, language):
    """The scenario of the tests uses every part of the language."""
    filled = read_back(loaded_licence, tmp_path, language)
    assert filled.data == stated(loaded_licence)
    assert filled.diagrams == {name: (DATA / name).read_bytes() for name in ("before.bpmn", "after.bpmn")}


@pytest.mark.slow
@pytest.mark.parametrize("name", library.names())
def test_every_scenario_of_the_library_comes_back(name, tmp_path):
    """As data, as a model, and once more through the YAML that is written of it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("scenarios.building.variants.policy_facts", policy_facts)
        loaded = load(name)
        filled = read_back(loaded, tmp_path)
        assert filled.data == stated(loaded)
        assert list(filled.data["variants"]) == list(stated(loaded)["variants"])
        for file, content in filled.diagrams.items():
            (tmp_path / file).write_bytes(content)
        (tmp_path / "scenario.yaml").write_text(yaml_text(filled.data, {}), encoding="utf-8")
        again = load(str(tmp_path / "scenario.yaml"))
        assert again.stated == Scenario.model_validate(stated(loaded))
        for variant, model in loaded.models.items():
            assert again.models[variant].diagram.digest == model.diagram.digest
            assert again.models[variant].assumptions == model.assumptions


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Co", "Cn"]), max_size=40)
PLAIN = st.one_of(WORDS, st.integers(-(2**63), 2**63), st.floats(allow_nan=False, allow_infinity=False), st.booleans())
VALUES = {
    "text": WORDS,
    "number": st.one_of(st.integers(-(2**63), 2**63), st.floats(allow_nan=False, allow_infinity=False)),
    "truth": st.booleans(),
    "date": st.dates(),
    "list": st.lists(PLAIN, max_size=5).map(tuple),
    "map": st.dictionaries(st.text("abcdefg_", min_size=1), PLAIN, max_size=4),
    "any": st.one_of(st.lists(PLAIN, max_size=3).map(tuple), st.sampled_from(["working", "natural"])),
}


@pytest.mark.parametrize("kind", VALUES)
def test_every_value_comes_back_from_its_cell(kind, tmp_path_factory):
    """Texts with formulas, quotation marks and blanks; numbers that Excel rounds; days before it counts them."""
    folder = tmp_path_factory.mktemp("cells")

    @settings(max_examples=25)
    @given(st.lists(VALUES[kind], min_size=1, max_size=20))
    def comes_back(values: list[Any]) -> None:
        from reports.workbook.book import Book

        leaf = Leaf(("x",), kind)
        book = Book("t", "en")
        sheet, _ = book.sheet("s")
        for line, value in enumerate(values):
            cell = to_cell(value, leaf)
            if isinstance(cell, bool):
                sheet.write_boolean(line, 0, cell)
            elif isinstance(cell, int | float):
                sheet.write_number(line, 0, cell)
            elif isinstance(cell, date):
                sheet.write_datetime(line, 0, cell, book.format(num_format="yyyy-mm-dd"))
            else:
                sheet.write_string(line, 0, cell)
        file = folder / "x.xlsx"
        file.write_bytes(book.bytes())
        cells = load_workbook(file)["s"]
        found = [from_cell(cells.cell(line + 1, 1).value, leaf) for line in range(len(values))]
        assert found == values

    comes_back()


def test_the_keys_of_the_language_have_names_in_both_languages():
    """One that is added has its cell at once, and is called by its key until somebody names it."""
    names = {part for leaf in form() for part in leaf.path}
    for table in tables():
        names |= {part for key in table.keys for part in key.split(".")}
        names |= {part for leaf in table.leaves for part in leaf.path}
    missing = [name for name in sorted(names) if f"planning.key.{name}" not in catalogue("zh")]
    assert len(missing) <= len(names) / 10, missing
    for language in ("zh", "en"):
        sheets = [catalogue(language).get(f"planning.sheet.{t.name}", t.name) for t in tables()]
        assert len(set(sheets)) == len(sheets)
        assert all(len(sheet) <= 28 for sheet in sheets)


def test_words_to_choose_from_stand_in_drop_downs(loaded_licence, tmp_path):
    """Units and parties as lists in the rule; hours, sources and elements from other sheets."""
    file = tmp_path / "x.xlsx"
    file.write_bytes(scenario_workbook(loaded_licence, "en"))
    book = load_workbook(file)
    rules = {str(rule.sqref).partition(":")[0]: rule.formula1 for rule in book["Pools"].data_validations.dataValidation}
    heads = {cell.value: cell.column_letter for cell in book["Pools"][2]}
    assert rules[f"{heads['party']}4"] == '"office,applicant,third_party"'
    assert rules[f"{heads['hours']}4"] == "'Hours'!$A$4:$A$504"
    assert rules[f"{heads['units.source']}4"].startswith("lists!$A$1:$A$")
    assert book["lists"].sheet_state == "hidden"


def test_names_that_look_like_formulas_stay_words(licence, load_text, tmp_path):
    """In the workbook and on the way back."""
    loaded = load_text(licence.replace("labels: {zh: 窗口, en: Counter}", "labels: {zh: '=1+1', en: '@SUM(A1)'}"))
    assert loaded.stated.pools["counter"].labels.zh == "=1+1"
    filled = read_back(loaded, tmp_path)
    assert filled.loaded.stated.pools["counter"].labels.en == "@SUM(A1)"
    book = load_workbook(tmp_path / "scenario.xlsx")
    assert not [c for sheet in book.worksheets for row in sheet.iter_rows() for c in row if c.data_type == "f"]


Change = Callable[[Workbook], None]


def at(book: Workbook, sheet: str, key: str, line: int) -> Any:
    """The cell under the column of a key."""
    column = next(cell.column for cell in book[sheet][2] if cell.value == key)
    return book[sheet].cell(line, column)


def refused(loaded: LoadedScenario, folder: Path, change: Change) -> Mapping[str, str]:
    """The findings after a change: place below the file to code."""
    file = folder / "x.xlsx"
    file.write_bytes(scenario_workbook(loaded, "en"))
    book = load_workbook(file)
    change(book)
    book.save(file)
    with pytest.raises(BadInput) as caught:
        read_workbook(file)
    return {finding.place().removeprefix(f"{file}: "): finding.code for finding in caught.value.findings}


def set_to(sheet: str, key: str, line: int, value: object) -> Change:
    def change(book: Workbook) -> None:
        at(book, sheet, key, line).value = value

    return change


@pytest.mark.parametrize(
    ("sheet", "key", "line", "value", "code"),
    [
        ("Pools", "units.value", 4, "two", "scenario.type.whole"),
        ("Pools", "units.value", 4, 0, "scenario.bound"),
        ("Pools", "party", 4, "ofice", "scenario.option"),
        ("Pools", "hours", 4, "nights", "scenario.unknown.hours"),
        ("Pools", "pools", 4, None, "planning.no_name"),
        ("Pools", "pools", 2, "pool", "planning.unknown_column"),
        ("Elements", "effort.triangular", 4, "5, 10", "scenario.missing_key"),
        ("Hours", "open", 4, "8-12", "scenario.hours.span"),
        ("Variants", "diagram", 4, "gone.bpmn", "scenario.no_diagram"),
    ],
)
def test_what_is_wrong_is_told_with_sheet_and_cell(loaded_licence, tmp_path, sheet, key, line, value, code):
    """One cell is made bad, and the finding names it."""
    cell = []

    def change(book: Workbook) -> None:
        found = at(book, sheet, key, line)
        found.value = value
        cell.append(found.coordinate)

    findings = refused(loaded_licence, tmp_path, change)
    assert findings.get(f"{sheet}!{cell[0]}") == code, findings


def test_a_name_twice_is_refused_at_the_second(loaded_licence, tmp_path):
    """Rather than one line silently winning over the other."""

    def change(book: Workbook) -> None:
        sheet = book["Sources"]
        sheet.append([cell.value for cell in sheet[4]])

    assert "planning.doubled" in refused(loaded_licence, tmp_path, change).values()


def test_a_planner_may_calculate_and_type_chinese_punctuation(loaded_licence, tmp_path):
    """Results of formulas are read; wide commas and colons count as narrow ones."""
    file = tmp_path / "x.xlsx"
    file.write_bytes(scenario_workbook(loaded_licence, "en"))
    book = load_workbook(file)
    at(book, "Hours", "open", 4).value = "08：00-12：00，14：30-17：30"
    book.save(file)
    name = at(book, "Hours", "hours", 4).value
    assert read_workbook(file).data["calendar"]["hours"][name]["open"] == ("08:00-12:00", "14:30-17:30")


@pytest.mark.parametrize("content", [b"", b"no workbook", b"PK\x03\x04 broken"])
def test_what_is_no_workbook_is_refused(tmp_path, content):
    """With a clear sentence."""
    file = tmp_path / "x.xlsx"
    file.write_bytes(content)
    with pytest.raises(BadInput) as caught:
        read_workbook(file)
    assert [finding.code for finding in caught.value.findings] == ["planning.no_workbook"]


def test_another_workbook_is_refused(tmp_path):
    """It has no sheet of ours."""
    file = tmp_path / "x.xlsx"
    Workbook().save(file)
    with pytest.raises(BadInput) as caught:
        read_workbook(file)
    assert [finding.code for finding in caught.value.findings] == ["planning.no_form"]
