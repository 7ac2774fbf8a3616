"""Prosimos: a JSON of parameters beside a BPMN file that says no more than the control flow; times are seconds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from engine.elements.meaning import event_definition
from engine.errors import BadInput
from scenarios.interchange.draft import Data, Draft, Place, identifier
from scenarios.interchange.files import read_file
from scenarios.interchange.imported import IMPORTED, finite, horizon_days, mean_of, open_share, tidy
from scenarios.interchange.one_variant import listed
from scenarios.interchange.plain import read_checked
from scenarios.interchange.plain_routes import assume_routes
from scenarios.interchange.prosimos_people import PeopleReader
from scenarios.interchange.prosimos_rules import condition_of
from scenarios.interchange.qbp import whole_shares
from scenarios.interchange.weekly import hours_of

__all__ = ["read_prosimos"]

CASES: Final = 1000  # of a run whose number the file does not say: Prosimos takes it on its command line


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


class _Reader(PeopleReader):
    def read(self) -> Draft:
        try:
            self.sections()
        except (KeyError, TypeError, AttributeError) as error:  # a key that must be there, or another kind of value
            problem = f"{type(error).__name__}: {error}"
            self.refuse("-", "json_shape", problem=problem)
        return self.end(Place(self.file), len(self.calendars))

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

    def events(self) -> None:
        elements = self.diagram.process.elements
        for one in self.items("event_distribution"):
            id_ = str(one.get("event_id"))
            if id_ not in elements:
                self.refuse(id_, "missing", kind="element", name=id_, known=listed(elements))
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
                self.refuse(gateway, "missing", kind="gateway", name=gateway, known=listed(process.elements))
                continue
            flows = [flow.id for flow in process.outgoing(gateway)]
            stated: dict[str, float] = {}
            conditions: dict[str, str] = {}
            for path in one.get("probabilities", []):
                id_, share = str(path.get("path_id")), finite(path.get("value"))
                if id_ not in flows:
                    self.refuse(gateway, "missing", kind="sequence flow", name=id_, known=listed(flows))
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
            self.refuse(gateway, "missing", kind="branch rule", name=id_, known=listed(rules))
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
                known = listed(self.diagram.process.elements)
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


def _value_name(key: str) -> str:
    return key if key.isidentifier() else identifier(key, prefix="v")
