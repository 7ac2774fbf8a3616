"""Which entry of which element is meant: what live cases and logs have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

__all__ = ["Choose", "Entry", "Scope", "listed"]

Scope: TypeAlias = tuple[tuple[str, int], ...]
"""A scope instance of a case: the way down to it, sub-process and visit at each level; empty at the top."""


@dataclass(frozen=True)
class Entry:
    """One entry of an element.

    Args:
        scope: The scope instance that it is in.
        visit: How many times the element was entered before in this scope instance.
    """

    element: str
    scope: Scope = ()
    visit: int = 0

    def __str__(self) -> str:
        return "/".join(f"{element}[{visit}]" for element, visit in (*self.scope, (self.element, self.visit)))


def listed(entries: Iterable[Entry]) -> str:
    """Entries for a sentence, in the order of their names."""
    return ", ".join(sorted(map(str, entries))) or "-"


Choose: TypeAlias = Callable[[Entry, tuple[str, ...]], "str | tuple[str, ...]"]
"""Says which flow an entry of a gateway takes, of the flows out of it in document order; an inclusive one may take
several.
"""
