"""The wheel: built from the checkout, installed into an empty environment, it runs from any folder."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final
from zipfile import ZipFile

import pytest

ROOT: Final = Path(__file__).parents[2]
ROOMS: Final = ("app", "bpmn", "engine", "reports", "scenarios", "simulations")
TRAVELS: Final = ("*.bpmn", "*.py", "*.toml", "*.ttf", "*.yaml", "OFL.txt")

pytestmark = pytest.mark.slow


def run(*words: object, folder: Path, fail: bool = True) -> subprocess.CompletedProcess[str]:
    """Run a command in a folder, without any way back to the checkout."""
    environment = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "PYTHONHOME")}
    environment |= {"PYTHONIOENCODING": "utf-8", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    done = subprocess.run(
        [str(word) for word in words],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0 or not fail, f"{words}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
    return done


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of a copy of the checkout, so that building leaves nothing behind here."""
    folder = tmp_path_factory.mktemp("wheel")
    checkout = folder / "checkout"
    kept_out = shutil.ignore_patterns(".git", ".venv", "__pycache__", ".*_cache", ".hypothesis")
    shutil.copytree(ROOT, checkout, ignore=lambda folder, names: _kept_out(kept_out, folder, names))
    words = ("-m", "build", "--wheel", "--no-isolation", "--outdir", folder, checkout)
    run(sys.executable, *words, folder=folder)
    (built,) = folder.glob("*.whl")
    return built


def _kept_out(patterns: Callable[[str, list[str]], set[str]], folder: str, names: list[str]) -> set[str]:
    """What is no source anywhere, and what commands write into the checkout itself."""
    return patterns(folder, names) | ({"runs", "demo"} if Path(folder) == ROOT else set())


def test_the_wheel_holds_what_runs_and_nothing_else(wheel: Path) -> None:
    """Diagrams, scenarios, fonts and texts travel in it; tests, benchmarks and docs do not."""
    names = ZipFile(wheel).namelist()
    (information,) = {name.partition("/")[0] for name in names} - set(ROOMS)
    assert information.endswith(".dist-info")
    assert {name.partition("/")[0] for name in names} == {*ROOMS, information}
    assert not [name for name in names if "__pycache__" in name]
    files = [file for room in ROOMS for pattern in TRAVELS for file in (ROOT / room).rglob(pattern)]
    assert {file.suffix for file in files} >= {".bpmn", ".yaml", ".ttf", ".toml", ".py"}
    assert {file.relative_to(ROOT).as_posix() for file in files} <= set(names)


def test_the_wheel_runs_in_an_empty_environment(wheel: Path, tmp_path: Path) -> None:
    """``reformsim compare`` of a library pipeline runs from another folder and writes its report."""
    environment, elsewhere = tmp_path / "environment", tmp_path / "elsewhere"
    elsewhere.mkdir()
    run(sys.executable, "-m", "venv", environment, folder=elsewhere)
    programs = environment / ("Scripts" if os.name == "nt" else "bin")
    words = ("-m", "pip", "install", "--quiet", "-c", ROOT / "constraints.txt", wheel)
    installed = run(programs / "python", *words, folder=elsewhere, fail=False)
    if installed.returncode != 0 and _is_offline(installed.stderr):
        pytest.skip("no network: the packages that the wheel depends on could not be fetched")
    assert installed.returncode == 0, installed.stderr[-4000:]
    compare = ("compare", "enterprise_opening", "--replications", 2, "--json", "--report", "out")
    done = run(programs / "reformsim", *compare, folder=elsewhere)
    assert done.stderr == ""
    result = json.loads(done.stdout)
    assert result["pipeline"] == "enterprise_opening"
    assert json.loads((elsewhere / "out" / "results.json").read_text(encoding="utf-8")) == result
    assert {file.name for file in (elsewhere / "out").iterdir()} >= {"gantt.png", "gantt.svg", "results.json"}
    origin = run(programs / "python", "-c", "import app; print(app.__file__)", folder=elsewhere).stdout
    assert str(environment) in origin
    listed = run(programs / "reformsim", "list", "--lang", "zh", folder=elsewhere)
    assert "企业" in listed.stdout
    version = run(programs / "reformsim", "--version", folder=elsewhere).stdout.split()[-1]
    assert wheel.name.startswith(f"reformsim-{version}-")


def _is_offline(complaint: str) -> bool:
    """Whether an installation failed because nothing answers, not because of the wheel."""
    signs = (
        "ConnectTimeoutError",
        "Connection refused",
        "Name or service not known",
        "Network is unreachable",
        "NewConnectionError",
        "ProxyError",
        "Temporary failure in name resolution",
        "getaddrinfo failed",
        "nodename nor servname",
    )
    return any(sign in complaint for sign in signs)
