"""Several real processes on one store of live cases, and processes killed at any moment."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from engine.live.running import RunningCase
from tests.support.live_cases import PLAN, opened, source

ROOT = Path(__file__).parents[2]

WORKER = """
import sys
from pathlib import Path
from tests.support.live_cases import PLAN, opened, source

path, name, turns = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
with opened(path, "2022-03-01T10:00", create=True) as cases:
    print("ready", flush=True)
    for turn in range(turns):
        case = cases.start(source(), PLAN, name, name, [])
        print("started", case, flush=True)
        ways = [["Complete=no"]] * (turn % 2) + [["Complete=yes"]]
        for way in ways:
            for task, data in (("Accept", way), ("Correct" if "no" in way[0] else "Review", ["area=1"])):
                cases.do(case, task, name, data)
                print("done", case, task, flush=True)
"""

SHARED = """
import sys
from pathlib import Path
from engine.errors import RunError
from tests.support.live_cases import opened

path, name = Path(sys.argv[1]), sys.argv[2]
for turn in range(12):
    with opened(path, "2022-03-01T10:00") as cases:
        try:
            cases.do(1, "Accept" if turn % 2 == 0 else "Correct", name, ["Complete=no"] if turn % 2 == 0 else [])
            print("done", flush=True)
        except RunError as error:
            print(error.findings[0].code, flush=True)
"""


def start(script: str, path: Path, *words: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [sys.executable, "-c", script, str(path), *words],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, cwd=ROOT,
    )  # fmt: skip


def judge(path: Path) -> dict[int, list[str]]:
    """Every case of a store must open, and be what its steps say; its tasks done, by case."""
    db = sqlite3.connect(path)
    assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    db.close()
    done = {}
    with opened(path, "2022-03-01T10:00") as cases:
        for row in cases.store.cases():
            case: RunningCase = cases.load(row.id)
            assert [step.seq for step in case.steps] == list(range(1, row.version + 1))
            assert sorted(map(repr, cases.store.tasks(row.id))) == sorted(map(repr, case.tasks()))
            assert cases.store.clocks().get(row.id, []) == case.clocks()
            done[row.id] = [step.element for step in case.steps if step.kind == "do"]
    return done


def test_processes_that_make_cases_at_once_lose_none(tmp_path):
    """Three processes begin with no store at all; every case and every step that one of them reported is there."""
    path = tmp_path / "cases.sqlite"
    workers = [start(WORKER, path, name, "4") for name in ("one", "two", "three")]
    reports = []
    for worker in workers:
        out, err = worker.communicate(timeout=120)
        assert worker.returncode == 0, err
        reports += [line.split() for line in out.splitlines()]
    done = judge(path)
    assert len(done) == 12
    for case, tasks in done.items():
        reported = [words[2] for words in reports if words[0] == "done" and int(words[1]) == case]
        assert tasks == reported


def test_processes_on_one_case_do_each_task_once(tmp_path):
    """What was done by one process cannot be done by another; what both were told is what happened."""
    path = tmp_path / "cases.sqlite"
    with opened(path, "2022-03-01T09:00", create=True) as cases:
        cases.start(source(), PLAN, "", "", [])
    workers = [start(SHARED, path, name) for name in ("one", "two")]
    outs = []
    for worker in workers:
        out, err = worker.communicate(timeout=120)
        assert worker.returncode == 0, err
        outs += out.split()
    (tasks,) = judge(path).values()
    assert outs.count("done") == len(tasks)
    assert set(outs) <= {"done", "case.not_open"}
    assert tasks == [("Accept", "Correct")[i % 2] for i in range(len(tasks))]


def kill_some(tmp_path: Path, times: int, seed: int) -> None:
    path = tmp_path / "cases.sqlite"
    chance = random.Random(seed)
    seen: list[list[str]] = []
    for turn in range(times):
        worker = start(WORKER, path, f"w{turn}", "1000")
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
        time.sleep(chance.uniform(0.0, 0.25))
        worker.send_signal(signal.SIGKILL)
        out, _ = worker.communicate(timeout=60)
        lines = out.splitlines()
        # The last line may be cut by the kill; what it speaks of was written before.
        seen += [line.split() for line in lines if line.split()[0] == "started" or len(line.split()) == 3]
        done = judge(path)
        for words in seen:
            assert int(words[1]) in done
            if words[0] == "done":
                assert words[2] in done[int(words[1])]
    assert seen


def test_a_killed_process_leaves_a_store_with_every_finished_step(tmp_path):
    """After kill -9 at random moments: the store opens, and holds all that had been reported."""
    kill_some(tmp_path, 8, 1)


@pytest.mark.very_slow
def test_many_killed_processes_leave_a_store_with_every_finished_step(tmp_path):
    """The same, a hundred times on one store."""
    kill_some(tmp_path, 100, 2)
