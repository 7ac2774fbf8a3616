"""What an indicator measures: its unit, and the words for more and less of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, TypeAlias

from simulations.indicators import indicator_of_sum, sum_unit
from simulations.promises import MeasuredElement, Sum

__all__ = ["Change", "change_words", "unit_of"]

Change: TypeAlias = Literal["shorter", "longer", "fewer", "more", "lower", "higher", "not_distinguishable"]

COUNTS: Final = ("procedures", "visits", "documents", "backlog_left")
UNITS: Final = {
    "procedures": "procedures",
    "working_days": "working_day",
    "visits": "count",
    "documents": "count",
    "cost": "CNY",
    "compression": "percent",
    "clearance_rate": "percent",
    "backlog_left": "cases",
}
SUFFIXES: Final = {"_share": "percent", "_index": "points"}


def unit_of(indicator: str, measured: Sequence[MeasuredElement], sums: Sequence[Sum]) -> str:
    """The unit of an indicator: a sum has that of its limits; its second reading and other days are natural.

    Args:
        indicator: Name of a column of a replication.
        measured: Measured elements of the variant.
        sums: Sums of the variant.
    """
    for total in sums:
        unit = sum_unit(total, measured)
        if indicator == indicator_of_sum(total, unit):
            return unit
    by_suffix = next((unit for suffix, unit in SUFFIXES.items() if indicator.endswith(suffix)), "natural_day")
    return UNITS.get(indicator, by_suffix)


def change_words(indicator: str) -> tuple[Change, Change]:
    """The verdicts for a smaller and for a greater value: times are shorter, counts fewer, all else lower."""
    if indicator.endswith(("days", "hours")):
        return "shorter", "longer"
    if indicator in COUNTS:
        return "fewer", "more"
    return "lower", "higher"
