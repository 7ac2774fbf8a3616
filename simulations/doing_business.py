"""Calendar days as Doing Business counts them, for many cases at once.

A procedure takes a day at least, half a day fully online; simultaneous ones start on consecutive days, except online
ones (World Bank, Doing Business data notes on time).
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from engine.calendars.units import DAY

__all__ = ["doing_business_days"]

F64: TypeAlias = npt.NDArray[np.float64]
I64: TypeAlias = npt.NDArray[np.int64]
Flags: TypeAlias = npt.NDArray[np.bool_]


def doing_business_days(cases: int, case: I64, begin: I64, end: I64, online: Flags, counts: I64) -> F64:
    """The counted days of every case; 0 without procedures.

    Args:
        cases: How many there are.
        case: Of each procedure, by its place; shape (procedures,), ascending and then by begin and end, as all.
        begin: Ms.
        end: Ms.
        online: Whether it is done wholly online.
        counts: As how many procedures it counts, 1 or more; they start one after another.

    Returns:
        Shape (cases,).
    """
    number = np.bincount(case, minlength=cases)
    turn = np.arange(len(case)) - np.repeat(np.cumsum(number) - number, number)  # its place among those of its case
    most = int(number.max()) if len(case) else 0
    placed = _Placed(cases, most, int(counts.max()) if len(case) else 0)
    for k in range(most):  # the k-th procedure of all cases that have one
        now = np.flatnonzero(turn == k)
        placed.add(case[now], begin[now], end[now], online[now], counts[now])
    most_counted: F64 = placed.counted.max(axis=1, initial=0.0)
    return most_counted


class _Placed:
    """What has been counted: by case, one column for each procedure, and one for each start."""

    def __init__(self, cases: int, procedures: int, counts: int) -> None:
        self.real = np.full((cases, procedures), np.iinfo(np.int64).max)  # when it ended
        self.counted = np.zeros((cases, procedures))  # the counted day on which it did
        self.starts = np.full((cases, procedures * counts), np.nan)  # counted days that are taken
        self.used = 0
        self.taken = 0

    def add(self, case: I64, begin: I64, end: I64, online: Flags, counts: I64) -> None:
        """The next procedure of some cases."""
        over = self.real[case, : self.used] <= begin[:, None]
        start = np.where(over, self.counted[case, : self.used], 0.0).max(axis=1, initial=0.0)
        shortest = np.where(online, 0.5, 1.0)
        whole = (-(-(end - begin) // DAY)).astype(np.float64)
        days = np.where(end - begin >= DAY, np.maximum(shortest, whole), shortest)
        counted = start
        for turn in range(int(counts.max())):
            goes = counts > turn
            while (moves := goes & ~online & self._is_taken(case, start)).any():
                start = start + moves
            self.starts[case[goes], self.taken] = start[goes]
            self.taken += 1
            counted = np.where(goes, start + days, counted)
        self.real[case, self.used] = end
        self.counted[case, self.used] = counted
        self.used += 1

    def _is_taken(self, case: I64, start: F64) -> Flags:
        taken: Flags = (self.starts[case, : self.taken] == start[:, None]).any(axis=1)
        return taken
