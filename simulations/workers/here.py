"""Everything in this process, one item after the other."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import replace

from simulations.model import SimulationModel
from simulations.replication import Replication
from simulations.workers import Finished, Item, RunReplication

__all__ = ["run_here"]


def run_here(
    models: Mapping[str, SimulationModel], run_replication: RunReplication, items: Sequence[Item], finished: Finished
) -> Generator[Replication, None, None]:
    """The outcomes in the order of the items."""
    for name, number in items:
        outcome = replace(run_replication(models[name], number), number=number)
        finished((name, number), outcome)
        yield outcome
