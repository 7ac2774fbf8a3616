"""One value as one cell, and back, without loss.

Texts, numbers, truth values and dates are Excel's own; a list stands as ``20, 30, 60``, a mapping as
``mon: 2, tue: 1``: YAML's short form without its outer brackets.
"""

from __future__ import annotations

import json
import re
from datetime import date, datetime, time
from typing import Any, Final

from engine.errors import BadInput
from scenarios.interchange.yaml_text import flow_text
from scenarios.reading import read
from scenarios.workbook.tables import Leaf

__all__ = ["from_cell", "to_cell"]

EXCEL_BEGINS: Final = date(1900, 3, 1)  # before, Excel counts a 29 February 1900 that was none
_SPAN: Final = re.compile(r'"(\d\d:\d\d-\d\d:\d\d)"')
_WIDE: Final = str.maketrans({"，": ", ", "、": ", ", "；": ", ", "：": ": "})
_TIME: Final = re.compile(r"(\d\d)：(\d\d)")
_ESCAPED: Final = re.compile("_x([0-9A-Fa-f]{4})_")


def to_cell(value: object, leaf: Leaf) -> str | float | int | bool | date:
    """What stands in the cell of a value."""
    if leaf.kind == "text":
        return _quoted(str(value))
    if leaf.kind in ("list", "map"):
        words = _SPAN.sub(r"\1", flow_text(value))
        inside = words[1:-1]
        return inside or words
    if isinstance(value, bool | str):
        return value
    if isinstance(value, date):
        return value if value >= EXCEL_BEGINS else value.isoformat()
    if isinstance(value, int | float):
        exact = float(f"{value:.16G}") == value and abs(value) < 2**53
        return value if exact else flow_text(value)
    return _SPAN.sub(r"\1", flow_text(value))


def from_cell(cell: object, leaf: Leaf) -> object:
    """The value of a cell; None where it is empty. What cannot be read stays as it is, for the checks to refuse."""
    value = _plain(cell)
    if isinstance(value, str) and not value.strip() and leaf.kind != "text":
        return None
    if value is None or value == "":
        return None
    if leaf.kind == "text":
        return _unquoted(value) if isinstance(value, str) else _words(value)
    if isinstance(value, float) and value.is_integer() and leaf.kind == "number":
        return int(value)
    if leaf.kind == "list":
        return _parsed(f"[{_listed(value)}]") if not str(value).lstrip().startswith("[") else _parsed(str(value))
    if leaf.kind == "map":
        return _parsed(f"{{{_listed(value)}}}") if not str(value).lstrip().startswith("{") else _parsed(str(value))
    return _parsed(value) if isinstance(value, str) else value


def _plain(cell: object) -> object:
    """A moment at midnight is a day; characters that Excel writes as ``_x000D_`` are themselves."""
    if isinstance(cell, datetime):
        return cell.date() if cell.time() == time() else cell
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), cell) if isinstance(cell, str) else cell


def _quoted(words: str) -> str:
    """Words as they are; in quotation marks where they are none, or begin with one."""
    return json.dumps(words, ensure_ascii=False) if not words.strip() or words.startswith('"') else words


def _unquoted(words: str) -> str:
    if words.startswith('"'):
        try:
            return str(json.loads(words))
        except ValueError:
            pass
    return words


def _words(value: object) -> str:
    """A text that Excel took for something else."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _listed(value: object) -> str:
    """The inside of a list or mapping; punctuation that a Chinese keyboard writes counts as YAML's."""
    words = value if isinstance(value, str) else _words(value)
    return words if '"' in words or "'" in words else _TIME.sub(r"\1:\2", words).translate(_WIDE)


def _parsed(words: str) -> Any:
    """What YAML makes of it; the words themselves where it makes nothing."""
    try:
        return read(f"v: {words}".encode(), "").data["v"]
    except BadInput:
        return words
