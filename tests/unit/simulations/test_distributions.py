import math
from collections.abc import Callable
from dataclasses import FrozenInstanceError

import pytest

from simulations.distributions import (
    Distribution,
    SamplingError,
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
    sample_ms,
    triangular,
    uniform,
    weibull,
    whole_ms,
)

INFINITE = math.inf


def test_closed_forms_at_known_shares() -> None:
    """Families with a closed inverse give the value that can be worked out by hand."""
    assert constant(7).quantile(0.3) == 7
    assert uniform(10, 20).quantile(0.25) == 12.5
    assert triangular(0, 1, 2).quantile(0.125) == 0.5
    assert triangular(0, 1, 2).quantile(0.875) == 1.5
    assert exponential(10).quantile(0.5) == pytest.approx(10 * math.log(2))
    assert weibull(2, 3).quantile(1 - math.exp(-4)) == pytest.approx(6)
    assert normal(10, 2, low=-INFINITE).quantile(0.5) == 10
    assert lognormal(10, 10).quantile(0.5) == pytest.approx(10 / math.sqrt(2))


def test_triangular_with_the_mode_at_an_end() -> None:
    """The mode may be the lowest or the highest value."""
    assert triangular(0, 0, 1).quantile(0.75) == pytest.approx(0.5)
    assert triangular(0, 1, 1).quantile(0.25) == pytest.approx(0.5)


def test_one_step_of_erlang_is_exponential() -> None:
    """Erlang with one step is the exponential distribution."""
    for u in (1e-6, 0.1, 0.5, 0.9, 1 - 1e-6):
        assert erlang(1, 30).quantile(u) == pytest.approx(exponential(30).quantile(u), abs=3e-6)


def test_pert_is_the_beta_distribution_of_its_moments() -> None:
    """Pert and beta with the same range, mean and sd are the same distribution."""
    one = pert(1, 2, 8)
    other = beta(1, 8, one.mean, math.sqrt(one.variance))
    assert [one.quantile(u) for u in (0.01, 0.5, 0.99)] == pytest.approx([other.quantile(u) for u in (0.01, 0.5, 0.99)])


def test_empirical_draws_only_its_values() -> None:
    """Each value holds the share of its weight, ties together, a weight of 0 never."""
    distribution = empirical([5, 1, 5, 9], [1, 2, 1, 0])
    assert [distribution.quantile(u) for u in (1e-12, 0.499, 0.5, 0.501, 1 - 1e-12)] == [1, 1, 1, 5, 5]
    assert (distribution.mean, distribution.variance) == (3, 4)
    assert {empirical([3, 4]).quantile(u) for u in (0.4, 0.6)} == {3, 4}


def test_discrete_draws_indices() -> None:
    """An enumeration draws the index of a weight."""
    assert [discrete([0.2, 0.0, 0.8]).quantile(u) for u in (0.1, 0.3)] == [0, 2]


def test_normal_stays_within_its_bounds() -> None:
    """Truncation holds to the last digit, in the upper tail as well as in the lower one."""
    for low, high in ((0.0, INFINITE), (0.0, 1.0), (14.0, 15.0), (-INFINITE, 3.0), (4.0, 6.0)):
        distribution = normal(5, 2, low=low, high=high)
        for u in (1e-16, 1e-9, 0.5, 1 - 1e-9, 1 - 1e-16):
            assert low <= distribution.quantile(u) <= high


def test_bounded_tables_stay_within_their_bounds() -> None:
    """Interpolation never leaves the range."""
    for distribution, low, high in ((pert(3, 3, 4), 3, 4), (beta(0, 1, 0.5, 0.4), 0, 1)):
        for u in (5e-17, 1e-9, 1 - 1e-9, 1 - 1.2e-16):
            assert low <= distribution.quantile(u) <= high


def test_durations_are_whole_ms() -> None:
    """Halves go up, negative values become 0, and no duration overflows."""
    assert [whole_ms(x) for x in (-3.0, 0.0, 0.49, 0.5, 1.5, 2.4)] == [0, 0, 0, 1, 2, 2]
    assert whole_ms(math.inf) < 2**53
    assert sample_ms(constant(2.5), 0.1) == 3
    assert sample_ms(uniform(-10, -5), 0.1) == 0


def test_nonnegative_is_known() -> None:
    """Whoever needs durations can ask."""
    durations = [
        constant(0),
        uniform(0, 1),
        normal(1, 1),
        lognormal(1, 1),
        gamma(1, 1),
        empirical([0, 1]),
        weibull(1, 1),
        pert(0, 1, 2),
        exponential(1),
    ]
    others = [
        constant(-1),
        uniform(-1, 1),
        triangular(-1, 0, 1),
        normal(1, 1, low=-1),
        empirical([-1, 1]),
        pert(-1, 1, 2),
    ]
    assert all(distribution.is_nonnegative for distribution in durations)
    assert not any(distribution.is_nonnegative for distribution in others)


