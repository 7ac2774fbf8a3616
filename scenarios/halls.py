"""The door to the halls: from a name or a file to a hall that can be run, or to all findings at once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path as FilePath
from typing import Any

from engine.errors import BadInput, Finding
from scenarios import library
from scenarios.building.cases import pools
from scenarios.building.clocks import Clocks, clocks_of
from scenarios.findings import Findings
from scenarios.loading import LoadedScenario, assemble, read_bytes
from scenarios.reading import Document, Path, read
from scenarios.schema.hall import HallPipeline, HallScenario
from scenarios.sources import Ledger, policy_facts
from scenarios.validating import validate_as
from simulations.hall import Hall, compose
from simulations.model import PoolModel, SimulationModel
from simulations.promises import Assumption, Label

__all__ = ["LoadedHall", "is_hall", "load_hall", "stated_hall"]


@dataclass(frozen=True)
class LoadedHall:
    """A hall, checked whole.

    Args:
        hall: Ready to run.
        warnings: What does not stop a run, by place.
        assumptions: Numbers of the hall itself that nobody has stated.
    """

    hall: Hall
    warnings: tuple[Finding, ...]
    assumptions: tuple[Assumption, ...]


def is_hall(name_or_path: str) -> bool:
    """Whether a name or a path is that of a hall; anything else is taken for a pipeline."""
    if name_or_path in library.halls():
        return True
    path = FilePath(name_or_path)
    if name_or_path in library.names() or not path.is_file():
        return False
    try:
        return "hall" in read(path.read_bytes(), str(path)).data
    except (BadInput, OSError):
        return False


def load_hall(
    name_or_path: str,
    holidays: FilePath | None = None,
    replications: int | None = None,
    seed: int | None = None,
    people: Mapping[str, int] | None = None,
) -> LoadedHall:
    """Load a hall.

    Args:
        name_or_path: A name of the library, or a path to the file of a hall.
        holidays: A file of holidays, stronger than the calendars of the hall and of its pipelines.
        replications: In the place of those of the file.
        seed: In the place of that of the file.
        people: Pool of the hall to its units, in the place of those of the file.

    Raises:
        BadInput: All findings of the file, or of its pipelines.
    """
    path = library.find_hall(name_or_path)
    content = read_bytes(path)
    document = read(content, str(path))
    findings = Findings(document)
    stated = _stated(document, findings)
    if stated.study.backlog is not None:
        findings.error("hall.no_backlog", ("study", "backlog"))
        findings.stop_on_errors()
    parts = _parts(stated, document, findings, holidays, replications, seed)
    clocks = clocks_of(stated, holidays, findings)
    findings.stop_on_errors()
    assert clocks is not None  # or there are errors
    ledger = Ledger(stated, findings, policy_facts())
    ledger.check_own()
    shared = tuple(
        replace(pool, units=(people or {}).get(pool.name, pool.units)) for pool in pools(stated.pools, clocks, ledger)
    )
    if stated.peaks is not None:
        ledger.number(("peaks",), "weights", "", stated.peaks.source, wants_range=False)
    _check_days(parts, clocks, findings)
    findings.stop_on_errors()
    every, mapping = _mapped(stated, parts, shared, findings)
    findings.stop_on_errors()
    label = Label(stated.labels.zh, stated.labels.en)
    models = {name: model for name, (model, _) in parts.items()}
    hall = compose(stated.hall, label, models, every, mapping, _digest(content, models))
    warnings = [warning for _, loaded in parts.values() for warning in loaded.warnings]
    return LoadedHall(hall, (*findings.warnings, *dict.fromkeys(warnings)), tuple(ledger.assumptions.values()))


def stated_hall(name_or_path: str) -> HallScenario:
    """What the file of a hall says; its pipelines are not looked at.

    Raises:
        BadInput: The file has not the form of a hall.
    """
    path = library.find_hall(name_or_path)
    document = read(read_bytes(path), str(path))
    return _stated(document, Findings(document))


def _stated(document: Document, findings: Findings) -> HallScenario:
    findings.take(document.warnings)
    stated = validate_as(HallScenario, document, findings)
    findings.stop_on_errors()
    assert stated is not None  # or there are errors
    return stated


def _parts(
    stated: HallScenario,
    document: Document,
    findings: Findings,
    holidays: FilePath | None,
    replications: int | None,
    seed: int | None,
) -> dict[str, tuple[SimulationModel, LoadedScenario]]:
    """Every pipeline's variant under the study of the hall; those that cannot be had leave their findings."""
    parts = {}
    for name, pipeline in stated.pipelines.items():
        path = ("pipelines", name)
        file = _file(name, pipeline, path, document, findings)
        if file is None:
            continue
        try:
            content = read_bytes(file)
            own = _under_hall(read(content, str(file)), document, name)
            loaded = assemble(own, content, pipeline.overrides, holidays, replications, seed)
        except BadInput as error:
            findings.take(error.findings)
            continue
        if loaded.pipeline != name:
            findings.error("hall.other_name", path, name=name, found=loaded.pipeline)
        elif pipeline.variant not in loaded.models:
            findings.unknown("variant", (*path, "variant"), pipeline.variant, loaded.models)
        else:
            parts[name] = loaded.models[pipeline.variant], loaded
    return parts


