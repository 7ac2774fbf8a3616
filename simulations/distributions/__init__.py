"""Distributions: each value is the inverse distribution function of one uniform number.

One uniform number per value keeps common random numbers common: the same number gives the longer duration
under the longer distribution, in every variant and every driver.

Build one with a constructor, read it with `Distribution`; `quantiles` holds the evaluating text.
"""

from simulations.distributions.distribution import Distribution, sample_ms
from simulations.distributions.families import (
    beta,
    constant,
    discrete,
    empirical,
    erlang,
    exponential,
    gamma,
    lognormal,
    normal,
    pert,
    triangular,
    uniform,
    weibull,
)
from simulations.distributions.quantiles import quantile, whole_ms
from simulations.distributions.refusal import SamplingError

__all__ = [
    "Distribution",
    "SamplingError",
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
    "quantile",
    "sample_ms",
    "triangular",
    "uniform",
    "weibull",
    "whole_ms",
]
