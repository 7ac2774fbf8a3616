"""Live cases in a store: started, looked at, moved, and let go on by the clock.

Every command first lets the timers fire that have become due, each at its own moment and as a step of its own.
An activity that is done at the very moment of a timer comes before it, as in simulation (`engine.order`). Where
another process was faster, the case is looked at anew: what is then no longer possible is said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from engine.diagram.reader import read_bytes
from engine.errors import BadInput, Finding, RunError
from engine.live.case import Executable, prepare
from engine.live.lights import YELLOW_SHARE, ClockState, clock_state
from engine.live.moments import CaseCalendar, calendar_for, moment_of
from engine.live.plan import CasePlan
from engine.live.running import Change, RunningCase, parse_data
from engine.live.store import CaseRow, ClockRow, ConflictError, Store, TaskRow

__all__ = ["Cases"]

_TRIES: Final = 1_000  # by turns with other processes
_MOST_TIMERS: Final = 1_000  # of one case, in one go
_SLACK: Final = timedelta(seconds=60)  # by which the clocks of two computers may differ


class Cases:
    """The cases of a store.

    Args:
        path: Its file.
        now: The present moment, ISO 8601 to the ms.
        create: Make the file where there is none.
        holidays: Days that are otherwise than the calendars say.

    Raises:
        BadInput: The file is no store that can be used.
    """

    def __init__(self, path: Path, now: str, create: bool = False, holidays: Mapping[date, bool] | None = None) -> None:
        self.store = Store(path, create)
        self.now = now
        self._holidays = dict(holidays or {})
        self._plans: dict[str, CasePlan] = {}
        self._executables: dict[str, Executable] = {}

    def __enter__(self) -> Cases:
        return self

    def __exit__(self, *_: object) -> None:
        self.store.close()

    # ---- reading ------------------------------------------------------------------------------------------

    def case(self, number: int) -> CaseRow:
        """A case.

        Raises:
            BadInput: There is none of this number.
        """
        found = self.store.case(number)
        if found is None:
            values = {"case": number, "file": str(self.store.path)}
            raise BadInput([Finding("case.unknown", values, file=str(self.store.path))])
        return found

    def plan(self, digest: str) -> CasePlan:
        """The plan of a digest."""
        if digest not in self._plans:
            self._plans[digest] = CasePlan.from_json(self.store.plan(digest))
        return self._plans[digest]

    def calendar(self, case: CaseRow) -> CaseCalendar:
        """The calendar of a case."""
        return calendar_for(self.plan(case.plan).calendar, self._holidays, case.started, self.now)

    def states(self, case: CaseRow, clocks: Sequence[ClockRow], yellow: float = YELLOW_SHARE) -> list[ClockState]:
        """Where the clocks of a case stand now, or stood when it ended."""
        calendar = self.calendar(case)
        plans = {(clock.name, str(clock.kind)): clock for clock in self.plan(case.plan).clocks}
        now = max(case.ended or self.now, case.started)
        return [clock_state(plans[row.name, row.kind], row, calendar, now, yellow) for row in clocks]

    def load(self, number: int) -> RunningCase:
        """A case, brought to where its steps have led it."""
        row = self.case(number)
        return RunningCase(
            self._executable(row.diagram), self.plan(row.plan), self.calendar(row), self.store.steps(number)
        )

    # ---- moving -------------------------------------------------------------------------------------------

    def start(self, diagram: tuple[str, str, bytes], plan: CasePlan, title: str, by: str, words: Sequence[str]) -> int:
        """Start a case.

        Args:
            diagram: Digest, name and bytes.
            plan: What else it needs.
            title: What people call it.
            by: Who starts it.
            words: ``key=value``: attributes, notes and decisions.

        Returns:
            Its number.

        Raises:
            BadInput: The diagram holds what live cases do not run, or the data is wrong.
            RunError: The case cannot begin.
        """
        digest, file, content = diagram
        executable = prepare(read_bytes(content, file))
        data = parse_data(words, plan, list(executable.ways))
        row = CaseRow(0, 0, "open", plan.pipeline, plan.variant, digest, plan.digest(), self.now, None, title)
        case = RunningCase(executable, plan, calendar_for(plan.calendar, self._holidays, self.now, self.now))
        change = case.start(self.now, by, data)
        try:
            number = self.store.new_case(diagram, (plan.digest(), plan.to_json()), row)
            self._write(number, change)
        except BaseException:
            self.store.forget()
            raise
        self.advance([number])
        return number

    def do(self, number: int, task: str, by: str, words: Sequence[str]) -> Change:
        """End an open activity of a case, or say that what a timer without a time waits for has happened.

        Raises:
            BadInput: There is no such case, or the data is wrong.
            RunError: The task is not open, or a choice behind it has no answer; nothing is written.
        """

        def move(case: RunningCase, at: str) -> Change:
            gateways = list(self._executable(self.case(number).diagram).ways)
            return case.do(task, at, by, parse_data(words, case.plan, gateways))

        return self._moved(number, move)

    def pause(self, number: int, reason: str, by: str) -> Change:
        """Stop the clocks of a case."""
        return self._moved(number, lambda case, at: case.pause(reason, at, by))

    def resume(self, number: int, by: str) -> Change:
        """Let the clocks of a case go on."""
        return self._moved(number, lambda case, at: case.resume(at, by))

    def advance(self, numbers: Sequence[int] | None = None) -> int:
        """Let every timer fire that is due by now.

        Args:
            numbers: Of these cases; of all if none are given.

        Returns:
            How many fired.
        """
        due = self.store.with_timers_due(self.now)
        return sum(
            self._fire(n, lambda task: str(task.due) <= self.now) for n in due if numbers is None or n in numbers
        )

    def _moved(self, number: int, move: Callable[[RunningCase, str], Change]) -> Change:
        for _ in range(_TRIES):
            self._fire(number, lambda task: str(task.due) < self.now)
            case = self.load(number)
            if case.is_complete:
                raise RunError([Finding("case.done", {"case": number})])
            change = move(case, self._moment(case))
            try:
                self._write(number, change)
            except ConflictError:
                continue  # somebody else was faster: look again
            self.advance([number])
            return change
        raise RunError([Finding("case.busy", {"case": number})])

    def _fire(self, number: int, is_due: Callable[[TaskRow], bool]) -> int:
        fired = 0
        while True:
            case = self.load(number)
            task = case.next_timer()
            if task is None or not is_due(task):
                return fired
            if fired == _MOST_TIMERS:
                raise RunError([Finding("case.timers", {"case": number, "limit": _MOST_TIMERS})])
            try:
                self._write(number, case.fire(task))
                fired += 1
            except ConflictError:
                continue

    def _moment(self, case: RunningCase) -> str:
        """Now; the moment of the last step where another computer's clock is a little ahead."""
        if self.now < case.last and moment_of(case.last) - moment_of(self.now) <= _SLACK:
            return case.last
        return self.now

    def _write(self, number: int, change: Change) -> None:
        self.store.append(number, change.step, change.tasks, change.clocks, change.ended)

    def _executable(self, digest: str) -> Executable:
        if digest not in self._executables:
            file, content = self.store.diagram(digest)
            self._executables[digest] = prepare(read_bytes(content, file))
        return self._executables[digest]
