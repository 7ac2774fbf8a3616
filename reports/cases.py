"""From a simulated case to its Gantt chart: which case, its rows, bars, figures and finish."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final, Literal, TypeAlias

import numpy as np

from engine.calendars.clock import due
from engine.calendars.units import DAY, MINUTE
from engine.errors import BadInput, Finding
from engine.kernel import layout
from engine.log import CANCELLED, CASE_NODE, NONE, EventLog
from engine.texts import text
from reports.formatting import format_number, format_quantity
from reports.gantt.model import (
    Cause,
    GanttBar,
    GanttCalendar,
    GanttColumn,
    GanttFinish,
    GanttLimit,
    GanttNumber,
    GanttPanel,
    GanttRow,
)
from simulations.causes import CAUSES, row_causes, stretches
from simulations.indicators import element_days, indicator_of_sum, measure, sum_unit
from simulations.model import SimulationModel
from simulations.quantities import unit_of
from simulations.replication import Replication

__all__ = ["CASES", "Picked", "case_panel", "judged_by", "mean_panel", "pick_case", "promise_panel"]

Which: TypeAlias = Literal["median", "p90", "worst"]
CASES: Final = ("promise", "mean", "median", "p90", "worst")

LONGEST_CALENDAR: Final = 1500  # days that a file with dates needs at most

_RANK: Final[Mapping[str, float]] = {"median": 0.5, "p90": 0.9, "worst": 1.0}
_WAITING: Final = ("queue", "off_hours", "batch")


@dataclass(frozen=True)
class Picked:
    """One simulated case: where it is, and its value of the indicator it was picked by."""

    replication: int
    case: int
    indicator: str
    value: float


def judged_by(model: SimulationModel) -> str:
    """The indicator that a case is ranked and judged by: that of the first target that tells time."""
    timed = [t.indicator for t in model.targets if t.indicator.endswith(("_days", "hours"))]
    return timed[0] if timed else "elapsed_days"


def pick_case(model: SimulationModel, replications: Sequence[Replication], which: str) -> Picked:
    """The case of a rank among all finished cases, or the case of a number in the first replication.

    Cases are ranked by the indicator of the first target that tells time (elapsed days if there is none), equal ones
    by elapsed days; the rank is the nearest one.

    Raises:
        BadInput: There is no such case.
    """
    indicator = judged_by(model)
    first = replications[0]
    if which not in _RANK:
        numbers = first.cases["case"].astype(np.int64).tolist()
        if not which.isdecimal() or int(which) not in numbers:
            raise BadInput([Finding("use.unknown_case", {"case": which})])
        value = float(first.cases[indicator][numbers.index(int(which))])
        return Picked(first.number, int(which), indicator, value)
    values = np.concatenate([r.cases[indicator] for r in replications])
    elapsed = np.concatenate([r.cases["elapsed_days"] for r in replications])
    cases = np.concatenate([r.cases["case"] for r in replications])
    numbers_of = np.concatenate([np.full(r.finished, r.number) for r in replications])
    if not len(values):
        raise BadInput([_no_cases(model, replications)])
    order = np.lexsort((elapsed, values))
    at = order[max(0, int(np.ceil(_RANK[which] * len(order))) - 1)]
    return Picked(int(numbers_of[at]), int(cases[at]), indicator, float(values[at]))


def _no_cases(model: SimulationModel, replications: Sequence[Replication]) -> Finding:
    values = {"variant": model.variant, "started": sum(one.started for one in replications)}
    return Finding("results.no_cases", values, element=model.variant)


def case_panel(model: SimulationModel, log: EventLog, picked: Picked, language: str) -> GanttPanel:
    """One real case of a replication's log: every step with its stretches, corrections as returns."""
    case_log = log.of_case(picked.case)
    own = int(np.flatnonzero(case_log.node == CASE_NODE)[0])
    begin, end = int(case_log.enabled[own]), int(case_log.ended[own])
    causes = row_causes(case_log, model) / DAY
    figures = _Figures(model, element_days(case_log, model), language)
    rows = []
    for node in _nodes_in_order(case_log, model):
        at = np.flatnonzero((case_log.node == node) & (case_log.ended != NONE) & (case_log.started != NONE))
        at = at[np.argsort(case_log.enabled[at], kind="stable")]
        if not len(at):
            continue
        bars = [
            GanttBar((a - begin) / DAY, (b - begin) / DAY, cause)
            for row in at.tolist()
            for a, b, cause in stretches(case_log, row, model)
            if b > a
        ]
        returns = tuple((int(t) - begin) / DAY for t in case_log.enabled[at[1:]])
        rows.append(figures.row(node, tuple(bars), causes[at].sum(axis=0), returns))
    measured = measure(case_log, model)
    finish = _finish(model, picked.indicator, picked.value, (end - begin) / DAY, language)
    return GanttPanel(
        title=model.variant_label[language],
        rows=tuple(rows),
        note=_note(model, measured, language),
        limits=_limits(model, begin, language),
        finish=finish,
        columns=figures.columns(),
        days_off=_days_off(model, begin, end),
        calendar=_calendar(model, begin),
    )


