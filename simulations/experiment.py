"""Runs every variant as often as asked, and nothing twice.

A work item is one replication of one variant, keyed by the digest of everything that determines it. What the
memory knows is taken from it; the rest goes to the workers. Results come back in the order of the items, whoever
was faster, so nothing that is computed from them can depend on how many workers there were.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from threading import Lock

from engine.errors import ReformsimError
from simulations.model import SimulationModel
from simulations.replication import Replication
from simulations.runs.memory import Memory, NoMemory
from simulations.workers import Item, RunReplication, Workers
from simulations.workers.here import run_here
from simulations.workers.processes import RunInProcesses, automatic_processes

__all__ = ["RunReplication", "automatic_processes", "run_experiment"]


def run_experiment(
    models: Mapping[str, SimulationModel],
    run_replication: RunReplication,
    processes: int | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
    numbers: Sequence[int] | None = None,
    memory: Memory | None = None,
    workers: Workers | None = None,
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
        memory: Asked for finished items first, and told of each new one at once; nothing is kept by default.
        workers: Who runs the items, in the place of ``processes``.

    Returns:
        Variant to its replications, in the order of their numbers.

    Raises:
        ReformsimError: The first item in order that cannot be run, whatever the number of processes; the
            items after it are given up. Ctrl-C gives up in the same way, after the items that are being run.
    """
    memory = memory or NoMemory()
    items = _items(models, numbers)
    known = {item: found for item in items if (found := memory.find(*item)) is not None}
    missing = [item for item in items if item not in known]
    keeper = _Keeper(memory)
    if workers is None:
        number = min(len(missing), automatic_processes() if processes is None else processes)
        workers = run_here if number <= 1 else RunInProcesses(number)
    results: dict[str, list[Replication]] = {name: [] for name in models}
    with closing(workers(models, run_replication, missing, keeper)) as outcomes:
        for done, item in enumerate(items, start=1):
            name, number = item
            outcome = known.get(item)
            if outcome is None:
                outcome = replace(next(outcomes), number=number)
                keeper(item, outcome)  # if nobody has told it yet
                keeper.raise_failure()
            results[name].append(outcome)
            progress(done, len(items))
    return results


class _Keeper:
    """Tells the memory of finished items; a store that fails stops the experiment, not the thread that told it."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._lock = Lock()
        self._told: set[Item] = set()
        self._failure: ReformsimError | None = None

    def __call__(self, item: Item, outcome: Replication) -> None:
        with self._lock:
            if self._failure is None and item not in self._told:
                self._told.add(item)
                try:
                    self._memory.keep(item[0], replace(outcome, number=item[1]))
                except ReformsimError as error:
                    self._failure = error

    def raise_failure(self) -> None:
        """Say that the store failed, if it did."""
        if self._failure is not None:
            raise self._failure


def _items(models: Mapping[str, SimulationModel], numbers: Sequence[int] | None) -> list[Item]:
    """All work: the variants of one replication after each other, so that pairs are complete early."""
    wanted = {name: range(m.study.replications) if numbers is None else numbers for name, m in models.items()}
    every = sorted({number for chosen in wanted.values() for number in chosen})
    return [(name, number) for number in every for name in models if number in wanted[name]]
