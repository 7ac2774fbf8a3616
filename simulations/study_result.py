"""What a study found: the one object that reports read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.errors import Finding
from simulations.comparison import Difference
from simulations.estimates import Estimate
from simulations.promise import Promise
from simulations.promises import Assumption, Label, Reference, Source
from simulations.targets import TargetResult

__all__ = ["CaseCounts", "StudyResult", "VariantResult"]


@dataclass(frozen=True)
class CaseCounts:
    """Cases that arrived in the measured period, over all replications.

    Args:
        started: All of them.
        finished: Those that every indicator is computed from.
        unfinished: Those still open at the end of the run-out.
    """

    started: int
    finished: int
    unfinished: int


@dataclass(frozen=True)
class VariantResult:
    """What was found of one variant.

    Args:
        name: Its name in the scenario.
        label: What people call it.
        promise: What its stated limits add up to.
        assumed_promise: What assumed limits would make of the promise, where they change it: never promised.
        references: Figures from elsewhere that stand beside it.
        indicators: Indicator to its estimate; empty where no case finished.
        units: Unit of every indicator.
        cases: How many cases were measured.
        replications: How many were run.
        targets: What became of each target, in the scenario's order.
        overrides: Applied overrides, ``key: old -> new`` each.
        digest: Of its scenario, diagram and overrides.
    """

    name: str
    label: Label
    promise: Promise
    assumed_promise: Promise
    references: tuple[Reference, ...]
    indicators: Mapping[str, Estimate]
    units: Mapping[str, str]
    cases: CaseCounts
    replications: int
    targets: tuple[TargetResult, ...]
    overrides: tuple[str, ...]
    digest: str


@dataclass(frozen=True)
class StudyResult:
    """What was found of a pipeline.

    Args:
        pipeline: Its name.
        label: What people call it.
        seed: Root of all random numbers.
        replications: How many were run of the variant with the most.
        driver: What ran the cases.
        warnings: What the reader must know before believing the numbers.
        variants: By name, in the order asked for.
        differences: Of every variant against the first.
        assumptions: All numbers that nobody has stated, of any variant.
        sources: Where all other numbers come from.
        versions: Package to its version.
        digest: Of the variants' digests.
    """

    pipeline: str
    label: Label
    seed: int
    replications: int
    driver: str
    warnings: tuple[Finding, ...]
    variants: Mapping[str, VariantResult]
    differences: tuple[Difference, ...]
    assumptions: tuple[Assumption, ...]
    sources: tuple[Source, ...]
    versions: Mapping[str, str]
    digest: str
