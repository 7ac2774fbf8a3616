"""From replications to estimates with honest intervals.

Cases of one replication share its queues, so they are not independent; replications are.
Every interval here is therefore one over replications, never over cases.

**Mean.** The mean over replications of the replication means, with Student's t interval (Law, Simulation
Modeling and Analysis, 5th ed. 2015, section 9.4.1). It is the mean of what a period like the measured one
comes to. The other road, all values over all cases, is a ratio of two random sums: it weighs busy
replications more, and its interval needs an approximation of its own. The two differ where a replication's
mean and its number of cases go together (busy periods are slow ones): by about their covariance over the mean
number of cases, usually well inside the interval.

**Replications without a finished case** say nothing about a case: they are left out, and counted.

**Percentiles.** Pooled over the cases of all replications, each case alike: the smallest observed value that
at least that share of the cases stay within (definition 1 of Hyndman and Fan, The American Statistician 50,
1996, 361-365). So "90 % of the cases take at most p90" is true as it stands, and days that are counted whole
stay whole. The interval of p90 is a bootstrap over whole replications; see `percentile_interval`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from simulations.replication import F64, Replication

__all__ = [
    "CONFIDENCE",
    "Estimate",
    "Interval",
    "MeanEstimate",
    "Truths",
    "certain_value",
    "columns_of",
    "estimate",
    "estimates",
    "mean_over_replications",
    "percentile_interval",
    "pooled_percentile",
    "share_over_replications",
]

Interval: TypeAlias = tuple[float, float]
Truths: TypeAlias = npt.NDArray[np.bool_]

CONFIDENCE: Final = 0.95
RESAMPLES: Final = 1000


@dataclass(frozen=True)
class MeanEstimate:
    """A mean over replications.

    Args:
        mean: Mean of the values.
        ci95: Student's t interval; None for a single value, which says nothing about its own spread.
        standard_error: Of the mean; None for a single value.
    """

    mean: float
    ci95: Interval | None
    standard_error: float | None


@dataclass(frozen=True)
class Estimate:
    """What is known of one indicator of one variant, in the indicator's unit.

    Args:
        mean: Mean over replications of the replication means.
        ci95: 95 % interval of the mean; None where only one replication has cases.
        p50, p80, p90, p95: Pooled percentiles: the value that this share of all cases stay within.
        p90_ci95: Bootstrap interval of p90 over replications; None where only one has cases.
        cases: Finished cases in all.
        replications: Replications with at least one finished case.
        empty_replications: Replications without one, left out.
    """

    mean: float
    ci95: Interval | None
    p50: float
    p80: float
    p90: float
    p95: float
    p90_ci95: Interval | None
    cases: int
    replications: int
    empty_replications: int = 0


def estimates(replications: Sequence[Replication], seed: int) -> dict[str, Estimate]:
    """The estimates of every indicator that the replications have, in the order of the columns.

    Args:
        replications: Of one variant, in the order of their numbers.
        seed: Root of the bootstrap's resampling; every indicator is resampled alike.

    Returns:
        Indicator to its estimate; empty where no case finished.
    """
    names = dict.fromkeys(name for r in replications for name in r.indicators)
    return {name: found for name in names if (found := estimate(name, replications, seed)) is not None}


def estimate(indicator: str, replications: Sequence[Replication], seed: int) -> Estimate | None:
    """Estimate one indicator.

    Args:
        indicator: Name of the column.
        replications: Of one variant, in the order of their numbers.
        seed: Root of the bootstrap's resampling.

    Returns:
        The estimate, or None where no case finished.
    """
    columns = columns_of(indicator, replications)
    if not columns:
        return None
    mean = mean_over_replications([float(np.mean(column)) for column in columns])
    pooled = np.sort(np.concatenate(columns))
    return Estimate(
        mean=mean.mean,
        ci95=mean.ci95,
        p50=pooled_percentile(pooled, 0.50),
        p80=pooled_percentile(pooled, 0.80),
        p90=pooled_percentile(pooled, 0.90),
        p95=pooled_percentile(pooled, 0.95),
        p90_ci95=percentile_interval(columns, 0.90, seed),
        cases=len(pooled),
        replications=len(columns),
        empty_replications=len(replications) - len(columns),
    )


def columns_of(indicator: str, replications: Sequence[Replication]) -> list[F64]:
    """The values of an indicator by replication; replications without a finished case are left out."""
    return [r.cases[indicator] for r in replications if r.finished and indicator in r.cases]


def mean_over_replications(values: Sequence[float], confidence: float = CONFIDENCE) -> MeanEstimate:
    """Mean and Student's t interval of independent values.

    Args:
        values: At least one, one per replication.
        confidence: Of the interval.
    """
    from scipy.special import stdtrit

    sample = np.asarray(values, np.float64)
    number = len(sample)
    if (sample == sample[0]).all():  # nothing varies: exact, where a mean of equal numbers may round
        mean = float(sample[0])
        return MeanEstimate(mean, (mean, mean), 0.0) if number > 1 else MeanEstimate(mean, None, None)
    mean = float(np.mean(sample))
    error = float(np.std(sample, ddof=1)) / number**0.5
    half = float(stdtrit(number - 1, (1 + confidence) / 2)) * error
    return MeanEstimate(mean, (mean - half, mean + half), error)


def share_over_replications(columns: Sequence[F64], within: Callable[[F64], Truths]) -> MeanEstimate:
    """The share of cases that are within something: mean of the replications' shares, with their t interval.

    Not a binomial interval: that one takes the cases of a replication for independent, and is too narrow.

    Args:
        columns: Values by replication, each with at least one case.
        within: From values to a truth value each.

    Returns:
        Share and interval, cut to [0, 1].
    """
    found = mean_over_replications([float(np.mean(within(column))) for column in columns])
    if found.ci95 is None:
        return found
    low, high = found.ci95
    return MeanEstimate(found.mean, (max(0.0, low), min(1.0, high)), found.standard_error)


def certain_value(columns: Sequence[F64]) -> float | None:
    """The value that all cases of a single replication have, if it has several and nothing varies among them.

    One replication bears no interval. But where the model leaves nothing to chance, one is enough to see it.
    """
    if len(columns) == 1 and len(columns[0]) > 1 and (columns[0] == columns[0][0]).all():
        return float(columns[0][0])
    return None


def pooled_percentile(ordered: F64, share: float) -> float:
    """The smallest of the values that at least this share of them stay within.

    Args:
        ordered: Values in ascending order, at least one.
        share: Between 0 and 1.
    """
    return float(ordered[_rank(share * len(ordered)) - 1])


def percentile_interval(columns: Sequence[F64], share: float, seed: int) -> Interval | None:
    """Bootstrap interval of a pooled percentile: whole replications are drawn again, with replacement.

    Each of 1,000 resamples draws as many replications as there are and pools their cases; the standard
    deviation of the resamples' percentiles is the standard error, and the interval Student's t around the
    percentile (Hesterberg, The American Statistician 69, 2015, 371-386: t interval with bootstrap standard
    error, with the factor n / (n - 1) that the variance of a resample lacks). Where cases of a replication
    have much in common, it covers the truth more often than an interval between two of the resamples.

    Args:
        columns: Values by replication, each with at least one case.
        share: Of the percentile, between 0 and 1.
        seed: Root of the resampling: the same seed draws the same replications.

    Returns:
        The interval, or None for a single replication.
    """
    from scipy.special import stdtrit

    number = len(columns)
    if number < 2:
        return None
    resampled = _weighted_percentiles([np.sort(column) for column in columns], _resamples(number, seed), share)
    error = float(np.std(resampled, ddof=1)) * (number / (number - 1)) ** 0.5
    half = float(stdtrit(number - 1, (1 + CONFIDENCE) / 2)) * error
    value = pooled_percentile(np.sort(np.concatenate(columns)), share)
    return value - half, value + half


@lru_cache(maxsize=4)
def _resamples(number: int, seed: int) -> npt.NDArray[np.int64]:
    """How often each resample (row) holds each replication (column); every indicator is resampled alike."""
    chance = np.random.Generator(np.random.PCG64(seed % 2**64))
    drawn = chance.integers(0, number, size=(RESAMPLES, number))
    places = drawn + np.arange(RESAMPLES)[:, None] * number
    weights = np.bincount(places.ravel(), minlength=RESAMPLES * number).reshape(RESAMPLES, number)
    weights.flags.writeable = False
    return weights


def _weighted_percentiles(columns: Sequence[F64], weights: npt.NDArray[np.int64], share: float) -> F64:
    """The pooled percentile of every resample, all bisected at once.

    Args:
        columns: Values by replication, each in ascending order.
        weights: How often each resample (row) holds each replication (column).
        share: Of the percentile.
    """
    sizes = np.array([len(column) for column in columns], np.int64)
    needed = np.maximum(1, np.ceil(share * (weights @ sizes) * (1 - 1e-12)))
    own = [pooled_percentile(column, share) for column in columns]
    # The percentile of a mixture lies between the smallest and the greatest percentile of its parts.
    values = np.unique(np.concatenate([c[(c >= min(own)) & (c <= max(own))] for c in columns]))
    low = np.zeros(len(weights), np.int64)
    high = np.full(len(weights), len(values) - 1, np.int64)
    while (low < high).any():
        middle = (low + high) // 2
        candidates, which = np.unique(values[middle], return_inverse=True)  # few: the resamples are much alike
        counts = np.stack([np.searchsorted(column, candidates, side="right") for column in columns], axis=1)
        enough = np.einsum("ij,ij->i", weights, counts[which]) >= needed
        high = np.where(enough, middle, high)
        low = np.where(enough, low, np.minimum(middle + 1, high))
    return values[low]


def _rank(position: float) -> int:
    """The first rank at or above a position; what rounding lifted above a whole number counts as that."""
    return max(1, int(np.ceil(position * (1 - 1e-12))))
