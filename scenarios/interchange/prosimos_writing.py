"""A variant as the two files of Prosimos: a JSON, and a BPMN with the few elements that it reads."""

from __future__ import annotations

import json
from typing import Any, Final

from lxml import etree

from engine.diagram.model import Element
from engine.diagram.namespaces import BPMN
from engine.elements.task import TAGS as TASKS
from engine.errors import BadInput, Finding
from scenarios.interchange.outgoing import Outgoing, moments, seconds
from scenarios.interchange.prosimos_batches import firing_rules
from scenarios.interchange.prosimos_rules import rules_of as branch_rules_of
from scenarios.interchange.weekly import DAYS, rules_of
from scenarios.schema.numbers import Drawn
from scenarios.schema.process import Route

__all__ = ["write_prosimos"]

P: Final = f"{{{BPMN}}}"
READ: Final = (
    "startEvent", "endEvent", "exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway",
    "intermediateCatchEvent",
)  # fmt: skip
NOBODY: Final = "nobody"
ENOUGH: Final = 1000  # units of the pool behind tasks that need nobody
FAR_S: Final = 1e9  # an upper bound that no duration reaches


def write_prosimos(outgoing: Outgoing) -> tuple[bytes, bytes]:
    """The JSON and the BPMN.

    Raises:
        BadInput: The diagram has elements that Prosimos does not read.
    """
    unread = [
        Finding("interchange.not_read", {"tag": e.tag}, outgoing.model.diagram.file, e.line, None, e.id)
        for e in outgoing.model.diagram.process.elements.values()
        if e.tag not in (*TASKS, *READ)
    ]
    if unread:
        raise BadInput(unread)
    return json.dumps(_parameters(outgoing), ensure_ascii=False, indent=1).encode(), _bpmn(outgoing)


def _bpmn(outgoing: Outgoing) -> bytes:
    root = etree.fromstring(outgoing.content)
    for tag in TASKS:
        for node in list(root.iter(f"{P}{tag}")):
            node.tag = f"{P}task"
            if not node.get("name"):
                node.set("name", node.get("id", ""))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _parameters(outgoing: Outgoing) -> dict[str, Any]:
    scenario = outgoing.scenario
    served: dict[str, list[str]] = {}
    tasks = []
    for id_, spec in outgoing.elements.items():
        if outgoing.model.diagram.process.elements[id_].tag not in TASKS:
            continue
        drawn = spec.effort or spec.dwell
        pool = spec.pools[0] if spec.pools else NOBODY
        if len(spec.pools) > 1:
            outgoing.omit("out_pools", id_)
        if spec.effort is not None and spec.dwell is not None:
            outgoing.omit("out_dwell", id_)
        if not spec.pools:
            outgoing.omit("out_nobody", id_)
        served.setdefault(pool, []).append(id_)
        stated = {"resource_id": pool} | _distribution(drawn, outgoing, id_)
        tasks.append({"task_id": id_, "resources": [stated]})
    rules: list[dict[str, Any]] = []
    profiles = []
    for name, tasks_of in served.items():
        known = scenario.pools.get(name)
        if known is not None and known.discipline != "fifo":
            outgoing.omit("out_discipline", name)
        one = {
            "id": name, "name": known.labels.en if known else name,
            "cost_per_hour": known.hourly_cost.value if known and known.hourly_cost else 0,
            "amount": known.units.value if known else ENOUGH, "calendar": known.hours if known else NOBODY,
            "assignedTasks": tasks_of,
        }  # fmt: skip
        profiles.append({"id": f"profile_{name}", "name": one["name"], "resource_list": [one]})
    return {
        "resource_profiles": profiles,
        "resource_calendars": _calendars(outgoing, served),
        "arrival_time_distribution": _plain(outgoing.gap()),
        "arrival_time_calendar": _periods(outgoing, outgoing.arrival_hours()),
        "task_resource_distribution": tasks,
        "gateway_branching_probabilities": _branching(outgoing, rules),
        "branch_rules": rules,
        "event_distribution": _events(outgoing),
        "case_attributes": _attributes(outgoing),
        "event_attributes": _assigns(outgoing), "global_attributes": [], "prioritisation_rules": [],
        "batch_processing": _batches(outgoing),
        "reformsim": {"total_cases": outgoing.cases(), "starting_at": outgoing.model.study.start.isoformat()},
    }  # fmt: skip


