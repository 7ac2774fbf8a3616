"""A variant as BPSim 2.0, inside its BPMN file: valid by the standard's schema, results as a scenario of their own."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
from lxml import etree

from engine.diagram.namespaces import BPMN
from engine.elements.task import TAGS as TASKS
from engine.log import CASE_NODE, DONE, NONE, EventLog
from scenarios.interchange.bpsim import find
from scenarios.interchange.outgoing import Outgoing, moments, seconds, xpath
from scenarios.interchange.weekly import is_always, rules_of
from scenarios.schema.calendar import minutes_of
from scenarios.schema.numbers import Drawn

__all__ = ["NAMESPACE", "write_bpsim"]

NAMESPACE: Final = "http://www.bpsim.org/schemas/2.0"
B: Final = f"{{{NAMESPACE}}}"
P: Final = f"{{{BPMN}}}"
_DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_GROUPS: Final = (
    "TimeParameters", "ControlParameters", "ResourceParameters", "PriorityParameters", "CostParameters",
    "PropertyParameters",
)  # fmt: skip
_ORDER: Final = (
    "WaitTime", "ProcessingTime", "ElapsedTime", "Probability", "Condition", "InterTriggerTimer", "TriggerCount",
    "Selection", "Quantity", "Priority", "FixedCost", "UnitCost",
)  # fmt: skip


def write_bpsim(outgoing: Outgoing, logs: Sequence[EventLog] = ()) -> bytes:
    """The diagram with the data in it.

    Args:
        outgoing: The variant; gets notes on what BPSim cannot say.
        logs: Of replications; what they came to is written as a scenario of results.
    """
    outgoing.omit_batches()
    root = etree.fromstring(outgoing.content)
    old = find(root)
    if old is not None:
        relationship = next(iter(old.iterancestors(f"{P}relationship")), None)
        if relationship is not None and (parent := relationship.getparent()) is not None:
            parent.remove(relationship)
    resources = _resources(root, outgoing)
    id_ = root.get("id") or "definitions"
    relationship = etree.SubElement(root, f"{P}relationship", type="BPSimData")
    extension = etree.SubElement(relationship, f"{P}extensionElements")
    data = etree.SubElement(extension, f"{B}BPSimData", nsmap={"bpsim": NAMESPACE})
    etree.SubElement(relationship, f"{P}source").text = id_
    etree.SubElement(relationship, f"{P}target").text = id_
    _Writer(outgoing, data, resources).write()
    if logs:
        _results(outgoing, data, logs)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _resources(root: etree._Element, outgoing: Outgoing) -> dict[str, str]:
    """By pool: the id of its resource, which is added to the diagram where it has none of that name."""
    known = {str(node.get("name") or node.get("id", "")): node.get("id", "") for node in root.iter(f"{P}resource")}
    taken = {node.get("id") for node in root.iter("*")}
    ids = {}
    for name, pool in outgoing.scenario.pools.items():
        label = pool.labels.en
        if label not in known:
            id_ = f"resource_{name}"
            while id_ in taken:
                id_ += "_"
            root.insert(0, etree.Element(f"{P}resource", id=id_, name=label))
            known[label] = id_
        ids[name] = known[label]
    return ids


class _Writer:
    def __init__(self, outgoing: Outgoing, data: etree._Element, resources: Mapping[str, str]) -> None:
        self.outgoing = outgoing
        self.data = data
        self.resources = resources
        self.parameters: dict[str, dict[str, dict[str, list[etree._Element]]]] = {}
        self.calendars: dict[str, str] = {}  # named hours to the id of a calendar

    def write(self) -> None:
        model, scenario = self.outgoing.model, self.outgoing.scenario
        node = etree.SubElement(
            self.data, f"{B}Scenario", id=model.variant, name=scenario.variants[model.variant].labels.en
        )
        self.study(node)
        self.arrivals()
        self.people()
        self.elements()
        self.routes()
        self.assigns()
        for element, groups in self.parameters.items():
            _element(node, element, groups)
        for hours, id_ in self.calendars.items():
            calendar = etree.SubElement(node, f"{B}Calendar", id=id_, name=hours)
            calendar.text = self.icalendar(hours)

    def study(self, node: etree._Element) -> None:
        study = self.outgoing.model.study
        settings = etree.SubElement(node, f"{B}ScenarioParameters")
        for key, text in (
            ("replication", str(study.replications)), ("seed", str(study.seed)), ("baseTimeUnit", "s"),
            ("baseCurrencyUnit", "CNY"),
        ):  # fmt: skip
            settings.set(key, text)
        for key, value in (
            ("Start", _value("DateTimeParameter", value=f"{study.start.isoformat()}T00:00:00")),
            ("Duration", _value("DurationParameter", value=f"PT{(study.horizon - study.warmup) / 1000:.15g}S")),
            ("Warmup", _value("DurationParameter", value=f"PT{study.warmup / 1000:.15g}S")),
        ):
            if key != "Warmup" or study.warmup:
                etree.SubElement(settings, f"{B}{key}").append(value)

    def set(self, element: str, group: str, parameter: str, value: etree._Element) -> None:
        self.parameters.setdefault(element, {}).setdefault(group, {}).setdefault(parameter, []).append(value)

    def valid_for(self, value: etree._Element, hours: str) -> etree._Element:
        if not is_always(self.outgoing.scenario.calendar.hours[hours]):
            value.set("validFor", self.calendars.setdefault(hours, f"calendar_{hours}"))
        return value

    def drawn(self, drawn: Drawn, element: str) -> etree._Element:
        value = _drawn(seconds(drawn))
        if value is None:
            mean, variance = moments(drawn)
            self.outgoing.omit("out_distribution", element, way=drawn.way, other="Gamma")
            value = _value("GammaDistribution", shape=mean * mean / variance, scale=variance / mean)
        return value

    def arrivals(self) -> None:
        process = self.outgoing.model.diagram.process
        start = next(element.id for element in process.inside(process.id) if element.tag == "startEvent")
        gap = _drawn(self.outgoing.gap())
        arrivals = self.outgoing.scenario.arrivals
        if gap is None and arrivals is not None and arrivals.gaps is not None:
            gap = self.drawn(arrivals.gaps, "arrivals")
        assert gap is not None  # constants and exponentials have their words
        self.set(start, "ControlParameters", "InterTriggerTimer", self.valid_for(gap, self.outgoing.arrival_hours()))
        if arrivals is not None and arrivals.most is not None:
            self.set(start, "ControlParameters", "TriggerCount", _value("NumericParameter", value=arrivals.most))
        for name, attribute in self.outgoing.scenario.attributes.items():
            if attribute.choices is not None or attribute.probability is not None:
                self.choices(start, name, attribute.choices, attribute.probability)
            else:
                value = self.drawn(attribute, name)
                value.attrib.pop("timeUnit", "")
                self.set(start, "PropertyParameters", name, value)

    def choices(self, start: str, name: str, choices: Mapping[str, float] | None, probability: float | None) -> None:
        kind = "StringParameter"
        if choices is None:
            kind, chance = "BooleanParameter", probability or 0.0
            choices = {"true": chance, "false": 1 - chance}
            choices = {text: share for text, share in choices.items() if share > 0}
        if len(choices) == 1:
            self.set(start, "PropertyParameters", name, _value(kind, value=next(iter(choices))))
            return
        value = _value("UserDistribution", discrete="true")
        for text, share in choices.items():
            point = etree.SubElement(value, f"{B}UserDistributionDataPoint", probability=f"{share:.9g}")
            point.append(_value(kind, value=text))
        self.set(start, "PropertyParameters", name, value)

    def people(self) -> None:
        for name, pool in self.outgoing.scenario.pools.items():
            id_ = self.resources[name]
            quantity = _value("NumericParameter", value=pool.units.value)
            self.set(id_, "ResourceParameters", "Quantity", self.valid_for(quantity, pool.hours))
            if pool.hourly_cost is not None:
                cost = _value("FloatingParameter", value=pool.hourly_cost.value / 3600)
                self.set(id_, "CostParameters", "UnitCost", cost)
            if pool.discipline == "edd":
                self.outgoing.omit("out_discipline", name)

    def elements(self) -> None:
        for id_, spec in self.outgoing.elements.items():
            if spec.effort is not None:
                self.set(id_, "TimeParameters", "ProcessingTime", self.drawn(spec.effort, id_))
            if spec.dwell is not None:
                self.set(id_, "TimeParameters", "WaitTime", self.drawn(spec.dwell, id_))
                if spec.clock != "natural" and spec.dwell.unit != "natural_day":
                    self.outgoing.omit("out_clock", id_)
            if spec.pools:
                asked = " and ".join(f"bpsim:getResource('{self.resources[pool]}', 1)" for pool in spec.pools)
                self.set(id_, "ResourceParameters", "Selection", _value("ExpressionParameter", value=asked))
            if spec.priority:
                self.set(id_, "PriorityParameters", "Priority", _value("NumericParameter", value=-spec.priority))
                self.outgoing.omit("out_priority", id_)
            if spec.fixed_cost is not None:
                cost = _value("FloatingParameter", value=spec.fixed_cost.value)
                self.set(id_, "CostParameters", "FixedCost", cost)

    def routes(self) -> None:
        process = self.outgoing.model.diagram.process
        names = list(self.outgoing.scenario.attributes)
        for gateway in process.elements.values():
            if gateway.tag != "exclusiveGateway" or len(process.outgoing(gateway.id)) < 2:
                continue
            route = self.outgoing.routes.get(gateway.id)
            written = {flow: xpath(text, names) for flow, text in (route.conditions or {}).items()} if route else {}
            if written and all(written.values()):
                for flow, text in written.items():
                    self.set(flow, "ControlParameters", "Condition", _value("ExpressionParameter", value=text or ""))
                continue
            for flow, share in self.outgoing.shares(gateway.id).items():
                self.set(flow, "ControlParameters", "Probability", _value("FloatingParameter", value=share))

    def assigns(self) -> None:
        names = list(self.outgoing.scenario.attributes)
        for id_, sets in self.outgoing.assigns.items():
            for name, expression in sets.items():
                text = xpath(expression, names)
                if text is None:
                    self.outgoing.omit("out_assigns", id_)
                else:
                    self.set(id_, "PropertyParameters", name, _value("ExpressionParameter", value=text))

    def icalendar(self, name: str) -> str:
        """Named hours as events: one per span of the usual week, one per span of a single date."""
        hours = self.outgoing.scenario.calendar.hours[name]
        start = self.outgoing.model.study.start
        singles = {one.date: one.open for one in hours.exceptions if one.date is not None}
        if hours.days == "working" and self.outgoing.scenario.calendar.country != "none":
            self.outgoing.omit("out_dates", name)
        if len(singles) < len(hours.exceptions):
            self.outgoing.omit("out_holidays", name)
        events = []
        for first, last, begin, end in rules_of(hours):
            day = next(d for d in (start + timedelta(days=n) for n in range(7)) if first <= d.weekday() <= last)
            rule = f"RRULE:FREQ=WEEKLY;BYDAY={','.join(_DAYS[first : last + 1])}"
            off = [f"EXDATE:{_stamp(one, begin)}" for one in singles if first <= one.weekday() <= last]
            events += _event(day, begin, end, [rule, *off])
        for one, spans in singles.items():
            for span in spans:
                events += _event(one, *minutes_of(span), [])
        return "\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//reformsim//EN", *events, "END:VCALENDAR"])


def _event(day: date, begin: int, end: int, rules: list[str]) -> list[str]:
    last = f"DTEND:{_stamp(day, end)}" if end < 24 * 60 else f"DTEND:{_stamp(day + timedelta(days=1), 0)}"
    return ["BEGIN:VEVENT", f"DTSTART:{_stamp(day, begin)}", last, *rules, "END:VEVENT"]


def _stamp(day: date, minute: int) -> str:
    return f"{day:%Y%m%d}T{minute // 60:02d}{minute % 60:02d}00"


def _value(kind: str, **attributes: object) -> etree._Element:
    texts = {key: f"{v:.15g}" if isinstance(v, float) else str(v) for key, v in attributes.items()}
    return etree.Element(f"{B}{kind}", texts)


def _drawn(data: Mapping[str, Any]) -> etree._Element | None:
    """A number in seconds as the value that says it; nothing where BPSim has none."""
    way, value = next(iter(data.items()))
    unit = {"timeUnit": "s"}
    if way == "value":
        return _value("FloatingParameter", value=float(value), **unit)
    if way == "exponential":
        return _value("NegativeExponentialDistribution", mean=float(value), **unit)
    if way == "uniform":
        return _value("UniformDistribution", min=float(value[0]), max=float(value[1]), **unit)
    if way == "triangular":
        low, mode, high = map(float, value)
        return _value("TriangularDistribution", mode=mode, min=low, max=high, **unit)
    if way == "lognormal":
        return _value("LogNormalDistribution", mean=value["mean"], standardDeviation=value["sd"], **unit)
    if way == "gamma":
        mean, sd = value["mean"], value["sd"]
        return _value("GammaDistribution", shape=(mean / sd) ** 2, scale=sd * sd / mean, **unit)
    return _rarer(way, value, unit)


def _rarer(way: str, value: Any, unit: dict[str, str]) -> etree._Element | None:
    if way == "erlang":
        return _value("ErlangDistribution", mean=value["mean"], k=value["shape"], **unit)
    if way == "weibull":
        return _value("WeibullDistribution", shape=value["shape"], scale=value["scale"], **unit)
    if way == "normal":
        plain = {"mean": value["mean"], "standardDeviation": value["sd"]} | unit
        if "low" not in value and "high" not in value:
            return _value("NormalDistribution", **plain)
        high = value.get("high", value["mean"] + 40 * value["sd"])
        return _value("TruncatedNormalDistribution", **plain, min=float(value.get("low", 0)), max=float(high))
    if way == "empirical":
        weights = value.get("weights") or [1] * len(value["values"])
        made = _value("UserDistribution", discrete="true", **unit)
        for one, weight in zip(value["values"], weights, strict=True):
            share = weight / math.fsum(weights)
            point = etree.SubElement(made, f"{B}UserDistributionDataPoint", probability=f"{share:.9g}")
            point.append(_value("FloatingParameter", value=float(one), **unit))
        return made
    return None


def _element(node: etree._Element, element: str, groups: Mapping[str, Mapping[str, list[etree._Element]]]) -> None:
    """The parameters of an element, in the order that the schema wants."""
    parameters = etree.SubElement(node, f"{B}ElementParameters", elementRef=element)
    for group in _GROUPS:
        if group not in groups:
            continue
        into = etree.SubElement(parameters, f"{B}{group}")
        by_order = groups[group]
        if group == "PropertyParameters":
            for name, values in by_order.items():
                etree.SubElement(into, f"{B}Property", name=name).extend(values)
            continue
        for name in sorted(by_order, key=_ORDER.index):
            etree.SubElement(into, f"{B}{name}").extend(by_order[name])


def _results(outgoing: Outgoing, data: etree._Element, logs: Sequence[EventLog]) -> None:
    """What each replication came to: entries of every element, and times of the finished ones, in seconds."""
    model = outgoing.model
    id_ = f"{model.variant}_results"
    node = etree.SubElement(data, f"{B}Scenario", id=id_, name=id_, result=model.variant, vendor="reformsim")
    process = model.diagram.process
    found: dict[str, dict[str, dict[str, list[etree._Element]]]] = {}
    nodes = {CASE_NODE: process.id}
    nodes |= {n: e for e, n in model.net.node_of.items() if e in process.elements and process.elements[e].tag in TASKS}
    for instance, log in enumerate(logs):
        for number, element in nodes.items():
            rows = log.node == number
            groups = found.setdefault(element, {})
            count = _value("NumericParameter", result="count", instance=instance, value=int(rows.sum()))
            groups.setdefault("ControlParameters", {}).setdefault("TriggerCount", []).append(count)
            done = rows & (log.outcome == DONE) & (log.ended != NONE)
            if not done.any():
                continue
            times = {"ElapsedTime": log.ended - log.enabled}
            if number != CASE_NODE:
                times["ProcessingTime"] = log.worked - log.started
            for name, values in times.items():
                for word, statistic in (("min", np.min), ("max", np.max), ("mean", np.mean)):
                    value = float(statistic(values[done])) / 1000
                    one = _value("FloatingParameter", result=word, instance=instance, value=value, timeUnit="s")
                    groups.setdefault("TimeParameters", {}).setdefault(name, []).append(one)
    for element, groups in found.items():
        _element(node, element, groups)
