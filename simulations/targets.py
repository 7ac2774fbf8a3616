"""Verdicts: does an indicator keep what was promised of it, and how surely?

| op | a case is within | ``met`` | ``missed`` |
|---|---|---|---|
| ``<=`` | value at most the limit | upper end at most the limit | lower end above it |
| ``<`` | value below the limit | upper end below the limit | lower end at or above it |
| ``>=`` | value at least the limit | lower end at least the limit | upper end below it |
| ``=`` | value equal to the limit | interval inside limit ± 1e-9 | interval wholly outside |
| ``~`` | value within the tolerance | interval inside limit ± tolerance | interval wholly outside |

Everything else is ``undecided``. Numbers closer than 1e-9 count as equal, so that rounding never decides.

A target of the **mean** is judged by the 95 % interval of the mean over replications.
Six procedures in every case make the interval [6, 6]: "= 6" is then met.

A target of **each** case is judged by the share of cases within the limit, against the required share (1
unless the target says less). A required share of 1 promises every single case: one case beyond is one too
many, ``missed``; all cases within in all replications is ``met``. A smaller one is met if the share's
interval lies at or above it, missed if it lies below.

**A single replication** has no interval, so its verdict is ``undecided``, with two exceptions that need none:
a case beyond a limit promised to every case, and replications in which nothing varies, all of several cases
being equal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np

from engine.errors import BadInput, Finding
from simulations.estimates import (
    Interval,
    MeanEstimate,
    Truths,
    certain_value,
    columns_of,
    mean_over_replications,
    share_over_replications,
)
from simulations.promises import Target
from simulations.replication import F64, Replication

__all__ = ["EXACT", "TargetResult", "Verdict", "judge", "within"]

Verdict: TypeAlias = Literal["met", "missed", "undecided"]

EXACT: Final = 1e-9  # in the indicator's unit: closer numbers count as equal


@dataclass(frozen=True)
class TargetResult:
    """What became of a target.

    Args:
        target: What was promised.
        value: Of a mean, the mean over replications. Of each case, the value that the required share of all
            cases
            keep: the worst case where it is 1. None where no case finished.
        ci95: 95 % interval of a mean; None for each case, where the share's interval decides.
        verdict: As the table of the module says.
        share_within: Share of the cases within the limit: mean of the replications' shares.
        share_within_ci95: Its t interval over replications.
        required_share: What ``share_within`` is judged against; None for a mean.
    """

    target: Target
    value: float | None
    ci95: Interval | None
    verdict: Verdict
    share_within: float | None
    share_within_ci95: Interval | None
    required_share: float | None


def judge(target: Target, replications: Sequence[Replication]) -> TargetResult:
    """Judge one target of one variant.

    Args:
        target: What was promised.
        replications: Of the variant, in the order of their numbers.

    Raises:
        BadInput: No replication has the indicator.
    """
    known = dict.fromkeys(name for r in replications for name in r.indicators)
    if replications and target.indicator not in known:
        values = {"indicator": target.indicator, "known": ", ".join(known)}
        raise BadInput([Finding("results.unknown_indicator", values, element=target.indicator)])
    required = None if target.statistic == "mean" else _required(target)
    columns = columns_of(target.indicator, replications)
    if not columns:
        return TargetResult(target, None, None, "undecided", None, None, required)
    share = share_over_replications(columns, lambda values: within(target, values))
    if required is None:
        mean = mean_over_replications([float(np.mean(column)) for column in columns])
        verdict = _judge_mean(target, mean, certain_value(columns))
        return TargetResult(target, mean.mean, mean.ci95, verdict, share.mean, share.ci95, None)
    verdict = _judge_each(target, required, share, columns)
    value = _value_kept(target, required, np.concatenate(columns))
    return TargetResult(target, value, None, verdict, share.mean, share.ci95, required)


def within(target: Target, values: F64) -> Truths:
    """Which values keep the target's limit."""
    kept: Truths = _beyond(target, values) < -EXACT if target.op == "<" else _beyond(target, values) <= EXACT
    return kept


def _beyond(target: Target, values: F64) -> F64:
    """How far values are beyond the limit, in the indicator's unit; negative inside."""
    if target.op in ("<=", "<"):
        return values - target.limit
    if target.op == ">=":
        return target.limit - values
    beyond: F64 = np.abs(values - target.limit) - (target.tolerance or 0.0)
    return beyond


def _required(target: Target) -> float:
    return 1.0 if target.required_share is None else target.required_share


def _judge_mean(target: Target, mean: MeanEstimate, certain: float | None) -> Verdict:
    interval = mean.ci95 if mean.ci95 is not None else None if certain is None else (certain, certain)
    if interval is None:
        return "undecided"
    ends = within(target, np.array(interval))
    if ends.all():  # what is kept is an interval, so all between two ends that keep it does too
        return "met"
    return "undecided" if ends.any() or _encloses(target, interval) else "missed"


def _encloses(target: Target, interval: Interval) -> bool:
    """Whether an interval with both ends beyond reaches from one side of what is kept to the other."""
    return target.op in ("=", "~") and interval[0] < target.limit < interval[1]


def _judge_each(target: Target, required: float, share: MeanEstimate, columns: Sequence[F64]) -> Verdict:
    certain = len(columns) > 1 or certain_value(columns) is not None
    if required == 1.0:
        if not all(within(target, column).all() for column in columns):
            return "missed"
        return "met" if certain else "undecided"
    interval = share.ci95 if share.ci95 is not None else (share.mean, share.mean) if certain else None
    if interval is None:
        return "undecided"
    if interval[0] >= required - EXACT:
        return "met"
    return "missed" if interval[1] < required - EXACT else "undecided"


def _value_kept(target: Target, required: float, values: F64) -> float:
    """The value that the required share of all cases keep: of these the one furthest beyond the limit."""
    order = np.argsort(_beyond(target, values), kind="stable")
    rank = max(1, int(np.ceil(required * len(values) * (1 - 1e-12))))
    return float(values[order[rank - 1]])
