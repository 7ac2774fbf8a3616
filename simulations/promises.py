"""What is measured and promised: limits, targets and reference figures, each with its source.

Elements are named by their ids; nothing here knows how cases are run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from engine.calendars.clock import CIVIL_RULES, ClockRules
from engine.calendars.units import Unit

__all__ = [
    "Acceptance",
    "Assumption",
    "ClockKind",
    "Extension",
    "Label",
    "Limit",
    "MeasuredElement",
    "Reference",
    "Source",
    "Sum",
    "Target",
]

Kind = Literal["approval", "survey", "inspection", "utility", "registration", "works", "other"]
Op = Literal["<=", "<", ">=", "=", "~"]
ClockKind = Literal["statutory", "promised", "publicity"]


@dataclass(frozen=True)
class Label:
    """What people call a thing, in both languages."""

    zh: str
    en: str

    def __getitem__(self, language: str) -> str:
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True)
class Source:
    """Where a number comes from.

    Args:
        key: Name in the scenario; of a policy source the fact's id.
        kind: A policy fact, a statute, a reference figure, an observation, or an assumption.
        text: The fact, article, figure or reason, in our words.
    """

    key: str
    kind: Literal["policy", "statute", "reference", "observed", "assumption"]
    text: Label


@dataclass(frozen=True)
class Assumption:
    """A number that nobody has stated: where it stands, its value as written, and the range it may lie in."""

    place: str
    value: str
    unit: str
    range: tuple[float, float] | None
    source: Source


@dataclass(frozen=True)
class Extension:
    """More time that somebody may grant, once.

    Args:
        value: In the unit of the limit.
        by: Who grants it.
        after: Element whose entry means that it was granted; none: nobody grants it in the simulation.
    """

    value: float
    by: Label
    after: str | None
    source: Source


@dataclass(frozen=True)
class Limit:
    """How long something may take.

    Args:
        rules: How its days are counted.
    """

    value: float
    unit: Unit
    source: Source
    rules: ClockRules = CIVIL_RULES
    extension: Extension | None = None


@dataclass(frozen=True)
class Acceptance:
    """The clock starts when an element is over for the last time.

    Args:
        element: Where the office looks whether an application is complete.
        within: How long after the receipt it must be over for the first time; else the application counts as
            accepted when it was received, and corrections no longer stop the clock.
    """

    element: str
    within: Limit


@dataclass(frozen=True)
class MeasuredElement:
    """A task or sub-process that the policy counts or limits.

    Args:
        counts: How many procedures it counts as; 0 for a part that only has a limit of its own.
        online: Handled fully online: half a day in Doing Business counting.
        pauses: Elements inside or beside it during which the authority's clock stands still (corrections, and
            what a limit excludes).
        visits, documents, cost: Of the applicant, per entry; cost in yuan.
        clocks: Other limits beside ``limit``: a statute's, the office's own promise, a publicity period.
        acceptance: What starts its clocks; none: its entry does.
        specials: Element to why it is a special step, those that count in the limit included; reasons as in the
            scenario language.
    """

    element: str
    kind: Kind
    counts: int
    limit: Limit | None
    online: bool = False
    pauses: tuple[str, ...] = ()
    visits: float | None = None
    documents: float | None = None
    cost: float | None = None
    clocks: Mapping[ClockKind, Limit] = field(default_factory=dict)
    acceptance: Acceptance | None = None
    specials: Mapping[str, str] = field(default_factory=dict)

    @property
    def statutory(self) -> Limit | None:
        """A statute's limit beside the promised one."""
        return self.clocks.get("statutory")


@dataclass(frozen=True)
class Sum:
    """A named sum over measured elements of which none contains another."""

    name: str
    elements: tuple[str, ...]
    label: Label


@dataclass(frozen=True)
class Target:
    """What is promised of an indicator.

    Args:
        statistic: ``mean`` over all cases, or ``each`` case, of which ``required_share`` must be within.
        tolerance: Half-width of ``~``.
    """

    indicator: str
    statistic: Literal["mean", "each"]
    op: Op
    limit: float
    unit: str
    source: Source
    required_share: float | None = None
    tolerance: float | None = None


@dataclass(frozen=True)
class Reference:
    """A figure from elsewhere that stands beside the results, never in them."""

    indicator: str
    value: float
    unit: str
    source: Source
