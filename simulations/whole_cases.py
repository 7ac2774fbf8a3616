"""Whole cases out of a log that comes in chunks: rows wait until the row of their case says that it is over.

What is held are the rows of the cases that are open at one time and of a few chunks, however long the log is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np

from engine.log import CASE_NODE, NONE, EventLog

__all__ = ["ROWS", "whole_cases"]

ROWS: Final = 1 << 17  # of a part at least, so that a small log is one part


def whole_cases(chunks: Iterable[EventLog], rows: int = ROWS) -> Iterator[EventLog]:
    """The same rows in parts, each of whole cases; a case whose row comes last in the log is never torn.

    Args:
        chunks: Of the log of one replication, in order, at least one; assignments count the rows of their own chunk.
        rows: How many are gathered before the cases that are over are handed on.

    Yields:
        The cases that are over, each in one part, its rows in their order; at last those that the run left open,
        with the rest: one part at least, which may have no rows.
    """
    held: list[EventLog] = []
    gathered = waiting = 0
    for chunk in chunks:
        held.append(chunk)
        gathered += len(chunk)
        if gathered >= max(rows, 2 * waiting):  # so that what waits is not gone through for every chunk
            over, rest = _parted(EventLog.concatenate(held))
            held, gathered, waiting = [rest], len(rest), len(rest)
            if len(over):
                yield over
            del over
    yield EventLog.concatenate(held)


def _parted(log: EventLog) -> tuple[EventLog, EventLog]:
    """The cases that have ended, and the others."""
    ended = log.case[(log.node == CASE_NODE) & (log.ended != NONE)]
    first = int(log.case.min())
    is_over = np.zeros(int(log.case.max()) - first + 1, np.bool_)
    is_over[ended - first] = True
    over = is_over[log.case - first]
    return log.take(np.flatnonzero(over)), log.take(np.flatnonzero(~over))
