"""One replication, from the model to its log or its indicators; what worker processes and threads run.

A log comes in chunks and is given up as soon as it is measured, so that memory follows the open cases.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.errors import RunError
from engine.log import EventLog
from simulations.indicators import measure
from simulations.model import Runnable, SimulationModel
from simulations.replication import Replication, joined
from simulations.self_checks import SelfChecks, require_sound
from simulations.whole_cases import whole_cases

__all__ = ["replicate", "replication_chunks", "replication_log", "simulate_by"]


def replication_log(model: SimulationModel, replication: int, driver: str = "simpy") -> EventLog:
    """The whole event log of one replication, which keeps the laws that every run must keep.

    Args:
        model: What is run.
        replication: Its number.
        driver: ``simpy`` or ``compiled``; the log is the same.

    Raises:
        RunError: It cannot go on, or it breaks a law of `simulations.self_checks`.
    """
    log = simulate_by(driver, model, replication)
    require_sound(log, model)
    return log


def simulate_by(driver: str, model: Runnable, replication: int) -> EventLog:
    """The event log of one replication as a driver writes it, unchecked.

    Args:
        driver: ``simpy`` or ``compiled``; the log is the same.
        model: A pipeline, or a hall.
        replication: Its number.
    """
    return EventLog.concatenate(replication_chunks(model, replication, driver))


def replication_chunks(model: Runnable, replication: int, driver: str = "simpy") -> Iterator[EventLog]:
    """The same log chunk by chunk, at least one; nothing is checked. The compiled driver keeps no more than one.

    Raises:
        RunError: It cannot go on.
    """
    if driver == "compiled":
        from simulations.drivers.compiled.driver import CompiledDriver

        yield from CompiledDriver(model, replication).chunks()
    else:
        from simulations.drivers.simpy_driver import simulate

        yield simulate(model, replication)


def replicate(model: SimulationModel, replication: int, driver: str = "simpy") -> Replication:
    """The indicators of one replication; see `replication_log`."""
    checks = SelfChecks(model, replication)

    def measured() -> Iterator[Replication]:
        for part in whole_cases(replication_chunks(model, replication, driver)):
            if broken := checks.broken_by(part):
                raise RunError(broken)
            yield measure(part, model)
        if broken := checks.broken_at_last():
            raise RunError(broken)

    return joined(measured())
