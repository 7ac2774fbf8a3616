"""Runs a hall as often as asked, and what it found: by pipeline as of a study, by pool, as plain data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Final

import numpy as np

from engine.calendars.units import MINUTE
from engine.errors import Finding
from simulations.estimates import mean_over_replications
from simulations.hall import Hall
from simulations.hall_figures import HallReplication, PoolFigures, months_of, replicate_hall
from simulations.load import pool_loads
from simulations.model import PoolModel
from simulations.promises import Assumption
from simulations.replication import F64
from simulations.results import SCHEMA, assumption_as_json, to_json
from simulations.summary import summarise

__all__ = ["hall_loads", "hall_overload_findings", "hall_to_json", "run_hall"]


def run_hall(
    hall: Hall,
    replications: int,
    driver: str = "simpy",
    threads: int = 1,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[HallReplication]:
    """Run a hall.

    Args:
        hall: What is run.
        replications: How many, numbered from 0.
        driver: ``simpy`` or ``compiled``.
        threads: How many replications of the compiled driver run at once; SimPy's run one after the other.
        progress: Told how many are done, and of how many.

    Returns:
        The replications in the order of their numbers, whichever was faster.

    Raises:
        RunError: The first replication that cannot go on, or breaks a law.
    """
    run = partial(replicate_hall, hall, driver=driver)
    found = [run(0)]  # alone, so that what it makes ready is made once
    progress(1, replications)
    executor = ThreadPoolExecutor(threads if driver == "compiled" else 1)
    try:
        for replication in executor.map(run, range(1, replications)):
            found.append(replication)
            progress(len(found), replications)
    finally:
        executor.shutdown(wait=True, cancel_futures=True)
    return found


def hall_loads(hall: Hall) -> list[float]:
    """By pool: hands-on time that all pipelines ask for over the measured period, as a share of what it can do."""
    loads = [[load.load for load in pool_loads(part)] for part in hall.parts.values()]
    return [sum(column) for column in zip(*loads, strict=True)]


def hall_overload_findings(hall: Hall, language: str, allowed: bool) -> list[Finding]:
    """What is said of every pool that all pipelines together offer as much as it can do, or more."""
    return [
        Finding(
            "hall.overloaded" if allowed else "hall.refused",
            {"pool": pool.label[language], "load": load, "units": pool.units},
            element=pool.name,
            severity="warning" if allowed else "error",
        )
        for pool, load in zip(hall.pools, hall_loads(hall), strict=True)
        if load >= 1
    ]


def hall_to_json(
    hall: Hall,
    replications: Sequence[HallReplication],
    driver: str,
    warnings: Sequence[Finding],
    assumptions: Sequence[Assumption],
    language: str,
) -> dict[str, Any]:
    """What was found, as plain data.

    Args:
        hall: What was run.
        replications: In the order of their numbers.
        driver: What ran them.
        warnings: What was found before the run.
        assumptions: Of the hall itself.
        language: Of the warnings' sentences.

    Returns:
        ``pipelines`` holds of each what `simulations.results.to_json` says of its variant; ``pools`` by name.
    """
    studies = {
        name: to_json(summarise({part.variant: part}, {part.variant: [r.parts[name] for r in replications]}, driver))
        for name, part in hall.parts.items()
    }
    loads = hall_loads(hall)
    pipelines: dict[str, Any] = {}
    said = [warning.as_json(language) for warning in warnings]
    every = [assumption_as_json(assumption) for assumption in assumptions]
    for name, study in studies.items():
        found: Any = study
        variant = hall.parts[name].variant
        pipelines[name] = {"label": found["label"], "variant": variant, **_without_label(found["variants"][variant])}
        said += [{**warning, "pipeline": name} for warning in found["warnings"]]
        every += [{**assumption, "pipeline": name} for assumption in found["assumption_list"]]
    return {
        "schema": SCHEMA,
        "hall": hall.name,
        "label": {"zh": hall.label.zh, "en": hall.label.en},
        "seed": hall.study.seed,
        "replications": len(replications),
        "driver": driver,
        "warnings": said,
        "pipelines": pipelines,
        "pools": {
            pool.name: _pool(hall, pool, load, [r.pools[pool.name] for r in replications])
            for pool, load in zip(hall.pools, loads, strict=True)
        },
        "assumptions": len(every),
        "assumption_list": every,
        "versions": next(iter(studies.values()))["versions"],
        "digest": hall.digest,
    }


def _without_label(variant: Mapping[str, Any]) -> dict[str, Any]:
    return {"variant_label": variant["label"], **{key: value for key, value in variant.items() if key != "label"}}


def _pool(hall: Hall, pool: PoolModel, load: float, found: Sequence[PoolFigures]) -> dict[str, Any]:
    by_month = [
        {
            "month": first.isoformat()[:7],
            "utilisation": _mean([_ratio(f.busy[:, i].sum(), f.able[i]) for f in found]),
            "waiting_minutes": _mean([_waiting(f.waiting[:, i], f.asked[:, i]) for f in found]),
            "asked": _mean([float(f.asked[:, i].sum()) for f in found]),
        }
        for i, (_, _, first) in enumerate(months_of(hall.study))
    ]
    by_pipeline = {
        name: {
            "share_of_work": _mean([_ratio(f.busy[i].sum(), f.busy.sum()) for f in found]),
            "waiting_minutes": _mean([_waiting(f.waiting[i], f.asked[i]) for f in found]),
            "waiting_p90_minutes": _mean([f.longest[i] / MINUTE for f in found]),
            "asked": _mean([float(f.asked[i].sum()) for f in found]),
        }
        for i, name in enumerate(hall.parts)
        if any(f.busy[i].any() or f.asked[i].any() for f in found)
    }
    return {
        "label": {"zh": pool.label.zh, "en": pool.label.en},
        "units": pool.units,
        "load": load if np.isfinite(load) else None,
        "utilisation": _mean([_ratio(f.busy.sum(), f.able.sum()) for f in found]),
        "waiting_minutes": _mean([_waiting(f.waiting, f.asked) for f in found]),
        "waiting_p90_minutes": _mean([f.longest[-1] / MINUTE for f in found]),
        "by_pipeline": by_pipeline,
        "by_month": by_month,
    }


_NOTHING: Final = {"mean": None, "ci95": None}


def _mean(values: Sequence[float | None]) -> dict[str, Any]:
    """Mean and interval over the replications that have a value."""
    known = [value for value in values if value is not None]
    if not known:
        return dict(_NOTHING)
    found = mean_over_replications(known)
    return {"mean": found.mean, "ci95": None if found.ci95 is None else list(found.ci95)}


def _ratio(part: float, whole: float) -> float | None:
    return float(part / whole) if whole else None


def _waiting(waiting: F64, asked: F64) -> float | None:
    """Minutes of open time that a work waited, on average."""
    return _ratio(float(waiting.sum()) / MINUTE, float(asked.sum()))
