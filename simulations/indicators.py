"""From an event log to indicators: one number per measured case and indicator.

| indicator | meaning |
|---|---|
| ``procedures`` | sum of ``counts`` over the distinct measured elements that the case entered |
| ``<sum>_days``, ``hours`` | over the sum's elements: their time on the element's clock, pauses left out |
| ``<sum>_natural_days`` | the same in natural days: the other reading of an unsaid unit |
| ``procedure_days`` | days during which at least one procedure was open |
| ``elapsed_days`` | (end - submission) / 86,400,000 ms |
| ``working_days`` | the same interval on the working-day clock |
| ``doing_business_days`` | calendar days by the World Bank's rule |
| ``work_days``, ``queue_days``, ... | the critical chain by cause |
| ``visits``, ``documents``, ``cost`` | from the scenario's data per procedure |
| ``cost_share`` | cost in percent of the scenario's ``cost_base`` |
| ``no_visit_share`` | 100 for a case without a visit, else 0: the mean is the share in percent |
| ``<share>_share`` | likewise for a case that came to one of the share's elements |
| ``within_statutory_share`` | likewise for a case that kept every statutory limit of what it entered |
| ``<index>_index``, ``compression`` | arithmetic on paper, equal in all cases |
| ``clearance_rate``, ``backlog_left`` | of the whole replication, where it begins with a backlog |
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from engine.calendars.clock import CIVIL_RULES, ClockRules, due, elapsed
from engine.calendars.pausing import elapsed_of_many
from engine.calendars.units import DAY, Unit
from engine.log import CASE_NODE, DONE, NONE, EventLog
from simulations.causes import CAUSES, critical_chains
from simulations.doing_business import doing_business_days
from simulations.model import SimulationModel
from simulations.promises import MeasuredElement, Sum
from simulations.replication import Replication
from simulations.scores import PERCENT, flow, on_paper

__all__ = ["Measuring", "element_days", "indicator_of_sum", "measure", "sum_unit"]

F64: TypeAlias = npt.NDArray[np.float64]
I64: TypeAlias = npt.NDArray[np.int64]
Spans: TypeAlias = tuple[I64, I64, I64]
"""Open intervals: positions of the cases, begins, ends; ms."""

_NO_SPANS: Final[Spans] = (np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int64))


def indicator_of_sum(total: Sum, unit: str) -> str:
    """The name of a sum's indicator: ``<sum>_days``; a sum in hours is its own indicator."""
    return total.name if unit == "hour" else f"{total.name}_days"


def sum_unit(total: Sum, measured: Sequence[MeasuredElement]) -> Unit:
    """The unit of a sum: that of its first element's limit."""
    limit = next(m.limit for m in measured if m.element == total.elements[0])
    return limit.unit if limit else "working_day"


def measure(log: EventLog, model: SimulationModel) -> Replication:
    """The indicators of one replication, for the cases that arrived in the measured period and are finished."""
    return Measuring(log, model).replication()


