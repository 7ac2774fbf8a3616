"""Each command does what it says, with few replications; equal seeds give equal results."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
from pyarrow.parquet import read_table

from engine.log import EventLog
from tests.support.library import VARIANTS

Reformsim = Callable[..., Any]

ROOT: Final = Path(__file__).parents[3]
SMALL: Final = ("--replications", 2, "--processes", 1, "--json")
NUMBER: Final = (int, float)

TARGET: Final = {
    "indicator": str,
    "statistic": str,
    "op": str,
    "limit": NUMBER,
    "unit": str,
    "value": NUMBER,
    "ci95": (list, type(None)),
    "verdict": str,
    "share_within": NUMBER,
    "share_within_ci95": [NUMBER],
    "required_share": (int, float, type(None)),
    "source": str,
}
INDICATOR: Final = {
    "unit": str,
    "mean": NUMBER,
    "ci95": [NUMBER],
    "p50": NUMBER,
    "p80": NUMBER,
    "p90": NUMBER,
    "p95": NUMBER,
    "p90_ci95": (list, type(None)),
}
VARIANT: Final = {
    "promise": {"procedures": (int, float, type(None)), "critical_path_days": (int, float, type(None))},
    "reference": {},
    "indicators": {"elapsed_days": INDICATOR, "procedures": INDICATOR, "working_days": INDICATOR},
    "cases": {"started": int, "finished": int, "unfinished": int},
    "targets": [TARGET],
}
DIFFERENCE: Final = {
    "indicator": str,
    "from": str,
    "to": str,
    "difference": NUMBER,
    "ci95": [NUMBER],
    "verdict": str,
}
COMPARISON: Final = {
    "schema": int,
    "pipeline": str,
    "seed": int,
    "replications": int,
    "driver": str,
    "warnings": [],
    "variants": {"before": VARIANT, "after": VARIANT},
    "differences": [DIFFERENCE],
    "assumptions": int,
    "digest": str,
}


def assert_shape(data: object, shape: object, path: str = "") -> None:
    """Every key of the shape is there with its type; more keys are allowed."""
    if isinstance(shape, dict):
        assert isinstance(data, dict), path
        for key, below in shape.items():
            assert key in data, f"{path}.{key}"
            assert_shape(data[key], below, f"{path}.{key}")
    elif isinstance(shape, list):
        assert isinstance(data, list), path
        for item in data if shape else ():
            assert_shape(item, shape[0], f"{path}[]")
    else:
        assert isinstance(data, shape), f"{path}: {data!r}"  # type: ignore[arg-type]  # a type or several


def test_list_shows_the_library(reformsim: Reformsim) -> None:
    """Pipelines, variants and overrides as JSON, and as a table in both languages."""
    pipelines = {p["pipeline"]: p for p in reformsim("list", "--json").json["pipelines"]}
    assert {name: tuple(pipeline["variants"]) for name, pipeline in pipelines.items()} == VARIANTS
    for pipeline in pipelines.values():
        assert pipeline["label"]["zh"]
        assert pipeline["label"]["en"]
    for language in ("zh", "en"):
        table = reformsim("list", "--lang", language, "--ascii").out
        for name, pipeline in pipelines.items():
            assert name in table
            assert pipeline["label"][language] in table


def test_the_library_is_clean(reformsim: Reformsim) -> None:
    """Diagrams and scenarios of the library have no finding at all."""
    found = reformsim("check", ROOT / "bpmn", ROOT / "scenarios" / "library", "--json")
    assert found.status == 0
    assert found.json["findings"] == []
    assert found.json["errors"] == []
    assert found.json["files"] >= 9


@pytest.mark.parametrize("pipeline", ["enterprise_opening", "power_low_voltage"])
def test_compare_prints_the_published_shape(reformsim: Reformsim, pipeline: str) -> None:
    """``compare --json`` has every key of the contract."""
    given = reformsim("compare", pipeline, *SMALL)
    assert given.status == 0
    assert given.err == ""
    result = given.json
    assert_shape(result, COMPARISON)
    assert result["schema"] == 1
    assert result["replications"] == 2
    assert result["digest"].startswith("sha256:")
    for variant in result["variants"].values():
        assert all(len(t["ci95"]) == 2 for t in variant["targets"] if t["statistic"] == "mean")
        cases = variant["cases"]
        assert cases["finished"] + cases["unfinished"] == cases["started"] > 0
    names = list(result["variants"])
    assert {(d["from"], d["to"]) for d in result["differences"]} == {("before", name) for name in names[1:]}


def test_compare_shows_a_verdict_and_a_table(reformsim: Reformsim, scenario: Path) -> None:
    """Without ``--json``: a headline and a table whose words are whole, in both languages."""
    for language, words in (
        ("en", ("Getting a licence", "Before", "met", "working days")),
        ("zh", ("办理许可证", "改革前")),
    ):
        told = reformsim("compare", scenario, *SMALL[:4], "--lang", language)
        assert told.status == 0
        assert told.err == ""
        assert all(word in told.out for word in words)
        is_chinese = any("\u4e00" <= character <= "\u9fff" for character in told.out)
        assert is_chinese == (language == "zh")


def test_equal_seeds_give_equal_results(reformsim: Reformsim, scenario: Path) -> None:
    """The same seed gives the same JSON, letter by letter; another seed another one."""
    words = ("compare", scenario, *SMALL, "--seed")
    first = reformsim(*words, 11).out
    assert reformsim(*words, 11).out == first
    other = json.loads(reformsim(*words, 12).out)
    mean = ("variants", "before", "indicators", "elapsed_days", "mean")
    one: Any = json.loads(first)
    two: Any = other
    for key in mean:
        one, two = one[key], two[key]
    assert one != two


def test_the_number_of_processes_changes_nothing(reformsim: Reformsim, scenario: Path) -> None:
    """One process and two give the same JSON, letter by letter."""
    words = ("compare", scenario, "--replications", 3, "--json", "--processes")
    assert reformsim(*words, 1).out == reformsim(*words, 2).out


@pytest.mark.parametrize("driver", ["auto", "simpy", "compiled"])
def test_each_driver_can_be_chosen(reformsim: Reformsim, scenario: Path, driver: str) -> None:
    """Whatever driver runs the cases, the result is the same and names the one that did."""
    result = reformsim("compare", scenario, *SMALL, "--driver", driver).json
    reference = reformsim("compare", scenario, *SMALL, "--driver", "simpy").json
    assert result["driver"] in ("simpy", "compiled")
    aside = {"driver": "", "stress_des": ""}  # the appendix names the driver too
    assert result | aside == reference | aside


def test_variants_are_compared_in_the_order_asked_for(reformsim: Reformsim, scenario: Path) -> None:
    """Differences are against the variant named first."""
    result = reformsim("compare", scenario, *SMALL, "--variants", "after, before").json
    assert list(result["variants"]) == ["after", "before"]
    assert {(d["from"], d["to"]) for d in result["differences"]} == {("after", "before")}
    alone = reformsim("compare", scenario, *SMALL, "--variants", "after").json
    assert list(alone["variants"]) == ["after"]
    assert alone["differences"] == []


def test_precision_goes_on_until_the_means_are_known(reformsim: Reformsim, scenario: Path) -> None:
    """Replications are added until each target's interval is narrow enough, and no further than the bound."""
    loose = reformsim("compare", scenario, *SMALL, "--precision", 0.5).json
    tight = reformsim("compare", scenario, *SMALL, "--precision", 0.2).json
    assert 2 < loose["replications"] < tight["replications"] <= 1000
    for variant in tight["variants"].values():
        for target in variant["targets"]:
            low, high = target["ci95"]
            assert high - low <= 2 * 0.2 * abs(target["value"]) * (1 + 1e-9)


