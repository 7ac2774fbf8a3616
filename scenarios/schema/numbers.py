"""Numbers with unit, source and range, and the distributions that may stand in the place of a value."""

from __future__ import annotations

from typing import Any, ClassVar, Final, Literal

from pydantic import Field, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import core_schema

from scenarios.schema.base import Model, complaint, optional

__all__ = [
    "DISTRIBUTIONS",
    "Age",
    "Amount",
    "Beta",
    "Chance",
    "Count",
    "Drawn",
    "DrawnGap",
    "Dwell",
    "Effort",
    "Empirical",
    "Erlang",
    "Gap",
    "LimitNumber",
    "MeanAndSd",
    "Normal",
    "Number",
    "Share",
    "Span",
    "Weibull",
    "WorkingDays",
]

Pair = tuple[float, float]
Three = tuple[float, float, float]

DISTRIBUTIONS: Final = (
    "value", "uniform", "triangular", "pert", "exponential", "normal", "lognormal", "gamma", "beta",
    "weibull", "erlang", "empirical",
)  # fmt: skip


class MeanAndSd(Model):
    """Mean and standard deviation."""

    mean: float = Field(description="Mean.")
    sd: float = Field(description="Standard deviation.")


class Normal(MeanAndSd):
    """A normal distribution cut off at both ends."""

    low: float = Field(default=0.0, description="No value below; the distribution is truncated here.")
    high: float | None = optional("No value above; without it there is no upper end.")


class Beta(MeanAndSd):
    """A beta distribution stretched over an interval."""

    low: float = Field(description="Lower end.")
    high: float = Field(description="Upper end.")


class Weibull(Model):
    """A Weibull distribution."""

    shape: float = Field(description="Shape.")
    scale: float = Field(description="Scale: 63.2 % of the values are below it.")


class Erlang(Model):
    """An Erlang distribution: a sum of equal exponential stages."""

    shape: int = Field(ge=1, description="Number of stages.")
    mean: float = Field(description="Mean of the sum.")


class Empirical(Model):
    """Values that occurred, drawn again."""

    values: tuple[float, ...] = Field(min_length=1, description="The values.")
    weights: tuple[float, ...] | None = optional("How often each value occurs, relative to the others; else equally.")

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, value: object) -> object:
        return {"values": value} if isinstance(value, tuple) else value


