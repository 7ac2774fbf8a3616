"""Words that stay words where a spreadsheet opens them."""

from __future__ import annotations

from typing import Final

__all__ = ["harmless"]

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def harmless(cell: object) -> object:
    """A cell of a CSV file; text that could be taken for a formula begins with an apostrophe."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