def mean_panel(
    model: SimulationModel, logs: Sequence[EventLog], replications: Sequence[Replication], language: str
) -> GanttPanel:
    """The mean case: every step from its mean begin on, with its mean time by cause; shares of cases are not shown.

    Args:
        logs: Of the replications that the steps are averaged over.
        replications: All of them: the finish, its interval and its 90th percentile.
    """
    from simulations.estimates import estimate

    begins: dict[int, list[np.ndarray]] = {}
    ends: dict[int, list[np.ndarray]] = {}
    causes: dict[int, list[np.ndarray]] = {}
    for log in logs:
        finished = measure(log, model).cases["case"].astype(np.int64)
        own = log.node == CASE_NODE
        arrived = dict(zip(log.case[own].tolist(), log.enabled[own].tolist(), strict=True))
        origin = np.array([arrived.get(case, 0) for case in log.case.tolist()], np.int64)
        by_cause = row_causes(log, model)
        keep = np.isin(log.case, finished) & (log.ended != NONE) & (log.outcome != CANCELLED)
        for node in {int(n) for n in log.node[keep].tolist()} - {CASE_NODE}:
            at = np.flatnonzero(keep & (log.node == node))
            begins.setdefault(node, []).append(log.enabled[at] - origin[at])
            ends.setdefault(node, []).append(log.ended[at] - origin[at])
            causes.setdefault(node, []).append(by_cause[at])
    figures = _Figures(model, _mean_days(logs, model), language)
    placed = []
    for node in begins:
        if model.net.kinds[node] not in _SHOWN:
            continue
        start = float(np.concatenate(begins[node]).mean()) / DAY
        amounts = np.concatenate(causes[node]).mean(axis=0) / DAY
        p90 = float(np.quantile(np.concatenate(ends[node]), 0.9)) / DAY
        placed.append((start, figures.row(node, _stacked(start, amounts), amounts, (), p90)))
    indicator = judged_by(model)
    elapsed = estimate("elapsed_days", replications, model.study.seed)
    value = estimate(indicator, replications, model.study.seed)
    if elapsed is None or value is None:
        raise BadInput([_no_cases(model, replications)])
    finish = _finish(model, indicator, value.mean, elapsed.mean, language, elapsed.ci95, elapsed.p90)
    return GanttPanel(
        title=model.variant_label[language],
        rows=tuple(row for _, row in sorted(placed, key=lambda p: p[0])),
        finish=finish,
        columns=figures.columns(),
        calendar=_calendar(model, 0),
    )


def promise_panel(model: SimulationModel, language: str) -> GanttPanel:
    """The promise on paper: the limits of the first sum one after another, as the policy adds them up."""
    figures = _Figures(model, {}, language)
    rows: list[GanttRow] = []
    day = 0.0
    if not model.sums:
        return GanttPanel(model.variant_label[language], ())
    total = model.sums[0]
    unit = sum_unit(total, model.measured)
    limits = {m.element: m.limit for m in model.measured}
    for element in total.elements:
        limit = limits[element]
        assert limit is not None  # the scenario's checks see to it
        amounts = np.zeros(len(CAUSES))
        amounts[0] = limit.value
        bar = GanttBar(day, day + limit.value, "work")
        rows.append(figures.row(model.net.node_of[element], (bar,), amounts, (), number=limit.value))
        day += limit.value
    indicator = indicator_of_sum(total, unit)
    return GanttPanel(
        title=model.variant_label[language],
        rows=tuple(rows),
        limits=tuple(
            GanttLimit(t.limit, text("gantt.limit", language, limit=format_quantity(t.limit, t.unit, language)))
            for t in model.targets
            if t.indicator == indicator
        ),
        finish=_finish(model, indicator, day, day, language),
        columns=figures.columns(),
        calendar=_calendar(model, 0),
    )


