"""Inverse distribution functions: one uniform number becomes one value, the same way in every driver.

Scalars, ``math`` and an indexable table only, so that the same text runs as plain Python and compiled.
Nothing is checked here: the constructors of `simulations.distributions` made sure of the parameters.

A distribution is a family, four parameters and ``nodes`` pairs in a table, the first of them at ``first``:

| family | a | b | c | d | pairs of the table |
|---|---|---|---|---|---|
| constant | value | | | | |
| uniform | low | high | | | |
| triangular | low | mode | high | | |
| exponential | mean | | | | |
| normal | mean | sd, negative if reflected | share at u = 0 | share at u = 1 | (low, high) |
| lognormal | median | sd of the logarithm | | | |
| weibull | scale | 1 / shape | | | |
| empirical | | | | | (value, cumulative share), ascending |
| tabulated | mean | sd | low | high | (value, slope per step) on a grid even in logit(u) |
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from engine.kernel.compiling import shared_function, token_function

__all__ = [
    "CONSTANT",
    "EMPIRICAL",
    "EXPONENTIAL",
    "LOGNORMAL",
    "NORMAL",
    "REACH",
    "TABULATED",
    "TRIANGULAR",
    "UNIFORM",
    "WEIBULL",
    "quantile",
    "standard_normal_quantile",
    "whole_ms",
]

CONSTANT: Final = 0
UNIFORM: Final = 1
TRIANGULAR: Final = 2
EXPONENTIAL: Final = 3
NORMAL: Final = 4
LOGNORMAL: Final = 5
WEIBULL: Final = 6
EMPIRICAL: Final = 7
TABULATED: Final = 8

REACH: Final = 38.0
"""Tables span logit(u) from -38 to 38: beyond every uniform number of 53 bits."""

LONGEST_MS: Final = 1e15
"""About 31 700 years: no duration is longer, so that sums of durations stay below 2**63."""


@shared_function
def quantile(
    family: int,
    a: float,
    b: float,
    c: float,
    d: float,
    table: Sequence[float],
    first: int,
    nodes: int,
    u: float,
) -> float:
    """The value that a share ``u`` of all values does not exceed.

    Args:
        family: One of the families above.
        a: First parameter, see the table above; likewise ``b``, ``c`` and ``d``.
        b: Second parameter.
        c: Third parameter.
        d: Fourth parameter.
        table: Numbers of this distribution, or of many.
        first: Where the pairs of this distribution begin in the table.
        nodes: How many pairs it has.
        u: Uniform number, 0 < u < 1.

    Returns:
        The value, in the unit of the parameters.
    """
    if family == CONSTANT:
        return a
    if family == UNIFORM:
        return a + (b - a) * u
    if family == TRIANGULAR:
        return triangular_quantile(a, b, c, u)
    if family == EXPONENTIAL:
        return -a * math.log1p(-u)
    if family == NORMAL:
        # A weighted sum: c + u (d - c) would lose the digits of a small d where u is close to 1.
        value = a + b * standard_normal_quantile(c * (1.0 - u) + d * u)
        return min(max(value, table[first]), table[first + 1])
    if family == LOGNORMAL:
        return a * math.exp(b * standard_normal_quantile(u))
    if family == WEIBULL:
        return a * math.exp(b * math.log(-math.log1p(-u)))
    if family == EMPIRICAL:
        return step_quantile(table, first, nodes, u)
    return min(max(tabulated_quantile(table, first, nodes, u), c), d)


@token_function
def whole_ms(value: float) -> int:
    """A sampled duration as the engine keeps it: nearest whole ms, halves up, never below 0."""
    if value <= 0.0:
        return 0
    return math.floor(min(value, LONGEST_MS) + 0.5)


@token_function
def triangular_quantile(low: float, mode: float, high: float, u: float) -> float:
    """Inverse of the two parabolas that meet at the mode."""
    width = high - low
    if u * width < mode - low:
        return low + math.sqrt(u * width * (mode - low))
    return high - math.sqrt((1.0 - u) * width * (high - mode))


@token_function
def step_quantile(table: Sequence[float], first: int, nodes: int, u: float) -> float:
    """The first value whose cumulative share reaches ``u``, by halving."""
    below = 0
    above = nodes - 1
    while below < above:
        middle = (below + above) // 2
        if table[first + 2 * middle + 1] < u:
            below = middle + 1
        else:
            above = middle
    return table[first + 2 * below]


@token_function
def tabulated_quantile(table: Sequence[float], first: int, nodes: int, u: float) -> float:
    """Cubic Hermite interpolation in logit(u), with the exact slope at every node."""
    position = (math.log(u / (1.0 - u)) + REACH) * (nodes - 1) / (2.0 * REACH)
    node = min(max(int(position), 0), nodes - 2)
    t = position - node
    at = first + 2 * node
    rise = table[at + 2] - table[at]
    start = table[at + 1]
    end = table[at + 3]
    # Horner's form of the cubic through both values with both slopes.
    return table[at] + t * (start + t * (3.0 * rise - 2.0 * start - end + t * (start + end - 2.0 * rise)))


@shared_function
def standard_normal_quantile(p: float) -> float:
    """Inverse of the standard normal distribution function, 0 < p < 1, to about 1e-15 relative.

    Source: M. J. Wichura (1988), Algorithm AS 241, Applied Statistics 37(3), PPND16: a quotient of two
    polynomials of degree 7 in the middle, another in the tails and a third in the far tails.
    """
    q = p - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        above = 3.3430575583588128105e4 + r * 2.5090809287301226727e3
        above = 4.5921953931549871457e4 + r * (6.7265770927008700853e4 + r * above)
        above = 1.9715909503065514427e3 + r * (1.3731693765509461125e4 + r * above)
        above = 3.3871328727963666080e0 + r * (1.3314166789178437745e2 + r * above)
        below = 2.8729085735721942674e4 + r * 5.2264952788528545610e3
        below = 2.1213794301586595867e4 + r * (3.9307895800092710610e4 + r * below)
        below = 6.8718700749205790830e2 + r * (5.3941960214247511077e3 + r * below)
        below = 1.0 + r * (4.2313330701600911252e1 + r * below)
        return q * above / below
    r = math.sqrt(-math.log(p if q < 0.0 else 1.0 - p))
    if r <= 5.0:
        r -= 1.6
        above = 2.27238449892691845833e-2 + r * 7.74545014278341407640e-4
        above = 1.27045825245236838258e0 + r * (2.41780725177450611770e-1 + r * above)
        above = 5.76949722146069140550e0 + r * (3.64784832476320460504e0 + r * above)
        above = 1.42343711074968357734e0 + r * (4.63033784615654529590e0 + r * above)
        below = 5.47593808499534494600e-4 + r * 1.05075007164441684324e-9
        below = 1.48103976427480074590e-1 + r * (1.51986665636164571966e-2 + r * below)
        below = 1.67638483018380384940e0 + r * (6.89767334985100004550e-1 + r * below)
        below = 1.0 + r * (2.05319162663775882187e0 + r * below)
    else:
        r -= 5.0
        above = 2.71155556874348757815e-5 + r * 2.01033439929228813265e-7
        above = 2.65321895265761230930e-2 + r * (1.24266094738807843860e-3 + r * above)
        above = 1.78482653991729133580e0 + r * (2.96560571828504891230e-1 + r * above)
        above = 6.65790464350110377720e0 + r * (5.46378491116411436990e0 + r * above)
        below = 1.42151175831644588870e-7 + r * 2.04426310338993978564e-15
        below = 7.86869131145613259100e-4 + r * (1.84631831751005468180e-5 + r * below)
        below = 1.36929880922735805310e-1 + r * (1.48753612908506148525e-2 + r * below)
        below = 1.0 + r * (5.99832206555887937690e-1 + r * below)
    return math.copysign(above / below, q)
