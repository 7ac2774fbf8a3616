"""What all writers share: one variant of a scenario, its numbers in seconds, and notes on what does not fit."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from scenarios.building.draws import UNIT_MS, made
from scenarios.building.entries import entries
from scenarios.interchange.draft import Note
from scenarios.interchange.imported import tidy
from scenarios.interchange.weekly import rules_of
from scenarios.loading import LoadedScenario
from scenarios.schema import Scenario
from scenarios.schema.calendar import OpenHours
from scenarios.schema.cases import Attribute
from scenarios.schema.numbers import Drawn
from scenarios.schema.process import Element, Route
from simulations.model import SimulationModel

__all__ = ["Outgoing", "seconds", "xpath"]

KEYS: Final = ("mean", "sd", "low", "high", "scale")  # of distributions: they scale with the unit


@dataclass
class Outgoing:
    """One variant on its way out.

    Args:
        scenario: As it stands in the file.
        model: The same variant, built.
        elements: By id: what the scenario says.
        routes: By gateway id.
        content: Bytes of the diagram.
        assigns: By activity: the attributes that it sets, and how.
        notes: What did not fit.
    """

    scenario: Scenario
    model: SimulationModel
    elements: Mapping[str, Element]
    routes: Mapping[str, Route]
    content: bytes
    assigns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)

    @classmethod
    def of(cls, loaded: LoadedScenario, variant: str) -> Outgoing:
        """A variant of a loaded scenario."""
        model, common = loaded.models[variant], loaded.stated.common
        own, ids, path = loaded.stated.variants[variant], model.diagram.process.elements, ("variants", variant)
        elements = entries(common.elements, own.elements, "elements", path, ids)
        routes = entries(common.routes, own.routes, "routes", path, ids)
        assigns = entries(common.assigns, own.assigns, "assigns", path, ids)
        outgoing = cls(
            loaded.stated,
            model,
            {key: entry.spec for key, entry in elements.items()},
            {key: entry.spec for key, entry in routes.items()},
            Path(model.diagram.file).read_bytes(),
            {key: entry.spec for key, entry in assigns.items()},
        )
        for id_ in {**common.repeats, **own.repeats}:
            outgoing.omit("out_repeat", id_)
        return outgoing

    def omit(self, code: str, element: str | None = None, **values: object) -> None:
        """Note what was left out or changed."""
        note = Note("left_out", code, values, element=element)
        if note not in self.notes:
            self.notes.append(note)

    def omit_batches(self) -> None:
        """Note that tasks wait for batches, in a format that has none."""
        for id_, spec in self.elements.items():
            if spec.batch is not None:
                self.omit("out_batch", id_)

    def hours(self, name: str) -> OpenHours:
        """Named hours; what a weekly calendar cannot say of them is noted."""
        hours = self.scenario.calendar.hours[name]
        if not rules_of(hours):  # open on single dates alone
            self.omit("out_no_week", name)
            return self.hours(self.scenario.calendar.office)
        if hours.exceptions or (hours.days == "working" and self.scenario.calendar.country != "none"):
            self.omit("out_holidays", name)
        return hours

    def mean_gap_s(self) -> float:
        """The mean opening time between two arrivals."""
        arrivals, study = self.model.arrivals, self.model.study
        if arrivals.gap is not None:
            return float(arrivals.gap.mean) / 1000
        name = (self.scenario.arrivals.hours if self.scenario.arrivals else None) or self.scenario.calendar.office
        from scenarios.interchange.imported import open_share

        hours = self.scenario.calendar.hours[name].model_dump(mode="python")
        share = open_share({key: hours[key] for key in ("days", "open", "weekly")})
        expected = max(arrivals.expected(0, study.horizon), 1e-9)
        return study.horizon * share / expected / 1000

    def arrival_hours(self) -> str:
        """The named hours in which cases come."""
        arrivals = self.scenario.arrivals
        return (arrivals.hours if arrivals else None) or self.scenario.calendar.office

    def gap(self) -> dict[str, Any]:
        """The gap between two arrivals, in seconds; what is no renewal process is noted."""
        arrivals = self.scenario.arrivals
        if arrivals is not None and arrivals.gaps is not None:
            return seconds(arrivals.gaps)
        if arrivals is not None and arrivals.every is not None:
            return {"value": tidy(arrivals.every.value * UNIT_MS[arrivals.every.unit] / 1000)}
        if arrivals is None or arrivals.rate is None or arrivals.profile is not None:
            self.omit("out_arrivals", "arrivals")
        return {"exponential": tidy(float(f"{self.mean_gap_s():.9g}"))}

    def cases(self) -> int:
        """How many cases: the bound of the scenario, else what is expected up to the horizon."""
        study, arrivals = self.model.study, self.model.arrivals
        return arrivals.most or max(1, round(arrivals.expected(0, study.horizon)))

    def shares(self, gateway: str) -> dict[str, float]:
        """The shares of a gateway's ways; those of the first attempt where they change, equal ones for conditions."""
        flows = [flow.id for flow in self.model.diagram.process.outgoing(gateway)]
        route = self.routes.get(gateway)
        row = None if route is None else route.shares or (route.attempts or (None,))[0]
        if row is None:
            self.omit("out_conditions", gateway)
            return dict.fromkeys(flows, 1 / len(flows))
        if route is not None and (route.at_most or route.attempts):
            self.omit("out_attempts", gateway)
        stated = {flow: share.value for flow, share in row.items()}
        rest = 1 - sum(value for value in stated.values() if value is not None)
        return {flow: tidy(rest if (value := stated.get(flow, 0.0)) is None else value) for flow in flows}


