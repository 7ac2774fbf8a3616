"""A variant as a BPMN file with QBP parameters, for BIMP."""

from __future__ import annotations

from typing import Any

from lxml import etree

from engine.elements.task import TAGS as TASKS
from scenarios.interchange.outgoing import Outgoing, moments, seconds
from scenarios.interchange.qbp import NAMESPACE, Q, find
from scenarios.interchange.weekly import DAYS, rules_of
from scenarios.schema.numbers import Drawn

__all__ = ["write_qbp"]


def write_qbp(outgoing: Outgoing) -> bytes:
    """The diagram with the parameters at its end; what QBP cannot say is noted."""
    root = etree.fromstring(outgoing.content)
    old = find(root)
    if old is not None and (parent := old.getparent()) is not None:
        parent.remove(old)
    study = outgoing.model.study
    info = etree.SubElement(root, f"{Q}processSimulationInfo", nsmap={"qbp": NAMESPACE})
    info.set("id", "reformsim")
    info.set("processInstances", str(outgoing.cases()))
    info.set("startDateTime", f"{study.start.isoformat()}T00:00:00.000+08:00")
    info.set("currency", "CNY")
    _distribution(info, "arrivalRateDistribution", outgoing.gap(), None, outgoing)
    _timetables(info, outgoing)
    _resources(info, outgoing)
    _elements(info, outgoing)
    for id_ in outgoing.assigns:
        outgoing.omit("out_assigns", id_)
    outgoing.omit_batches()
    _flows(info, outgoing)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _timetables(info: etree._Element, outgoing: Outgoing) -> None:
    tables = etree.SubElement(info, f"{Q}timetables")
    used = [outgoing.arrival_hours(), *(pool.hours for pool in outgoing.scenario.pools.values())]
    for name in dict.fromkeys(used):
        default = "true" if name == used[0] else "false"
        table = etree.SubElement(tables, f"{Q}timetable", id=name, default=default, name=name)
        rules = etree.SubElement(table, f"{Q}rules")
        for first, last, begin, end in rules_of(outgoing.hours(name)):
            etree.SubElement(
                rules,
                f"{Q}rule",
                fromTime=_time(begin),
                toTime=_time(end),
                fromWeekDay=DAYS[first],
                toWeekDay=DAYS[last],
            )


def _time(minute: int) -> str:
    return "23:59:59.999" if minute == 24 * 60 else f"{minute // 60:02d}:{minute % 60:02d}:00.000"


def _resources(info: etree._Element, outgoing: Outgoing) -> None:
    resources = etree.SubElement(info, f"{Q}resources")
    for name, pool in outgoing.scenario.pools.items():
        one = etree.SubElement(resources, f"{Q}resource", id=name, name=pool.labels.en)
        one.set("totalAmount", str(pool.units.value))
        one.set("costPerHour", f"{pool.hourly_cost.value if pool.hourly_cost else 0:.12g}")
        one.set("timetableId", pool.hours)
        if pool.discipline != "fifo":
            outgoing.omit("out_discipline", name)


def _elements(info: etree._Element, outgoing: Outgoing) -> None:
    elements = etree.SubElement(info, f"{Q}elements")
    for id_, spec in outgoing.elements.items():
        one = etree.SubElement(elements, f"{Q}element", id=f"qbp_{id_}", elementId=id_)
        if spec.fixed_cost is not None:
            one.set("fixedCost", f"{spec.fixed_cost.value:.12g}")
        drawn = spec.effort or spec.dwell
        if drawn is None:
            continue
        if spec.effort is not None and spec.dwell is not None:
            outgoing.omit("out_dwell", id_)
        _distribution(one, "durationDistribution", seconds(drawn), drawn, outgoing, id_)
        if spec.dwell is drawn and spec.clock != "natural" and drawn.unit != "natural_day":
            outgoing.omit("out_clock", id_)
        if len(spec.pools) > 1:
            outgoing.omit("out_pools", id_)
        if spec.pools:
            ids = etree.SubElement(one, f"{Q}resourceIds")
            etree.SubElement(ids, f"{Q}resourceId").text = spec.pools[0]
    for element in outgoing.model.diagram.process.elements.values():
        if element.tag not in TASKS and element.tag == "subProcess":
            outgoing.omit("out_sub_process", element.id)


def _distribution(
    parent: etree._Element,
    tag: str,
    data: dict[str, Any],
    drawn: Drawn | None,
    outgoing: Outgoing,
    element: str | None = None,
) -> None:
    node = etree.SubElement(parent, f"{Q}{tag}")
    way, value = next(iter(data.items()))
    arguments: tuple[str, Any, Any, Any]
    if way == "value":
        arguments = ("FIXED", value, 0, 0)
    elif way == "exponential":
        arguments = ("EXPONENTIAL", 0, value, 0)
    elif way == "uniform":
        arguments = ("UNIFORM", 0, *value)
    elif way == "triangular":
        arguments = ("TRIANGULAR", value[1], value[0], value[2])
    elif way == "normal" and not {"low", "high"} & set(value):
        arguments = ("NORMAL", value["mean"], value["sd"], 0)
    elif way in ("gamma", "lognormal"):
        arguments = (way.upper(), value["mean"], value["sd"] ** 2, 0)
    elif way == "empirical":
        arguments = ("HISTOGRAM", 0, 0, 0)
        values, weights = value["values"], value.get("weights") or [1] * len(value["values"])
        bins = etree.SubElement(node, f"{Q}histogramDataBins")
        for one, weight in zip(values, weights, strict=True):
            bin_ = etree.SubElement(bins, f"{Q}histogramDataBin", probability=f"{weight:.12g}")
            _distribution(bin_, "distribution", {"value": one}, None, outgoing)
    else:
        mean, variance = moments(drawn) if drawn is not None else (0, 0)
        outgoing.omit("out_distribution", element, way=way, other="GAMMA")
        arguments = ("GAMMA", mean, variance, 0)
    node.set("type", arguments[0])
    for key, number in zip(("mean", "arg1", "arg2"), arguments[1:], strict=True):
        node.set(key, f"{number:.15g}")
    etree.SubElement(node, f"{Q}timeUnit").text = "seconds"


def _flows(info: etree._Element, outgoing: Outgoing) -> None:
    flows = etree.SubElement(info, f"{Q}sequenceFlows")
    process = outgoing.model.diagram.process
    for gateway in process.elements.values():
        if gateway.tag == "exclusiveGateway" and len(process.outgoing(gateway.id)) > 1:
            for flow, share in outgoing.shares(gateway.id).items():
                etree.SubElement(flows, f"{Q}sequenceFlow", elementId=flow, executionProbability=f"{share:.12g}")
