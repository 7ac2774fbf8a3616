from __future__ import annotations

import math

import numpy as np
import pytest

from simulations.estimates import (
    certain_value,
    estimate,
    estimates,
    mean_over_replications,
    percentile_interval,
    pooled_percentile,
    share_over_replications,
)
from tests.support.summaries import replication, replications


def test_mean_and_interval_are_over_replications() -> None:
    """Replication means 10, 12 and 14 (of 1, 2 and 3 cases): 12 with half-width t(2) * 2 / sqrt(3)."""
    found = estimate("days", replications("days", [[10], [11, 13], [12, 14, 16]]), seed=1)
    assert found is not None
    t = 0.95 * math.sqrt(2 / (1 - 0.95**2))  # Student with 2 degrees of freedom has this closed form
    assert found.mean == pytest.approx(12.0)
    assert found.ci95 == pytest.approx((12 - t * 2 / math.sqrt(3), 12 + t * 2 / math.sqrt(3)))
    assert (found.cases, found.replications, found.empty_replications) == (6, 3, 0)


def test_percentiles_are_observed_values_that_the_share_keeps() -> None:
    """Of 1 to 20, half keep 10, 80 % keep 16, 90 % keep 18, 95 % keep 19: whatever the replication."""
    values = list(range(1, 21))
    found = estimate("days", replications("days", [values[::2], values[1::2]]), seed=1)
    assert found is not None
    assert (found.p50, found.p80, found.p90, found.p95) == (10.0, 16.0, 18.0, 19.0)


@pytest.mark.parametrize("size", range(1, 201))
def test_a_percentile_counts_whole_cases(size: int) -> None:
    """Rounding of share times size never moves the rank: ceil(9 n / 10) in whole numbers."""
    assert pooled_percentile(np.arange(1.0, size + 1), 0.9) == -(-9 * size // 10)


def test_one_replication_bears_no_interval() -> None:
    """No interval is invented from the cases of a single replication."""
    found = estimate("days", replications("days", [[1, 2, 3]]), seed=1)
    assert found is not None
    assert (found.mean, found.ci95, found.p90_ci95) == (2.0, None, None)


def test_replications_without_cases_are_left_out_and_counted() -> None:
    """An empty replication says nothing about a case."""
    found = estimate("days", replications("days", [[4, 6], [], [7]]), seed=1)
    assert found is not None
    assert (found.mean, found.replications, found.empty_replications) == (6.0, 2, 1)


def test_no_case_no_estimate() -> None:
    """Where nothing finished there is no number."""
    assert estimate("days", replications("days", [[], []]), seed=1) is None
    assert estimates(replications("days", [[], []]), seed=1) == {}


def test_estimates_come_in_the_order_of_the_columns() -> None:
    """Every indicator of the replications, and never the case numbers."""
    runs = [replication(n, serial_days=[n], elapsed_days=[2 * n], cost=[0]) for n in range(3)]
    assert list(estimates(runs, seed=1)) == ["serial_days", "elapsed_days", "cost"]


def test_equal_values_have_an_exact_interval() -> None:
    """0.1 in every replication is exactly 0.1, which no sum of rounded numbers may spoil."""
    assert mean_over_replications([0.1] * 7).ci95 == (0.1, 0.1)


def test_a_share_is_one_of_replications_and_stays_between_0_and_1() -> None:
    """Shares 1, 1, 1 and 0.5: their mean, and an interval cut at 1."""
    columns = [np.array(row, np.float64) for row in ([1], [1, 1], [1], [1, 9])]
    found = share_over_replications(columns, lambda values: values < 5)
    assert found.mean == 0.875
    assert found.ci95 is not None
    assert found.ci95[0] == pytest.approx(0.875 - 3.182446305284263 * 0.25 / 2)
    assert found.ci95[1] == 1.0


def test_only_a_single_replication_without_variation_is_certain() -> None:
    """Several equal cases of one replication; not one case, not different ones, not several replications."""
    same = np.array([6.0, 6.0])
    assert certain_value([same]) == 6.0
    assert certain_value([same[:1]]) is None
    assert certain_value([np.array([6.0, 7.0])]) is None
    assert certain_value([same, same]) is None


def test_the_percentile_interval_is_drawn_from_its_seed_alone() -> None:
    """The same seed gives the same interval, another one may not; a negative seed is a seed too."""
    chance = np.random.default_rng(5)
    columns = [chance.exponential(10, 50) for _ in range(12)]
    first = percentile_interval(columns, 0.9, 7)
    assert first == percentile_interval(columns, 0.9, 7)
    assert first != percentile_interval(columns, 0.9, 8)
    assert percentile_interval(columns, 0.9, -1) is not None


def test_the_percentile_interval_of_two_replications_by_hand() -> None:
    """Percentiles 1 and 3: a quarter of the resamples has 1, the rest 3, which is also the pooled one.

    Standard deviation 2 * sqrt(3) / 4, times sqrt(2) for two replications, times t(1) = 12.706.
    """
    found = percentile_interval([np.array([1.0]), np.array([3.0])], 0.9, 1)
    assert found is not None
    half = 12.7062 * 2**0.5 * 2 * 3**0.5 / 4
    assert found == pytest.approx((3 - half, 3 + half), rel=0.1)
    assert percentile_interval([np.array([1.0, 2.0])], 0.9, 1) is None


def test_the_percentile_interval_of_equal_replications_is_a_point() -> None:
    """Where replications do not differ, resampling them changes nothing."""
    assert percentile_interval([np.arange(1.0, 11.0)] * 8, 0.9, 1) == (9.0, 9.0)
