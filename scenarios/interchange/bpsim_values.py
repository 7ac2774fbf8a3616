"""Parameter values of BPSim as numbers of the scenario language, times in seconds.

Names and attributes of the distributions are those of the schema of BPSim 2.0. How we read them: ``Beta`` lies between
0 and 1 with *shape* and *scale* as its two shapes; ``Normal`` has no bounds, so that it must be cut off at 0 where it
is a time.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final

from lxml import etree

from engine.calendars.durations import TimeTextError, iso_duration
from scenarios.interchange.draft import Data
from scenarios.interchange.imported import RefusedError, checked, finite, tidy

__all__ = ["UNITS", "added", "drawn_of", "local", "text_value"]

UNITS: Final[Mapping[str, float]] = {"ms": 0.001, "s": 1, "min": 60, "hour": 3600, "day": 86_400, "year": 31_536_000}
KNOWN: Final = (
    "Beta, Binomial, Erlang, Gamma, LogNormal, NegativeExponential, Normal, Poisson, Triangular, TruncatedNormal, "
    "Uniform, User, Weibull"
)
STEPS: Final = 400


def local(node: etree._Element) -> str:
    """The name of an element without its namespace: both versions are read alike."""
    return str(node.tag).rpartition("}")[2]


def text_value(node: etree._Element) -> str:
    """The text of a constant or an expression."""
    return (node.get("value") or "").strip()


def drawn_of(node: etree._Element, base: str, *, is_time: bool) -> tuple[Data, str | None]:
    """A value as number or distribution.

    Args:
        node: The value.
        base: Time unit of values that name none.
        is_time: Whether it is a time, in seconds; else a bare number.

    Returns:
        The number, and the code of a note about it, if there is one.

    Raises:
        RefusedError: It is none.
    """
    kind = local(node)
    unit = node.get("timeUnit") or base
    if is_time and unit not in UNITS:
        raise RefusedError("time_unit", found=unit, known=", ".join(UNITS))
    factor = UNITS[unit] if is_time else 1.0
    if kind == "DurationParameter":
        try:
            return {"value": tidy(iso_duration(text_value(node)) / 1000)}, None
        except TimeTextError:
            raise RefusedError("no_number", kind=kind, found=text_value(node) or "-") from None
    if kind in ("NumericParameter", "FloatingParameter"):
        return {"value": tidy(factor * _number(node, "value"))}, None
    if kind == "EnumParameter":
        values = [tidy(drawn_of(one, base, is_time=is_time)[0].get("value", 0)) for one in node]
        return {"empirical": {"values": values}}, "enumeration"
    if kind == "UserDistribution":
        return _user(node, base, is_time=is_time)
    if not kind.endswith("Distribution"):
        raise RefusedError("value_kind", found=kind)
    drawn, note = _distribution(node, kind.removesuffix("Distribution"), factor)
    if is_time:
        checked(drawn | {"unit": "second"})
    return drawn, note


def _number(node: etree._Element, key: str, scale: float = 1.0) -> float:
    value = finite(node.get(key))
    if value is None:
        raise RefusedError("no_number", kind=f"{local(node)} {key}", found=node.get(key) or "-")
    return float(tidy(value * scale))


def _distribution(node: etree._Element, kind: str, factor: float) -> tuple[Data, str | None]:
    def get(key: str, scale: float = factor) -> float:
        return tidy(_number(node, key, scale))

    if kind == "NegativeExponential":
        return {"exponential": get("mean")}, None
    if kind == "Triangular":
        return {"triangular": [get("min"), get("mode"), get("max")]}, None
    if kind == "Uniform":
        return {"uniform": [get("min"), get("max")]}, None
    if kind == "LogNormal":
        return {"lognormal": {"mean": get("mean"), "sd": get("standardDeviation")}}, None
    if kind == "Normal":
        return {"normal": {"mean": get("mean"), "sd": get("standardDeviation")}}, "normal_cut"
    if kind == "TruncatedNormal":
        bounds = {"low": get("min"), "high": get("max")}
        return {"normal": {"mean": get("mean"), "sd": get("standardDeviation")} | bounds}, None
    if kind == "Weibull":
        return {"weibull": {"shape": get("shape", 1), "scale": get("scale")}}, None
    if kind == "Gamma":
        shape, scale = _number(node, "shape"), _number(node, "scale", factor)
        if min(shape, scale) <= 0:
            raise RefusedError("parameters", problem="shape and scale of Gamma must be above 0")
        return {"gamma": {"mean": tidy(shape * scale), "sd": tidy(math.sqrt(shape) * scale)}}, None
    return _rarer(node, kind, factor)


def _rarer(node: etree._Element, kind: str, factor: float) -> tuple[Data, str | None]:
    if kind == "Erlang":
        k = _number(node, "k")
        if k < 1 or k != int(k):
            raise RefusedError("parameters", problem=f"k of Erlang must be a whole number above 0, not {k:g}")
        return {"erlang": {"shape": int(k), "mean": tidy(_number(node, "mean", factor))}}, None
    if kind == "Beta":
        a, b = _number(node, "shape"), _number(node, "scale")
        if min(a, b) <= 0:
            raise RefusedError("parameters", problem="shape and scale of Beta must be above 0")
        sd = math.sqrt(a * b / (a + b + 1)) / (a + b)
        return {
            "beta": {"mean": tidy(factor * a / (a + b)), "sd": tidy(factor * sd), "low": 0, "high": tidy(factor)}
        }, None
    if kind == "Poisson":
        mean = _number(node, "mean")
        if not 0 < mean <= 10_000:
            raise RefusedError("parameters", problem=f"the mean of Poisson must be above 0, not {mean:g}")
        last = int(mean + 12 * math.sqrt(mean) + 12)
        logs = {n: n * math.log(mean) - mean - math.lgamma(n + 1) for n in range(last)}
        return _counts(logs, factor), None
    if kind == "Binomial":
        p, trials = _number(node, "probability"), _number(node, "trials")
        if not 0 < p < 1 or not 1 <= trials <= 10_000 or trials != int(trials):
            raise RefusedError(
                "parameters", problem="Binomial wants a probability between 0 and 1 and a number of trials"
            )
        n = int(trials)
        logs = {
            k: math.lgamma(n + 1)
            - math.lgamma(k + 1)
            - math.lgamma(n - k + 1)
            + k * math.log(p)
            + (n - k) * math.log1p(-p)
            for k in range(n + 1)
        }
        return _counts(logs, factor), None
    raise RefusedError("distribution", found=kind, known=KNOWN)


def _counts(logs: Mapping[int, float], factor: float) -> Data:
    """Whole numbers with the logarithms of their probabilities."""
    likely = {n: math.exp(log) for n, log in logs.items() if log > -28}
    weights = [float(f"{p:.9g}") for p in likely.values()]
    return {"empirical": {"values": [tidy(n * factor) for n in likely], "weights": weights}}


def _user(node: etree._Element, base: str, *, is_time: bool) -> tuple[Data, str | None]:
    values, weights = [], []
    for point in node:
        inner = next(iter(point), None)
        probability = finite(point.get("probability"))
        if inner is None or probability is None or probability < 0:
            raise RefusedError("no_number", kind="UserDistributionDataPoint", found=point.get("probability") or "-")
        values.append(drawn_of(inner, base, is_time=is_time)[0].get("value", 0))
        weights.append(probability)
    if not values or not sum(weights) > 0:
        raise RefusedError("no_number", kind="UserDistribution", found="-")
    return {"empirical": {"values": values, "weights": weights}}, (
        None if node.get("discrete") in ("true", "1") else "user_continuous"
    )


def added(draws: Sequence[Data]) -> tuple[Data, bool]:
    """The sum of independent numbers, in seconds, and whether a table stands for it."""
    whole = [drawn for drawn in draws if drawn.get("value") != 0]
    if len(whole) <= 1:
        return (whole[0] if whole else {"value": 0}), False
    if all("value" in drawn for drawn in whole):
        return {"value": tidy(sum(drawn["value"] for drawn in whole))}, False
    from scenarios.interchange.imported import distribution_of

    fine = 4000
    # Each number runs through its quantiles in an order of its own (Weyl sequences): as good as independent.
    sums = [0.0] * fine
    for place, drawn in enumerate(whole):
        made = distribution_of(drawn)
        turn = math.sqrt((2, 3, 5, 7, 11, 13, 17)[place])
        for i in range(fine):
            sums[i] += made.quantile(min(max((0.5 + (i + 1) * turn) % 1.0, 1e-6), 1 - 1e-6))
    sums.sort()
    size = fine // STEPS
    values = [tidy(float(f"{sum(sums[size * i : size * i + size]) / size:.6g}")) for i in range(STEPS)]
    return {"empirical": {"values": values}}, True
