"""One hall: several pipelines at once, on shared people.

A hall is a composition. The nets stand side by side in one, each pipeline comes through its own door with its own
arrivals and random keys, and only the table of pools is common. So a pipeline's cases draw the same numbers whether
others are there or not, and every difference is the people's.
What a hall logs is taken apart again by pipeline, and each part is measured like a run of that pipeline alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from engine.calendars.working_days import WorkingDays
from engine.diagram.model import Diagram
from engine.log import NONE, EventLog
from engine.merging import merge
from engine.net import ProcessNet
from simulations.model import ActivityModel, Door, PoolModel, SimulationModel, Study
from simulations.promises import Label

__all__ = ["Hall", "compose"]


@dataclass(frozen=True, eq=False)
class Hall:
    """Several pipelines on one table of pools, ready to run; build it with `compose`.

    Args:
        name: Of the hall.
        label: What people call it.
        parts: Pipeline to its model, whose pools are those of the hall: alone it would run with all of them.
        net: The nets of the parts side by side.
        pools: Of the hall.
        activities: By node of ``net``.
        doors: Where the cases of each part enter, in the order of ``parts``.
        first_node, first_flow: By part: its first node and flow in ``net``.
        digest: Of everything that decides its results.
    """

    name: str
    label: Label
    parts: Mapping[str, SimulationModel]
    net: ProcessNet
    pools: tuple[PoolModel, ...]
    activities: tuple[ActivityModel | None, ...]
    doors: tuple[Door, ...]
    first_node: tuple[int, ...]
    first_flow: tuple[int, ...]
    digest: str = ""

    @property
    def study(self) -> Study:
        """What is run: the same for all parts."""
        return self._first.study

    @property
    def days(self) -> WorkingDays:
        """Working days of the whole period: the same for all parts."""
        return self._first.days

    @property
    def _first(self) -> SimulationModel:
        return next(iter(self.parts.values()))

    def diagram_of(self, node: int) -> Diagram:
        """The diagram that a node comes from."""
        part = int(np.searchsorted(self.first_node, node, side="right")) - 1
        return list(self.parts.values())[part].diagram

    def taken_apart(self, log: EventLog) -> dict[str, EventLog]:
        """The log of every part, in its own numbers of nodes and flows, as if it had been run alone."""
        logs = {}
        for number, name in enumerate(self.parts):
            own = log.take(np.flatnonzero(log.pipeline == number))
            logs[name] = replace(
                own,
                pipeline=np.zeros_like(own.pipeline),
                node=_moved(own.node, self.first_node[number]),
                chosen_flow=_moved(own.chosen_flow, self.first_flow[number]),
            )
        return logs


def _moved(numbers: npt.NDArray[np.int32], first: int) -> npt.NDArray[np.int32]:
    return np.where(numbers == NONE, numbers, numbers - first).astype(numbers.dtype)


def compose(
    name: str,
    label: Label,
    models: Mapping[str, SimulationModel],
    pools: tuple[PoolModel, ...],
    mapping: Mapping[str, tuple[int, ...]],
    digest: str = "",
) -> Hall:
    """Put pipelines into one hall.

    Args:
        name: Of the hall.
        label: What people call it.
        models: Pipeline to its model, at least one, of different pipelines, all of one study and one calendar of
            working days.
        pools: Of the hall.
        mapping: Pipeline to the hall's pool of each of its own. No activity needs one pool of the hall twice.
        digest: Of everything that decides its results.
    """
    parts = {key: _in_hall(model, pools, mapping[key]) for key, model in models.items()}
    merged = merge([part.net for part in parts.values()])
    activities: list[ActivityModel | None] = [None] * len(merged.net.elements)
    for first, part in zip(merged.first_node, parts.values(), strict=True):
        activities[first : first + len(part.activities)] = part.activities
    doors = tuple(
        replace(part.doors[0], definition=definition)
        for definition, part in zip(merged.definition, parts.values(), strict=True)
    )
    return Hall(
        name=name,
        label=label,
        parts=parts,
        net=merged.net,
        pools=pools,
        activities=tuple(activities),
        doors=doors,
        first_node=merged.first_node,
        first_flow=merged.first_flow,
        digest=digest,
    )


def _in_hall(model: SimulationModel, pools: tuple[PoolModel, ...], mapping: tuple[int, ...]) -> SimulationModel:
    """A model whose people are those of the hall, in their hours."""

    def moved(activity: ActivityModel | None) -> ActivityModel | None:
        if activity is None or not activity.pools:
            return activity
        own = tuple(mapping[pool] for pool in activity.pools)
        hours = pools[own[0]].hours
        for pool in own[1:]:
            hours = hours.intersect(pools[pool].hours)
        finish = all(pools[pool].shift_end == "finish" for pool in own)
        return replace(activity, pools=own, hours=hours, finish=finish)

    return replace(model, pools=pools, activities=tuple(moved(activity) for activity in model.activities))
