"""ISO 8601 times of diagrams: durations, moments and cycles, in natural civil time without zones.

TimeTextError (a ValueError)   the text is not one of these; carries the finding to report
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from fractions import Fraction
from math import floor
from typing import Final

from engine.calendars.hours import FAR
from engine.calendars.months import corresponding_day
from engine.calendars.units import DAY, HOUR, MINUTE, SECOND, WEEK, Unit
from engine.errors import Finding

__all__ = [
    "DAY",
    "HOUR",
    "MINUTE",
    "SECOND",
    "WEEK",
    "TimeTextError",
    "Unit",
    "iso_cycle",
    "iso_duration",
    "iso_moment",
]

_NUMBER: Final = r"([0-9]+(?:[.,][0-9]+)?)"
_DURATION = re.compile(
    rf"P(?:{_NUMBER}W|(?:{_NUMBER}Y)?(?:{_NUMBER}M)?(?:{_NUMBER}D)?(?:T(?=[0-9])(?:{_NUMBER}H)?(?:{_NUMBER}M)?(?:{_NUMBER}S)?)?)"
)
_PARTS: Final = (WEEK, 0, 0, DAY, HOUR, MINUTE, SECOND)  # years and months have no fixed length
_MOMENT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2}(?:[.,][0-9]+)?))?)?"
    r"(Z|[+-][0-9]{2}(?::?[0-9]{2})?)?"
)
_CYCLE = re.compile(r"R([0-9]*)/(?:([^/]+)/)?(P[^/]*)")


class TimeTextError(ValueError):
    """A text that is not the time it should be."""

    def __init__(self, code: str, values: Mapping[str, object]) -> None:
        self.code = code
        self.values = values
        super().__init__(self.finding().message())

    def finding(
        self,
        file: str | None = None,
        line: int | None = None,
        column: int | None = None,
        element: str | None = None,
    ) -> Finding:
        """The finding to report, at the place where the text stood."""
        return Finding(self.code, self.values, file, line, column, element)


def iso_duration(text: str, start: datetime | None = None) -> int:
    """The length of an ISO 8601 duration in natural time.

    Args:
        text: ``PnW``, or ``PnYnMnDTnHnMnS`` in part; a decimal only in its last place.
        start: When it begins; needed for years and months, which end on the corresponding day (Civil Code,
            art. 202), before the rest is added.

    Returns:
        Ms, at least 0, rounded half up.

    Raises:
        TimeTextError: ``iso.bad_duration``; ``iso.no_start`` for years or months without a start;
            ``iso.too_long`` beyond what can be counted.
    """
    written = text.strip()
    match = _DURATION.fullmatch(written)
    parts = [part.replace(",", ".") if part else "" for part in match.groups()] if match else []
    given = [part for part in parts if part]
    fractions = [part for part in given[:-1] if "." in part]
    if not given or fractions or "." in parts[1] + parts[2]:
        raise TimeTextError("iso.bad_duration", {"found": written})
    if max(len(part) for part in given) > 20:
        raise TimeTextError("iso.too_long", {"found": written})
    exact = sum(Fraction(part) * length for part, length in zip(parts, _PARTS, strict=True) if part)
    length = floor(exact + Fraction(1, 2))
    if months := int(parts[1] or 0) * 12 + int(parts[2] or 0):
        if start is None:
            raise TimeTextError("iso.no_start", {"found": written})
        try:
            later, _ = corresponding_day(start.date(), months)
        except OverflowError as error:
            raise TimeTextError("iso.too_long", {"found": written}) from error
        length += (later - start.date()).days * DAY
    if length >= FAR:
        raise TimeTextError("iso.too_long", {"found": written})
    return length


def iso_moment(text: str) -> datetime:
    """A moment of local civil time.

    Args:
        text: ``YYYY-MM-DD`` (its midnight) or ``YYYY-MM-DDThh:mm[:ss[.fff]]``, with a blank in place of ``T``
            if liked; ``24:00`` is the next day's midnight.

    Returns:
        A moment without zone, rounded half up to ms.

    Raises:
        TimeTextError: ``iso.bad_moment``; ``iso.offset`` if it names an offset or ``Z``: there is one civil
        time.
    """
    written = text.strip()
    match = _MOMENT.fullmatch(written)
    if match is None:
        raise TimeTextError("iso.bad_moment", {"found": written})
    day, hours, minutes, seconds, offset = match.groups(default="")
    if offset:
        raise TimeTextError("iso.offset", {"found": written, "offset": offset})
    of_day = int(hours or 0) * HOUR + int(minutes or 0) * MINUTE
    second = Fraction(seconds.replace(",", ".")) if seconds else Fraction(0)
    of_day += floor(second * SECOND + Fraction(1, 2))
    if int(minutes or 0) > 59 or second >= 60 or int(hours or 0) > 24 or (hours == "24" and of_day > DAY):
        raise TimeTextError("iso.bad_moment", {"found": written})
    try:
        return datetime.fromisoformat(day) + timedelta(milliseconds=of_day)
    except (ValueError, OverflowError) as error:
        raise TimeTextError("iso.bad_moment", {"found": written}) from error


def iso_cycle(text: str) -> tuple[int | None, datetime | None, int]:
    """A repeated interval, ``R[n]/[start/]duration``.

    Args:
        text: ``R3/PT10H``, ``R/P1D``, ``R5/2022-01-04T09:00/P1W``.

    Returns:
        How often (none without end), when it starts (none if not said), and the interval in ms, above 0. An
        interval in months is measured once, from the start.

    Raises:
        TimeTextError: ``iso.bad_cycle``, or what is wrong with its start or duration.
    """
    written = text.strip()
    match = _CYCLE.fullmatch(written)
    if match is None or len(match[1]) > 18:
        raise TimeTextError("iso.bad_cycle", {"found": written})
    start = iso_moment(match[2]) if match[2] else None
    interval = iso_duration(match[3], start)
    if interval == 0:
        raise TimeTextError("iso.bad_cycle", {"found": written})
    return int(match[1]) if match[1] else None, start, interval
