"""Steady-state studies: pilots from empty, the warm-up by MSER-5, and what is said of a study's beginning."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from engine.calendars.units import DAY
from engine.errors import BadInput, Finding
from engine.texts import text
from simulations.model import SimulationModel
from simulations.replication import Replication
from simulations.warm_up import PILOTS, Settling, settling, warm_up_days

__all__ = ["WarmUp", "pilot_models", "settle", "settlings", "study_json", "study_sentence"]

Models = Mapping[str, SimulationModel]
Run = Callable[[Models, Sequence[int]], Mapping[str, Sequence[Replication]]]


@dataclass(frozen=True)
class WarmUp:
    """The warm-up of a steady-state study that states none: whole days, and what each indicator needs."""

    days: int
    needs: Mapping[str, Mapping[str, int | None]] = field(default_factory=dict)


def pilot_models(models: Models) -> dict[str, SimulationModel]:
    """The same, measured from the first case on."""
    return {
        name: replace(model, study=replace(model.study, warmup=model.study.opening)) for name, model in models.items()
    }


def settlings(models: Models, run: Run) -> dict[str, list[Settling]]:
    """How the targets' indicators and the elapsed days of every variant settle.

    Args:
        models: By variant.
        run: Runs replications with these numbers.
    """
    pilots = pilot_models(models)
    runs = run(pilots, range(PILOTS))
    return {name: [settling(model, runs[name], one) for one in _judged(model)] for name, model in pilots.items()}


def settle(models: Models, run: Run) -> WarmUp:
    """Find the warm-up that all variants get.

    Raises:
        BadInput: An indicator has not settled within half of the cases.
    """
    found = settlings(models, run)
    needs = {name: {one.indicator: one.days for one in several} for name, several in found.items()}
    days = warm_up_days(found)
    if days is None:
        raise BadInput(
            [
                Finding("study.unsettled", {"variant": name, "indicator": indicator}, element=name)
                for name, several in needs.items()
                for indicator, own in several.items()
                if own is None
            ]
        )
    return WarmUp(days, needs)


def _judged(model: SimulationModel) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*(target.indicator for target in model.targets), "elapsed_days"]))


def study_json(model: SimulationModel, found: WarmUp | None) -> dict[str, Any]:
    """What the JSON says of the study's kind, beginning and end."""
    study = model.study
    warm_up: dict[str, Any] = {"days": (study.warmup - study.opening) / DAY}
    if found is not None:
        warm_up |= {"method": "MSER-5", "pilots": PILOTS, "needed_days": found.needs}
    else:
        warm_up |= {"method": "stated" if study.warmup > study.opening else None}
    early = model.arrivals.dates if model.arrivals.process == "dates" else model.arrivals.backlog
    backlog = early[early < study.opening]
    return {
        "kind": study.kind,
        "start": (study.start + timedelta(milliseconds=study.opening)).isoformat(),
        "horizon_days": (study.horizon - study.opening) / DAY,
        "run_out_days": (study.run_out - study.opening) / DAY,
        "warm_up": warm_up,
        "backlog": {
            "cases": len(backlog),
            "measured": study.warmup < study.opening,
            "oldest_days": (study.opening - int(backlog[0])) / DAY if len(backlog) else None,
        },
    }


def study_sentence(study: Mapping[str, Any], language: str) -> str:
    """From where to where is measured, and how it begins."""
    warm_up, backlog = study["warm_up"], study["backlog"]
    values = {
        "start": study["start"],
        "horizon": f"{study['horizon_days']:g}",
        "warmup": f"{max(0.0, warm_up['days']):g}",
        "cases": backlog["cases"],
        "oldest": f"{backlog['oldest_days'] or 0:.0f}",
        "pilots": warm_up.get("pilots", 0),
    }
    key = "backlog" if backlog["cases"] else "empty"
    if study["kind"] == "steady_state":
        key = "found" if warm_up["method"] == "MSER-5" else "stated"
    counted = text(f"study.{'counted' if backlog['measured'] else 'aside'}", language) if backlog["cases"] else ""
    return text(f"study.{key}", language, counted=counted, **values)
