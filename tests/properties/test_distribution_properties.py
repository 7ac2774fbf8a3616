import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
    triangular,
    uniform,
    weibull,
)

amount = st.floats(0.01, 1e6)
share = st.floats(1e-9, 1 - 1e-9)
variation = st.floats(0.02, 5)
number = st.floats(-1e6, 1e6)


@st.composite
def three_points(draw: st.DrawFn) -> tuple[float, float, float]:
    """Low, mode, high with some room between the ends."""
    low, width = draw(number), draw(st.floats(0.1, 1e6))
    return low, low + draw(st.floats(0, 1)) * width, low + width


@st.composite
def betas(draw: st.DrawFn) -> Distribution:
    """Beta distributions by shapes that a table can hold."""
    low, width = draw(number), draw(st.floats(0.1, 1e6))
    a, b = draw(st.floats(0.2, 50)), draw(st.floats(0.2, 50))
    sd = math.sqrt(a * b / (a + b + 1)) / (a + b)
    return beta(low, low + width, low + width * a / (a + b), width * sd)


distributions = st.one_of(
    number.map(constant),
    three_points().map(lambda p: uniform(p[0], p[2])),
    three_points().map(lambda p: triangular(*p)),
    three_points().map(lambda p: pert(*p)),
    amount.map(exponential),
    st.tuples(amount, variation).map(lambda p: normal(p[0], p[0] * p[1])),
    st.tuples(amount, variation).map(lambda p: lognormal(p[0], p[0] * p[1])),
    st.tuples(amount, variation).map(lambda p: gamma(p[0], p[0] * p[1])),
    st.tuples(st.integers(1, 100), amount).map(lambda p: erlang(*p)),
    st.tuples(st.floats(0.2, 20), amount).map(lambda p: weibull(*p)),
    betas(),
    st.lists(number, min_size=1).map(empirical),
)


def rounding(*values: float) -> float:
    """What a few roundings may change."""
    return 1e-12 * max(map(abs, values)) + 1e-12


@given(distributions, share, share)
@settings(max_examples=150, deadline=None)
def test_quantiles_rise_with_the_share(distribution: Distribution, one: float, other: float) -> None:
    """A larger uniform number never gives a smaller value."""
    smaller, larger = sorted((one, other))
    low, high = distribution.quantile(smaller), distribution.quantile(larger)
    assert low <= high + rounding(low, high, math.sqrt(distribution.variance))


@given(distributions, st.floats(1e-3, 1e8), share)
@settings(max_examples=150, deadline=None)
def test_scaling_scales_values_and_moments(distribution: Distribution, factor: float, u: float) -> None:
    """Another unit changes every value, the mean and the sd by the factor."""
    scaled = distribution.scaled(factor)
    value = distribution.quantile(u)
    near = factor * rounding(value, distribution.mean, math.sqrt(distribution.variance))
    assert scaled.quantile(u) == pytest.approx(factor * value, rel=1e-9, abs=near)
    assert scaled.mean == pytest.approx(factor * distribution.mean, rel=1e-9, abs=near)
    assert scaled.variance == pytest.approx(factor**2 * distribution.variance, rel=1e-6, abs=1e-9)
    assert scaled.is_nonnegative == distribution.is_nonnegative


@given(distributions, share)
@settings(max_examples=150, deadline=None)
def test_nonnegative_distributions_give_no_negative_value(distribution: Distribution, u: float) -> None:
    """What calls itself a duration is one."""
    assert not distribution.is_nonnegative or distribution.quantile(u) >= 0


@given(st.tuples(amount, amount), share)
@settings(max_examples=50, deadline=None)
def test_longer_distributions_give_longer_values(means: tuple[float, float], u: float) -> None:
    """With common random numbers a longer mean of the same shape is longer in every draw."""
    shorter, longer = sorted(means)
    assert gamma(shorter, shorter / 2).quantile(u) <= gamma(longer, longer / 2).quantile(u) * (1 + 1e-12)
