"""Time and people of each node that a token waits at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from functools import reduce

from engine.calendars.durations import TimeTextError, iso_cycle, iso_duration, iso_moment
from engine.calendars.hours import Hours
from engine.diagram.model import Diagram, Element, Process
from engine.elements.meaning import event_definition
from engine.elements.racing import races, starts_the_case
from engine.elements.task import TAGS as TASKS
from engine.elements.triggers import WAITED_FOR, comes_from_outside
from engine.net import ProcessNet
from scenarios.building.clocks import Clocks
from scenarios.building.draws import DAY_MS, UNIT_MS, amount, duration, short
from scenarios.building.entries import Entry
from scenarios.reading import Path
from scenarios.schema import process as schema
from scenarios.sources import Ledger
from simulations.distributions import constant
from simulations.model import ActivityModel, BatchModel, PoolModel

__all__ = ["activities", "batches", "by_node", "waits_outside", "works"]


def activities(
    diagram: Diagram,
    elements: Mapping[str, Entry[schema.Element]],
    pools: Sequence[PoolModel],
    clocks: Clocks,
    ledger: Ledger,
    variant: Path,
) -> dict[str, ActivityModel]:
    """By element id: what each task and timer event of a diagram costs.

    Args:
        diagram: Whose elements they are.
        elements: By element id: what the scenario says.
        pools: In the order of the model; elements name them.
        clocks: What dwells run on.
        ledger: Takes sources and findings.
        variant: Keys to the variant, for what nobody has written.
    """
    made = {}
    for element in diagram.process.elements.values():
        entry = elements.get(element.id)
        is_timer = waits_outside(element, diagram.process)
        if not is_timer and not works(element, diagram.process):
            if entry is not None:
                ledger.findings.error("element.no_waiting", entry.path, id=element.id, tag=element.tag)
            continue
        model = _activity(entry, element, is_timer, pools, clocks, ledger) if entry else ActivityModel()
        if model is None:
            continue
        if is_timer and model.dwell is None:
            model = _drawn(element, clocks) or model
        if model.effort is None and model.dwell is None:
            path = entry.path if entry else (*variant, "elements")
            definition = event_definition(element)
            is_word = is_timer and (definition is None or definition.tag != "timerEventDefinition")
            code = "element.word_without_time" if is_word else "element.no_time"
            code = "element.timer_without_time" if is_timer and not is_word else code
            ledger.findings.error(code, path, id=element.id, label=element.label)
            continue
        made[element.id] = model
    return made


def by_node(
    net: ProcessNet, models: Mapping[str, ActivityModel], closings: Mapping[str, BatchModel]
) -> tuple[ActivityModel | None, ...]:
    """The models by node of the net; nothing for nodes that nothing is waited at."""
    waiting = set(net.waiting_nodes)

    def model(node: int, id_: str) -> ActivityModel | None:
        if node not in waiting:
            return None
        return ActivityModel(batch=closings[id_]) if net.roles[node] == "batch" else models[id_]

    return tuple(model(node, id_) for node, id_ in enumerate(net.elements))


def batches(
    diagram: Diagram, elements: Mapping[str, Entry[schema.Element]], clocks: Clocks, ledger: Ledger
) -> dict[str, BatchModel]:
    """By task: when the batch that it waits for closes."""
    made = {}
    for id_, entry in elements.items():
        spec = entry.spec.batch
        if spec is None:
            continue
        path = (*entry.path, "batch")
        if not works(diagram.process.elements[id_], diagram.process):
            ledger.findings.error("element.batch_of_no_task", path, id=id_, tag=diagram.process.elements[id_].tag)
            continue
        age = None
        for key, number, unit in (("size", spec.size, "cases"), ("most", spec.most, "cases")):
            if number is not None:
                source = number.source or spec.source
                ledger.number((*path, key), short(number.value), unit, source, value=number.value, range=number.range)
        if spec.age is not None:
            source = spec.age.source or spec.source
            value, unit = spec.age.value, spec.age.unit
            ledger.number((*path, "age"), short(value), unit, source, value=value, range=spec.age.range)
            age = round(value * UNIT_MS[unit])
        sittings = None
        if spec.sittings is not None:
            sittings = clocks.named(spec.sittings, (*path, "sittings"), ledger.findings)
            if sittings is None:
                continue
        size, most = (None if number is None else number.value for number in (spec.size, spec.most))
        made[id_] = BatchModel(size, age, sittings, most)
    return made


def waits_outside(element: Element, process: Process) -> bool:
    """Whether a token waits at an event for a moment: a timer, or what nobody in the diagram says."""
    definition = event_definition(element)
    if element.tag == "startEvent":
        around = process.elements.get(element.scope)
        if around is None or around.attributes.get("triggeredByEvent") != "true":
            return False
    elif element.tag == "receiveTask":
        return races(element, process) and comes_from_outside(element, process)
    elif element.tag not in ("intermediateCatchEvent", "boundaryEvent") or starts_the_case(element, process):
        return False
    return definition is not None and definition.tag in WAITED_FOR and comes_from_outside(element, process)


def works(element: Element, process: Process) -> bool:
    """Whether a task takes the time of somebody or something; one that waits for a word inside the case does not."""
    if element.tag != "receiveTask":
        return element.tag in TASKS
    return comes_from_outside(element, process) and not races(element, process)


def _drawn(element: Element, clocks: Clocks) -> ActivityModel | None:
    """The time drawn in a timer event; nothing if none can be read without knowing when it begins.

    A cycle waits for its interval. A date is a clock that stands still until then: it needs one millisecond of it.
    """
    definition = event_definition(element)
    timer = definition.parts[0] if definition is not None and definition.parts else None
    try:
        if timer is None:
            return None
        if timer.tag == "timeDate":
            midnight = datetime.combine(clocks.days.start, time())
            moment = (iso_moment(timer.text) - midnight) // timedelta(milliseconds=1)
            hours = Hours.from_intervals([(moment - 1, clocks.until)], clocks.until)
            return ActivityModel(dwell=constant(1), dwell_hours=hours)
        length = iso_cycle(timer.text)[2] if timer.tag == "timeCycle" else iso_duration(timer.text)
    except TimeTextError:
        return None
    return ActivityModel(dwell=constant(length), dwell_hours=clocks.natural)


def _activity(
    entry: Entry[schema.Element],
    element: Element,
    is_timer: bool,
    pools: Sequence[PoolModel],
    clocks: Clocks,
    ledger: Ledger,
) -> ActivityModel | None:
    spec, path, findings = entry.spec, entry.path, ledger.findings
    before = findings.number_of_errors
    effort = None if spec.effort is None else duration(spec.effort, (*path, "effort"), ledger)
    dwell = None if spec.dwell is None else duration(spec.dwell, (*path, "dwell"), ledger)
    if spec.due is not None:
        due = spec.due
        ledger.number((*path, "due"), short(due.value), due.unit, due.source, value=due.value, range=due.range)
    if spec.effort is not None and is_timer:
        findings.error("element.timer_effort", (*path, "effort"), id=element.id)
    numbers = {pool.name: number for number, pool in enumerate(pools)}
    for number, name in enumerate(spec.pools):
        if name not in ledger.scenario.pools:
            findings.unknown("pool", (*path, "pools", str(number)), name, ledger.scenario.pools)
    needed = [pools[numbers[name]] for name in spec.pools if name in numbers]
    _check_queue(spec, needed, path, ledger)
    hours = reduce(Hours.intersect, [pool.hours for pool in needed]) if needed else None
    if hours is not None and not len(hours.begin):
        findings.error("element.never_together", (*path, "pools"), pools=", ".join(spec.pools))
    dwell_hours = _dwell_hours(spec, path, clocks, ledger)
    fixed_cost = amount(spec.fixed_cost, "yuan", (*path, "fixed_cost"), ledger)
    if findings.number_of_errors > before or len(needed) < len(spec.pools):
        return None  # a pool whose hours are unknown is not there either
    return ActivityModel(
        pools=tuple(numbers[name] for name in spec.pools),
        effort=effort,
        hours=hours,
        finish=bool(needed) and all(pool.shift_end == "finish" for pool in needed),
        priority=spec.priority,
        due=None if spec.due is None else round(spec.due.value * DAY_MS),
        dwell=dwell,
        dwell_hours=dwell_hours,
        dwell_party=spec.by or "office",
        fixed_cost=fixed_cost,
    )


def _check_queue(spec: schema.Element, needed: Sequence[PoolModel], path: Path, ledger: Ledger) -> None:
    for pool in needed:
        if pool.discipline == "edd" and spec.due is None:
            ledger.findings.error("element.no_due", path, pool=pool.name)


def _dwell_hours(spec: schema.Element, path: Path, clocks: Clocks, ledger: Ledger) -> Hours | None:
    """The clock of the dwell; a day is no measure on the office clock, which has fewer hours in it."""
    if spec.dwell is None:
        return None
    clock = spec.dwell_clock(spec.dwell)
    if clock == "office" and spec.dwell.unit in ("working_day", "natural_day"):
        ledger.findings.error("element.day_of_office", (*path, "clock"), unit=spec.dwell.unit)
    return {"office": clocks.office, "working": clocks.working, "natural": clocks.natural}[clock]
