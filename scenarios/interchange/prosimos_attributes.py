"""Attributes of a Prosimos model: those of cases, of all cases together, and those that are set on the way."""

from __future__ import annotations

import re
from typing import Final

from engine.elements.activity import MARKERS, marker_of
from engine.elements.task import TAGS as TASKS
from engine.errors import Finding
from engine.expressions.compiling import ConditionError, compile_value
from engine.net import Attribute as Declared
from scenarios.interchange.draft import Data, identifier
from scenarios.interchange.imported import IMPORTED, finite, tidy
from scenarios.interchange.one_variant import listed
from scenarios.interchange.plain_routes import reaches_itself
from scenarios.interchange.prosimos_file import Attribute, Entry, Stated, model_of
from scenarios.interchange.prosimos_people import PeopleReader
from scenarios.interchange.prosimos_rules import Names

__all__ = ["AttributeReader", "declared"]

UNSET: Final = "unset"  # value of an attribute that nothing has set yet
_SAMPLED: Final = ("discrete", "continuous")


class AttributeReader(PeopleReader):
    """Reads attributes; what is drawn when a task is done is drawn when the case comes."""

    names: Names
    redrawn: set[str]  # attributes that the file draws anew at each turn of a loop

    def attributes(self) -> None:
        """All three kinds."""
        self.names, self.redrawn = Names(), set()
        for one in self.given.case_attributes:
            self.declare(one, one.name)
        for one in self.given.global_attributes:
            if self.declare(one, one.name) is not None and not self.is_fixed(self.names.attributes[one.name]):
                self.draft.note("assumed", "global_drawn", self.place(one.name), name=self.names.attributes[one.name])
        setters: dict[str, list[tuple[str, Attribute]]] = {}
        elements = self.diagram.process.elements
        for event in self.given.event_attributes:
            if event.event_id not in elements:
                known = listed(elements)
                self.refuse(event.event_id, "missing", kind="element", name=event.event_id, known=known)
                continue
            for one in event.attributes:
                setters.setdefault(one.name, []).append((event.event_id, one))
        expressions: list[tuple[str, Attribute]] = []
        for name, stated in setters.items():
            expressions += self.set_on_the_way(name, stated)
        for event_id, one in expressions:
            self.expression(event_id, one)

    def declare(self, one: Attribute, place: str, own: str | None = None) -> Data | None:
        """An attribute that is drawn when the case comes; nothing and a finding if it cannot be."""
        spec = self.discrete(one, place) if one.type == "discrete" else self.continuous(one, place)
        if spec is None:
            return None
        drawn, values = spec
        named = identifier(own or one.name, self.data["attributes"], "attribute")
        self.data["attributes"][named] = drawn | {"source": IMPORTED}
        if own is None:
            self.names.attributes[one.name] = named
            if named != one.name:
                self.draft.note("assumed", "renamed", self.place(one.name), name=named)
        self.names.values[named] = values
        return drawn

    def continuous(self, one: Attribute, place: str) -> tuple[Data, dict[str, str]] | None:
        """A number that is drawn from a distribution."""
        stated = model_of(Stated, one.values, self.place(place), self.findings)
        drawn = None if stated is None else self.drawn(stated, place)
        return None if drawn is None else (drawn, {})

    def discrete(self, one: Attribute, place: str) -> tuple[Data, dict[str, str]] | None:
        """Choices; numbers where every key is one, so that rules can order them."""
        if not isinstance(one.values, list):
            self.findings.append(_no_list(self.file, place, one.values))
            return None
        read = [model_of(Entry, value, self.place(place), self.findings) for value in one.values]
        entries = [entry for entry in read if entry is not None]
        if len(entries) < len(read):
            return None
        shares = [finite(entry.value) for entry in entries]
        if any(share is None or share < 0 for share in shares):
            self.refuse(place, "share", found=next(e.value for e in entries if (finite(e.value) or -1) < 0))
            return None
        total = sum(share for share in shares if share is not None)
        if not total > 0:
            self.refuse(place, "shares", total=f"{total:g}")
            return None
        if len({entry.key for entry in entries}) < len(entries):
            self.refuse(place, "names", kind="values", name=one.name)
            return None
        weights = [tidy((share or 0.0) / total) for share in shares]
        numbers = [finite(entry.key) for entry in entries]
        if None not in numbers:
            return {"empirical": {"values": [tidy(n) for n in numbers if n is not None], "weights": weights}}, {}
        values: dict[str, str] = {}
        for entry in entries:
            is_name = entry.key.isidentifier() and entry.key not in values.values()
            values[entry.key] = entry.key if is_name else identifier(entry.key, values.values(), "v")
        choices = dict(zip(values.values(), weights, strict=True))
        last = list(choices)[-1]
        choices[last] = tidy(1 - sum(share for key, share in choices.items() if key != last))
        return {"choices": choices}, values

    def is_fixed(self, name: str) -> bool:
        """Whether an attribute has one value only."""
        spec = self.data["attributes"][name]
        if "choices" in spec:
            return bool(max(spec["choices"].values()) == 1)
        return "value" in spec or len(spec.get("empirical", {}).get("values", "..")) == 1

    def set_on_the_way(self, name: str, stated: list[tuple[str, Attribute]]) -> list[tuple[str, Attribute]]:
        """Declare what events draw; the expressions are given back."""
        drawn, expressions = [], []
        is_global = any(one.name == name for one in self.given.global_attributes)
        for event_id, one in stated:
            label = self.diagram.process.elements[event_id].label
            if is_global:
                self.draft.note("left_out", "global_changes", self.place(event_id), label=label, name=name)
            if one.type == "expression":
                expressions.append((event_id, one))
            elif one.type not in _SAMPLED or (one.type == "discrete" and isinstance(one.values, dict)):
                self.draft.note("left_out", "event_kind", self.place(event_id), label=label, name=name)
            else:
                drawn.append((event_id, one))
        if len(drawn) == 1 and not expressions and name not in self.names.attributes:
            self.draw_early(*drawn[0])
        elif drawn:
            self.draw_each(name, drawn)
        return expressions

    def draw_early(self, event_id: str, one: Attribute) -> None:
        """What one event alone draws is drawn when the case comes."""
        if self.declare(one, f"{event_id}.{one.name}") is None:
            return
        name = self.names.attributes[one.name]
        element = self.diagram.process.elements[event_id]
        again = self.comes_again(event_id)
        if again:
            self.redrawn.add(name)
        code = "event_attribute_again" if again else "event_attribute"
        self.draft.note("assumed", code, self.place(event_id), name=name, label=element.label)

    def comes_again(self, event_id: str) -> bool:
        """Whether a case may do something more than once."""
        element = self.diagram.process.elements[event_id]
        marker = marker_of(element)
        return reaches_itself(self.diagram, event_id) or (marker is not None and marker.tag in MARKERS)

    def draw_each(self, name: str, stated: list[tuple[str, Attribute]]) -> None:
        """What several events draw: each has an attribute of its own, and gives its value when it is done."""
        hidden = []
        for event_id, one in stated:
            own = identifier(f"{name}_at_{event_id}", self.data["attributes"], "attribute")
            if self.declare(one, f"{event_id}.{name}", own) is None:
                return
            hidden.append((event_id, own))
        specs = [self.data["attributes"][own] for _, own in hidden]
        known = self.names.attributes.get(name)
        if known is not None:
            specs.append(self.data["attributes"][known])
        if any(("choices" in spec) != ("choices" in specs[0]) for spec in specs):
            for _, own in hidden:
                del self.data["attributes"][own]
            self.draft.note("left_out", "later_attributes", self.place(name))
            return
        if known is None:
            known = self.names.attributes[name] = identifier(name, self.data["attributes"], "attribute")
            start: Data = {"choices": {UNSET: 1}} if "choices" in specs[0] else {"value": 0}
            self.data["attributes"][known] = start | {"source": IMPORTED}
            specs.append(self.data["attributes"][known])
        if "choices" in specs[0]:  # values can be given only between attributes that have the same ones
            every = list(dict.fromkeys(key for spec in specs for key in spec["choices"]))
            for spec in specs:
                spec["choices"] = {key: spec["choices"].get(key, 0) for key in every}
            values = self.names.values.setdefault(known, {})
            for _, own in hidden:
                values |= self.names.values[own]
        self.draft.note("assumed", "several_setters", self.place(name), name=known)
        for event_id, own in hidden:
            self.assign(event_id, known, own)

    def assign(self, event_id: str, name: str, text: str) -> None:
        """Let a task set an attribute."""
        element = self.diagram.process.elements[event_id]
        if element.tag not in TASKS:
            self.draft.note("left_out", "event_no_task", self.place(event_id), label=element.label, name=name)
        else:
            self.variant.setdefault("assigns", {}).setdefault(event_id, {})[name] = text

    def expression(self, event_id: str, one: Attribute) -> None:
        """What a task reckons; a number, or whether something holds."""
        text = str(one.values)
        for old, new in sorted(self.names.attributes.items(), key=lambda pair: -len(pair[0])):
            text = re.sub(rf"(?<!\w){re.escape(old)}(?!\w)", new, text) if old != new else text
        known = self.names.attributes.get(one.name)
        named = known or identifier(one.name, self.data["attributes"], "attribute")
        attributes = self.data["attributes"]
        for start in ({"value": 0}, {"probability": 0}):
            trial = attributes if known else attributes | {named: start}
            try:
                compile_value(text, declared(trial), next(a for a in declared(trial) if a.name == named))
            except ConditionError:
                continue
            attributes.setdefault(named, start | {"source": IMPORTED})
            self.names.attributes[one.name] = named
            self.assign(event_id, named, text)
            return
        label = self.diagram.process.elements[event_id].label
        self.draft.note("left_out", "event_expression", self.place(event_id), label=label, name=one.name, text=text)


def declared(attributes: Data) -> list[Declared]:
    """The attributes of a scenario as the engine's conditions see them."""
    truth = ("false", "true")
    return [
        Declared(name, tuple(spec["choices"]) if "choices" in spec else truth if "probability" in spec else ())
        for name, spec in attributes.items()
    ]


def _no_list(file: str, place: str, found: object) -> Finding:
    return Finding("prosimos.list", {"found": type(found).__name__}, file, None, None, place)
