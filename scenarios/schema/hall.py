"""The file of a hall: several pipelines of the library at once, on shared people."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from scenarios.schema.base import Label, Model, Name, optional
from scenarios.schema.calendar import Calendar
from scenarios.schema.cases import Arrivals, Pool, Profile
from scenarios.schema.scenario import Source, Study

__all__ = ["HallPipeline", "HallPool", "HallScenario", "Peaks"]


class HallPool(Pool):
    """People that several pipelines share."""

    replaces_hours: bool = Field(
        default=False,
        description="The hours of the pipelines' own pools give way to these; without it they must be the same.",
    )


class Peaks(Profile):
    """When everybody comes at once: the profile of all pipelines of the hall that state none."""

    source: str = Field(description="Source of the weights.")


class HallPipeline(Model):
    """A pipeline in the hall."""

    scenario: str | None = optional("A scenario file, relative to this one; default: the pipeline of the library.")
    variant: Name = Field(description="Which of its variants runs.")
    overrides: tuple[str, ...] = Field(default=(), description="Overrides of its scenario.")
    arrivals: Arrivals | None = optional("When its cases come; default: as its scenario says.")
    pools: dict[Name, Name] = Field(
        default_factory=dict, description="Its pools to those of the hall; what is not named stays its own."
    )


class HallScenario(Model):
    """A hall: which pipelines run at once, and which people they share."""

    schema_: Literal[1] = Field(alias="schema", description="Version of the language.")
    hall: Name = Field(description="Name of the hall.")
    labels: Label = Field(description="What people call it.")
    description: Label | None = optional("What the hall is about.")
    calendar: Calendar = Field(description="Working days, holidays, opening hours.")
    pools: dict[Name, HallPool] = Field(default_factory=dict, description="Who is shared.")
    sources: dict[str, Source] = Field(default_factory=dict, description="Sources of the numbers, cited by key.")
    peaks: Peaks | None = optional(
        "Busier and quieter times, of every pipeline whose cases come at a rate without a profile of their own."
    )
    pipelines: dict[Name, HallPipeline] = Field(min_length=1, description="What runs, in this order.")
    study: Study = Field(description="What is run; it takes the place of the pipelines' own.")
