"""Who works in a Prosimos model, when, and how fast: calendars, resources and the durations of tasks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from engine.diagram.model import Diagram
from engine.elements.task import TAGS as TASKS
from scenarios.interchange.draft import Data, Place, identifier
from scenarios.interchange.imported import IMPORTED, RefusedError, finite, tidy
from scenarios.interchange.one_variant import OneVariantReader, listed
from scenarios.interchange.prosimos_file import File, Period, Stated
from scenarios.interchange.prosimos_values import STEPS, drawn_from, mixture
from scenarios.interchange.weekly import Rule, hours_of, minute_of, weekday_of

__all__ = ["PeopleReader"]

MOST = 10_000  # people of one pool


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

    def __init__(self, path: Path, bpmn: Path, diagram: Diagram, content: bytes, given: File) -> None:
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

    def weeks(self) -> None:
        """The calendars of the resources, as named hours."""
        for one in self.given.resource_calendars:
            if one.id in self.calendars:
                self.refuse(one.id, "names", kind="calendars", name=one.id)
                continue
            name = one.name or one.id
            hours = hours_of(self.rules(one.time_periods, one.id))
            if hours is None:
                self.refuse(one.id, "never_open", name=name)
                continue
            named = identifier(name, self.data["calendar"]["hours"], "hours")
            self.data["calendar"]["hours"][named] = hours
            self.calendars[one.id] = named

    def rules(self, periods: Sequence[Period], id_: str) -> list[Rule]:
        """Weekly rules of time periods; what is none is a finding."""
        rules: list[Rule] = []
        for period in periods:
            try:
                first, last = weekday_of(period.from_), weekday_of(period.to)
                rules.append((first, last, minute_of(period.begin), minute_of(period.end)))
            except ValueError as error:
                self.refuse(id_, "rule", found=str(error) or "-")
        return rules

    def profiles(self) -> None:
        """The resources, with their number and calendar."""
        for one in (one for profile in self.given.resource_profiles for one in profile.resource_list):
            amount, cost = finite(one.amount), finite(one.cost_per_hour)
            if one.id in self.resources:
                self.refuse(one.id, "names", kind="resources", name=one.id)
            elif amount is None or not 1 <= amount <= MOST or amount != int(amount):
                self.refuse(one.id, "amount", found=one.amount)
            elif cost is None or cost < 0:
                self.refuse(one.id, "cost", found=one.cost_per_hour)
            elif one.calendar in self.calendars:
                hours = self.calendars[one.calendar]
                self.resources[one.id] = _Resource(one.id, one.name or one.id, int(amount), hours, cost)
            elif not any(f.element == one.calendar for f in self.findings):
                self.refuse(one.id, "missing", kind="calendar", name=one.calendar, known=listed(self.calendars))

    def durations(self) -> None:
        """How long each resource takes for each task."""
        elements = self.diagram.process.elements
        for one in self.given.task_resource_distribution:
            if one.task_id not in elements:
                self.refuse(one.task_id, "missing", kind="element", name=one.task_id, known=listed(elements))
                continue
            for stated in one.resources:
                id_ = stated.resource_id
                if id_ not in self.resources:
                    if not any(f.element == id_ for f in self.findings):
                        known = listed(self.resources)
                        self.refuse(one.task_id, "missing", kind="resource", name=id_, known=known)
                    continue
                drawn = self.drawn(stated, f"{one.task_id}/{id_}")
                if drawn is not None:
                    self.resources[id_].draws[one.task_id] = drawn

    def drawn(self, stated: Stated, element: str) -> Data | None:
        """A distribution in seconds; nothing and a finding if it is none."""
        try:
            drawn, tabled = drawn_from(stated)
        except RefusedError as refused:
            self.findings.append(refused.finding(self.place(element)))
            return None
        if tabled:
            self.draft.note("assumed", "tabled", self.place(element), kind=stated.distribution_name, steps=STEPS)
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
