"""Distributions against formulas and against scipy, which evaluates them by other means."""

import importlib.util
import math
from types import ModuleType
from typing import Any

import numba
import numpy as np
import pytest
from scipy import special, stats

from simulations.distributions import (
    Distribution,
    beta,
    constant,
    empirical,
    erlang,
    exponential,
    gamma,
    lognormal,
    normal,
    pert,
    quantiles,
    triangular,
    uniform,
    weibull,
)


class Truncated:
    """The truncated normal distribution of scipy, by its bounds, with an exact upper tail.

    The ``isf`` of `scipy.stats.truncnorm` is off by 5e-7 of the share where both bounds are above the mean.
    """

    def __init__(self, mean: float, sd: float, low: float, high: float) -> None:
        self.mean, self.sd = mean, sd
        self.above = special.ndtr([(mean - low) / sd, (mean - high) / sd])
        known = stats.truncnorm((low - mean) / sd, (high - mean) / sd, loc=mean, scale=sd)
        self.cdf, self.ppf, self.std = known.cdf, known.ppf, known.std

    def isf(self, q: Any) -> Any:
        """The value above which a share ``q`` lies."""
        return self.mean - self.sd * special.ndtri(self.above[0] * q + self.above[1] * (1 - q))


LOG_SD = math.sqrt(math.log(1 + 0.8**2))
CASES: dict[str, tuple[Distribution, Any]] = {
    "uniform": (uniform(-1, 3), stats.uniform(-1, 4)),
    "triangular": (triangular(5, 20, 40), stats.triang(15 / 35, 5, 35)),
    "triangular mode low": (triangular(5, 5, 40), stats.triang(0, 5, 35)),
    "pert": (pert(1, 2, 8), stats.beta(1 + 4 / 7, 1 + 24 / 7, 1, 7)),
    "pert mode high": (pert(1, 8, 8), stats.beta(5, 1, 1, 7)),
    "exponential": (exponential(40), stats.expon(scale=40)),
    "normal": (normal(10, 2, low=-math.inf), stats.norm(10, 2)),
    "normal cut at 0": (normal(5, 4), Truncated(5, 4, 0, math.inf)),
    "normal cut twice": (normal(5, 4, 2, 12), Truncated(5, 4, 2, 12)),
    "normal narrow": (normal(5, 4, 8, 8.5), Truncated(5, 4, 8, 8.5)),
    "normal upper tail": (normal(5, 2, 14, 40), Truncated(5, 2, 14, 40)),
    "normal lower tail": (normal(5, 2, -40, -4), Truncated(5, 2, -40, -4)),
    "lognormal": (lognormal(60, 48), stats.lognorm(LOG_SD, scale=60 * math.exp(-(LOG_SD**2) / 2))),
    "gamma": (gamma(50, 35), stats.gamma((50 / 35) ** 2, scale=35**2 / 50)),
    "gamma wide": (gamma(50, 100), stats.gamma(0.25, scale=200)),
    "gamma narrow": (gamma(50, 1), stats.gamma(2500, scale=0.02)),
    "beta": (beta(2, 12, 5, 2), stats.beta(1.275, 2.975, 2, 10)),
    "beta wide": (beta(0, 1, 0.5, 0.4), stats.beta(0.28125, 0.28125)),
    "weibull": (weibull(1.5, 30), stats.weibull_min(1.5, scale=30)),
    "weibull falling": (weibull(0.7, 30), stats.weibull_min(0.7, scale=30)),
    "erlang": (erlang(3, 45), stats.erlang(3, scale=15)),
}
TABULATED = [name for name in CASES if name.split()[0] in ("pert", "gamma", "beta", "erlang")]


def integrals(distribution: Distribution) -> tuple[float, float]:
    """Mean and variance as integrals of the quantile over u, by the trapezium rule in logit(u)."""
    z = np.linspace(-33, 33, 30_001)
    u = 1 / (1 + np.exp(-z))
    weight = u * (1 - u)
    weight /= weight.sum()
    x = np.array([distribution.quantile(share) for share in u.tolist()])
    mean = float(weight @ x)
    return mean, float(weight @ (x - mean) ** 2)


