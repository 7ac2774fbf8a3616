"""BPSim 1.0 and 2.0, inside a BPMN file or as a file of its own, read tolerantly: any order, both namespaces.

Each input scenario becomes a variant; ``inherits`` is resolved. What all variants share in the scenario language
(arrivals, resources, properties, calendars, study) is that of the first one; where another differs, a note says so.
Source: WFMC-BPSWG-2012-01 (1.0) and WFMC-BPSWG-2016-01 (2.0).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from lxml import etree

from engine.calendars.durations import TimeTextError, iso_duration, iso_moment
from engine.diagram.model import Diagram, Element
from engine.diagram.safe_xml import line_of, parse
from engine.elements.meaning import event_definition
from engine.elements.task import TAGS as TASKS
from engine.errors import BadInput, Finding
from scenarios.interchange.bpsim_calendar import hours_of_calendar
from scenarios.interchange.bpsim_expressions import condition_of, resources_of
from scenarios.interchange.bpsim_values import UNITS, added, drawn_of, local, text_value
from scenarios.interchange.draft import Data, Draft, Place, identifier, stem
from scenarios.interchange.files import read_file
from scenarios.interchange.imported import (
    IMPORTED,
    RefusedError,
    distribution_of,
    finished,
    finite,
    imported_frame,
    mean_of,
    tidy,
)
from scenarios.interchange.plain import ASSUMED, assume_routes, reaches_itself, read_checked
from scenarios.interchange.qbp import whole_shares

__all__ = ["find", "read_bpsim"]

LAGS: Final = ("TransferTime", "QueueTime", "WaitTime")
WORK: Final = ("SetUpTime", "ProcessingTime", "ValidationTime", "ReworkTime")
RESULTS: Final = ("LagTime", "Duration", "ElapsedTime", "QueueLength")
DAY_S: Final = 86_400
QUANTILES: Final = 10_000  # of a property that is rounded to whole numbers
NEVER_S: Final = 36_000 * DAY_S  # later than any study ends
SETTABLE: Final = ("Expression", "Numeric", "Floating")
OUTSIDE: Final = ("messageEventDefinition", "signalEventDefinition", "conditionalEventDefinition")

Key = tuple[str, str]
"""Element and parameter, as ``("Task_1", "ProcessingTime")``; a property's name follows its parameter."""


def find(root: etree._Element) -> etree._Element | None:
    """The simulation data of a file, if it has any."""
    return next((node for node in root.iter("{*}BPSimData") if "bpsim.org" in str(node.tag)), None)


def read_bpsim(bpmn: Path, parameters: Path | None) -> Draft:
    """A scenario from a BPMN file with BPSim data in it, or beside it.

    Raises:
        BadInput: The diagram cannot be run, or the data are wrong; all findings at once.
    """
    diagram, content = read_checked(bpmn)
    root = parse(content, str(bpmn))
    where = bpmn if parameters is None else parameters
    data = find(root) if parameters is None else find(parse(read_file(parameters), str(parameters)))
    if data is None:
        raise BadInput([Place(str(where)).finding("no_bpsim")])
    return _Reader(where, bpmn, diagram, content, root, data).read()


@dataclass(frozen=True)
class _Scenario:
    """An input scenario with everything that it inherits."""

    id: str
    name: str
    node: etree._Element
    parameters: Mapping[Key, etree._Element]
    calendars: Mapping[str, etree._Element]
    settings: Mapping[str, str]


