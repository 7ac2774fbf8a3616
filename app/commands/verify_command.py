"""``reformsim verify``: is it right? Theory, drivers, another engine, the longest path; any miss is exit code 1."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from app.console import Console
from engine.kernel.compiling import numba_is_installed
from simulations.drivers.simpy_driver import simulate
from simulations.experiment import automatic_processes

if TYPE_CHECKING:
    from engine.log import EventLog
    from simulations.hall import Hall
    from simulations.model import Runnable, SimulationModel

__all__ = ["run"]

RANDOM_NETS: Final = 40
REPLAYED_CASES: Final = 40
CRITICAL_NETS: Final = 40


def run(options: argparse.Namespace) -> int:
    """Verify, show, judge."""
    from app.main import DONE, FOUND
    from reports.verification import verification_tables

    console = Console(options)
    models = dict(_models(options))
    checks: dict[str, list[dict[str, Any]]] = {}
    with console.progress(console.say("verifying")) as progress:
        for done, (name, rows) in enumerate(_checks(models, _halls(options), options.processes), start=1):
            checks[name] = rows
            progress(done, 4)
    agreed = all(row["agrees"] for rows in checks.values() for row in rows)
    result = {"schema": 1, "agrees": agreed, **checks, "forms_compared": numba_is_installed()}
    console.show(verification_tables(result, console.language))
    console.give(result)
    return DONE if agreed else FOUND


def _models(options: argparse.Namespace) -> Iterator[tuple[str, SimulationModel]]:
    """Every variant of the pipeline asked for, or of the whole library."""
    from scenarios import library
    from scenarios.loading import load

    for pipeline in [options.pipeline] if options.pipeline else library.names():
        for variant, model in load(pipeline).models.items():
            name = Path(pipeline).stem if options.pipeline else pipeline
            yield f"{name}/{variant}", model


def _halls(options: argparse.Namespace) -> dict[str, Hall]:
    """The halls of the library, where no pipeline was asked for."""
    from scenarios import library
    from scenarios.halls import load_hall

    return {} if options.pipeline else {f"hall/{name}": load_hall(name).hall for name in library.halls()}


def _checks(
    models: Mapping[str, SimulationModel], halls: Mapping[str, Hall], processes: int | None
) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    from simulations.verification.agreement import judge_forms, judge_replay
    from simulations.verification.building import random_net
    from simulations.verification.critical import judge_critical_path

    yield "theory", _theory(automatic_processes() if processes is None else processes)
    every = [*models.items(), *((f"random/{number}", random_net(number)) for number in range(RANDOM_NETS))]
    plain, quick = partial(simulate, plain=True), _quick_driver()
    pairs: list[tuple[str, Runnable]] = [*every, *halls.items()]
    forms = [judge_forms(name, one, plain, quick) for name, one in pairs] if numba_is_installed() else []
    yield "drivers", [{**asdict(row), "agrees": row.agrees} for row in forms]
    replayed = [judge_replay(name, model, plain, REPLAYED_CASES) for name, model in every]
    yield "replay", [{**asdict(row), "agrees": row.agrees} for row in replayed]
    paths = [judge_critical_path(number, plain) for number in range(CRITICAL_NETS)]
    yield "critical_path", [{**asdict(row), "agrees": row.agrees} for row in paths]


def _quick_driver() -> Callable[[Runnable, int], EventLog]:
    """The compiled driver where it can be had: enough customers for the power that is asked."""
    if not numba_is_installed():
        return simulate
    from simulations.drivers.compiled.driver import simulate_compiled

    return simulate_compiled


def _theory(processes: int) -> list[dict[str, Any]]:
    """The systems side by side: each is judged on its own."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    from simulations.verification.theory import systems

    number = sum(1 for _ in systems())
    if processes <= 1:
        judged = [_system(place) for place in range(number)]
    else:
        with ProcessPoolExecutor(min(processes, number), get_context("spawn")) as executor:
            judged = list(executor.map(_system, range(number)))
    return [row for rows in judged for row in rows]


def _system(place: int) -> list[dict[str, Any]]:
    from itertools import islice

    from simulations.verification.theory import REPLICATIONS, judge_system, systems

    system = next(islice(systems(), place, None))
    return [{**asdict(row), "agrees": row.agrees} for row in judge_system(system, _quick_driver(), REPLICATIONS)]