# ---- pieces -----------------------------------------------------------------------------------------------------

_SHOWN: Final = (layout.ACTIVITY, layout.TIMER, layout.WATCHER, layout.SCOPE)


def _nodes_in_order(log: EventLog, model: SimulationModel) -> list[int]:
    """The nodes that a case waited at, by when it first came to them, each sub-process followed by its inside.

    Boundary timers stand only where they fired.
    """
    first: dict[str, int] = {}
    nodes: dict[str, int] = {}
    for node, enabled, outcome in zip(log.node.tolist(), log.enabled.tolist(), log.outcome.tolist(), strict=True):
        kind = model.net.kinds[node] if node != CASE_NODE else NONE
        if kind in _SHOWN and not (kind == layout.WATCHER and outcome == CANCELLED):
            element = model.net.elements[node]
            nodes[element] = node
            first[element] = min(enabled, first.get(element, enabled))
    places = {element: number for number, element in enumerate(model.diagram.process.elements)}

    def path(element: str) -> list[tuple[int, int]]:
        scope = model.diagram.process.elements[element].scope
        before = path(scope) if scope in places else []
        return [*before, (first.get(element, 0), places[element])]

    return [nodes[element] for element in sorted(nodes, key=path)]


def _depth(model: SimulationModel, node: int) -> int:
    elements = model.diagram.process.elements
    scope, depth = elements[model.net.elements[node]].scope, 0
    while scope in elements:
        scope, depth = elements[scope].scope, depth + 1
    return depth


class _Figures:
    """The rows' labels, departments and figures."""

    def __init__(self, model: SimulationModel, days: Mapping[str, np.ndarray], language: str) -> None:
        self.model = model
        self.days = {element: float(np.mean(values)) for element, values in days.items() if len(values)}
        self.limits = {m.element: m.limit for m in model.measured}
        self.language = language

    def columns(self) -> tuple[GanttColumn, ...]:
        """Waiting, handling, and days against the limit."""
        names = (("waiting", True), ("handling", False), ("against_limit", False))
        return tuple(GanttColumn(text(f"gantt.column.{name}", self.language), quiet) for name, quiet in names)

    def row(
        self,
        node: int,
        bars: tuple[GanttBar, ...],
        causes: np.ndarray,
        returns: tuple[float, ...],
        p90_day: float | None = None,
        number: float | None = None,
    ) -> GanttRow:
        model = self.model
        element = model.diagram.process.elements[model.net.elements[node]]
        lane = model.diagram.process.lanes.get(element.lane or "")
        waiting = sum(float(causes[CAUSES.index(cause)]) for cause in _WAITING)
        handling = float(causes.sum()) - waiting
        is_scope = model.net.kinds[node] == layout.SCOPE
        numbers = (
            GanttNumber("" if is_scope else f"{waiting:.1f}"),
            GanttNumber("" if is_scope else f"{handling:.1f}"),
            self._against_limit(element.id, number),
        )
        return GanttRow(
            label=model.name_of(element.id, self.language),
            department=model.name_of(lane.id, self.language) if lane else "",
            depth=_depth(model, node),
            bars=bars,
            numbers=numbers,
            returns=returns,
            p90_day=p90_day,
        )

    def _against_limit(self, element: str, number: float | None) -> GanttNumber:
        limit = self.limits.get(element)
        days = self.days.get(element) if number is None else number
        if limit is None or days is None:
            return GanttNumber("")
        return GanttNumber(f"{format_number(days)} / {format_number(limit.value)}", overdue=days > limit.value)


