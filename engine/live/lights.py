"""The lights of electronic supervision: how far each clock of a case has come, and what falls due.

    green    in time
    yellow   a set share of the limit is used up; of a case: also when a step is late and the case still in time
    red      overdue: of a case, when its own clock (a sum of limits) or a statute's limit is; where nothing limits
             the case as a whole, when any step is

A publicity period is no limit on anybody: it is green while it runs, and its end is when the step may go on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from engine.calendars.clock import due, elapsed_with_pauses
from engine.calendars.hours import FAR
from engine.calendars.units import DAY
from engine.live.moments import CaseCalendar
from engine.live.plan import ClockPlan
from engine.live.store import ClockRow

__all__ = ["GREEN", "RED", "YELLOW", "YELLOW_SHARE", "ClockState", "Light", "case_light", "clock_state"]

Light: TypeAlias = Literal["green", "yellow", "red"]
GREEN: Final = "green"
YELLOW: Final = "yellow"
RED: Final = "red"
YELLOW_SHARE: Final = 0.8
"""Of a limit: from here on a clock is yellow, unless another share is asked for."""


@dataclass(frozen=True)
class ClockState:
    """Where a clock stands at a moment.

    Args:
        used: In the unit of its limit, pauses left out.
        due: Until when it is in time, as if it runs on from now; None if it does not run, or nobody knows.
        days_left: Working days from now to then: 0 on the last day, negative when overdue; None with ``due``.
        is_open: It has not ended.
        standing: Why it stands still now; None if it does not.
        is_estimated: ``due`` lies in a year whose holidays nobody has announced.
    """

    plan: ClockPlan
    used: float
    due: str | None
    days_left: int | None
    is_open: bool
    standing: str | None
    light: Light
    is_estimated: bool = False


def clock_state(
    plan: ClockPlan, row: ClockRow, calendar: CaseCalendar, now: str, yellow: float = YELLOW_SHARE
) -> ClockState:
    """Where a clock stands.

    Args:
        plan: What it limits.
        row: When it ran and stood.
        calendar: Of its case.
        now: The present moment.
        yellow: Share of the limit from which the clock is yellow.
    """
    spans = [(calendar.ms(a), calendar.ms(b or now)) for a, b in row.intervals]
    pauses = [(calendar.ms(a), calendar.ms(b or now)) for _, a, b in row.pauses]
    used = [_used(plan, calendar, begin, max(begin, end), pauses) for begin, end in spans]
    total = sum(used)
    is_open = bool(row.intervals) and row.intervals[-1][1] is None
    standing = row.pauses[-1][0] if row.pauses and row.pauses[-1][2] is None else None
    late = total > plan.value
    end = _due(plan, calendar, spans[-1][0], plan.value - sum(used[:-1]), pauses, late) if is_open else None
    text = None if end is None else calendar.text(end)
    if plan.kind == "publicity":
        light: Light = GREEN
    else:
        light = RED if late else YELLOW if total >= yellow * plan.value else GREEN
    return ClockState(
        plan,
        total,
        text,
        None if text is None or end is None else _days_left(calendar, calendar.ms(now), end),
        is_open,
        standing,
        light,
        text is not None and calendar.is_estimated(text),
    )


def case_light(states: Sequence[ClockState]) -> Light:
    """The light of a case from those of its clocks, ended ones included."""
    whole = [state for state in states if state.plan.is_case]
    deciding = [s for s in states if s.plan.is_case or s.plan.kind == "statutory"] if whole else states
    if any(state.light == RED for state in deciding):
        return RED
    late_step = any(state.light == RED for state in states)
    near = any(state.light == YELLOW and state.is_open for state in states)
    return YELLOW if late_step or near else GREEN


def _used(plan: ClockPlan, calendar: CaseCalendar, begin: int, end: int, pauses: Iterable[tuple[int, int]]) -> float:
    inside = [(max(a, begin), min(b, end)) for a, b in pauses if a < end and b > begin]
    return elapsed_with_pauses(calendar.days, calendar.office, begin, end, inside, plan.unit)


def _due(
    plan: ClockPlan, calendar: CaseCalendar, begin: int, left: float, pauses: Sequence[tuple[int, int]], late: bool
) -> int | None:
    """The last moment at which the clock of the present interval is in time: that where `_used` passes the limit."""
    if left < 0:
        return begin
    relevant = [(a, b) for a, b in pauses if b > begin]
    if not relevant:
        end = due(calendar.days, calendar.office, begin, left, plan.unit)
        return None if end >= min(FAR, calendar.days.until) else end
    low, high = begin, calendar.days.until
    if _used(plan, calendar, begin, high, relevant) <= left:
        return None
    while high - low > 1:  # used never falls
        middle = (low + high) // 2
        if _used(plan, calendar, begin, middle, relevant) <= left:
            low = middle
        else:
            high = middle
    return low


def _days_left(calendar: CaseCalendar, now: int, end: int) -> int:
    """Working days that may still pass: those after today up to the last day, or minus those since it."""
    count = calendar.days.count_until
    last, today = max(end - 1, 0) // DAY, now // DAY
    if last >= today:
        return 0 if now > end else int(count[last + 1] - count[today + 1])
    return -max(1, int(count[today + 1] - count[last + 1]))
