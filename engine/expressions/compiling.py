"""From the text of a condition to a postfix program, with every type checked on the way."""

from __future__ import annotations

import ast
import difflib
import re
import warnings
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from engine.errors import Finding
from engine.kernel import conditions as op
from engine.kernel import layout
from engine.kernel.layout import STACK_DEPTH

if TYPE_CHECKING:
    from engine.net import Attribute

__all__ = [
    "COUNT_WORDS",
    "REPEAT_WORDS",
    "ConditionError",
    "Program",
    "compile_condition",
    "compile_number",
    "compile_value",
]

Program: TypeAlias = tuple[tuple[int, float], ...]
"""Steps ``(operation, operand)``; see `engine.kernel.conditions`."""

Kind: TypeAlias = Literal["number", "truth"] | tuple[str, ...]  # a tuple: the values of an enumeration

LONGEST: Final = 1000  # characters; longer texts are no condition that a person wrote

_ARITHMETIC: Final = {ast.Add: op.ADD, ast.Sub: op.SUBTRACT, ast.Mult: op.MULTIPLY, ast.Div: op.DIVIDE}
_ORDER: Final = {
    ast.Lt: (op.LESS, False),
    ast.LtE: (op.LESS_EQUAL, False),
    ast.Gt: (op.LESS, True),  # a > b is b < a
    ast.GtE: (op.LESS_EQUAL, True),
}
_TRUTHS: Final = {"true": 1.0, "True": 1.0, "false": 0.0, "False": 0.0}
_WRAPPED: Final = re.compile(r"^\s*[$#]\{(.*)\}\s*$", re.DOTALL)


REPEAT_WORDS: Final = {
    "numberOfInstances": layout.INSTANCES,
    "numberOfActiveInstances": layout.ACTIVE,
    "numberOfCompletedInstances": layout.COMPLETED,
    "numberOfTerminatedInstances": layout.TERMINATED,
    "loopCounter": layout.TURN,
    "nrOfInstances": layout.INSTANCES,
    "nrOfActiveInstances": layout.ACTIVE,
    "nrOfCompletedInstances": layout.COMPLETED,
}
"""What the condition of a repetition may ask for: the standard's words (table 10.30), and those of some tools."""

COUNT_WORDS: Final = {"activationCount": layout.ACTIVATED}
"""What the condition of a complex gateway may ask for (table 10.117)."""


class ConditionError(ValueError):
    """A text that is no condition over the declared attributes; carries code and values of its finding."""

    def __init__(self, code: str, **values: object) -> None:
        self.code = code
        self.values = values
        super().__init__(code)

    def finding(self, file: str | None, line: int | None, element: str | None) -> Finding:
        """The same, with its place."""
        return Finding(f"condition.{self.code}", self.values, file=file, line=line, element=element)


def compile_condition(text: str, attributes: Sequence[Attribute], words: Mapping[str, int] | None = None) -> Program:
    """The program of a condition.

    Args:
        text: As written in a diagram (``${...}`` around it is allowed) or a scenario.
        attributes: What it may ask for; their order is the order of the kernel's columns.
        words: Further numbers that it may ask for: name to its place in the kernel's ``local``.

    Raises:
        ConditionError: The text does not parse, names an unknown attribute or value, or mixes types.
    """
    return _compile(text, attributes, words or {}, "truth")


def compile_number(text: str, attributes: Sequence[Attribute], words: Mapping[str, int] | None = None) -> Program:
    """The program of an expression that comes to a number; otherwise like `compile_condition`."""
    return _compile(text, attributes, words or {}, "number")


def compile_value(text: str, attributes: Sequence[Attribute], attribute: Attribute) -> Program:
    """The program of an expression that comes to a value of an attribute; otherwise like `compile_condition`."""
    if attribute.values and attribute.values != ("false", "true"):
        word = text.strip().strip("'\"")
        if word in attribute.values:
            return ((op.CONSTANT, float(attribute.values.index(word))),)
        return _compile(text, attributes, {}, attribute.values)
    return _compile(text, attributes, {}, "truth" if attribute.values else "number")


def _compile(text: str, attributes: Sequence[Attribute], words: Mapping[str, int], wanted: Kind) -> Program:
    wrapped = _WRAPPED.match(text)
    source = (wrapped.group(1) if wrapped else text).strip()
    if not source or len(source) > LONGEST:
        raise ConditionError("length", text=text[:40], longest=LONGEST)
    compiler = _Compiler(source, attributes, words)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of odd escapes in texts: they match no declared value anyway
            tree = ast.parse(source, mode="eval")
        kind = compiler.compile(tree.body)
    except ConditionError:
        raise
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise ConditionError("syntax", text=source) from None
    if kind != wanted:
        raise ConditionError("not_a_truth" if wanted == "truth" else "not_a_number", text=source)
    compiler.check_depth()
    return tuple(compiler.steps)


