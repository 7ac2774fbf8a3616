"""Limits: how long something may take, how that is counted, and who may grant more."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from scenarios.schema.base import Label, Model, optional
from scenarios.schema.numbers import LimitNumber, WorkingDays

__all__ = ["Acceptance", "ClockLimit", "Extension"]


class Extension(Model):
    """More time that somebody may grant, once."""

    value: float = Field(gt=0, le=36_525, description="How much more, in the unit of the limit.")
    by: Label = Field(description="Who grants it.")
    after: str | None = optional(
        "Element whose entry means that it was granted; without it nobody grants it in the simulation."
    )
    source: str | None = optional("Source of the number; default: that of the limit.")


class ClockLimit(LimitNumber):
    """How long something may take, and how that is counted."""

    start_day: Literal["excluded", "counted"] = Field(
        default="excluded", description="Whether the day on which the clock starts counts as the first one."
    )
    roll: bool = Field(
        default=True,
        description="Whether a last natural day (also of months) that is off moves to the next working day.",
    )
    extension: Extension | None = optional("More time that somebody may grant.")


class Acceptance(Model):
    """When the clock starts: with the acceptance of a complete application, which silence stands for.

    The clock starts when the element is over for the last time. Where it was not over for the first time `within` so
    long of the receipt, nobody has said in time what is missing: the application counts as accepted when it was
    received, and corrections no longer stop the clock.
    """

    element: str = Field(description="Task in which the office looks whether the application is complete.")
    within: WorkingDays = Field(description="How long the office may take to say what is missing.")
