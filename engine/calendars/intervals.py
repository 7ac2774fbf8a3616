"""Questions to a table of open intervals: the text that both drivers run.

A table stands between ``first`` and ``last`` of three columns, which may hold many tables after each other: lists in
the plain form, arrays in the compiled one. ``begins``, ``ends`` and ``done`` are as in `engine.calendars.hours.Hours`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Final

from engine.kernel.compiling import token_function

__all__ = ["FAR", "add_work", "is_open", "next_open"]

FAR: Final = 2**62
"""A moment that never comes: later than every moment of a table."""


@token_function
def is_open(begins: Sequence[int], ends: Sequence[int], first: int, last: int, t: int) -> bool:
    """Whether ``t`` lies in an interval: open at its opening, closed at its closing."""
    i = bisect_right(begins, t, first, last) - 1
    return i >= first and t < ends[i]


@token_function
def next_open(begins: Sequence[int], ends: Sequence[int], first: int, last: int, t: int) -> int:
    """The first open moment from ``t`` on: ``t`` itself if open, `FAR` if there is none."""
    i = bisect_right(ends, t, first, last)
    if i == last:
        return FAR
    return max(begins[i], t)


@token_function
def add_work(
    begins: Sequence[int], ends: Sequence[int], done: Sequence[int], first: int, last: int, t: int, d: int
) -> int:
    """The first moment at which ``d`` ms of open time, begun at ``t``, are done.

    Args:
        begins: Opening moments.
        ends: Closing moments.
        done: Open time before each interval.
        first: Where the table begins in the columns.
        last: Where it ends: nothing behind it is read.
        t: Begin, ms; work starts at the next opening if closed.
        d: Open time, ms, at least 0.

    Returns:
        ``t`` if ``d`` is 0; the closing time itself when it fits exactly; `FAR` beyond the table.
    """
    if d == 0:
        return t
    i = bisect_right(ends, t, first, last)
    if i == last:
        return FAR
    begin = begins[i]
    reach = done[i] + d + max(t - begin, 0)
    if reach > done[i] + ends[i] - begin:
        i = bisect_left(done, reach, i, last) - 1
    moment = begins[i] + reach - done[i]
    return moment if moment <= ends[i] else FAR
