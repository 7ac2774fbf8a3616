"""Runs that are stopped, killed or asked for twice; a cluster of real processes on this machine."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from simulations.runs.store import RunStore

WORDS = ("--replications", "12", "--variants", "before,after", "--seed", "3", "--processes", "1", "--json")


def command(scenario: Path, *more: object) -> list[str]:
    """The words of a comparison in a process of its own."""
    return [sys.executable, "-m", "app", "compare", str(scenario), *WORDS, *map(str, more)]


def environment() -> dict[str, str]:
    """Our rooms are found from any folder."""
    return {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}


def run(scenario: Path, *more: object) -> subprocess.CompletedProcess[bytes]:
    """To its end."""
    return subprocess.run(command(scenario, *more), capture_output=True, env=environment(), timeout=120, check=False)


def start(scenario: Path, *more: object) -> subprocess.Popen[bytes]:
    """In the background; it hears Ctrl-C, even where a shell has told the tests to ignore it."""
    heard = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        pipe = subprocess.PIPE
        return subprocess.Popen(command(scenario, *more), stdout=pipe, stderr=pipe, env=environment())
    finally:
        signal.signal(signal.SIGINT, heard)


def kept(folder: Path) -> int:
    """How many replications a store holds now; none while there is no store."""
    if not (folder / "index.sqlite").is_file():
        return 0
    store = RunStore(folder)
    try:
        return sum(row.finished for row in store.rows())
    finally:
        store.close()


def wait_until_kept(folder: Path, number: int, process: subprocess.Popen[bytes]) -> None:
    """Until so many are kept, or the process is over."""
    for _ in range(6000):
        if process.poll() is not None or kept(folder) >= number:
            return
        time.sleep(0.01)
    pytest.fail("nothing was kept within a minute")


@pytest.mark.slow
def test_killed_at_any_moment_a_run_goes_on_and_gives_the_same_bytes(scenario: Path, tmp_path: Path) -> None:
    """Killed at once, before the first replication, and after several; then left in peace."""
    folder = tmp_path / "runs"
    undisturbed = run(scenario, "--no-store")
    assert undisturbed.returncode == 0, undisturbed.stderr
    for number in (0, 1, 3, 8):
        process = start(scenario, "--store", folder)
        if number:
            wait_until_kept(folder, number, process)
        process.kill()
        process.communicate()
        assert kept(folder) >= min(number, 1)
    resumed = run(scenario, "--store", folder)
    assert resumed.stdout == undisturbed.stdout
    assert kept(folder) == 24


def test_a_second_run_gives_the_same_bytes(scenario: Path, tmp_path: Path, reformsim: Any) -> None:
    """And `runs` tells of it, and forgets it."""
    folder = tmp_path / "runs"
    words = ("compare", scenario, *WORDS, "--store", folder)
    assert reformsim(*words).out == reformsim(*words).out
    listed = reformsim("runs", "list", "--store", folder, "--json").json["runs"]
    assert [(r["variant"], r["finished"], r["complete"]) for r in listed] == [("after", 12, True), ("before", 12, True)]
    shown = reformsim("runs", "show", listed[0]["digest"][7:15], "--store", folder, "--json").json["runs"]
    assert [r["numbers"] for r in shown] == [list(range(12))]
    assert "12/12" in reformsim("runs", "list", "--store", folder, "--lang", "zh").out
    assert reformsim("runs", "clean", listed[0]["digest"], "--store", folder).status == 0
    assert len(reformsim("runs", "list", "--store", folder, "--json").json["runs"]) == 1
    assert reformsim("runs", "clean", "--store", folder).status == 0
    assert reformsim("runs", "list", "--store", folder, "--json").json["runs"] == []


def test_another_seed_is_another_run(scenario: Path, tmp_path: Path, reformsim: Any) -> None:
    """What is found must be what was asked for."""
    folder = tmp_path / "runs"
    first = reformsim("compare", scenario, *WORDS, "--store", folder).out
    assert reformsim("compare", scenario, *WORDS, "--seed", "4", "--store", folder).out != first


@pytest.mark.slow
def test_ctrl_c_says_how_to_go_on(scenario: Path, tmp_path: Path) -> None:
    """And ends with the shell's number for it."""
    folder = tmp_path / "runs"
    process = start(scenario, "--store", folder, "--lang", "en", "--replications", "5000")
    wait_until_kept(folder, 2, process)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert out == b""
    found = re.search(r"(\d+) of 10000 replications are kept in .*; the same command goes on from there", err.decode())
    assert found is not None, err
    assert int(found[1]) == kept(folder) >= 2
    assert b"Traceback" not in err


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("runs", "list", "--store", "nowhere"), "runs.no_store"),
        (("runs", "show", "abc", "--store", "{store}"), "runs.unknown_run"),
        (("compare", "{scenario}", "--cluster", "host"), "cluster.address"),
        (("compare", "{scenario}", "--cluster", "tcp://127.0.0.1:99999999"), "cluster.address"),
        (("compare", "{scenario}", "--store", "{scenario}"), "runs.cannot_open"),
    ],
)
def test_wrong_use_is_a_clear_sentence(
    words: tuple[str, ...], code: str, scenario: Path, tmp_path: Path, reformsim: Any
) -> None:
    """Exit code 2, one error, no traceback."""
    RunStore(tmp_path / "runs").close()
    values = {"store": tmp_path / "runs", "scenario": scenario}
    outcome = reformsim(*(word.format(**values) for word in words), "--json")
    assert (outcome.status, outcome.codes) == (2, [code])


