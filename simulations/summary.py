"""From models and their replications to the result of a study."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterable, Mapping, Sequence
from importlib import metadata
from typing import Final

from engine.errors import Finding
from simulations.comparison import differences
from simulations.estimates import estimates
from simulations.model import SimulationModel
from simulations.promise import promise
from simulations.quantities import unit_of
from simulations.replication import Replication
from simulations.study_result import CaseCounts, StudyResult, VariantResult
from simulations.targets import judge

__all__ = ["program_versions", "summarise", "summarise_variant"]

PACKAGES: Final = (
    "reformsim",
    "numpy",
    "scipy",
    "simpy",
    "numba",
    "chinesecalendar",
)  # that can move a number
UNFINISHED: Final = 0.02  # a greater share of cases left out makes every indicator look better than it is


def summarise(
    models: Mapping[str, SimulationModel],
    replications: Mapping[str, Sequence[Replication]],
    driver: str,
    warnings: Iterable[Finding] = (),
) -> StudyResult:
    """Estimate, judge and compare.

    Args:
        models: Variant to its model, at least one, all of one pipeline and seed; the first is compared with.
        replications: Variant to its replications, in the order of their numbers.
        driver: What ran the cases.
        warnings: What was found before the run.

    Raises:
        BadInput: Targets name indicators that the replications do not have.
    """
    first = next(iter(models.values()))
    variants = {name: summarise_variant(model, replications[name]) for name, model in models.items()}
    own = [finding for variant in variants.values() for finding in _warnings(variant)]
    digests = "\n".join(f"{name} {model.digest}" for name, model in models.items())
    return StudyResult(
        pipeline=first.pipeline,
        label=first.label,
        seed=first.study.seed,
        replications=max(variant.replications for variant in variants.values()),
        driver=driver,
        warnings=(*warnings, *own),
        variants=variants,
        differences=tuple(differences({name: replications[name] for name in models})),
        assumptions=tuple({(a.place, a.value): a for m in models.values() for a in m.assumptions}.values()),
        sources=tuple({source.key: source for m in models.values() for source in m.sources}.values()),
        versions=program_versions(),
        digest=f"sha256:{hashlib.sha256(digests.encode()).hexdigest()}",
    )


def summarise_variant(model: SimulationModel, replications: Sequence[Replication]) -> VariantResult:
    """Estimate and judge one variant.

    Args:
        model: The variant.
        replications: Its replications, in the order of their numbers.

    Raises:
        BadInput: Targets name indicators that the replications do not have.
    """
    found = estimates(replications, model.study.seed)
    stated = promise(model.diagram, model.measured, model.sums, indices=model.indices)
    assumed = promise(model.diagram, model.measured, model.sums, assumed=True, indices=model.indices)
    return VariantResult(
        name=model.variant,
        label=model.variant_label,
        promise=stated,
        assumed_promise={name: value for name, value in assumed.items() if value != stated[name]},
        references=model.references,
        indicators=found,
        units={name: unit_of(name, model.measured, model.sums) for name in found},
        cases=CaseCounts(
            started=sum(r.started for r in replications),
            finished=sum(r.finished for r in replications),
            unfinished=sum(r.unfinished for r in replications),
        ),
        replications=len(replications),
        targets=tuple(judge(target, replications) for target in model.targets),
        overrides=model.overrides,
        digest=model.digest,
    )


def _warnings(variant: VariantResult) -> list[Finding]:
    """What the reader of a variant's numbers must know."""
    cases = variant.cases
    empty = max((e.empty_replications for e in variant.indicators.values()), default=0)
    codes: dict[str, dict[str, object]] = {}
    if not cases.finished:
        codes["no_cases"] = {"started": cases.started}
    elif cases.unfinished > UNFINISHED * cases.started:
        codes["unfinished"] = {"unfinished": cases.unfinished, "started": cases.started}
    if cases.finished and variant.replications == 1:
        codes["one_replication"] = {}
    if empty:
        codes["empty_replications"] = {"empty": empty, "replications": variant.replications}
    return [
        Finding(f"results.{code}", {"variant": variant.name, **values}, element=variant.name, severity="warning")
        for code, values in codes.items()
    ]


def program_versions() -> dict[str, str]:
    """Of Python and the packages that can move a number, as far as they are installed."""
    versions = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            versions[package] = metadata.version(package)
        except metadata.PackageNotFoundError:  # run from a checkout, or without the compiler
            continue
    return versions
