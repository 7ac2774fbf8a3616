"""A live case on its way: brought to where its steps have led it, and moved by one step more.

The steps are the truth. A case is rebuilt by walking them through the workflow engine again, with the choices
that were recorded, so nothing of that engine is ever stored and a new version of it cannot lose a case. What a
step changes (entries that open and end, clocks that run and stand) is worked out here and kept beside the steps.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final

from engine.calendars.durations import TimeTextError, iso_duration, iso_moment
from engine.calendars.units import DAY, HOUR, MINUTE
from engine.errors import BadInput, Finding, RunError
from engine.expressions.compiling import ConditionError, compile_condition
from engine.expressions.evaluating import evaluate
from engine.live.case import Executable, LiveCase
from engine.live.entry import Entry
from engine.live.moments import CaseCalendar, moment_of, text_of
from engine.live.plan import CasePlan, ClockPlan, TimerPlan
from engine.live.store import ClockRow, Step, TaskRow

__all__ = ["Change", "RunningCase", "parse_data"]

_UNIT_MS: Final = {"minute": MINUTE, "hour": HOUR, "working_day": DAY, "natural_day": DAY}
_TRUTHS: Final = {"true": "true", "false": "false", "yes": "true", "no": "false", "是": "true", "否": "false"}


@dataclass(frozen=True)
class Change:
    """A step and what it led to."""

    step: Step
    tasks: tuple[TaskRow, ...]
    clocks: tuple[ClockRow, ...]
    ended: str | None


@dataclass
class _Clock:
    plan: ClockPlan
    intervals: list[tuple[str, str | None]] = field(default_factory=list)
    pauses: list[tuple[str, str, str | None]] = field(default_factory=list)

    def row(self) -> ClockRow:
        return ClockRow(self.plan.name, self.plan.kind, tuple(self.intervals), tuple(self.pauses))


class RunningCase:
    """A case of an executable diagram, after its steps so far.

    Args:
        executable: The diagram that it started with.
        plan: Likewise.
        calendar: What timers of the office run on.
        steps: All of its steps, in order.
    """

    def __init__(
        self, executable: Executable, plan: CasePlan, calendar: CaseCalendar, steps: Sequence[Step] = ()
    ) -> None:
        self.plan = plan
        self._executable = executable
        self._calendar = calendar
        self._live = LiveCase(executable, self._choose)
        self._tasks: dict[str, TaskRow] = {}
        self._entries: dict[str, Entry] = {}
        self._clocks = {clock.key: _Clock(clock) for clock in plan.clocks}
        self._data: dict[str, str] = {}
        self._recorded: dict[str, str] | None = None  # the routes of a step that is walked again
        self._taken: dict[str, str] = {}
        self._pause: str | None = None
        self.steps: list[Step] = []
        for step in steps:
            self._recorded = dict(step.routes)
            self._walk(step)
        self._recorded = None

    # ---- what a case shows --------------------------------------------------------------------------------

    @property
    def is_complete(self) -> bool:
        """Whether no token is left."""
        return bool(self.steps) and self._live.is_complete

    @property
    def data(self) -> Mapping[str, str]:
        """All that was given so far."""
        return self._data

    @property
    def last(self) -> str:
        """When its last step was; empty before the first."""
        return self.steps[-1].at if self.steps else ""

    @property
    def paused(self) -> str | None:
        """Why the clocks of the whole case stand still; None if they do not."""
        return self._pause

    def tasks(self) -> list[TaskRow]:
        """Every entry so far, by beginning."""
        return list(self._tasks.values())

    def open(self, kind: str | None = None) -> list[TaskRow]:
        """The entries that are open; of one kind if it is given."""
        return [task for task in self._tasks.values() if task.ended is None and kind in (None, task.kind)]

    def clocks(self) -> list[ClockRow]:
        """The clocks that have begun."""
        return [clock.row() for clock in self._clocks.values() if clock.intervals]

    def next_timer(self) -> TaskRow | None:
        """The timer that is due first."""
        due = [task for task in self.open("timer") if task.due is not None]
        return min(due, key=lambda task: str(task.due)) if due else None

    # ---- steps --------------------------------------------------------------------------------------------

    def start(self, at: str, by: str, data: Mapping[str, str]) -> Change:
        """Let the case begin."""
        return self._step(Step(1, "start", "", "", at, by, data))

    def do(self, wanted: str, at: str, by: str, data: Mapping[str, str]) -> Change:
        """End an activity that is ready, or say that what an untimed timer waits for has happened.

        Args:
            wanted: An entry, an element id, or what people call the element.
            at: When.
            by: Who.
            data: Attributes of the case, and decisions: gateway to way out.

        Raises:
            RunError: It is not open, or a choice behind it has no answer; the case is spoilt then, load it anew.
        """
        task = self._find(wanted)
        return self._step(Step(len(self.steps) + 1, "do", task.element, task.entry, at, by, data))

    def fire(self, task: TaskRow) -> Change:
        """Let a timer fire at the moment when it is due."""
        at = max(str(task.due), self.last)
        return self._step(Step(len(self.steps) + 1, "timer", task.element, task.entry, at))

    def pause(self, reason: str, at: str, by: str) -> Change:
        """Stop the clocks of the whole case."""
        if self._pause is not None:
            raise RunError([self._finding("case.paused", {"reason": self._pause})])
        return self._step(Step(len(self.steps) + 1, "pause", "", "", at, by, {"reason": reason}))

    def resume(self, at: str, by: str) -> Change:
        """Let the clocks go on."""
        if self._pause is None:
            raise RunError([self._finding("case.not_paused", {})])
        return self._step(Step(len(self.steps) + 1, "resume", "", "", at, by))

    def _step(self, step: Step) -> Change:
        if self.last and step.at < self.last:
            raise RunError([self._finding("case.backwards", {"at": step.at, "last": self.last})])
        before = dict(self._tasks)
        clocks = {key: clock.row() for key, clock in self._clocks.items()}
        self._taken = {}
        self._walk(step)
        self.steps[-1] = made = replace(step, routes=dict(self._taken))
        return Change(
            made,
            tuple(task for entry, task in self._tasks.items() if before.get(entry) != task),
            tuple(c.row() for key, c in self._clocks.items() if c.row() != clocks[key]),
            step.at if self.is_complete else None,
        )

    def _walk(self, step: Step) -> None:
        if step.kind not in ("pause", "resume"):
            self._data.update(step.data)
        self.steps.append(step)
        if step.kind == "start":
            self._live.start()
        elif step.kind in ("do", "timer"):
            entry = self._entries[step.entry]
            if self._tasks[step.entry].kind == "activity":
                self._live.complete(entry)
            else:
                self._live.fire(entry)
        self._pause = step.data["reason"] if step.kind == "pause" else None if step.kind == "resume" else self._pause
        self._note(step.at)

    def _note(self, at: str) -> None:
        """What opened and ended, and which clocks run and stand because of it."""
        now: dict[str, tuple[Entry, str]] = {}
        for kind, entries in (
            ("scope", self._live.scopes()),
            ("activity", self._live.ready_entries()),
            ("timer", self._live.timers()),
        ):
            now.update({str(entry): (entry, kind) for entry in entries})
        for name, task in self._tasks.items():
            if task.ended is None and name not in now:
                self._tasks[name] = replace(task, ended=at)
        for name, (entry, kind) in now.items():
            if name not in self._tasks:
                due = self._due(entry.element, at) if kind == "timer" else None
                self._entries[name] = entry
                self._tasks[name] = TaskRow(name, entry.element, kind, at, None, due)
        running = {task.element for task in self._tasks.values() if task.ended is None}
        for clock in self._clocks.values():
            _run_clock(clock, running, self._pause, at)

    def _due(self, element: str, at: str) -> str | None:
        timer = self.plan.timers.get(element)
        return None if timer is None else timer_due(timer, at, self._calendar)

    # ---- choices ------------------------------------------------------------------------------------------

    def _choose(self, entry: Entry, ways: tuple[str, ...]) -> str:
        if self._recorded is not None:
            return self._recorded[str(entry)]
        gateway = entry.element
        conditions, default = self.plan.routes.get(gateway), self.plan.defaults.get(gateway)
        decided = self.steps[-1].data.get(gateway)
        if decided is not None:
            flow = self._decided(gateway, decided, ways)
        elif conditions is not None:
            flow = self._by_conditions(gateway, conditions, default, ways)
        else:
            options = "; ".join(self._way(way) for way in ways)
            values = {"label": self._label(gateway), "gateway": gateway, "first": ways[0], "options": options}
            raise RunError([self._finding("case.decide", values, gateway)])
        self._taken[str(entry)] = flow
        return flow

    def _decided(self, gateway: str, decided: str, ways: tuple[str, ...]) -> str:
        process = self._executable.diagram.process
        for way in ways:
            flow = process.flows[way]
            if decided in (way, flow.name or None, flow.target, *self.plan.names.get(flow.target, {}).values()):
                return way
        options = "; ".join(self._way(way) for way in ways)
        values = {"label": self._label(gateway), "found": decided, "options": options}
        raise RunError([self._finding("case.no_such_way", values, gateway)])

    def _way(self, way: str) -> str:
        flow = self._executable.diagram.process.flows[way]
        return f"{way} ({flow.name or self._label(flow.target)})"

    def _by_conditions(
        self, gateway: str, conditions: Mapping[str, str], default: str | None, ways: tuple[str, ...]
    ) -> str:
        missing = [name for flow in ways if flow in conditions for name in self._missing(conditions[flow])]
        if missing:
            values = {"label": self._label(gateway), "missing": ", ".join(dict.fromkeys(missing)), "first": missing[0]}
            raise RunError([self._finding("case.missing", values, gateway)])
        values_ = self._values()
        for flow in ways:
            if flow in conditions and flow != default:
                try:
                    if evaluate(compile_condition(conditions[flow], self.plan.attributes), values_):
                        return flow
                except ConditionError as error:
                    raise RunError([self._finding(f"condition.{error.code}", error.values, gateway)]) from None
                except ZeroDivisionError:
                    values = {"label": self._label(gateway), "text": conditions[flow]}
                    raise RunError([self._finding("case.division", values, gateway)]) from None
        if default is None:
            raise RunError([self._finding("case.no_way", {"label": self._label(gateway)}, gateway)])
        return default

    def _missing(self, text: str) -> list[str]:
        """The attributes that a condition asks for and nobody has given."""
        missing = []
        for attribute in self.plan.attributes:
            if attribute.name not in self._data:
                others = [one for one in self.plan.attributes if one.name != attribute.name]
                try:
                    compile_condition(text, others)
                except ConditionError as error:
                    if error.code == "unknown_attribute" and error.values.get("name") == attribute.name:
                        missing.append(attribute.name)
        return missing

    def _values(self) -> list[float]:
        values = []
        for attribute in self.plan.attributes:
            text = self._data.get(attribute.name)
            if text is None:
                values.append(0.0)  # not asked for, or it would be missing
            else:
                values.append(float(attribute.values.index(text)) if attribute.values else float(text))
        return values

    # ---- finding and saying -------------------------------------------------------------------------------

    def _find(self, wanted: str) -> TaskRow:
        can_do = [*self.open("activity"), *(task for task in self.open("timer") if task.due is None)]
        for task in can_do:
            names = self.plan.names.get(task.element, {})
            if wanted in (task.entry, task.element, *names.values()):
                return task
        waiting = ", ".join(f"{task.element} ({self._label(task.element)})" for task in can_do) or "-"
        raise RunError([self._finding("case.not_open", {"wanted": wanted, "waiting": waiting})])

    def _label(self, element: str) -> str:
        return self._executable.diagram.process.elements[element].label

    def _finding(self, code: str, values: Mapping[str, object], element: str | None = None) -> Finding:
        diagram = self._executable.diagram
        drawn = diagram.process.elements.get(element) if element is not None else None
        return Finding(code, values, diagram.file, drawn.line if drawn else None, element=element)


def timer_due(timer: TimerPlan, since: str, calendar: CaseCalendar) -> str | None:
    """When a timer fires that is set at a moment; None beyond what is known."""
    if timer.text is not None:
        begin = moment_of(since)
        try:
            return text_of(begin + timedelta(milliseconds=iso_duration(timer.text, begin)))
        except TimeTextError:
            return text_of(iso_moment(timer.text))
        except OverflowError:
            return None
    hours = {"office": calendar.office, "working": calendar.days.hours(), "natural": calendar.always}[timer.clock]
    return calendar.text(hours.add_work(calendar.ms(since), round(timer.value * _UNIT_MS[timer.unit])))


def _run_clock(clock: _Clock, open_: set[str], pause: str | None, at: str) -> None:
    """Begin or end the present interval of a clock, and its pauses."""
    runs = any(element in open_ for element in clock.plan.elements)
    was = bool(clock.intervals) and clock.intervals[-1][1] is None
    reasons = [reason for element, reason in clock.plan.pauses.items() if element in open_]
    reason = (pause or (reasons[0] if reasons else None)) if runs else None
    standing = bool(clock.pauses) and clock.pauses[-1][2] is None
    if standing and (reason is None or clock.pauses[-1][0] != reason):
        clock.pauses[-1] = (*clock.pauses[-1][:2], at)
        standing = False
    if was and not runs:
        clock.intervals[-1] = (clock.intervals[-1][0], at)
    if runs and not was:
        clock.intervals.append((at, None))
    if reason is not None and not standing:
        clock.pauses.append((reason, at, None))


def parse_data(words: Sequence[str], plan: CasePlan, gateways: Sequence[str]) -> dict[str, str]:
    """``key=value`` words as data of a case.

    Args:
        words: As given.
        plan: Whose attributes are checked by type; other keys are kept as notes.
        gateways: Whose decisions may be given.

    Raises:
        BadInput: A word without ``=``, a value of the wrong type, or a key that looks like a known one.
    """
    known = {attribute.name: attribute for attribute in plan.attributes}
    data: dict[str, str] = {}
    findings = []
    for word in words:
        key, sign, value = (part.strip() for part in word.partition("="))
        close = difflib.get_close_matches(key, [*known, *gateways], 1, 0.8)
        if not sign or not key:
            findings.append(Finding("case.data_form", {"found": word}))
        elif key in known:
            values = known[key].values
            value = _TRUTHS.get(value.lower(), value) if values == ("false", "true") else value
            if not _fits(value, values):
                wanted = ", ".join(values) if values else "0, 1.5, ..."
                findings.append(Finding("case.data_value", {"key": key, "found": value, "wanted": wanted}))
            data[key] = value
        elif close and key not in gateways:
            findings.append(Finding("case.data_key", {"key": key, "close": close[0]}))
        else:
            data[key] = value
    if findings:
        raise BadInput(findings)
    return data


def _fits(value: str, values: tuple[str, ...]) -> bool:
    if values:
        return value in values
    try:
        return abs(float(value)) < float("inf")
    except ValueError:
        return False