class Short(Model):
    """A mapping whose short form is a bare number."""

    short_words: ClassVar[tuple[str, ...]] = ()

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, value: object) -> object:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return {"value": value}
        return value

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Either the mapping or its short form."""
        long_form = handler.resolve_ref_schema(handler(core))
        shorts: list[dict[str, Any]] = [{"type": "number"}, *({"const": word} for word in cls.short_words)]
        return {"anyOf": [*shorts, long_form]}


class Number(Short):
    """A single number; a bare number where the place gives unit and source."""

    value: float = Field(description="The number.")
    source: str | None = optional("Key of `sources`, or the id of a policy fact.")
    range: Pair | None = optional("`[low, high]`: what the number may plausibly be; for assumptions.")


class Amount(Number):
    """A number that cannot be negative."""

    value: float = Field(ge=0, description="The number, at least 0.")


class Count(Number):
    """A whole number of people or places."""

    value: int = Field(ge=1, le=10_000, description="The number, at least 1.")


class Chance(Number):
    """A probability."""

    value: float = Field(ge=0, le=1, description="From 0 to 1.")


class Share(Short):
    """The share of one way of a choice: a probability, or the word `rest`."""

    short_words: ClassVar[tuple[str, ...]] = ("rest",)

    value: float | None = Field(default=None, ge=0, le=1, description="From 0 to 1; left out for the rest.")
    rest: Literal[True] | None = optional("`true`: what the other ways leave; the short form is the word `rest`.")
    source: str | None = optional("Key of `sources`, or the id of a policy fact; else that of the route.")
    range: Pair | None = optional("`[low, high]`: what the share may plausibly be; for assumptions.")

    @model_validator(mode="before")
    @classmethod
    def _rest(cls, value: object) -> object:
        return {"rest": True} if value == "rest" and isinstance(value, str) else value

    @model_validator(mode="after")
    def _one(self) -> Share:
        if (self.value is None) == (self.rest is None):
            raise complaint("exactly_one", keys="value, rest")
        return self


class Span(Short):
    """A length of the study."""

    value: float = Field(ge=0, le=36_525, description="How many.")
    unit: Literal["natural_day"] = Field(default="natural_day", description="Natural days.")


class LimitNumber(Number):
    """How long something may take."""

    value: float = Field(gt=0, le=36_525, description="How many, above 0.")
    unit: Literal["working_day", "natural_day", "hour", "month"] = Field(
        description="Working days, natural days, hours of the office, or months."
    )


class WorkingDays(Number):
    """A number of working days."""

    value: float = Field(gt=0, le=36_525, description="How many, above 0.")
    unit: Literal["working_day"] = Field(description="Working days.")


class Age(Number):
    """How long a batch waits for more."""

    value: float = Field(gt=0, le=36_525, description="How many, above 0.")
    unit: Literal["minute", "hour", "natural_day"] = Field(description="Minutes, hours or days by the wall clock.")


class Gap(Number):
    """The time between two arrivals."""

    value: float = Field(gt=0, le=36_525, description="How many, above 0.")
    unit: Literal["hour", "working_day", "natural_day"] = Field(
        description="Hours run on the hours of the arrivals; days are working or natural days."
    )


class Drawn(Short):
    """A number, or a distribution in the place of `value`: exactly one of them."""

    value: float | None = optional("Always this.")
    uniform: Pair | None = optional("`[low, high]`: all values between are equally likely.")
    triangular: Three | None = optional("`[low, mode, high]`.")
    pert: Three | None = optional("`[low, mode, high]`: a beta distribution that leans on the mode.")
    exponential: float | None = optional("Exponential with this mean.")
    normal: Normal | None = optional("Normal, truncated at `low` (0 unless stated) and `high`.")
    lognormal: MeanAndSd | None = optional("Lognormal, by its own mean and standard deviation.")
    gamma: MeanAndSd | None = optional("Gamma, by its own mean and standard deviation.")
    beta: Beta | None = optional("Beta between `low` and `high`.")
    weibull: Weibull | None = optional("Weibull.")
    erlang: Erlang | None = optional("Erlang.")
    empirical: Empirical | None = optional("Observed values: `[values]`, or `{values, weights}`.")
    source: str | None = optional("Key of `sources`, or the id of a policy fact.")
    range: Pair | None = optional("`[low, high]`: what the mean may plausibly be; for assumptions.")

    ways: ClassVar[tuple[str, ...]] = DISTRIBUTIONS

    @model_validator(mode="after")
    def _exactly_one(self) -> Drawn:
        if sum(getattr(self, way) is not None for way in self.ways) != 1:
            raise complaint("exactly_one", keys=", ".join(self.ways))
        return self

    @property
    def way(self) -> str:
        """Which key gives the number."""
        return next(way for way in self.ways if getattr(self, way) is not None)


class Effort(Drawn):
    """Hands-on time of people."""

    unit: Literal["second", "minute", "hour"] = Field(
        description="Seconds, minutes or hours in the hours of the pools."
    )


class Dwell(Drawn):
    """A delay that needs nobody."""

    unit: Literal["second", "minute", "hour", "working_day", "natural_day"] = Field(
        description="Seconds, minutes and hours run on the office clock, working days on the working-day clock, "
        "natural days on the natural clock, unless `clock` says otherwise."
    )


class DrawnGap(Drawn):
    """The times between two arrivals, each drawn anew."""

    unit: Literal["second", "minute", "hour"] = Field(description="Seconds, minutes or hours on the hours of arrivals.")
