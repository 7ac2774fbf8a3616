"""The simulation model: what a scenario says, frozen, checked and in the units of the engine.

Times are int64 milliseconds since ``Study.start`` at 00:00, local civil time.
Nodes, flows, pools and attributes are numbers; ids, names, labels and sources stand beside them for people.
``scenarios`` builds one `SimulationModel` per pipeline and variant; drivers read it and never change it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, Protocol

from engine.calendars.hours import Hours
from engine.calendars.units import Unit
from engine.calendars.working_days import WorkingDays
from engine.diagram.model import Diagram
from engine.net import ProcessNet
from simulations.arrivals import Arrivals
from simulations.distributions import Distribution
from simulations.promises import Assumption, Label, MeasuredElement, Reference, Source, Sum, Target
from simulations.scores import CaseShare, Index

__all__ = [
    "ActivityModel",
    "AttributeModel",
    "BatchModel",
    "Door",
    "Party",
    "PoolModel",
    "Runnable",
    "SimulationModel",
    "Study",
    "Unit",
]

Party = Literal["office", "applicant", "third_party"]


@dataclass(frozen=True)
class Study:
    """What is run: arrivals from ``start`` to the horizon, measured from the warm-up on, run out afterwards.

    Args:
        start: Day 0; the clock starts at its midnight.
        horizon: End of the measured period, ms.
        warmup: Start of the measured period, ms.
        run_out: The latest moment that is simulated, ms; later ends count as unfinished.
        replications: Independent repetitions, at least 1.
        seed: Root of all random numbers.
        kind: ``terminating``: the period as it is, from empty or from a backlog; ``steady_state``: what it would come
            to if it lasted, the warm-up left out.
        opening: Before this moment no office works, and only the cases of a backlog come, ms.
    """

    start: date
    horizon: int
    warmup: int
    run_out: int
    replications: int
    seed: int
    kind: Literal["terminating", "steady_state"] = "terminating"
    opening: int = 0


@dataclass(frozen=True)
class PoolModel:
    """Units that serve one queue.

    Args:
        units: How many people or places work side by side, at least 1.
        hours: When they are open.
        discipline: Order of the queue: first come, priority of the element, or earliest due date of the case's
            element; ties by request number.
        shift_end: ``finish`` works on past closing time; ``suspend`` stops at it and resumes at the next opening.
        party: Whose people they are: decides the cause that their work is booked on.
        hourly_cost: Of one unit for an hour of work, in yuan.
    """

    name: str
    label: Label
    units: int
    hours: Hours
    discipline: Literal["fifo", "priority", "edd"] = "fifo"
    shift_end: Literal["finish", "suspend"] = "suspend"
    party: Party = "office"
    hourly_cost: float = 0.0


@dataclass(frozen=True)
class ActivityModel:
    """What a waiting node of the net costs: effort by people, then a dwell that needs nobody.

    Args:
        pools: Indices of the pools of which one unit each is needed, all or nothing.
        effort: Hands-on time in their hours (ms), none for no effort.
        hours: Intersection of the pools' hours; none where no pool is needed.
        finish: Work goes on past closing time (all its pools say so).
        priority: Lower is served first, in pools with that discipline.
        due: Ms of the working-day clock allowed from enabling, for earliest-due-date queues.
        dwell: Delay afterwards (ms of ``dwell_hours``), none for no delay.
        dwell_hours: The clock that the dwell runs on.
        dwell_party: Who is waited for during the dwell: ``office`` books it as dwell.
        batch: Of a node where a batch is waited for: when it closes; all else is left out there.
        fixed_cost: Of each entry that begins, in yuan.
    """

    pools: tuple[int, ...] = ()
    effort: Distribution | None = None
    hours: Hours | None = None
    finish: bool = False
    priority: int = 0
    due: int | None = None
    dwell: Distribution | None = None
    dwell_hours: Hours | None = None
    dwell_party: Party = "office"
    batch: BatchModel | None = None
    fixed_cost: float = 0.0


@dataclass(frozen=True)
class BatchModel:
    """When the works that wait at an element may begin; at least one of size, age and sittings.

    Args:
        size: As many as this begin together, as soon as there are so many.
        age: Ms after which the oldest and all with it begin anyway.
        sittings: At the beginning of each opening all begin that wait then.
        most: How many one sitting takes, in the order in which they came.
    """

    size: int | None = None
    age: int | None = None
    sittings: Hours | None = None
    most: int | None = None


@dataclass(frozen=True)
class AttributeModel:
    """A property of each case, drawn when it arrives.

    Args:
        values: Names of the values of an enumeration (drawn as 0, 1, ...), ``("false", "true")`` for a truth
            value, empty for a number.
        distribution: A number's distribution; an enumeration's is discrete over its indices.
    """

    name: str
    values: tuple[str, ...]
    distribution: Distribution


@dataclass(frozen=True)
class Door:
    """Where the cases of one pipeline enter a net.

    Args:
        number: Of the pipeline: part of every random key.
        definition: The outermost scope of their net.
        attributes: What is drawn for each case.
        arrivals: When they come.
    """

    number: int
    definition: int
    attributes: tuple[AttributeModel, ...]
    arrivals: Arrivals


class Runnable(Protocol):
    """What the drivers need: of one pipeline, or of several that share people."""

    @property
    def study(self) -> Study:
        """What is run."""

    @property
    def net(self) -> ProcessNet:
        """What a token does."""

    @property
    def days(self) -> WorkingDays:
        """Working days of the whole period."""

    @property
    def pools(self) -> tuple[PoolModel, ...]:
        """Who works."""

    @property
    def activities(self) -> tuple[ActivityModel | None, ...]:
        """By node of the net: what it costs."""

    @property
    def doors(self) -> tuple[Door, ...]:
        """Where cases enter, by the number of the pipeline in the log."""

    def diagram_of(self, node: int) -> Diagram:
        """The diagram that a node comes from."""


@dataclass(frozen=True)
class SimulationModel:
    """One variant of one pipeline, ready to run.

    Args:
        number: Number of the pipeline: part of every random key, equal in all variants.
        net: The lowered diagram.
        activities: By node of the net; None for nodes that nothing is waited at.
        days: Working days of the whole period, from ``study.start`` to the end of the run-out.
        office: Office hours that limits in hours run on.
        names: Element id to its label.
        shares: Named shares of the cases.
        indices: Scores added up from stated points.
        cost_base: What the applicant's costs are set against, in yuan: the value of the building, of the claim.
        overrides: Applied overrides, ``key: old -> new`` each.
        digest: Digest of the scenario and diagram bytes and of the overrides.
    """

    pipeline: str
    variant: str
    label: Label
    variant_label: Label
    number: int
    diagram: Diagram
    net: ProcessNet
    study: Study
    days: WorkingDays
    office: Hours
    pools: tuple[PoolModel, ...]
    activities: tuple[ActivityModel | None, ...]
    attributes: tuple[AttributeModel, ...]
    arrivals: Arrivals
    measured: tuple[MeasuredElement, ...] = ()
    sums: tuple[Sum, ...] = ()
    targets: tuple[Target, ...] = ()
    references: tuple[Reference, ...] = ()
    shares: tuple[CaseShare, ...] = ()
    indices: tuple[Index, ...] = ()
    cost_base: float | None = None
    names: Mapping[str, Label] = field(default_factory=dict)
    assumptions: tuple[Assumption, ...] = ()
    sources: tuple[Source, ...] = ()
    overrides: tuple[str, ...] = ()
    digest: str = ""

    @property
    def doors(self) -> tuple[Door, ...]:
        """Its own only."""
        return (Door(self.number, 0, self.attributes, self.arrivals),)

    def diagram_of(self, node: int) -> Diagram:
        """The diagram of all its nodes."""
        return self.diagram

    def name_of(self, element: str, language: str) -> str:
        """What people call an element; its id if nobody said."""
        label = self.names.get(element)
        return label[language] if label else element
