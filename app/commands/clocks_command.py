"""``reformsim clocks``: every limit of a pipeline against its cases: how many were late, by how much, which lights."""

from __future__ import annotations

import argparse
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from functools import partial
from typing import Any, Final

from app.console import Console
from app.study import Study
from engine.log import EventLog
from simulations.clock_report import ClockReport, clock_report, department_of
from simulations.experiment import automatic_processes
from simulations.model import SimulationModel
from simulations.promises import Limit

__all__ = ["run"]

REPLICATIONS: Final = 10  # whole logs are looked at, so fewer than a study has


def run(options: argparse.Namespace) -> int:
    """Simulate, hold every case against every clock, show."""
    from app.main import DONE
    from reports.clock_tables import clock_tables

    console = Console(options)
    study = Study(options, console)
    models = study.models(options.variants)
    console.warnings(study.warnings(models))
    variants: dict[str, Any] = {}
    total = sum(min(m.study.replications, REPLICATIONS) for m in models.values())
    done = 0
    with console.progress(console.say("clocks.simulating", pipeline=study.scenario.pipeline)) as progress:
        for name, model in models.items():
            logs = _logs(study, model, min(model.study.replications, REPLICATIONS))
            done += len(logs)
            progress(done, total)
            variants[name] = _as_json(clock_report(logs, model, options.yellow), model)
    label = next(iter(models.values())).label
    result = {
        "schema": 1,
        "pipeline": study.scenario.pipeline,
        "label": {"zh": label.zh, "en": label.en},
        "variants": variants,
    }
    console.show(*clock_tables(result, console.language))
    console.give(result)
    return DONE


def _logs(study: Study, model: SimulationModel, number: int) -> list[EventLog]:
    """The logs of the first replications; the compiled driver runs several at once."""
    first = study.log(model, 0)  # alone, so that what it makes ready is made once
    threads = (study.processes or automatic_processes()) if study.driver == "compiled" else 1
    with ThreadPoolExecutor(threads) as executor:
        return [first, *executor.map(partial(study.log, model), range(1, number))]


def _as_json(report: ClockReport, model: SimulationModel) -> dict[str, Any]:
    clocks = []
    names = {total.name: total.label for total in model.sums}
    for clock in report.clocks:
        department = department_of(model, clock)
        label = names.get(clock.name.removesuffix("_days")) or names.get(clock.name)
        words = {
            language: label[language] if label else model.name_of(clock.name, language) for language in ("zh", "en")
        }
        plain = {key: value for key, value in asdict(clock).items() if key not in ("limit", "department")}
        clocks.append(
            {
                **plain,
                "label": words,
                "department": {"zh": department.zh, "en": department.en},
                **_rules(clock.limit),
            }
        )
    return {
        "label": {"zh": model.variant_label.zh, "en": model.variant_label.en},
        "cases": report.cases,
        "yellow_from": report.yellow,
        "clocks": clocks,
        "lights": {colour: asdict(share) for colour, share in report.lights.items()},
        "without_limit": {name: asdict(share) for name, share in report.free.items()},
    }


def _rules(limit: Limit | None) -> dict[str, Any]:
    """How a limit is counted, and who may grant more."""
    if limit is None:
        return {"start_day": None, "roll": None, "extension": None, "source": None}
    more = limit.extension
    granted = None
    if more is not None:
        granted = {"value": more.value, "by": {"zh": more.by.zh, "en": more.by.en}, "source": more.source.key}
    return {
        "start_day": limit.rules.start_day,
        "roll": limit.rules.roll,
        "extension": granted,
        "source": limit.source.key,
    }
