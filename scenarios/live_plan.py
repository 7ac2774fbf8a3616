"""What a live case needs of a scenario: clocks, timers, conditions, names and departments, frozen into a plan.

A limit is promised where the policy states it, statutory where a statute does, else assumed; a sum of limits
limits the case as a whole. Times that the scenario draws at random have no meaning for one real case: a timer
with such a time waits for somebody to say that it has happened.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.calendars.durations import TimeTextError, iso_duration, iso_moment
from engine.calendars.units import MINUTE
from engine.diagram.model import Element, Part
from engine.elements.meaning import event_definition
from engine.errors import BadInput, Finding
from engine.live.plan import CalendarPlan, CasePlan, ClockKind, ClockPlan, TimerPlan
from engine.net import Attribute
from scenarios.building.entries import entries
from scenarios.loading import LoadedScenario
from scenarios.schema.calendar import WEEKDAYS, Calendar, OpenHours, minutes_of
from scenarios.schema.numbers import LimitNumber
from scenarios.schema.process import Element as ElementText
from scenarios.schema.process import Measured, Route
from scenarios.sources import policy_facts
from simulations.model import SimulationModel
from simulations.promises import Label

__all__ = ["case_plan"]


def case_plan(scenario: LoadedScenario, variant: str) -> CasePlan:
    """The plan of the cases of a variant.

    Args:
        scenario: Checked whole.
        variant: One of its models.

    Raises:
        BadInput: It holds timers that no live case can run.
    """
    stated, model = scenario.stated, scenario.models[variant]
    process = model.diagram.process
    said = stated.variants[variant]
    elements = entries(stated.common.elements, said.elements, "elements", (), process.elements)
    routes = entries(stated.common.routes, said.routes, "routes", (), process.elements)
    conditions, defaults = _conditions(model, {id_: entry.spec for id_, entry in routes.items()})
    return CasePlan(
        pipeline=scenario.pipeline,
        variant=variant,
        label=_names(model.label),
        variant_label=_names(model.variant_label),
        calendar=_calendar(stated.calendar),
        departments={e.id: e.lane for e in process.elements.values() if e.lane is not None},
        names={id_: _names(label) for id_, label in (*model.names.items(), *((s.name, s.label) for s in model.sums))},
        attributes=tuple(Attribute(a.name, a.values) for a in model.attributes),
        routes=conditions,
        defaults=defaults,
        timers=_timers(model, {id_: entry.spec for id_, entry in elements.items()}),
        clocks=tuple(_clocks(scenario, model, {id_: entry.spec for id_, entry in elements.items()})),
    )


def _names(label: Label) -> dict[str, str]:
    return {"zh": label.zh, "en": label.en}


def _calendar(calendar: Calendar) -> CalendarPlan:
    hours: OpenHours = calendar.hours[calendar.office]
    return CalendarPlan(
        calendar.country,
        {day.isoformat(): word == "working" for day, word in calendar.holidays.items()},
        hours.days if isinstance(hours.days, str) else tuple(WEEKDAYS.index(day) for day in hours.days),
        _spans(hours.open),
        tuple(
            (one.date.isoformat(), None, _spans(one.open))
            if one.date is not None
            else (str(one.from_), str(one.to), _spans(one.open))
            for one in hours.exceptions
        ),
        tuple((WEEKDAYS.index(day), _spans(spans)) for day, spans in hours.weekly.items()),
    )


def _spans(spans: tuple[str, ...]) -> tuple[tuple[int, int], ...]:
    return tuple((opens * MINUTE, closes * MINUTE) for opens, closes in map(minutes_of, spans))


def _conditions(
    model: SimulationModel, routes: Mapping[str, Route]
) -> tuple[dict[str, dict[str, str]], dict[str, str]]:
    """Conditions and defaults of the gateways that choose by them; the others are left to people."""
    process = model.diagram.process
    conditions: dict[str, dict[str, str]] = {}
    defaults: dict[str, str] = {}
    for gateway in process.elements.values():
        flows = process.outgoing(gateway.id)
        route = routes.get(gateway.id)
        if not gateway.tag.endswith("Gateway") or len(flows) < 2 or (route and route.conditions is None):
            continue
        stated = (route.conditions if route else None) or {}
        texts = {flow.id: stated.get(flow.id) or flow.condition for flow in flows}
        found = {flow: text for flow, text in texts.items() if text is not None}
        default = (route.default if route else None) or gateway.attributes.get("default")
        if found:
            conditions[gateway.id] = found
            if default:
                defaults[gateway.id] = default
    return conditions, defaults


def _timers(model: SimulationModel, elements: Mapping[str, ElementText]) -> dict[str, TimerPlan]:
    """When each timer fires; those with a time drawn at random are left out."""
    timers: dict[str, TimerPlan] = {}
    findings: list[Finding] = []
    for element in model.diagram.process.elements.values():
        definition = event_definition(element)
        if element.tag == "startEvent" or definition is None or definition.tag != "timerEventDefinition":
            continue
        dwell = elements[element.id].dwell if element.id in elements else None
        if dwell is not None:
            if dwell.value is not None:
                clock = elements[element.id].dwell_clock(dwell)
                if dwell.unit == "second":
                    timers[element.id] = TimerPlan(None, dwell.value / 60, "minute", clock)
                else:
                    timers[element.id] = TimerPlan(None, dwell.value, dwell.unit, clock)
            continue
        found = next((part for part in definition.parts if part.tag.startswith("time")), None)
        text = _drawn(element, found, model.diagram.file, findings)
        if text is not None:
            timers[element.id] = TimerPlan(text)
    if findings:
        raise BadInput(findings)
    return timers


def _drawn(element: Element, part: Part | None, file: str, findings: list[Finding]) -> str | None:
    """The time drawn in a timer event, if it can be read."""
    if part is None:
        return None
    if part.tag == "timeCycle":
        values = {"what": "timeCycle"}
        findings.append(Finding("live.unsupported", values, file=file, line=element.line, element=element.id))
        return None
    try:
        if part.tag == "timeDate":
            iso_moment(part.text)
        else:
            iso_duration(part.text)
    except TimeTextError as error:
        if error.code != "iso.no_start":
            findings.append(error.finding(file, element.line, None, element.id))
            return None
    return part.text


def _clocks(
    scenario: LoadedScenario, model: SimulationModel, elements: Mapping[str, ElementText]
) -> Iterator[ClockPlan]:
    said = {one.element: one for one in scenario.stated.variants[model.variant].measured}
    for measured in model.measured:
        one = said[measured.element]
        pauses = {element: _reason(one, element, elements) for element in one.standing}
        limits: list[tuple[ClockKind, LimitNumber]] = []
        if one.limit is not None and measured.limit is not None:
            kinds: dict[str, ClockKind] = {"policy": "promised", "statute": "statutory"}
            limits.append((kinds.get(measured.limit.source.kind, "assumed"), one.limit))
        if one.promised is not None:
            limits.append(("promised", one.promised))
        if one.statutory is not None:
            limits.append(("statutory", one.statutory))
        if one.publicity is not None:
            limits.append(("publicity", one.publicity))
        for kind, limit in dict(limits).items():
            stands = {} if kind == "publicity" else pauses
            source = limit.source or ""
            yield ClockPlan(one.element, kind, (one.element,), limit.value, limit.unit, source, stands)
    for total in model.sums:
        parts = [said[element] for element in total.elements]
        found = [part.limit for part in parts if part.limit is not None]
        units = {limit.unit for limit in found}
        if len(units) != 1:
            continue  # days of two kinds have no common clock
        pauses = {element: _reason(part, element, elements) for part in parts for element in part.standing}
        promised = all((limit.source or "") in policy_facts() for limit in found)
        yield ClockPlan(
            total.name,
            "promised" if promised else "assumed",
            total.elements,
            sum(limit.value for limit in found),
            units.pop(),
            ", ".join(dict.fromkeys(limit.source or "" for limit in found)),
            pauses,
            is_case=True,
        )


def _reason(measured: Measured, element: str, elements: Mapping[str, ElementText]) -> str:
    """Why the clock stands still while an element is open."""
    stated = measured.pause_reasons.get(element)
    if stated is not None:
        return stated
    return "correction" if element in elements and elements[element].by == "applicant" else "other"
