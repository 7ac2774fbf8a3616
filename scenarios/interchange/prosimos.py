"""Prosimos: a JSON of parameters beside a BPMN file that says no more than the control flow.

Durations are seconds. Parameters by distribution (pix_framework's ``DurationDistribution``): fix ``[value]``;
expon ``[mean, min, max]``; norm ``[mean, sd, min, max]``; uniform ``[min, max]``; lognorm and gamma
``[mean, variance, min, max]``. What is drawn outside the bounds is drawn again: a truncated distribution.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np

from engine.diagram.model import Diagram
from engine.elements.meaning import event_definition
from engine.elements.task import TAGS as TASKS
from engine.errors import BadInput, Finding
from scenarios.interchange.draft import Data, Draft, Place, identifier, stem
from scenarios.interchange.files import read_file
from scenarios.interchange.imported import (
    IMPORTED,
    RefusedError,
    checked,
    distribution_of,
    finished,
    finite,
    horizon_days,
    imported_frame,
    mean_of,
    open_share,
    tidy,
)
from scenarios.interchange.plain import assume_routes, read_checked
from scenarios.interchange.prosimos_rules import condition_of
from scenarios.interchange.qbp import whole_shares
from scenarios.interchange.weekly import Rule, hours_of, minute_of, weekday_of

__all__ = ["drawn_from", "read_prosimos"]

CASES: Final = 1000  # of a run whose number the file does not say: Prosimos takes it on its command line
STEPS: Final = 400  # values that stand for a truncated distribution that the language has no word for
PARAMETERS: Final = {"fix": 1, "uniform": 2, "expon": 3, "norm": 4, "lognorm": 4, "gamma": 4}


def read_prosimos(json_path: Path, bpmn_path: Path) -> Draft:
    """A scenario from the two files of a Prosimos model.

    Raises:
        BadInput: One of them cannot be used; all findings at once.
    """
    diagram, content = read_checked(bpmn_path)
    text = read_file(json_path)
    try:
        given = json.loads(text.decode("utf-8-sig"))
    except RecursionError:
        raise BadInput([Place(str(json_path)).finding("json", problem="it nests too deeply")]) from None
    except ValueError as error:
        line = getattr(error, "lineno", None)
        raise BadInput([Place(str(json_path), line).finding("json", problem=str(error).split(":")[0])]) from None
    if not isinstance(given, dict) or "resource_profiles" not in given:
        raise BadInput([Place(str(json_path), 1).finding("no_prosimos")])
    return _Reader(json_path, bpmn_path, diagram, content, given).read()


@dataclass
class _Resource:
    id: str
    name: str
    amount: int
    calendar: str
    cost: float
    draws: dict[str, Data] = field(default_factory=dict)  # task to its duration in seconds


class _Reader:
    def __init__(self, path: Path, bpmn: Path, diagram: Diagram, content: bytes, given: Mapping[str, Any]) -> None:
        self.file = str(path)
        self.diagram = diagram
        self.given = given
        name = f"{stem(bpmn.name)}.bpmn"
        self.draft = Draft(imported_frame(stem(path.name), diagram, "Prosimos"), {name: content})
        self.data = self.draft.data
        self.variant: Data = self.data["variants"]["current"]
        self.variant["diagram"] = name
        self.findings: list[Finding] = []
        self.calendars: dict[str, str] = {}
        self.resources: dict[str, _Resource] = {}

    def place(self, element: str) -> Place:
        return Place(self.file, None, element)

    def refuse(self, element: str, code: str, /, **values: object) -> None:
        finding = self.place(element).finding(code, **values)
        if finding not in self.findings:
            self.findings.append(finding)

    def items(self, key: str) -> list[Mapping[str, Any]]:
        """The mappings of a list of the file; what is none is a finding."""
        value = self.given.get(key) or []
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.refuse(key, "json_list")
            return []
        return value

    def read(self) -> Draft:
        try:
            self.sections()
        except (KeyError, TypeError, AttributeError) as error:  # a key that must be there, or another kind of value
            problem = f"{type(error).__name__}: {error}"
            self.refuse("-", "json_shape", problem=problem)
        if self.findings:
            raise BadInput(self.findings)
        read = {
            "pools": len(self.data["pools"]),
            "elements": len(self.variant["elements"]),
            "hours": len(self.calendars),
        }
        self.draft.note("read", "model", Place(self.file), **read)
        finished(self.data)
        return self.draft

    def sections(self) -> None:
        for one in self.items("resource_calendars"):
            self.calendar(str(one.get("id")), str(one.get("name") or one.get("id")), one.get("time_periods"))
        self.profiles()
        self.durations()
        self.tasks()
        self.events()
        self.attributes()
        self.routes()
        self.priorities()
        self.arrivals()
        self.ignored()

    # ---- calendars and people ---------------------------------------------------------------------------------

    def calendar(self, id_: str, name: str, periods: Any) -> None:
        rules = self.rules(periods, id_)
        hours = hours_of(rules)
        if hours is None:
            self.refuse(id_, "never_open", name=name)
            return
        named = identifier(name, self.data["calendar"]["hours"], "hours")
        self.data["calendar"]["hours"][named] = hours
        self.calendars[id_] = named

    def rules(self, periods: Any, id_: str) -> list[Rule]:
        if isinstance(periods, dict):  # as Simod writes them: {"id": ..., "time_periods": [...]}
            periods = periods.get("time_periods")
        rules: list[Rule] = []
        for period in periods or []:
            try:
                first, last = (weekday_of(str(period[key])) for key in ("from", "to"))
                begin, end = (minute_of(str(period[key])) for key in ("beginTime", "endTime"))
            except (ValueError, KeyError, TypeError) as error:
                self.refuse(id_, "rule", found=str(error))
                continue
            rules.append((first, last, begin, end))
        return rules

    def profiles(self) -> None:
        for profile in self.items("resource_profiles"):
            for one in profile.get("resource_list", []):
                id_, name = str(one["id"]), str(one.get("name") or one["id"])
                amount = finite(one.get("amount", 1))
                if amount is None or amount < 1 or amount != int(amount):
                    self.refuse(id_, "amount", found=one.get("amount"))
                    continue
                calendar = str(one.get("calendar"))
                if calendar not in self.calendars:
                    if not any(f.element == calendar for f in self.findings):
                        self.refuse(id_, "missing", kind="calendar", name=calendar, known=_listed(self.calendars))
                    continue
                cost = finite(one.get("cost_per_hour", 0)) or 0.0
                self.resources[id_] = _Resource(id_, name, int(amount), self.calendars[calendar], cost)

    def durations(self) -> None:
        elements = self.diagram.process.elements
        for one in self.items("task_resource_distribution"):
            task = str(one.get("task_id"))
            if task not in elements:
                self.refuse(task, "missing", kind="element", name=task, known=_listed(elements))
                continue
            for stated in one.get("resources", []):
                id_ = str(stated.get("resource_id"))
                if id_ not in self.resources:
                    if not any(f.element == id_ for f in self.findings):
                        self.refuse(task, "missing", kind="resource", name=id_, known=_listed(self.resources))
                    continue
                drawn = self.drawn(stated, f"{task}/{id_}")
                if drawn is not None:
                    self.resources[id_].draws[task] = drawn

    def drawn(self, stated: Mapping[str, Any], element: str) -> Data | None:
        try:
            drawn, tabled = drawn_from(stated)
        except RefusedError as refused:
            self.findings.append(refused.finding(self.place(element)))
            return None
        if tabled:
            self.draft.note("assumed", "tabled", self.place(element), kind=stated.get("distribution_name"), steps=STEPS)
        return drawn

    def tasks(self) -> None:
        """Pools: resources that serve the same tasks queue together; several speeds in one pool are averaged."""
        groups = self.groups()
        for element in self.diagram.process.elements.values():
            if element.tag not in TASKS:
                continue
            serving = [r for r in self.resources.values() if element.id in r.draws]
            if not serving:
                if not self.findings:
                    self.refuse(element.id, "no_resource", label=element.label)
                continue
            draws = [(r.amount, r.draws[element.id]) for r in serving]
            pool = groups[serving[0].id]
            effort, mixed = _mixture(draws)
            if mixed:
                self.draft.note("assumed", "speeds", self.place(element.id), label=element.label, number=len(serving))
            number = effort | {"unit": "second", "source": IMPORTED}
            self.variant["elements"][element.id] = {"effort": number, "pools": [pool]}

    def groups(self) -> dict[str, str]:
        """By resource its pool: those that share a task, directly or through others, are one."""
        leader = {id_: id_ for id_ in self.resources}

        def find(id_: str) -> str:
            while leader[id_] != id_:
                id_ = leader[id_]
            return id_

        for task in self.diagram.process.elements:
            serving = [r.id for r in self.resources.values() if task in r.draws]
            for other in serving[1:]:
                leader[find(other)] = find(serving[0])
        together: dict[str, list[_Resource]] = {}
        for resource in self.resources.values():
            if resource.draws:
                together.setdefault(find(resource.id), []).append(resource)
            else:
                self.draft.note("left_out", "idle_resource", self.place(resource.id), name=resource.name)
        names: dict[str, str] = {}
        for members in together.values():
            name = identifier(members[0].name, self.data["pools"], "pool")
            self.pool(name, members)
            names |= {member.id: name for member in members}
        return names

    def pool(self, name: str, members: Sequence[_Resource]) -> None:
        first = members[0]
        place = self.place(first.id)
        label = first.name if len(members) == 1 else f"{first.name} (+{len(members) - 1})"
        units = sum(member.amount for member in members)
        calendars = {member.calendar for member in members}
        hours = max(calendars, key=lambda c: sum(m.amount for m in members if m.calendar == c))
        if len(calendars) > 1:
            self.draft.note("assumed", "calendars", place, pool=name, hours=hours, number=len(calendars))
        if len({tuple(sorted(member.draws)) for member in members}) > 1:
            self.draft.note("assumed", "shared", place, pool=name, number=len(members))
        pool: Data = {
            "labels": {"zh": label, "en": label},
            "units": {"value": units, "source": IMPORTED},
            "hours": hours,
        }
        cost = sum(member.amount * member.cost for member in members) / units
        if cost:
            pool["hourly_cost"] = {"value": tidy(cost), "source": IMPORTED}
        self.data["pools"][name] = pool

    # ---- the way of a case ------------------------------------------------------------------------------------

    def events(self) -> None:
        elements = self.diagram.process.elements
        for one in self.items("event_distribution"):
            id_ = str(one.get("event_id"))
            if id_ not in elements:
                self.refuse(id_, "missing", kind="element", name=id_, known=_listed(elements))
                continue
            drawn = self.drawn(one, id_)
            if drawn is not None and event_definition(elements[id_]) is not None:
                number = drawn | {"unit": "second", "source": IMPORTED}
                self.variant["elements"][id_] = {"dwell": number, "clock": "natural"}
            elif drawn is not None:
                self.draft.note("left_out", "no_waiting", self.place(id_), tag=elements[id_].tag)

    def attributes(self) -> None:
        for one in self.items("case_attributes"):
            name = str(one.get("name"))
            named = identifier(name, self.data["attributes"], "attribute")
            values = one.get("values")
            if one.get("type") == "discrete":
                total = sum(finite(v.get("value")) or 0.0 for v in values or [])
                if not total > 0:
                    self.refuse(name, "shares", total=f"{total:g}")
                    continue
                keys = [_value_name(str(v["key"])) for v in values or []]
                choices = dict(
                    zip(keys, [tidy((finite(v["value"]) or 0.0) / total) for v in values or []], strict=True)
                )
                last = keys[-1]
                choices[last] = tidy(1 - sum(share for key, share in choices.items() if key != last))
                self.data["attributes"][named] = {"choices": choices, "source": IMPORTED}
            else:
                drawn = self.drawn(values or {}, name)
                if drawn is not None:
                    self.data["attributes"][named] = drawn | {"source": IMPORTED}
            if named != name:
                self.draft.note("assumed", "renamed", self.place(name), name=named)
        for key in ("event_attributes", "global_attributes"):
            for one in self.items(key):
                self.draft.note("left_out", "later_attributes", self.place(str(one.get("event_id", key))))

    def routes(self) -> None:
        process = self.diagram.process
        rules = {str(rule.get("id")): rule for rule in self.items("branch_rules")}
        for one in self.items("gateway_branching_probabilities"):
            gateway = str(one.get("gateway_id"))
            if gateway not in process.elements:
                self.refuse(gateway, "missing", kind="gateway", name=gateway, known=_listed(process.elements))
                continue
            flows = [flow.id for flow in process.outgoing(gateway)]
            stated: dict[str, float] = {}
            conditions: dict[str, str] = {}
            for path in one.get("probabilities", []):
                id_, share = str(path.get("path_id")), finite(path.get("value"))
                if id_ not in flows:
                    self.refuse(gateway, "missing", kind="sequence flow", name=id_, known=_listed(flows))
                elif share is None or not 0 <= share <= 1:
                    self.refuse(gateway, "share", found=path.get("value"))
                else:
                    stated[id_] = share
                    if path.get("condition_id"):
                        self.condition(gateway, id_, str(path["condition_id"]), rules, conditions)
            if process.elements[gateway].tag != "exclusiveGateway":
                self.draft.note("left_out", "share_elsewhere", self.place(gateway), tag=process.elements[gateway].tag)
            elif len(flows) > 1:
                self.route(gateway, flows, stated, conditions)
        assume_routes(self.draft, self.diagram, list(self.variant["routes"]))

    def condition(
        self, gateway: str, flow: str, id_: str, rules: Mapping[str, Mapping[str, Any]], conditions: dict[str, str]
    ) -> None:
        if id_ not in rules:
            self.refuse(gateway, "missing", kind="branch rule", name=id_, known=_listed(rules))
            return
        text = condition_of(rules[id_].get("rules"), self.data["attributes"])
        if text is None:
            self.draft.note("left_out", "branch_rule", self.place(gateway), rule=id_)
        else:
            conditions[flow] = text

    def route(self, gateway: str, flows: list[str], stated: dict[str, float], conditions: dict[str, str]) -> None:
        place = self.place(gateway)
        without = [flow for flow in flows if flow not in conditions]
        if conditions and len(without) <= 1:
            route: Data = {"conditions": conditions, "source": IMPORTED}
            route["default"] = without[0] if without else flows[-1]
            if not without:
                route["conditions"] = {flow: text for flow, text in conditions.items() if flow != flows[-1]}
                self.draft.note("assumed", "last_is_default", place, flow=flows[-1])
            self.variant["routes"][gateway] = route
            return
        if conditions:
            self.draft.note("left_out", "branch_rule", place, rule=", ".join(conditions))
        shares = whole_shares(flows, stated, self.draft, place)
        if shares is None:
            self.findings.append(place.finding("shares", total=f"{sum(stated.values()):.6g}"))
        else:
            self.variant["routes"][gateway] = {"shares": shares, "source": IMPORTED}

    def priorities(self) -> None:
        for rule in self.items("prioritisation_rules"):
            self.draft.note("left_out", "priority", self.place(str(rule.get("priority_level"))))
        for one in self.items("batch_processing"):
            task = str(one.get("task_id"))
            if task not in self.diagram.process.elements:
                known = _listed(self.diagram.process.elements)
                self.refuse(task, "missing", kind="element", name=task, known=known)
            else:
                self.draft.note("left_out", "batch", self.place(task))

    def arrivals(self) -> None:
        stated = self.given.get("arrival_time_distribution")
        if not isinstance(stated, dict):
            self.refuse("arrival_time_distribution", "no_arrivals")
            return
        gap = self.drawn(stated, "arrival_time_distribution")
        calendar = self.given.get("arrival_time_calendar")
        hours = hours_of(self.rules(calendar, "arrival_time_calendar")) if calendar else None
        if calendar and hours is None:
            self.refuse("arrival_time_calendar", "never_open", name="arrival_time_calendar")
        if gap is None or self.findings:
            return
        name = "always"
        if hours is not None:
            known = self.data["calendar"]["hours"]
            name = next((n for n, one in known.items() if one == hours), identifier("arrivals", known))
            known[name] = hours
        self.data["calendar"]["office"] = name
        mean = mean_of(gap | {"unit": "second"})
        if mean <= 0:
            self.refuse("arrival_time_distribution", "no_gap")
            return
        own = self.given.get("reformsim")  # what our own files say and Prosimos takes on its command line
        own = own if isinstance(own, dict) else {}
        stated_cases = finite(own.get("total_cases"))
        cases = int(stated_cases) if stated_cases and stated_cases >= 1 else CASES
        if isinstance(own.get("starting_at"), str):
            self.data["study"]["start"] = own["starting_at"][:10]
        self.data["arrivals"] = {
            "gaps": gap | {"unit": "second", "source": IMPORTED}, "hours": name, "most": cases,
        }  # fmt: skip
        share = 1.0 if hours is None else open_share(hours)
        self.data["study"]["horizon"] = horizon_days(cases, mean, share)
        days = self.data["study"]["horizon"]
        self.draft.note("assumed", "horizon", Place(self.file), days=days, cases=cases)

    def ignored(self) -> None:
        known = {
            "resource_profiles", "resource_calendars", "arrival_time_distribution", "arrival_time_calendar",
            "task_resource_distribution", "gateway_branching_probabilities", "event_distribution", "case_attributes",
            "event_attributes", "global_attributes", "branch_rules", "prioritisation_rules", "batch_processing",
            "gateway_execution_limit", "granule_size", "reformsim",
        }  # fmt: skip
        for key, value in self.given.items():
            if key == "model_type" and value != "FUZZY":
                continue
            if key not in known and value:
                self.draft.note("left_out", "key", self.place(key))


def drawn_from(stated: Mapping[str, Any]) -> tuple[Data, bool]:
    """A distribution of a file in the words of the language, and whether a table had to stand for it.

    Raises:
        RefusedError: It is unknown, or its parameters are no numbers or make no sense.
    """
    kind = str(stated.get("distribution_name"))
    if kind not in PARAMETERS:
        raise RefusedError("distribution", found=kind, known=", ".join(PARAMETERS))
    given = [p.get("value") if isinstance(p, dict) else p for p in stated.get("distribution_params") or []]
    values = [finite(value) for value in given]
    needed = {"fix": 1, "uniform": 2, "expon": 1, "norm": 2, "lognorm": 2, "gamma": 2}[kind]
    if len(values) < needed or any(value is None for value in values):
        raise RefusedError("no_number", kind=kind, found=", ".join(map(str, given)) or "-")
    numbers = [value for value in values if value is not None]
    if kind == "fix":
        return checked({"value": tidy(numbers[0]), "unit": "second"}) and {"value": tidy(numbers[0])}, False
    if kind == "uniform":
        drawn: Data = {"uniform": [tidy(numbers[0]), tidy(numbers[1])]}
        checked(drawn | {"unit": "second"})
        return drawn, False
    bounds = numbers[PARAMETERS[kind] - 2 : PARAMETERS[kind]]
    low, high = bounds if len(bounds) == 2 else (0.0, math.inf)
    if low > high:
        raise RefusedError("bounds", low=f"{low:g}", high=f"{high:g}")
    return _bounded(kind, numbers, max(0.0, low), high)


def _bounded(kind: str, numbers: Sequence[float], low: float, high: float) -> tuple[Data, bool]:
    mean = numbers[0]
    if kind == "norm":
        bounds: Data = {"low": tidy(low)} if low else {}
        if math.isfinite(high):
            bounds["high"] = tidy(high)
        if not numbers[1]:
            return {"value": tidy(mean)}, False
        drawn: Data = {"normal": {"mean": tidy(mean), "sd": tidy(numbers[1])} | bounds}
    elif kind == "expon":
        drawn = {"exponential": tidy(mean)}
    else:
        sd = math.sqrt(max(0.0, numbers[1]))
        if not sd:
            return {"value": tidy(mean)}, False
        drawn = {"lognormal" if kind == "lognorm" else "gamma": {"mean": tidy(mean), "sd": tidy(sd)}}
    checked(drawn | {"unit": "second"})
    if kind == "norm":
        return drawn, False
    made = distribution_of(drawn)
    quantiles = np.array([made.quantile(float(u)) for u in (np.arange(20_000) + 0.5) / 20_000])
    inside = quantiles[(quantiles >= low) & (quantiles <= high)]
    if len(inside) >= 0.9999 * len(quantiles):
        return drawn, False
    if not len(inside):  # nothing is ever inside: Prosimos gives up and takes the nearest bound
        return {"value": tidy(low if mean < low else high)}, True
    positions = (np.arange(50 * STEPS) + 0.5) / (50 * STEPS) * len(inside) - 0.5
    blocks = np.interp(positions, np.arange(len(inside)), inside).reshape(STEPS, 50)
    return {"empirical": {"values": [tidy(float(f"{block.mean():.6g}")) for block in blocks]}}, True


def _mixture(draws: Sequence[tuple[int, Data]]) -> tuple[Data, bool]:
    """One distribution for people of several speeds, each as likely as it has units; whether there are several."""
    if all(drawn == draws[0][1] for _, drawn in draws):
        return draws[0][1], False
    values: list[float] = []
    weights: list[float] = []
    steps = max(20, STEPS // len(draws))
    for amount, drawn in draws:
        made = distribution_of(drawn)
        fine = [made.quantile((i + 0.5) / (10 * steps)) for i in range(10 * steps)]
        blocks = [sum(fine[10 * i : 10 * i + 10]) / 10 for i in range(steps)] if "value" not in drawn else [made.mean]
        values += [tidy(float(f"{value:.6g}")) for value in blocks]
        weights += [tidy(float(f"{amount / len(blocks):.6g}"))] * len(blocks)
    return {"empirical": {"values": values, "weights": weights}}, True


def _value_name(key: str) -> str:
    return key if key.isidentifier() else identifier(key, prefix="v")


def _listed(ids: Any) -> str:
    return ", ".join(list(ids)[:8]) or "-"
