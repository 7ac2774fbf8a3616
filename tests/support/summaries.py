"""Replications, targets and models for tests of what is computed from them."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, cast

import numpy as np

from engine.diagram.model import Diagram, Drawing, Process
from engine.errors import BadInput, Finding
from simulations.model import SimulationModel, Study, Unit
from simulations.promises import Label, Limit, MeasuredElement, Source, Sum, Target
from simulations.replication import Replication

POLICY = Source("a1.goal", "policy", Label("目标", "The goal"))
GUESS = Source("guess", "assumption", Label("估计", "Estimated"))


def replication(number: int, unfinished: int = 0, **columns: Sequence[float]) -> Replication:
    """One replication with these columns and cases numbered from 0."""
    finished = len(next(iter(columns.values())))
    cases = {"case": np.arange(finished, dtype=np.float64)}
    cases |= {name: np.asarray(values, np.float64) for name, values in columns.items()}
    return Replication(number, cases, finished + unfinished, finished, unfinished)


def replications(name: str, rows: Sequence[Sequence[float]]) -> list[Replication]:
    """Replications of one indicator: a row of cases each."""
    return [replication(number, 0, **{name: row}) for number, row in enumerate(rows)]


def target(op: str = "<=", limit: float = 38.0, statistic: str = "mean", **more: Any) -> Target:
    """A target of ``serial_days``."""
    values: dict[str, Any] = {
        "indicator": "serial_days",
        "statistic": statistic,
        "op": op,
        "limit": limit,
        "unit": "working_day",
        "source": POLICY,
    }
    return Target(**{**values, **more})


def measured(
    element: str, limit: float | None, unit: Unit = "working_day", counts: int = 1, source: Source = POLICY
) -> MeasuredElement:
    """A measured element with a limit, by default of the policy's."""
    stated = None if limit is None else Limit(limit, unit, source)
    return MeasuredElement(element, "approval", counts, stated)


def total(name: str, *elements: str) -> Sum:
    """A named sum."""
    return Sum(name, elements, Label(name, name))


def model(variant: str = "after", replications: int = 4, seed: int = 1, **more: Any) -> SimulationModel:
    """A model of which only what is said about the process matters, not how it runs."""
    nothing = cast(Any, None)
    empty = Diagram("drawn.bpmn", "sha256:0", Process("process", "", 1, {}, {}, {}), Drawing())
    values: dict[str, Any] = {
        "pipeline": "permit",
        "variant": variant,
        "label": Label("许可", "Permit"),
        "variant_label": Label(variant, variant),
        "number": 1,
        "diagram": empty,
        "net": nothing,
        "study": Study(date(2022, 1, 1), 1000, 0, 2000, replications, seed),
        "days": nothing,
        "office": nothing,
        "pools": (),
        "activities": (),
        "attributes": (),
        "arrivals": nothing,
        "digest": f"sha256:{variant}",
    }
    return SimulationModel(**{**values, **more})


# ---- stand-ins for a driver: functions of a module, so that working processes find them --------------------


def run_numbered(model: SimulationModel, number: int) -> Replication:
    """Serial days that tell which model and number they are of."""
    return replication(number, serial_days=[model.study.seed * 100.0 + number, len(model.variant)])


def run_without_number(model: SimulationModel, number: int) -> Replication:
    """A run that met no case, and so does not know its number."""
    return replace(run_numbered(model, number), number=0)


def run_failing(model: SimulationModel, number: int) -> Replication:
    """Replications 2 and 3 of ``after`` cannot be run."""
    if model.variant == "after" and number in (2, 3):
        values: Mapping[str, object] = {"label": "Review", "case": number}
        raise BadInput([Finding("run.no_way", values, "a.bpmn", 7, element="Review")])
    return run_numbered(model, number)


def run_lost(model: SimulationModel, number: int) -> Replication:
    """A working process that the system ends."""
    os._exit(1)
