"""SpiffWorkflow, bent to our needs by subclasses alone: no clock, no Python from diagrams, sound joins.

Written against SpiffWorkflow 3.2. What is overridden, and why:

    LiveActivity, LiveTimer    say when they begin to wait, so that every entry has its number
    LiveTimer                  fires when it is told to; the original asks the computer's clock
    LiveParallelGateway        counts tokens per way in; the original counts those of earlier turns of a loop
    LiveQuestions              answers only *which flow was taken*; the original evaluates Python
    LiveWorkflow               stops when tokens move without end, and looks at flat lists of tasks; the
                               original walks the tree of all that ever happened, no deeper than 1,000 steps
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, Final, TypeAlias

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser, full_tag
from SpiffWorkflow.bpmn.parser.event_parsers import BoundaryEventParser, IntermediateCatchEventParser
from SpiffWorkflow.bpmn.parser.task_parsers import ConditionalGatewayParser, GatewayParser
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.script_engine.python_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.script_engine.python_environment import BasePythonScriptEngineEnvironment
from SpiffWorkflow.bpmn.specs.defaults import (
    BoundaryEvent,
    InclusiveGateway,
    IntermediateCatchEvent,
    ManualTask,
    ParallelGateway,
)
from SpiffWorkflow.bpmn.specs.event_definitions.base import EventDefinition
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.exceptions import SpiffWorkflowException, WorkflowException
from SpiffWorkflow.util.task import TaskState

from engine.live.derive import WAITING, element_of, flow_of
from engine.live.entry import Entry, Scope

__all__ = [
    "LiveParser",
    "LiveQuestions",
    "LiveWorkflow",
    "SpiffWorkflowException",
    "Task",
    "depth",
    "is_waiting",
]

Task: TypeAlias = Any  # SpiffWorkflow has no types

_MOST_MOVES: Final = 1_000  # of tokens, without anything that waits

for _logger in ("spiff.task", "spiff.workflow"):  # every state change is logged, and costs a walk of the tree
    logging.getLogger(_logger).setLevel(logging.WARNING)


class LiveActivity(ManualTask):  # type: ignore[misc]  # SpiffWorkflow has no types
    """An activity of any kind: waits until it is told to end."""

    def _on_ready_hook(self, my_task: Task) -> None:
        super()._on_ready_hook(my_task)
        my_task.workflow.top_workflow.begins_to_wait(my_task)


class LiveWaiting(ManualTask):  # type: ignore[misc]  # SpiffWorkflow has no types
    """An event-based gateway: waits for one of the events that hang on it, and nobody ends it."""


class LiveTimer(EventDefinition):  # type: ignore[misc]  # SpiffWorkflow has no types
    """A timer that fires when it is told to."""

    def update_task(self, my_task: Task) -> None:
        """Called when the timer is set, and again after each step of its scope."""
        my_task.workflow.top_workflow.begins_to_wait(my_task)


class LiveParallelGateway(ParallelGateway):  # type: ignore[misc]  # SpiffWorkflow has no types
    """Waits for one token on every way in; a second token on one way waits its turn (BPMN 2.0.2, 13.4.1)."""

    def _update_hook(self, my_task: Task) -> bool:
        first: dict[str, Task] = {}  # by way in: the token that has waited longest
        for task in my_task.workflow.tasks.values():
            if task.task_spec is self and (task is my_task or task.state == TaskState.WAITING):
                first.setdefault(task.parent.task_spec.name, task)
        if len(first) < len({source.name for source in self.inputs}):
            my_task._set_state(TaskState.WAITING)
            return False
        for task in first.values():
            if task is not my_task:
                task.cancel()  # its token is used up
        return True

    def _run_hook(self, my_task: Task) -> bool:
        # The original merges the data of earlier joins and removes what followed them; we have no data.
        return True


class LiveInclusiveGateway(InclusiveGateway):  # type: ignore[misc]  # SpiffWorkflow has no types
    """Takes the ways that it is told to."""


class _LiveCatchEventParser(IntermediateCatchEventParser):  # type: ignore[misc]  # SpiffWorkflow has no types
    def parse_timer_event(self, event: object) -> LiveTimer:
        return LiveTimer(self.bpmn_id)


class _LiveBoundaryEventParser(BoundaryEventParser):  # type: ignore[misc]  # SpiffWorkflow has no types
    def parse_timer_event(self, event: object) -> LiveTimer:
        return LiveTimer(self.bpmn_id)


class LiveParser(BpmnParser):  # type: ignore[misc]  # SpiffWorkflow has no types
    """Reads a derived file into the classes above."""

    OVERRIDE_PARSER_CLASSES: Final = {
        full_tag("manualTask"): (TaskParser, LiveActivity),
        full_tag(WAITING): (TaskParser, LiveWaiting),
        full_tag("parallelGateway"): (GatewayParser, LiveParallelGateway),
        full_tag("inclusiveGateway"): (ConditionalGatewayParser, LiveInclusiveGateway),
        full_tag("intermediateCatchEvent"): (_LiveCatchEventParser, IntermediateCatchEvent),
        full_tag("boundaryEvent"): (_LiveBoundaryEventParser, BoundaryEvent),
    }


class LiveQuestions(PythonScriptEngine):  # type: ignore[misc]  # SpiffWorkflow has no types
    """Answers the questions of choices, each choice asked once, and refuses to run anything.

    Args:
        choose: Says which flows an entry of a choice takes.
    """

    def __init__(self, choose: Callable[[Entry], frozenset[str]]) -> None:
        super().__init__(environment=BasePythonScriptEngineEnvironment())  # has nothing to evaluate with
        self._choose = choose
        self._taken: dict[object, frozenset[str]] = {}

    def evaluate(self, task: Task, expression: str, external_context: object = None) -> bool:
        """Was this flow taken by this entry?"""
        flow = flow_of(expression)
        if flow is None:
            return self._refuse(task)
        if task.id not in self._taken:
            self._taken[task.id] = self._choose(task.workflow.top_workflow.number(task))
        return flow in self._taken[task.id]

    def execute(self, task: Task, script: str, external_context: object = None) -> bool:
        """Scripts are never run."""
        return self._refuse(task)

    def call_service(self, task: Task, **kwargs: object) -> bool:
        """Services are never called."""
        return self._refuse(task)

    def _refuse(self, task: Task) -> bool:
        raise WorkflowException("no code of a diagram is ever run", task_spec=task.task_spec)


class _FlatUpdates:
    """Looks at the tasks in one list; the original walks the tree of all that ever happened."""

    tasks: dict[object, Task]

    def update_waiting_tasks(self) -> None:
        for task in [task for task in self.tasks.values() if task.state == TaskState.WAITING]:
            if task.state == TaskState.WAITING:  # not cancelled meanwhile
                task.task_spec._update(task)


class _LiveSubWorkflow(_FlatUpdates, BpmnSubWorkflow):  # type: ignore[misc]  # SpiffWorkflow has no types
    scope: Scope


class LiveWorkflow(_FlatUpdates, BpmnWorkflow):  # type: ignore[misc]  # SpiffWorkflow has no types
    """A running case; numbers the entries of its activities, timers, choices and sub-processes."""

    def __init__(self, spec: object, inner_specs: object, questions: LiveQuestions) -> None:
        self.scope: Scope = ()
        self._entries: dict[tuple[Scope, str], int] = {}
        self._waiting: dict[object, tuple[Entry, Task]] = {}
        self._scopes: dict[object, tuple[Entry, Task]] = {}
        super().__init__(spec, inner_specs, script_engine=questions)

    def number(self, task: Task) -> Entry:
        """A new entry of the element of a task."""
        scope, element = task.workflow.scope, element_of(task.task_spec.bpmn_id)
        visit = self._entries.get((scope, element), 0)
        self._entries[scope, element] = visit + 1
        return Entry(element, scope, visit)

    def begins_to_wait(self, task: Task) -> None:
        """An activity is ready, or a timer set; saying it again changes nothing."""
        if task.id not in self._waiting:
            self._waiting[task.id] = self.number(task), task

    def waiting(self) -> list[tuple[Entry, Task]]:
        """The activities that are ready and the timers that are set, in the order in which they began."""
        self._waiting = {key: (entry, task) for key, (entry, task) in self._waiting.items() if is_waiting(task)}
        return list(self._waiting.values())

    def create_subprocess(self, my_task: Task, spec_name: str) -> _LiveSubWorkflow:
        """Open a scope; called once for each entry of a sub-process."""
        entry = self.number(my_task)
        inner = _LiveSubWorkflow(self.subprocess_specs[spec_name], my_task.id, self)
        inner.scope = (*entry.scope, (entry.element, entry.visit))
        self.subprocesses[my_task.id] = inner
        self._scopes[my_task.id] = entry, my_task
        return inner

    def scopes(self) -> list[Entry]:
        """The sub-processes that are open, in the order in which they were entered."""
        self._scopes = {
            key: (entry, task) for key, (entry, task) in self._scopes.items() if task.state == TaskState.STARTED
        }
        return [entry for entry, _ in self._scopes.values()]

    def settle(self) -> bool:
        """Move tokens until every one of them waits.

        Returns:
            False if they still move after 1,000 moves: a loop in which nothing waits.
        """
        moves = 0
        while work := [task for scope in self._running() for task in scope.tasks.values() if _can_move(task)]:
            for task in work:
                if _can_move(task):
                    moves += 1
                    task.run()
            if moves > _MOST_MOVES:
                return False
        return True

    def _running(self) -> list[Any]:
        return [self, *(inner for inner in self.subprocesses.values() if not inner.completed)]


def is_waiting(task: Task) -> bool:
    """An activity is ready or a timer is set, and it has not been taken away."""
    state = TaskState.READY if task.task_spec.manual else TaskState.WAITING
    return bool(task.state == state) and task.id in task.workflow.tasks


def depth(task: Task) -> int:
    """How many tokens' steps lie between a task and the start of its scope."""
    steps = 0
    while (task := task.parent) is not None:
        steps += 1
    return steps


def _can_move(task: Task) -> bool:
    return task.state == TaskState.READY and not task.task_spec.manual
