"""The door to the scenarios: from a name or a file to simulation models, or to all findings at once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path as FilePath
from typing import Any, Literal

from engine.errors import BadInput, Finding
from scenarios import library, overriding
from scenarios.building.backlog import with_lead
from scenarios.building.clocks import clocks_of
from scenarios.building.variants import build
from scenarios.findings import Findings
from scenarios.reading import Document, read
from scenarios.schema import Scenario
from scenarios.schema.numbers import Span
from scenarios.validating import validate
from simulations.model import SimulationModel
from simulations.promises import Label

__all__ = ["LoadedScenario", "assemble", "load", "read_bytes"]


@dataclass(frozen=True)
class LoadedScenario:
    """A scenario, checked whole.

    Args:
        file: Where it was read.
        pipeline: Name of the pipeline.
        labels: What people call it.
        models: Variant to its model, in the order of the file.
        warnings: What does not stop a run, by place.
        override_names: The overrides that the file offers, in its order.
        override_labels: What people call them.
        changes: What the chosen overrides changed, ``key: old -> new`` each.
        stated: What stands in the file, with the overrides applied.
    """

    file: FilePath
    pipeline: str
    labels: Label
    stated: Scenario
    models: Mapping[str, SimulationModel]
    warnings: tuple[Finding, ...]
    override_names: tuple[str, ...]
    override_labels: Mapping[str, Label]
    changes: tuple[str, ...] = ()


def load(
    name_or_path: str,
    overrides: Sequence[str] = (),
    holidays: FilePath | None = None,
    replications: int | None = None,
    seed: int | None = None,
    kind: Literal["terminating", "steady_state"] | None = None,
) -> LoadedScenario:
    """Load a scenario.

    Args:
        name_or_path: A name of the library, or a path to a scenario file.
        overrides: Names of overrides to apply, in any order.
        holidays: A file of holidays, stronger than the calendar and the scenario.
        replications: In the place of those of the file.
        seed: In the place of that of the file.
        kind: In the place of that of the file.

    Raises:
        BadInput: All findings of the file, its overrides and all variants, errors and warnings.
    """
    path = library.find(name_or_path)
    content = read_bytes(path)
    return assemble(read(content, str(path)), content, overrides, holidays, replications, seed, kind)


def assemble(
    document: Document,
    content: bytes,
    overrides: Sequence[str] = (),
    holidays: FilePath | None = None,
    replications: int | None = None,
    seed: int | None = None,
    kind: Literal["terminating", "steady_state"] | None = None,
) -> LoadedScenario:
    """Load a scenario that is read already; the rest is as in `load`.

    Args:
        document: What stands in the file; diagrams are looked for beside the file that it names.
        content: The bytes that its digest is about.
        overrides: As in `load`, like all that follows.
        holidays: A file of holidays.
        replications: In the place of those of the file.
        seed: In the place of that of the file.
        kind: In the place of that of the file.

    Raises:
        BadInput: As in `load`.
    """
    findings = Findings(document)
    findings.take(document.warnings)
    base = validate(document, findings)
    findings.stop_on_errors()
    assert base is not None  # or there are errors
    _try_overrides(document, base, overrides, findings)
    changed, changes = overriding.apply(document, base, overrides, findings)
    findings.stop_on_errors()
    findings.document = changed
    scenario = validate(changed, findings)
    findings.stop_on_errors()
    assert scenario is not None  # or there are errors
    scenario = _with_study(scenario, replications, seed, kind, findings)
    scenario = with_lead(scenario, findings)
    findings.stop_on_errors()
    clocks = clocks_of(scenario, holidays, findings)
    findings.stop_on_errors()
    assert clocks is not None  # or there are errors
    models = build(scenario, clocks, findings, changes)
    findings.stop_on_errors()
    holiday_bytes = b"" if holidays is None else read_bytes(holidays)
    return LoadedScenario(
        file=FilePath(document.file),
        pipeline=scenario.pipeline,
        labels=Label(scenario.labels.zh, scenario.labels.en),
        stated=scenario,
        models={
            name: replace(model, digest=_digest(content, holiday_bytes, overrides, model))
            for name, model in models.items()
        },
        warnings=findings.warnings,
        override_names=tuple(base.overrides),
        override_labels={name: Label(o.labels.zh, o.labels.en) for name, o in base.overrides.items()},
        changes=changes,
    )


def read_bytes(path: FilePath) -> bytes:
    """The bytes of a file.

    Raises:
        BadInput: The system does not give them.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        values = {"reason": error.strerror or type(error).__name__}
        raise BadInput([Finding("scenario.unreadable", values, str(path))]) from None


def _try_overrides(document: Document, base: Scenario, chosen: Sequence[str], findings: Findings) -> None:
    """Each override that is offered must fit the file, chosen or not."""
    for name in base.overrides:
        if name in chosen:
            continue  # the choice itself is checked whole
        trial = Findings(document)
        changed, _ = overriding.apply(document, base, [name], trial)
        if not trial.errors:
            trial.document = changed
            validate(changed, trial)
        findings.take(trial.errors)


def _with_study(
    scenario: Scenario, replications: int | None, seed: int | None, kind: str | None, findings: Findings
) -> Scenario:
    update: dict[str, Any] = {}
    if kind == "steady_state" and scenario.study.backlog is not None:
        findings.error("study.backlog_steady", ("study", "backlog"))
    if kind is not None:
        update["kind"] = kind
    if kind == "steady_state" and scenario.study.kind != kind:
        update["warmup"] = Span(value=0)  # that of a terminating study says nothing here: it is found
    if replications is not None:
        update["replications"] = replications
    if seed is not None:
        update["seed"] = seed
    for key, low, high in (("replications", 1, 100_000), ("seed", -(2**63), 2**63 - 1)):
        if key in update and not low <= update[key] <= high:
            findings.error("bound", ("study", key), found=update[key], bound=f"{low} ... {high}")
    return scenario.model_copy(update={"study": scenario.study.model_copy(update=update)})


def _digest(content: bytes, holidays: bytes, overrides: Sequence[str], model: SimulationModel) -> str:
    """``sha256:`` of everything that decides the results of a variant, apart from the program's version.

    The parts are hashed one after the other, each as its length in decimal, a colon, and its bytes: the bytes
    of the scenario file, those of the holiday file (none: empty), the digest of the diagram's bytes, the name
    of the variant, and one JSON object with sorted keys: the overrides (sorted: order changes nothing) and
    the study.
    """
    settings = json.dumps(
        {
            "overrides": sorted(set(overrides)),
            "start": model.study.start.isoformat(),
            "horizon_ms": model.study.horizon,
            "warmup_ms": model.study.warmup,
            "run_out_ms": model.study.run_out,
            "replications": model.study.replications,
            "seed": model.study.seed,
            **({"kind": model.study.kind} if model.study.kind != "terminating" else {}),
        },
        sort_keys=True,
        separators=(",", ":"),
    )
    hashed = hashlib.sha256()
    parts = (content, holidays, model.diagram.digest.encode(), model.variant.encode(), settings.encode())
    for part in parts:
        hashed.update(b"%d:" % len(part))
        hashed.update(part)
    return f"sha256:{hashed.hexdigest()}"
