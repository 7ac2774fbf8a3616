"""Prosimos beside us on the chain model of the tests, where it is installed: never a dependency.

It needs an environment of its own, ``pip install prosimos==2.1.0``, whose Python is named with ``--prosimos``.
Both read the same two files, simulate the same number of cases and write a log in Prosimos' columns.
"""

from __future__ import annotations

import csv
import subprocess
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.measuring import best_of

__all__ = ["CASES", "measure_chain", "measure_prosimos"]

CASES = 20_000
CHAIN = Path(__file__).parents[1] / "tests" / "data" / "chain"
FILES = (CHAIN / "chain.prosimos.json", CHAIN / "chain.qbp.bpmn")

_THEIRS = """
import sys, time
from prosimos.simulation_engine import run_simulation
parameters, diagram, log, cases = sys.argv[1:]
started = time.process_time()
run_simulation(diagram, parameters, int(cases), log_out_path=log, starting_at="2026-01-05T00:00:00.000000+00:00")
print(time.process_time() - started)
"""


def measure_prosimos(python: str) -> dict[str, Any]:
    """CPU seconds that Prosimos needs, and the mean cycle it finds, s.

    Args:
        python: Of the environment in which it is installed.
    """
    with TemporaryDirectory() as folder:
        log = Path(folder) / "log.csv"
        words = [python, "-c", _THEIRS, *map(str, FILES), str(log), str(CASES)]
        result = subprocess.run(words, check=True, capture_output=True, text=True, cwd=folder)
        return {"seconds": float(result.stdout.splitlines()[-1]), "cycle": _mean_cycle(log)}


def measure_chain() -> dict[str, Any]:
    """The same of ours, the indicators and self-checks included."""
    from engine.log_files import write_log
    from scenarios.interchange.importing import draft_of
    from scenarios.loading import load
    from simulations.drivers.replicate import replicate, replication_chunks
    from simulations.log_names import log_names

    with TemporaryDirectory() as folder:
        draft = draft_of(FILES)
        draft.data["arrivals"]["most"] = CASES
        draft.data["study"] |= {"start": "2026-01-05", "horizon": 365, "warmup": 0}
        model = load(str(draft.write(Path(folder) / "chain", "en")[0])).models["current"]
        log = Path(folder) / "log.prosimos.csv"

        def run() -> None:
            replicate(model, 0, "compiled")
            write_log(log, replication_chunks(model, 0, "compiled"), log_names(model, "en"))

        run()
        return {"seconds": best_of(2, run), "cycle": _mean_cycle(log)}


def _mean_cycle(log: Path) -> float:
    """From a case's first enabling to its last end, s, the first twentieth left out."""
    first: dict[int, datetime] = {}
    last: dict[int, datetime] = {}
    with log.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            case = int(row["case_id"])
            begin, end = (datetime.fromisoformat(row[key]) for key in ("enable_time", "end_time"))
            first[case] = min(first.get(case, begin), begin)
            last[case] = max(last.get(case, end), end)
    cases = sorted(first)[len(first) // 20 :]
    return sum((last[case] - first[case]).total_seconds() for case in cases) / len(cases)