def test_an_override_is_applied(reformsim: Reformsim, scenario: Path) -> None:
    """A named override changes the result and is said in it."""
    plain = reformsim("compare", scenario, *SMALL).json
    changed = reformsim("compare", scenario, *SMALL, "--override", "more_staff").json
    assert changed["digest"] != plain["digest"]
    assert any("counter" in change for change in changed["variants"]["after"]["overrides"])


def test_a_missed_target_is_an_exit_code_when_asked_for(reformsim: Reformsim, scenario: Path) -> None:
    """``--fail-on-miss`` gives 1 where a target is missed, 0 where all are met."""
    met = reformsim("compare", scenario, *SMALL, "--fail-on-miss")
    assert met.status == 0
    text = scenario.read_text(encoding="utf-8").replace(
        "limit: 7, unit: working_day, source: guess}", "limit: 0.0001, unit: working_day, source: guess}"
    )
    scenario.write_text(
        text.replace("value: 3, unit: hour", "value: 30, unit: hour").replace("range: [2, 4]", "range: [2, 40]"),
        encoding="utf-8",
    )
    words = ("compare", scenario, *SMALL[:3], 1, "--json", "--replications", 8, "--allow-overload")
    missed = reformsim(*words, "--fail-on-miss")
    assert "missed" in [t["verdict"] for v in missed.json["variants"].values() for t in v["targets"]]
    assert missed.status == 1
    assert reformsim(*words).status == 0


