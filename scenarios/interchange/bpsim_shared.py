"""What all variants of a BPSim import share: study, calendars, resources, properties, arrivals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final

from lxml import etree

from engine.calendars.durations import TimeTextError, iso_duration, iso_moment
from engine.diagram.model import Diagram, Element
from engine.diagram.safe_xml import line_of
from engine.errors import Finding
from scenarios.interchange.bpsim_calendar import hours_of_calendar
from scenarios.interchange.bpsim_expressions import resources_of
from scenarios.interchange.bpsim_scenarios import InputScenario
from scenarios.interchange.bpsim_values import UNITS, drawn_of, local, text_value
from scenarios.interchange.draft import ASSUMED, Data, Draft, Place, identifier, stem
from scenarios.interchange.imported import (
    IMPORTED,
    RefusedError,
    distribution_of,
    finite,
    imported_frame,
    mean_of,
    tidy,
)

__all__ = ["DAY_S", "SharedReader"]

DAY_S: Final = 86_400
QUANTILES: Final = 10_000  # of a property that is rounded to whole numbers


class SharedReader:
    """Reads what the first scenario says for all variants; findings and notes are collected."""

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
        self._taken: dict[int, etree._Element] = {}  # parameters that were used or told of, by their identity

    # ---- small things -----------------------------------------------------------------------------------------

    def place(self, node: etree._Element, element: str | None = None) -> Place:
        """Where a node stands."""
        return Place(self.file, line_of(node), element)

    def refuse(self, node: etree._Element, element: str | None, error: RefusedError) -> None:
        """Note what is wrong; the same finding is kept once."""
        finding: Finding = error.finding(self.place(node, element))
        if finding not in self.findings:
            self.findings.append(finding)

    def omit(self, node: etree._Element, code: str, element: str | None = None, **values: object) -> None:
        """Note what is left out."""
        self._taken[id(node)] = node
        self.draft.note("left_out", code, self.place(node, element), **values)

    def values(self, parameter: etree._Element) -> list[etree._Element]:
        """The values of a parameter that are no results."""
        return [v for v in parameter if local(v) != "ResultRequest" and v.get("result") is None]

    def take(self, parameter: etree._Element | None) -> list[etree._Element]:
        """The values of a parameter that is put to use; none if there is none."""
        if parameter is None:
            return []
        self._taken[id(parameter)] = parameter
        return self.values(parameter)

    def tell_untaken(self, scenarios: Sequence[InputScenario]) -> None:
        """Name every parameter that nothing was made of: nothing is lost in silence."""
        for scenario in scenarios:
            for (element, kind), parameter in scenario.parameters.items():
                if id(parameter) not in self._taken and self.values(parameter):
                    self.omit(parameter, "untaken", element or None, parameter=kind)

    def one(self, parameter: etree._Element | None, element: str | None) -> etree._Element | None:
        """The value without a calendar, else the first; the others are noted."""
        values = self.take(parameter)
        if not values:
            return None
        plain = next((value for value in values if value.get("validFor") is None), values[0])
        for other in values:
            if other is not plain:
                self.omit(other, "valid_for", element, parameter=local(parameter) if parameter is not None else "-")
        return plain

    def drawn(self, value: etree._Element, element: str | None, *, is_time: bool = True) -> Data | None:
        """The number or distribution of a value; nothing and a finding if it is none."""
        try:
            drawn, note = drawn_of(value, self.base, is_time=is_time)
        except RefusedError as error:
            self.refuse(value, element, error)
            return None
        if note is not None:
            self.draft.note("assumed", note, self.place(value, element))
        return drawn

    # ---- what all variants share ------------------------------------------------------------------------------

    def study(self, first: InputScenario) -> None:
        """Start, duration, warm-up, replications and seed."""
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

    def calendars(self, first: InputScenario) -> None:
        """Every calendar as named hours."""
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
        """The named hours that a value holds in."""
        id_ = value.get("validFor")
        if id_ is None:
            return "always"
        if id_ not in self.hours:
            if not any(finding.element == id_ for finding in self.findings):
                known = ", ".join(self.hours) or "-"
                self.refuse(value, element, RefusedError("missing", kind="calendar", name=id_, known=known))
            return "always"
        return self.hours[id_]

    def people(self, first: InputScenario) -> None:
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
            values = self.take(quantity)
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
            for value in self.take(available):
                if value.get("validFor") is not None and text_value(value).lower() in ("true", "1"):
                    hours = self.hours_for(value, id_)
                elif text_value(value).lower() not in ("true", "1"):
                    self.omit(value, "availability", id_)
            self.pool(first, id_, label, units, hours)

    def pool(self, first: InputScenario, id_: str, label: str, units: int, hours: str) -> None:
        """A pool for a resource."""
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

    def number(self, scenario: InputScenario, element: str, parameter: str) -> float | None:
        """The number of a parameter, or the mean of its distribution; nothing if it has none."""
        value = self.one(scenario.parameters.get((element, parameter)), element)
        drawn = None if value is None else self.drawn(value, element, is_time=False)
        if drawn is None:
            return None
        return float(mean_of(drawn))

    def selected(self, parameter: etree._Element) -> list[str]:
        """The resources that a selection names."""
        value = next(iter(self.values(parameter)), None)
        if value is None:
            return []
        try:
            return [name for name, _ in resources_of(text_value(value))[0]]
        except RefusedError:
            return []  # told where the element is read

    def starts(self) -> list[Element]:
        """The start events of the process."""
        process = self.diagram.process
        return [element for element in process.inside(process.id) if element.tag == "startEvent"]

    def properties(self, first: InputScenario) -> None:
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
        """A property as an attribute of cases."""
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

    def arrivals(self, first: InputScenario) -> None:
        """When cases come: by the timer of a start event of the process."""
        process = self.diagram.process
        for start in self.starts():
            timer = first.parameters.get((start.id, "InterTriggerTimer"))
            values = self.take(timer)
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
            if count is not None and count >= 1:
                self.data["arrivals"]["most"] = int(count)
            elif count is not None:
                self.omit(first.node, "trigger_count", start.id, count=f"{count:g}")
            return
        self.draft.note("assumed", "bpsim_arrivals", self.place(first.node, first.id))
        self.data["arrivals"] = {"gaps": {"exponential": 1, "unit": "hour", "source": ASSUMED, "range": [0.1, 10]}}


def _performers(root: etree._Element) -> dict[str, list[str]]:
    """By activity: the resources that the diagram itself names."""
    found: dict[str, list[str]] = {}
    for role in root.iter("{*}resourceRole", "{*}performer", "{*}humanPerformer", "{*}potentialOwner"):
        reference = role.find("{*}resourceRef")
        parent = role.getparent()
        if reference is not None and reference.text and parent is not None:
            found.setdefault(parent.get("id", ""), []).append(reference.text.strip().rpartition(":")[2])
    return found
