"""Attributes that a diagram's own conditions ask for, where nobody declares them: kinds from how they are used."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise, product
from typing import Any, Final

from engine.diagram.model import Diagram, Element
from engine.elements.activity import marker_of
from engine.elements.meaning import event_definition
from engine.elements.racing import races
from engine.errors import BadInput
from engine.expressions.compiling import COUNT_WORDS, REPEAT_WORDS, ConditionError, compile_condition
from engine.expressions.evaluating import evaluate
from engine.net import Attribute
from scenarios.interchange.draft import ASSUMED, Data, Draft, Place
from scenarios.interchange.imported import tidy
from scenarios.interchange.plain_routes import comment_at
from scenarios.schema.base import IDENTIFIER

__all__ = ["assume_attributes"]

OTHER: Final = "other"  # a value that no condition names
_WORDS: Final = {*REPEAT_WORDS, *COUNT_WORDS, "true", "false", "True", "False"}
_WRAPPED: Final = re.compile(r"^\s*[$#]\{(.*)\}\s*$", re.DOTALL)
_MOST_TRIED: Final = 10_000


@dataclass
class _Use:
    """How conditions use an attribute."""

    element: Element
    texts: list[str] = field(default_factory=list)
    numbers: list[float] = field(default_factory=list)
    is_truth: bool = False

    def declared(self, name: str) -> Attribute:
        if self.texts:
            return Attribute(name, (*dict.fromkeys(self.texts), OTHER))
        return Attribute(name, ("false", "true") if self.is_truth else ())

    def tried(self) -> Sequence[float]:
        """Values among which there is one on every side of what it is compared with."""
        if self.texts:
            return range(len(dict.fromkeys(self.texts)) + 1)
        if self.is_truth:
            return (0, 1)
        edges = sorted({*self.numbers, 0.0})
        beside = {edge + step for edge in edges for step in (-1.0, 0.0, 1.0)}
        between = {(a + b) / 2 for a, b in pairwise(edges)}
        scaled = {factor * edge for edge in edges for factor in (0.1, 10.0)}  # for what is reckoned with
        return sorted({value for value in beside | between | scaled if value >= 0}, reverse=True)


def assume_attributes(draft: Draft, diagram: Diagram) -> None:
    """Values for every attribute that the conditions of events, repetitions and complex gateways ask for.

    Choices and loops have assumed shares instead. What a token waits for is made to come: else no case would end.
    """
    uses: dict[str, _Use] = {}
    needed: list[str] = []
    for element, text in _conditions(diagram):
        if (missing := _read(element, text, uses)) is not None:
            place = Place(diagram.file, element.line, element.id)
            draft.note("left_out", "attribute_name", place, text=text, name=missing)
        elif _must_hold(element, diagram):
            needed.append(text)
    fixed = _holding(needed, uses)
    for name, use in uses.items():
        spec = _fixed(use, fixed[name]) if name in fixed else _drawn(use)
        draft.data["attributes"][name] = spec | {"source": ASSUMED}
        place = Place(diagram.file, use.element.line, use.element.id)
        draft.note("assumed", "attribute_holds" if name in fixed else "attribute", place, name=name)
        comment_at(draft, diagram, use.element, "attributes", name)


def _conditions(diagram: Diagram) -> Iterator[tuple[Element, str]]:
    for element in diagram.process.elements.values():
        definition, marker = event_definition(element), marker_of(element)
        parts = (
            definition.find("condition") if definition is not None else None,
            marker.find("completionCondition") if marker is not None else element.find("completionCondition"),
            element.find("activationCondition"),
        )
        for part in parts:
            if part is not None and part.text:
                yield element, part.text


def _must_hold(element: Element, diagram: Diagram) -> bool:
    """Whether a token waits until the condition holds, and for nothing else."""
    return element.tag == "intermediateCatchEvent" and not races(element, diagram.process)


def _read(element: Element, text: str, uses: dict[str, _Use]) -> str | None:
    """Take note of every name of a condition; the first that cannot be one of an attribute is returned."""
    wrapped = _WRAPPED.match(text)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse((wrapped.group(1) if wrapped else text).strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None  # the run says where the condition is wrong
    names = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id not in _WORDS]
    for name in names:
        if re.match(IDENTIFIER, name) is None:
            return name
    for name in names:
        uses.setdefault(name, _Use(element))
    _walk(tree.body, uses, as_truth=True)
    return None


def _walk(node: ast.expr, uses: Mapping[str, _Use], as_truth: bool) -> None:
    if isinstance(node, ast.Name) and node.id in uses:
        uses[node.id].is_truth |= as_truth
    elif isinstance(node, ast.BoolOp):
        for one in node.values:
            _walk(one, uses, True)
    elif isinstance(node, ast.UnaryOp):
        _walk(node.operand, uses, isinstance(node.op, ast.Not))
    elif isinstance(node, ast.BinOp):
        for one in (node.left, node.right):
            _walk(one, uses, False)
    elif isinstance(node, ast.Compare):
        sides = [node.left, *node.comparators]
        constants: list[object] = [c.value for side in sides for c in ast.walk(side) if isinstance(c, ast.Constant)]
        truths = any(isinstance(side, ast.Name) and side.id in ("true", "false", "True", "False") for side in sides)
        for side in sides:
            for name in ast.walk(side):
                if isinstance(name, ast.Name) and name.id in uses:
                    use = uses[name.id]
                    use.texts += [c for c in constants if isinstance(c, str)]
                    use.numbers += [
                        float(c) for c in constants if isinstance(c, int | float) and not isinstance(c, bool)
                    ]
                    use.is_truth |= truths or any(isinstance(c, bool) for c in constants)


def _holding(conditions: Sequence[str], uses: Mapping[str, _Use]) -> dict[str, Any]:
    """One value for each attribute of some conditions with which all of them hold, if there is one."""
    declared = [use.declared(name) for name, use in uses.items()]
    try:
        programs = [compile_condition(text, declared) for text in conditions]
    except ConditionError:
        return {}
    tried: dict[str, Any] = {}
    for text in conditions:
        tried |= {name: use.tried() for name, use in uses.items() if re.search(rf"\b{name}\b", text)}
    columns = {name: number for number, name in enumerate(uses)}
    for values in islice(product(*tried.values()), _MOST_TRIED):
        row = [0.0] * len(declared)
        for name, value in zip(tried, values, strict=True):
            row[columns[name]] = float(value)
        if all(_holds(program, row) for program in programs):
            return dict(zip(tried, values, strict=True))
    return {}


def _holds(program: Any, row: Sequence[float]) -> bool:
    try:
        return evaluate(program, row)
    except (ZeroDivisionError, BadInput):
        return False


def _fixed(use: _Use, value: float) -> Data:
    if use.texts:
        names = list(dict.fromkeys(use.texts))
        return {"choices": {[*names, OTHER][int(value)]: 1}}
    if use.is_truth:
        return {"probability": int(value), "range": [0, 1]}
    return {"value": tidy(value), "range": [0, tidy(max(1.0, 2 * value))]}


def _drawn(use: _Use) -> Data:
    if use.texts:
        names = [*dict.fromkeys(use.texts), OTHER]
        share = round(1 / len(names), 6)
        shares = dict.fromkeys(names, share)
        shares[OTHER] = tidy(1 - share * (len(names) - 1))
        return {"choices": shares}
    if use.is_truth:
        return {"probability": 0.5, "range": [0, 1]}
    highest = max([1.0, *(2 * abs(number) for number in use.numbers)])
    return {"uniform": [0, tidy(highest)], "range": [0, tidy(highest)]}
