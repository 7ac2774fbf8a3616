"""Counting time as authorities count it.

Days are counted whole: a period ends at 24:00 of its last day, and what is finished on a day counts that day.
``elapsed`` is always the smallest value that is still in time, so that *elapsed <= limit* and *not overdue*
are the same statement, in every unit. Hours (and minutes) are counted so in ms of office time: what ends in
closed time after the last closing counts one millisecond more than the open time before it.

Sources: Administrative Licensing Law (2019), art. 82 (limits in working days, holidays not counted) and art.
45 (hearings, tests and expert reviews do not count: pauses); Civil Code (2020), art. 201 (the starting day is
not counted, hours run from the stated hour), art. 202 (a month ends on the corresponding day) and art. 203 (a
last day that is off moves to the next working day; a period ends at 24:00, or at the close of business).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import floor, isfinite
from typing import Final, Literal, assert_never

import numpy as np
import numpy.typing as npt

from engine.calendars.hours import FAR, Hours
from engine.calendars.months import corresponding_day
from engine.calendars.units import DAY, HOUR, MINUTE, Unit
from engine.calendars.working_days import WorkingDays

__all__ = ["CIVIL_RULES", "ClockRules", "Unit", "due", "elapsed", "elapsed_with_pauses"]


@dataclass(frozen=True)
class ClockRules:
    """What laws leave open.

    Args:
        start_day: Whether the day on which the clock starts counts as the first one. Excluded by the Civil
            Code, art. 201; the Administrative Licensing Law is silent.
        roll: A last natural day (also of months) that is off moves to the next working day: Civil Code,
            art. 203.
    """

    start_day: Literal["excluded", "counted"] = "excluded"
    roll: bool = True


CIVIL_RULES: Final = ClockRules()
"""The rules of the Civil Code."""


def due(
    days: WorkingDays,
    office: Hours,
    start: int,
    value: float,
    unit: Unit,
    rules: ClockRules = CIVIL_RULES,
) -> int:
    """The moment until which something is in time: what ends at it is, what ends 1 ms later is overdue.

    A part of a day or month counts as none, since they are counted whole. No days at all end with the
    starting day (before it, where it is counted).

    Args:
        days: The calendar.
        office: Office hours, for minutes and hours.
        start: When the clock starts, ms, at least 0.
        value: The limit in its unit, at least 0.
        unit: Of the limit.
        rules: How days are counted.

    Returns:
        24:00 of the last day, or the moment at which the office time is used up, ms; `FAR` beyond the tables.

    Raises:
        ValueError: The value is negative or not a number.
    """
    if not (isfinite(value) and value >= 0):
        raise ValueError(f"Expected a limit of at least 0, but it is {value}")
    if unit == "minute":
        return office.add_work(start, _whole_ms(value, MINUTE))
    if unit == "hour":
        return office.add_work(start, _whole_ms(value, HOUR))
    if start >= days.until:
        return FAR
    base = _day_before_first(days, start, rules)
    whole = floor(value)
    if whole == 0:
        return (base + 1) * DAY
    if unit == "working_day":
        # The day before which `whole` more working days lie than up to the base.
        target = int(days.count_until[base + 1]) + whole
        last = int(np.searchsorted(days.count_until, target, side="left")) - 1
        return (last + 1) * DAY if target <= days.count_until[-1] else FAR
    if unit == "month":
        natural_days = _days_of_months(days, base, whole, rules)
    elif unit == "natural_day":
        natural_days = whole
    else:
        assert_never(unit)
    last = base + natural_days
    if rules.roll:
        last = days.next_working(last)
        return (last + 1) * DAY if last < len(days.working) else FAR
    return min((last + 1) * DAY, FAR)


def elapsed(
    days: WorkingDays,
    office: Hours,
    start: npt.ArrayLike,
    end: npt.ArrayLike,
    unit: Unit,
    rules: ClockRules = CIVIL_RULES,
) -> npt.NDArray[np.float64]:
    """How much of the unit has gone by: the smallest value whose `due` moment is not before the end.

    Args:
        days: The calendar.
        office: Office hours, for minutes and hours.
        start: When each clock starts, shape ``(n,)``, ms.
        end: When it ends, shape ``(n,)``, ms: not before its start, not beyond the tables.
        unit: What to count.
        rules: How days are counted.

    Returns:
        Shape ``(n,)``: whole numbers of days or months, minutes or hours as fractions.

    Raises:
        ValueError: An end before its start or beyond what the tables know.
    """
    starts = np.asarray(start, dtype=np.int64)
    ends = np.asarray(end, dtype=np.int64)
    in_office = unit in ("minute", "hour")
    _check(starts, ends, office.until if in_office else days.until)
    if in_office:
        per: int = MINUTE if unit == "minute" else HOUR
        amount: npt.NDArray[np.float64] = np.true_divide(_office_ms(office, starts, ends), per)
        return amount
    # A clock started at the very end of the table has no day of its own in it.
    base = np.minimum(starts // DAY - (rules.start_day == "counted"), len(days.working) - 1)
    last = np.maximum((ends - 1) // DAY, base)
    if unit == "working_day":
        # What ends on a day off ends on the next working day: the day before it is over.
        off = (last > base) & ~days.working[last]
        counted: npt.NDArray[np.int64] = days.count_until[last + 1] - days.count_until[base + 1] + off
        return counted.astype(np.float64)
    natural: npt.NDArray[np.int64] = last - base
    if rules.roll:
        # Every last day behind the latest working day before the end rolls to the end or beyond.
        natural = np.where(last > base, np.maximum(_latest_working(days, last) + 1 - base, 1), 0)
    if unit == "natural_day":
        return natural.astype(np.float64)
    return _months(days, base, natural, rules).astype(np.float64)


def elapsed_with_pauses(
    days: WorkingDays,
    office: Hours,
    start: int,
    end: int,
    pauses: Sequence[tuple[int, int]],
    unit: Unit,
    rules: ClockRules = CIVIL_RULES,
) -> float:
    """How much of the unit has gone by on a clock that stands still in pauses.

    A pause takes out the days that a clock of the same rule would count in it: those behind its first one up
    to its last one, or, where starting days are counted, its first one up to that before its last one. Of
    minutes and hours it takes out its open time. A limit that is reached when a pause begins holds out until
    its end.

    Source: Administrative Licensing Law (2019), art. 45.

    Args:
        days: The calendar.
        office: Office hours, for minutes and hours.
        start: When the clock starts, ms.
        end: When it ends, ms: not before its start, not beyond the tables.
        pauses: ``(from, to)`` in ms, in any order; overlapping ones count once.
        unit: What to count.
        rules: How days are counted.

    Returns:
        A whole number of days or months; minutes or hours as a fraction.

    Raises:
        ValueError: An end before its start or beyond what the tables know.
    """
    standing = Hours.from_intervals(pauses, FAR)
    if not len(standing.begin):
        return float(elapsed(days, office, [start], [end], unit, rules)[0])
    in_office = unit in ("minute", "hour")
    _check(np.array([start]), np.array([end]), office.until if in_office else days.until)
    if in_office:
        return _office_ms_with_pauses(office, start, end, standing) / (MINUTE if unit == "minute" else HOUR)
    base = min(_day_before_first(days, start, rules), len(days.working) - 1)
    # From here on, position 0 is the first day that could count.
    running = _running_days(standing, base + 1, max((end - 1) // DAY, base) + 1, rules)
    positions = np.flatnonzero(running)
    if not len(positions):
        return 0.0
    # The clock stands still behind the last running day: what ends later ends on it.
    last = int(positions[-1])
    worked = running[: last + 1] & days.working[base + 1 : base + last + 2]
    if unit == "working_day":
        return float(int(worked.sum()) + (not worked[last]))
    if rules.roll:
        before = np.flatnonzero(worked[:last])
        natural = int(running[: before[-1] + 1].sum()) + 1 if len(before) else 1
    else:
        natural = len(positions)
    if unit == "natural_day":
        return float(natural)
    return float(_months(days, np.array([base]), np.array([natural]), rules)[0])


def _check(starts: npt.NDArray[np.int64], ends: npt.NDArray[np.int64], until: int) -> None:
    if (starts < 0).any() or (ends < starts).any() or (ends > until).any():
        raise ValueError(f"Expected 0 <= start <= end <= {until} ms, but some stretch is not so")


def _whole_ms(value: float, unit_ms: int) -> int:
    """The most ms that are, in the unit, not more than the value: exactly so in floating point."""
    whole = min(floor(value * unit_ms), FAR)
    while (whole + 1) / unit_ms <= value and whole < FAR:
        whole += 1
    while whole / unit_ms > value:
        whole -= 1
    return whole


def _day_before_first(days: WorkingDays, start: int, rules: ClockRules) -> int:
    """The day after which counting begins."""
    return days.day_of(start) - (rules.start_day == "counted")


def _days_of_months(days: WorkingDays, base: int, months: int, rules: ClockRules) -> int:
    """Natural days from the day before counting begins to the last day of so many months.

    Where the starting day is counted, the last day is the one before the corresponding day, or the month's
    last day where no day corresponds.
    """
    counted = rules.start_day == "counted"
    try:
        last, corresponds = corresponding_day(days.start + timedelta(days=base + counted), months)
    except OverflowError:
        return FAR // DAY
    return days.index(last) - (counted and corresponds) - base


def _months(
    days: WorkingDays, base: npt.NDArray[np.int64], natural: npt.NDArray[np.int64], rules: ClockRules
) -> npt.NDArray[np.int64]:
    """The smallest number of months of at least so many natural days, shape ``(n,)``."""
    months = np.zeros(base.shape, dtype=np.int64)
    begins, which = np.unique(base, return_inverse=True)
    number = 0
    covered = np.zeros(len(begins), dtype=np.int64)
    while (short := covered[which] < natural).any():
        number += 1
        months[short] = number
        covered = np.array([_days_of_months(days, int(begin), number, rules) for begin in begins])
    return months


def _latest_working(days: WorkingDays, day: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The latest working day before each day; -1 where the table has none."""
    worked = np.flatnonzero(days.working)
    place = np.searchsorted(worked, day, side="left") - 1
    return np.where(place < 0, -1, worked[place]) if len(worked) else np.full(day.shape, -1)


