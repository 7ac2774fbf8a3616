from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from simulations.comparison import compare, differences
from tests.support.summaries import replication, replications


def test_pairs_are_compared_by_their_number() -> None:
    """Differences -2, -3 and -4 of pairs given in different order: mean -3, half-width 4.303 / sqrt(3)."""
    before = [replication(n, serial_days=[value]) for n, value in ((0, 10.0), (1, 20.0), (2, 30.0))]
    after = [replication(n, serial_days=[value]) for n, value in ((2, 26.0), (0, 8.0), (1, 17.0))]
    found = compare("serial_days", "before", before, "after", after)
    assert found is not None
    half = 4.302652729911275 / math.sqrt(3)
    assert found.difference == pytest.approx(-3.0)
    assert found.ci95 == pytest.approx((-3 - half, -3 + half))
    assert (found.paired, found.replications, found.verdict) == (True, 3, "shorter")
    assert found.correlation == pytest.approx(9 / math.sqrt(81.0), abs=0.002)


@pytest.mark.parametrize(
    ("indicator", "less", "more"),
    [
        ("serial_days", "shorter", "longer"),
        ("working_days", "shorter", "longer"),
        ("hours", "shorter", "longer"),
        ("procedures", "fewer", "more"),
        ("visits", "fewer", "more"),
        ("documents", "fewer", "more"),
        ("cost", "lower", "higher"),
    ],
)
def test_the_word_fits_what_is_measured(indicator: str, less: str, more: str) -> None:
    """Times are shorter, counts fewer, all else lower; equal differences are exact."""
    low, high = replications(indicator, [[1], [2]]), replications(indicator, [[3], [4]])
    down, up = compare(indicator, "a", high, "b", low), compare(indicator, "a", low, "b", high)
    assert down is not None
    assert up is not None
    assert (down.verdict, down.difference, down.ci95) == (less, -2.0, (-2.0, -2.0))
    assert (up.verdict, up.difference, up.ci95) == (more, 2.0, (2.0, 2.0))


@pytest.mark.parametrize("rows", [[[1], [3]], [[2], [1]], [[1], [2]]])
def test_an_interval_that_holds_0_distinguishes_nothing(rows: list[list[float]]) -> None:
    """Too wide an interval, or no difference at all."""
    found = compare("cost", "a", replications("cost", [[1], [2]]), "b", replications("cost", rows))
    assert found is not None
    assert found.verdict == "not_distinguishable"


def test_rounding_is_no_difference() -> None:
    """0.1 + 0.2 is not more than 0.3."""
    a, b = replications("cost", [[0.3], [0.3]]), replications("cost", [[0.1 + 0.2], [0.1 + 0.2]])
    found = compare("cost", "a", a, "b", b)
    assert found is not None
    assert found.verdict == "not_distinguishable"


def test_other_replications_are_compared_by_welch() -> None:
    """Welch by hand: variances 1 of 3 and 4 of 3 give error sqrt(5/3) and 2.941 degrees of freedom."""
    a = replications("cost", [[1], [2], [3]])
    b = [replication(n, cost=[value]) for n, value in ((5, 8.0), (6, 10.0), (7, 12.0))]
    found = compare("cost", "a", a, "b", b)
    assert found is not None
    assert (found.paired, found.correlation, found.difference) == (False, None, 8.0)
    assert found.ci95 is not None
    half = (found.ci95[1] - found.ci95[0]) / 2
    freedom = (5 / 3) ** 2 / ((1 / 3) ** 2 / 2 + (4 / 3) ** 2 / 2)
    assert freedom == pytest.approx(2.941, abs=1e-3)
    assert 3.182446 * math.sqrt(5 / 3) < half < 4.302653 * math.sqrt(5 / 3)  # t of 3 and of 2 degrees
    assert half == pytest.approx(3.2191 * math.sqrt(5 / 3), rel=1e-3)
    assert found.verdict == "higher"