def _calendars(outgoing: Outgoing, served: dict[str, list[str]]) -> list[dict[str, Any]]:
    names = dict.fromkeys(outgoing.scenario.pools[name].hours for name in served if name != NOBODY)
    calendars = [{"id": name, "name": name, "time_periods": _periods(outgoing, name)} for name in names]
    if NOBODY in served:
        always = [{"from": DAYS[0], "to": DAYS[6], "beginTime": _time(0), "endTime": _time(24 * 60)}]
        calendars.append({"id": NOBODY, "name": NOBODY, "time_periods": always})
    return calendars


def _periods(outgoing: Outgoing, name: str) -> list[dict[str, str]]:
    rules = rules_of(outgoing.hours(name))
    return [
        {"from": DAYS[first], "to": DAYS[last], "beginTime": _time(begin), "endTime": _time(end)}
        for first, last, begin, end in rules
    ]


def _time(minute: int) -> str:
    return "23:59:59.999" if minute == 24 * 60 else f"{minute // 60:02d}:{minute % 60:02d}:00.000"


def _distribution(drawn: Drawn | None, outgoing: Outgoing, element: str) -> dict[str, Any]:
    if drawn is None:
        return _plain({"value": 0})
    data = seconds(drawn)
    way = next(iter(data))
    if way in ("value", "exponential", "uniform", "normal", "gamma", "lognormal"):
        return _plain(data)
    outgoing.omit("out_distribution", element, way=way, other="gamma")
    mean, variance = moments(drawn)
    return _stated("gamma", mean, variance, 0, FAR_S)


def _plain(data: dict[str, Any]) -> dict[str, Any]:
    way, value = next(iter(data.items()))
    if way == "value":
        return _stated("fix", value)
    if way == "exponential":
        return _stated("expon", value, 0, FAR_S)
    if way == "uniform":
        return _stated("uniform", *value)
    if way == "normal":
        return _stated("norm", value["mean"], value["sd"], value.get("low", 0), value.get("high", FAR_S))
    kind = "lognorm" if way == "lognormal" else "gamma"
    return _stated(kind, value["mean"], value["sd"] ** 2, 0, FAR_S)


def _stated(name: str, *values: float) -> dict[str, Any]:
    return {"distribution_name": name, "distribution_params": [{"value": value} for value in values]}


def _branching(outgoing: Outgoing, rules: list[dict[str, Any]]) -> list[dict[str, Any]]:
    process = outgoing.model.diagram.process
    gateways = []
    for gateway in process.elements.values():
        flows = [flow.id for flow in process.outgoing(gateway.id)]
        if gateway.tag not in ("exclusiveGateway", "inclusiveGateway") or len(flows) < 2:
            continue
        route = outgoing.routes.get(gateway.id)
        if route is not None and route.each is not None:
            gateways.append({"gateway_id": gateway.id, "probabilities": _each(gateway, route, flows, outgoing)})
            continue
        written = {flow: branch_rules_of(text) for flow, text in (route.conditions or {}).items()} if route else {}
        if written and all(written.values()):
            paths: list[dict[str, Any]] = [{"path_id": flow, "value": 1 / len(flows)} for flow in flows]
            for path in paths:
                if path["path_id"] in written:
                    path["condition_id"] = f"rule_{path['path_id']}"
                    rules.append({"id": path["condition_id"], "rules": written[path["path_id"]]})
        else:
            paths = [{"path_id": flow, "value": share} for flow, share in outgoing.shares(gateway.id).items()]
        gateways.append({"gateway_id": gateway.id, "probabilities": paths})
    return gateways


