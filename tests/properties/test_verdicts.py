from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulations.comparison import compare
from simulations.estimates import _weighted_percentiles, estimate, pooled_percentile
from simulations.targets import judge, within
from tests.support.summaries import replications, target

ROWS = st.lists(st.lists(st.integers(-40, 40).map(lambda n: n / 4), min_size=1, max_size=6), min_size=1, max_size=6)
LIMITS = st.integers(-45, 45).map(lambda n: n / 4)
STATISTICS = st.sampled_from([("mean", None), ("each", None), ("each", 0.5), ("each", 0.9)])
ORDER = ("missed", "undecided", "met")


@given(ROWS, LIMITS, LIMITS, STATISTICS, st.sampled_from(["<=", "<", ">="]))
def test_a_looser_limit_is_never_judged_worse(
    rows: list[list[float]], one: float, other: float, statistic: tuple[str, float | None], op: str
) -> None:
    """The share within is monotone in the limit, and so is the verdict.

    Where less than all must be within, the width of the share's interval depends on the limit too: there a looser
    limit may be less certain, but never turns met into missed.
    """
    tight, loose = sorted((one, other), reverse=op == ">=")
    runs = replications("serial_days", rows)
    kind, share = statistic
    results = [judge(target(op, limit, kind, required_share=share), runs) for limit in (tight, loose)]
    verdicts = [result.verdict for result in results]
    if kind == "each" and share is not None:
        assert verdicts != ["met", "missed"]
    else:
        assert ORDER.index(verdicts[0]) <= ORDER.index(verdicts[1])
    assert results[0].share_within is not None
    assert results[1].share_within is not None
    assert results[0].share_within <= results[1].share_within


@given(ROWS, LIMITS, STATISTICS)
def test_at_most_and_at_least_mirror_each_other(
    rows: list[list[float]], limit: float, statistic: tuple[str, float | None]
) -> None:
    """``x <= l`` is judged as ``-x >= -l``."""
    kind, share = statistic
    up = judge(target("<=", limit, kind, required_share=share), replications("serial_days", rows))
    mirrored = [[-value for value in row] for row in rows]
    down = judge(target(">=", -limit, kind, required_share=share), replications("serial_days", mirrored))
    assert (up.verdict, up.share_within) == (down.verdict, down.share_within)
    assert up.value == pytest.approx(-down.value if down.value is not None else None)


@given(ROWS, LIMITS, st.integers(0, 20).map(lambda n: n / 4))
def test_a_wider_tolerance_is_never_judged_worse(rows: list[list[float]], limit: float, tolerance: float) -> None:
    """``=`` is ``~`` without tolerance, and each step wider helps or changes nothing."""
    runs = replications("serial_days", rows)
    exact = judge(target("=", limit), runs).verdict
    assert judge(target("~", limit, tolerance=0.0), runs).verdict == exact
    near = judge(target("~", limit, tolerance=tolerance), runs).verdict
    wide = judge(target("~", limit, tolerance=tolerance + 1), runs).verdict
    assert ORDER.index(exact) <= ORDER.index(near) <= ORDER.index(wide)


@given(ROWS, LIMITS)
def test_a_promise_to_each_case_holds_if_every_case_keeps_it(rows: list[list[float]], limit: float) -> None:
    """Missed exactly if a case is beyond; the value shown is the one that decides."""
    result = judge(target("<=", limit, "each"), replications("serial_days", rows))
    worst = max(value for row in rows for value in row)
    assert (result.verdict == "missed") == (worst > limit)
    assert result.value == worst


@given(ROWS, st.sampled_from([0.5, 0.8, 0.9, 0.95]))
def test_a_percentile_is_the_smallest_value_that_the_share_keeps(rows: list[list[float]], share: float) -> None:
    """At least the share is at or below it, and less is below it."""
    pooled = np.sort(np.concatenate([np.array(row) for row in rows]))
    value = pooled_percentile(pooled, share)
    assert np.mean(pooled <= value) >= share - 1e-12
    assert np.mean(pooled < value) < share


@given(ROWS, st.integers(0, 2**32), st.sampled_from([0.5, 0.9]))
def test_resampled_percentiles_are_those_of_the_drawn_replications(
    rows: list[list[float]], seed: int, share: float
) -> None:
    """The bisection finds what pooling the drawn replications one by one gives."""
    columns = [np.sort(np.array(row)) for row in rows]
    drawn = np.random.default_rng(seed).integers(0, len(rows), (5, len(rows)))
    weights = np.array([np.bincount(draw, minlength=len(rows)) for draw in drawn])
    pooled = [np.sort(np.concatenate([columns[i] for i in draw])) for draw in drawn]
    expected = [pooled_percentile(values, share) for values in pooled]
    assert _weighted_percentiles(columns, weights, share).tolist() == expected


@given(ROWS)
def test_an_estimate_lies_among_its_values(rows: list[list[float]]) -> None:
    """Percentiles rise, the mean is inside its interval, p90 inside its own."""
    found = estimate("days", replications("days", rows), seed=1)
    assert found is not None
    assert found.p50 <= found.p80 <= found.p90 <= found.p95
    assert found.ci95 is None or found.ci95[0] <= found.mean <= found.ci95[1]
    assert found.p90_ci95 is None or found.p90_ci95[0] <= found.p90_ci95[1]


@given(ROWS, ROWS)
def test_a_difference_turns_with_its_variants(one: list[list[float]], other: list[list[float]]) -> None:
    """What is shorter from here to there is longer from there to here, by the same interval."""
    a, b = replications("days", one), replications("days", other)
    there, back = compare("days", "a", a, "b", b), compare("days", "b", b, "a", a)
    assert there is not None
    assert back is not None
    opposite = {"shorter": "longer", "longer": "shorter", "not_distinguishable": "not_distinguishable"}
    assert there.verdict == opposite[back.verdict]
    assert there.difference == pytest.approx(-back.difference)
    assert (there.ci95 is None) == (back.ci95 is None)
    if there.ci95 is not None and back.ci95 is not None:
        assert there.ci95 == pytest.approx((-back.ci95[1], -back.ci95[0]))


@given(ROWS, LIMITS, st.sampled_from(["<=", "<", ">=", "=", "~"]))
def test_the_share_within_counts_the_cases_within(rows: list[list[float]], limit: float, op: str) -> None:
    """Mean of the replications' shares, whatever the operator."""
    goal = target(op, limit, tolerance=1.0 if op == "~" else None)
    shares = [float(np.mean(within(goal, np.array(row)))) for row in rows]
    result = judge(goal, replications("serial_days", rows))
    assert result.share_within == pytest.approx(np.mean(shares))
