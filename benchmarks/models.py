"""What is run: the construction permit after the reform, with as many cases as wanted and people to match."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache

from scenarios import library
from scenarios.loading import assemble
from scenarios.reading import read
from simulations.model import SimulationModel

__all__ = ["YEARS", "scaled"]

YEARS = 2  # of the library's own scenario, of which the second is measured
_YEAR_MS = 365 * 86_400_000


@cache
def scaled(cases: int, years: int = YEARS) -> SimulationModel:
    """So many cases a year, for so many years.

    Cases and people are multiplied alike, so that every pool keeps its load, and queues stay as long as they are.
    """
    model = _over(years)
    factor = cases / model.arrivals.expected(0, model.study.horizon) * model.study.horizon / _YEAR_MS
    return replace(
        model,
        arrivals=replace(model.arrivals, cumulative=model.arrivals.cumulative * factor),
        pools=tuple(replace(pool, units=math.ceil(pool.units * factor)) for pool in model.pools),
    )


def _over(years: int) -> SimulationModel:
    path = library.find("construction_permit")
    content = path.read_bytes()
    if years != YEARS:
        for known, wanted in {
            "\ncalendar:\n": "\ncalendar:\n  estimate_unknown_years: true\n",
            "horizon: {value: 730,": f"horizon: {{value: {365 * years},",
            "run_out: {value: 1825,": f"run_out: {{value: {365 * (years + 3)},",
        }.items():
            if content.count(known.encode()) != 1:
                raise ValueError(f"the library's scenario no longer says {known.strip()!r} once")
            content = content.replace(known.encode(), wanted.encode())
    return assemble(read(content, str(path)), content).models["after"]
