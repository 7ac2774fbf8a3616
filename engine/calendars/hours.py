"""Opening hours as a table: when somebody is open, and how much open time lies where.

Times are int64 milliseconds since the study's start at 00:00; intervals are half open, ``[begin, end)``.
The scalar methods are called for every step of every case: they bisect plain lists kept beside the arrays.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from engine.calendars import intervals
from engine.calendars.intervals import FAR

__all__ = ["FAR", "Hours"]


@dataclass(frozen=True, eq=False)
class Hours:
    """Open intervals, ascending, disjoint and not touching; build them with `from_intervals` or `always`.

    Two tables are equal when their intervals and ``until`` are.
    Outside ``[0, until)`` nothing is known, and nothing is open.

    Args:
        begin: Opening moments, shape ``(n,)``, int64 ms.
        end: Closing moments, shape ``(n,)``, int64 ms.
        done: Open time before each interval, shape ``(n,)``, int64 ms.
        until: End of what is known, ms.
    """

    begin: npt.NDArray[np.int64]
    end: npt.NDArray[np.int64]
    done: npt.NDArray[np.int64]
    until: int

    def __post_init__(self) -> None:
        for array in (self.begin, self.end, self.done):
            array.setflags(write=False)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Hours):
            return NotImplemented
        return (
            self.until == other.until
            and np.array_equal(self.begin, other.begin)
            and np.array_equal(self.end, other.end)
        )

    def __hash__(self) -> int:
        return hash((self.until, self.begin.tobytes(), self.end.tobytes()))

    @classmethod
    def always(cls, until: int) -> Hours:
        """Open without a break from 0 to ``until``."""
        return cls.from_intervals([(0, until)], until)

    @classmethod
    def from_intervals(cls, pairs: Iterable[tuple[int, int]], until: int) -> Hours:
        """Open during all of the pairs: in any order, overlapping and touching ones become one.

        Args:
            pairs: ``(begin, end)`` in ms; cut to ``[0, until)``, empty ones are left out.
            until: End of what is known, ms.
        """
        begins: list[int] = []
        ends: list[int] = []
        for begin, end in sorted((max(int(begin), 0), min(int(end), until)) for begin, end in pairs):
            if begin >= end:
                continue
            if ends and begin <= ends[-1]:
                ends[-1] = max(ends[-1], end)
            else:
                begins.append(begin)
                ends.append(end)
        begin_array = np.array(begins, dtype=np.int64)
        end_array = np.array(ends, dtype=np.int64)
        lengths = end_array - begin_array
        return cls(begin_array, end_array, np.cumsum(lengths) - lengths, until)

    @cached_property
    def _plain(self) -> tuple[list[int], list[int], list[int]]:
        """``begin``, ``end`` and ``done`` as lists, which are bisected faster than arrays are searched."""
        return self.begin.tolist(), self.end.tolist(), self.done.tolist()

    def is_open(self, t: int) -> bool:
        """Whether ``t`` lies in an interval: open at its opening, closed at its closing."""
        begins, ends, _ = self._plain
        return intervals.is_open(begins, ends, 0, len(ends), t)

    def next_open(self, t: int) -> int:
        """The first open moment from ``t`` on: ``t`` itself if open, `FAR` if there is none."""
        begins, ends, _ = self._plain
        return intervals.next_open(begins, ends, 0, len(ends), t)

    def next_close(self, t: int) -> int:
        """The end of the interval that contains ``t``; if closed at ``t``, of the next one; `FAR` if none."""
        _, ends, _ = self._plain
        i = bisect_right(ends, t)
        return ends[i] if i < len(ends) else FAR

    def add_work(self, t: int, d: int) -> int:
        """The first moment at which ``d`` ms of open time, begun at ``t``, are done.

        Args:
            t: Begin, ms; work starts at the next opening if closed.
            d: Open time, ms, at least 0.

        Returns:
            ``t`` if ``d`` is 0; the closing time itself when it fits exactly; `FAR` beyond the table.
        """
        begins, ends, done = self._plain
        return intervals.add_work(begins, ends, done, 0, len(ends), t, d)

    def subtract_work(self, t: int, d: int) -> int:
        """The latest begin from which ``d`` ms of open time are done by ``t``.

        Args:
            t: When it must be done, ms.
            d: Open time, ms, at least 0.

        Returns:
            ``t`` if ``d`` is 0; -1 when less than ``d`` ms are open between 0 and ``t``.
        """
        if d == 0:
            return t
        begins, _, done = self._plain
        rest = self._work(t) - d
        if rest < 0:
            return -1
        i = bisect_right(done, rest) - 1
        return begins[i] + rest - done[i]

    def work_between(self, a: int, b: int) -> int:
        """Open time in ``[a, b)``, ms; 0 if ``b`` is not after ``a``."""
        return self._work(b) - self._work(a) if b > a else 0

    def work_until(self, times: npt.ArrayLike) -> npt.NDArray[np.int64]:
        """Open time from 0 to each of the times.

        Args:
            times: Any shape, ms.

        Returns:
            Same shape, int64 ms.
        """
        moments = np.asarray(times, dtype=np.int64)
        if not len(self.begin):
            return np.zeros(moments.shape, dtype=np.int64)
        i = np.searchsorted(self.begin, moments, side="right") - 1
        work = self.done[i] + np.minimum(moments, self.end[i]) - self.begin[i]
        return np.where(i < 0, np.int64(0), work)

    def pieces(self, a: int, b: int) -> list[tuple[int, int, bool]]:
        """The stretch ``[a, b)`` cut at openings and closings.

        Returns:
            ``(from, to, open)`` in order, without gaps; empty if ``b`` is not after ``a``.
        """
        begins, ends, _ = self._plain
        cut: list[tuple[int, int, bool]] = []
        i = bisect_right(ends, a)
        while a < b:
            if i == len(ends):
                cut.append((a, b, False))
                break
            begin = begins[i]
            if a < begin:
                edge = begin if begin < b else b
                cut.append((a, edge, False))
            else:
                edge = ends[i] if ends[i] < b else b
                cut.append((a, edge, True))
                i += 1
            a = edge
        return cut

    def intersect(self, other: Hours) -> Hours:
        """Open when both are, known as far as both are."""
        begins, ends, _ = self._plain
        other_begins, other_ends, _ = other._plain
        both: list[tuple[int, int]] = []
        i = j = 0
        while i < len(ends) and j < len(other_ends):
            both.append((max(begins[i], other_begins[j]), min(ends[i], other_ends[j])))
            if ends[i] < other_ends[j]:
                i += 1
            else:
                j += 1
        return Hours.from_intervals(both, min(self.until, other.until))

    def _work(self, t: int) -> int:
        """Open time from 0 to ``t``, ms."""
        begins, ends, done = self._plain
        i = bisect_right(begins, t) - 1
        if i < 0:
            return 0
        end = ends[i]
        return done[i] + (t if t < end else end) - begins[i]
