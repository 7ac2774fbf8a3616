"""A planner's question: two variants, one year, at most 200 cases each, 200 replications, all indicators and tests."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial
from typing import Any

from benchmarks.measuring import best_of
from simulations.model import SimulationModel

__all__ = ["measure_what_if"]

CASES, REPLICATIONS, THREADS = 200, 200, 2
_YEAR_MS = 365 * 86_400_000


def one_year(model: SimulationModel) -> SimulationModel:
    """The model over one measured year, with at most so many cases in it and people to match its own volume."""
    factor = min(1.0, CASES / model.arrivals.expected(0, _YEAR_MS))
    study = replace(model.study, warmup=0, horizon=_YEAR_MS, replications=REPLICATIONS)
    arrivals = replace(model.arrivals, cumulative=model.arrivals.cumulative * factor)
    return replace(model, study=study, arrivals=arrivals)


def measure_what_if(pipeline: str) -> dict[str, Any]:
    """Wall seconds from the models to the result with its verdicts, in two threads, in a warm process."""
    from scenarios.loading import load
    from simulations.drivers.replicate import replicate
    from simulations.experiment import run_experiment
    from simulations.summary import summarise
    from simulations.workers.threads import RunInThreads

    models = {name: one_year(model) for name, model in list(load(pipeline).models.items())[:2]}
    run = partial(replicate, driver="compiled")

    def answer() -> None:
        found = run_experiment(models, run, workers=RunInThreads(THREADS))
        finished.append(sum(r.finished for one in found.values() for r in one))
        summarise(models, found, "compiled")

    finished: list[int] = []
    run_experiment(models, run, numbers=range(2), workers=RunInThreads(THREADS))
    wall = best_of(3, answer, time.perf_counter)
    return {"variants": list(models), "cases": finished[0] / len(models) / REPLICATIONS, "wall": wall}
