"""The constructors: one per family of the scenario language, every parameter checked."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import accumulate
from typing import Final

from simulations.distributions import quantiles
from simulations.distributions.distribution import Distribution, standard_normal_share
from simulations.distributions.refusal import (
    SamplingError,
    require_above_zero,
    require_ascending,
    require_finite,
)
from simulations.distributions.tables import beta_table, gamma_table

__all__ = [
    "beta",
    "constant",
    "discrete",
    "empirical",
    "erlang",
    "exponential",
    "gamma",
    "lognormal",
    "normal",
    "pert",
    "triangular",
    "uniform",
    "weibull",
]

PERT_WEIGHT: Final = 4.0  # how often the mode counts against each end
SMALLEST_SHARE: Final = 1e-9  # of a normal distribution, that its bounds must leave
WEIBULL_SHAPES: Final = (0.05, 1000.0)
LARGEST_LOGNORMAL_VARIATION: Final = 1000.0
GAMMA_VARIATION: Final = (0.01, 10.0)  # sd / mean for which the table keeps its tolerance
BETA_SHAPES: Final = (0.1, 1e6)  # likewise


def constant(x: float) -> Distribution:
    """Always ``x``."""
    require_finite("constant", x=x)
    return _distribution(quantiles.CONSTANT, x)


def uniform(low: float, high: float) -> Distribution:
    """Every value between two bounds equally likely."""
    require_finite("uniform", low=low, high=high)
    require_ascending("uniform", low, high)
    return _distribution(quantiles.UNIFORM, low, high)


def triangular(low: float, mode: float, high: float) -> Distribution:
    """Least, most likely and greatest value, with straight lines between them."""
    _require_mode("triangular", low, mode, high)
    return _distribution(quantiles.TRIANGULAR, low, mode, high)


def pert(low: float, mode: float, high: float) -> Distribution:
    """Least, most likely and greatest value, without corners: the mean is (low + 4 mode + high) / 6.

    Source: D. G. Malcolm, J. H. Roseboom, C. E. Clark, W. Fazar (1959), Operations Research 7(5); as a beta
    distribution with shapes 1 + 4 (mode - low) / (high - low) and 1 + 4 (high - mode) / (high - low), whose
    variance is (mean - low) (high - mean) / 7.
    """
    _require_mode("pert", low, mode, high)
    width = high - low
    mean = (low + PERT_WEIGHT * mode + high) / (PERT_WEIGHT + 2)
    sd = math.sqrt((mean - low) * (high - mean) / (PERT_WEIGHT + 3))
    table = beta_table(1 + PERT_WEIGHT * (mode - low) / width, 1 + PERT_WEIGHT * (high - mode) / width)
    return _distribution(quantiles.TABULATED, mean, sd, low, high, table=_stretched(table, low, width))


def exponential(mean: float) -> Distribution:
    """Waiting for something that is as likely in every moment."""
    require_above_zero("exponential", mean=mean)
    return _distribution(quantiles.EXPONENTIAL, mean)


def normal(mean: float, sd: float, low: float = 0.0, high: float = math.inf) -> Distribution:
    """A normal distribution of which only the values between two bounds are kept.

    Args:
        mean: Mean before the cut; that of what is left is ``.mean``.
        sd: Standard deviation before the cut.
        low: Lower bound, ``-inf`` for none.
        high: Upper bound, ``inf`` for none.
    """
    require_finite("normal", mean=mean)
    require_above_zero("normal", sd=sd)
    require_ascending("normal", low, high)
    start, end = standard_normal_share((low - mean) / sd), standard_normal_share((high - mean) / sd)
    signed_sd = sd
    if low > mean:
        # Shares above the mean are close to 1 and lose their digits: count from the other side.
        start, end = standard_normal_share((mean - low) / sd), standard_normal_share((mean - high) / sd)
        signed_sd = -sd
    if abs(end - start) < SMALLEST_SHARE:
        raise SamplingError("bounds_leave_nothing", mean=mean, sd=sd, low=low, high=high, least=SMALLEST_SHARE)
    return _distribution(quantiles.NORMAL, mean, signed_sd, start, end, table=(low, high))


def lognormal(mean: float, sd: float) -> Distribution:
    """A value whose logarithm is normal; ``mean`` and ``sd`` are of the value itself."""
    require_above_zero("lognormal", mean=mean, sd=sd)
    _require_variation("lognormal", mean, sd, 0.0, LARGEST_LOGNORMAL_VARIATION)
    log_variance = math.log1p((sd / mean) ** 2)
    return _distribution(quantiles.LOGNORMAL, mean * math.exp(-log_variance / 2), math.sqrt(log_variance))


def gamma(mean: float, sd: float) -> Distribution:
    """A gamma distribution by its mean and standard deviation: shape (mean / sd) squared."""
    require_above_zero("gamma", mean=mean, sd=sd)
    _require_variation("gamma", mean, sd, *GAMMA_VARIATION)
    return _gamma((mean / sd) ** 2, mean, sd)


def erlang(shape: int, mean: float) -> Distribution:
    """The sum of ``shape`` equal exponential steps.

    Args:
        shape: Number of steps, 1 to 10 000.
        mean: Mean of the sum.
    """
    require_above_zero("erlang", shape=shape, mean=mean)
    most = round(GAMMA_VARIATION[0] ** -2)
    if shape != int(shape) or shape > most:
        raise SamplingError("steps_not_whole", shape=shape, most=most)
    return _gamma(float(shape), mean, mean / math.sqrt(shape))


def beta(low: float, high: float, mean: float, sd: float) -> Distribution:
    """A beta distribution between two bounds by its mean and standard deviation."""
    require_finite("beta", low=low, high=high, mean=mean)
    require_above_zero("beta", sd=sd)
    require_ascending("beta", low, high)
    if not low < mean < high:
        raise SamplingError("mean_outside", low=low, high=high, mean=mean)
    width = high - low
    shapes = _beta_shapes((mean - low) / width, sd / width)
    if min(shapes) < BETA_SHAPES[0]:
        raise SamplingError("beta_too_wide", low=low, high=high, mean=mean, sd=sd)
    if max(shapes) > BETA_SHAPES[1]:
        raise SamplingError("beta_too_narrow", low=low, high=high, mean=mean, sd=sd)
    table = _stretched(beta_table(*shapes), low, width)
    return _distribution(quantiles.TABULATED, mean, sd, low, high, table=table)


def weibull(shape: float, scale: float) -> Distribution:
    """Time to a failure that becomes likelier (shape above 1) or less likely (below 1) with age."""
    require_above_zero("weibull", shape=shape, scale=scale)
    least, most = WEIBULL_SHAPES
    if not least <= shape <= most:
        raise SamplingError("weibull_shape", shape=shape, least=least, most=most)
    return _distribution(quantiles.WEIBULL, scale, 1 / shape)


def empirical(values: Sequence[float], weights: Sequence[float] | None = None) -> Distribution:
    """One of the given values, each as often as its weight says; equally often without weights."""
    shares = [1.0] * len(values) if weights is None else list(weights)
    if not values:
        raise SamplingError("no_values")
    if len(shares) != len(values):
        raise SamplingError("weights_length", values=len(values), weights=len(shares))
    for place, (value, weight) in enumerate(zip(values, shares, strict=True), start=1):
        require_finite("empirical", **{f"value {place}": value, f"weight {place}": weight})
        if weight < 0:
            raise SamplingError("weight_below_zero", place=place, weight=weight)
    total = math.fsum(shares)
    if total <= 0:
        raise SamplingError("no_weight")
    weight_of: dict[float, float] = {}
    for value, weight in sorted(zip(values, shares, strict=True)):
        if weight > 0:
            weight_of[float(value)] = weight_of.get(float(value), 0.0) + weight
    cumulative = [min(sum_so_far / total, 1.0) for sum_so_far in accumulate(weight_of.values())]
    cumulative[-1] = 1.0
    pairs = zip(weight_of, cumulative, strict=True)
    return _distribution(quantiles.EMPIRICAL, table=tuple(number for pair in pairs for number in pair))


def discrete(weights: Sequence[float]) -> Distribution:
    """The index 0, 1, ... of one of the weights, each as often as its weight says."""
    return empirical(range(len(weights)), weights)


def _distribution(family: int, *parameters: float, table: tuple[float, ...] = ()) -> Distribution:
    """Pad the parameters to the four that the quantile function takes."""
    padded = [float(parameter) for parameter in parameters] + [0.0] * (4 - len(parameters))
    return Distribution(family, tuple(padded), table)


def _gamma(shape: float, mean: float, sd: float) -> Distribution:
    table = _stretched(gamma_table(shape), 0.0, mean / shape)
    return _distribution(quantiles.TABULATED, mean, sd, 0.0, math.inf, table=table)


def _beta_shapes(mean: float, sd: float) -> tuple[float, float]:
    """Both shapes of the beta distribution on [0, 1], by its moments; below 0 where there is none."""
    both = mean * (1 - mean) / sd**2 - 1
    return mean * both, (1 - mean) * both


def _stretched(table: tuple[float, ...], low: float, width: float) -> tuple[float, ...]:
    """A table of values and slopes, moved from [0, 1] to [low, low + width]."""
    return tuple(number * width + (0.0 if place % 2 else low) for place, number in enumerate(table))


def _require_mode(what: str, low: float, mode: float, high: float) -> None:
    require_finite(what, low=low, mode=mode, high=high)
    require_ascending(what, low, high)
    if not low <= mode <= high:
        raise SamplingError("mode_outside", what=what, low=low, mode=mode, high=high)


def _require_variation(what: str, mean: float, sd: float, least: float, most: float) -> None:
    if not least * mean <= sd <= most * mean:
        raise SamplingError("variation", what=what, mean=mean, sd=sd, least=least, most=most)
