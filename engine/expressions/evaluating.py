"""Evaluating a program on values given by name: the same interpreter as in the kernel, on a state of one case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.expressions.compiling import Program
from engine.kernel import layout
from engine.kernel.conditions import holds
from engine.kernel.layout import Net, State, plain_rows

__all__ = ["evaluate"]


def evaluate(program: Program, values: Sequence[float]) -> bool:
    """Whether the condition holds for attribute values in the order of their declaration.

    Raises:
        ZeroDivisionError: The condition divides by zero.
    """
    steps = plain_rows(layout.Step, len(program))
    for step, (operation, operand) in zip(steps, program, strict=True):
        step.operation = operation
        step.operand = operand
    tables: Mapping[str, Any] = {"program": (0, len(program)), "step": steps, "width": (0, 0, len(values), 0, 0, 0)}
    count = plain_rows(layout.Counters, 1)
    mutable: Mapping[str, Any] = {
        "counters": count,
        "scope": plain_rows(layout.Scope, 1),
        "attribute": list(values),
        "stack": [0.0] * layout.STACK_DEPTH,
    }
    # `holds` looks at no other table.
    net = Net(*(tables.get(name, ()) for name in Net._fields))
    state = State(*(mutable.get(name, []) for name in State._fields))
    result = holds(net, state, 0, 0, 0)
    if count[0].fault == layout.DIVISION_BY_ZERO:
        raise ZeroDivisionError
    return result