# ---- a cluster ---------------------------------------------------------------------------------------------


@contextmanager
def dask(*words: str) -> Iterator[subprocess.Popen[bytes]]:
    """A scheduler or worker in a process of its own."""
    silent = subprocess.DEVNULL
    arguments = [sys.executable, "-m", "distributed.cli." + words[0], *words[1:]]
    process = subprocess.Popen(arguments, stdout=silent, stderr=silent, env=environment())
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@contextmanager
def cluster(folder: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A scheduler and two workers on the loopback."""
    file = folder / "scheduler.json"
    common = ("--scheduler-file", str(file))
    worker = ("dask_worker", *common, "--nthreads", "1", "--no-dashboard", "--local-directory", str(folder))
    with dask("dask_scheduler", *common, "--host", "127.0.0.1", "--port", "0", "--no-dashboard"):
        for _ in range(600):
            if file.is_file():
                break
            time.sleep(0.05)
        found = re.search(r"tcp://127\.0\.0\.1:\d+", file.read_text())
        assert found is not None
        with dask(*worker) as one, dask(*worker) as other:
            yield found[0], [one, other]


@pytest.mark.slow
def test_a_cluster_gives_what_this_machine_gives_though_a_worker_is_killed(scenario: Path, tmp_path: Path) -> None:
    """A real scheduler and two workers; the one that is lost costs only time."""
    pytest.importorskip("distributed")
    here = run(scenario, "--no-store")
    with cluster(tmp_path) as (address, workers):
        there = run(scenario, "--no-store", "--cluster", address)
        assert there.stdout == here.stdout, there.stderr
        folder = tmp_path / "runs"
        process = start(scenario, "--store", folder, "--cluster", address)
        wait_until_kept(folder, 3, process)
        workers[0].kill()
        out, err = process.communicate(timeout=120)
        assert out == here.stdout, err
        assert kept(folder) == 24


@pytest.mark.slow
def test_a_scheduler_that_is_not_there_is_a_clear_sentence(scenario: Path) -> None:
    """Said in the form of every error, and nothing is simulated."""
    pytest.importorskip("distributed")
    outcome = run(scenario, "--no-store", "--cluster", "tcp://127.0.0.1:9", "--lang", "en")
    assert outcome.returncode == 2
    assert b"none answered within 8 seconds" in outcome.stdout
    assert b"Traceback" not in outcome.stderr
