"""Many clocks that stand still in pauses, all at once: the same numbers as `clock.elapsed_with_pauses`, one by one."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from engine.calendars.clock import CIVIL_RULES, ClockRules, elapsed_with_pauses
from engine.calendars.hours import Hours
from engine.calendars.units import DAY, Unit
from engine.calendars.working_days import WorkingDays

__all__ = ["elapsed_of_many"]

F64: TypeAlias = npt.NDArray[np.float64]
I64: TypeAlias = npt.NDArray[np.int64]


def elapsed_of_many(
    days: WorkingDays,
    office: Hours,
    start: I64,
    end: I64,
    pauses: tuple[I64, I64, I64],
    unit: Unit,
    rules: ClockRules = CIVIL_RULES,
) -> F64:
    """How much of the unit has gone by on each clock.

    Args:
        days: The calendar.
        office: Office hours, for minutes and hours.
        start: When each clock starts, shape ``(n,)``, ms.
        end: When it ends, shape ``(n,)``, ms: not before its start, not beyond the tables.
        pauses: The number of the clock, begin, and end of each pause, in the order of the clocks; ms. None is
            empty, and each clock has one at least.
        unit: What to count.
        rules: How days are counted.

    Returns:
        Shape ``(n,)``.
    """
    if unit not in ("working_day", "natural_day"):  # seldom
        edges = np.searchsorted(pauses[0], np.arange(len(start) + 1)).tolist()
        spans = list(zip(pauses[1].tolist(), pauses[2].tolist(), strict=True))
        clocks = zip(start.tolist(), end.tolist(), edges, edges[1:], strict=False)
        values = [elapsed_with_pauses(days, office, s, e, spans[i:j], unit, rules) for s, e, i, j in clocks]
        return np.array(values, np.float64)
    return _Days(days, start, end, pauses, rules).elapsed(unit)


class _Days:
    """The days of clocks, and the stretches of days on which they stand still."""

    def __init__(
        self, days: WorkingDays, start: I64, end: I64, pauses: tuple[I64, I64, I64], rules: ClockRules
    ) -> None:
        excluded = rules.start_day == "excluded"
        self.days = days
        self.roll = rules.roll
        self.base = np.minimum(start // DAY - (not excluded), len(days.working) - 1)  # counting begins behind it
        last = np.maximum((end - 1) // DAY, self.base)
        clock, begin, finish = pauses
        first = (begin - 1) // DAY + 1 if excluded else begin // DAY
        behind = (finish - 1) // DAY + 1 if excluded else finish // DAY
        first = np.maximum(first, self.base[clock] + 1)
        behind = np.minimum(behind, last[clock] + 1)
        real = first < behind
        self.clock, self.first, self.behind = _joined(clock[real], first[real], behind[real])
        self.last = self._running_until(last)

    def elapsed(self, unit: Unit) -> F64:
        """Days of the unit."""
        if unit == "working_day":
            counted = self._working(self.base + 1, self.last + 1) - self._sum(
                self._working(self.first, self.behind), self.last
            )
            amount = counted + ~self.days.working[self.last]
        elif self.roll:
            amount = self._running(self._worked_before()) + 1
        else:
            amount = self._running(self.last)
        return np.where(self.last > self.base, amount, 0).astype(np.float64)

    def _working(self, first: I64, behind: I64) -> I64:
        """Working days from one day to before another."""
        known: I64 = self.days.count_until
        count: I64 = known[behind] - known[first]
        return count

    def _running(self, last: I64) -> I64:
        """Days from the first to a last one on which the clock runs."""
        return last - self.base - self._sum(self.behind - self.first, last)

    def _sum(self, amount: I64, last: I64) -> I64:
        """By clock: amounts of the stretches that come before its last day."""
        before = self.first <= last[self.clock]
        total = np.zeros(len(self.base), np.int64)
        np.add.at(total, self.clock[before], amount[before])
        return total

    def _running_until(self, day: I64) -> I64:
        """The latest day up to each on which the clock runs; the base, or earlier, if there is none."""
        found = day.copy()
        inside = (self.first <= found[self.clock]) & (found[self.clock] < self.behind)
        found[self.clock[inside]] = self.first[inside] - 1
        return found

    def _worked_before(self) -> I64:
        """The latest working day before the last one on which the clock runs; the base if there is none."""
        worked = np.flatnonzero(self.days.working)
        bound = self.last
        while True:
            place = np.searchsorted(worked, bound, side="left") - 1
            found = np.where(place < 0, -1, worked[place]) if len(worked) else np.full(bound.shape, -1)
            found = np.maximum(found, self.base)
            runs = self._running_until(found)
            if (runs == found).all():
                return found
            bound = runs + 1  # where a clock stands still on the day found, one before the pause is looked for


def _joined(clock: I64, first: I64, behind: I64) -> tuple[I64, I64, I64]:
    """Stretches of the same clock that overlap or touch become one; in the order of clock and first day."""
    order = np.lexsort((first, clock))
    clock, first, behind = clock[order], first[order], behind[order]
    if not len(clock):
        return clock, first, behind
    # The furthest end so far within a clock: each clock is lifted above all before it, so one running maximum does.
    lift = np.cumsum(np.concatenate([[0], clock[1:] != clock[:-1]])) * (int(behind.max()) + 1)
    reached = np.maximum.accumulate(behind + lift) - lift
    opens = np.concatenate([[True], (clock[1:] != clock[:-1]) | (first[1:] > reached[:-1])])
    closes = np.concatenate([np.flatnonzero(opens)[1:] - 1, [len(clock) - 1]])
    return clock[opens], first[opens], reached[closes]
