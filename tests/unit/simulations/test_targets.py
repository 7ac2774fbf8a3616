from __future__ import annotations

import numpy as np
import pytest

from engine.errors import BadInput
from simulations.targets import judge, within
from tests.support.summaries import replications, target

AROUND_10 = replications("serial_days", [[9.0], [10.0], [11.0]])  # mean 10, interval 10 ± 2.484
SIX = replications("serial_days", [[6, 6], [6, 6, 6], [6]])


@pytest.mark.parametrize(
    ("op", "limit", "verdict"),
    [
        ("<=", 12.5, "met"),
        ("<=", 12.4, "undecided"),
        ("<=", 7.6, "undecided"),
        ("<=", 7.5, "missed"),
        ("<", 12.5, "met"),
        ("<", 10.0, "undecided"),
        ("<", 7.5, "missed"),
        (">=", 7.5, "met"),
        (">=", 7.6, "undecided"),
        (">=", 12.4, "undecided"),
        (">=", 12.5, "missed"),
        ("=", 10.0, "undecided"),
        ("=", 12.4, "undecided"),
        ("=", 12.5, "missed"),
        ("=", 7.5, "missed"),
    ],
)
def test_a_mean_is_judged_by_both_ends_of_its_interval(op: str, limit: float, verdict: str) -> None:
    """The interval of 9, 10 and 11 is 10 ± 4.303 / sqrt(3), which is 7.516 to 12.484."""
    result = judge(target(op, limit), AROUND_10)
    assert result.verdict == verdict
    assert result.value == 10.0
    assert result.ci95 == pytest.approx((7.516, 12.484), abs=1e-3)


@pytest.mark.parametrize(
    ("tolerance", "limit", "verdict"),
    [
        (2.5, 10, "met"),
        (2.4, 10, "undecided"),
        (1, 13.4, "undecided"),
        (1, 13.6, "missed"),
        (1, 5.5, "missed"),
    ],
)
def test_about_means_within_the_tolerance(tolerance: float, limit: float, verdict: str) -> None:
    """``~``: the whole interval within limit ± tolerance is met, wholly outside is missed."""
    assert judge(target("~", limit, tolerance=tolerance), AROUND_10).verdict == verdict


@pytest.mark.parametrize(
    ("op", "limit", "verdict"),
    [
        ("=", 6, "met"),
        ("=", 5, "missed"),
        ("<=", 6, "met"),
        (">=", 6, "met"),
        ("<", 6, "missed"),
        ("<=", 5, "missed"),
    ],
)
def test_six_procedures_in_every_case_are_exactly_six(op: str, limit: float, verdict: str) -> None:
    """A degenerate interval decides every operator."""
    result = judge(target(op, limit), SIX)
    assert result.ci95 == (6.0, 6.0)
    assert result.verdict == verdict


def test_rounding_never_decides() -> None:
    """0.1 + 0.2 keeps a limit of 0.3, and is not below it."""
    runs = replications("serial_days", [[0.1 + 0.2], [0.1 + 0.2]])
    assert judge(target("<=", 0.3), runs).verdict == "met"
    assert judge(target("=", 0.3), runs).verdict == "met"
    assert judge(target("<", 0.3), runs).verdict == "missed"
    assert judge(target("<=", 0.3, "each"), runs).verdict == "met"


def test_a_mean_also_tells_how_many_cases_are_within() -> None:
    """The share within stands beside every mean, without a required share."""
    result = judge(target("<=", 10), replications("serial_days", [[8, 9, 10, 11], [10, 10]]))
    assert result.share_within == pytest.approx(0.875)
    assert result.share_within_ci95 is not None
    assert result.required_share is None


@pytest.mark.parametrize(
    ("rows", "share", "verdict", "value"),
    [
        ([[1, 2], [3]], None, "met", 3.0),
        ([[1, 2], [4, 3]], None, "missed", 4.0),
        ([[1, 2, 3, 4]] * 3, 0.75, "met", 3.0),
        ([[1, 2, 3, 4]] * 3, 0.76, "missed", 4.0),
        ([[1, 2, 3, 3], [1, 4, 4, 4]], 0.6, "undecided", 3.0),
    ],
)
def test_each_case_is_judged_by_the_share_within(
    rows: list[list[float]], share: float | None, verdict: str, value: float
) -> None:
    """A promise to every case breaks with one; a tolerated share is judged by the share's interval."""
    result = judge(target("<=", 3, "each", required_share=share), replications("serial_days", rows))
    assert (result.verdict, result.value, result.ci95) == (verdict, value, None)
    assert result.required_share == (1.0 if share is None else share)


def test_the_value_of_each_case_is_the_worst_that_must_be_kept() -> None:
    """For ``>=`` the worst case is the smallest, for ``=`` the furthest away."""
    runs = replications("serial_days", [[4, 5, 6], [7, 1]])
    assert judge(target(">=", 5, "each"), runs).value == 1.0
    assert judge(target("=", 5, "each"), runs).value == 1.0
    assert judge(target("<=", 5, "each"), runs).value == 7.0


@pytest.mark.parametrize(
    ("row", "statistic", "limit", "verdict"),
    [
        ([1, 3], "mean", 9, "undecided"),
        ([6, 6], "mean", 6, "met"),
        ([6, 6], "mean", 5, "missed"),
        ([6], "mean", 6, "undecided"),
        ([1, 3], "each", 9, "undecided"),
        ([1, 3], "each", 2, "missed"),
        ([6, 6], "each", 6, "met"),
    ],
)
def test_one_replication_decides_only_what_is_certain(
    row: list[float], statistic: str, limit: float, verdict: str
) -> None:
    """No interval, no verdict, except one broken promise to every case, or a value that never varies."""
    result = judge(target("<=", limit, statistic), replications("serial_days", [row]))
    assert result.verdict == verdict
    assert result.ci95 is None
    assert result.share_within_ci95 is None


def test_one_replication_does_not_decide_a_tolerated_share() -> None:
    """All cases within, but they differ: the next replication may be another."""
    runs = replications("serial_days", [[1, 2, 3]])
    assert judge(target("<=", 3, "each", required_share=0.9), runs).verdict == "undecided"


def test_without_cases_nothing_is_decided() -> None:
    """No finished case: no value, no verdict."""
    result = judge(target(), replications("serial_days", [[], []]))
    assert (result.value, result.share_within, result.verdict) == (None, None, "undecided")


def test_a_target_of_an_unknown_indicator_is_a_finding() -> None:
    """A name that is not measured is refused, with the names that are."""
    with pytest.raises(BadInput, match="cereal_days is not; measured are: serial_days") as refused:
        judge(target(indicator="cereal_days"), SIX)
    assert "没有“cereal_days”这一指标" in refused.value.findings[0].message("zh")


def test_within_is_case_by_case() -> None:
    """Which cases keep a limit, by operator."""
    values = np.array([2.0, 3.0, 4.0])
    assert within(target("<=", 3), values).tolist() == [True, True, False]
    assert within(target("<", 3), values).tolist() == [True, False, False]
    assert within(target(">=", 3), values).tolist() == [False, True, True]
    assert within(target("=", 3), values).tolist() == [False, True, False]
    assert within(target("~", 2, tolerance=1), values).tolist() == [True, True, False]