class _Reader:
    def __init__(
        self, where: Path, bpmn: Path, diagram: Diagram, content: bytes, root: etree._Element, data: etree._Element
    ) -> None:
        self.file = str(where)
        self.diagram = diagram
        self.data_node = data
        name = f"{stem(bpmn.name)}.bpmn"
        self.draft = Draft(imported_frame(stem(bpmn.name), diagram, "BPSim"), {name: content})
        self.data = self.draft.data
        self.diagram_name = name
        self.findings: list[Finding] = []
        self.resources = {
            node.get("id", ""): str(node.get("name") or node.get("id", "")) for node in root.iter("{*}resource")
        }
        self.roles = _performers(root)
        self.hours: dict[str, str] = {}
        self.pools: dict[str, str] = {}
        self.attributes: dict[str, str] = {}
        self.base = "min"

    # ---- small things -----------------------------------------------------------------------------------------

    def place(self, node: etree._Element, element: str | None = None) -> Place:
        return Place(self.file, line_of(node), element)

    def refuse(self, node: etree._Element, element: str | None, error: RefusedError) -> None:
        finding: Finding = error.finding(self.place(node, element))
        if finding not in self.findings:
            self.findings.append(finding)

    def omit(self, node: etree._Element, code: str, element: str | None = None, **values: object) -> None:
        self.draft.note("left_out", code, self.place(node, element), **values)

    def values(self, parameter: etree._Element) -> list[etree._Element]:
        """The values of a parameter that are no results."""
        return [v for v in parameter if local(v) != "ResultRequest" and v.get("result") is None]

    def one(self, parameter: etree._Element | None, element: str | None) -> etree._Element | None:
        """The value without a calendar, else the first; the others are noted."""
        values = [] if parameter is None else self.values(parameter)
        if not values:
            return None
        plain = next((value for value in values if value.get("validFor") is None), values[0])
        for other in values:
            if other is not plain:
                self.omit(other, "valid_for", element, parameter=local(parameter) if parameter is not None else "-")
        return plain

    def drawn(self, value: etree._Element, element: str | None, *, is_time: bool = True) -> Data | None:
        try:
            drawn, note = drawn_of(value, self.base, is_time=is_time)
        except RefusedError as error:
            self.refuse(value, element, error)
            return None
        if note is not None:
            self.draft.note("assumed", note, self.place(value, element))
        return drawn

    # ---- the whole --------------------------------------------------------------------------------------------

    def read(self) -> Draft:
        scenarios = self.scenarios()
        if self.findings:
            raise BadInput(self.findings)
        if not scenarios:
            raise BadInput([self.place(self.data_node).finding("no_input_scenario")])
        first = scenarios[0]
        self.base = first.settings.get("baseTimeUnit", "min")
        if self.base not in UNITS:
            error = RefusedError("time_unit", found=self.base, known=", ".join(UNITS))
            raise BadInput([error.finding(self.place(first.node, first.id))])
        self.study(first)
        self.calendars(first)
        self.people(first)
        self.properties(first)
        self.arrivals(first)
        self.data["variants"] = {}
        for scenario in scenarios:
            self.variant(scenario, first)
        if self.findings:
            raise BadInput(self.findings)
        elements = sum(len(variant["elements"]) for variant in self.data["variants"].values())
        place = self.place(self.data_node)
        self.draft.note("read", "model", place, pools=len(self.pools), elements=elements, hours=len(self.hours))
        self.draft.note("read", "scenarios", place, names=", ".join(s.name for s in scenarios))
        finished(self.data)
        return self.draft

    def scenarios(self) -> list[_Scenario]:
        """The input scenarios, with what they inherit; results are left out."""
        nodes = {node.get("id", ""): node for node in self.data_node if local(node) == "Scenario"}
        found = []
        for id_, node in nodes.items():
            if node.get("result") is not None:
                self.omit(node, "results", id_)
                continue
            chain = self.chain(id_, nodes)
            if chain is None:
                continue
            parameters: dict[Key, etree._Element] = {}
            calendars: dict[str, etree._Element] = {}
            settings: dict[str, str] = {}
            for part in chain:
                settings |= {str(k): str(v) for k, v in part.attrib.items() if k not in ("id", "inherits", "result")}
                for child in part:
                    if local(child) == "ScenarioParameters":
                        settings |= {str(key): str(value) for key, value in child.attrib.items()}
                        parameters |= dict(self.grouped(child, ""))
                    elif local(child) == "ElementParameters":
                        parameters |= dict(self.grouped(child, _reference(child)))
                    elif local(child) == "Calendar":
                        calendars[child.get("id", "")] = child
                    else:
                        self.omit(child, "extension", id_, tag=local(child))
            found.append(_Scenario(id_, node.get("name") or id_, node, parameters, calendars, settings))
        return found

    def chain(self, id_: str, nodes: Mapping[str, etree._Element]) -> list[etree._Element] | None:
        """The scenarios from the remotest ancestor to this one."""
        chain: list[etree._Element] = []
        seen: list[str] = []
        current: str | None = id_
        while current is not None:
            if current in seen:
                error = RefusedError("cycle", way=" -> ".join([*seen, current]))
                self.refuse(nodes[id_], id_, error)
                return None
            if current not in nodes:
                error = RefusedError("missing", kind="scenario", name=current, known=", ".join(nodes))
                self.refuse(nodes[seen[-1]], id_, error)
                return None
            seen.append(current)
            chain.insert(0, nodes[current])
            current = nodes[current].get("inherits")
        return chain

    def grouped(self, node: etree._Element, element: str) -> Iterator[tuple[Key, etree._Element]]:
        """The parameters of an element, whatever group and order they stand in."""
        for group in node:
            name = local(group)
            if name in ("Start", "Duration", "Warmup"):
                yield (element, name), group
            elif name == "VendorExtension":
                self.omit(group, "extension", element or None, tag=name)
            for parameter in group if name.endswith("Parameters") else ():
                kind = local(parameter)
                if kind == "Property":
                    yield (element, f"Property:{parameter.get('name', '')}"), parameter
                elif kind == "Role":
                    self.omit(parameter, "role", element or None)
                elif kind not in RESULTS:
                    yield (element, kind), parameter

    # ---- what all variants share ------------------------------------------------------------------------------

    def study(self, first: _Scenario) -> None:
        study = self.data["study"]
        place = self.place(first.node, first.id)
        study["start"] = "2022-01-03"
        start = self.one(first.parameters.get(("", "Start")), first.id)
        if start is not None:
            try:
                study["start"] = iso_moment(text_value(start).removesuffix("Z")[:19]).date().isoformat()
            except TimeTextError:
                self.refuse(start, first.id, RefusedError("no_number", kind="Start", found=text_value(start) or "-"))
        else:
            self.draft.note("assumed", "start", place, start=study["start"])
        days = {}
        for key in ("Duration", "Warmup"):
            value = self.one(first.parameters.get(("", key)), first.id)
            if value is not None:
                try:
                    text = text_value(value)
                    length = iso_duration(text, iso_moment(study["start"])) / 1000
                    days[key] = length / DAY_S
                except TimeTextError:
                    self.refuse(value, first.id, RefusedError("no_number", kind=key, found=text_value(value) or "-"))
        if "Duration" not in days:
            self.draft.note("assumed", "duration", place, days=365)
        study["warmup"] = tidy(days.get("Warmup", 0))
        study["horizon"] = tidy(days.get("Duration", 365) + days.get("Warmup", 0))
        for key, name in (("replication", "replications"), ("seed", "seed")):
            stated = first.settings.get(key, "")
            if stated.strip().lstrip("-").isdigit():
                study[name] = int(stated) if name == "seed" else max(1, int(stated))

    def calendars(self, first: _Scenario) -> None:
        for id_, node in first.calendars.items():
            name = node.get("name") or id_
            start = date.fromisoformat(self.data["study"]["start"])
            days = int(min(800, max(14, 2 * self.data["study"]["horizon"] + 1)))
            try:
                hours = hours_of_calendar(node.text or "", name, start, days)
            except RefusedError as error:
                self.refuse(node, id_, error)
                continue
            known = self.data["calendar"]["hours"]
            self.hours[id_] = identifier(name, known, "hours")
            known[self.hours[id_]] = hours

    def hours_for(self, value: etree._Element, element: str) -> str:
        id_ = value.get("validFor")
        if id_ is None:
            return "always"
        if id_ not in self.hours:
            if not any(finding.element == id_ for finding in self.findings):
                known = ", ".join(self.hours) or "-"
                self.refuse(value, element, RefusedError("missing", kind="calendar", name=id_, known=known))
            return "always"
        return self.hours[id_]

    def people(self, first: _Scenario) -> None:
        """A pool for each resource with a quantity; one person where none is said."""
        asked = {
            name for key, node in first.parameters.items() if key[1] == "Selection" for name in self.selected(node)
        }
        named = {key[0] for key in first.parameters if key[1] in ("Quantity", "Availability")} | asked
        named |= {resource for roles in self.roles.values() for resource in roles}
        for id_, label in self.resources.items():
            if id_ not in named and label not in named:
                continue
            quantity = first.parameters.get((id_, "Quantity"))
            units, hours = 1, "always"
            values = self.values(quantity) if quantity is not None else []
            if values:
                value = max(values, key=lambda v: v.get("validFor") is not None)
                drawn = self.drawn(value, id_, is_time=False)
                units = int(drawn.get("value", 0)) if drawn is not None else 1
                hours = self.hours_for(value, id_)
                for other in values:
                    if other is not value:
                        self.omit(other, "valid_for", id_, parameter="Quantity")
                if drawn is not None and units < 1:
                    self.refuse(value, id_, RefusedError("amount", found=text_value(value) or local(value)))
            else:
                self.draft.note("assumed", "one_person", Place(self.file, None, id_), label=label)
            available = first.parameters.get((id_, "Availability"))
            for value in self.values(available) if available is not None else []:
                if value.get("validFor") is not None and text_value(value).lower() in ("true", "1"):
                    hours = self.hours_for(value, id_)
                elif text_value(value).lower() not in ("true", "1"):
                    self.omit(value, "availability", id_)
            self.pool(first, id_, label, units, hours)

    def pool(self, first: _Scenario, id_: str, label: str, units: int, hours: str) -> None:
        name = identifier(label, self.data["pools"], "pool")
        pool: Data = {
            "labels": {"zh": label, "en": label}, "units": {"value": max(1, units), "source": IMPORTED}, "hours": hours,
        }  # fmt: skip
        if any(key[1] == "Priority" for key in first.parameters):
            pool["discipline"] = "priority"
        cost = self.number(first, id_, "UnitCost")
        if cost:
            pool["hourly_cost"] = {"value": tidy(cost * 3600 / UNITS[self.base]), "source": IMPORTED}
        fixed = first.parameters.get((id_, "FixedCost"))
        if fixed is not None and self.values(fixed):
            self.omit(fixed, "resource_fixed_cost", id_)
        self.data["pools"][name] = pool
        self.pools[id_] = self.pools[label] = name

    def number(self, scenario: _Scenario, element: str, parameter: str) -> float | None:
        value = self.one(scenario.parameters.get((element, parameter)), element)
        drawn = None if value is None else self.drawn(value, element, is_time=False)
        if drawn is None:
            return None
        return float(mean_of(drawn))

    def selected(self, parameter: etree._Element) -> list[str]:
        value = next(iter(self.values(parameter)), None)
        if value is None:
            return []
        try:
            return [name for name, _ in resources_of(text_value(value))[0]]
        except RefusedError:
            return []  # told where the element is read

    def starts(self) -> list[Element]:
        process = self.diagram.process
        return [element for element in process.inside(process.id) if element.tag == "startEvent"]

    def properties(self, first: _Scenario) -> None:
        """Properties that are drawn when a case arrives: of the scenario, the process, or its start event."""
        early = {"", self.diagram.process.id, *(element.id for element in self.starts())}
        for (element, kind), parameter in first.parameters.items():
            if not kind.startswith("Property:") or element not in early:
                continue
            value = self.one(parameter, element or None)
            name = kind.partition(":")[2]
            if value is None:
                continue
            spec = self.property(value, name, element)
            if spec is not None and parameter.get("type") in ("int", "long"):
                spec = self.whole(spec, value, element)
            if spec is not None:
                named = identifier(name, self.data["attributes"], "property")
                self.attributes[name] = named
                self.data["attributes"][named] = spec | {"source": IMPORTED}

    def whole(self, spec: Data, value: etree._Element, element: str) -> Data:
        """A property of whole numbers: what is drawn is rounded to the nearest one."""
        if "value" in spec:
            return {"value": round(spec["value"])}
        if "empirical" in spec or "choices" in spec or "probability" in spec:
            return spec
        made = distribution_of(spec)
        counts = Counter(round(made.quantile((i + 0.5) / QUANTILES)) for i in range(QUANTILES))
        self.draft.note("assumed", "whole_numbers", self.place(value, element or None))
        values = sorted(counts)
        return {"empirical": {"values": values, "weights": [counts[number] / QUANTILES for number in values]}}

    def property(self, value: etree._Element, name: str, element: str) -> Data | None:
        kind = local(value)
        if kind == "BooleanParameter":
            return {"probability": 1.0 if text_value(value).lower() in ("true", "1") else 0.0}
        if kind == "StringParameter":
            return {"choices": {text_value(value) or "empty": 1.0}}
        if kind == "EnumParameter" and all(local(one) == "StringParameter" for one in value):
            texts = [text_value(one) for one in value]
            self.draft.note("assumed", "enumeration", self.place(value, element or None))
            shares = {text: texts.count(text) / len(texts) for text in dict.fromkeys(texts)}
            return {"choices": shares}
        inner = {local(one) for point in value for one in point}
        if kind == "UserDistribution" and inner in ({"StringParameter"}, {"BooleanParameter"}):
            shares = {text_value(point[0]): finite(point.get("probability")) or 0.0 for point in value if len(point)}
            total = sum(shares.values())
            if total <= 0:
                self.refuse(value, element or None, RefusedError("shares", total=f"{total:g}"))
                return None
            if inner == {"BooleanParameter"}:
                return {
                    "probability": tidy(sum(s for text, s in shares.items() if text.lower() in ("true", "1")) / total)
                }
            return {"choices": {text: tidy(share / total) for text, share in shares.items()}}
        if kind == "ExpressionParameter":
            self.omit(value, "later_property", element or None, name=name)
            return None
        return self.drawn(value, element or None, is_time=False)

    def arrivals(self, first: _Scenario) -> None:
        process = self.diagram.process
        for start in self.starts():
            timer = first.parameters.get((start.id, "InterTriggerTimer"))
            values = self.values(timer) if timer is not None else []
            if not values:
                continue
            value = next((v for v in values if v.get("validFor") is None), values[0])
            for other in values:
                if other is not value:
                    self.omit(other, "valid_for", start.id, parameter="InterTriggerTimer")
            drawn = self.drawn(value, start.id)
            if drawn is None:
                return
            if mean_of(drawn) <= 0:
                self.refuse(value, start.id, RefusedError("no_gap"))
                return
            hours = self.hours_for(value, start.id)
            self.data["arrivals"] = {"gaps": drawn | {"unit": "second", "source": IMPORTED}, "hours": hours}
            count = self.number(first, start.id, "TriggerCount") or self.number(first, process.id, "TriggerCount")
            if count and count >= 1:
                self.data["arrivals"]["most"] = int(count)
            return
        self.draft.note("assumed", "bpsim_arrivals", self.place(first.node, first.id))
        self.data["arrivals"] = {"gaps": {"exponential": 1, "unit": "hour", "source": ASSUMED, "range": [0.1, 10]}}

    # ---- a variant --------------------------------------------------------------------------------------------

    def variant(self, scenario: _Scenario, first: _Scenario) -> None:
        name = identifier(scenario.id, self.data["variants"], "scenario")
        variant: Data = {
            "labels": {"zh": scenario.name, "en": scenario.name}, "diagram": self.diagram_name, "elements": {},
            "routes": {},
        }  # fmt: skip
        self.data["variants"][name] = variant
        process = self.diagram.process
        known = {*process.elements, *process.flows, *self.resources, process.id, "", *process.lanes}
        for (element, kind), parameter in scenario.parameters.items():
            if element not in known and self.values(parameter):
                listed = ", ".join([*process.elements][:8])
                self.refuse(parameter, element, RefusedError("missing", kind="element", name=element, known=listed))
            elif (element in self.resources or element == "") and (
                scenario is not first
                and self.values(parameter)
                and first.parameters.get((element, kind)) is not parameter
            ):
                self.omit(parameter, "differs", element or None, scenario=scenario.name)
        for element_ in process.elements.values():
            if element_.tag in TASKS or _is_timer(element_):
                spec = self.element(scenario, element_)
                if spec is not None:
                    variant["elements"][element_.id] = spec
            elif self.comes_from_outside(element_):
                variant["elements"][element_.id] = self.outside(scenario, element_)
            self.ignored(scenario, element_)
            assigned = self.assigned(scenario, element_)
            if assigned:
                variant.setdefault("assigns", {})[element_.id] = assigned
        self.routes(scenario, variant)

    def element(self, scenario: _Scenario, element: Element) -> Data | None:
        lags = self.times(scenario, element, LAGS)
        work = self.times(scenario, element, WORK)
        if not work and not lags and element.tag not in TASKS:
            return None
        spec: Data = {}
        pools = self.pools_of(scenario, element)
        if not work and not lags:
            self.draft.note("read", "no_time", Place(self.file, element.line, element.id), label=element.label)
        if not pools or element.tag not in TASKS:
            lags, work = [*lags, *work], []
        for key, draws in (("effort", work), ("dwell", lags)):
            if not draws and not (key == "dwell" and "effort" not in spec):
                continue
            spec[key] = self.total(draws, element) | {"unit": "second", "source": IMPORTED}
        if "effort" in spec:
            spec["pools"] = pools
        if "dwell" in spec:
            spec["clock"] = "natural"
            if "effort" in spec:
                self.draft.note("assumed", "lag_after", Place(self.file, None, element.id), label=element.label)
        priority = self.number(scenario, element.id, "Priority")
        if priority and "effort" in spec:
            spec["priority"] = -int(priority)
        cost = self.number(scenario, element.id, "FixedCost")
        if cost:
            spec["fixed_cost"] = {"value": tidy(cost), "source": IMPORTED}
        return spec

    def total(self, draws: list[Data], element: Element) -> Data:
        """The times of an element in one; a loop in which nothing takes time would be refused, so it takes a ms."""
        total, tabled = added(draws)
        if tabled:
            self.draft.note("assumed", "summed", Place(self.file, None, element.id), label=element.label)
        return {"value": 0.001} if total == {"value": 0} and reaches_itself(self.diagram, element.id) else total

    def times(self, scenario: _Scenario, element: Element, names: tuple[str, ...]) -> list[Data]:
        draws = []
        for name in names:
            value = self.one(scenario.parameters.get((element.id, name)), element.id)
            if value is not None and local(value) == "ExpressionParameter":
                self.omit(value, "time_expression", element.id, parameter=name)
            elif value is not None:
                drawn = self.drawn(value, element.id)
                if drawn is not None:
                    draws.append(drawn)
        return draws

    def pools_of(self, scenario: _Scenario, element: Element) -> list[str]:
        parameter = scenario.parameters.get((element.id, "Selection"))
        value = self.one(parameter, element.id)
        if value is None:
            return [self.pools[id_] for id_ in self.roles.get(element.id, ()) if id_ in self.pools]
        try:
            asked, alternatives = resources_of(text_value(value))
        except RefusedError as error:
            self.refuse(value, element.id, error)
            return []
        if alternatives:
            self.omit(value, "alternatives", element.id)
        pools = []
        for name, quantity in asked:
            if name not in self.pools:
                known = ", ".join(self.resources.values()) or "-"
                self.refuse(value, element.id, RefusedError("missing", kind="resource", name=name, known=known))
                continue
            if quantity > 1:
                self.omit(value, "several_units", element.id, quantity=quantity)
            if self.pools[name] not in pools:
                pools.append(self.pools[name])
        return pools

    def comes_from_outside(self, element: Element) -> bool:
        """Whether an event of the diagram waits for what nobody in it sends."""
        definition = event_definition(element)
        process = self.diagram.process
        if definition is None or definition.tag not in OUTSIDE or element in self.starts():
            return False
        throwers = (e for e in process.elements.values() if e.tag in ("intermediateThrowEvent", "endEvent", "sendTask"))
        sent = any((thrown := event_definition(one)) is not None and thrown.tag == definition.tag for one in throwers)
        return element.tag in ("startEvent", "boundaryEvent", "intermediateCatchEvent") and not sent

    def outside(self, scenario: _Scenario, element: Element) -> Data:
        """When such an event comes: after its trigger's time, by its probability, else never."""
        place = Place(self.file, None, element.id)
        value = self.one(scenario.parameters.get((element.id, "InterTriggerTimer")), element.id)
        drawn = None if value is None else self.drawn(value, element.id)
        chance = self.number(scenario, element.id, "Probability")
        if drawn is None:
            self.draft.note("assumed", "never", place, label=element.label)
            return {"dwell": {"value": 36_000, "unit": "natural_day", "source": IMPORTED}}
        if chance is not None and 0 <= chance < 1:
            if "value" not in drawn:
                self.draft.note("assumed", "trigger_mean", place, label=element.label)
            weights = [tidy(chance), tidy(1 - chance)]
            drawn = {"empirical": {"values": [tidy(mean_of(drawn)), NEVER_S], "weights": weights}}
        return {"dwell": drawn | {"unit": "second", "source": IMPORTED}, "clock": "natural"}

    def assigned(self, scenario: _Scenario, element: Element) -> dict[str, str]:
        """The properties that an activity sets when it is over, by expressions."""
        found: dict[str, str] = {}
        for (id_, kind), parameter in scenario.parameters.items():
            if id_ != element.id or not kind.startswith("Property:") or element.tag not in TASKS:
                continue
            value = self.one(parameter, id_)
            if value is None or local(value) not in ("ExpressionParameter", "NumericParameter", "FloatingParameter"):
                continue
            try:
                text = condition_of(text_value(value), self.attribute_name)
                found[self.attribute_name(kind.partition(":")[2])] = text
            except RefusedError as error:
                self.refuse(value, id_, error)
        return found

    def ignored(self, scenario: _Scenario, element: Element) -> None:
        starts = [start.id for start in self.starts()]
        for kind, code in (("Interruptible", "interruptible"), ("UnitCost", "unit_cost")):
            parameter = scenario.parameters.get((element.id, kind))
            if parameter is not None and self.values(parameter):
                self.omit(parameter, code, element.id)
        for (id_, kind), parameter in scenario.parameters.items():
            if id_ != element.id or not self.values(parameter) or element.id in starts:
                continue
            if kind.startswith("Property:"):
                value = self.one(parameter, id_)
                if element.tag in TASKS and value is not None and local(value).removesuffix("Parameter") in SETTABLE:
                    continue
                self.omit(parameter, "later_property", id_, name=kind.partition(":")[2])
            elif self.comes_from_outside(element) and kind != "Condition":
                continue
            elif kind in ("InterTriggerTimer", "TriggerCount", "Probability", "Condition"):
                self.omit(parameter, "control", id_, parameter=kind)

    def routes(self, scenario: _Scenario, variant: Data) -> None:
        process = self.diagram.process
        for gateway in process.elements.values():
            flows = [flow.id for flow in process.outgoing(gateway.id)]
            if gateway.tag != "exclusiveGateway" or len(flows) < 2:
                continue
            conditions: dict[str, str] = {}
            shares: dict[str, float] = {}
            for flow in flows:
                value = self.one(scenario.parameters.get((flow, "Condition")), flow)
                if value is not None:
                    try:
                        conditions[flow] = condition_of(text_value(value), self.attribute_name)
                    except RefusedError as error:
                        self.refuse(value, flow, error)
                share = self.number(scenario, flow, "Probability")
                if share is not None:
                    shares[flow] = share
            route = self.route(gateway, flows, conditions, shares)
            if route is not None:
                variant["routes"][gateway.id] = route
        trial = Draft({"variants": {"current": {"routes": variant["routes"]}}}, {})
        assume_routes(trial, self.diagram, list(variant["routes"]))
        for note in trial.notes:
            if note not in self.draft.notes:
                self.draft.notes.append(note)

    def route(
        self, gateway: Element, flows: list[str], conditions: dict[str, str], shares: dict[str, float]
    ) -> Data | None:
        place = Place(self.file, None, gateway.id)
        default = gateway.attributes.get("default")
        without = [flow for flow in flows if flow not in conditions]
        if conditions and len(without) <= 1:
            route: Data = {"conditions": conditions, "source": IMPORTED}
            if without:
                route["default"] = without[0]
            elif default in flows:
                route["default"] = default
                del conditions[str(default)]
            return route
        if conditions:
            self.draft.note("left_out", "mixed_choice", place)
        if not shares:
            return None
        if any(not 0 <= share <= 1 for share in shares.values()):
            self.findings.append(place.finding("share", found=", ".join(f"{s:g}" for s in shares.values())))
            return None
        stated = whole_shares(flows, shares, self.draft, place)
        if stated is None:
            self.findings.append(place.finding("shares", total=f"{sum(shares.values()):.6g}"))
            return None
        return {"shares": stated, "source": IMPORTED}

    def attribute_name(self, name: str) -> str:
        if name not in self.attributes:
            raise RefusedError("missing", kind="property", name=name, known=", ".join(self.attributes) or "-")
        return self.attributes[name]


def _reference(node: etree._Element) -> str:
    """The id that an element reference means; it may have a prefix."""
    return (node.get("elementRef") or "").strip().rpartition(":")[2]


def _is_timer(element: Element) -> bool:
    definition = event_definition(element)
    return element.tag != "startEvent" and definition is not None and definition.tag == "timerEventDefinition"


def _performers(root: etree._Element) -> dict[str, list[str]]:
    """By activity: the resources that the diagram itself names."""
    found: dict[str, list[str]] = {}
    for role in root.iter("{*}resourceRole", "{*}performer", "{*}humanPerformer", "{*}potentialOwner"):
        reference = role.find("{*}resourceRef")
        parent = role.getparent()
        if reference is not None and reference.text and parent is not None:
            found.setdefault(parent.get("id", ""), []).append(reference.text.strip().rpartition(":")[2])
    return found
