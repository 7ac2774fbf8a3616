"""One replication, from the model to its log or its indicators; what worker processes and threads run."""

from __future__ import annotations

from engine.log import EventLog
from simulations.indicators import measure
from simulations.model import Runnable, SimulationModel
from simulations.replication import Replication
from simulations.self_checks import require_sound

__all__ = ["replicate", "replication_log", "simulate_by"]


def replication_log(model: SimulationModel, replication: int, driver: str = "simpy") -> EventLog:
    """The event log of one replication, which keeps the laws that every run must keep.

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
    if driver == "compiled":
        from simulations.drivers.compiled.driver import simulate_compiled

        return simulate_compiled(model, replication)
    from simulations.drivers.simpy_driver import simulate

    return simulate(model, replication)


def replicate(model: SimulationModel, replication: int, driver: str = "simpy") -> Replication:
    """The indicators of one replication; see `replication_log`."""
    return measure(replication_log(model, replication, driver), model)
