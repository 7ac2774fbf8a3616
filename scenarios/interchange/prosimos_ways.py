"""Which ways the cases of a Prosimos model take: probabilities, and rules on attributes."""

from __future__ import annotations

import re
from collections.abc import Mapping

from engine.expressions.compiling import compile_condition
from engine.expressions.evaluating import evaluate
from scenarios.interchange.draft import Data
from scenarios.interchange.imported import IMPORTED, distribution_of, finite, tidy
from scenarios.interchange.one_variant import listed
from scenarios.interchange.plain_routes import assume_routes
from scenarios.interchange.prosimos_attributes import AttributeReader, declared
from scenarios.interchange.prosimos_file import Gateway, Rule
from scenarios.interchange.prosimos_rules import condition_of
from scenarios.interchange.qbp import whole_shares

__all__ = ["WayReader"]

STEPS = 4000  # quantiles by which the chance of a rule is reckoned


class WayReader(AttributeReader):
    """Reads how gateways choose; after the attributes."""

    def routes(self) -> None:
        """All gateways; what the file leaves open is assumed."""
        elements = self.diagram.process.elements
        rules = {rule.id: rule for rule in self.given.branch_rules}
        for one in self.given.gateway_branching_probabilities:
            gateway = elements.get(one.gateway_id)
            if gateway is None:
                self.refuse(one.gateway_id, "missing", kind="gateway", name=one.gateway_id, known=listed(elements))
                continue
            flows = [flow.id for flow in self.diagram.process.outgoing(gateway.id)]
            before = len(self.findings)
            stated, conditions = self.ways(one, flows, rules)
            if len(self.findings) > before or len(flows) < 2:
                continue
            if gateway.tag == "exclusiveGateway":
                self.one_way(gateway.id, flows, stated, conditions)
            elif gateway.tag == "inclusiveGateway":
                self.several_ways(gateway.id, flows, stated, conditions)
            else:
                self.draft.note("left_out", "share_elsewhere", self.place(gateway.id), tag=gateway.tag)
        assume_routes(self.draft, self.diagram, list(self.variant["routes"]))

    def ways(
        self, one: Gateway, flows: list[str], rules: Mapping[str, Rule]
    ) -> tuple[dict[str, float], dict[str, str]]:
        """The probabilities and the conditions of the ways of a gateway."""
        stated: dict[str, float] = {}
        conditions: dict[str, str] = {}
        for path in one.probabilities:
            share = finite(path.value)
            if path.path_id not in flows:
                known = listed(flows)
                self.refuse(one.gateway_id, "missing", kind="sequence flow", name=path.path_id, known=known)
            elif share is None or not 0 <= share <= 1:
                self.refuse(one.gateway_id, "share", found=path.value)
            else:
                stated[path.path_id] = share
                if path.condition_id:
                    self.condition(one.gateway_id, path.path_id, path.condition_id, rules, conditions)
        return stated, conditions

    def condition(
        self, gateway: str, flow: str, id_: str, rules: Mapping[str, Rule], conditions: dict[str, str]
    ) -> None:
        """The condition of one way, if its rule is known and can be asked here."""
        if id_ not in rules:
            self.refuse(gateway, "missing", kind="branch rule", name=id_, known=listed(rules))
            return
        text = condition_of(rules[id_].rules, self.data["attributes"], self.names)
        if text is None:
            self.draft.note("left_out", "branch_rule", self.place(gateway), rule=id_)
        else:
            conditions[flow] = text

    def one_way(self, gateway: str, flows: list[str], stated: dict[str, float], conditions: dict[str, str]) -> None:
        """An exclusive gateway: by rules where all ways but one have some, else by probabilities."""
        place = self.place(gateway)
        without = [flow for flow in flows if flow not in conditions]
        asked = [name for name in self.redrawn if any(re.search(rf"\b{name}\b", c) for c in conditions.values())]
        if asked and len(without) <= 1 and (chances := self.chances(asked, flows, conditions, stated)) is not None:
            self.draft.note("assumed", "rule_chances", place, name=asked[0])
            stated, conditions = chances, {}
        elif conditions and len(without) <= 1 and not asked:
            self.variant["routes"][gateway] = self.by_conditions(gateway, flows, without, conditions)
            return
        if conditions:
            self.draft.note("left_out", "branch_rule", place, rule=", ".join(conditions))
        shares = whole_shares(flows, stated, self.draft, place)
        if shares is None:
            self.findings.append(place.finding("shares", total=f"{sum(stated.values()):.6g}"))
        else:
            self.variant["routes"][gateway] = {"shares": shares, "source": IMPORTED}

    def by_conditions(self, gateway: str, flows: list[str], without: list[str], conditions: dict[str, str]) -> Data:
        """The way whose rule holds first; the one without a rule, or the last, where none does."""
        if len(conditions) > 1:
            self.draft.note("assumed", "first_rule", self.place(gateway))
        if without:
            return {"conditions": conditions, "source": IMPORTED, "default": without[0]}
        self.draft.note("assumed", "last_is_default", self.place(gateway), flow=flows[-1])
        kept = {flow: text for flow, text in conditions.items() if flow != flows[-1]}
        return {"conditions": kept, "source": IMPORTED, "default": flows[-1]}

    def chances(
        self, asked: list[str], flows: list[str], conditions: dict[str, str], stated: dict[str, float]
    ) -> dict[str, float] | None:
        """How often each rule is the first that holds; nothing where it hangs on other attributes too."""
        name = asked[0]
        attribute = declared({name: self.data["attributes"][name]})
        others = [other for other in self.data["attributes"] if other != name]
        if any(re.search(rf"\b{other}\b", text) for other in others for text in conditions.values()):
            return None
        programs = {flow: compile_condition(conditions[flow], attribute) for flow in flows if flow in conditions}
        spec = self.data["attributes"][name]
        if "choices" in spec:
            points = [(float(place), share) for place, share in enumerate(spec["choices"].values())]
        else:
            drawn = distribution_of(spec)
            points = [(drawn.quantile((step + 0.5) / STEPS), 1 / STEPS) for step in range(STEPS)]
        chance = dict.fromkeys(flows, 0.0)
        rest = [flow for flow in flows if flow not in conditions] or flows
        total = sum(stated.get(flow, 0.0) for flow in rest)
        for value, share in points:
            first = next((flow for flow, program in programs.items() if evaluate(program, [value])), None)
            if first is not None:
                chance[first] += share
                continue
            for flow in rest:
                chance[flow] += share * (stated.get(flow, 0.0) / total if total else 1 / len(rest))
        return {flow: tidy(round(value, 9)) for flow, value in chance.items()}

    def several_ways(
        self, gateway: str, flows: list[str], stated: dict[str, float], conditions: dict[str, str]
    ) -> None:
        """Each way by its own chance or rule; the likeliest where none is taken."""
        place = self.place(gateway)
        default = max(flows, key=lambda flow: stated.get(flow, 0.0))
        if conditions and len(conditions) == len(flows):
            self.variant["routes"][gateway] = {"conditions": conditions, "default": default, "source": IMPORTED}
            return
        if conditions:
            self.draft.note("left_out", "branch_rule", place, rule=", ".join(conditions))
        each = {flow: tidy(stated.get(flow, 0.0)) for flow in flows}
        self.variant["routes"][gateway] = {"each": each, "default": default, "source": IMPORTED}
        self.draft.note("assumed", "each_way", place, flow=default)
