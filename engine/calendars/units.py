"""Units of time: milliseconds of the engine, and the units that limits are stated in."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

__all__ = ["DAY", "HOUR", "MINUTE", "SECOND", "WEEK", "Unit"]

SECOND: Final = 1_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
WEEK: Final = 7 * DAY

Unit: TypeAlias = Literal["minute", "hour", "working_day", "natural_day", "month"]
