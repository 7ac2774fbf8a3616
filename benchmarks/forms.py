"""The drivers on the construction permit: with and without a log, with indicators, into a file, in threads."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.measuring import best_of, peak_mb
from benchmarks.models import YEARS, scaled
from simulations.model import SimulationModel

__all__ = ["FORMS", "measure", "measure_threads"]

REPLICATIONS = 10  # for the threads


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


def run_to_file(model: SimulationModel) -> tuple[int, int]:
    """The same with its log streamed to a Parquet file."""
    from engine.log_files import write_log
    from simulations.drivers.compiled.driver import CompiledDriver
    from simulations.log_names import log_names

    driver = CompiledDriver(model, 0)
    rows = 0

    def counted() -> Any:
        nonlocal rows
        for chunk in driver.chunks():
            rows += len(chunk)
            yield chunk

    with TemporaryDirectory() as folder:
        write_log(Path(folder) / "log.parquet", counted(), log_names(model, "en"))
    return driver.events, rows


def run_measured(model: SimulationModel) -> tuple[int, int]:
    """The same with self-checks and all indicators, as ``reformsim run`` does it; cases in the place of rows."""
    from simulations.drivers.compiled.driver import CompiledDriver
    from simulations.drivers.replicate import replicate

    finished = replicate(model, 0, "compiled").finished
    driver = CompiledDriver(model, 0, logging=False)
    driver.run()
    return driver.events, finished


FORMS: dict[str, Callable[[SimulationModel], tuple[int, int]]] = {
    "simpy": lambda model: run_simpy(model, plain=True),
    "simpy, compiled kernel": lambda model: run_simpy(model, plain=False),
    "compiled, no log": lambda model: run_compiled(model, logging=False),
    "compiled, with log": lambda model: run_compiled(model, logging=True),
    "compiled, log to Parquet": run_to_file,
    "compiled, indicators": run_measured,
}


def measure(form: str, cases: str, years: str = str(YEARS), runs: str = "3") -> dict[str, Any]:
    """Events, rows, CPU seconds of the quickest run, and peak memory in MB before and after.

    Args:
        form: One of `FORMS`.
        cases: A year.
        years: How many.
        runs: The quickest of them counts.
    """
    model = scaled(int(cases), int(years))
    empty = replace(model, study=replace(model.study, warmup=0, horizon=0))
    FORMS[form](empty)  # compile, or read the cache, before the clock starts
    before = peak_mb()
    found: list[tuple[int, int]] = []
    seconds = best_of(int(runs), lambda: found.append(FORMS[form](model)))
    events, rows = found[0]
    expected = model.arrivals.expected(0, model.study.horizon)
    return {
        "cases": expected, "events": events, "rows": rows, "seconds": seconds, "before": before, "peak": peak_mb(),
    }  # fmt: skip


def measure_threads(cases: str) -> dict[str, Any]:
    """Wall seconds of replications without a log, in one thread and in two."""
    from simulations.drivers.compiled.driver import CompiledDriver

    model = scaled(int(cases))
    CompiledDriver(model, 0, logging=False).run()

    def run(threads: int) -> None:
        with ThreadPoolExecutor(threads) as executor:
            list(executor.map(lambda n: CompiledDriver(model, n, logging=False).run(), range(REPLICATIONS)))

    return {str(threads): best_of(2, partial(run, threads), time.perf_counter) for threads in (1, 2)}