class Measuring:
    """The measured and finished cases of one replication, and the time of their elements on any clock."""

    def __init__(self, log: EventLog, model: SimulationModel) -> None:
        self.log = log
        self.model = model
        study = model.study
        is_case = (log.node == CASE_NODE) & (log.enabled >= study.warmup) & (log.enabled < study.horizon)
        started = np.flatnonzero(is_case)
        done = started[log.outcome[started] == DONE]
        done = done[np.argsort(log.case[done], kind="stable")]
        self.cases = log.case[done]
        self.begin = log.enabled[done]
        self.end = log.ended[done]
        self.started = len(started)
        self.spans = {m.element: self.open_spans(m.element) for m in model.measured}

    def replication(self) -> Replication:
        """All indicators."""
        columns: dict[str, F64] = {"case": self.cases.astype(np.float64)}
        columns["procedures"] = self._procedures()
        columns |= self._sums()
        columns["procedure_days"] = self._open_time([m.element for m in self.model.measured if m.counts])
        columns["elapsed_days"] = (self.end - self.begin) / DAY
        columns["working_days"] = self._elapsed(self.begin, self.end, "working_day")
        columns["doing_business_days"] = self._doing_business()
        columns |= self._chain()
        columns |= self._burdens()
        columns |= self._shares()
        columns |= {name: np.full(len(self.cases), value) for name, value in self._constants().items()}
        number = int(self.log.replication[0]) if len(self.log) else 0
        return Replication(number, columns, self.started, len(self.cases), self.started - len(self.cases))

    # ---- intervals --------------------------------------------------------------------------------------------

    def open_spans(self, element: str) -> Spans:
        """When an element was open in the measured cases, in order of case and begin; overlaps are merged."""
        log = self.log
        rows = np.flatnonzero((log.node == self.model.net.node_of[element]) & (log.ended != NONE))
        position = np.searchsorted(self.cases, log.case[rows])
        position = np.minimum(position, max(0, len(self.cases) - 1))
        known = np.zeros(len(rows), np.bool_) if not len(self.cases) else self.cases[position] == log.case[rows]
        rows, position = rows[known], position[known]
        order = np.lexsort((log.enabled[rows], position))
        return _merged(position[order], log.enabled[rows][order], log.ended[rows][order])

    def _elapsed(
        self,
        begin: npt.NDArray[np.int64],
        end: npt.NDArray[np.int64],
        unit: Unit,
        rules: ClockRules = CIVIL_RULES,
    ) -> F64:
        return elapsed(self.model.days, self.model.office, begin, end, unit, rules)

    def on_clock(self, measured: MeasuredElement, unit: Unit, rules: ClockRules | None = None) -> F64:
        """Per case: the element's time on a clock, repetitions included, pauses left out.

        Args:
            measured: The element.
            unit: What is counted.
            rules: How; by default those of the element's limit.
        """
        rules = rules or (measured.limit.rules if measured.limit else CIVIL_RULES)
        (position, begin, end), deemed = self.clock_spans(measured)
        amount = self._elapsed(begin, end, unit, rules)
        clock, *pauses = self._pauses(measured, (position, begin, end), deemed)
        if len(clock):
            which, number = np.unique(clock, return_inverse=True)
            days, office = self.model.days, self.model.office
            own = number, pauses[0], pauses[1]
            amount[which] = elapsed_of_many(days, office, begin[which], end[which], own, unit, rules)
        total = np.zeros(len(self.cases))
        np.add.at(total, position, amount)
        return total

    def clock_spans(self, measured: MeasuredElement) -> tuple[Spans, npt.NDArray[np.bool_]]:
        """The open intervals on the clock: from the acceptance on, or from the receipt where silence accepted.

        Returns:
            The intervals, and of each whether the application counts as accepted because nobody said in time what
            was missing (Administrative Licensing Law, art. 32 (4)).
        """
        position, begin, end = self.spans[measured.element]
        deemed = np.zeros(len(position), np.bool_)
        if measured.acceptance is None:
            return (position, begin, end), deemed
        within = measured.acceptance.within
        looks: dict[int, list[tuple[int, int]]] = {}
        for case, start, stop in zip(*(p.tolist() for p in self.open_spans(measured.acceptance.element)), strict=True):
            looks.setdefault(case, []).append((start, stop))
        begin = begin.copy()
        for i, case in enumerate(position.tolist()):
            inside = [stop for start, stop in looks.get(case, ()) if begin[i] <= start and stop <= end[i]]
            if not inside:
                continue
            latest = due(self.model.days, self.model.office, int(begin[i]), within.value, within.unit, within.rules)
            deemed[i] = inside[0] > latest
            if not deemed[i]:
                begin[i] = inside[-1]
        return (position, begin, end), deemed

    def _pauses(self, measured: MeasuredElement, spans: Spans, deemed: npt.NDArray[np.bool_]) -> Spans:
        """The pauses inside open intervals: the place of the interval, ascending, begin, end; cut to it.

        Where silence accepted the application, asking for corrections stops no clock.
        """
        position, begin, end = spans
        parts = [self.open_spans(element) for element in measured.pauses]
        if not parts:
            return _NO_SPANS
        case, start, stop = (np.concatenate([part[i] for part in parts]) for i in range(3))
        corrects = np.repeat(
            [measured.specials.get(element) == "correction" for element in measured.pauses],
            [len(part[0]) for part in parts],
        )
        order = np.argsort(case, kind="stable")
        case, start, stop, corrects = case[order], start[order], stop[order], corrects[order]
        first = np.searchsorted(case, position, side="left")
        number = np.searchsorted(case, position, side="right") - first
        interval = np.repeat(np.arange(len(position)), number)
        pause = np.arange(len(interval)) + np.repeat(first - (np.cumsum(number) - number), number)
        start, stop = start[pause], stop[pause]
        inside = (start < end[interval]) & (stop > begin[interval]) & ~(corrects[pause] & deemed[interval])
        interval, start, stop = interval[inside], start[inside], stop[inside]
        return interval, np.maximum(start, begin[interval]), np.minimum(stop, end[interval])

    def _entered(self, element: str) -> npt.NDArray[np.bool_]:
        entered = np.zeros(len(self.cases), np.bool_)
        entered[self.spans[element][0]] = True
        return entered

    # ---- indicators -------------------------------------------------------------------------------------------

    def _procedures(self) -> F64:
        total = np.zeros(len(self.cases))
        for measured in self.model.measured:
            total += measured.counts * self._entered(measured.element)
        return total

    def _sums(self) -> dict[str, F64]:
        columns: dict[str, F64] = {}
        by_element = {m.element: m for m in self.model.measured}
        for total in self.model.sums:
            unit = sum_unit(total, self.model.measured)
            parts = [by_element[element] for element in total.elements]
            on_clock = [self.on_clock(m, m.limit.unit if m.limit else unit) for m in parts]
            columns[indicator_of_sum(total, unit)] = np.sum(on_clock, axis=0)
            if unit != "hour":
                natural = [self.on_clock(m, "natural_day") for m in parts]
                columns[f"{total.name}_natural_days"] = np.sum(natural, axis=0)
        return columns

    def _open_time(self, elements: Sequence[str]) -> F64:
        """Days during which at least one of the elements was open."""
        total = np.zeros(len(self.cases))
        if elements:
            spans = [self.spans[element] for element in elements]
            position, begin, end = (np.concatenate([s[i] for s in spans]) for i in range(3))
            order = np.lexsort((begin, position))
            position, begin, end = _merged(position[order], begin[order], end[order])
            np.add.at(total, position, (end - begin) / DAY)
        return total

    def _doing_business(self) -> F64:
        """Calendar days by the World Bank's rule; what is not a procedure (building works) takes no time."""
        counted = [m for m in self.model.measured if m.counts]
        spans = [self.spans[m.element] for m in counted]
        if not spans:
            return np.zeros(len(self.cases))
        case, begin, end = (np.concatenate([part[i] for part in spans]) for i in range(3))
        which = np.repeat(np.arange(len(counted)), [len(part[0]) for part in spans])
        order = np.lexsort((end, begin, case))
        online = np.array([m.online for m in counted], np.bool_)[which[order]]
        counts = np.array([m.counts for m in counted], np.int64)[which[order]]
        return doing_business_days(len(self.cases), case[order], begin[order], end[order], online, counts)

    def _chain(self) -> dict[str, F64]:
        chains = critical_chains(self.log, self.model)
        at = np.searchsorted(chains.case, self.cases)
        return {f"{cause}_days": chains.causes[at, i] / DAY for i, cause in enumerate(CAUSES)}

    def _burdens(self) -> dict[str, F64]:
        """What the applicant has to do and pay; left out where the scenario says nothing."""
        columns: dict[str, F64] = {}
        for name in ("visits", "documents", "cost"):
            stated = [(m, getattr(m, name)) for m in self.model.measured if getattr(m, name) is not None]
            if not stated:
                continue
            columns[name] = np.zeros(len(self.cases))
            for measured, amount in stated:
                if name == "visits":  # each entry is a visit of its own
                    np.add.at(columns[name], self.spans[measured.element][0], amount)
                else:
                    columns[name] += amount * self._entered(measured.element)
        if "visits" in columns:
            columns["no_visit_share"] = np.where(columns["visits"] == 0, PERCENT, 0.0)
        if "cost" in columns and self.model.cost_base is not None:
            columns["cost_share"] = PERCENT * columns["cost"] / self.model.cost_base
        return columns

    def _shares(self) -> dict[str, F64]:
        """In percent: 100 for the cases that belong to a share, 0 for the others."""
        columns: dict[str, F64] = {}
        for share in self.model.shares:
            came = np.zeros(len(self.cases), np.bool_)
            for element in share.elements:
                came[self.open_spans(element)[0]] = True
            columns[f"{share.name}_share"] = np.where(came, PERCENT, 0.0)
        limited = [(m, m.statutory) for m in self.model.measured if m.statutory is not None]
        if limited:
            kept = np.ones(len(self.cases), np.bool_)
            for measured, limit in limited:
                kept &= self.on_clock(measured, limit.unit) <= limit.value
            columns["within_statutory_share"] = np.where(kept, PERCENT, 0.0)
        return columns

    def _constants(self) -> dict[str, float]:
        """What is the same for all cases of a replication."""
        study, log = self.model.study, self.log
        constants = on_paper(self.model.measured, self.model.indices)
        if study.opening:
            of_case = np.flatnonzero(log.node == CASE_NODE)
            ended = np.where(log.outcome[of_case] == DONE, log.ended[of_case], NONE)
            constants |= flow(log.enabled[of_case], ended, study.opening, study.warmup, study.horizon)
        return constants


