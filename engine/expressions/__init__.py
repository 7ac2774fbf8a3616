"""Conditions on a case's attributes: parsed once, checked against the declared attributes, compiled to a program.

The language: ``and or not``, ``< <= > >= == != in``, ``+ - * /``, numbers, ``true false``, names of attributes,
texts in quotes for values of an enumeration, ``[...]`` lists behind ``in``, parentheses.
Python only parses the text; nothing of it is ever evaluated by Python.
"""

from engine.expressions.compiling import Program, compile_condition
from engine.expressions.evaluating import evaluate

__all__ = ["Program", "compile_condition", "evaluate"]
