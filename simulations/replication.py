"""The numbers of one replication: one column per indicator, one entry per measured and finished case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

__all__ = ["CASE", "F64", "Replication", "joined"]

F64: TypeAlias = npt.NDArray[np.float64]

CASE: Final = "case"  # the column of the case numbers; every other column is an indicator


@dataclass(frozen=True)
class Replication:
    """What one independent repetition came to.

    Args:
        number: Number of the replication: variants are paired by it.
        cases: Indicator to its values, one per measured and finished case, in case order; and the column
            ``case`` with the cases' numbers. All columns are equally long and finite.
        started: Cases that arrived in the measured period.
        finished: Those of them that ended before the run did; the length of the columns.
        unfinished: The rest of them.
    """

    number: int
    cases: Mapping[str, F64]
    started: int
    finished: int
    unfinished: int

    def __post_init__(self) -> None:
        lengths = {name: len(column) for name, column in self.cases.items()}
        if set(lengths.values()) - {self.finished}:
            raise ValueError(f"columns of {self.finished} finished cases have other lengths: {lengths}")
        if self.started != self.finished + self.unfinished:
            raise ValueError(f"{self.started} started, but {self.finished} finished + {self.unfinished} unfinished")
        bad = [name for name, column in self.cases.items() if not np.isfinite(column).all()]
        if bad:
            raise ValueError(f"columns with values that are no finite numbers: {bad}")

    @property
    def indicators(self) -> tuple[str, ...]:
        """The names of the indicators, in the order of the columns."""
        return tuple(name for name in self.cases if name != CASE)


def joined(parts: Iterable[Replication]) -> Replication:
    """One replication whose cases were measured part by part, at least one.

    Args:
        parts: Of the same replication; no case is in two of them.

    Returns:
        The same as if all cases had been measured at once.
    """
    found = list(parts)
    if len(found) == 1:
        return found[0]
    number, names = found[0].number, list(found[0].cases)
    started, finished = sum(part.started for part in found), sum(part.finished for part in found)
    columns = [dict(part.cases) for part in found]
    order = np.argsort(np.concatenate([part[CASE] for part in columns]), kind="stable")
    del found
    # Each part's column is given up as soon as it is joined, so that a million cases do not stand here twice.
    cases = {name: np.concatenate([part.pop(name) for part in columns])[order] for name in names}
    return Replication(number, cases, started, finished, started - finished)