def _each(gateway: Element, route: Route, flows: list[str], outgoing: Outgoing) -> list[dict[str, Any]]:
    """Each way by its own chance; where none is taken there, the likeliest is."""
    stated = route.each or {}
    chances = {flow: (stated[flow].value or 0.0) if flow in stated else 0.0 for flow in flows}
    default = route.default or gateway.attributes.get("default")
    if default is not None and chances[default] < max(chances.values()):
        outgoing.omit("out_default", gateway.id)
    return [{"path_id": flow, "value": chance} for flow, chance in chances.items()]


def _batches(outgoing: Outgoing) -> list[dict[str, Any]]:
    """Tasks that wait for others, as cases of a batch that are handled one after the other."""
    batches = []
    for id_, spec in outgoing.elements.items():
        if spec.batch is None or spec.effort is None:
            continue
        if spec.batch.most is not None:
            outgoing.omit("out_most", id_)
        rules = firing_rules(spec.batch, lambda name: rules_of(outgoing.hours(name)))
        one: dict[str, Any] = {"task_id": id_, "type": "Sequential", "batch_frequency": 1.0}
        sizes = [{"key": "1", "value": 0}, {"key": "2", "value": 1}]
        batches.append(one | {"size_distrib": sizes, "duration_distrib": [], "firing_rules": rules})
    return batches


def _assigns(outgoing: Outgoing) -> list[dict[str, Any]]:
    """Attributes that tasks reckon; there one that cases bring along cannot change."""
    events: list[dict[str, Any]] = []
    for id_, assigned in outgoing.assigns.items():
        if any(name not in _starts_at_nothing(outgoing) for name in assigned):
            outgoing.omit("out_assigns", id_)
            continue
        attributes = [{"name": name, "type": "expression", "values": text} for name, text in assigned.items()]
        events.append({"event_id": id_, "attributes": attributes})
    return events


def _starts_at_nothing(outgoing: Outgoing) -> list[str]:
    """Attributes that have no value until a task gives them one."""
    assigned = {name for attributes in outgoing.assigns.values() for name in attributes}
    known = outgoing.scenario.attributes
    return [name for name in known if name in assigned and 0 in (known[name].value, known[name].probability)]


def _events(outgoing: Outgoing) -> list[dict[str, Any]]:
    events = []
    for element in outgoing.model.diagram.process.elements.values():
        node = outgoing.model.net.node_of.get(element.id)
        if element.tag != "intermediateCatchEvent" or node is None:
            continue
        spec, model = outgoing.elements.get(element.id), outgoing.model.activities[node]
        if spec is not None and spec.dwell is not None:
            events.append({"event_id": element.id} | _distribution(spec.dwell, outgoing, element.id))
        elif model is not None and model.dwell is not None:
            events.append({"event_id": element.id} | _stated("fix", model.dwell.mean / 1000))
    return events


def _attributes(outgoing: Outgoing) -> list[dict[str, Any]]:
    attributes: list[dict[str, Any]] = []
    for name, attribute in outgoing.scenario.attributes.items():
        if name in _starts_at_nothing(outgoing):
            continue
        if attribute.empirical is not None:
            table = attribute.empirical
            weights = table.weights or (1.0,) * len(table.values)
            keys = [{"key": f"{v:.12g}", "value": w / sum(weights)} for v, w in zip(table.values, weights, strict=True)]
            attributes.append({"name": name, "type": "discrete", "values": keys})
        elif attribute.choices is not None:
            values = [{"key": key, "value": share} for key, share in attribute.choices.items()]
            attributes.append({"name": name, "type": "discrete", "values": values})
        elif attribute.probability is not None:
            outgoing.omit("out_truth", name)
        else:
            attributes.append({"name": name, "type": "continuous", "values": _distribution(attribute, outgoing, name)})
    return attributes
