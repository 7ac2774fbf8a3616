"""``python -m benchmarks.library``: every variant of the library over a year of cases, and the clock on the wall.

Each study is that of its scenario, but measures 365 days after its warm-up. First one replication of every variant
on the SimPy driver, then 50 on the compiled one, in two threads; loading the scenarios and compiling come before the
clock starts.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final

from scenarios import library
from scenarios.loading import assemble, read_bytes
from scenarios.reading import read
from simulations.drivers.replicate import replicate
from simulations.experiment import run_experiment
from simulations.model import SimulationModel
from simulations.workers.threads import RunInThreads

REPLICATIONS: Final = 50
THREADS: Final = 2
YEAR_DAYS: Final = 365


def models_of_a_year(pipeline: str) -> dict[str, SimulationModel]:
    """The variants of a pipeline, measured for a year after their warm-up."""
    path = library.find(pipeline)
    content = read_bytes(path)
    document = read(content, str(path))
    stated: Mapping[str, Any] = document.data["study"]
    warmup = stated.get("warmup", {"value": 0, "unit": "natural_day"})
    horizon = warmup["value"] + YEAR_DAYS
    # what the study leaves for the run-out stays as long as it was
    left = stated["run_out"]["value"] - stated["horizon"]["value"] if "run_out" in stated else horizon
    study = {
        **stated,
        "horizon": {"value": horizon, "unit": "natural_day"},
        "run_out": {"value": horizon + left, "unit": "natural_day"},
    }
    year = replace(document, data={**document.data, "study": study})
    return dict(assemble(year, content).models)


def main() -> None:
    """Load, warm up, run, print."""
    every = {f"{p}/{v}": model for p in library.names() for v, model in models_of_a_year(p).items()}
    started = time.perf_counter()
    for model in every.values():
        replicate(model, 0, "simpy")
    print(f"{len(every)} variants, one replication of a year each, simpy: {time.perf_counter() - started:.0f} s")
    sys.stdout.flush()
    replicate(next(iter(every.values())), 0, "compiled")  # compile, or read the cache
    started = time.perf_counter()
    found = run_experiment(
        every, partial(replicate, driver="compiled"), numbers=range(REPLICATIONS), workers=RunInThreads(THREADS)
    )
    seconds = time.perf_counter() - started
    cases = sum(r.finished for replications in found.values() for r in replications)
    print(
        f"{len(every)} variants, {REPLICATIONS} replications of a year each, compiled: {seconds:.0f} s, {cases} cases"
    )


if __name__ == "__main__":
    main()
