"""Conditions as postfix programs over a case's attributes: numbers, truth values (0 and 1), enumerations (indices).

`engine.expressions` compiles them; every part of the project interprets them here.
"""

from __future__ import annotations

from typing import Final

from engine.kernel.compiling import shared_function, token_function
from engine.kernel.layout import DIVISION_BY_ZERO, Net, State
from engine.kernel.words import blame

__all__ = ["OPERATIONS", "holds", "value"]

CONSTANT: Final = 0
ATTRIBUTE: Final = 1
ADD: Final = 2
SUBTRACT: Final = 3
MULTIPLY: Final = 4
DIVIDE: Final = 5
NEGATE: Final = 6
LESS: Final = 7
LESS_EQUAL: Final = 8
EQUAL: Final = 9
AND: Final = 10
OR: Final = 11
NOT: Final = 12
LOCAL: Final = 13  # an entry of `State.local`

OPERATIONS: Final = (
    "constant", "attribute", "add", "subtract", "multiply", "divide", "negate",
    "less", "less_equal", "equal", "and", "or", "not", "local",
)  # fmt: skip


@shared_function
def value(net: Net, state: State, program: int, scope: int, node: int) -> float:
    """What a program comes to for the case that a scope belongs to; ``node`` is to blame if it comes to nothing."""
    stack = state.stack
    attributes = state.scope[scope].root * net.width[2]
    top = -1
    for i in range(net.program[program], net.program[program + 1]):
        operation = net.step[i].operation
        if operation == CONSTANT:
            top += 1
            stack[top] = net.step[i].operand
        elif operation == ATTRIBUTE:
            top += 1
            stack[top] = state.attribute[attributes + int(net.step[i].operand)]
        elif operation == LOCAL:
            top += 1
            stack[top] = state.local[int(net.step[i].operand)]
        elif operation == NOT:
            stack[top] = 1.0 - stack[top]
        elif operation == NEGATE:
            stack[top] = -stack[top]
        else:
            top -= 1
            if operation == DIVIDE and stack[top + 1] == 0.0:
                blame(state, DIVISION_BY_ZERO, scope, node)
                return 0.0
            stack[top] = binary(operation, stack[top], stack[top + 1])
    return float(stack[0])


@token_function
def holds(net: Net, state: State, program: int, scope: int, node: int) -> bool:
    """Whether a condition holds for the case that a scope belongs to."""
    return value(net, state, program, scope, node) != 0.0


@token_function
def binary(operation: int, a: float, b: float) -> float:
    """The value of ``a operation b``; truth is 1."""
    if operation == ADD:
        return a + b
    if operation == SUBTRACT:
        return a - b
    if operation == MULTIPLY:
        return a * b
    if operation == DIVIDE:
        return a / b
    if operation == LESS:
        return 1.0 if a < b else 0.0
    if operation == LESS_EQUAL:
        return 1.0 if a <= b else 0.0
    if operation == EQUAL:
        return 1.0 if a == b else 0.0
    if operation == AND:
        return a * b
    return max(a, b)
