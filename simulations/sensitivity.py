"""What the verdict hangs on: every assumption moved to both ends of its range, one at a time.

All runs use the same random numbers, so what changes is what the assumption does (common random numbers).
A bar is what the target's figure becomes at the two ends; a break-even is the value at which the figure
crosses the limit, found by bisection between the assumption as stated and an end of its range. It is about
the figure (the mean, or the share within), not about its interval, and about one assumption at a time:
assumptions that move together are not covered.
Ranges of limits change the promise on paper and no simulated day; they are counted and not run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, Protocol, TypeAlias

import numpy as np

from simulations.estimates import Interval, columns_of, mean_over_replications
from simulations.model import SimulationModel
from simulations.promises import Assumption, Target
from simulations.replication import Replication
from simulations.targets import EXACT, within

__all__ = ["BreakEven", "Movable", "Sensitivity", "Swing", "Tornado", "nearest", "sensitivity"]

Runs: TypeAlias = Mapping[str, Sequence[Replication]]
RunAll: TypeAlias = Callable[[Mapping[str, SimulationModel]], Runs]

STEPS: Final = 6  # of the bisection: a break-even is known to 1/64 of the way to the end of the range
AT_ONCE: Final = 24  # models held side by side
ON_PAPER: Final = ".measured."  # limits: no simulated day depends on them


class Movable(Protocol):
    """A scenario whose assumptions can be moved."""

    def value(self, place: str) -> float | None:
        """The number at a place; None where there is no single number."""

    def move(self, place: str, value: float, variants: Sequence[str]) -> Mapping[str, SimulationModel]:
        """The models with one assumption at another value."""


@dataclass(frozen=True)
class BreakEven:
    """Where an assumption decides about a target.

    Args:
        value: The last value found at which the target is kept.
        keeps: The target is kept as long as the assumption is at most (``below``) or at least (``above``) this.
        distance: From the assumption as stated to where the verdict is another one, as a share of it; of the
            range's width where it is 0.
    """

    value: float
    keeps: Literal["below", "above"]
    distance: float


@dataclass(frozen=True)
class Swing:
    """What one assumption does to one target's figure.

    Args:
        assumption: As stated, with its range.
        value: The number as stated; the mean of a distribution.
        low: The figure with the assumption at the low end of its range; None where no case finished.
        high: The same at the high end.
        change_low: 95 % interval of the paired change at the low end; None with one replication.
        change_high: The same at the high end.
        break_evens: Where the target's limit is crossed within the range; none if it never is.
    """

    assumption: Assumption
    value: float
    low: float | None
    high: float | None
    change_low: Interval | None
    change_high: Interval | None
    break_evens: tuple[BreakEven, ...]

    @property
    def width(self) -> float:
        """How far the figure moves from end to end."""
        return 0.0 if self.low is None or self.high is None else abs(self.high - self.low)


@dataclass(frozen=True)
class Tornado:
    """All swings of one target, the widest first.

    Args:
        variant: Whose target it is.
        target: What is promised.
        base: Its figure as everything is stated: the mean, or the share within.
        kept: Whether that figure keeps the limit.
    """

    variant: str
    target: Target
    base: float
    kept: bool
    swings: tuple[Swing, ...]


@dataclass(frozen=True)
class Sensitivity:
    """What a study of sensitivity found.

    Args:
        tornados: Target by target, in the order of variants and targets.
        replications: Of every run.
        runs: How many models were run.
        moved: Assumptions that were moved.
        on_paper: Assumed limits: they change the promise, and no simulated day.
        without_range: Assumptions that cannot be moved, because they have no range or are no single number.
    """

    tornados: tuple[Tornado, ...]
    replications: int
    runs: int
    moved: int
    on_paper: int
    without_range: int


def sensitivity(
    models: Mapping[str, SimulationModel],
    scenario: Movable,
    run: RunAll,
    first_only: bool = False,
) -> Sensitivity:
    """Move every assumption that has a range, target by target.

    Args:
        models: Variant to its model; those without a target are left out.
        scenario: Where the models come from.
        run: Runs the models given, by any name, on the same replications.
        first_only: Only the first target of each variant.
    """
    return _Studying(models, scenario, run, first_only).result()


def nearest(found: Sequence[Tornado]) -> tuple[Tornado, Swing, BreakEven] | None:
    """The break-even that needs the smallest relative change of its assumption."""
    every = [(t, s, b) for t in found for s in t.swings for b in s.break_evens]
    return min(every, key=lambda item: item[2].distance, default=None)


@dataclass(frozen=True)
class _Point:
    variant: str
    place: str
    value: float


@dataclass
class _Bracket:
    """A stretch of an assumption between a value at which a target is kept and one at which it is not."""

    variant: str
    place: str
    target: Target
    kept: float
    lost: float
    whole: bool

    def middle(self) -> float | None:
        """The next value to look at; none where there is no whole number between."""
        if self.whole:
            between = (round(self.kept) + round(self.lost)) // 2
            return float(between) if between not in (round(self.kept), round(self.lost)) else None
        return (self.kept + self.lost) / 2


class _Studying:
    def __init__(self, models: Mapping[str, SimulationModel], scenario: Movable, run: RunAll, first_only: bool) -> None:
        self.scenario = scenario
        self.run = run
        self.models = {name: model for name, model in models.items() if model.targets}
        self.targets = {n: m.targets[:1] if first_only else m.targets for n, m in self.models.items()}
        self.runs = 0
        self.known: dict[_Point, dict[Target, tuple[float, float, tuple[float, ...]] | None]] = {}
        self.values: dict[str, float] = {}
        every = {a.place: a for model in self.models.values() for a in model.assumptions}
        self.on_paper = [place for place in every if ON_PAPER in place]
        for place, assumption in every.items():
            if place not in self.on_paper and assumption.range is not None:
                value = scenario.value(place)
                if value is not None:
                    self.values[place] = value
        self.without_range = len(every) - len(self.on_paper) - len(self.values)

    def result(self) -> Sensitivity:
        base = self.run(self.models) if self.models else {}
        self.base = {name: self._figures(name, base[name]) for name in self.models}
        self._learn({point for name in self.models for a in self._movable(name) for point in self._ends(name, a)})
        brackets = list(self._brackets())
        for _ in range(STEPS):
            middles = [(bracket, bracket.middle()) for bracket in brackets]
            points = {_Point(b.variant, b.place, m) for b, m in middles if m is not None}
            self._learn(points)
            for bracket, middle in middles:
                if middle is not None:
                    figures = self.known[_Point(bracket.variant, bracket.place, middle)][bracket.target]
                    if figures is not None and figures[1] >= -EXACT:
                        bracket.kept = middle
                    else:
                        bracket.lost = middle
        tornados = [
            self._tornado(name, target, brackets) for name, targets in self.targets.items() for target in targets
        ]
        return Sensitivity(
            tornados=tuple(tornado for tornado in tornados if tornado is not None),
            replications=max((len(runs) for runs in base.values()), default=0),
            runs=self.runs + len(self.models),
            moved=len(self.values),
            on_paper=len(self.on_paper),
            without_range=self.without_range,
        )

    def _movable(self, variant: str) -> list[Assumption]:
        return [a for a in self.models[variant].assumptions if a.place in self.values]

    def _ends(self, variant: str, assumption: Assumption) -> list[_Point]:
        assert assumption.range is not None
        ends = assumption.range
        return [_Point(variant, assumption.place, end) for end in ends if end != self.values[assumption.place]]

    def _learn(self, points: set[_Point]) -> None:
        """Run what is not known yet, some models at a time."""
        todo = sorted(points - self.known.keys(), key=lambda p: (p.place, p.value, p.variant))
        for first in range(0, len(todo), AT_ONCE):
            chunk = todo[first : first + AT_ONCE]
            models = {
                str(number): self.scenario.move(point.place, point.value, [point.variant])[point.variant]
                for number, point in enumerate(chunk)
            }
            self.runs += len(models)
            found = self.run(models)
            for number, point in enumerate(chunk):
                self.known[point] = self._figures(point.variant, found[str(number)])

    def _figures(
        self, variant: str, replications: Sequence[Replication]
    ) -> dict[Target, tuple[float, float, tuple[float, ...]] | None]:
        """By target: its figure, by how much that keeps the limit, and the figure of each replication."""
        return {target: _figure(target, replications) for target in self.targets[variant]}

    def _brackets(self) -> Iterator[_Bracket]:
        for variant, targets in self.targets.items():
            for assumption in self._movable(variant):
                for point in self._ends(variant, assumption):
                    for target in targets:
                        here, there = self.base[variant][target], self.known[point][target]
                        if here is None or there is None or (here[1] >= -EXACT) == (there[1] >= -EXACT):
                            continue
                        ends = (self.values[point.place], point.value)
                        kept, lost = ends if here[1] >= -EXACT else ends[::-1]
                        whole = assumption.unit == "people"
                        yield _Bracket(variant, point.place, target, kept, lost, whole)

    def _tornado(self, variant: str, target: Target, brackets: Sequence[_Bracket]) -> Tornado | None:
        base = self.base[variant][target]
        if base is None:
            return None
        swings = []
        for assumption in self._movable(variant):
            assert assumption.range is not None
            value = self.values[assumption.place]
            ends = [self.known.get(_Point(variant, assumption.place, end), {}).get(target) for end in assumption.range]
            ends = [base if end == value else known for end, known in zip(assumption.range, ends, strict=True)]
            own = [b for b in brackets if (b.variant, b.place, b.target) == (variant, assumption.place, target)]
            low, high = ends
            swings.append(
                Swing(
                    assumption=assumption,
                    value=value,
                    low=None if low is None else low[0],
                    high=None if high is None else high[0],
                    change_low=_change(base[2], low),
                    change_high=_change(base[2], high),
                    break_evens=tuple(_break_even(bracket, value, assumption.range) for bracket in own),
                )
            )
        swings.sort(key=lambda swing: (-swing.width, swing.assumption.place))
        return Tornado(variant, target, base[0], base[1] >= -EXACT, tuple(swings))


def _figure(target: Target, replications: Sequence[Replication]) -> tuple[float, float, tuple[float, ...]] | None:
    columns = columns_of(target.indicator, replications)
    if not columns:
        return None
    if target.statistic == "each":
        shares = [float(np.mean(within(target, column))) for column in columns]
        share = mean_over_replications(shares).mean
        return share, share - (1.0 if target.required_share is None else target.required_share), tuple(shares)
    means = [float(np.mean(column)) for column in columns]
    mean = mean_over_replications(means).mean
    if target.op in ("<=", "<"):
        margin = target.limit - mean
    elif target.op == ">=":
        margin = mean - target.limit
    else:
        margin = (target.tolerance or 0.0) - abs(mean - target.limit)
    return mean, margin - (2 * EXACT if target.op == "<" else 0.0), tuple(means)


def _change(base: tuple[float, ...], end: tuple[float, float, tuple[float, ...]] | None) -> Interval | None:
    """The interval of the paired change; none where the replications do not pair."""
    if end is None or len(end[2]) != len(base):
        return None
    return mean_over_replications(np.subtract(end[2], base).tolist()).ci95


def _break_even(bracket: _Bracket, stated: float, ends: tuple[float, float]) -> BreakEven:
    width = abs(stated) if stated else ends[1] - ends[0]
    keeps: Literal["below", "above"] = "below" if bracket.kept < bracket.lost else "above"
    flip = max(bracket.kept, bracket.lost, key=lambda value: abs(value - stated))  # the verdict is another one there
    return BreakEven(bracket.kept, keeps, abs(flip - stated) / width)
