"""Runs every variant as often as asked, on as many processes as are free.

A work item is one replication of one variant. Models go to a working process once, when it starts; items are
two words each. Results come back in the order of the items, whichever process was faster, so nothing that is
computed from them can depend on how many processes there were.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TypeAlias

from engine.errors import Finding, ReformsimError, RunError
from simulations.model import SimulationModel
from simulations.replication import Replication

__all__ = ["RunReplication", "automatic_processes", "run_experiment"]

RunReplication: TypeAlias = Callable[[SimulationModel, int], Replication]
Item: TypeAlias = tuple[str, int]


def automatic_processes() -> int:
    """One process for each core that this one may use."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return os.cpu_count() or 1


def run_experiment(
    models: Mapping[str, SimulationModel],
    run_replication: RunReplication,
    processes: int | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
    numbers: Sequence[int] | None = None,
) -> dict[str, list[Replication]]:
    """Run all replications of all variants.

    Args:
        models: Variant to its model.
        run_replication: Runs one replication of a model, given its number. With several processes it must be
            a function of a module, or a `functools.partial` of one.
        processes: How many share the work; one runs everything here, None takes one per core.
        progress: Told how many items are done, and of how many.
        numbers: Numbers of the replications, ascending; by default from 0, as many as each model's study asks
            for.

    Returns:
        Variant to its replications, in the order of their numbers.

    Raises:
        ReformsimError: The first item in order that cannot be run, whatever the number of processes; the
            items after it are given up. Ctrl-C gives up in the same way, after the items that are being run.
    """
    items = _items(models, numbers)
    workers = min(len(items), automatic_processes() if processes is None else processes)
    results: dict[str, list[Replication]] = {name: [] for name in models}
    if workers <= 1:
        outcomes = (run_replication(models[name], number) for name, number in items)
    else:
        outcomes = _side_by_side(models, run_replication, items, workers)
    with closing(outcomes):
        for done, ((name, number), outcome) in enumerate(zip(items, outcomes, strict=True), start=1):
            results[name].append(replace(outcome, number=number))  # a run without cases does not know its number
            progress(done, len(items))
    return results


def _items(models: Mapping[str, SimulationModel], numbers: Sequence[int] | None) -> list[Item]:
    """All work: the variants of one replication after each other, so that pairs are complete early."""
    wanted = {name: range(m.study.replications) if numbers is None else numbers for name, m in models.items()}
    every = sorted({number for chosen in wanted.values() for number in chosen})
    return [(name, number) for number in every for name in models if number in wanted[name]]


# ---- several processes -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Failure:
    """An error on its way from one process to another, where exceptions with findings do not travel."""

    kind: type[ReformsimError]
    findings: tuple[Finding, ...]


def _side_by_side(
    models: Mapping[str, SimulationModel],
    run_replication: RunReplication,
    items: Sequence[Item],
    workers: int,
) -> Generator[Replication, None, None]:
    """The outcomes in the order of the items, which are begun in that order: the first failure is found."""
    from concurrent.futures.process import BrokenProcessPool, ProcessPoolExecutor
    from multiprocessing import get_context

    executor = ProcessPoolExecutor(
        workers, get_context("spawn"), initializer=_begin_worker, initargs=(dict(models), run_replication)
    )
    try:
        for outcome in executor.map(_run_item, items):
            if isinstance(outcome, _Failure):
                raise outcome.kind(outcome.findings)
            yield outcome
    except BrokenProcessPool as error:
        raise RunError([Finding("results.worker_lost", {"processes": workers})]) from error
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


_given: tuple[Mapping[str, SimulationModel], RunReplication] | None = None  # of this working process


def _begin_worker(models: Mapping[str, SimulationModel], run_replication: RunReplication) -> None:
    global _given
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all processes; the first one decides
    _given = (models, run_replication)


def _run_item(item: Item) -> Replication | _Failure:
    assert _given is not None, "a working process begins with its models"
    models, run_replication = _given
    name, number = item
    try:
        return run_replication(models[name], number)
    except ReformsimError as error:
        findings = (replace(finding, values=dict(finding.values)) for finding in error.findings)
        return _Failure(type(error), tuple(findings))
