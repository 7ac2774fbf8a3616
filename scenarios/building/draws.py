"""From numbers of a scenario to distributions of the simulation, with sources and ranges looked after."""

from __future__ import annotations

from typing import Final

from scenarios.findings import Findings
from scenarios.reading import Path
from scenarios.schema.numbers import Amount, Drawn, DrawnGap, Dwell, Effort
from scenarios.sources import Ledger
from simulations import distributions
from simulations.distributions import Distribution, SamplingError

__all__ = ["DAY_MS", "UNIT_MS", "amount", "distribution", "duration", "made", "short", "written"]

DAY_MS: Final = 86_400_000
UNIT_MS: Final = {"second": 1_000, "minute": 60_000, "hour": 3_600_000, "working_day": DAY_MS, "natural_day": DAY_MS}

_LONGEST: Final = 36_525 * DAY_MS  # a hundred years: longer means are mistakes of the unit


def distribution(drawn: Drawn, path: Path, findings: Findings) -> Distribution | None:
    """The distribution of a number in its own unit, or nothing and the reason among the findings."""
    try:
        return made(drawn)
    except SamplingError as error:
        findings.wrapped(error.finding, (*path, drawn.way))
        return None


def made(drawn: Drawn) -> Distribution:
    """The distribution of a number in its own unit.

    Raises:
        SamplingError: It cannot be drawn.
    """
    one: Distribution | None = None
    if drawn.value is not None:
        one = distributions.constant(drawn.value)
    elif drawn.uniform is not None:
        one = distributions.uniform(*drawn.uniform)
    elif drawn.triangular is not None:
        one = distributions.triangular(*drawn.triangular)
    elif drawn.pert is not None:
        one = distributions.pert(*drawn.pert)
    elif drawn.exponential is not None:
        one = distributions.exponential(drawn.exponential)
    elif drawn.lognormal is not None:
        one = distributions.lognormal(drawn.lognormal.mean, drawn.lognormal.sd)
    elif drawn.gamma is not None:
        one = distributions.gamma(drawn.gamma.mean, drawn.gamma.sd)
    return one if one is not None else _rarer(drawn)


def _rarer(drawn: Drawn) -> Distribution:
    if drawn.normal is not None:
        bounds = {"low": drawn.normal.low}
        if drawn.normal.high is not None:
            bounds["high"] = drawn.normal.high
        return distributions.normal(drawn.normal.mean, drawn.normal.sd, **bounds)
    if drawn.beta is not None:
        return distributions.beta(drawn.beta.low, drawn.beta.high, drawn.beta.mean, drawn.beta.sd)
    if drawn.weibull is not None:
        return distributions.weibull(drawn.weibull.shape, drawn.weibull.scale)
    if drawn.erlang is not None:
        return distributions.erlang(drawn.erlang.shape, drawn.erlang.mean)
    assert drawn.empirical is not None  # the model has exactly one
    return distributions.empirical(drawn.empirical.values, drawn.empirical.weights)


def duration(drawn: Effort | Dwell | DrawnGap, path: Path, ledger: Ledger) -> Distribution | None:
    """The distribution of an effort, dwell or gap in ms, its source and range checked."""
    found = distribution(drawn, path, ledger.findings)
    # A normal mean below 0 is a slip of the pen, even where the values are cut off at 0.
    if found is not None and (not found.is_nonnegative or (drawn.normal is not None and drawn.normal.mean < 0)):
        ledger.findings.error("negative", (*path, drawn.way), written=written(drawn))
        found = None
    mean = None if found is None else found.mean
    ledger.number(path, written(drawn), drawn.unit, drawn.source, value=mean, range=drawn.range)
    if found is None or mean is None:
        return None
    if mean * UNIT_MS[drawn.unit] > _LONGEST:
        ledger.findings.error("too_long", (*path, drawn.way), written=written(drawn), unit=drawn.unit)
        return None
    return found.scaled(UNIT_MS[drawn.unit])


def amount(number: Amount | None, unit: str, path: Path, ledger: Ledger) -> float:
    """A number that may be left out: then 0; its source and range are checked."""
    if number is None:
        return 0.0
    ledger.number(path, short(number.value), unit, number.source, value=number.value, range=number.range)
    return number.value


def written(drawn: Drawn) -> str:
    """A number or distribution as people write it."""
    way = drawn.way
    value = getattr(drawn, way)
    if isinstance(value, int | float):
        return short(value) if way == "value" else f"{way} {short(value)}"
    if isinstance(value, tuple):
        return f"{way} [{', '.join(map(short, value))}]"
    if isinstance(value, dict):
        return ", ".join(f"{key} {short(share)}" for key, share in value.items())
    parts = value.model_dump(exclude_none=True)
    return f"{way} {', '.join(f'{key} {_listed(part)}' for key, part in parts.items())}"


def _listed(value: object) -> str:
    return f"[{', '.join(map(short, value))}]" if isinstance(value, tuple) else short(value)


def short(value: object) -> str:
    """A number in as few digits as it has."""
    return f"{value:.12g}" if isinstance(value, float) else str(value)
