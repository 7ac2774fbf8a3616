"""When cases are submitted: a point process on the cumulative rate of the opening hours.

The cumulative rate is the expected number of arrivals so far. Case by case a position on it moves on, by an
exponential gap (poisson) or by exactly 1 (even), and the moment is where the cumulative rate reaches it.
So every case takes one uniform number, and with the same numbers a denser rate brings every case earlier.

Source: E. Cinlar (1975), Introduction to Stochastic Processes, chapter 4: a Poisson process whose time is
transformed by the inverse of its cumulative rate.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice
from typing import Final, Literal, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from engine.kernel.compiling import token_function
from simulations.distributions.distribution import Distribution
from simulations.distributions.refusal import SamplingError, require_above_zero, require_finite

__all__ = ["Arrivals", "OpenHours", "Profile"]

F64: TypeAlias = npt.NDArray[np.float64]
I64: TypeAlias = npt.NDArray[np.int64]

HOUR_MS: Final = 3_600_000
DAY_MS: Final = 24 * HOUR_MS
YEAR_DAYS: Final = 365
FIRST_EVEN: Final = 0.5  # half a step before the first case, half a step after the last: centred


class OpenHours(Protocol):
    """The opening hours that arrivals need, as `engine.calendars.hours.Hours` has them."""

    @property
    def begin(self) -> I64:
        """Begin of each open interval, ms, ascending."""

    @property
    def end(self) -> I64:
        """End of each open interval, ms, itself outside; never after the next begin."""

    @property
    def until(self) -> int:
        """End of the period that the intervals describe, ms."""


@dataclass(frozen=True)
class Profile:
    """Relative weights of the rate: an open hour gets the product of its weights.

    Args:
        hour: 24 weights, from the hour after midnight on.
        weekday: 7 weights, Monday first.
        month: 12 weights, January first.
        periods: ``(first day, last day, weight)`` each; where several hold, their product.

    Raises:
        SamplingError: A wrong number of weights, or one below 0.
    """

    hour: tuple[float, ...] = (1.0,) * 24
    weekday: tuple[float, ...] = (1.0,) * 7
    month: tuple[float, ...] = (1.0,) * 12
    periods: tuple[tuple[date, date, float], ...] = ()

    def __post_init__(self) -> None:
        for name, weights, expected in (
            ("hour", self.hour, 24),
            ("weekday", self.weekday, 7),
            ("month", self.month, 12),
        ):
            if len(weights) != expected:
                raise SamplingError("profile_length", name=name, expected=expected, found=len(weights))
            for place, weight in enumerate(weights, start=1):
                require_finite("profile", **{f"{name} {place}": weight})
                if weight < 0:
                    raise SamplingError("below_zero", what="profile", name=f"{name} {place}", value=weight)
        for place, (_, _, weight) in enumerate(self.periods, start=1):
            require_finite("profile", **{f"period {place}": weight})
            if weight < 0:
                raise SamplingError("below_zero", what="profile", name=f"period {place}", value=weight)

    def at(self, moment: I64, start: date) -> F64:
        """The weight of each moment, ms since the midnight of ``start``."""
        day = moment // DAY_MS
        month = (np.datetime64(start, "D") + day).astype("datetime64[M]").astype(np.int64) % 12
        weight: F64 = (
            np.asarray(self.hour)[moment % DAY_MS // HOUR_MS]
            * np.asarray(self.weekday)[(start.weekday() + day) % 7]
            * np.asarray(self.month)[month]
        )
        for first, last, factor in self.periods:
            inside = (day >= (first - start).days) & (day <= (last - start).days)
            weight = np.where(inside, weight * factor, weight)
        return weight


def _no_moments() -> I64:
    return np.zeros(0, np.int64)


def _no_rate() -> F64:
    return np.zeros(0, np.float64)


@dataclass(frozen=True, eq=False)  # arrays have no single truth value, so two Arrivals are equal only as one object
class Arrivals:
    """When cases arrive; build it with `from_rate`, `every`, `after` or `at`.

    Args:
        process: ``poisson`` and ``even`` move along the cumulative rate, ``gaps`` along the opening time, ``dates`` are
            given.
        time: Breakpoints of the cumulative rate, ms, strictly ascending.
        cumulative: Expected number of arrivals before each breakpoint, not falling, straight in between.
        dates: The given moments, ms, ascending.
        gap: Of ``gaps``: the distribution of the opening time between two arrivals, ms.
        most: No more cases than this, those of the backlog aside.
        backlog: Moments of cases that were submitted before the others, ms, ascending; of ``dates`` they stand among
            these.
    """

    process: Literal["poisson", "even", "gaps", "dates"]
    time: I64 = field(default_factory=_no_moments)
    cumulative: F64 = field(default_factory=_no_rate)
    dates: I64 = field(default_factory=_no_moments)
    gap: Distribution | None = None
    most: int | None = None
    backlog: I64 = field(default_factory=_no_moments)

    @classmethod
    def from_rate(
        cls,
        rate_per_year: float,
        open: OpenHours,  # noqa: A002 - the word of the scenario language
        start: date,
        profile: Profile | None = None,
        process: Literal["poisson", "even"] = "poisson",
    ) -> Arrivals:
        """Arrivals at a yearly rate, only in opening hours.

        Args:
            rate_per_year: Expected arrivals in the first 365 days; of a shorter table, only its share of
                365 days. Later years follow the same rate per open hour and weight.
            open: When cases can be submitted.
            start: The day at whose midnight the time is 0.
            profile: Relative weights; none for an even rate over all open hours.
            process: Random gaps, or equal steps of the cumulative rate.

        Raises:
            SamplingError: The rate is below 0, or nothing is open in the first year.
        """
        require_finite("arrivals", rate=rate_per_year)
        if rate_per_year < 0:
            raise SamplingError("below_zero", what="arrivals", name="rate", value=rate_per_year)
        time, weight = _weights(open, start, profile)
        first_year = min(YEAR_DAYS * DAY_MS, int(open.until))
        in_first_year = np.clip(time, 0, first_year)
        mass = float((weight * np.diff(in_first_year)).sum())
        if mass <= 0:
            raise SamplingError("never_open")
        expected = rate_per_year * first_year / (YEAR_DAYS * DAY_MS)
        done = np.concatenate([[0.0], np.cumsum(weight * np.diff(time))])
        # One multiplication and one division: without a profile the cumulative rate is exact where it can be.
        return cls(process, time, done * expected / mass)

    @classmethod
    def every(cls, gap_ms: int, open: OpenHours) -> Arrivals:  # noqa: A002 - the word of the scenario language
        """One case after each ``gap_ms`` of opening time, the first after half a gap.

        Raises:
            SamplingError: The gap is not above 0, or nothing is ever open.
        """
        require_above_zero("arrivals", gap=gap_ms)
        time, weight = _weights(open, date.min, None)
        done = np.concatenate([[0.0], np.cumsum(weight * np.diff(time))])
        if done[-1] <= 0:
            raise SamplingError("never_open")
        return cls("even", time, done / gap_ms)

    @classmethod
    def after(cls, gap: Distribution, open: OpenHours, most: int | None = None) -> Arrivals:  # noqa: A002 - as above
        """One case after each gap of opening time, drawn anew; the first after a gap.

        Args:
            gap: In ms; its mean is above 0.
            open: When cases can be submitted.
            most: No more cases than this.

        Raises:
            SamplingError: The mean gap is not above 0, or nothing is ever open.
        """
        require_above_zero("arrivals", gap=gap.mean)
        time, weight = _weights(open, date.min, None)
        done = np.concatenate([[0.0], np.cumsum(weight * np.diff(time))])
        if done[-1] <= 0:
            raise SamplingError("never_open")
        return cls("gaps", time, done, gap=gap, most=most)

    def up_to(self, most: int | None) -> Arrivals:
        """The same, but no more cases than ``most``."""
        return replace(self, most=most)

    @classmethod
    def at(cls, dates: Iterable[int]) -> Arrivals:
        """Cases at given moments, ms, in any order.

        Raises:
            SamplingError: A moment lies before the start.
        """
        moments = list(dates)
        for place, moment in enumerate(moments, start=1):
            if moment < 0:
                raise SamplingError("date_before_start", place=place, ms=-moment)
        return cls("dates", dates=np.array(sorted(moments), dtype=np.int64))

    def after_backlog(self, backlog: Sequence[int], opening: int) -> Arrivals:
        """The same from ``opening`` on, after the cases of a backlog.

        Args:
            backlog: When these were submitted, ms, all before ``opening``, in any order.
            opening: The moment from which the others come, ms.
        """
        early = np.array(sorted(backlog), np.int64)
        if self.process == "dates":
            dates = np.concatenate([early, self.dates[self.dates >= opening]])
            return replace(self, dates=dates, most=None if self.most is None else self.most + len(early))
        before = float(np.interp(opening, self.time, self.cumulative))
        at = int(np.searchsorted(self.time, opening))
        time = np.concatenate([[0, opening], self.time[at:][self.time[at:] > opening]])
        later = np.interp(time[1:], self.time, self.cumulative) - before
        return replace(self, time=time, cumulative=np.concatenate([[0.0], later]), backlog=early)

    def expected(self, begin: int, end: int) -> float:
        """How many cases are expected in ``[begin, end)``, ms."""
        if self.process == "dates":
            return float(np.searchsorted(self.dates, end) - np.searchsorted(self.dates, begin))
        before, after = np.interp([begin, end], self.time, self.cumulative).tolist()
        if self.gap is not None:  # the elementary renewal theorem; exact for exponential gaps
            before, after = before / self.gap.mean, after / self.gap.mean
        if self.most is not None:
            before, after = min(before, self.most), min(after, self.most)
        waiting = np.searchsorted(self.backlog, [begin, end])
        return float(after - before + waiting[1] - waiting[0])

    def moments(self, draw: Callable[[int], float], until: int) -> Iterator[int]:
        """The arrival of case 0, 1, 2, ... as long as it is before ``until``.

        Args:
            draw: The uniform number of a case, 0 < u < 1; asked once per case, and only for poisson and gaps.
            until: End of the period, ms, itself outside.

        Yields:
            Whole ms, never falling, always in an open interval, as long as the cumulative rate lasts.
        """
        yield from self.backlog[: int(np.searchsorted(self.backlog, until))].tolist()
        moments = self._unbounded(draw, until)
        yield from moments if self.most is None else islice(moments, self.most)

    def _unbounded(self, draw: Callable[[int], float], until: int) -> Iterator[int]:
        if self.process == "dates":
            yield from self.dates[: int(np.searchsorted(self.dates, until))].tolist()
            return
        time, cumulative = self.time.tolist(), self.cumulative.tolist()
        position = FIRST_EVEN - 1.0 if self.process == "even" else 0.0
        case = len(self.backlog)
        end = 1
        while True:
            position += self._step(draw, case)
            end = stretch_end(cumulative, end, len(time), position)
            if end >= len(time):
                return
            moment = moment_at(time, cumulative, end, position)
            if moment >= until:
                return
            yield moment
            case += 1

    def _step(self, draw: Callable[[int], float], case: int) -> float:
        """How far the position moves on before a case."""
        if self.gap is not None:
            return max(0.0, self.gap.quantile(draw(case)))
        return exponential_gap(draw(case)) if self.process == "poisson" else 1.0


@token_function
def exponential_gap(u: float) -> float:
    """The step of a Poisson process on its cumulative rate."""
    return -math.log1p(-u)


@token_function
def stretch_end(cumulative: Sequence[float], end: int, last: int, position: float) -> int:
    """The breakpoint behind ``position``, from the breakpoint ``end`` on; ``last`` if there is none.

    On a flat stretch the position is reached at its end: when the doors open again.
    """
    while end < last and cumulative[end] <= position:
        end += 1
    return end


@token_function
def moment_at(time: Sequence[int], cumulative: Sequence[float], end: int, position: float) -> int:
    """Where the cumulative rate reaches ``position`` between the breakpoints ``end - 1`` and ``end``.

    To the nearest ms, halves up, but never on the breakpoint itself, which may be closing time.
    """
    begin = end - 1
    share = (position - cumulative[begin]) / (cumulative[end] - cumulative[begin])
    exact = time[begin] + share * (time[end] - time[begin])
    return min(math.floor(exact + 0.5), time[end] - 1)


def _weights(open: OpenHours, start: date, profile: Profile | None) -> tuple[I64, F64]:  # noqa: A002 - as above
    """Breakpoints from 0 to the end of the hours, and the weight of each stretch between; 0 where closed."""
    points = [np.array([0, open.until], np.int64), open.begin, open.end]
    if profile is not None:
        step = HOUR_MS if len(set(profile.hour)) > 1 else DAY_MS
        points.append(np.arange(0, open.until, step, dtype=np.int64))
    time = np.unique(np.concatenate(points))
    time = time[(time >= 0) & (time <= open.until)]
    stretch = time[:-1]
    interval = np.searchsorted(open.begin, stretch, side="right") - 1
    is_open = interval >= 0
    is_open[is_open] = stretch[is_open] < open.end[interval[is_open]]
    weight = is_open.astype(np.float64)
    if profile is not None:
        weight *= profile.at(stretch, start)
    # Only where the weight changes is a breakpoint needed.
    changes = np.concatenate([[True], weight[1:] != weight[:-1]])
    return np.concatenate([stretch[changes], time[-1:]]), weight[changes]
