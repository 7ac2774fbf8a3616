"""``python -m benchmarks``: both drivers on the construction permit, in one go, with ratios.

Volume and people of the library's scenario are multiplied alike, so that every pool keeps its load.
Each run has a process of its own, so that its memory is its own. CPU time; compare ratios, not seconds.
With ``--million`` the compiled driver also runs a million cases.
"""

from __future__ import annotations

import json
import math
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from benchmarks.models import scaled
from simulations.model import SimulationModel

SMALL, LARGE, MILLION = 1_000, 10_000, 1_000_000
REPLICATIONS = 40  # of the small size, for the threads
RUNS = 3  # the quickest counts


def run_simpy(model: SimulationModel, plain: bool) -> tuple[int, int]:
    """Events and rows of a run by the SimPy driver, its kernel plain or compiled."""
    from simulations.drivers.simpy_driver import SimpyDriver

    driver = SimpyDriver(model, 0, plain)
    rows = len(driver.run())
    return driver.events, rows


def run_compiled(model: SimulationModel, logging: bool) -> tuple[int, int]:
    """Events and rows of a run by the compiled driver; rows are handed on in chunks and given up."""
    from simulations.drivers.compiled.driver import CompiledDriver

    driver = CompiledDriver(model, 0, logging)
    rows = sum(len(chunk) for chunk in driver.chunks())
    return driver.events, rows


FORMS: dict[str, Callable[[SimulationModel], tuple[int, int]]] = {
    "simpy": lambda model: run_simpy(model, plain=True),
    "simpy, compiled kernel": lambda model: run_simpy(model, plain=False),
    "compiled, no log": lambda model: run_compiled(model, logging=False),
    "compiled, with log": lambda model: run_compiled(model, logging=True),
}


def measure(form: str, cases: int) -> dict[str, float]:
    """Events, rows, CPU seconds, and peak memory in MB before and after."""
    model = scaled(cases)
    empty = replace(model.study, warmup=0, horizon=0)
    started = time.process_time()
    FORMS[form](replace(model, study=empty))  # compile, or read the cache, before the clock starts
    ready = time.process_time() - started
    before = peak_mb()
    best = math.inf
    events = rows = 0
    for _ in range(RUNS if cases < MILLION else 1):
        started = time.process_time()
        events, rows = FORMS[form](model)
        best = min(best, time.process_time() - started)
    return {
        "cases": model.arrivals.expected(0, model.study.horizon), "events": events, "rows": rows, "seconds": best,
        "ready": ready, "before_mb": before, "peak_mb": peak_mb(),
    }  # fmt: skip


def measure_threads() -> dict[str, float]:
    """Wall seconds of replications without a log, in one thread and in two."""
    from simulations.drivers.compiled.driver import CompiledDriver

    model = scaled(LARGE)
    CompiledDriver(model, 0, logging=False).run()
    seconds = {}
    for threads in (1, 2):
        started = time.perf_counter()
        with ThreadPoolExecutor(threads) as executor:
            list(executor.map(lambda n: CompiledDriver(model, n, logging=False).run(), range(REPLICATIONS // 4)))
        seconds[str(threads)] = time.perf_counter() - started
    return seconds


def peak_mb() -> float:
    """Peak resident memory of this process."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def in_own_process(*words: object) -> Any:
    """What a measurement prints."""
    command = [sys.executable, "-m", "benchmarks", *map(str, words)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def main() -> None:
    """Run every form and size and print a table and the ratios."""
    if sys.argv[1:] == ["threads"]:
        print(json.dumps(measure_threads()))
        return
    if len(sys.argv) == 3:
        print(json.dumps(measure(sys.argv[1], int(sys.argv[2]))))
        return
    columns = ("cases/year", "cases", "events", "rows", "cases/s", "events/s", "ns/event", "MB before", "MB peak")
    print(f"{'form':24}" + "".join(f"{column:>12}" for column in columns))
    speed: dict[tuple[str, int], float] = {}
    sizes = [(form, SMALL) for form in FORMS]
    sizes += [("simpy", LARGE)]
    sizes += [(form, times * SMALL) for form in FORMS if form.startswith("compiled") for times in (10, 100)]
    if "--million" in sys.argv:
        sizes += [("compiled, no log", MILLION), ("compiled, with log", MILLION)]
    for form, size in sizes:
        run = in_own_process(form, size)
        speed[form, size] = run["events"] / run["seconds"]
        cost = run["seconds"] / run["events"] * 1e9
        cases = run["cases"] / run["seconds"]
        figures = (
            size, run["cases"], run["events"], run["rows"], cases, speed[form, size], cost, run["before_mb"],
            run["peak_mb"],
        )  # fmt: skip
        print(f"{form:24}" + "".join(f"{figure:12,.0f}" for figure in figures), flush=True)
    logged = speed["compiled, with log", SMALL] / speed["simpy", SMALL]
    print(f"compiled with log / SimPy, {SMALL:,} cases: {logged:.1f}")
    for times in (10, 100):
        cost = speed["compiled, no log", SMALL] / speed["compiled, no log", times * SMALL]
        print(f"cost of an event at {times} times {SMALL:,} cases / at {SMALL:,}: {cost:.2f}")
    wall = in_own_process("threads")
    print(f"wall time of replications in one thread / in two: {wall['1'] / wall['2']:.2f}")


if __name__ == "__main__":
    main()
