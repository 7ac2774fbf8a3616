"""One case run by a workflow engine: what is ready, what is done, where it goes.

The engine is SpiffWorkflow; it runs the derived file of `engine.live.derive` and nothing else. There is no
clock: activities end and timers fire when they are told to. SpiffWorkflow's exceptions stay in here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from engine.diagram.model import Diagram
from engine.errors import BadInput, Finding, RunError
from engine.live.derive import choice_of, chooses, derive, process_in_engine
from engine.live.entry import Choose, Entry, listed
from engine.live.spiff import (
    LiveParser,
    LiveQuestions,
    LiveWorkflow,
    SpiffWorkflowException,
    Task,
    depth,
)

__all__ = ["Executable", "LiveCase", "default_flows", "prepare", "run_to_end"]

# SpiffWorkflow's walks stop silently at a depth of 1,000; a case is stopped before, aloud.
_DEEPEST: Final = 900


@dataclass(frozen=True)
class Executable:
    """A diagram that the workflow engine has read; any number of cases share it.

    Args:
        ways: Choice (`engine.live.derive.choice_of`) to its flows in document order.
        specs: The process and its sub-processes, in the engine's own form.
    """

    diagram: Diagram
    ways: Mapping[str, tuple[str, ...]]
    specs: tuple[Any, Any]


def prepare(diagram: Diagram) -> Executable:
    """Let the workflow engine read a diagram.

    Raises:
        BadInput: It holds what the workflow engine cannot run.
    """
    process = diagram.process
    name = process_in_engine(process.id)
    parser = LiveParser()
    derived = derive(diagram)
    try:
        parser.add_bpmn_str(derived)
        specs = parser.get_spec(name), parser.get_subprocess_specs(name)
    except (SpiffWorkflowException, RecursionError) as error:
        if "RecursionError" in _reason(error):  # its parser recurses from element to element
            size = {"elements": len(process.elements)}
            raise BadInput([Finding("live.too_large", size, diagram.file, process.line)]) from None
        values = {"reason": _reason(error)}
        raise BadInput([Finding("live.unreadable", values, diagram.file, process.line)]) from error
    ways = {
        choice_of(process, element): tuple(flow.id for flow in process.outgoing(element))
        for element in process.elements
        if chooses(process, element)
    }
    return Executable(diagram, ways, specs)


class LiveCase:
    """One case of a diagram.

    Args:
        executable: The diagram, prepared.
        choose: Says which flow each entry of an exclusive gateway takes.
    """

    def __init__(self, executable: Executable, choose: Choose) -> None:
        self._executable = executable
        self._choose = choose
        self._workflow = LiveWorkflow(*executable.specs, LiveQuestions(self._route))

    def start(self) -> None:
        """Let the first token run until it waits.

        Raises:
            RunError: The case cannot go on.
        """
        self._settle(None)

    @property
    def is_complete(self) -> bool:
        """Whether no token is left."""
        return bool(self._workflow.completed)

    def ready(self) -> list[str]:
        """The activities that may be done now, as they became ready; once for each entry."""
        return [entry.element for entry in self.ready_entries()]

    def ready_entries(self) -> list[Entry]:
        """The same, with scope and visit."""
        return [entry for entry, task in self._workflow.waiting() if task.task_spec.manual]

    def timers(self) -> list[Entry]:
        """The timers and boundary timers that are set, in the order in which they were."""
        return [entry for entry, task in self._workflow.waiting() if not task.task_spec.manual]

    def scopes(self) -> list[Entry]:
        """The sub-processes that are open, in the order in which they were entered."""
        return self._workflow.scopes()

    def complete(self, activity: str | Entry) -> None:
        """End an activity that is ready.

        Args:
            activity: An entry, or an element id for its earliest entry that is ready.

        Raises:
            RunError: It is not ready, or the case cannot go on.
        """
        task = self._find(activity, "live.not_ready", manual=True)
        with self._door(task):
            task.run()
        self._settle(task)

    def fire(self, timer: str | Entry) -> None:
        """Let a timer or boundary timer fire.

        Args:
            timer: An entry, or an element id for its earliest entry that is set.

        Raises:
            RunError: It is not set, or the case cannot go on.
        """
        task = self._find(timer, "live.not_set", manual=False)
        with self._door(task):
            task.task_spec.catch(task, None)
            task.task_spec._update(task)
        self._settle(task)

    def _find(self, wanted: str | Entry, code: str, manual: bool) -> Task:
        waiting = [(entry, task) for entry, task in self._workflow.waiting() if task.task_spec.manual == manual]
        for entry, task in waiting:
            if wanted in (entry, entry.element):
                return task
        element = wanted.element if isinstance(wanted, Entry) else wanted
        values = {"wanted": wanted, "waiting": listed(entry for entry, _ in waiting)}
        raise RunError([self._finding(code, values, element)])

    def _route(self, entry: Entry) -> frozenset[str]:
        ways = self._executable.ways[entry.element]
        answer = self._choose(entry, ways)
        chosen = frozenset((answer,) if isinstance(answer, str) else answer)
        if not chosen or not chosen <= set(ways):
            values = {"entry": entry, "chosen": ", ".join(sorted(chosen)), "ways": ", ".join(ways)}
            raise RunError([self._finding("live.no_such_way", values, entry.element)])
        return chosen

    def _settle(self, task: Task | None) -> None:
        if task is not None and depth(task) > _DEEPEST:
            raise RunError([self._finding("live.too_long", {"limit": _DEEPEST}, None)])
        with self._door(task):
            if not self._workflow.settle():
                raise RunError([self._finding("live.endless", {}, None)])

    @contextmanager
    def _door(self, task: Task | None) -> Iterator[None]:
        """Nothing of SpiffWorkflow goes through."""
        try:
            yield
        except (SpiffWorkflowException, RecursionError) as error:
            raise RunError([self._finding("live.stopped", {"reason": _reason(error)}, None)]) from error

    def _finding(self, code: str, values: Mapping[str, object], element: str | None) -> Finding:
        diagram = self._executable.diagram
        drawn = diagram.process.elements.get(element) if element is not None else None
        line = drawn.line if drawn is not None else None
        return Finding(code, values, diagram.file, line, element=element)


def default_flows(diagram: Diagram) -> Choose:
    """Every choice takes its default flow, or its first one if it has none."""
    elements = diagram.process.elements

    def choose(entry: Entry, ways: tuple[str, ...]) -> str:
        return elements[entry.element.removesuffix(".choice")].attributes.get("default", ways[0])

    return choose


def run_to_end(diagram: Diagram, choose: Choose | None = None, limit: int = 10_000) -> list[str]:
    """Run one case from start to end: what became ready first is done first; boundary timers do not fire.

    Args:
        diagram: A diagram that has passed the checks.
        choose: Says which flow each entry of an exclusive gateway takes; `default_flows` if nothing is said.
        limit: Most activities and timers.

    Returns:
        The element ids of the activities that were done and the timers that fired, in order.

    Raises:
        BadInput: The workflow engine cannot run the diagram.
        RunError: The case does not end: it is stuck, or goes on beyond the limit.
    """
    executable = prepare(diagram)
    elements = diagram.process.elements
    case = LiveCase(executable, choose or default_flows(diagram))
    case.start()
    done: list[str] = []
    while not case.is_complete:
        if len(done) == limit:
            raise RunError([Finding("live.limit", {"limit": limit}, diagram.file, diagram.process.line)])
        if ready := case.ready_entries():
            case.complete(ready[0])
            done.append(ready[0].element)
            continue
        timers = [entry for entry in case.timers() if elements[entry.element].tag != "boundaryEvent"]
        if not timers:
            values = {"done": len(done)}
            raise RunError([Finding("live.stuck", values, diagram.file, diagram.process.line)])
        case.fire(timers[0])
        done.append(timers[0].element)
    return done


def _reason(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"
