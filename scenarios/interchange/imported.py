"""What all readers of simulation models share: the frame of an imported scenario, and numbers as people write them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

from engine.diagram.model import Diagram
from scenarios.interchange.draft import ASSUMED, Data, Place, both, identifier
from simulations.distributions import Distribution

__all__ = [
    "IMPORTED",
    "RefusedError",
    "checked",
    "distribution_of",
    "finite",
    "horizon_days",
    "imported_frame",
    "mean_of",
    "tidy",
]

IMPORTED: Final = "imported"  # key of the source
DAY_S: Final = 86_400
_MOST_DAYS: Final = 36_000


class RefusedError(ValueError):
    """Something that stands in a file cannot be; carries code and values of its finding."""

    def __init__(self, code: str, **values: object) -> None:
        self.code = code
        self.values = values
        super().__init__(code)

    def finding(self, place: Place) -> Any:
        """The same, with its place."""
        return place.finding(self.code, **self.values)


def tidy(value: float) -> float:
    """A number without the noise of its last digits; whole ones without a point."""
    rounded = float(f"{value:.12g}")
    return int(rounded) if rounded == int(rounded) and abs(rounded) < 1e15 else rounded


def finite(text: object) -> float | None:
    """A finite number, or nothing for what is none: the files have ``NaN`` as text."""
    if isinstance(text, bool):
        return None
    try:
        value = float(str(text).strip().replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def imported_frame(name: str, diagram: Diagram, format_: str) -> Data:
    """The parts of a scenario that every import has; always open unless the file says otherwise."""
    label = diagram.process.name or diagram.participant or name
    return {
        "schema": 1,
        "pipeline": identifier(name, prefix="pipeline"),
        "labels": {"zh": label, "en": label},
        "calendar": {"country": "none", "office": "always", "hours": {}},
        "pools": {},
        "attributes": {},
        "arrivals": {},
        "sources": {
            IMPORTED: {
                "kind": "reference",
                "text": both("imported", format=format_),
            },
            ASSUMED: {
                "kind": "assumption",
                "text": both("assumed"),
            },
        },
        "variants": {"current": {"labels": both("current"), "diagram": "", "elements": {}, "routes": {}}},
        "study": {"start": "2022-01-03", "horizon": 365, "warmup": 0, "replications": 10, "seed": 1},
    }


def finished(data: Data) -> Data:
    """The frame without the parts that stayed empty; the always open hours where something needs them."""
    hours = data["calendar"]["hours"]
    if data["calendar"]["office"] not in hours:
        hours["always"] = {"days": "natural", "open": ["00:00-24:00"]}
    text = repr({key: value for key, value in data.items() if key != "sources"})
    for key in (IMPORTED, ASSUMED):
        if f"'source': '{key}'" not in text:
            del data["sources"][key]
    for key in ("pools", "attributes", "arrivals", "sources"):
        if not data[key]:
            del data[key]
    for variant in data["variants"].values():
        for key in ("elements", "routes"):
            if not variant[key]:
                del variant[key]
    return data


def distribution_of(drawn: Mapping[str, Any]) -> Distribution:
    """The distribution of a number of the scenario language, in its own unit.

    Raises:
        SamplingError: It cannot be drawn.
    """
    from scenarios.building.draws import made
    from scenarios.schema.numbers import Effort

    plain = {key: tuple(value) if isinstance(value, list) else value for key, value in drawn.items()}
    empirical = drawn.get("empirical")
    if isinstance(empirical, dict):
        plain["empirical"] = {key: tuple(value) for key, value in empirical.items()}
    return made(Effort.model_validate({"unit": "second"} | plain))


def mean_of(drawn: Mapping[str, Any]) -> float:
    """The mean of a number of the scenario language, in its own unit."""
    return distribution_of(drawn).mean


def checked(drawn: Data) -> Data:
    """The same number, if the sampler can draw it.

    Raises:
        RefusedError: It cannot.
    """
    from simulations.distributions import SamplingError

    try:
        mean = mean_of(drawn)
    except SamplingError as error:
        raise RefusedError("parameters", problem=error.finding.message("en").rstrip(".")) from None
    except ValueError:
        raise RefusedError("parameters", problem="it cannot be drawn") from None
    if not mean >= 0:
        raise RefusedError("negative", mean=f"{mean:.6g}")
    return drawn


def horizon_days(cases: int, gap_s: float, open_share: float) -> int:
    """Days in which so many cases come surely, twice as many as on the average; in whole days."""
    days = 2 * cases * gap_s / DAY_S / max(open_share, 1e-6) + 30
    return int(min(_MOST_DAYS, math.ceil(days)))


def open_share(hours: Mapping[str, Any]) -> float:
    """The share of the week in which hours are open."""
    from scenarios.interchange.weekly import rules_of
    from scenarios.schema.calendar import OpenHours

    plain = {key: tuple(v) if isinstance(v, list) else v for key, v in hours.items()}
    plain["weekly"] = {day: tuple(spans) for day, spans in hours.get("weekly", {}).items()}
    rules = rules_of(OpenHours.model_validate(plain))
    return sum((last - first + 1) * (end - begin) for first, last, begin, end in rules) / (7 * 24 * 60)