@pytest.mark.parametrize("name", CASES)
def test_moments_are_those_of_the_quantiles(name: str) -> None:
    """Mean and variance by formula are the integrals of the quantile function."""
    distribution = CASES[name][0]
    mean, variance = integrals(distribution)
    assert distribution.mean == pytest.approx(mean, rel=1e-6)
    assert distribution.variance == pytest.approx(variance, rel=2e-5)


@pytest.mark.parametrize("name", CASES)
def test_quantiles_follow_the_distribution_function(name: str) -> None:
    """Quantiles of independent uniform numbers pass Kolmogorov and Smirnov's test, which sees a shift."""
    distribution, theory = CASES[name]
    uniforms = np.random.default_rng(7).random(10_000)
    sample = [distribution.quantile(u) for u in uniforms.tolist()]
    assert stats.kstest(sample, theory.cdf).pvalue > 1e-3
    assert stats.kstest(np.array(sample) + 0.1 * theory.std(), theory.cdf).pvalue < 1e-3


@pytest.mark.parametrize("name", CASES)
def test_quantiles_are_exact_into_the_tails(name: str) -> None:
    """From 1e-9 to 1 - 1e-9 no quantile is off by more than 1e-7 standard deviations."""
    distribution, theory = CASES[name]
    tail = np.geomspace(1e-9, 0.01, 500)
    shares = np.concatenate([tail, np.linspace(0.01, 0.99, 1501)])
    lower = np.array([distribution.quantile(u) for u in shares.tolist()])
    # 1 - u is rounded: the upper tail is asked about the share that is really left.
    upper = np.array([distribution.quantile(1 - u) for u in tail.tolist()])
    assert np.max(np.abs(lower - theory.ppf(shares))) < 1e-7 * theory.std()
    assert np.max(np.abs(upper - theory.isf(1 - (1 - tail)))) < 1e-7 * theory.std()


@pytest.mark.parametrize("name", TABULATED)
def test_tables_are_no_larger_than_needed(name: str) -> None:
    """Usual shapes take 1024 nodes."""
    nodes = len(CASES[name][0].table) // 2
    assert nodes == 1024 or name in ("beta wide", "gamma wide")


def test_normal_quantile_is_exact_to_rounding() -> None:
    """AS 241 agrees with scipy to 1e-15 from 1e-300 to 1 - 1e-15."""
    p = np.concatenate(
        [np.geomspace(1e-300, 0.4, 2000), np.linspace(0.01, 0.99, 2001), 1 - np.geomspace(1e-15, 0.4, 500)]
    )
    p = p[np.abs(p - 0.5) > 1e-9]
    ours = np.array([quantiles.standard_normal_quantile(share) for share in p.tolist()])
    assert np.max(np.abs(ours / special.ndtri(p) - 1)) < 3e-15
    assert quantiles.standard_normal_quantile(0.5) == 0


def test_truncated_normal_moments_are_continuous() -> None:
    """The two ways to the moments of a truncated normal agree where they meet, and with scipy."""
    for low in (-4.0, -0.5, 0.3, 4.0):
        for width in (0.999999, 1.000001):
            theory = stats.truncnorm(low, low + width)
            distribution = normal(0, 1, low, low + width)
            assert distribution.mean == pytest.approx(theory.mean(), rel=1e-9)
            assert distribution.variance == pytest.approx(theory.var(), rel=1e-7)
        sliver = normal(0, 1, low, low + 1e-4)
        assert sliver.variance == pytest.approx(1e-8 / 12, rel=1e-6)


def compiled_quantiles() -> ModuleType:
    """The quantile module once more, every function compiled."""
    spec = importlib.util.find_spec("simulations.distributions.quantiles")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name, item in list(vars(module).items()):
        if callable(item) and getattr(item, "__module__", "") == module.__name__:
            setattr(module, name, numba.njit(item))
    return module


def test_the_same_text_compiles() -> None:
    """Compiled, every family gives the same milliseconds."""
    compiled = compiled_quantiles()
    others = [constant(7), empirical([3, 1, 4, 1, 5], [1, 2, 3, 4, 5])]
    for distribution in [*(case[0] for case in CASES.values()), *others]:
        milliseconds = distribution.scaled(60_000)
        table = np.array(milliseconds.table)
        for u in np.random.default_rng(3).random(300).tolist():
            value = compiled.quantile(milliseconds.family, *milliseconds.parameters, table, 0, len(table) // 2, u)
            assert compiled.whole_ms(value) == quantiles.whole_ms(milliseconds.quantile(u))
