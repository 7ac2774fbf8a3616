"""A stated backlog: cases that are there at the start, with their age, before anybody has worked on them.

The study is laid out from the day on which the oldest of them can have been submitted, so that every clock knows their
age; until the study's own start no office works and no other case comes. What needs nobody goes on meanwhile: an
applicant's own days, a time limit that fires.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from engine.calendars.hours import Hours
from scenarios.building.draws import DAY_MS, made, written
from scenarios.findings import Findings
from scenarios.schema import Scenario
from scenarios.schema.numbers import Span
from scenarios.schema.scenario import Backlog
from scenarios.sources import Ledger
from simulations.distributions import SamplingError
from simulations.model import ActivityModel, SimulationModel

__all__ = ["lead_days", "state_backlog", "with_backlog", "with_lead"]

_PATH = ("study", "backlog")
_OLDEST_DAYS = 3653  # ten years: older is a mistake of the unit


def with_lead(scenario: Scenario, findings: Findings) -> Scenario:
    """The scenario with its study laid out from the day of the oldest case of its backlog on."""
    stated = scenario.study
    if stated.backlog is None or not _is_sound(stated.backlog, findings):
        return scenario
    lead = lead_days(stated.backlog)
    study = stated.model_copy(
        update={
            "start": stated.start - timedelta(days=lead),
            "horizon": Span(value=stated.horizon.value + lead),
            "warmup": Span(value=0 if stated.backlog.measured else stated.warmup.value + lead),
            "run_out": Span(value=stated.run_out_days + lead),
        }
    )
    return scenario.model_copy(update={"study": study})


def _is_sound(backlog: Backlog, findings: Findings) -> bool:
    """Whether the ages can be drawn, are not below 0 and not beyond what anybody can mean."""
    try:
        ages = made(backlog.age)
    except SamplingError as error:
        findings.wrapped(error.finding, (*_PATH, "age", backlog.age.way))
        return False
    if not ages.is_nonnegative:
        findings.error("negative", (*_PATH, "age", backlog.age.way), written=written(backlog.age))
        return False
    if lead_days(backlog) > _OLDEST_DAYS:
        findings.error("too_long", (*_PATH, "age"), written=written(backlog.age), unit=backlog.age.unit)
        return False
    return True


def lead_days(backlog: Backlog) -> int:
    """Whole days before the start on which the oldest case can have been submitted.

    The same for every value of the age within its range, so that one calendar serves all of them.
    """
    mean = made(backlog.age).mean
    longest = max(1.0, backlog.age.range[1] / mean) if backlog.age.range and mean > 0 else 1.0
    number = max(backlog.cases.value, round(backlog.cases.range[1]) if backlog.cases.range else 0)
    return max(1, math.ceil(_ages(backlog, number)[-1] * longest - 1e-9))


def _ages(backlog: Backlog, number: int) -> list[float]:
    """The ages in days, ascending: the middles of equally likely parts of the distribution."""
    ages = made(backlog.age)
    return [ages.quantile((place + 0.5) / number) for place in range(number)]


def state_backlog(scenario: Scenario, ledger: Ledger) -> None:
    """Look after the sources and ranges of its numbers."""
    backlog = scenario.study.backlog
    if backlog is None:
        return
    cases, age = backlog.cases, backlog.age
    place = (*_PATH, "cases")
    ledger.number(place, str(cases.value), "cases", cases.source, value=cases.value, range=cases.range)
    mean = made(age).mean
    ledger.number((*_PATH, "age"), written(age), age.unit, age.source, value=mean, range=age.range)


def with_backlog(models: Mapping[str, SimulationModel], scenario: Scenario) -> dict[str, SimulationModel]:
    """The models with the cases of the backlog before all others, and offices closed until the study's start.

    Args:
        models: Built from a scenario after `with_lead`.
        scenario: The same.
    """
    backlog = scenario.study.backlog
    if backlog is None:
        return dict(models)
    opening = lead_days(backlog) * DAY_MS
    ages = _ages(backlog, backlog.cases.value)
    moments = [min(opening - 1, max(0, opening - round(age * DAY_MS))) for age in ages]
    return {name: _opened(model, moments, opening) for name, model in models.items()}


def _opened(model: SimulationModel, moments: list[int], opening: int) -> SimulationModel:
    known: dict[int, Hours] = {}

    def later(hours: Hours) -> Hours:
        if id(hours) not in known:
            known[id(hours)] = hours.intersect(Hours.from_intervals([(opening, hours.until)], hours.until))
        return known[id(hours)]

    def opened(activity: ActivityModel | None) -> ActivityModel | None:
        if activity is None:
            return None
        hours = None if activity.hours is None else later(activity.hours)
        batch = activity.batch
        if batch is not None and batch.sittings is not None:
            batch = replace(batch, sittings=later(batch.sittings))
        return replace(activity, hours=hours, batch=batch)

    return replace(
        model,
        study=replace(model.study, opening=opening),
        pools=tuple(replace(pool, hours=later(pool.hours)) for pool in model.pools),
        activities=tuple(opened(activity) for activity in model.activities),
        arrivals=model.arrivals.after_backlog(moments, opening),
    )
