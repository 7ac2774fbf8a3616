"""One thing that a token waits for: an activity, a timer, or a sub-process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.log import NONE
from simulations.model import ActivityModel

if TYPE_CHECKING:
    from simulations.drivers.pools import Pool

__all__ = ["Work"]


class Work:
    """An entry of a node that waits, from the command that made it to its row in the log."""

    __slots__ = (
        "case", "due", "enabled", "enabled_by", "granted", "holds", "identity", "model", "node", "number", "parent",
        "pools", "started", "token", "units", "visit", "withdrawn", "worked",
    )  # fmt: skip

    def __init__(
        self,
        token: int,
        case: int,
        node: int,
        visit: int,
        identity: int,
        parent: int,
        enabled_by: int,
        now: int,
    ) -> None:
        self.token = token
        self.case = case
        self.node = node
        self.visit = visit
        self.identity = identity
        self.parent = parent
        self.enabled_by = enabled_by
        self.enabled = now
        self.started = NONE
        self.worked = NONE
        self.model: ActivityModel = _NOTHING
        self.pools: tuple[Pool, ...] = ()
        self.units: list[int] = []  # one of each pool, once they are given
        self.holds = False  # whether it still has them
        self.number = 0  # of its request
        self.due = 0  # for earliest-due-date queues
        self.granted: Any = None  # the event that its process waits for
        self.withdrawn = False


_NOTHING = ActivityModel()
