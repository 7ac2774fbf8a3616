"""The published order of timed events: why two drivers can agree to the row.

Timed events are ordered by ``(time, class, case, node, visit, identity)``.
Pool and batch events use ``(pool, 0, 0, 0)`` in the place of case, node, visit and identity.
An event runs with its whole zero-time cascade before the next one.

Hours are half open: ``[open, close)``.
"""

from __future__ import annotations

from typing import Final

__all__ = [
    "ARRIVAL",
    "COMPLETION",
    "EVENT_CLASSES",
    "HORIZON",
    "OPENING",
    "RELEASE",
    "SHIFT_END",
    "TIMER_DUE",
]

COMPLETION: Final = 0  # an activity is over
RELEASE: Final = 1  # a message arrives, a batch closes
TIMER_DUE: Final = 2  # a timer fires
SHIFT_END: Final = 3  # a pool closes
OPENING: Final = 4  # a pool opens
ARRIVAL: Final = 5  # a case is submitted
HORIZON: Final = 6  # the run is over

EVENT_CLASSES: Final = ("completion", "release", "timer", "shift_end", "opening", "arrival", "horizon")
