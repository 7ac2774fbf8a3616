"""QBP, the format of BIMP: ``processSimulationInfo`` inside a BPMN file, read by the meanings of its schema.

Times are seconds whatever ``timeUnit`` says (that is for display). ``FIXED``: mean; ``EXPONENTIAL``: arg1 is the mean;
``NORMAL``: mean and standard deviation (arg1); ``UNIFORM``: arg1 to arg2; ``TRIANGULAR``: mode (mean), arg1, arg2;
``GAMMA`` and ``LOGNORMAL``: mean and **variance** (arg1).
Source: QBPSchema.xsd of the public repository qbpsimulator/qbp-simulator-docs.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, Final

from lxml import etree

from engine.diagram.model import Diagram
from engine.diagram.safe_xml import line_of, parse
from engine.elements.meaning import event_definition
from engine.elements.task import TAGS as TASKS
from engine.errors import BadInput
from scenarios.interchange.draft import Data, Draft, Place, identifier
from scenarios.interchange.imported import (
    IMPORTED,
    RefusedError,
    checked,
    finite,
    horizon_days,
    mean_of,
    open_share,
    tidy,
)
from scenarios.interchange.one_variant import OneVariantReader, listed
from scenarios.interchange.plain import read_checked
from scenarios.interchange.plain_routes import assume_routes
from scenarios.interchange.weekly import hours_of, minute_of, weekday_of

__all__ = ["NAMESPACE", "find", "read_qbp"]

NAMESPACE: Final = "http://www.qbp-simulator.com/Schema201212"
Q: Final = f"{{{NAMESPACE}}}"
KNOWN: Final = "FIXED, EXPONENTIAL, NORMAL, UNIFORM, TRIANGULAR, GAMMA, LOGNORMAL, HISTOGRAM"


def find(root: etree._Element) -> etree._Element | None:
    """The simulation parameters, wherever they stand: in the process, or at the end of the file."""
    return next(iter(root.iter(f"{Q}processSimulationInfo")), None)


def read_qbp(path: Path) -> Draft:
    """A scenario from a BPMN file with QBP parameters.

    Raises:
        BadInput: The diagram cannot be run, or the parameters are wrong; all findings at once.
    """
    diagram, content = read_checked(path)
    info = find(parse(content, str(path)))
    if info is None:
        raise BadInput([Place(str(path)).finding("no_qbp")])
    return _Reader(path, diagram, content, info).read()


class _Reader(OneVariantReader):
    def __init__(self, path: Path, diagram: Diagram, content: bytes, info: etree._Element) -> None:
        super().__init__(path, path, diagram, content, "QBP")
        self.info = info
        self.hours: dict[str, str] = {}  # timetable to named hours
        self.pools: dict[str, str] = {}  # resource to pool
        self.default: str | None = None

    def place(self, node: etree._Element, element: str | None = None) -> Place:
        return Place(self.file, line_of(node), element or node.get("elementId") or node.get("id"))

    def refuse(self, node: etree._Element, code: str, /, **values: object) -> None:
        self.findings.append(self.place(node).finding(code, **values))

    def all(self, path: str) -> list[etree._Element]:
        return self.info.findall("/".join(f"{Q}{step}" for step in path.split("/")))

    def read(self) -> Draft:
        self.timetables()
        self.resources()
        self.elements()
        self.flows()
        assume_routes(self.draft, self.diagram, list(self.variant["routes"]))
        self.arrivals()
        return self.end(Place(self.file, line_of(self.info)), len(self.hours))

    def timetables(self) -> None:
        for table in self.all("timetables/timetable"):
            rules = []
            for rule in table.iter(f"{Q}rule"):
                try:
                    days = [weekday_of(rule.get(key) or "") for key in ("fromWeekDay", "toWeekDay")]
                    times = [minute_of(rule.get(key) or "") for key in ("fromTime", "toTime")]
                except ValueError as error:
                    self.refuse(rule, "rule", found=str(error))
                    continue
                rules.append((days[0], days[1], times[0], times[1]))
            hours = hours_of(rules)
            if hours is None:
                self.refuse(table, "never_open", name=table.get("name") or table.get("id") or "-")
                continue
            id_ = table.get("id") or ""
            name = identifier(table.get("name") or id_, self.data["calendar"]["hours"], "hours")
            self.data["calendar"]["hours"][name] = hours
            self.hours[id_] = name
            if table.get("default") == "true" or self.default is None:
                self.default = name
                self.data["calendar"]["office"] = name
            if table.get("holidaysId"):
                self.holidays(table)

    def holidays(self, table: etree._Element) -> None:
        for holidays in self.info.iter(f"{Q}holidays"):
            if holidays.get("id") == table.get("holidaysId"):
                for day in holidays.iter(f"{Q}holiday"):
                    date = (day.get("date") or "")[:10]
                    self.data["calendar"]["hours"][self.hours[table.get("id") or ""]].setdefault(
                        "exceptions", []
                    ).append({"date": date, "open": []})

    def resources(self) -> None:
        for resource in self.all("resources/resource"):
            id_ = resource.get("id") or ""
            label = resource.get("name") or id_
            amount = finite(resource.get("totalAmount"))
            if amount is None or amount < 1 or amount != int(amount):
                self.refuse(resource, "amount", found=resource.get("totalAmount") or "-")
                continue
            table = resource.get("timetableId")
            if table is not None and table not in self.hours:
                self.refuse(resource, "missing", kind="timetable", name=table, known=", ".join(self.hours) or "-")
                continue
            name = identifier(label, self.data["pools"], "pool")
            pool: Data = {
                "labels": {"zh": label, "en": label},
                "units": {"value": int(amount), "source": IMPORTED},
                "hours": self.hours[table] if table else self.default or "always",
            }
            cost = finite(resource.get("costPerHour"))
            if cost:
                pool["hourly_cost"] = {"value": tidy(cost), "source": IMPORTED}
            self.data["pools"][name] = pool
            self.pools[id_] = name

    def elements(self) -> None:
        process = self.diagram.process
        for one in self.all("elements/element"):
            id_ = one.get("elementId") or ""
            element = process.elements.get(id_)
            if element is None:
                self.refuse(one, "missing", kind="element", name=id_, known=listed(process.elements))
                continue
            distribution = one.find(f"{Q}durationDistribution")
            is_timer = element.tag not in TASKS and event_definition(element) is not None
            if element.tag not in TASKS and not is_timer:
                self.draft.note("left_out", "no_waiting", self.place(one), tag=element.tag)
                continue
            self.variant["elements"][id_] = self.element(one, distribution)
            if one.get("costThreshold") or one.get("durationThreshold"):
                self.draft.note("left_out", "threshold", self.place(one))
            if one.get("simulateAsTask") == "true":
                self.draft.note("left_out", "simulate_as_task", self.place(one))
        for element in process.elements.values():
            if element.tag in TASKS and element.id not in self.variant["elements"]:
                self.variant["elements"][element.id] = {"dwell": {"value": 0, "unit": "second", "source": IMPORTED}}
                self.draft.note("assumed", "no_time", Place(self.file, element.line, element.id), label=element.label)

    def element(self, one: etree._Element, distribution: etree._Element | None) -> Data:
        drawn: Data = {"value": 0}
        if distribution is not None:
            drawn = self.drawn(distribution)
        ids = [node.text.strip() for node in one.iter(f"{Q}resourceId") if node.text and node.text.strip()]
        known = [self.pools[id_] for id_ in ids if id_ in self.pools]
        for id_ in ids:
            if id_ not in self.pools and not any(f.element == id_ for f in self.findings):
                self.refuse(one, "missing", kind="resource", name=id_, known=", ".join(self.pools) or "-")
        number = drawn | {"unit": "second", "source": IMPORTED}
        spec: Data = {"effort": number, "pools": known} if known else {"dwell": number, "clock": "natural"}
        cost = finite(one.get("fixedCost"))
        if cost:
            spec["fixed_cost"] = {"value": tidy(cost), "source": IMPORTED}
        return spec

    def drawn(self, node: etree._Element) -> Data:
        """A distribution in seconds."""
        try:
            return checked(self._drawn(node) | {"unit": "second"})
        except RefusedError as refused:
            self.findings.append(refused.finding(self.place(node, _owner(node))))
            return {"value": 0}

    def _drawn(self, node: etree._Element) -> Data:
        kind = (node.get("type") or "").upper()
        mean, low, high = (finite(node.get(key)) for key in ("mean", "arg1", "arg2"))
        wanted = {
            "FIXED": (mean,), "EXPONENTIAL": (low,), "NORMAL": (mean, low), "UNIFORM": (low, high),
            "TRIANGULAR": (mean, low, high), "GAMMA": (mean, low), "LOGNORMAL": (mean, low),
        }.get(kind)  # fmt: skip
        if kind == "HISTOGRAM":
            return self.histogram(node)
        if wanted is None:
            raise RefusedError("distribution", found=kind or "-", known=KNOWN)
        if any(value is None for value in wanted):
            found = ", ".join(f"{key}={node.get(key)}" for key in ("mean", "arg1", "arg2"))
            raise RefusedError("no_number", kind=kind, found=found)
        if kind == "FIXED":
            if not mean and low:
                self.draft.note("assumed", "fixed_by_mean", self.place(node, _owner(node)), arg1=f"{low:g}")
            return {"value": tidy(mean or 0)}
        if kind == "EXPONENTIAL":
            return {"exponential": tidy(low or 0)}
        if kind == "UNIFORM":
            return {"uniform": [tidy(low or 0), tidy(high or 0)]}
        if kind == "TRIANGULAR":
            return {"triangular": [tidy(low or 0), tidy(mean or 0), tidy(high or 0)]}
        if kind == "NORMAL":
            self.draft.note("assumed", "normal_cut", self.place(node, _owner(node)))
            return {"normal": {"mean": tidy(mean or 0), "sd": tidy(low or 0)}}
        sd = math.sqrt(max(0.0, low or 0))
        if not sd:
            return {"value": tidy(mean or 0)}
        if mean and sd < 0.02 * mean:
            self.draft.note("assumed", "variance", self.place(node, _owner(node)), kind=kind, sd=f"{sd:.6g}")
        return {kind.lower(): {"mean": tidy(mean or 0), "sd": tidy(sd)}}

    def histogram(self, node: etree._Element) -> Data:
        values, weights = [], []
        for bin_ in node.iter(f"{Q}histogramDataBin"):
            probability = finite(bin_.get("probability"))
            inner = bin_.find(f"{Q}distribution")
            if probability is None or inner is None:
                raise RefusedError("no_number", kind="HISTOGRAM", found=f"probability={bin_.get('probability')}")
            values.append(tidy(mean_of(self._drawn(inner) | {"unit": "second"})))
            weights.append(tidy(probability))
        if not values:
            raise RefusedError("no_number", kind="HISTOGRAM", found="-")
        self.draft.note("assumed", "histogram", self.place(node, _owner(node)))
        return {"empirical": {"values": values, "weights": weights}}

    def flows(self) -> None:
        process = self.diagram.process
        shares: dict[str, dict[str, float]] = {}
        for one in self.all("sequenceFlows/sequenceFlow"):
            id_, share = one.get("elementId") or "", finite(one.get("executionProbability"))
            flow = process.flows.get(id_)
            if flow is None:
                self.refuse(one, "missing", kind="sequence flow", name=id_, known=listed(process.flows))
            elif share is None or not 0 <= share <= 1:
                self.refuse(one, "share", found=one.get("executionProbability") or "-")
            elif process.elements[flow.source].tag == "exclusiveGateway":
                shares.setdefault(flow.source, {})[id_] = share
            else:
                self.draft.note("left_out", "share_elsewhere", self.place(one), tag=process.elements[flow.source].tag)
        for gateway, stated in shares.items():
            flows = [flow.id for flow in process.outgoing(gateway)]
            if len(flows) < 2:
                continue
            place = Place(self.file, process.elements[gateway].line, gateway)
            route = whole_shares(flows, stated, self.draft, place)
            if route is None:
                self.findings.append(place.finding("shares", total=f"{sum(stated.values()):.6g}"))
            else:
                self.variant["routes"][gateway] = {"shares": route, "source": IMPORTED}

    def arrivals(self) -> None:
        node = self.info.find(f"{Q}arrivalRateDistribution")
        place = Place(self.file, line_of(self.info))
        study = self.data["study"]
        start = (self.info.get("startDateTime") or "")[:10]
        if len(start) == 10:
            study["start"] = start
        if node is None:
            self.findings.append(place.finding("no_arrivals"))
            return
        gap = self.drawn(node)
        hours = self.default or "always"
        cases = finite(self.info.get("processInstances"))
        arrivals: Data = {"gaps": gap | {"unit": "second", "source": IMPORTED}, "hours": hours}
        if self.findings:
            return
        mean = mean_of(gap | {"unit": "second"})
        if mean <= 0:
            self.refuse(node, "no_gap")
            return
        share = open_share(self.data["calendar"]["hours"][hours]) if hours != "always" else 1.0
        number = int(cases) if cases and cases >= 1 else 1000
        arrivals["most"] = number
        self.data["arrivals"] = arrivals
        study["horizon"] = horizon_days(number, mean, share)
        self.draft.note("assumed", "horizon", place, days=study["horizon"], cases=number)
        options = self.info.find(f"{Q}statsOptions")
        if options is not None:
            trim = finite(options.get("trimStartProcessInstances")) or 0.0
            trim_end = finite(options.get("trimEndProcessInstances")) or 0.0
            natural = number * mean / 86_400 / share
            if trim:
                study["warmup"] = tidy(round(trim * natural, 3))
                self.draft.note("assumed", "warmup", self.place(options), days=study["warmup"], share=f"{trim:g}")
            if trim_end:
                study["horizon"] = tidy(round((1 - trim_end) * natural, 3))
                self.draft.note(
                    "assumed", "trim_end", self.place(options), days=study["horizon"], share=f"{trim_end:g}"
                )


def whole_shares(flows: list[str], stated: dict[str, float], draft: Draft, place: Place) -> dict[str, Any] | None:
    """Shares of all ways, the last one the rest; in proportion where they do not sum to 1; nothing if they cannot."""
    total = sum(stated.values())
    missing = [flow for flow in flows if flow not in stated]
    if missing and total < 1:
        share = (1 - total) / len(missing)
        stated = stated | dict.fromkeys(missing, share)
        draft.note("assumed", "missing_shares", place, flows=", ".join(missing))
        total = 1.0
    if total <= 0:
        return None
    if abs(total - 1) > 1e-9:
        draft.note("assumed", "shares_scaled", place, total=f"{total:.6g}")
    shares: dict[str, Any] = {flow: tidy(stated.get(flow, 0.0) / total) for flow in flows}
    shares[flows[-1]] = "rest"
    if sum(value for value in shares.values() if value != "rest") > 1:
        shares[flows[-1]] = 0
    return shares


def _owner(node: etree._Element) -> str | None:
    parent = node.getparent()
    return parent.get("elementId") if parent is not None else None
