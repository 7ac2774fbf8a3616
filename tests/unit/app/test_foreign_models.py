"""Models of other tools where a scenario is asked for: the results of importing them first, and nothing left behind."""

from __future__ import annotations

import gc
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from tests.unit.interchange import test_bpsim, test_prosimos, test_qbp

Reformsim = Callable[..., Any]

SMALL: Final = ("--replications", 2, "--processes", 1, "--no-store", "--json")
MAKERS: Final[dict[str, Callable[[Path], list[Path]]]] = {
    "plain": lambda folder: test_prosimos.files(folder)[1:],
    "qbp": lambda folder: [test_qbp.model(folder)],
    "bpsim": test_bpsim.model,
    "bpsim beside": lambda folder: test_bpsim.model(folder, own=True),
    "prosimos": test_prosimos.files,
}


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the program may put what nobody asked to keep."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.mark.parametrize("kind", list(MAKERS))
def test_run_directly_is_import_then_run(reformsim: Reformsim, tmp_path: Path, temporary: Path, kind: str) -> None:
    """The same numbers and the same digest; what the import report says stands among the warnings."""
    files = MAKERS[kind](tmp_path)
    imported = reformsim("import", *files, "-o", tmp_path / "scenario", "--json").json
    for command in ("compare", "run"):
        words = ("--variant", "before") if command == "run" and kind.startswith("bpsim") else ()
        direct = reformsim(command, *files, *words, *SMALL).json
        after = reformsim(command, tmp_path / "scenario" / "scenario.yaml", *words, *SMALL).json
        notes = [w for w in direct["warnings"] if w["code"].startswith("foreign.")]
        told = {(note["kind"], note["line"], note["element"]) for note in imported["notes"] if note["kind"] != "read"}
        assert {(w["code"].removeprefix("foreign."), w["line"], w["element"]) for w in notes} == told
        assert {w["file"] for w in direct["warnings"]} <= {*map(str, files), None}
        assert len(direct["warnings"]) - len(notes) == len(after["warnings"])
        for result in (direct, after):
            del result["warnings"]
        assert direct == after
    gc.collect()
    assert not list(temporary.iterdir())


def test_a_json_finds_the_diagram_of_its_name(reformsim: Reformsim, tmp_path: Path) -> None:
    """One word is enough where both files have one name; without the diagram the finding says what is missing."""
    parameters, diagram = test_prosimos.files(tmp_path)
    assert reformsim("run", parameters, *SMALL).json["pipeline"] == "m"
    diagram.unlink()
    for command in ("run", "check"):
        assert reformsim(command, parameters, "--json").codes == ["interchange.files"]


@pytest.mark.parametrize("kind", ["qbp", "bpsim", "bpsim beside", "prosimos"])
def test_check_judges_models_with_their_numbers(reformsim: Reformsim, tmp_path: Path, kind: str) -> None:
    """What import would say is said; of a plain diagram nothing is assumed."""
    files = MAKERS[kind](tmp_path)
    found = reformsim("check", *files, "--json")
    assert found.status == 0
    assert "foreign.assumed" in {finding["code"] for finding in found.json["findings"]}
    plain = reformsim("check", *MAKERS["plain"](tmp_path), "--json").json
    assert {finding["code"] for finding in plain["findings"]} == {"diagram.choice_open"}


def test_what_is_wrong_stands_in_the_file_that_was_named(reformsim: Reformsim, tmp_path: Path, temporary: Path) -> None:
    """Bad parameters, and what the diagram asks for and no file says: status 2, no path that nobody knows."""
    bad = test_prosimos.change("resource_profiles/0/resource_list/0/calendar", "d")
    files = test_prosimos.files(tmp_path, bad)
    given = reformsim("compare", *files, "--json")
    assert (given.status, given.codes) == (2, ["interchange.missing"])
    assert given.json["errors"][0]["file"] == str(files[0])
    assert reformsim("check", *files, "--json").status == 1
    own = tmp_path / "waits.bpmn"
    text = test_qbp.model(tmp_path).read_text(encoding="utf-8").replace('<task id="b" name="B"/>', LOOP)
    own.write_text(text, encoding="utf-8")
    given = reformsim("run", own, "--json")
    assert given.status == 2
    assert {error["file"] for error in given.json["errors"]} == {str(own)}
    assert not list(temporary.iterdir())


LOOP: Final = '<task id="b" name="B"><standardLoopCharacteristics/></task>'


def test_export_turns_one_format_into_another(reformsim: Reformsim, tmp_path: Path) -> None:
    """QBP in, Prosimos out: a file that runs directly again."""
    out = tmp_path / "out.prosimos.json"
    assert reformsim("export", test_qbp.model(tmp_path), "-o", out).status == 0
    assert reformsim("run", out, *SMALL).status == 0
