"""Several processes of this machine: models go to each once, when it starts; items are two words."""

from __future__ import annotations

import os
import signal
from collections.abc import Generator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial

from engine.errors import Finding, RunError
from simulations.model import SimulationModel
from simulations.replication import Replication
from simulations.workers import Failure, Finished, Item, RunReplication, run_item

__all__ = ["RunInProcesses", "automatic_processes"]


def automatic_processes() -> int:
    """One process for each core that this one may use."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return os.cpu_count() or 1


@dataclass(frozen=True)
class RunInProcesses:
    """Runs items in so many working processes."""

    processes: int

    def __call__(
        self,
        models: Mapping[str, SimulationModel],
        run_replication: RunReplication,
        items: Sequence[Item],
        finished: Finished,
    ) -> Generator[Replication, None, None]:
        """The outcomes in the order of the items, which are begun in that order: the first failure is found."""
        from concurrent.futures.process import BrokenProcessPool, ProcessPoolExecutor
        from multiprocessing import get_context

        executor = ProcessPoolExecutor(
            self.processes, get_context("spawn"), initializer=_begin, initargs=(dict(models), run_replication)
        )
        try:
            futures = [executor.submit(_run, item) for item in items]
            for item, future in zip(items, futures, strict=True):
                future.add_done_callback(partial(_tell, item, finished))
            for future in futures:
                outcome = future.result()
                if isinstance(outcome, Failure):
                    raise outcome.error()
                yield outcome
        except BrokenProcessPool as error:
            raise RunError([Finding("results.worker_lost", {"processes": self.processes})]) from error
        finally:
            executor.shutdown(wait=True, cancel_futures=True)


def _tell(item: Item, finished: Finished, future: Future[Replication | Failure]) -> None:
    if not future.cancelled() and future.exception() is None:
        outcome = future.result()
        if isinstance(outcome, Replication):
            finished(item, outcome)


_given: tuple[Mapping[str, SimulationModel], RunReplication] | None = None  # of this working process


def _begin(models: Mapping[str, SimulationModel], run_replication: RunReplication) -> None:
    global _given
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all processes; the first one decides
    _given = (models, run_replication)


def _run(item: Item) -> Replication | Failure:
    assert _given is not None, "a working process begins with its models"
    models, run_replication = _given
    name, number = item
    return run_item(models[name], run_replication, number)
