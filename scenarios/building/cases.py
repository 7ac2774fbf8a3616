"""Pools, attributes and arrivals: what all variants share."""

from __future__ import annotations

import keyword
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final

from engine.calendars.durations import TimeTextError, iso_moment
from engine.calendars.hours import Hours
from scenarios.building.clocks import Clocks
from scenarios.building.draws import DAY_MS, UNIT_MS, amount, distribution, duration, short, written
from scenarios.reading import Path
from scenarios.schema import Scenario
from scenarios.schema.calendar import WEEKDAYS
from scenarios.schema.cases import Arrivals as ArrivalsText
from scenarios.schema.cases import Attribute, Pool, Profile, Rate
from scenarios.sources import Ledger
from simulations import arrivals as arriving
from simulations.distributions import Distribution, SamplingError, discrete
from simulations.model import AttributeModel, PoolModel
from simulations.promises import Label

__all__ = ["arrivals_of", "attributes", "pools"]

_YEAR_DAYS: Final = 365
_TRUTHS: Final = ("false", "true")


def pools(stated: Mapping[str, Pool], clocks: Clocks, ledger: Ledger) -> tuple[PoolModel, ...]:
    """The pools, in the order of the file; those without known hours are left out, with a finding."""
    made = []
    for name, pool in stated.items():
        path = ("pools", name)
        units = pool.units
        ledger.number((*path, "units"), str(units.value), "people", units.source, value=units.value, range=units.range)
        hours = clocks.named(pool.hours, (*path, "hours"), ledger.findings)
        if hours is None:
            continue
        label = Label(pool.labels.zh, pool.labels.en)
        cost = amount(pool.hourly_cost, "yuan per hour", (*path, "hourly_cost"), ledger)
        queue = (pool.discipline, pool.shift_end, pool.party)
        made.append(PoolModel(name, label, units.value, hours, *queue, hourly_cost=cost))
    return tuple(made)


def attributes(scenario: Scenario, ledger: Ledger) -> tuple[AttributeModel, ...]:
    """What is drawn for each case, in the order of the file."""
    made = []
    for name, attribute in scenario.attributes.items():
        path = ("attributes", name)
        if keyword.iskeyword(name) or name in _TRUTHS:
            ledger.findings.error("attribute_reserved", path, name=name)
        values, drawn, mean = _attribute(attribute, path, ledger)
        ledger.number(
            path,
            written(attribute),
            attribute.unit or "",
            attribute.source,
            value=mean,
            range=attribute.range,
            wants_range=attribute.choices is None,
        )
        if drawn is not None:
            made.append(AttributeModel(name, values, drawn))
    return tuple(made)


def _attribute(
    attribute: Attribute, path: Path, ledger: Ledger
) -> tuple[tuple[str, ...], Distribution | None, float | None]:
    """Values, distribution, and the number that its range is about."""
    if attribute.choices is not None:
        return tuple(attribute.choices), discrete(list(attribute.choices.values())), None
    if attribute.probability is not None:
        chance = attribute.probability
        return _TRUTHS, discrete([1 - chance, chance]), chance
    drawn = distribution(attribute, path, ledger.findings)
    return (), drawn, None if drawn is None else drawn.mean


def arrivals_of(scenario: Scenario, stated: ArrivalsText, clocks: Clocks, ledger: Ledger) -> arriving.Arrivals | None:
    """When cases are submitted, as the scenario states it; nothing and a finding if that cannot be said."""
    path = ("arrivals",)
    number = stated.rate or stated.every
    if number is not None:
        key = "rate" if stated.rate is not None else "every"
        unit = f"per {stated.rate.per}" if stated.rate is not None else str(stated.every and stated.every.unit)
        source = number.source or stated.source
        ledger.number((*path, key), short(number.value), unit, source, value=number.value, range=number.range)
    name = stated.hours or scenario.calendar.office
    place = (*path, "hours") if stated.hours else ("calendar", "office")
    hours = clocks.named(name, place, ledger.findings)
    if hours is None:
        return None
    if stated.gaps is not None:
        drawn = duration(stated.gaps, (*path, "gaps"), ledger)
        if drawn is None:
            return None
        if drawn.mean <= 0:
            ledger.findings.error("arrival_gap", (*path, "gaps"))
            return None
    try:
        if stated.gaps is not None:
            assert drawn is not None  # or it is refused
            return arriving.Arrivals.after(drawn, hours, stated.most)
        if stated.rate is not None:
            rate = _per_year(stated.rate, hours, clocks)
            profile = None if stated.profile is None else _profile(stated.profile)
            made = arriving.Arrivals.from_rate(rate, hours, scenario.study.start, profile, stated.process or "poisson")
            return made.up_to(stated.most)
        if stated.every is not None:
            clock = {"hour": hours, "working_day": clocks.working, "natural_day": clocks.natural}[stated.every.unit]
            return arriving.Arrivals.every(round(stated.every.value * UNIT_MS[stated.every.unit]), clock).up_to(
                stated.most
            )
    except SamplingError as error:
        ledger.findings.wrapped(error.finding, (*path, "rate" if stated.rate else "every"))
        return None
    return _dates(scenario, stated, ledger)


def _per_year(rate: Rate, hours: Hours, clocks: Clocks) -> float:
    """Cases in 365 days; hours and working days are counted in the first 365 days that the study has."""
    window = min(_YEAR_DAYS * DAY_MS, clocks.until)
    share = _YEAR_DAYS * DAY_MS / window
    if rate.per == "hour":
        return rate.value * _open_ms(hours, window) / UNIT_MS["hour"] * share
    if rate.per == "working_day":
        return rate.value * _open_ms(clocks.working, window) / DAY_MS * share
    periods: Mapping[str, float] = {"natural_day": _YEAR_DAYS, "week": _YEAR_DAYS / 7, "month": 12, "year": 1}
    return rate.value * periods[rate.per]


def _open_ms(hours: Hours, window: int) -> int:
    return int((hours.end.clip(0, window) - hours.begin.clip(0, window)).sum())


def _profile(profile: Profile) -> arriving.Profile:
    return arriving.Profile(
        hour=tuple(profile.hour.get(hour, 1.0) for hour in range(24)),
        weekday=tuple(profile.weekday.get(day, 1.0) for day in WEEKDAYS),
        month=tuple(profile.month.get(month, 1.0) for month in range(1, 13)),
        periods=tuple((period.from_, period.to, period.weight) for period in profile.periods),
    )


def _dates(scenario: Scenario, stated: ArrivalsText, ledger: Ledger) -> arriving.Arrivals | None:
    dates = stated.dates
    assert dates is not None  # the model has exactly one
    path = ("arrivals", "dates")
    shown = f"{len(dates.list_)} x"
    ledger.number(path, shown, "", dates.source or stated.source, wants_range=False)
    moments = []
    for number, text in enumerate(dates.list_):
        place = (*path, "list", str(number))
        moment = _moment(text, scenario.study.start)
        if moment is None:
            ledger.findings.error("moment", place, found=text[:40])
        elif not 0 <= moment < scenario.study.run_out_days * DAY_MS:
            ledger.findings.error("moment_outside", place, found=text, start=scenario.study.start.isoformat())
        else:
            moments.append(moment)
    return arriving.Arrivals.at(moments).up_to(stated.most)


def _moment(text: str, start: date) -> int | None:
    """Ms from the midnight of ``start``; nothing if the text is no moment of local time."""
    try:
        since = iso_moment(text) - datetime(start.year, start.month, start.day)
    except TimeTextError:
        return None
    return since // timedelta(milliseconds=1)
