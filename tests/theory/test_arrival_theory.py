"""Arrivals against the theory of Poisson processes, cell by cell."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pytest
from scipy import stats

from simulations.arrivals import Arrivals, Profile

HOUR = 3_600_000
DAY = 24 * HOUR
START = date(2022, 1, 1)
DAYS = 10 * 365
OPEN = (9, 10, 11, 14, 15, 16)
HOUR_WEIGHT = (*(1.0,) * 9, 1.5, 1.2, 0.8, *(1.0,) * 3, 0.6, *(1.0,) * 8)
WEEKDAY_WEIGHT = (1.4, 1.0, 1.0, 0.9, 0.7, 1.0, 1.0)
MONTH_WEIGHT = (0.6, 0.5, 1.0, 1.1, 1.0, 1.2, 1.0, 1.0, 1.0, 0.9, 1.1, 1.3)
RATE = 50_000.0


@dataclass(frozen=True)
class Office:
    """Monday to Friday, 9 to 12 and 14 to 17."""

    begin: npt.NDArray[np.int64]
    end: npt.NDArray[np.int64]
    until: int


def office() -> Office:
    """The office hours of all days."""
    days = np.array([day for day in range(DAYS) if (START + timedelta(day)).weekday() < 5], np.int64) * DAY
    begin = np.sort(np.concatenate([days + 9 * HOUR, days + 14 * HOUR]))
    return Office(begin, begin + 3 * HOUR, DAYS * DAY)


@dataclass(frozen=True)
class Sample:
    """Arrivals, and what is expected of every open hour."""

    arrivals: Arrivals
    moments: npt.NDArray[np.int64]
    cells: npt.NDArray[np.int64]  # by open hour: number of the hour, hour of the day, weekday, month
    expected: npt.NDArray[np.float64]
    counts: npt.NDArray[np.int64]


@pytest.fixture(scope="module")
def sample() -> Sample:
    """Ten years of 50 000 cases each."""
    profile = Profile(HOUR_WEIGHT, WEEKDAY_WEIGHT, MONTH_WEIGHT)
    arrivals = Arrivals.from_rate(RATE, office(), START, profile)
    uniforms = np.random.default_rng(11).random(int(1.2 * RATE * DAYS / 365))
    moments = np.array(list(arrivals.moments(lambda case: float(uniforms[case]), DAYS * DAY)))
    cells, weights = [], []
    for day in range(DAYS):
        today = START + timedelta(day)
        if today.weekday() < 5:
            for hour in OPEN:
                cells.append((24 * day + hour, hour, today.weekday(), today.month))
                weights.append(HOUR_WEIGHT[hour] * WEEKDAY_WEIGHT[today.weekday()] * MONTH_WEIGHT[today.month - 1])
    table = np.array(cells)
    weight = np.array(weights)
    expected = RATE * weight / weight[table[:, 0] < 365 * 24].sum()
    counts = np.bincount(moments // HOUR, minlength=24 * DAYS)
    return Sample(arrivals, moments, table, expected, counts[table[:, 0]])


def test_nobody_comes_to_closed_doors(sample: Sample) -> None:
    """All cases lie in open hours."""
    assert sample.counts.sum() == len(sample.moments) > 480_000


@pytest.mark.parametrize(("column", "groups"), [(1, 6), (2, 5), (3, 12)])
def test_every_hour_weekday_and_month_has_its_mean(sample: Sample, column: int, groups: int) -> None:
    """Counts per hour, weekday and month pass a chi-square test that would see a weight off by 5 %."""
    keys = np.unique(sample.cells[:, column])
    seen = np.array([sample.counts[sample.cells[:, column] == key].sum() for key in keys])
    expected = np.array([sample.expected[sample.cells[:, column] == key].sum() for key in keys])
    assert len(keys) == groups
    assert stats.chi2.sf(((seen - expected) ** 2 / expected).sum(), groups) > 1e-3
    for place in range(groups):
        wrong = expected.copy()
        wrong[place] *= 1.05
        assert stats.chi2.sf(((seen - wrong) ** 2 / wrong).sum(), groups) < 1e-3


def test_counts_vary_as_poisson_counts_do(sample: Sample) -> None:
    """The variance over all hours is the mean, to 5 %, and in every weekday and month to its own error."""
    dispersion = (sample.counts - sample.expected) ** 2 / sample.expected
    variance = 2 + 1 / sample.expected  # of one cell's term

    def z(cells: npt.NDArray[np.bool_]) -> float:
        return float((dispersion[cells] - 1).sum() / np.sqrt(variance[cells].sum()))

    everything = np.ones(len(dispersion), bool)
    assert abs(z(everything)) < 3
    assert np.sqrt(variance.sum()) / len(dispersion) < 0.05 / 3
    for column in (1, 2, 3):
        for key in np.unique(sample.cells[:, column]):
            assert abs(z(sample.cells[:, column] == key)) < 4


def test_gaps_in_operational_time_are_exponential(sample: Sample) -> None:
    """On the cumulative rate the gaps are independent and exponential with mean 1."""
    position = np.interp(sample.moments, sample.arrivals.time, sample.arrivals.cumulative)
    gaps = np.diff(position, prepend=0.0)
    assert stats.kstest(gaps, stats.expon.cdf).pvalue > 1e-3
    assert stats.kstest(1.05 * gaps, stats.expon.cdf).pvalue < 1e-3
    assert abs(np.corrcoef(gaps[1:], gaps[:-1])[0, 1]) < 4 / np.sqrt(len(gaps))


def test_even_arrivals_fill_every_cell_to_within_one() -> None:
    """Even steps put into every open hour its expected number, to one case."""
    profile = Profile(HOUR_WEIGHT, WEEKDAY_WEIGHT, MONTH_WEIGHT)
    arrivals = Arrivals.from_rate(RATE, office(), START, profile, process="even")
    moments = np.array(list(arrivals.moments(lambda case: 0.5, 365 * DAY)))
    assert len(moments) == RATE
    edges = np.arange(0, 366 * 24, 1, dtype=np.int64) * HOUR
    expected = np.diff(np.interp(edges, arrivals.time, arrivals.cumulative))
    counts = np.bincount(moments // HOUR, minlength=len(expected))[: len(expected)]
    seen_until = 365 * 24
    assert np.max(np.abs(counts - expected)[:seen_until]) <= 1