def test_distributions_are_values() -> None:
    """Equal parameters make equal, hashable, frozen distributions of plain numbers."""
    assert gamma(2, 1) == gamma(2, 1)
    assert hash(pert(1, 2, 3)) == hash(pert(1, 2, 3))
    assert all(type(number) is float for number in (*gamma(2, 1).table, *uniform(1, 2).parameters))
    with pytest.raises(FrozenInstanceError):
        constant(1).family = 2  # type: ignore[misc]  # the refusal is what is tested


NAN = math.nan
REFUSALS: dict[str, tuple[Callable[[], object], str]] = {
    "constant": (lambda: constant(NAN), "x of constant to be an ordinary number, but it is nan"),
    "uniform empty": (lambda: uniform(2, 2), "low of uniform to be below high, but low is 2 and high is 2"),
    "uniform infinite": (lambda: uniform(0, INFINITE), "high of uniform to be an ordinary number"),
    "triangular order": (lambda: triangular(3, 2, 1), "low of triangular to be below high"),
    "triangular mode": (lambda: triangular(1, 4, 3), "mode of triangular to lie between low 1 and high 3"),
    "triangular nan": (lambda: triangular(1, NAN, 3), "mode of triangular to be an ordinary number"),
    "pert mode": (lambda: pert(1, 0, 3), "mode of pert to lie between low 1 and high 3, but it is 0"),
    "pert empty": (lambda: pert(3, 3, 3), "low of pert to be below high"),
    "exponential": (lambda: exponential(0), "mean of exponential to be above 0, but it is 0"),
    "normal sd": (lambda: normal(1, 0), "sd of normal to be above 0"),
    "normal mean": (lambda: normal(NAN, 1), "mean of normal to be an ordinary number"),
    "normal bounds": (lambda: normal(1, 1, low=2, high=1), "low of normal to be below high"),
    "normal far": (lambda: normal(1, 1, low=10), "bounds 10 to inf to keep a share of at least 1e-09"),
    "normal nan": (lambda: normal(1, 1, low=NAN), "low of normal to be below high, but low is nan"),
    "lognormal mean": (lambda: lognormal(-1, 1), "mean of lognormal to be above 0, but it is -1"),
    "lognormal sd": (lambda: lognormal(1, 0), "sd of lognormal to be above 0"),
    "lognormal wide": (lambda: lognormal(1, 2000), "sd of lognormal to be between 0.0 and 1000.0 times"),
    "gamma mean": (lambda: gamma(0, 1), "mean of gamma to be above 0"),
    "gamma narrow": (lambda: gamma(1, 0.001), "sd of gamma to be between 0.01 and 10.0 times the mean 1"),
    "gamma wide": (lambda: gamma(1, 11), "sd of gamma to be between 0.01 and 10.0 times the mean 1"),
    "erlang shape": (lambda: erlang(1.5, 2), "shape of erlang to be a whole number"),  # type: ignore[arg-type] # tested
    "erlang large": (lambda: erlang(20000, 2), "whole number from 1 to 10000, but it is 20000"),
    "erlang zero": (lambda: erlang(0, 2), "shape of erlang to be above 0"),
    "beta order": (lambda: beta(1, 0, 0.5, 0.1), "low of beta to be below high"),
    "beta mean": (lambda: beta(0, 1, 1, 0.1), "mean of beta to lie between low 0 and high 1, but it is 1"),
    "beta wide": (lambda: beta(0, 1, 0.5, 0.5), "sd of beta to fit between low 0 and high 1"),
    "beta narrow": (lambda: beta(0, 1, 0.5, 1e-5), "practically a fixed value"),
    "beta sd": (lambda: beta(0, 1, 0.5, 0), "sd of beta to be above 0"),
    "weibull scale": (lambda: weibull(1, 0), "scale of weibull to be above 0"),
    "weibull shape": (lambda: weibull(0.01, 1), "shape of weibull to be between 0.05 and 1000.0"),
    "no values": (lambda: empirical([]), "empirical to list at least one value"),
    "weights": (lambda: empirical([1, 2], [1]), "each of the 2 values, but there are 1 weights"),
    "weight": (lambda: empirical([1, 2], [1, -1]), "every weight to be 0 or more, but weight 2 is -1"),
    "no weight": (lambda: empirical([1, 2], [0, 0]), "at least one weight above 0"),
    "value": (lambda: empirical([1, NAN]), "value 2 of empirical to be an ordinary number"),
    "scaled": (lambda: constant(1).scaled(0), "factor of scaled to be above 0, but it is 0"),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_refusals_say_what_was_expected(name: str) -> None:
    """Parameters that make no sense are refused with a sentence, a cure, and both in Chinese."""
    build, sentence = REFUSALS[name]
    with pytest.raises(SamplingError, match=r"^Expected .*, but ") as refusal:
        build()
    assert sentence in str(refusal.value)
    assert isinstance(refusal.value, ValueError)
    for language in ("en", "zh"):
        assert "{" not in refusal.value.finding.describe(language)
    assert refusal.value.finding.message("zh").endswith("。")


def test_scaled_leaves_the_original_alone() -> None:
    """A change of unit makes a new distribution."""
    minutes = empirical([1, 2], [1, 3])
    milliseconds = minutes.scaled(60_000)
    assert (minutes.quantile(0.9), milliseconds.quantile(0.9)) == (2, 120_000)
    assert isinstance(milliseconds, Distribution)
