"""The present moment, for live cases alone: simulations never ask what time it is."""

from __future__ import annotations

from datetime import datetime

from engine.calendars.durations import TimeTextError, iso_moment
from engine.errors import BadInput, Finding

__all__ = ["present"]


def present(stated: str | None) -> str:
    """Local civil time, ISO 8601 to the ms.

    Args:
        stated: ``--now``; the computer's clock if nothing is said.

    Raises:
        BadInput: It is no moment.
    """
    if stated is None:
        return datetime.now().isoformat(timespec="milliseconds")
    try:
        return iso_moment(stated).isoformat(timespec="milliseconds")
    except TimeTextError as error:
        raise BadInput([Finding("use.now", {"word": stated, "reason": error.finding().message()})]) from None
