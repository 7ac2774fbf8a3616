"""Parts that must agree: the forms of the kernel row by row, and another engine with the log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from engine.live.replay import replay
from engine.log import EventLog
from simulations.model import Runnable, SimulationModel

__all__ = ["AgreementRow", "first_difference", "judge_forms", "judge_replay"]

Simulate: TypeAlias = Callable[[SimulationModel, int], EventLog]
SimulateAny: TypeAlias = Callable[[Runnable, int], EventLog]


@dataclass(frozen=True)
class AgreementRow:
    """One model that two parts were asked about.

    Args:
        model: Its name.
        rows: Rows of the log that were compared.
        difference: The first difference, in words; empty if there is none.
    """

    model: str
    rows: int
    difference: str

    @property
    def agrees(self) -> bool:
        """No difference, in a log that has rows."""
        return not self.difference and self.rows > 0


def judge_forms(name: str, model: Runnable, one: SimulateAny, other: SimulateAny) -> AgreementRow:
    """Whether two ways of running a pipeline or a hall give the same log, to the row."""
    log = one(model, 0)
    return AgreementRow(name, len(log), first_difference(log, other(model, 0)))


def judge_replay(name: str, model: SimulationModel, simulate: Simulate, cases: int) -> AgreementRow:
    """Whether another engine accepts what the first cases did, step by step."""
    log = simulate(model, 0)
    log = log.take(np.flatnonzero(log.case < cases))
    complaints = replay(model.diagram, model.net, log)
    return AgreementRow(name, len(log), complaints[0].describe("en") if complaints else "")


def first_difference(one: EventLog, other: EventLog) -> str:
    """The first row and column in which two logs differ, in words; empty if they are the same."""
    if len(one) != len(other):
        return f"{len(one)} rows and {len(other)} rows"
    for name in one.columns():
        ours, theirs = getattr(one, name), getattr(other, name)
        differs = np.flatnonzero(ours != theirs)
        if len(differs):
            row = int(differs[0])
            return f"row {row}, {name}: {ours[row]} and {theirs[row]}"
    held, other_held = one.assignments, other.assignments
    for name in ("row", "pool", "unit"):
        if not np.array_equal(getattr(held, name), getattr(other_held, name)):
            return f"assignments, {name}"
    return ""