def test_welch_of_values_that_do_not_vary_is_exact() -> None:
    """Six against fourteen procedures, always."""
    found = compare(
        "procedures", "a", replications("procedures", [[14]] * 2), "b", replications("procedures", [[6]] * 3)
    )
    assert found is not None
    assert (found.ci95, found.verdict) == ((-8.0, -8.0), "fewer")


def test_pairs_without_cases_are_left_out() -> None:
    """A pair needs finished cases on both sides."""
    found = compare(
        "cost", "a", replications("cost", [[1], [], [3], [4]]), "b", replications("cost", [[2], [9], [], [5]])
    )
    assert found is not None
    assert (found.paired, found.replications, found.difference) == (True, 2, 1.0)


def test_no_common_cases_no_difference() -> None:
    """Where no pair has cases on both sides there is nothing to say."""
    assert compare("cost", "a", replications("cost", [[1], []]), "b", replications("cost", [[], [1]])) is None


def test_one_pair_distinguishes_only_what_never_varies() -> None:
    """No interval from a single pair; 6 instead of 14 in every case is a difference all the same."""
    fourteen, six = replications("procedures", [[14, 14]]), replications("procedures", [[6, 6]])
    varying = replications("procedures", [[6, 7]])
    sure, unsure = (
        compare("procedures", "a", fourteen, "b", six),
        compare("procedures", "a", fourteen, "b", varying),
    )
    assert sure is not None
    assert unsure is not None
    assert (sure.ci95, sure.verdict) == (None, "fewer")
    assert (unsure.ci95, unsure.verdict) == (None, "not_distinguishable")


def test_all_variants_are_compared_with_the_first_where_both_have_the_indicator() -> None:
    """In the order of the variants, then of the first one's columns."""
    runs = {
        "before": [replication(n, serial_days=[9], old_days=[1], cost=[5]) for n in range(2)],
        "after": [replication(n, cost=[4], serial_days=[8], new_days=[1]) for n in range(2)],
        "later": [replication(n, serial_days=[7]) for n in range(2)],
    }
    assert [(d.base, d.variant, d.indicator, d.difference) for d in differences(runs)] == [
        ("before", "after", "serial_days", -1.0),
        ("before", "after", "cost", -1.0),
        ("before", "later", "serial_days", -2.0),
    ]


def test_several_variants_are_judged_together() -> None:
    """With three others each interval is at 98.33 %: wider, and what only just differed alone no longer does."""
    base = replications("days", [[10.0], [11.0], [12.0], [13.0], [14.0]])
    other = replications("days", [[10.2], [11.1], [12.5], [13.1], [14.4]])
    alone = compare("days", "a", base, "b", other)
    together = compare("days", "a", base, "b", other, family=3)
    assert alone is not None
    assert together is not None
    assert alone.ci95 == alone.ci95_simultaneous == together.ci95
    assert alone.verdict == "longer"
    assert together.verdict == "not_distinguishable"
    assert together.ci95_simultaneous is not None
    error = float(np.std([0.2, 0.1, 0.5, 0.1, 0.4], ddof=1)) / 5**0.5
    half = float(stats.t.ppf(1 - 0.05 / 6, 4)) * error
    assert together.ci95_simultaneous == pytest.approx((0.26 - half, 0.26 + half))


def test_the_runs_saved_follow_from_the_variances() -> None:
    """Var 2.5 each side, of the difference 0.5: five pairs stand for fifty independent runs of each."""
    base = replications("days", [[1.0], [2.0], [3.0], [4.0], [5.0]])
    other = replications("days", [[2.0], [2.0], [4.0], [4.0], [6.0]])
    found = compare("days", "a", base, "b", other)
    assert found is not None
    x, y = np.arange(1.0, 6.0), np.array([2.0, 2.0, 4.0, 4.0, 6.0])
    expected = 5 * (x.var(ddof=1) + y.var(ddof=1)) / (y - x).var(ddof=1) - 5
    assert found.runs_saved == pytest.approx(expected)
    assert found.runs_saved > 20