def test_a_report_is_written_whole(reformsim: Reformsim, scenario: Path, tmp_path: Path) -> None:
    """``--report`` makes its folder and writes chart and results; the results are those of ``--json``."""
    folder = tmp_path / "deep" / "report"
    given = reformsim("compare", scenario, *SMALL, "--report", folder)
    assert given.status == 0
    assert json.loads((folder / "results.json").read_text(encoding="utf-8")) == given.json
    assert (folder / "gantt.png").read_bytes().startswith(b"\x89PNG")
    assert b"</svg>" in (folder / "gantt.svg").read_bytes()
    assert not [path for path in folder.iterdir() if "partial" in path.name]


def test_the_log_is_the_same_in_both_formats(reformsim: Reformsim, scenario: Path, tmp_path: Path) -> None:
    """CSV and Parquet hold the same rows: a beginning no later than the end, every case with its own row."""
    for name in ("log.csv", "log.parquet"):
        given = reformsim("run", scenario, "--variant", "after", *SMALL, "--log", tmp_path / name)
        assert given.status == 0
        assert list(given.json["variants"]) == ["after"]
    with (tmp_path / "log.csv").open(encoding="utf-8", newline="") as file:
        written = list(csv.DictReader(file))
    stored = read_table(tmp_path / "log.parquet").to_pylist()
    assert [{key: str(value) for key, value in row.items()} for row in stored] == written
    assert set(EventLog.columns()) | {"element"} == set(stored[0])
    assert all(row["enabled"] <= row["ended"] for row in stored if row["ended"] >= 0)
    cases = [row["case"] for row in stored if row["element"] == ""]
    assert len(cases) == len(set(cases)) > 0
    assert {row["element"] for row in stored} >= {"Accept", "Review", "Permit", ""}


SIGNATURES: Final = {".png": b"\x89PNG", ".svg": b"<?xml", ".pdf": b"%PDF"}


@pytest.mark.parametrize("which", ["promise", "mean", "median", "p90", "worst", "number"])
def test_every_case_can_be_drawn(reformsim: Reformsim, scenario: Path, tmp_path: Path, which: str) -> None:
    """Each kind of case becomes a picture of each format at once."""
    if which == "number":
        reformsim("run", scenario, "--variant", "before", *SMALL, "--log", tmp_path / "log.csv")
        with (tmp_path / "log.csv").open(encoding="utf-8", newline="") as file:
            rows = [row for row in csv.DictReader(file) if row["element"] == ""]
        day = 86_400_000
        which = next(row["case"] for row in rows if 20 * day < int(row["enabled"]) < 40 * day)
    files = [tmp_path / f"chart{suffix}" for suffix in SIGNATURES]
    words = [word for file in files for word in ("-o", file)]
    given = reformsim("gantt", scenario, "--case", which, *words, *SMALL)
    assert given.status == 0
    assert given.json["files"] == [str(file) for file in files]
    assert given.json["headline"]
    for drawn in files:
        assert drawn.read_bytes().startswith(SIGNATURES[drawn.suffix])


@pytest.mark.slow
@pytest.mark.parametrize("pipeline", ["construction_permit", "enterprise_opening", "power_low_voltage"])
def test_the_library_runs_and_is_drawn(reformsim: Reformsim, tmp_path: Path, pipeline: str) -> None:
    """Every pipeline of the library is compared with a report, in Chinese."""
    given = reformsim("compare", pipeline, *SMALL, "--report", tmp_path, "--lang", "zh")
    assert given.status == 0
    assert_shape(given.json, COMPARISON)
    assert (tmp_path / "gantt.png").is_file()


HEAVY: Final = (
    "SpiffWorkflow", "chinese_calendar", "lxml", "matplotlib", "networkx", "numba", "numpy",
    "pyarrow", "pydantic", "rich", "ruamel", "scipy", "simpy",
)  # fmt: skip


def fresh(program: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a program in a process of its own, from the checkout."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-c", program, *words]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=environment, check=False)


