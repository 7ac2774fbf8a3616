"""Plain data as YAML that people like to read: blocks outside, short mappings on one line, comments where wanted."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

__all__ = ["flow_text", "yaml_text"]

_WIDEST: Final = 110
_PLAIN: Final = re.compile(r"^[A-Za-z\u4e00-\u9fff][\w\u4e00-\u9fff.\-/]*$")
_WORDS: Final = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n"})


def yaml_text(data: Mapping[str, Any], comments: Mapping[tuple[str, ...], str], head: str = "") -> str:
    """A mapping as the text of a file.

    Args:
        data: Mappings, lists, texts, numbers, truth values and dates.
        comments: Path of keys to a comment of one line above it.
        head: Comment at the beginning.
    """
    lines = [f"# {line}".rstrip() for line in head.splitlines()]
    _mapping(data, (), comments, lines)
    return "\n".join(lines) + "\n"


def _mapping(
    data: Mapping[str, Any], path: tuple[str, ...], comments: Mapping[tuple[str, ...], str], lines: list[str]
) -> None:
    indent = "  " * len(path)
    for key, value in data.items():
        here = (*path, str(key))
        if here in comments:
            lines.append(f"{indent}# {comments[here]}")
        name = _scalar(key)
        flow = flow_text(value)
        inner = any(len(place) > len(here) and place[: len(here)] == here for place in comments)
        if not path and isinstance(value, Mapping) and value and key != "labels":
            flow = ""
        if flow and not inner and len(indent) + len(name) + 2 + len(flow) <= _WIDEST:
            lines.append(f"{indent}{name}: {flow}")
        elif isinstance(value, Mapping) and value:
            lines.append(f"{indent}{name}:")
            _mapping(value, here, comments, lines)
        elif isinstance(value, list | tuple) and value:
            lines.append(f"{indent}{name}:")
            lines += [f"{indent}  - {flow_text(item)}" for item in value]
        else:
            lines.append(f"{indent}{name}: {flow or flow_text(value)}")


def flow_text(value: Any) -> str:
    """A value on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_scalar(key)}: {flow_text(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow_text, value)) + "]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        shown = repr(value)
        return shown[:-2] if shown.endswith(".0") else shown if "." in shown or "e" not in shown else _long(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    text = str(value)
    if _PLAIN.match(text) and text.lower() not in _WORDS:
        return text
    return json.dumps(text, ensure_ascii=False)


def _long(value: float) -> str:
    """YAML wants a point in the mantissa."""
    mantissa, exponent = repr(value).split("e")
    return f"{mantissa}.0e{exponent}"
