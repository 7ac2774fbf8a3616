"""What a live case needs to know besides its diagram, frozen when the case starts.

A case finishes on the plan and the diagram it started with, whatever becomes of the scenario's file, so a plan
is kept in the store as JSON of its own and knows nothing of scenarios.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Literal, TypeAlias

from engine.calendars.units import Unit
from engine.net import Attribute

__all__ = ["CalendarPlan", "CasePlan", "ClockKind", "ClockPlan", "Names", "PauseReason", "Span", "TimerPlan"]

Names: TypeAlias = Mapping[str, str]
"""Language to name."""

ClockKind: TypeAlias = Literal["statutory", "promised", "publicity", "assumed"]
PauseReason: TypeAlias = Literal["correction", "expert_review", "publicity", "works", "other"]
Span: TypeAlias = tuple[int, int]


@dataclass(frozen=True)
class ClockPlan:
    """A limit that runs on a case.

    Args:
        name: The element that it limits, or the name of a sum.
        kind: A statute's limit, one that the policy promises, a publicity period, or an assumed one.
        elements: It runs while one of them is open.
        source: What states the limit.
        pauses: Element to the reason for which the clock stands still while it is open.
        is_case: It limits the case as a whole (a sum of promises), not a step.
    """

    name: str
    kind: ClockKind
    elements: tuple[str, ...]
    value: float
    unit: Unit
    source: str
    pauses: Mapping[str, str] = field(default_factory=dict)
    is_case: bool = False

    @property
    def key(self) -> str:
        """Names the clock within its case."""
        return f"{self.name}:{self.kind}"


@dataclass(frozen=True)
class TimerPlan:
    """When a timer fires: at ``text`` (ISO 8601 duration or moment), or after ``value`` of a clock.

    Args:
        text: As drawn in the diagram; none where the scenario states a fixed time.
        clock: What a fixed time of the scenario runs on.
    """

    text: str | None = None
    value: float = 0.0
    unit: Unit = "natural_day"
    clock: Literal["office", "working", "natural"] = "natural"


@dataclass(frozen=True)
class CalendarPlan:
    """Working days and the hours of the office.

    Args:
        holidays: ISO date to whether it is worked.
        days: On which days the office is open: ``working``, ``natural``, or weekdays (0 = Monday).
        open: ``(from, to)`` in ms of the day.
        exceptions: ``(first, last or None, open)``.
        weekly: ``(weekday, open)`` of the weekdays with hours of their own (0 = Monday).
    """

    country: Literal["CN", "none"]
    holidays: Mapping[str, bool] = field(
        hash=False
    )  # equal plans still have equal hashes: calendars are cached by them
    days: Literal["working", "natural"] | tuple[int, ...]
    open: tuple[Span, ...]
    exceptions: tuple[tuple[str, str | None, tuple[Span, ...]], ...] = ()
    weekly: tuple[tuple[int, tuple[Span, ...]], ...] = ()


@dataclass(frozen=True)
class CasePlan:
    """A variant of a pipeline as live cases run it.

    Args:
        departments: Element to the lane that does it.
        names: Element or lane to what people call it.
        attributes: What conditions may ask for.
        routes: Gateway to its conditions by flow; choices without are the person's.
        defaults: Gateway to the flow taken when no condition holds.
        timers: Timer to when it fires; those without wait for somebody to say that it has happened.
    """

    pipeline: str
    variant: str
    label: Names
    variant_label: Names
    calendar: CalendarPlan
    departments: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, Names] = field(default_factory=dict)
    attributes: tuple[Attribute, ...] = ()
    routes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    timers: Mapping[str, TimerPlan] = field(default_factory=dict)
    clocks: tuple[ClockPlan, ...] = ()

    def name_of(self, element: str, language: str) -> str:
        """What people call an element or a lane; its id if nobody said."""
        return self.names.get(element, {}).get(language) or element

    def department_of(self, element: str, language: str) -> str:
        """What people call the lane of an element; empty without lanes."""
        lane = self.departments.get(element, "")
        return self.name_of(lane, language) if lane else ""

    def to_json(self) -> str:
        """The same plan always gives the same text."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    def digest(self) -> str:
        """``sha256:`` of that text."""
        return "sha256:" + hashlib.sha256(self.to_json().encode()).hexdigest()

    @classmethod
    def from_json(cls, text: str) -> CasePlan:
        """The plan whose text it is."""
        found: dict[str, Any] = json.loads(text)
        calendar = found["calendar"]
        days = calendar["days"]
        made = CalendarPlan(
            calendar["country"],
            calendar["holidays"],
            "working" if days == "working" else "natural" if days == "natural" else tuple(days),
            _spans(calendar["open"]),
            tuple((first, last, _spans(spans)) for first, last, spans in calendar["exceptions"]),
            tuple((day, _spans(spans)) for day, spans in calendar.get("weekly", ())),  # older plans have none
        )
        return cls(
            **{
                **found,
                "calendar": made,
                "attributes": tuple(Attribute(a["name"], tuple(a["values"])) for a in found["attributes"]),
                "timers": {id_: TimerPlan(**timer) for id_, timer in found["timers"].items()},
                "clocks": tuple(ClockPlan(**{**c, "elements": tuple(c["elements"])}) for c in found["clocks"]),
            }
        )

    def holidays(self) -> dict[date, bool]:
        """The single days that the calendar lacks, or that are otherwise here."""
        return {date.fromisoformat(day): worked for day, worked in self.calendar.holidays.items()}


def _spans(spans: Any) -> tuple[Span, ...]:
    return tuple((int(opens), int(closes)) for opens, closes in spans)
