"""Do the intervals cover what they say?

Each test repeats a study many times on numbers whose truth is known, and counts how often the interval held
it. The bounds are those of the binomial distribution, at which a right interval fails once in ten thousand;
and they are narrow enough to see an interval that is a fifth too short.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special, stats

from simulations.comparison import compare
from simulations.estimates import (
    Interval,
    mean_over_replications,
    percentile_interval,
    share_over_replications,
)
from tests.support.summaries import replications

STUDIES = 4000


def covered(intervals: list[Interval | None], truth: float) -> int:
    """How many intervals hold the truth."""
    return sum(interval is not None and interval[0] <= truth <= interval[1] for interval in intervals)


def bounds(share: float, studies: int, chance: float = 1e-4) -> tuple[float, float]:
    """Between which counts a right interval stays but once in ten thousand."""
    law = stats.binom(studies, share)
    return float(law.ppf(chance / 2)), float(law.ppf(1 - chance / 2))


@pytest.mark.parametrize("number", [2, 5, 30])
def test_the_t_interval_covers_a_normal_mean_95_times_in_100(number: int) -> None:
    """Exact for normal replication means, from two replications on."""
    chance = np.random.default_rng(number)
    samples = chance.normal(10.0, 3.0, (STUDIES, number))
    intervals = [mean_over_replications(sample).ci95 for sample in samples]
    low, high = bounds(0.95, STUDIES)
    assert low <= covered(intervals, 10.0) <= high


def test_the_bounds_would_see_a_normal_quantile_in_the_place_of_students() -> None:
    """The power of the test above: with 1.96 and five replications the interval is caught."""
    samples = np.random.default_rng(5).normal(10.0, 3.0, (STUDIES, 5))
    half = 1.96 * samples.std(axis=1, ddof=1) / 5**0.5
    mean = samples.mean(axis=1)
    intervals: list[Interval | None] = [(float(m - h), float(m + h)) for m, h in zip(mean, half, strict=True)]
    assert covered(intervals, 10.0) < bounds(0.95, STUDIES)[0]


def test_the_t_interval_covers_the_mean_of_exponential_cases() -> None:
    """Means of 50 exponential cases are nearly normal: 20 replications cover all but a point of 95 %."""
    chance = np.random.default_rng(2)
    samples = chance.exponential(7.0, (STUDIES, 20, 50)).mean(axis=2)
    intervals = [mean_over_replications(sample).ci95 for sample in samples]
    assert bounds(0.94, STUDIES)[0] <= covered(intervals, 7.0) <= bounds(0.95, STUDIES)[1]


def test_a_share_of_dependent_cases_is_covered_where_a_binomial_interval_is_not() -> None:
    """Each replication has its own chance for all its cases, from a beta distribution of mean 0.8."""
    chance = np.random.default_rng(3)
    ours: list[Interval | None] = []
    binomial: list[Interval | None] = []
    for _ in range(1000):
        own = chance.beta(16, 4, 20)
        columns = [(chance.random(100) < p).astype(np.float64) for p in own]
        ours.append(share_over_replications(columns, lambda values: values > 0.5).ci95)
        share = float(np.mean(columns))
        half = 1.96 * (share * (1 - share) / 2000) ** 0.5
        binomial.append((share - half, share + half))
    assert bounds(0.93, 1000)[0] <= covered(ours, 0.8) <= bounds(0.955, 1000)[1]
    assert covered(binomial, 0.8) < 700


@pytest.mark.parametrize(("number", "level"), [(5, 0.3), (8, 1.0), (20, 0.3), (40, 0.3)])
def test_the_percentile_interval_covers_the_90th_percentile(number: int, level: float) -> None:
    """Cases that share a replication's level, both normal: about 95 %, also of few replications."""
    chance = np.random.default_rng(number)
    studies = 300
    truth = 10.0 + float(special.ndtri(0.9)) * (1 + level**2) ** 0.5
    intervals = []
    for study in range(studies):
        levels = chance.normal(10.0, level, (number, 1))
        intervals.append(percentile_interval(list(levels + chance.normal(0.0, 1.0, (number, 40))), 0.9, study))
    assert bounds(0.92, studies)[0] <= covered(intervals, truth) <= bounds(0.97, studies)[1]


def test_resampling_cases_in_the_place_of_replications_would_be_seen() -> None:
    """The power of the test above: cases taken for independent make an interval that is far too short."""
    chance = np.random.default_rng(9)
    truth = 10.0 + float(special.ndtri(0.9)) * 2**0.5
    intervals = []
    for study in range(80):
        cases = chance.normal(10.0, 1.0, (8, 1)) + chance.normal(0.0, 1.0, (8, 15))
        intervals.append(percentile_interval(list(cases.reshape(-1, 1)), 0.9, study))
    assert covered(intervals, truth) < bounds(0.92, 80)[0]


def test_the_paired_interval_is_narrower_by_the_correlation() -> None:
    """The variance of a difference is 2 (1 - r) in the place of 2: r = 0.9 leaves 0.316 of the width."""
    chance = np.random.default_rng(11)
    ratios, correlations = [], []
    for _ in range(200):
        common = chance.normal(0.0, 1.0, (2, 30)) * np.array([[0.9], [0.9]]) ** 0.5
        common[1] = common[0]
        x, y = common + chance.normal(0.0, 0.1**0.5, (2, 30))
        before, after = replications("days", [[v] for v in x]), replications("days", [[v] for v in y])
        apart = [type(r)(r.number + 100, r.cases, r.started, r.finished, r.unfinished) for r in after]
        paired, welch = compare("days", "a", before, "b", after), compare("days", "a", before, "b", apart)
        assert paired is not None
        assert welch is not None
        assert paired.ci95 is not None
        assert welch.ci95 is not None
        assert paired.correlation is not None
        assert (paired.paired, welch.paired) == (True, False)
        ratios.append((paired.ci95[1] - paired.ci95[0]) / (welch.ci95[1] - welch.ci95[0]))
        correlations.append(paired.correlation)
    assert np.mean(correlations) == pytest.approx(0.9, abs=0.02)
    assert np.mean(ratios) == pytest.approx((1 - 0.9) ** 0.5, rel=0.06)


def test_paired_and_welch_intervals_cover_the_difference() -> None:
    """Both 95 times in 100; Welch with unequal variances and sizes, paired with correlated variants."""
    chance = np.random.default_rng(12)
    paired: list[Interval | None] = []
    welch: list[Interval | None] = []
    for _ in range(1500):
        common = chance.normal(0.0, 2.0, 12)
        x, y = common + chance.normal(5.0, 1.0, 12), common + chance.normal(3.0, 1.5, 12)
        before = replications("days", [[v] for v in x])
        found = compare("days", "a", before, "b", replications("days", [[v] for v in y]))
        few = replications("days", [[v] for v in chance.normal(3.0, 6.0, 6)])
        apart = compare("days", "a", before, "b", few)
        assert found is not None
        assert apart is not None
        paired.append(found.ci95)
        welch.append(apart.ci95)
    assert bounds(0.95, 1500)[0] <= covered(paired, -2.0) <= bounds(0.95, 1500)[1]
    assert bounds(0.94, 1500)[0] <= covered(welch, -2.0) <= bounds(0.96, 1500)[1]
