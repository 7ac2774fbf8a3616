"""Simulation models without a scenario file: durations in minutes, pools by name, everything open by default."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from engine.calendars.hours import Hours
from engine.calendars.units import DAY, MINUTE
from engine.calendars.working_days import working_days
from engine.diagram.model import Diagram
from engine.kernel.chance import identifier_hash
from engine.lowering import lower
from engine.net import Attribute, Repetition, Routing
from simulations.arrivals import Arrivals
from simulations.distributions import Distribution, constant
from simulations.model import ActivityModel, AttributeModel, BatchModel, Party, PoolModel, SimulationModel, Study
from simulations.promises import Label, MeasuredElement, Sum, Target

START = date(2022, 1, 3)  # a Monday


@dataclass(frozen=True)
class Do:
    """What a task, timer or boundary timer of a test takes, in minutes."""

    effort: float | Distribution | None = None
    pools: tuple[str, ...] = ()
    dwell: float | Distribution | None = None
    priority: int = 0
    due: int | None = None
    finish: bool = False
    party: Party = "office"


def minutes(amount: float | Distribution | None) -> Distribution | None:
    """A duration in ms from one in minutes."""
    if amount is None:
        return None
    return (amount if isinstance(amount, Distribution) else constant(float(amount))).scaled(float(MINUTE))


def model_of(
    diagram: Diagram,
    does: Mapping[str, Do],
    *,
    pools: Sequence[PoolModel] = (),
    routing: Mapping[str, Routing] | None = None,
    attributes: Sequence[AttributeModel] = (),
    arrivals: Arrivals | Sequence[float] = (0,),
    days: int = 100,
    horizon: float | None = None,
    warmup: float = 0,
    run_out: float | None = None,
    seed: int = 1,
    measured: Sequence[MeasuredElement] = (),
    sums: Sequence[Sum] = (),
    targets: Sequence[Target] = (),
    country: str = "none",
    start: date = START,
    office: Hours | None = None,
    repeats: Mapping[str, Repetition] | None = None,
    assigns: Mapping[str, Mapping[str, str]] | None = None,
    batches: Mapping[str, BatchModel] | None = None,
) -> SimulationModel:
    """A model of one variant.

    Args:
        does: Element id to what it takes.
        arrivals: As a model's, or moments in minutes.
        horizon, warmup, run_out: Minutes; the whole table by default.
    """
    declared = [Attribute(a.name, a.values) for a in attributes]
    net = lower(diagram, routing or {}, declared, repeats=repeats, assigns=assigns, batched=batches or ())
    until = days * DAY
    always = Hours.always(until)
    numbers = {pool.name: i for i, pool in enumerate(pools)}

    def activity(node: int) -> ActivityModel | None:
        if node not in net.waiting_nodes:
            return None
        if net.roles[node] == "batch":
            return ActivityModel(batch=(batches or {})[net.elements[node]])
        do = does.get(net.elements[node], Do(dwell=0))
        indices = tuple(numbers[pool] for pool in do.pools)
        hours = None
        for i in indices:
            hours = pools[i].hours if hours is None else hours.intersect(pools[i].hours)
        return ActivityModel(
            pools=indices,
            effort=minutes(do.effort),
            hours=hours,
            finish=do.finish,
            priority=do.priority,
            due=do.due,
            dwell=minutes(do.dwell),
            dwell_hours=always,
            dwell_party=do.party,
        )

    end = until if horizon is None else int(horizon * MINUTE)
    return SimulationModel(
        pipeline=diagram.process.id,
        variant="test",
        label=Label(diagram.process.id, diagram.process.id),
        variant_label=Label("测试", "test"),
        number=identifier_hash(diagram.process.id),
        diagram=diagram,
        net=net,
        study=Study(start, end, int(warmup * MINUTE), until if run_out is None else int(run_out * MINUTE), 1, seed),
        days=working_days(start, days, country=country),  # type: ignore[arg-type]  # a test's word
        office=office or always,
        pools=tuple(pools),
        activities=tuple(activity(node) for node in range(len(net.elements))),
        attributes=tuple(attributes),
        arrivals=arrivals
        if isinstance(arrivals, Arrivals)
        else Arrivals.at([int(minute * MINUTE) for minute in arrivals]),
        measured=tuple(measured),
        sums=tuple(sums),
        targets=tuple(targets),
    )


def pool(name: str, units: int = 1, hours: Hours | None = None, days: int = 100, **settings: object) -> PoolModel:
    """A pool that is always open unless told otherwise."""
    return replace(
        PoolModel(name, Label(name, name), units, hours or Hours.always(days * DAY)),
        **settings,  # type: ignore[arg-type]  # a test's words
    )


def told(model: SimulationModel, log: object) -> list[str]:
    """The rows of a log in words: ``case element enabled started worked ended outcome``, times in minutes."""
    from engine.log import OUTCOMES

    lines = []
    for case, node, *times, outcome in zip(
        *(getattr(log, name).tolist() for name in ("case", "node", "enabled", "started", "worked", "ended", "outcome")),
        strict=True,
    ):
        name = model.net.elements[node] if node >= 0 else "case"
        words = ["-" if t < 0 else f"{t / MINUTE:g}" for t in times]
        lines.append(" ".join([str(case), name, *words, OUTCOMES[outcome]]))
    return lines