class _Compiler:
    def __init__(self, text: str, attributes: Sequence[Attribute], words: Mapping[str, int]) -> None:
        self.text = text
        self.words = words
        self.attributes = {attribute.name: (i, attribute) for i, attribute in enumerate(attributes)}
        self.steps: list[tuple[int, float]] = []

    def compile(self, node: ast.expr) -> Kind:
        """Append the steps of an expression; returns what it yields."""
        if isinstance(node, ast.Name):
            return self.name(node.id)
        if isinstance(node, ast.Constant):
            return self.constant(node.value)
        if isinstance(node, ast.BoolOp):
            return self.connective(node)
        if isinstance(node, ast.UnaryOp):
            return self.unary(node)
        if isinstance(node, ast.BinOp) and type(node.op) in _ARITHMETIC:
            self.expect(node.left, "number")
            self.expect(node.right, "number")
            self.steps.append((_ARITHMETIC[type(node.op)], 0.0))
            return "number"
        if isinstance(node, ast.Compare):
            return self.comparison(node)
        raise ConditionError("not_allowed", text=self.text, part=ast.unparse(node)[:60])

    def expect(self, node: ast.expr, kind: Kind) -> None:
        if self.compile(node) != kind:
            raise ConditionError("type", text=self.text, part=ast.unparse(node), kind=kind)

    def name(self, name: str) -> Kind:
        if name in self.attributes:
            i, attribute = self.attributes[name]
            self.steps.append((op.ATTRIBUTE, float(i)))
            if not attribute.values:
                return "number"
            return "truth" if attribute.values == ("false", "true") else attribute.values
        if name in self.words:
            self.steps.append((op.LOCAL, float(self.words[name])))
            return "number"
        if name in _TRUTHS:
            self.steps.append((op.CONSTANT, _TRUTHS[name]))
            return "truth"
        close = difflib.get_close_matches(name, self.attributes, 1)
        known = ", ".join(sorted({**self.attributes, **self.words})) or "-"
        raise ConditionError("unknown_attribute", text=self.text, name=name, known=known, close=(close or ["-"])[0])

    def constant(self, value: object) -> Kind:
        if isinstance(value, bool):
            self.steps.append((op.CONSTANT, float(value)))
            return "truth"
        if isinstance(value, int | float):
            self.steps.append((op.CONSTANT, float(value)))
            return "number"
        raise ConditionError("not_allowed", text=self.text, part=repr(value)[:60])

    def connective(self, node: ast.BoolOp) -> Kind:
        operation = op.AND if isinstance(node.op, ast.And) else op.OR
        for i, value in enumerate(node.values):
            self.expect(value, "truth")
            if i:
                self.steps.append((operation, 0.0))
        return "truth"

    def unary(self, node: ast.UnaryOp) -> Kind:
        if isinstance(node.op, ast.Not):
            self.expect(node.operand, "truth")
            self.steps.append((op.NOT, 0.0))
            return "truth"
        if isinstance(node.op, ast.USub):
            self.expect(node.operand, "number")
            self.steps.append((op.NEGATE, 0.0))
            return "number"
        raise ConditionError("not_allowed", text=self.text, part=ast.unparse(node)[:60])

    def comparison(self, node: ast.Compare) -> Kind:
        left = node.left
        for i, (operator_, right) in enumerate(zip(node.ops, node.comparators, strict=True)):
            if type(operator_) in _ORDER:
                operation, swapped = _ORDER[type(operator_)]
                first, second = (right, left) if swapped else (left, right)
                self.expect(first, "number")
                self.expect(second, "number")
                self.steps.append((operation, 0.0))
            elif isinstance(operator_, ast.Eq | ast.NotEq):
                self.equality(left, right)
                if isinstance(operator_, ast.NotEq):
                    self.steps.append((op.NOT, 0.0))
            elif isinstance(operator_, ast.In | ast.NotIn) and isinstance(right, ast.List | ast.Tuple) and right.elts:
                for k, choice in enumerate(right.elts):
                    self.equality(left, choice)
                    if k:
                        self.steps.append((op.OR, 0.0))
                if isinstance(operator_, ast.NotIn):
                    self.steps.append((op.NOT, 0.0))
            else:
                raise ConditionError("not_allowed", text=self.text, part=ast.unparse(node)[:60])
            if i:
                self.steps.append((op.AND, 0.0))
            left = right
        return "truth"

    def equality(self, left: ast.expr, right: ast.expr) -> None:
        if isinstance(left, ast.Constant) and isinstance(left.value, str):
            left, right = right, left
        kind = self.compile(left)
        if isinstance(right, ast.Constant) and isinstance(right.value, str):
            if not isinstance(kind, tuple):
                raise ConditionError("type", text=self.text, part=ast.unparse(right), kind=kind)
            if right.value not in kind:
                raise ConditionError("unknown_value", text=self.text, value=right.value, known=", ".join(kind))
            self.steps.append((op.CONSTANT, float(kind.index(right.value))))
        else:
            self.expect(right, kind)
        self.steps.append((op.EQUAL, 0.0))

    def check_depth(self) -> None:
        """The kernel's stack is of fixed depth."""
        depth = deepest = 0
        for operation, _ in self.steps:
            if operation in (op.CONSTANT, op.ATTRIBUTE, op.LOCAL):
                depth += 1
            elif operation not in (op.NOT, op.NEGATE):
                depth -= 1
            deepest = max(deepest, depth)
        if deepest > STACK_DEPTH:
            raise ConditionError("length", text=self.text[:40], longest=LONGEST)
