"""Where finished replications are kept, and who runs the others: ``--store``, ``--no-store``, ``--cluster``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from app.console import Console
from engine.errors import BadInput
from simulations.model import SimulationModel
from simulations.runs.memory import Memory, NoMemory, StoredMemory
from simulations.runs.store import RunStore
from simulations.workers import Workers

__all__ = ["FOLDER", "Keeping"]

FOLDER: Final = Path("runs")


class Keeping:
    """What the options say about the store and the workers.

    Raises:
        BadInput: The address of the cluster is none, or the store that was named cannot be used.
    """

    def __init__(self, options: argparse.Namespace, console: Console) -> None:
        self._console = console
        self.workers: Workers | None = None
        address: str | None = getattr(options, "cluster", None)
        if address is not None:
            from simulations.workers.cluster import RunInCluster, check_address

            check_address(address)
            self.workers = RunInCluster(address)
        named: str | None = getattr(options, "store", None)
        self._wanted: bool = not getattr(options, "no_store", True)
        self._store = RunStore(Path(named)) if named and self._wanted else None

    def _opened(self) -> RunStore | None:
        """The store; the one that nobody named is opened when there is something to keep."""
        if self._store is None and self._wanted:
            try:
                self._store = RunStore(FOLDER)
            except BadInput as error:
                # Nobody asked for it here: a folder that cannot be written is no reason not to simulate.
                self._console.warnings(error.findings)
                self._wanted = False
        return self._store

    @contextmanager
    def memory(
        self, models: Mapping[str, SimulationModel], driver: str, numbers: Sequence[int] | None
    ) -> Iterator[Memory]:
        """What an experiment remembers; says how to go on if it is stopped by Ctrl-C."""
        store = self._opened()
        if store is None:
            yield NoMemory()
            return
        asked = max(model.study.replications for model in models.values()) if numbers is None else max(numbers) + 1
        memory = StoredMemory(store, models, driver, asked)
        total = len(models) * (asked if numbers is None else len(numbers))
        try:
            yield memory
        except KeyboardInterrupt:
            done = memory.found + memory.kept
            sentence = self._console.say("goes_on", done=done, total=total, folder=store.folder)
            print(sentence, file=sys.stderr)
            raise
        if memory.found and not self._console.quiet:
            sentence = self._console.say("from_store", found=memory.found, total=total, folder=store.folder)
            print(sentence, file=sys.stderr)
