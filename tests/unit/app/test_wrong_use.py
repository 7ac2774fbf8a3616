"""Wrong use of the command line: one clear sentence in the reader's language and exit code 2."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from engine.log_files import writing

Reformsim = Callable[..., Any]

# words, code, a text of the English message or cure
USES: Final = [
    ("", "use.words", "COMMAND"),
    ("comapre licence.yaml", "use.unknown_word", "Did you mean compare?"),
    ("list more", "use.too_many", "found more"),
    ("list --jsno", "use.similar_option", "Did you mean --json?"),
    ("compare licence.yaml --xyz", "use.unknown_option", "reformsim compare --help"),
    ("compare licence.yaml --precison 0.1", "use.similar_option", "Did you mean --precision?"),
    ("list --lang fr", "use.unknown_word", "en, zh"),
    ("compare", "use.words", "PIPELINE"),
    ("run licence.yaml", "foreign.no_variant", "--variant"),
    ("gantt licence.yaml", "use.words", "-o/--output"),
    ("check", "use.words", "FILE"),
    ("compare licence.yaml --seed", "use.words", "--seed"),
    ("compare licence.yaml --replications 0", "use.whole_number", "to 100000 for --replications, but"),
    ("compare licence.yaml --replications many", "use.whole_number", "found many"),
    ("compare licence.yaml --replications 1.5", "use.whole_number", "found 1.5"),
    ("compare licence.yaml --processes -1", "use.whole_number", "--processes"),
    ("compare licence.yaml --seed x", "use.whole_number", "--seed"),
    ("compare licence.yaml --seed 99999999999999999999", "use.whole_number", "--seed"),
    ("compare licence.yaml --precision 2", "use.precision", "found 2"),
    ("compare licence.yaml --precision nan", "use.precision", "found nan"),
    ("compare licence.yaml --precision little", "use.precision", "found little"),
    ("compare licence.yaml --driver simpi", "use.unknown_word", "Did you mean simpy?"),
    ("run licence.yaml --variant befor", "use.unknown_variant", "Did you mean before?"),
    ("run licence.yaml --variant before,after", "use.unknown_variant", "before,after"),
    ("compare licence.yaml --variants before,aftre", "use.unknown_variant", "Did you mean after?"),
    ("compare enterprise_openning", "scenario.unknown.scenario", "enterprise_opening"),
    ("compare nowhere.yaml", "scenario.no_file", "nowhere.yaml"),
    ("compare folder", "scenario.no_file", "folder"),
    ("compare licence.yaml licence.bpmn", "use.too_many", "found licence.bpmn"),
    ("compare nowhere.bpmn", "interchange.unreadable", "nowhere.bpmn"),
    ("compare licence.bpmn licence.bpmn", "interchange.files", "licence.bpmn"),
    ("compare licence.yaml --override more_stuff", "scenario.unknown.override", "more_staff"),
    ("compare licence.yaml --holidays nowhere.csv", "calendar.unreadable", "nowhere.csv"),
    ("compare licence.yaml --holidays folder", "calendar.unreadable", "folder"),
    ("compare licence.yaml --report licence.bpmn", "use.not_a_folder", "licence.bpmn"),
    ("compare licence.yaml --report licence.bpmn/below", "use.not_a_folder", "licence.bpmn"),
    ("run licence.yaml --variant before --log log.xlsx", "use.suffix", ".csv, .parquet"),
    ("run licence.yaml --variant before --log nowhere/log.csv", "use.no_folder", "nowhere"),
    ("run licence.yaml --variant before --log folder.csv", "use.is_folder", "folder.csv"),
    ("gantt licence.yaml -o chart.jpeg", "use.suffix", ".pdf, .png, .svg"),
    ("gantt licence.yaml -o chart", "use.suffix", ".pdf, .png, .svg"),
    ("gantt licence.yaml -o nowhere/chart.png", "use.no_folder", "nowhere"),
    ("gantt licence.yaml -o chart.png -o folder.png", "use.is_folder", "folder.png"),
    ("gantt licence.yaml -o chart.png --case best", "use.unknown_case", "best"),
    ("gantt licence.yaml -o chart.png --case 99999 --processes 1 --no-store", "use.unknown_case", "99999"),
    ("check empty", "use.nothing_to_check", "empty"),
]  # fmt: skip


@pytest.fixture
def folder(scenario: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the small scenario, as the current one, with folders where files are expected."""
    monkeypatch.chdir(scenario.parent)
    for name in ("folder", "folder.csv", "folder.png", "empty"):
        (scenario.parent / name).mkdir()
    return scenario.parent


