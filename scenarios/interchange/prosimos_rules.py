"""Branch rules of Prosimos (*or* of *and*s of comparisons) as conditions on attributes, and back."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from scenarios.interchange.imported import finite
from scenarios.interchange.prosimos_file import Comparison

__all__ = ["Names", "condition_of", "rules_of"]

_WORDS: Final = {"=": "==", "==": "==", "!=": "!=", ">": ">", ">=": ">=", "<": "<", "<=": "<="}


@dataclass
class Names:
    """What attributes and their values are called here.

    Args:
        attributes: By the file's own name.
        values: By our name: the file's own value to ours.
    """

    attributes: dict[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)


def condition_of(rules: Sequence[Sequence[Comparison]], attributes: Mapping[str, Any], names: Names) -> str | None:
    """The condition, or nothing where it asks for what no case has here."""
    ways = []
    for group in rules:
        parts = [_comparison(rule, attributes, names) for rule in group]
        if not parts or None in parts:
            return None
        ways.append(" and ".join(part for part in parts if part))
    if not ways:
        return None
    return ways[0] if len(ways) == 1 else " or ".join(f"({way})" for way in ways)


def _comparison(rule: Comparison, attributes: Mapping[str, Any], names: Names) -> str | None:
    name = names.attributes.get(rule.attribute)
    word, value = rule.comparison.lower(), rule.value
    if name is None:
        return None
    choices = attributes[name].get("choices")
    if word == "in" and isinstance(value, list) and len(value) == 2 and choices is None:
        low, high = finite(value[0]), finite(value[1])
        if low is None or (high is None and str(value[1]) != "inf"):
            return None
        return f"{name} >= {low:.12g}" + (f" and {name} <= {high:.12g}" if high is not None else "")
    if word not in _WORDS:
        return None
    if choices is not None:
        text = names.values.get(name, {}).get(str(value))
        return f'{name} {_WORDS[word]} "{text}"' if text in choices and word in ("=", "==", "!=") else None
    number = finite(value)
    return None if number is None else f"{name} {_WORDS[word]} {number:.12g}"


def rules_of(condition: str) -> list[list[dict[str, Any]]] | None:
    """The rules of a condition, or nothing where it is no *or* of *and*s of comparisons with a fixed value."""
    try:
        tree = ast.parse(condition.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    ways = tree.values if isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.Or) else [tree]
    rules = []
    for way in ways:
        parts = way.values if isinstance(way, ast.BoolOp) and isinstance(way.op, ast.And) else [way]
        group = [_rule(part) for part in parts]
        if any(rule is None for rule in group):
            return None
        rules.append([rule for rule in group if rule is not None])
    return rules


_BACK: Final = {ast.Eq: "=", ast.NotEq: "!=", ast.Gt: ">", ast.GtE: ">=", ast.Lt: "<", ast.LtE: "<="}


def _rule(part: ast.expr) -> dict[str, Any] | None:
    if not isinstance(part, ast.Compare) or len(part.ops) != 1 or not isinstance(part.left, ast.Name):
        return None
    word, right = _BACK.get(type(part.ops[0])), part.comparators[0]
    if word is None or not isinstance(right, ast.Constant):
        return None
    return {"attribute": part.left.id, "comparison": word, "value": right.value}