def _office_ms(office: Hours, starts: npt.NDArray[np.int64], ends: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Open time from start to end, and 1 ms more for an end in closed time, as the module says."""
    work = office.work_until(ends) - office.work_until(starts)
    if not len(office.begin):
        return work + (ends > starts)
    i = np.searchsorted(office.begin, ends, side="left") - 1
    within = (i >= 0) & (ends <= office.end[i])
    return work + ((ends > starts) & ~within)


def _office_ms_with_pauses(office: Hours, start: int, end: int, standing: Hours) -> int:
    """The same on a clock that stands still: an end in a pause counts as one at its beginning."""
    i = int(np.searchsorted(standing.begin, end, side="left")) - 1
    if i >= 0 and end <= standing.end[i]:
        end = max(int(standing.begin[i]), start)
    work = int(_office_ms(office, np.array([start]), np.array([end]))[0])
    for begin, finish in zip(standing.begin.tolist(), standing.end.tolist(), strict=True):
        work -= office.work_between(max(begin, start), min(finish, end))
    return work


def _running_days(standing: Hours, first: int, behind: int, rules: ClockRules) -> npt.NDArray[np.bool_]:
    """Which of the days from ``first`` to before ``behind`` are in no pause, shape ``(behind - first,)``."""
    running = np.ones(behind - first, dtype=np.bool_)
    begin, finish = standing.begin, standing.end
    if rules.start_day == "excluded":
        from_day, to_day = (begin - 1) // DAY + 1, (finish - 1) // DAY + 1
    else:
        from_day, to_day = begin // DAY, finish // DAY
    for one, other in zip(from_day.tolist(), to_day.tolist(), strict=True):
        running[max(one - first, 0) : max(other - first, 0)] = False
    return running
