"""What a run may not exceed, whichever driver runs it."""

from __future__ import annotations

from typing import Final

__all__ = ["MOST_VISITS"]

MOST_VISITS: Final = 10_000
"""Entries of one node in one scope instance, before a run is stopped as runaway."""