@pytest.mark.parametrize("words", [["--help"], ["--lang", "zh", "--help"], ["compare", "--help"], ["nonsense"]])
def test_help_loads_nothing_heavy(words: list[str]) -> None:
    """Help and refusals answer at once because no heavy library is imported for them."""
    program = (
        "import sys\nfrom app.main import main\n"
        "main(sys.argv[1:])\n"
        "print('LOADED', *sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    done = fresh(program, *words)
    assert done.returncode == 0, done.stderr
    loaded = done.stdout.splitlines()[-1].split()
    assert loaded[0] == "LOADED"
    assert not set(HEAVY) & set(loaded)


def test_the_package_is_a_program(scenario: Path) -> None:
    """``python -m app`` is the same program, with several processes too."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    words = ["compare", str(scenario), "--replications", "2", "--processes", "2", "--json"]
    done = subprocess.run(
        [sys.executable, "-m", "app", *words],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=environment,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert json.loads(done.stdout)["replications"] == 2


def test_a_reader_that_had_enough_is_no_error() -> None:
    """A pipe that is closed early gives neither a traceback nor an error."""
    program = (
        "import subprocess, sys\n"
        "words, pipe = [sys.executable, '-m', 'app', 'list', '--json'], subprocess.PIPE\n"
        "one = subprocess.Popen(words, stdout=pipe, stderr=pipe)\n"
        "one.stdout.close()\n"
        "print(one.stderr.read().decode(), one.wait())"
    )
    assert fresh(program).stdout.split() == ["0"]


def test_nothing_finished_is_said(reformsim: Reformsim, scenario: Path, tmp_path: Path) -> None:
    """Without a finished case there are results with a warning, no chart, and a clear refusal to draw one."""
    text = scenario.read_text(encoding="utf-8")
    rate = "rate: {value: 200, per: year, source: guess, range: [100, 300]}"
    assert rate in text
    text = text.replace(rate, 'dates: {list: ["2022-01-03T09:00"], source: guess}')  # in the warm-up
    scenario.write_text(text, encoding="utf-8")
    given = reformsim("compare", scenario, *SMALL, "--report", tmp_path / "report")
    assert given.status == 0
    assert [warning["code"] for warning in given.json["warnings"]] == ["results.no_cases"] * 2
    files = sorted(file.name for file in (tmp_path / "report").iterdir())
    assert files == ["assumptions.csv", "brief.docx", "report.html", "results.json", "results.xlsx"]
    page = (tmp_path / "report" / "report.html").read_text(encoding="utf-8")
    assert page.count(given.json["warnings"][0]["message"].partition("<")[0]) >= 1
    assert "<svg" not in page
    told = reformsim("compare", scenario, *SMALL[:4], "--lang", "zh")
    assert told.status == 0
    assert told.err.count("提示") == 2
    for which in ("median", "mean"):
        drawn = reformsim("gantt", scenario, "--case", which, "-o", tmp_path / "x.png", *SMALL)
        assert drawn.status == 2
        assert drawn.codes == ["results.no_cases"]
        assert not (tmp_path / "x.png").exists()


def test_a_scenario_goes_to_a_workbook_and_back(reformsim: Reformsim, scenario: Path, tmp_path: Path) -> None:
    """With the diagram inside; the results are the same; a workbook with a fault leaves no file behind."""
    book, folder = tmp_path / "book.xlsx", tmp_path / "new"
    assert reformsim("scenario", "to-excel", scenario, "-o", book, "--json").json["files"] == [str(book)]
    given = reformsim("scenario", "from-excel", book, "-o", folder, "--json")
    assert given.status == 0, given.out
    assert [Path(file).name for file in given.json["files"]] == ["scenario.yaml", "licence.bpmn"]
    before = reformsim("compare", scenario, *SMALL).json
    after = reformsim("compare", folder / "scenario.yaml", *SMALL).json
    assert after["variants"]["after"]["indicators"] == before["variants"]["after"]["indicators"]
    assert reformsim("scenario", "from-excel", book, "-o", folder, "--json").codes == ["interchange.taken"]
    assert reformsim("scenario", "to-excel", scenario, "-o", tmp_path / "x.xls", "--json").codes == ["use.suffix"]
    assert reformsim("scenario", "from-excel", scenario, "-o", tmp_path / "n", "--json").codes == [
        "planning.no_workbook"
    ]
    assert reformsim("scenario", "from-excel", tmp_path / "no.xlsx", "-o", tmp_path / "n", "--json").codes == [
        "scenario.unreadable"
    ]
    assert not (tmp_path / "n").exists()
