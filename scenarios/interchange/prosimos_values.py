"""Distributions of Prosimos in the words of the language.

Parameters by distribution (pix_framework's ``DurationDistribution``): fix ``[value]``; expon ``[mean, min, max]``;
norm ``[mean, sd, min, max]``; uniform ``[min, max]``; lognorm and gamma ``[mean, variance, min, max]``. What is drawn
outside the bounds is drawn again: a truncated distribution.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from scenarios.interchange.draft import Data
from scenarios.interchange.imported import RefusedError, checked, distribution_of, finite, tidy
from scenarios.interchange.prosimos_file import Stated

__all__ = ["STEPS", "drawn_from", "mixture"]

STEPS: Final = 400  # values that stand for a truncated distribution that the language has no word for
PARAMETERS: Final = {"fix": 1, "uniform": 2, "expon": 3, "norm": 4, "lognorm": 4, "gamma": 4}


def drawn_from(stated: Stated) -> tuple[Data, bool]:
    """A distribution of a file in the words of the language, and whether a table had to stand for it.

    Raises:
        RefusedError: It is unknown, or its parameters are no numbers or make no sense.
    """
    kind = stated.distribution_name
    if kind not in PARAMETERS:
        raise RefusedError("distribution", found=kind, known=", ".join(PARAMETERS))
    given = stated.distribution_params
    values = [finite(value) for value in given]
    needed = {"fix": 1, "uniform": 2, "expon": 1, "norm": 2, "lognorm": 2, "gamma": 2}[kind]
    if len(values) < needed or any(value is None for value in values):
        raise RefusedError("no_number", kind=kind, found=", ".join(map(str, given)) or "-")
    numbers = [value for value in values if value is not None]
    if kind == "fix":
        return checked({"value": tidy(numbers[0]), "unit": "second"}) and {"value": tidy(numbers[0])}, False
    if kind == "uniform":
        drawn: Data = {"uniform": [tidy(numbers[0]), tidy(numbers[1])]}
        checked(drawn | {"unit": "second"})
        return drawn, False
    bounds = numbers[PARAMETERS[kind] - 2 : PARAMETERS[kind]]
    low, high = bounds if len(bounds) == 2 else (0.0, math.inf)
    if low > high:
        raise RefusedError("bounds", low=f"{low:g}", high=f"{high:g}")
    return _bounded(kind, numbers, max(0.0, low), high)


def _bounded(kind: str, numbers: Sequence[float], low: float, high: float) -> tuple[Data, bool]:
    mean = numbers[0]
    if kind == "norm":
        bounds: Data = {"low": tidy(low)} if low else {}
        if math.isfinite(high):
            bounds["high"] = tidy(high)
        if not numbers[1]:
            return {"value": tidy(mean)}, False
        drawn: Data = {"normal": {"mean": tidy(mean), "sd": tidy(numbers[1])} | bounds}
    elif kind == "expon":
        drawn = {"exponential": tidy(mean)}
    else:
        sd = math.sqrt(max(0.0, numbers[1]))
        if not sd:
            return {"value": tidy(mean)}, False
        drawn = {"lognormal" if kind == "lognorm" else "gamma": {"mean": tidy(mean), "sd": tidy(sd)}}
    checked(drawn | {"unit": "second"})
    if kind == "norm":
        return drawn, False
    made = distribution_of(drawn)
    quantiles = np.array([made.quantile(float(u)) for u in (np.arange(20_000) + 0.5) / 20_000])
    inside = quantiles[(quantiles >= low) & (quantiles <= high)]
    if len(inside) >= 0.9999 * len(quantiles):
        return drawn, False
    if not len(inside):  # nothing is ever inside: Prosimos gives up and takes the nearest bound
        return {"value": tidy(low if mean < low else high)}, True
    positions = (np.arange(50 * STEPS) + 0.5) / (50 * STEPS) * len(inside) - 0.5
    blocks = np.interp(positions, np.arange(len(inside)), inside).reshape(STEPS, 50)
    return {"empirical": {"values": [tidy(float(f"{block.mean():.6g}")) for block in blocks]}}, True


def mixture(draws: Sequence[tuple[int, Data]]) -> tuple[Data, bool]:
    """One distribution for people of several speeds, each as likely as it has units; whether there are several."""
    if all(drawn == draws[0][1] for _, drawn in draws):
        return draws[0][1], False
    values: list[float] = []
    weights: list[float] = []
    steps = max(20, STEPS // len(draws))
    for amount, drawn in draws:
        made = distribution_of(drawn)
        fine = [made.quantile((i + 0.5) / (10 * steps)) for i in range(10 * steps)]
        blocks = [sum(fine[10 * i : 10 * i + 10]) / 10 for i in range(steps)] if "value" not in drawn else [made.mean]
        values += [tidy(float(f"{value:.6g}")) for value in blocks]
        weights += [tidy(float(f"{amount / len(blocks):.6g}"))] * len(blocks)
    return {"empirical": {"values": values, "weights": weights}}, True
