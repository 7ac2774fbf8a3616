"""What an experiment remembers: asks the store before a replication is run, and tells it when one is finished."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

from simulations.model import SimulationModel
from simulations.replication import Replication
from simulations.runs.digests import run_digest
from simulations.runs.store import RunRow, RunStore
from simulations.summary import program_versions

__all__ = ["Memory", "NoMemory", "StoredMemory"]


class Memory(Protocol):
    """Keeps finished replications by the name of their model and their number."""

    def find(self, name: str, number: int) -> Replication | None:
        """A replication that was finished before, or nothing."""

    def keep(self, name: str, replication: Replication) -> None:
        """A replication is finished; may be called from any thread."""


class NoMemory:
    """Everything is run anew, and nothing is kept."""

    def find(self, name: str, number: int) -> Replication | None:
        """Nothing."""
        return None

    def keep(self, name: str, replication: Replication) -> None:
        """Forget it."""


class StoredMemory:
    """Keeps replications in a store.

    Args:
        store: Where they are kept.
        models: By name.
        driver: Which one runs them.
        asked: How many replications of each are asked for at once.
    """

    def __init__(self, store: RunStore, models: Mapping[str, SimulationModel], driver: str, asked: int) -> None:
        self.store = store
        self.digests = {name: run_digest(model, driver) for name, model in models.items()}
        self.found = 0  # replications that need not be run again
        self.kept = 0
        versions = program_versions()
        for name, model in models.items():
            about = (self.digests[name], model.pipeline, model.variant, model.study.seed, driver, asked)
            store.begin(RunRow(*about, finished=0, versions=versions, begun="", size=0))

    def find(self, name: str, number: int) -> Replication | None:
        """From the store."""
        found: Replication | None = self.store.find(self.digests[name], number)
        if found is None:
            return None
        self.found += 1
        return replace(found, number=number)

    def keep(self, name: str, replication: Replication) -> None:
        """Into the store, at once."""
        self.store.keep(self.digests[name], replication.number, replication)
        self.kept += 1
