"""Which variant is best, with a stated probability: the fully sequential procedure KN.

Every variant that is still in the race gets one replication more at a time, all on the same random numbers, and one
drops out as soon as it is clearly worse than another (S.-H. Kim and B. L. Nelson, ACM Transactions on Modeling and
Computer Simulation 11, 2001, 251-273, with c = 1). Its promise: if the best is better than all others by at least the
indifference, it is chosen with at least the stated probability; what lies closer to the best than that may be chosen
in its place. Common random numbers are allowed: the variances are those of the paired differences.

The promise is exact for normal means. The values here are means over the cases of a replication.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import floor
from typing import Final, TypeAlias

import numpy as np

from engine.errors import BadInput, Finding

__all__ = ["FEWEST", "Means", "Selection", "select_best"]

FEWEST: Final = 2  # replications of the first stage: a variance needs two
BLOCK: Final = 10  # replications asked for at once; looked at one by one, so the result is the same

Means: TypeAlias = Callable[[Sequence[str], Sequence[int]], Mapping[str, Sequence[float]]]
"""Means of the replications with these numbers, of these variants."""


@dataclass(frozen=True)
class Selection:
    """Which variant was chosen, and how.

    Args:
        best: The variant that was chosen.
        is_sure: The race came to its end; otherwise the bound on the replications came first, and ``best`` only has
            the best mean so far.
        confidence: Least probability of a correct selection, if the best leads by the indifference.
        indifference: What is not worth telling apart, in the indicator's unit.
        first: Replications of the first stage.
        means: Variant to its mean over the replications that it got.
        replications: Variant to their number.
        dropped: Variant to the number of replications at which it dropped out; not those that stayed.
    """

    best: str
    is_sure: bool
    confidence: float
    indifference: float
    first: int
    means: Mapping[str, float]
    replications: Mapping[str, int]
    dropped: Mapping[str, int] = field(default_factory=dict)


def select_best(
    known: Mapping[str, Sequence[float]],
    run: Means,
    indifference: float,
    confidence: float = 0.95,
    smaller_is_better: bool = True,
    most: int = 1000,
) -> Selection:
    """Race the variants against each other.

    Args:
        known: Variant to the means of the replications 0, 1, ... of the first stage, equally many of each.
        run: Gives those of further ones.
        indifference: Above 0, in the unit of the means.
        confidence: Above 1 / number of variants and below 1.
        smaller_is_better: Otherwise the greatest mean is looked for.
        most: No variant gets more replications than this.

    Raises:
        BadInput: Fewer than two variants or two replications each.
    """
    first = min((len(values) for values in known.values()), default=0)
    if len(known) < 2 or first < FEWEST:
        raise BadInput([Finding("selection.too_few", {"variants": len(known), "replications": first})])
    sign = 1.0 if smaller_is_better else -1.0
    race = _Race(known, first, indifference, confidence, sign)
    race.screen()
    while len(race.left) > 1 and race.done < most:
        numbers = range(race.done, min(most, race.done + BLOCK))
        more = run(tuple(race.left), numbers)
        for place in range(len(numbers)):
            race.add({name: more[name][place] for name in race.left})
            race.screen()
            if len(race.left) == 1:
                break
    best = min(race.left, key=lambda name: sign * race.mean(name))
    return Selection(
        best=best,
        is_sure=len(race.left) == 1,
        confidence=confidence,
        indifference=indifference,
        first=first,
        means={name: race.mean(name) for name in known},
        replications={name: len(values) for name, values in race.values.items()},
        dropped=race.dropped,
    )


class _Race:
    """The variants that are left, and what is known of all."""

    def __init__(
        self, known: Mapping[str, Sequence[float]], first: int, indifference: float, confidence: float, sign: float
    ) -> None:
        self.values = {name: list(values[:first]) for name, values in known.items()}
        self.left = list(known)
        self.dropped: dict[str, int] = {}
        self.done = first
        self.indifference = indifference
        self.sign = sign
        eta = ((2 * (1 - confidence) / (len(known) - 1)) ** (-2 / (first - 1)) - 1) / 2  # eq. 3 with c = 1
        self.h2 = float(2 * eta * (first - 1))
        self.variance: dict[tuple[str, str], float] = {
            (one, other): float(np.var(np.subtract(self.values[one], self.values[other]), ddof=1))
            for one in known
            for other in known
        }

    def mean(self, name: str) -> float:
        return float(np.mean(self.values[name]))

    def add(self, means: Mapping[str, float]) -> None:
        for name, value in means.items():
            self.values[name].append(value)
        self.done += 1

    def screen(self) -> None:
        """Drop what is worse than another one by more than chance and indifference allow."""
        means = {name: self.sign * self.mean(name) for name in self.left}
        worse = [
            name
            for name in self.left
            if any(means[name] > means[other] + self._room(name, other) for other in self.left if other != name)
        ]
        survivors = [name for name in self.left if name not in worse]
        if self.done > max(self._longest(one, other) for one in self.left for other in self.left):
            survivors = [min(survivors, key=lambda name: means[name])]  # equal means: the first of them
        self.dropped |= {name: self.done for name in self.left if name not in survivors}
        self.left = survivors

    def _room(self, one: str, other: str) -> float:
        """The width of the continuation region after so many replications (equation 4)."""
        start = self.h2 * self.variance[one, other] / self.indifference**2
        return max(0.0, self.indifference / (2 * self.done) * (start - self.done))

    def _longest(self, one: str, other: str) -> int:
        """After so many replications nothing is left between the two."""
        return floor(self.h2 * self.variance[one, other] / self.indifference**2)
