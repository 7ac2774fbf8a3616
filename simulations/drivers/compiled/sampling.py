"""Drawing numbers and adding them up on calendars, by the same text as the SimPy driver."""

from __future__ import annotations

from engine.calendars.intervals import add_work, is_open, next_open
from engine.kernel.chance import uniform
from engine.kernel.compiling import token_function
from simulations.distributions.quantiles import quantile, whole_ms
from simulations.drivers.compiled.tables import People

__all__ = ["add_open_time", "next_opening", "open_at", "sample", "sample_duration"]


@token_function
def sample(people: People, chance: int, u: float) -> float:
    """A value of a distribution."""
    c = people.chance[chance]
    return quantile(c.family, c.a, c.b, c.c, c.d, people.table, c.first, c.nodes, u)


@token_function
def sample_duration(people: People, chance: int, key: int, identity: int, purpose: int) -> int:
    """A duration in ms, by its keys."""
    return whole_ms(sample(people, chance, uniform(key, identity, purpose)))


@token_function
def add_open_time(people: People, calendar: int, t: int, d: int) -> int:
    """When ``d`` ms of a calendar's open time, begun at ``t``, are done."""
    table = people.calendar[calendar]
    return add_work(people.begins, people.ends, people.done, table.first, table.last, t, d)


@token_function
def open_at(people: People, calendar: int, t: int) -> bool:
    """Whether a calendar is open."""
    table = people.calendar[calendar]
    return is_open(people.begins, people.ends, table.first, table.last, t)


@token_function
def next_opening(people: People, calendar: int, t: int) -> int:
    """The first open moment from ``t`` on."""
    table = people.calendar[calendar]
    return next_open(people.begins, people.ends, table.first, table.last, t)
