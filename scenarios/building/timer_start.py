"""Arrivals that a timer start event gives, where the scenario states none."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from engine.calendars.durations import TimeTextError, iso_cycle, iso_duration, iso_moment
from engine.diagram.model import Diagram, Element, Part
from engine.errors import Finding
from scenarios.findings import Findings
from simulations.arrivals import Arrivals

__all__ = ["timer_arrivals"]

_MOST = 1_000_000  # cases of a cycle: more is a cycle written in the wrong unit


def timer_arrivals(diagram: Diagram, start: date, until: int, findings: Findings) -> Arrivals | None:
    """The moments at which the timer start event of the process fires.

    A date lets in one case, a duration one that long after the study's start, a cycle one at each of its turns,
    the first at its own start or one interval after the study's (BPMN 2.0.2, table 10.101).

    Args:
        start: Day 0 of the study.
        until: End of the run-out, ms.

    Returns:
        The arrivals, or None and a finding: the process starts by no timer, or its text cannot be read.
    """
    process = diagram.process
    event = next((e for e in process.inside(process.id) if e.tag == "startEvent" and e.find(_TIMER)), None)
    definition = event.find(_TIMER) if event else None
    if event is None or definition is None or not definition.parts:
        findings.error("no_arrivals", ("pipeline",))
        return None
    try:
        moments = _moments(definition.parts[0], start, until)
    except TimeTextError as error:
        findings.take([_placed(error, diagram, event)])
        return None
    return Arrivals.at([moment for moment in moments if 0 <= moment < until])


_TIMER = "timerEventDefinition"


def _placed(error: TimeTextError, diagram: Diagram, event: Element) -> Finding:
    return Finding(error.code, error.values, file=diagram.file, line=event.line, element=event.id)


def _moments(timer: Part, start: date, until: int) -> list[int]:
    midnight = datetime(start.year, start.month, start.day)
    if timer.tag == "timeDate":
        return [(iso_moment(timer.text) - midnight) // timedelta(milliseconds=1)]
    if timer.tag == "timeDuration":
        return [iso_duration(timer.text, midnight)]
    times, begin, interval = iso_cycle(timer.text)
    first = interval if begin is None else (begin - midnight) // timedelta(milliseconds=1)
    fits = max(0, -(-(until - first) // interval))
    return [first + turn * interval for turn in range(min(fits, _MOST if times is None else times, _MOST))]
