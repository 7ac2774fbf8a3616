"""Live cases as data: what ``--json`` prints and tables show."""

from __future__ import annotations

import argparse
from typing import Any

from engine.errors import BadInput, Finding
from engine.live.cases import Cases
from engine.live.lights import ClockState, case_light
from engine.live.plan import CasePlan
from engine.live.store import CaseRow

__all__ = ["case_view", "clock_view", "list_views"]


def clock_view(plan: CasePlan, state: ClockState, language: str) -> dict[str, Any]:
    """Where a clock stands."""
    element = "" if state.plan.is_case else state.plan.elements[0]
    return {
        "clock": state.plan.key,
        "name": plan.name_of(state.plan.name, language),
        "kind": state.plan.kind,
        "whole_case": state.plan.is_case,
        "element": element or None,
        "department": plan.department_of(element, language) if element else "",
        "limit": state.plan.value,
        "unit": state.plan.unit,
        "source": state.plan.source,
        "used": state.used,
        "due": state.due,
        "days_left": state.days_left,
        "open": state.is_open,
        "standing": state.standing,
        "light": state.light,
        "estimated": state.is_estimated,
    }


def list_views(cases: Cases, options: argparse.Namespace, language: str) -> list[dict[str, Any]]:
    """The cases that were asked for, one line each."""
    open_tasks, clocks = cases.store.open_tasks(), cases.store.clocks()
    rows = cases.store.cases(None if options.state == "all" else options.state)
    views, lanes = [], {}
    for case in rows:
        plan = cases.plan(case.plan)
        lanes.update({lane: plan.name_of(lane, language) for lane in plan.departments.values()})
        states = cases.states(case, clocks.get(case.id, []), options.yellow)
        running = [state for state in states if state.is_open and state.days_left is not None]
        first = min(running, key=lambda state: str(state.due), default=None)
        tasks = [task for task in open_tasks.get(case.id, ()) if task.kind != "scope"]
        elements = {task.element for task in tasks}
        if options.department and not any(_is_lane(plan, element, options.department) for element in elements):
            continue
        soon = any(s.days_left is not None and s.days_left <= options.within for s in running)
        late = any(state.light == "red" and state.is_open for state in states)
        if (options.due and not soon) or (options.overdue and not late):
            continue
        views.append(
            {
                "case": case.id,
                "title": case.title,
                "pipeline": case.pipeline,
                "variant": case.variant,
                "state": case.state,
                "started": case.started,
                "ended": case.ended,
                "light": case_light(states),
                "due": first.due if first else None,
                "days_left": first.days_left if first else None,
                "open": [
                    {
                        "element": task.element,
                        "name": plan.name_of(task.element, language),
                        "department": plan.department_of(task.element, language),
                        "since": task.since,
                    }
                    for task in tasks
                ],
            }
        )
    known = {*lanes, *lanes.values()}
    if options.department and rows and not views and not any(options.department in name for name in known):
        values = {"found": options.department, "known": ", ".join(sorted(lanes.values())) or "-"}
        raise BadInput([Finding("case.department", values)])
    return views


def _is_lane(plan: CasePlan, element: str, wanted: str) -> bool:
    lane = plan.departments.get(element)
    return lane is not None and wanted in (lane, *plan.names.get(lane, {}).values())


def case_view(cases: Cases, case: CaseRow, yellow: float, language: str) -> dict[str, Any]:
    """Everything about a case."""
    plan = cases.plan(case.plan)
    running = cases.load(case.id)
    states = cases.states(case, running.clocks(), yellow)
    return {
        "case": case.id,
        "title": case.title,
        "pipeline": case.pipeline,
        "label": plan.label[language],
        "variant": case.variant,
        "variant_label": plan.variant_label[language],
        "state": "done" if running.is_complete else "open",
        "started": case.started,
        "ended": case.ended,
        "light": case_light(states),
        "paused": running.paused,
        "data": dict(running.data),
        "diagram": case.diagram,
        "open": [
            {
                "element": task.element,
                "entry": task.entry,
                "kind": task.kind,
                "name": plan.name_of(task.element, language),
                "department": plan.department_of(task.element, language),
                "since": task.since,
                "fires": task.due,
            }
            for task in running.open()
        ],
        "clocks": [clock_view(plan, state, language) for state in states],
        "steps": [
            {
                "seq": step.seq,
                "kind": step.kind,
                "element": step.element,
                "name": plan.name_of(step.element, language) if step.element else "",
                "entry": step.entry,
                "at": step.at,
                "by": step.by,
                "data": dict(step.data),
                "routes": dict(step.routes),
            }
            for step in running.steps
        ],
    }