def _stacked(start: float, amounts: np.ndarray) -> tuple[GanttBar, ...]:
    """Mean times by cause after each other: waiting first, then work, then what is waited for outside."""
    bars = []
    order: tuple[Cause, ...] = ("queue", "batch", "off_hours", "work", "applicant", "third_party", "dwell")
    for cause in order:
        amount = float(amounts[CAUSES.index(cause)])
        if amount > 0:
            bars.append(GanttBar(start, start + amount, cause))
            start += amount
    return tuple(bars)


def _mean_days(logs: Sequence[EventLog], model: SimulationModel) -> dict[str, np.ndarray]:
    parts = [element_days(log, model) for log in logs]
    return {m.element: np.concatenate([part[m.element] for part in parts]) for m in model.measured}


def _finish(
    model: SimulationModel,
    indicator: str,
    value: float,
    day: float,
    language: str,
    interval: tuple[float, float] | None = None,
    p90_day: float | None = None,
) -> GanttFinish:
    """The end of the case, and what the indicator it is judged by says of it."""
    targets = [t for t in model.targets if t.indicator == indicator and t.op in ("<=", "<")]
    if interval is not None:  # the mean of all cases says nothing of a promise to each
        targets = [t for t in targets if t.statistic == "mean"]
    amount = format_quantity(value, unit_of(indicator, model.measured, model.sums), language)
    if not targets:
        return GanttFinish(day, text("gantt.finish.plain", language, amount=amount), None, interval, p90_day)
    target = targets[0]
    unit = target.unit
    met = value <= target.limit if target.op == "<=" else value < target.limit
    over = format_quantity(abs(value - target.limit), unit, language)
    limit = format_quantity(target.limit, unit, language)
    words = text(f"gantt.finish.{'met' if met else 'missed'}", language, amount=amount, limit=limit, over=over)
    return GanttFinish(day, words, met, interval, p90_day)


def _limits(model: SimulationModel, begin: int, language: str) -> tuple[GanttLimit, ...]:
    """Lines for limits on the whole case: a sum of procedures has no place on the axis."""
    lines = []
    for target in model.targets:
        if target.indicator == "working_days":
            day = (due(model.days, model.office, begin, target.limit, "working_day") - begin) / DAY
        elif target.indicator == "elapsed_days":
            day = target.limit
        else:
            continue
        limit = format_quantity(target.limit, target.unit, language)
        lines.append(GanttLimit(day, text("gantt.limit", language, limit=limit)))
    return tuple(dict.fromkeys(lines))


def _note(model: SimulationModel, measured: Replication, language: str) -> str:
    waiting = sum(float(measured.cases[f"{cause}_days"][0]) for cause in _WAITING)
    elapsed = float(measured.cases["elapsed_days"][0])
    return text(
        "gantt.note",
        language,
        share=waiting / elapsed if elapsed else 0.0,
        procedures=format_quantity(float(measured.cases["procedures"][0]), "procedures", language),
    )


def _calendar(model: SimulationModel, begin: int) -> GanttCalendar:
    """The real dates from a moment on, and the office's hours on its first working day."""
    first = begin // DAY
    working = tuple(bool(day) for day in model.days.working[first : first + LONGEST_CALENDAR])
    day = first + working.index(True) if True in working else first
    pieces = model.office.pieces(day * DAY, (day + 1) * DAY)
    hours = tuple(((a - day * DAY) // MINUTE, (b - day * DAY) // MINUTE) for a, b, is_open in pieces if is_open)
    midnight = datetime.combine(model.study.start, time())
    return GanttCalendar(midnight + timedelta(milliseconds=begin), working, hours)


def _days_off(model: SimulationModel, begin: int, end: int) -> tuple[tuple[float, float], ...]:
    """The days on which the calendar in use is closed, some days beyond the end."""
    first, last = begin // DAY, min(end // DAY + 30, len(model.days.working) - 1)
    off = [day for day in range(first, last + 1) if not model.days.working[day]]
    bands: list[tuple[float, float]] = []
    for day in off:
        left, right = max(0.0, (day * DAY - begin) / DAY), ((day + 1) * DAY - begin) / DAY
        if bands and abs(bands[-1][1] - left) < 1e-9:
            bands[-1] = (bands[-1][0], right)
        else:
            bands.append((left, right))
    return tuple(bands)
