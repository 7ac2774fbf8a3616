"""Quantile tables for distributions whose inverse has no closed form: gamma and beta.

The nodes are even in logit(u), so that both tails are as exact as the middle; every node carries its exact
slope, and values in between are cubic Hermite interpolation. scipy is needed only here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from simulations.distributions.quantiles import REACH

__all__ = ["beta_table", "gamma_table"]

Column: TypeAlias = npt.NDArray[np.float64]
Inverse: TypeAlias = Callable[[Column, Column, npt.NDArray[np.bool_]], tuple[Column, Column]]

FEWEST_NODES: Final = 1024
MOST_NODES: Final = 16384
TOLERANCE: Final = 2e-8
"""Largest interpolation error, in standard deviations, that is left between two nodes."""


def gamma_table(shape: float) -> tuple[float, ...]:
    """Table of the gamma distribution with scale 1 and the given shape, 0.01 to 1e4."""
    from scipy import special

    def inverse(p: Column, q: Column, upper: npt.NDArray[np.bool_]) -> tuple[Column, Column]:
        value = _of_the_smaller(upper, special.gammaincinv(shape, p), special.gammainccinv(shape, q))
        return value, special.xlogy(shape - 1, value) - value - special.gammaln(shape)

    return _table(inverse, sd=shape**0.5)


def beta_table(a: float, b: float) -> tuple[float, ...]:
    """Table of the beta distribution on [0, 1] with shapes ``a`` and ``b``, 0.1 to 1e6."""
    from scipy import special

    def inverse(p: Column, q: Column, upper: npt.NDArray[np.bool_]) -> tuple[Column, Column]:
        from_low = special.betaincinv(a, b, p)
        from_high = special.betaincinv(b, a, q)
        value = _of_the_smaller(upper, from_low, 1 - from_high)
        rest = _of_the_smaller(upper, 1 - from_low, from_high)
        return value, special.xlogy(a - 1, value) + special.xlogy(b - 1, rest) - special.betaln(a, b)

    return _table(inverse, sd=(a * b / (a + b + 1)) ** 0.5 / (a + b))


def _table(inverse: Inverse, sd: float) -> tuple[float, ...]:
    """Pairs (value, slope per step): as many as the tolerance needs.

    Args:
        inverse: From (share below, share above, whether the latter is the smaller) to value and log density.
        sd: Standard deviation, the measure of the tolerance.
    """
    nodes = FEWEST_NODES
    while True:
        # Every second row is a node; the rows between them judge the interpolation.
        z = np.linspace(-REACH, REACH, 2 * nodes - 1)
        p = 1 / (1 + np.exp(-z))
        q = 1 / (1 + np.exp(z))
        value, log_density = inverse(p, q, z >= 0)
        # dx/dz = (du/dz) / (du/dx): the logistic density over the density of the value.
        slope = np.exp(np.log(p) + np.log(q) - log_density) * (z[2] - z[0])
        start, end = slice(None, -2, 2), slice(2, None, 2)
        middle = (value[start] + value[end]) / 2 + (slope[start] - slope[end]) / 8
        if nodes >= MOST_NODES or float(np.max(np.abs(middle - value[1::2]))) <= TOLERANCE * sd:
            return tuple(np.stack([value[::2], slope[::2]], axis=1).ravel().tolist())
        nodes *= 2


def _of_the_smaller(upper: npt.NDArray[np.bool_], lower_tail: Column, upper_tail: Column) -> Column:
    """Each value from the tail whose share is the smaller, hence the more exact."""
    return np.where(upper, upper_tail, lower_tail)
