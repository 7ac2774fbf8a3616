"""One replication, from the model to its log or its indicators; what worker processes run."""

from __future__ import annotations

from engine.log import EventLog
from simulations.drivers.simpy_driver import simulate
from simulations.indicators import measure
from simulations.model import SimulationModel
from simulations.replication import Replication
from simulations.self_checks import require_sound

__all__ = ["replicate", "replication_log"]


def replication_log(model: SimulationModel, replication: int) -> EventLog:
    """The event log of one replication, which keeps the laws that every run must keep.

    Raises:
        RunError: It cannot go on, or it breaks a law of `simulations.self_checks`.
    """
    log = simulate(model, replication)
    require_sound(log, model)
    return log


def replicate(model: SimulationModel, replication: int) -> Replication:
    """The indicators of one replication."""
    return measure(replication_log(model, replication), model)
