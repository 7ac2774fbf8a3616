"""Who works, which cases come, and what is known of each of them."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from scenarios.schema.base import Day, Label, Model, complaint, optional
from scenarios.schema.calendar import Weekday
from scenarios.schema.numbers import DISTRIBUTIONS, Amount, Count, Drawn, DrawnGap, Gap, Number

__all__ = ["Arrivals", "Attribute", "Dates", "Pool", "Profile", "Rate", "WeightedPeriod"]

Party = Literal["office", "applicant", "third_party"]
Weight = Annotated[float, Field(ge=0)]


class Pool(Model):
    """People or places that serve one queue."""

    labels: Label = Field(description="What people call the pool.")
    units: Count = Field(description="How many work side by side.")
    hours: str = Field(description="Named hours in which they work.")
    discipline: Literal["fifo", "priority", "edd"] = Field(
        default="fifo",
        description="Order of the queue: first come, lowest `priority` of the element, or earliest due date.",
    )
    shift_end: Literal["suspend", "finish"] = Field(
        default="suspend",
        description="At closing time work stops until the next opening, or is finished first.",
    )
    party: Party = Field(default="office", description="Whose people they are; decides what their time is called.")
    hourly_cost: Amount | None = optional("Cost of one unit for an hour of work, in yuan; for exported logs.")


class Attribute(Drawn):
    """A property of each case: a number, a truth value (`probability`) or one of several `choices`."""

    ways: ClassVar[tuple[str, ...]] = (*DISTRIBUTIONS, "probability", "choices")

    unit: str | None = optional("Unit of a number, for people to read.")
    probability: float | None = Field(default=None, ge=0, le=1, description="Chance that it is true.")
    choices: dict[str, Annotated[float, Field(ge=0, le=1)]] | None = Field(
        default=None, min_length=1, description="Value to its probability; they sum to 1."
    )

    @model_validator(mode="after")
    def _sum(self) -> Attribute:
        if self.choices is not None and abs(sum(self.choices.values()) - 1) > 1e-9:
            raise complaint("choices_sum", total=f"{sum(self.choices.values()):.12g}")
        return self


class Rate(Number):
    """How many cases come in a period."""

    value: float = Field(ge=0, le=1e7, description="How many, at least 0.")
    per: Literal["hour", "working_day", "natural_day", "week", "month", "year"] = Field(
        description="Hour of `arrivals.hours`, working day, natural day, week, month, or year of 365 days."
    )


class WeightedPeriod(Model):
    """A busier or quieter time, from one date to another."""

    from_: Day = Field(alias="from", description="First date.")
    to: Day = Field(description="Last date.")
    weight: Weight = Field(description="Its weight.")

    @model_validator(mode="after")
    def _in_order(self) -> WeightedPeriod:
        if self.to < self.from_:
            raise complaint("hours.backwards", first=self.from_.isoformat(), last=self.to.isoformat())
        return self


class Profile(Model):
    """Relative weights of hours, weekdays, months and periods, multiplied; what is missing weighs 1."""

    hour: dict[Annotated[int, Field(ge=0, le=23)], Weight] = Field(
        default_factory=dict, description="Hour of the day (0 to 23) to its weight."
    )
    weekday: dict[Weekday, Weight] = Field(default_factory=dict, description="Weekday to its weight.")
    month: dict[Annotated[int, Field(ge=1, le=12)], Weight] = Field(
        default_factory=dict, description="Month (1 to 12) to its weight."
    )
    periods: tuple[WeightedPeriod, ...] = Field(
        default=(), description="Weights of periods, such as the weeks before the Spring Festival."
    )


class Dates(Model):
    """Given moments of arrival."""

    list_: tuple[str, ...] = Field(
        alias="list",
        min_length=1,
        description="Moments such as `2022-01-04 09:00`; repeated ones arrive together.",
    )
    source: str | None = optional("Key of `sources`, or the id of a policy fact.")


class Arrivals(Model):
    """When cases are submitted: exactly one of `rate`, `every`, `gaps` and `dates`."""

    rate: Rate | None = optional("So many in a period.")
    every: Gap | None = optional("At fixed gaps.")
    gaps: DrawnGap | None = optional("One after each gap, which is drawn.")
    dates: Dates | None = optional("At given moments.")
    most: int | None = Field(default=None, ge=1, le=100_000_000, description="No more cases than this.")
    process: Literal["poisson", "even"] | None = optional(
        "With `rate`: by chance (`poisson`, the default), or in equal steps of the cumulative rate (`even`)."
    )
    hours: str | None = optional(
        "With `rate`, `every` and `gaps`: named hours in which cases are submitted; default: office."
    )
    profile: Profile | None = optional("With `rate`: busier and quieter times; the mean over a year is kept.")
    source: str | None = optional("Source of the numbers here that name none.")

    @model_validator(mode="after")
    def _exactly_one(self) -> Arrivals:
        given = [key for key in ("rate", "every", "gaps", "dates") if getattr(self, key) is not None]
        if len(given) != 1:
            raise complaint("exactly_one", keys="rate, every, gaps, dates")
        for key in ("process", "profile") if given[0] in ("every", "gaps") else ("process", "profile", "hours"):
            if given[0] != "rate" and getattr(self, key) is not None:
                raise complaint("only_with", name=key, other="rate")
        return self