def _file(name: str, pipeline: HallPipeline, path: Path, document: Document, findings: Findings) -> FilePath | None:
    if pipeline.scenario is not None:
        file = FilePath(document.file).parent / pipeline.scenario
        if not file.is_file():
            findings.error("hall.no_scenario", (*path, "scenario"), file=str(file))
            return None
        return file
    if name not in library.names():
        findings.unknown("pipeline", path, name, library.names())
        return None
    return library.find(name)


def _under_hall(own: Document, hall: Document, name: str) -> Document:
    """A pipeline's document with the study of the hall, and the arrivals that the hall gives it.

    What the hall gives brings its sources along, under keys that no pipeline has.
    """
    data = {**own.data, "study": hall.data["study"]}
    given: Mapping[str, Any] = hall.data["pipelines"][name]
    if "arrivals" in given:
        prefix = f"{hall.data['hall']}."
        sources = hall.data.get("sources", {})
        data["arrivals"] = _with_prefix(given["arrivals"], prefix, set(sources))
        moved = {f"{prefix}{key}": source for key, source in sources.items()}
        data["sources"] = {**own.data.get("sources", {}), **moved}
    arrivals: Any = data.get("arrivals")
    if "peaks" in hall.data and isinstance(arrivals, Mapping) and "rate" in arrivals and "profile" not in arrivals:
        profile = {key: weights for key, weights in hall.data["peaks"].items() if key != "source"}
        data["arrivals"] = {**arrivals, "profile": profile}
    return Document(own.file, data, own.positions, own.warnings)


def _with_prefix(value: Any, prefix: str, keys: set[Any]) -> Any:
    """Data whose ``source`` is one of the hall's, under its new key."""
    if not isinstance(value, Mapping):
        return value
    return {
        key: f"{prefix}{below}" if key == "source" and below in keys else _with_prefix(below, prefix, keys)
        for key, below in value.items()
    }


def _check_days(
    parts: Mapping[str, tuple[SimulationModel, LoadedScenario]], clocks: Clocks, findings: Findings
) -> None:
    """One hall stands in one place: a day is a working day for all, or for nobody."""
    for name, (model, _) in parts.items():
        if model.days.hours() != clocks.working:
            findings.error("hall.other_days", ("pipelines", name), name=name)


def _mapped(
    stated: HallScenario,
    parts: Mapping[str, tuple[SimulationModel, LoadedScenario]],
    shared: tuple[PoolModel, ...],
    findings: Findings,
) -> tuple[tuple[PoolModel, ...], dict[str, tuple[int, ...]]]:
    """All pools of the hall, the pipelines' own behind the shared ones; and by pipeline which of them its pools are."""
    number = {pool.name: i for i, pool in enumerate(shared)}
    every = list(shared)
    mapping: dict[str, tuple[int, ...]] = {}
    used = set()
    for name, (model, _) in parts.items():
        path = ("pipelines", name, "pools")
        wanted = stated.pipelines[name].pools
        known = [pool.name for pool in model.pools]
        for own, hall_pool in wanted.items():
            if own not in known:
                findings.unknown("pool", (*path, own), own, known)
            if hall_pool not in number:
                findings.unknown("pool", (*path, own), hall_pool, number)
        places = []
        for pool in model.pools:
            place = number.get(wanted.get(pool.name, ""))
            if place is None:
                place = len(every)
                every.append(_own(pool, model))
            else:
                used.add(wanted[pool.name])
                if pool.hours != shared[place].hours and not stated.pools[shared[place].name].replaces_hours:
                    values = {"pipeline": name, "own": pool.name, "pool": shared[place].name}
                    findings.error("hall.other_hours", (*path, pool.name), **values)
            places.append(place)
        mapping[name] = tuple(places)
        _check_twice(model, mapping[name], every, path, findings)
    for pool in shared:
        if pool.name not in used:
            findings.error("hall.unused_pool", ("pools", pool.name), name=pool.name)
    return tuple(every), mapping


def _own(pool: PoolModel, model: SimulationModel) -> PoolModel:
    """A pool that only its pipeline knows, under a name that no other has."""
    label = Label(f"{pool.label.zh}（{model.label.zh}）", f"{pool.label.en} ({model.label.en})")
    return replace(pool, name=f"{model.pipeline}.{pool.name}", label=label)


def _check_twice(
    model: SimulationModel, mapping: tuple[int, ...], every: list[PoolModel], path: Path, findings: Findings
) -> None:
    """A task that needs two people of different pools cannot ask one pool of the hall for both."""
    for node, activity in enumerate(model.activities):
        if activity is None:
            continue
        places = [mapping[pool] for pool in activity.pools]
        twice = next((place for place in places if places.count(place) > 1), None)
        if twice is not None:
            findings.error("hall.pool_twice", path, id=model.net.elements[node], pool=every[twice].name)


def _digest(content: bytes, models: Mapping[str, SimulationModel]) -> str:
    """``sha256:`` of the bytes of the hall's file and the digests of its parts, each line by line."""
    parts = "\n".join(f"{name} {model.digest}" for name, model in models.items())
    hashed = hashlib.sha256(content + parts.encode())
    return f"sha256:{hashed.hexdigest()}"
