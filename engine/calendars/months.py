"""The corresponding day of another month, as civil periods of months end on it."""

from __future__ import annotations

from calendar import monthrange
from datetime import MAXYEAR, date

__all__ = ["corresponding_day"]


def corresponding_day(start: date, months: int) -> tuple[date, bool]:
    """The same day of the month, some months later; the month's last day where that day is missing.

    Source: Civil Code of the People's Republic of China (2020), art. 202.

    Args:
        start: Any day.
        months: At least 0.

    Returns:
        The day, and whether it is the corresponding one (else the clipped one).

    Raises:
        OverflowError: The day lies after the year 9999.
    """
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if year > MAXYEAR:
        raise OverflowError(f"{months} months after {start} lie after the year {MAXYEAR}")
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last)), start.day <= last
