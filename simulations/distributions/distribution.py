"""A distribution as numbers: what drivers sample from, and its mean and variance for everybody else."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from simulations.distributions import quantiles
from simulations.distributions.quantiles import quantile, whole_ms
from simulations.distributions.refusal import require_above_zero

__all__ = ["Distribution", "sample_ms", "standard_normal_share"]


@dataclass(frozen=True)
class Distribution:
    """One distribution; build it with the constructors of `simulations.distributions`.

    Args:
        family: Number of the family in `simulations.distributions.quantiles`.
        parameters: The four parameters of the family, 0 where it has fewer.
        table: Its pairs of numbers, flat; empty where it has none.
    """

    family: int
    parameters: tuple[float, ...]
    table: tuple[float, ...] = ()

    def quantile(self, u: float) -> float:
        """The value that a share ``u`` of all values does not exceed, 0 < u < 1."""
        a, b, c, d = self.parameters
        return quantile(self.family, a, b, c, d, self.table, 0, len(self.table) // 2, u)

    @property
    def mean(self) -> float:
        """Expected value, in the unit of the distribution."""
        return self._moments()[0]

    @property
    def variance(self) -> float:
        """Expected squared distance from the mean."""
        return self._moments()[1]

    @property
    def is_nonnegative(self) -> bool:
        """No value is below 0, so that it can be a duration."""
        return self._lowest() >= 0

    def scaled(self, factor: float) -> Distribution:
        """The distribution of ``factor`` times the value: for changes of unit.

        Raises:
            SamplingError: The factor is not above 0.
        """
        require_above_zero("scaled", factor=factor)
        a, b, c, d = self.parameters
        parameters = {
            quantiles.NORMAL: (a * factor, b * factor, c, d),
            quantiles.LOGNORMAL: (a * factor, b, c, d),
            quantiles.WEIBULL: (a * factor, b, c, d),
        }.get(self.family, (a * factor, b * factor, c * factor, d * factor))
        shares_stay = self.family == quantiles.EMPIRICAL
        table = tuple(
            number if shares_stay and place % 2 else number * factor for place, number in enumerate(self.table)
        )
        return Distribution(self.family, parameters, table)

    def _lowest(self) -> float:
        """The lower end of the values."""
        if self.family in (quantiles.CONSTANT, quantiles.UNIFORM, quantiles.TRIANGULAR):
            return self.parameters[0]
        if self.family in (quantiles.NORMAL, quantiles.EMPIRICAL):
            return self.table[0]
        return self.parameters[2] if self.family == quantiles.TABULATED else 0.0

    def _moments(self) -> tuple[float, float]:
        """Mean and variance.

        Source: N. L. Johnson, S. Kotz, N. Balakrishnan, Continuous Univariate Distributions, 2nd edition:
        lognormal volume 1 (14.8), weibull volume 1 (21.12); triangular and uniform volume 2, chapter 26.
        """
        a, b, c, _ = self.parameters
        match self.family:
            case quantiles.CONSTANT:
                return a, 0.0
            case quantiles.UNIFORM:
                return (a + b) / 2, (b - a) ** 2 / 12
            case quantiles.TRIANGULAR:
                # The squared sides: no difference of large products, hence exact far from 0 too.
                return (a + b + c) / 3, ((b - a) ** 2 + (c - b) ** 2 + (c - a) ** 2) / 36
            case quantiles.EXPONENTIAL:
                return a, a**2
            case quantiles.NORMAL:
                return _truncated_normal_moments(a, abs(b), self.table[0], self.table[1])
            case quantiles.LOGNORMAL:
                return a * math.exp(b**2 / 2), a**2 * math.exp(b**2) * math.expm1(b**2)
            case quantiles.WEIBULL:
                mean = a * math.gamma(1 + b)
                return mean, a**2 * math.gamma(1 + 2 * b) - mean**2
            case quantiles.EMPIRICAL:
                return _step_moments(self.table)
            case _:
                return a, b**2


def sample_ms(distribution: Distribution, u: float) -> int:
    """A duration in whole ms from a distribution in ms: nearest, halves up, never below 0."""
    return whole_ms(distribution.quantile(u))


def standard_normal_share(x: float) -> float:
    """The share of the standard normal distribution below ``x``, exact in the lower tail too."""
    return math.erfc(-x / math.sqrt(2)) / 2


def _truncated_normal_moments(mean: float, sd: float, low: float, high: float) -> tuple[float, float]:
    """Mean and variance of a normal variable known to lie between two bounds.

    Source: N. L. Johnson, S. Kotz, N. Balakrishnan (1994), Continuous Univariate Distributions, volume 1,
    section 10.1: with standardised bounds ``alpha`` and ``beta`` and the share Z between them, the mean moves
    by (phi(alpha) - phi(beta)) / Z standard deviations.
    """
    alpha, beta = (low - mean) / sd, (high - mean) / sd
    if beta - alpha < 1:
        return _narrow_normal_moments(alpha, beta, mean, sd)
    # Seen from the side where the shares are small numbers, they are exact.
    share = (
        standard_normal_share(-alpha) - standard_normal_share(-beta)
        if alpha > 0
        else standard_normal_share(beta) - standard_normal_share(alpha)
    )
    at_low, at_high = _density(alpha), _density(beta)
    shift = (at_low - at_high) / share
    edges = ((alpha * at_low if at_low else 0.0) - (beta * at_high if at_high else 0.0)) / share
    return mean + sd * shift, sd**2 * (1 + edges - shift**2)


def _narrow_normal_moments(alpha: float, beta: float, mean: float, sd: float) -> tuple[float, float]:
    """The same for bounds less than one sd apart, where the closed form would subtract nearly equal numbers.

    20 points of Gauss-Legendre are exact to rounding on so smooth a stretch.
    """
    point, weight = np.polynomial.legendre.leggauss(20)
    centre, half = (alpha + beta) / 2, (beta - alpha) / 2
    # Relative to the density at the centre, which cancels.
    mass = weight * np.exp(-half * point * (centre + half * point / 2))
    mass /= mass.sum()
    at = float(mass @ point)
    return mean + sd * (centre + half * at), (sd * half) ** 2 * float(mass @ (point - at) ** 2)


def _density(x: float) -> float:
    """Density of the standard normal distribution."""
    return math.exp(-x * x / 2) / math.sqrt(2 * math.pi)


def _step_moments(table: tuple[float, ...]) -> tuple[float, float]:
    """Mean and variance of values with cumulative shares."""
    values, cumulative = table[::2], table[1::2]
    shares = [above - below for below, above in zip((0.0, *cumulative), cumulative, strict=False)]
    mean = math.fsum(value * share for value, share in zip(values, shares, strict=True))
    return mean, math.fsum((value - mean) ** 2 * share for value, share in zip(values, shares, strict=True))
