"""Several threads of this process: for what gives up the interpreter's lock while it runs."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass

from simulations.model import SimulationModel
from simulations.replication import Replication
from simulations.workers import Failure, Finished, Item, RunReplication, run_item
from simulations.workers.here import run_here

__all__ = ["RunInThreads"]


@dataclass(frozen=True)
class RunInThreads:
    """Runs items in so many threads."""

    threads: int

    def __call__(
        self,
        models: Mapping[str, SimulationModel],
        run_replication: RunReplication,
        items: Sequence[Item],
        finished: Finished,
    ) -> Generator[Replication, None, None]:
        """The outcomes in the order of the items; the first runs alone, so that what it makes ready is made once."""
        from concurrent.futures import ThreadPoolExecutor

        yield from run_here(models, run_replication, items[:1], finished)

        def run(item: Item) -> Replication | Failure:
            outcome = run_item(models[item[0]], run_replication, item[1])
            if isinstance(outcome, Replication):
                finished(item, outcome)
            return outcome

        executor = ThreadPoolExecutor(self.threads)
        try:
            for outcome in executor.map(run, items[1:]):
                if isinstance(outcome, Failure):
                    raise outcome.error()
                yield outcome
        finally:
            executor.shutdown(wait=True, cancel_futures=True)
