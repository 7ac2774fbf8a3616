"""Who works in a Prosimos model, when, and how fast: calendars, resources and the durations of tasks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.diagram.model import Diagram
from engine.elements.task import TAGS as TASKS
from scenarios.interchange.draft import Data, Place, identifier
from scenarios.interchange.imported import IMPORTED, RefusedError, finite, tidy
from scenarios.interchange.one_variant import OneVariantReader, listed
from scenarios.interchange.prosimos_values import STEPS, drawn_from, mixture
from scenarios.interchange.weekly import Rule, hours_of, minute_of, weekday_of

__all__ = ["PeopleReader"]


@dataclass
class _Resource:
    id: str
    name: str
    amount: int
    calendar: str
    cost: float
    draws: dict[str, Data] = field(default_factory=dict)  # task to its duration in seconds


class PeopleReader(OneVariantReader):
    """Reads pools and the effort of tasks; the way of a case is read elsewhere."""

    def __init__(self, path: Path, bpmn: Path, diagram: Diagram, content: bytes, given: Mapping[str, Any]) -> None:
        super().__init__(path, bpmn, diagram, content, "Prosimos")
        self.given = given
        self.calendars: dict[str, str] = {}
        self.resources: dict[str, _Resource] = {}

    def place(self, element: str) -> Place:
        """Where an element of the file stands: JSON has no lines that are known."""
        return Place(self.file, None, element)

    def refuse(self, element: str, code: str, /, **values: object) -> None:
        """Note what is wrong; the same finding is kept once."""
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

    def calendar(self, id_: str, name: str, periods: Any) -> None:
        """A calendar as named hours."""
        rules = self.rules(periods, id_)
        hours = hours_of(rules)
        if hours is None:
            self.refuse(id_, "never_open", name=name)
            return
        named = identifier(name, self.data["calendar"]["hours"], "hours")
        self.data["calendar"]["hours"][named] = hours
        self.calendars[id_] = named

    def rules(self, periods: Any, id_: str) -> list[Rule]:
        """Weekly rules of time periods; what is none is a finding."""
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
        """The resources, with their number and calendar."""
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
                        self.refuse(id_, "missing", kind="calendar", name=calendar, known=listed(self.calendars))
                    continue
                cost = finite(one.get("cost_per_hour", 0)) or 0.0
                self.resources[id_] = _Resource(id_, name, int(amount), self.calendars[calendar], cost)

    def durations(self) -> None:
        """How long each resource takes for each task."""
        elements = self.diagram.process.elements
        for one in self.items("task_resource_distribution"):
            task = str(one.get("task_id"))
            if task not in elements:
                self.refuse(task, "missing", kind="element", name=task, known=listed(elements))
                continue
            for stated in one.get("resources", []):
                id_ = str(stated.get("resource_id"))
                if id_ not in self.resources:
                    if not any(f.element == id_ for f in self.findings):
                        self.refuse(task, "missing", kind="resource", name=id_, known=listed(self.resources))
                    continue
                drawn = self.drawn(stated, f"{task}/{id_}")
                if drawn is not None:
                    self.resources[id_].draws[task] = drawn

    def drawn(self, stated: Mapping[str, Any], element: str) -> Data | None:
        """A distribution in seconds; nothing and a finding if it is none."""
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
            effort, mixed = mixture(draws)
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
        """One pool for resources that serve together; what it averages is noted."""
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