def element_days(log: EventLog, model: SimulationModel) -> Mapping[str, F64]:
    """Per measured element: its time on its own clock (the unit of its limit, else working days), per case."""
    measuring = Measuring(log, model)
    return {m.element: measuring.on_clock(m, m.limit.unit if m.limit else "working_day") for m in model.measured}


def _merged(position: npt.NDArray[np.intp], begin: npt.NDArray[np.int64], end: npt.NDArray[np.int64]) -> Spans:
    """Merge overlapping intervals of a case; sorted by (position, begin)."""
    if not len(position):
        return position.astype(np.int64), begin, end
    overlaps = (position[1:] == position[:-1]) & (begin[1:] < end[:-1])
    if not overlaps.any():
        return position.astype(np.int64), begin, end
    # The furthest end so far within a case: each case is lifted above all before it, so one running maximum does.
    new = np.concatenate([[True], position[1:] != position[:-1]])
    lift = np.cumsum(new) * (int(end.max()) + 1)
    reached = np.maximum.accumulate(end + lift) - lift
    opens = new.copy()
    opens[1:] |= begin[1:] >= reached[:-1]
    closes = np.concatenate([np.flatnonzero(opens)[1:] - 1, [len(position) - 1]])
    return position[opens].astype(np.int64), begin[opens], reached[closes]