def seconds(drawn: Drawn) -> dict[str, Any]:
    """A number or distribution of the scenario as plain data in seconds, without source and range."""
    scale = _scale(drawn)
    value = getattr(drawn, drawn.way)
    if drawn.way in ("value", "exponential"):
        return {drawn.way: tidy(value * scale)}
    if isinstance(value, tuple):
        return {drawn.way: [tidy(part * scale) for part in value]}
    parts = value.model_dump(exclude_none=True)
    if drawn.way == "empirical":
        return {"empirical": {"values": [tidy(v * scale) for v in parts["values"]]} | (
            {"weights": list(parts["weights"])} if "weights" in parts else {}
        )}  # fmt: skip
    scaled = {key: tidy(part * scale) if key in KEYS else part for key, part in parts.items()}
    if drawn.way == "normal" and not scaled.get("low"):
        scaled.pop("low", None)
    return {drawn.way: scaled}


def _scale(drawn: Drawn) -> float:
    """Seconds in the unit of a time; an attribute's unit is for people to read."""
    return 1.0 if isinstance(drawn, Attribute) else UNIT_MS[getattr(drawn, "unit", "second")] / 1000


def moments(drawn: Drawn) -> tuple[float, float]:
    """Mean and variance in seconds."""
    scale = _scale(drawn)
    one = made(drawn)
    return tidy(float(f"{one.mean * scale:.9g}")), tidy(float(f"{one.variance * scale * scale:.9g}"))


_SIGNS: Final = {
    ast.Eq: "=", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Add: "+", ast.Sub: "-",
    ast.Mult: "*", ast.Div: "div",
}  # fmt: skip


def xpath(condition: str, names: Sequence[str]) -> str | None:
    """A condition of the language as the XPath of BPSim; nothing where it has no counterpart."""
    try:
        return _xpath(ast.parse(condition.strip(), mode="eval").body, names)
    except (SyntaxError, ValueError, RecursionError, KeyError):
        return None


def _xpath(node: ast.expr, names: Sequence[str]) -> str:
    def inner(part: ast.expr) -> str:
        text = _xpath(part, names)
        return f"({text})" if isinstance(part, ast.BoolOp | ast.BinOp) else text

    if isinstance(node, ast.BoolOp):
        word = " and " if isinstance(node.op, ast.And) else " or "
        return word.join(map(inner, node.values))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return f"not({_xpath(node.operand, names)})"
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return f"-{inner(node.operand)}"
    if isinstance(node, ast.BinOp):
        return f"{inner(node.left)} {_SIGNS[type(node.op)]} {inner(node.right)}"
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        return f"{inner(node.left)} {_SIGNS[type(node.ops[0])]} {inner(node.comparators[0])}"
    if isinstance(node, ast.Name) and node.id in names:
        return f"getProperty('{node.id}')"
    if isinstance(node, ast.Name) and node.id in ("true", "false"):
        return f"{node.id}()"
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return f"'{node.value}'"
    if isinstance(node, ast.Constant) and not isinstance(node.value, bool):
        return str(node.value)
    raise ValueError(ast.dump(node))
