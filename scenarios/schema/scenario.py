"""The whole scenario file."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, model_validator

from scenarios.schema.base import Day, Label, Model, Name, complaint, optional
from scenarios.schema.calendar import Calendar
from scenarios.schema.cases import Arrivals, Attribute, Pool
from scenarios.schema.numbers import Count, Drawn, Number, Span
from scenarios.schema.process import Common, Variant

__all__ = ["Backlog", "CostBase", "Override", "Scenario", "Source", "Study"]


class Source(Model):
    """Where numbers come from."""

    kind: Literal["policy", "statute", "reference", "observed", "assumption"] = Field(
        description="A policy, a statute, a figure from elsewhere, an observation, or an assumption."
    )
    text: Label = Field(description="The article, figure or reason, in words of our own.")


class CostBase(Number):
    """What costs are set against: the value of the building, of the claim."""

    value: float = Field(gt=0, description="How much, above 0.")
    unit: Literal["yuan"] = Field(default="yuan", description="Yuan.")


class Override(Model):
    """A named change of the scenario."""

    labels: Label = Field(description="What people call the change.")
    set_: dict[str, Any] = Field(
        alias="set",
        min_length=1,
        description="What changes; the keys mirror those of the file, lists are replaced.",
    )


class CaseAge(Drawn):
    """How long ago the cases of a backlog were submitted, spread evenly over a distribution."""

    unit: Literal["natural_day"] = Field(description="Natural days before the study's start.")


class Backlog(Model):
    """Cases that were submitted before the start and that no office has worked on yet."""

    cases: Count = Field(description="How many.")
    age: CaseAge = Field(description="How long ago each was submitted.")
    measured: bool = Field(
        default=False,
        description="Whether their own times count in the results; else they only stand before the others.",
    )


class Study(Model):
    """What is run."""

    kind: Literal["terminating", "steady_state"] = Field(
        default="terminating",
        description="`terminating`: this period as it is, from empty or from a backlog; `steady_state`: what it would "
        "come to if it lasted, with a warm-up that is found (MSER-5) where none is stated.",
    )
    backlog: Backlog | None = optional("Cases that are there at the start, with their age; empty without it.")

    start: Day = Field(description="Day 0, for example 2022-01-01.")
    horizon: Span = Field(description="End of the measured period, counted from the start.")
    warmup: Span = Field(default=Span(value=0), description="Start of the measured period, counted from the start.")
    run_out: Span | None = optional(
        "The latest moment that is simulated, counted from the start; default: twice the horizon."
    )
    replications: int = Field(ge=1, le=100_000, description="Independent repetitions.")
    seed: int = Field(default=1, ge=-(2**63), lt=2**63, description="Root of all random numbers.")

    @model_validator(mode="after")
    def _in_order(self) -> Study:
        if self.horizon.value <= self.warmup.value:
            raise complaint("study.horizon", horizon=f"{self.horizon.value:g}", warmup=f"{self.warmup.value:g}")
        if self.backlog is not None and self.kind == "steady_state":
            raise complaint("study.backlog_steady")
        if self.backlog is not None and self.backlog.measured and self.warmup.value:
            raise complaint("study.backlog_warmup")
        if self.run_out is not None and self.run_out.value < self.horizon.value:
            raise complaint("study.run_out", run_out=f"{self.run_out.value:g}", horizon=f"{self.horizon.value:g}")
        return self

    @property
    def run_out_days(self) -> float:
        """The latest moment that is simulated, in natural days from the start."""
        return 2 * self.horizon.value if self.run_out is None else self.run_out.value


class Scenario(Model):
    """A scenario file: one pipeline, its variants, and everything that they are run with."""

    schema_: Literal[1] = Field(alias="schema", description="Version of the language.")
    pipeline: Name = Field(description="Name of the pipeline, in small letters, digits and underscores.")
    labels: Label = Field(description="What people call the pipeline.")
    description: Label | None = optional("What the scenario is about.")
    calendar: Calendar = Field(description="Working days, holidays, opening hours.")
    pools: dict[Name, Pool] = Field(default_factory=dict, description="Who works.")
    attributes: dict[Name, Attribute] = Field(
        default_factory=dict,
        description="What is drawn for each case when it arrives; conditions may ask for it.",
    )
    arrivals: Arrivals | None = optional(
        "When cases are submitted; without it, a timer start event of the diagram says."
    )
    cost_base: CostBase | None = optional("What the applicant's costs are set against: makes `cost_share`, in percent.")
    sources: dict[str, Source] = Field(default_factory=dict, description="Sources of the numbers, cited by key.")
    common: Common = Field(default=Common(), description="What the variants share.")
    variants: dict[Name, Variant] = Field(min_length=1, description="Ways to run the pipeline, in their order.")
    overrides: dict[Name, Override] = Field(default_factory=dict, description="Named changes to choose from.")
    study: Study = Field(description="What is run.")
