"""Which cases must arrive, by the random numbers alone, and which of them have been seen."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from engine.kernel.chance import case_key, identifier_hash, replication_key, uniform
from simulations.model import SimulationModel

__all__ = ["CaseRegister"]

I64: TypeAlias = npt.NDArray[np.int64]


class CaseRegister:
    """The cases of one replication, ticked off as a log shows them.

    Args:
        model: What was run.
        replication: Its number.
    """

    def __init__(self, model: SimulationModel, replication: int) -> None:
        root = replication_key(model.study.seed, replication, model.number)
        purpose = identifier_hash("arrival")
        self._moments: Iterator[int] = model.arrivals.moments(
            lambda case: uniform(case_key(root, case), purpose, 0), model.study.run_out
        )
        self._horizon = model.study.horizon
        self._arrives = np.zeros(0, np.int64)
        self._seen = np.zeros(0, np.bool_)
        self._first_unseen = 0

    def tick(self, number: I64, arrived: I64) -> bool:
        """Whether these cases arrive, at these moments, each once.

        Args:
            number: Of the cases; shape (cases,).
            arrived: Ms; shape (cases,).
        """
        if not len(number):
            return True
        self._draw(int(number.max()) + 1)
        if int(number.min()) < 0 or int(number.max()) >= len(self._arrives):
            return False
        if self._seen[number].any() or (self._arrives[number] != arrived).any():
            return False
        self._seen[number] = True
        return bool(len(np.unique(number)) == len(number))

    @property
    def expected(self) -> int:
        """How many arrive before the horizon."""
        while not len(self._arrives) or self._arrives[-1] < self._horizon:
            if not self._draw(len(self._arrives) + 1):
                break
        return int(np.searchsorted(self._arrives, self._horizon))

    @property
    def found(self) -> int:
        """How many have been seen."""
        return int(self._seen.sum())

    def is_complete(self) -> bool:
        """Whether all that arrive before the horizon have been seen, and none behind it before an earlier one."""
        return self.expected <= self.found and bool(self._seen[: self.found].all())

    @property
    def since(self) -> int:
        """When the first case arrived that has not been seen: what is still to come is no earlier, ms."""
        unseen = np.flatnonzero(~self._seen[self._first_unseen :])
        self._first_unseen = self._first_unseen + int(unseen[0]) if len(unseen) else len(self._seen)
        if not len(self._arrives):
            return 0
        return int(self._arrives[min(self._first_unseen, len(self._arrives) - 1)])

    def _draw(self, number: int) -> int:
        """Know the first so many arrivals, and in long runs some more, as far as there are any; how many are new."""
        known = len(self._arrives)
        if number <= known:
            return 0
        more = np.fromiter(islice(self._moments, max(number - known, known // 16)), np.int64)
        self._arrives = np.concatenate([self._arrives, more])
        self._seen = np.concatenate([self._seen, np.zeros(len(more), np.bool_)])
        return len(more)
