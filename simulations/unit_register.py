"""What the units of all pools have been busy with, as far as something that is still to come could overlap it."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

__all__ = ["UnitRegister"]

I64: TypeAlias = npt.NDArray[np.int64]
Whole: TypeAlias = npt.NDArray[np.integer[Any]]


class UnitRegister:
    """Finds units that do two things at once in a log that comes in parts."""

    def __init__(self) -> None:
        self._busy = np.zeros((4, 0), np.int64)  # pool, unit, begin, end

    def overlapping(self, pool: Whole, unit: Whole, begin: I64, end: I64) -> int | None:
        """Enter what units were busy with; one that begins while its unit is busy with another, or nothing.

        Args:
            pool: Of the unit; shape (entries,), as all.
            unit: Its number.
            begin: Ms.
            end: Ms.

        Returns:
            The place of an entry, one of the new ones if it can be.
        """
        known = self._busy.shape[1]
        self._busy = np.concatenate([self._busy, np.stack([pool, unit, begin, end]).astype(np.int64)], axis=1)
        order = np.lexsort((self._busy[3], self._busy[2], self._busy[1], self._busy[0]))
        pools, units, begins, ends = self._busy[:, order]
        same = (pools[1:] == pools[:-1]) & (units[1:] == units[:-1])
        wrong = np.flatnonzero(same & (begins[1:] < ends[:-1]))
        if not len(wrong):
            return None
        pair = order[wrong[0]], order[wrong[0] + 1]
        return int(max(pair)) - known

    def forget(self, before: int) -> None:
        """Nothing that begins earlier is still to come: what had ended by then cannot be overlapped any more."""
        self._busy = self._busy[:, self._busy[3] > before]
