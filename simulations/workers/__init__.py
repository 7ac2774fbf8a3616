"""Who runs the work items of an experiment: this process, several of this machine, or a cluster of machines.

Each takes the models, what runs a replication, and the items, and gives the outcomes in the order of the items;
an item that is finished earlier is told at once.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, TypeAlias

from engine.errors import Finding, ReformsimError
from simulations.model import SimulationModel
from simulations.replication import Replication

__all__ = ["Failure", "Finished", "Item", "RunReplication", "Workers", "run_item"]

Item: TypeAlias = tuple[str, int]
"""Name of the model, and number of the replication."""

RunReplication: TypeAlias = Callable[[SimulationModel, int], Replication]
Finished: TypeAlias = Callable[[Item, Replication], None]


class Workers(Protocol):
    """Runs items."""

    def __call__(
        self,
        models: Mapping[str, SimulationModel],
        run_replication: RunReplication,
        items: Sequence[Item],
        finished: Finished,
    ) -> Generator[Replication, None, None]:
        """The outcomes in the order of the items.

        Args:
            models: By name.
            run_replication: A function of a module, or a `functools.partial` of one.
            items: In the order in which they are begun.
            finished: Told of each item when it is finished, whatever the order; may be called from another thread.

        Raises:
            ReformsimError: The first item in order that cannot be run; the items after it are given up.
        """


@dataclass(frozen=True)
class Failure:
    """An error on its way from one process to another, where exceptions with findings do not travel."""

    kind: type[ReformsimError]
    findings: tuple[Finding, ...]

    def error(self) -> ReformsimError:
        """The error again."""
        return self.kind(self.findings)


def run_item(model: SimulationModel, run_replication: RunReplication, number: int) -> Replication | Failure:
    """One item, with its error as data."""
    try:
        return replace(run_replication(model, number), number=number)  # a run without cases does not know its number
    except ReformsimError as error:
        findings = (replace(finding, values=dict(finding.values)) for finding in error.findings)
        return Failure(type(error), tuple(findings))
