"""The library's studies print what lies beside them, and the coverage page is current."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from scenarios.coverage import OUTSIDE, PAGE, SAME, page
from scenarios.library import FOLDER

STUDIES = Path(__file__).parents[2] / "scenarios" / "studies"
SCRIPTS = sorted(file.stem for file in STUDIES.glob("*.txt"))


@pytest.mark.slow
@pytest.mark.parametrize("study", SCRIPTS)
def test_a_study_prints_what_lies_beside_it(study: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Line by line."""
    importlib.import_module(f"scenarios.studies.{study}").main()
    assert capsys.readouterr().out == (STUDIES / f"{study}.txt").read_text(encoding="utf-8")


def test_every_study_has_its_output() -> None:
    """All but the frame that two of them share."""
    assert {file.stem for file in STUDIES.glob("*.py")} - set(SCRIPTS) == {"__init__", "what_if"}


def test_the_coverage_page_is_current() -> None:
    """``python -m scenarios.coverage`` would change nothing."""
    assert PAGE.read_text(encoding="utf-8") == page()


def test_the_coverage_page_speaks_of_facts() -> None:
    """What it calls outside or said twice are facts of the library."""
    text = (FOLDER / "facts.yaml").read_text(encoding="utf-8")
    for fact in {*OUTSIDE, *SAME, *SAME.values()}:
        assert f"- id: {fact}\n" in text, fact
