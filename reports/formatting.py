"""Numbers, units, dates and ranges as people read them, in one place for every report."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import isfinite

from engine.texts import text

__all__ = [
    "UNITS",
    "format_date",
    "format_interval",
    "format_number",
    "format_quantity",
    "format_share",
    "unit_name",
]

UNITS = (
    "cases",
    "day",
    "documents",
    "hour",
    "minute",
    "month",
    "natural_day",
    "people",
    "percent",
    "points",
    "procedures",
    "visits",
    "working_day",
    "yuan",
)


def format_number(value: float | None, decimals: int | None = None) -> str:
    """A number with a plain point and no grouping below 10,000.

    Args:
        value: None or not finite is drawn as a dash: nobody knows it.
        decimals: Digits after the point; by default one, and none for a whole number.

    Returns:
        Such as ``27.4``, ``38``, ``12,345`` or ``-``; never ``-0``.
    """
    if value is None or not isfinite(value):
        return "-"
    digits = decimals if decimals is not None else (0 if float(value).is_integer() else 1)
    rounded = round(float(value), digits) or 0.0
    return f"{rounded:,.{digits}f}" if abs(rounded) >= 10_000 else f"{rounded:.{digits}f}"


def unit_name(unit: str, language: str, value: float | None = None) -> str:
    """The name of a unit, singular where the language has one and the value is exactly 1.

    A unit that the catalogue does not know is named as it is written.
    """
    if unit not in UNITS:
        return unit
    return text(f"unit.{unit}.{'one' if value == 1 else 'many'}", language)


def format_quantity(value: float | None, unit: str, language: str, decimals: int | None = None) -> str:
    """A number with its unit: ``38 working days``, ``38 个工作日``."""
    number = format_number(value, decimals)
    counted = float(number.replace(",", "")) if number != "-" else None
    return text("format.quantity", language, number=number, unit=unit_name(unit, language, counted))


def format_interval(ends: Sequence[float | None], decimals: int | None = 1, plain: bool = False) -> str:
    """Two ends of a range.

    Args:
        ends: Low and high.
        decimals: Digits after the point, equal at both ends.
        plain: For tables: a word-like ``..`` that every console draws one way; otherwise an en dash, or
            ``..`` too where an end is negative and a dash could be read as a sign.
    """
    low, high = ends
    numbers = format_number(low, decimals), format_number(high, decimals)
    negative = any(number.startswith("-") for number in numbers)
    return (" .. " if plain or negative else "–").join(numbers)


def format_share(share: float | None, decimals: int = 1) -> str:
    """A share in percent: 0.954 is ``95.4%``; only exactly all and none are ``100%`` and ``0%``."""
    if share is None or not isfinite(share):
        return "-"
    percent = round(share * 100, decimals)
    if percent in (0, 100) and share not in (0, 1):
        return f"{'<' if share < 0.5 else '>'}{format_number(_inside(percent, decimals), decimals)}%"
    return f"{format_number(percent, 0 if percent in (0, 100) else decimals)}%"


def _inside(percent: float, decimals: int) -> float:
    """The last value before none or all that the digits can show."""
    step = 10.0**-decimals
    return step if percent == 0 else 100 - step


def format_date(day: date, language: str) -> str:
    """A date: ``4 March 2024``, ``2024年3月4日``."""
    name = text(f"format.month.{day.month}", language)
    return text("format.date", language, year=day.year, month=day.month, day=day.day, name=name)
