"""Working days, holidays and named opening hours."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import AfterValidator, Discriminator, Field, Tag, model_validator

from scenarios.schema.base import Day, Model, Name, complaint, optional

__all__ = ["WEEKDAYS", "Calendar", "HoursException", "OpenHours", "Weekday", "minutes_of"]

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_SPAN = re.compile(r"^(\d{2}):(\d{2})-(\d{2}):(\d{2})$")


def minutes_of(span: str) -> tuple[int, int]:
    """Opening and closing of a span such as ``08:00-12:00``, in minutes since midnight.

    Raises:
        ValueError: It is no span of a day, or it closes before it opens.
    """
    match = _SPAN.match(span)
    if match is None:
        raise ValueError(span)
    hour, minute, to_hour, to_minute = map(int, match.groups())
    opens, closes = 60 * hour + minute, 60 * to_hour + to_minute
    if minute > 59 or to_minute > 59 or not 0 <= opens < closes <= 24 * 60:
        raise ValueError(span)
    return opens, closes


def _span(span: str) -> str:
    try:
        minutes_of(span)
    except ValueError:
        raise complaint("hours.span", span=span) from None
    return span


def _in_order(spans: tuple[str, ...]) -> tuple[str, ...]:
    times = [minutes_of(span) for span in spans]
    for (_, closes), (opens, _) in pairwise(times):
        if opens < closes:
            raise complaint("hours.order")
    return spans


Spans = Annotated[tuple[Annotated[str, AfterValidator(_span)], ...], AfterValidator(_in_order)]


class HoursException(Model):
    """Other hours on a single date, or from one date to another."""

    date: Day | None = optional("A single date: open exactly so, also on a day off.")
    from_: Day | None = Field(default=None, alias="from", description="First date of a period.")
    to: Day | None = optional("Last date of the period; changes only the days that are open anyway.")
    open: Spans = Field(description="Opening hours of these dates; an empty list closes.")

    @model_validator(mode="after")
    def _date_or_period(self) -> HoursException:
        period = self.from_ is not None and self.to is not None
        if (self.date is not None) == period or (self.from_ is None) != (self.to is None):
            raise complaint("hours.date_or_period")
        if self.from_ is not None and self.to is not None and self.to < self.from_:
            raise complaint("hours.backwards", first=self.from_.isoformat(), last=self.to.isoformat())
        return self


Days = Annotated[
    Annotated[Literal["working", "natural"], Tag("a word")] | Annotated[tuple[Weekday, ...], Tag("a list")],
    Discriminator(lambda value: "a list" if isinstance(value, tuple) else "a word"),
]


class OpenHours(Model):
    """Named opening hours; on the weekdays under `weekly` these, whatever the calendar says."""

    days: Days = Field(
        description="`working`: working days; `natural`: every day; or a list of weekdays, whatever the calendar says."
    )
    open: Spans = Field(default=(), description='Opening hours of a day, for example `["08:00-12:00", "14:30-17:30"]`.')
    weekly: dict[Weekday, Spans] = Field(
        default_factory=dict, description="Other hours on single weekdays, in the place of `open` and of `days`."
    )
    exceptions: tuple[HoursException, ...] = Field(default=(), description="Local exceptions; later ones win.")


class Calendar(Model):
    """The days and hours of the study."""

    country: Literal["CN", "none"] = Field(
        default="CN",
        description="`CN`: the working days of China; `none`: Monday to Friday without holidays.",
    )
    holidays: dict[Day, Literal["off", "working"]] = Field(
        default_factory=dict, description="Single days that the calendar lacks or that are otherwise here."
    )
    estimate_unknown_years: bool = Field(
        default=False,
        description="Years without a notice are estimated (Monday to Friday without the fixed holidays), "
        "with a warning, instead of refused.",
    )
    office: str = Field(description="The named hours that limits in hours, and dwells on the office clock, run on.")
    hours: dict[Name, OpenHours] = Field(min_length=1, description="Named opening hours.")