@pytest.mark.parametrize(("words", "code", "said"), USES, ids=[use[0] or "nothing" for use in USES])
def test_wrong_use_is_one_clear_sentence(reformsim: Reformsim, folder: Path, words: str, code: str, said: str) -> None:
    """Status 2, one error with a cure, in both languages; nothing but JSON on standard output; no file."""
    before = sorted(folder.rglob("*"))
    given = (
        reformsim(*words.split(), "--json", "--lang", "en")
        if "--lang" not in words
        else reformsim(*words.split(), "--json")
    )
    assert given.status == 2
    assert given.err == ""
    errors = given.json["errors"]
    assert len(errors) == 1 or not code
    if code:
        assert errors[0]["code"] == code
    assert said in f"{errors[0]['file']} {errors[0]['message']} {errors[0]['cure']}"
    for language in ("en", "zh"):
        told = reformsim("--lang", language, *words.split())
        assert told.status == 2
        assert told.out == ""
        assert told.err.strip()
        is_chinese = re.search("[\u4e00-\u9fff]", told.err) is not None
        assert is_chinese == (language == "zh") or "--lang fr" in words
    assert sorted(folder.rglob("*")) == before


def test_check_finds_what_is_no_file(reformsim: Reformsim, folder: Path) -> None:
    """Files that are missing, or neither diagram nor scenario, are findings."""
    (folder / "notes.txt").write_text("notes")
    found = reformsim("check", "nowhere.bpmn", "nowhere.yaml", "notes.txt", "--json")
    assert found.status == 1
    assert sorted(found.codes) == ["diagram.file_missing", "scenario.no_file", "use.not_checked"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is forbidden to this user")
def test_a_forbidden_folder_is_refused_before_the_run(reformsim: Reformsim, folder: Path) -> None:
    """Without permission to write, nothing is simulated."""
    (folder / "empty").chmod(0o500)
    for words in (
        ("gantt", "licence.yaml", "-o", "empty/x.png"),
        ("compare", "licence.yaml", "--report", "empty/x"),
    ):
        assert reformsim(*words, "--json").codes == ["use.forbidden"]


def test_outputs_are_judged_before_the_run(reformsim: Reformsim, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for a simulation whose result cannot be written."""

    def never(*_: object, **__: object) -> None:
        raise AssertionError("the simulation was begun")

    monkeypatch.setattr("app.study.run_experiment", never)
    for words in (
        ("run", "licence.yaml", "--variant", "before", "--log", "nowhere/log.csv"),
        ("compare", "licence.yaml", "--report", "licence.bpmn"),
        ("gantt", "licence.yaml", "-o", "nowhere/chart.png"),
    ):
        assert reformsim(*words, "--json").codes[0] in ("use.no_folder", "use.not_a_folder")


def test_what_the_system_refuses_while_writing_is_told(
    reformsim: Reformsim, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that is full is named with the file, and no part of the file is left."""

    def full(path: Path, *_: object, **__: object) -> None:
        path.write_text("half a row")
        raise OSError(28, "No space left on device")

    monkeypatch.setitem(writing._WRITERS, ".csv", full)
    words = ("run", "licence.yaml", "--variant", "before", "--log", "log.csv", "--processes", "1")
    given = reformsim(*words, "--json")
    assert given.status == 2
    assert given.codes == ["use.cannot_write"]
    assert "No space left" in given.json["errors"][0]["message"]
    assert not list(folder.glob("*log.csv*"))


@pytest.mark.parametrize(("language", "word"), [("en", "Stopped"), ("zh", "已停止")])
def test_ctrl_c_stops_with_one_sentence(
    reformsim: Reformsim, folder: Path, monkeypatch: pytest.MonkeyPatch, language: str, word: str
) -> None:
    """Ctrl-C ends with 130 and leaves nothing behind, even in the middle of drawing."""

    def stop(_: object, path: Path, **__: object) -> None:
        path.write_text("half a picture")
        raise KeyboardInterrupt

    before = sorted(folder.rglob("*"))
    monkeypatch.setattr("matplotlib.figure.Figure.savefig", stop)
    given = reformsim("gantt", "licence.yaml", "--case", "promise", "-o", "x.png", "--lang", language)
    assert given.status == 130
    assert given.out == ""
    assert given.err.startswith(word)
    assert sorted(folder.rglob("*")) == before


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_fault_of_the_program_is_called_so(
    reformsim: Reformsim, folder: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    """An unexpected exception is one sentence with its kind and words, and how to see more."""

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("division\nby zero")

    monkeypatch.delenv("REFORMSIM_DEBUG", raising=False)
    monkeypatch.setattr("app.study.run_experiment", broken)
    words = ("compare", "licence.yaml", "--lang", language)
    told = reformsim(*words)
    assert (told.status, told.out) == (2, "")
    assert "ZeroDivisionError: division by zero" in told.err
    assert "REFORMSIM_DEBUG=1" in told.err
    given = reformsim(*words, "--json")
    assert given.status == 2
    assert given.codes == ["use.fault"]
    monkeypatch.setenv("REFORMSIM_DEBUG", "1")
    with pytest.raises(ZeroDivisionError, match="by zero"):
        reformsim(*words)


@pytest.mark.parametrize(
    "command", ["", "list", "check", "run", "compare", "gantt", "scenario", "scenario init", "export", "import"]
)
def test_help_speaks_the_language_asked_for(reformsim: Reformsim, command: str) -> None:
    """Help is Chinese throughout: no English word but names of options, values and placeholders."""
    given = reformsim(*command.split(), "--lang", "zh", "--help")
    assert given.status == 0
    assert given.out.startswith("用法：")
    known = {
        "reformsim",
        "explain",
        "json",
        "csv",
        "bpmn",
        "yaml",
        "svg",
        "png",
        "pdf",
        "parquet",
        "ascii",
        "auto",
        "ask",
        "host",
        "runs",
        "tcp",
        "compiled",
        "simpy",
    }
    known |= {
        "clocks",
        "list",
        "check",
        "run",
        "compare",
        "gantt",
        "diagram",
        "chart",
        "layout",
        "en",
        "zh",
        "help",
        "no",
        "log",
        "o",
        "h",
        "version",
        "scenario",
        "sensitivity",
        "verify",
        "spiffworkflow",
        "init",
        "export",
        "import",
        "graphml",
        "prosimos",
        "rosimos",
        "bpsim",
        "qbp",
        "im",
        "pm4",
        "py",
        "xes",
        "gz",
        "ocel",
        "mmd",
        "xml",
        "xlsx",
        "csv",
        "html",
        "erma",
        "id",
        "icrosoft",
        "roject",
        "people",
        "yyyy",
        "terminating",
        "steady",
        "state",
        "from",
        "to",
        "excel",
        "xcel",
    }
    known |= {"promise", "mean", "median", "p90", "worst", "construction", "permit", "case"}
    options = {w for option in re.findall(r"--[a-z-]+", given.out) for w in re.findall("[a-z]+", option)}
    words = set(re.findall(r"[a-z]{2,}[0-9]*", given.out))
    assert words <= known | options
    english = reformsim(*command.split(), "--lang", "en", "--help")
    assert english.out.startswith("usage: ")
    assert not re.search("[\u4e00-\u9fff]", english.out)


def test_the_version_is_told(reformsim: Reformsim) -> None:
    """``--version`` prints name and version."""
    given = reformsim("--version")
    assert given.status == 0
    assert re.fullmatch(r"reformsim \S+\n", given.out)


def test_common_options_stand_before_or_behind_the_command(reformsim: Reformsim) -> None:
    """``--json`` and ``--lang`` mean the same on both sides of the command."""
    assert reformsim("--json", "--lang", "zh", "list") == reformsim("list", "--json", "--lang", "zh")
