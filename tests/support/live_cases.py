"""A small permit with a correction, a timer and a clock, to be run as live cases."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Final

from engine.live.cases import Cases
from engine.live.plan import CalendarPlan, CasePlan, ClockPlan, TimerPlan
from engine.net import Attribute

__all__ = ["DIAGRAM", "PLAN", "opened", "source"]

DIAGRAM: Final = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="urn:reformsim:tests">
  <process id="permit">
    <startEvent id="Start"/>
    <subProcess id="Permit">
      <startEvent id="In"/>
      <userTask id="Accept"/>
      <exclusiveGateway id="Complete"/>
      <userTask id="Correct"/>
      <userTask id="Review"/>
      <boundaryEvent id="Remind" attachedToRef="Review" cancelActivity="false"><timerEventDefinition/></boundaryEvent>
      <endEvent id="Out"/>
      <endEvent id="Reminded"/>
      <sequenceFlow id="f1" sourceRef="In" targetRef="Accept"/>
      <sequenceFlow id="f2" sourceRef="Accept" targetRef="Complete"/>
      <sequenceFlow id="yes" sourceRef="Complete" targetRef="Review"/>
      <sequenceFlow id="no" name="incomplete" sourceRef="Complete" targetRef="Correct"/>
      <sequenceFlow id="f3" sourceRef="Correct" targetRef="Accept"/>
      <sequenceFlow id="f4" sourceRef="Review" targetRef="Out"/>
      <sequenceFlow id="f5" sourceRef="Remind" targetRef="Reminded"/>
    </subProcess>
    <exclusiveGateway id="Large"/>
    <userTask id="Visit"/>
    <intermediateCatchEvent id="Cool"><timerEventDefinition/></intermediateCatchEvent>
    <endEvent id="End"/>
    <sequenceFlow id="f6" sourceRef="Start" targetRef="Permit"/>
    <sequenceFlow id="f7" sourceRef="Permit" targetRef="Large"/>
    <sequenceFlow id="big" sourceRef="Large" targetRef="Visit"/>
    <sequenceFlow id="small" sourceRef="Large" targetRef="Cool"/>
    <sequenceFlow id="f8" sourceRef="Visit" targetRef="Cool"/>
    <sequenceFlow id="f9" sourceRef="Cool" targetRef="End"/>
  </process>
</definitions>
"""

_HOURS: Final = ((8 * 3_600_000, 12 * 3_600_000), (14 * 3_600_000, 18 * 3_600_000))

PLAN: Final = CasePlan(
    pipeline="permit",
    variant="after",
    label={"zh": "许可", "en": "Permit"},
    variant_label={"zh": "改革后", "en": "After"},
    calendar=CalendarPlan("CN", {}, "working", _HOURS),
    departments={"Accept": "Hall", "Review": "Office", "Correct": "Applicant"},
    names={"Accept": {"zh": "受理", "en": "Accept it"}, "Hall": {"zh": "大厅", "en": "Hall of services"}},
    attributes=(Attribute("area"), Attribute("urgent", ("false", "true"))),
    routes={"Large": {"big": "area >= 500"}},
    defaults={"Large": "small"},
    timers={"Remind": TimerPlan("P2D"), "Cool": TimerPlan(None, 1.0, "working_day", "working")},
    clocks=(
        ClockPlan("Permit", "promised", ("Permit",), 3, "working_day", "a", {"Correct": "correction"}),
        ClockPlan("Permit", "statutory", ("Permit",), 20, "working_day", "b", {"Correct": "correction"}),
        ClockPlan("all", "promised", ("Permit", "Visit"), 5, "working_day", "c", {}, True),
    ),
)
"""Three working days promised for the permit, twenty by statute, five for permit and visit together."""


def source(content: bytes = DIAGRAM) -> tuple[str, str, bytes]:
    """Digest, name and bytes of a diagram."""
    return "sha256:" + sha256(content).hexdigest(), "permit.bpmn", content


def opened(path: Path, now: str, create: bool = False) -> Cases:
    """A store at a moment written to the minute."""
    return Cases(path, f"{now}:00.000", create)
