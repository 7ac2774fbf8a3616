"""How many replications are enough: until every interval asked for is as narrow as asked for.

After each batch the half-width of each mean's 95 % interval is held against its mean. Looking again and again
makes it likely to meet a narrow interval by luck, so the precision must hold for some replications more
(Hoad, Robinson and Davies, Journal of the Operational Research Society 61, 2010, 1632-1644: the look-ahead
period).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from simulations.estimates import mean_over_replications
from simulations.replication import Replication

__all__ = [
    "LOOK_AHEAD",
    "MOST_REPLICATIONS",
    "PrecisionRun",
    "RunNumbers",
    "look_ahead",
    "relative_half_width",
    "run_until_precise",
]

LOOK_AHEAD: Final = 5  # replications for which the precision must hold on; of more than 100, as many per cent
FEWEST: Final = 3  # no look before
MOST_REPLICATIONS: Final = 1000  # then it stops as it is: halving an interval takes four times as many

RunNumbers: TypeAlias = Callable[[Sequence[int]], Mapping[str, Sequence[Replication]]]


def relative_half_width(indicator: str, replications: Sequence[Replication]) -> float | None:
    """Half-width of the mean's 95 % interval, as a share of the mean.

    Returns:
        None where there is no interval; infinity for a mean of 0 that varies.
    """
    return _width([mean for mean in _means(indicator, replications) if mean is not None])


@dataclass(frozen=True)
class PrecisionRun:
    """How a precision was reached, or not.

    Args:
        replications: Variant to its replications, in the order of their numbers.
        asked: Greatest half-width asked for, as a share of the mean.
        path: ``(replications, greatest relative half-width)`` of all means asked for, look by look; None where
            there is no interval yet.
        enough: Replications after which the precision held on; None if the bound came first.
        bound: Where it would have stopped in any case.
    """

    replications: dict[str, list[Replication]]
    asked: float
    path: tuple[tuple[int, float | None], ...]
    enough: int | None
    bound: int


def look_ahead(number: int) -> int:
    """For how many replications more the precision must hold after ``number`` (Hoad et al. 2010, section 4)."""
    return LOOK_AHEAD if number <= 100 else LOOK_AHEAD * number // 100


def run_until_precise(
    run: RunNumbers,
    indicators: Mapping[str, Sequence[str]],
    precision: float,
    first_batch: int = 10,
    batch: int = 5,
    most: int = MOST_REPLICATIONS,
) -> PrecisionRun:
    """Run replications of all variants until the means asked for are known as precisely as asked for.

    All variants get the same replications, so that they can be paired.

    Args:
        run: Runs the replications with these numbers, of every variant: `run_experiment` with its
            ``numbers``.
        indicators: Variant to the indicators that must be precise.
        precision: Greatest half-width, as a share of the mean.
        first_batch: Replications before the first look.
        batch: Replications between two looks, at least.
        most: Where it stops in any case.
    """
    found: dict[str, list[Replication]] = {}
    path: list[tuple[int, float | None]] = []
    done = 0
    enough: int | None = None
    while done < most and enough is None:
        numbers = range(done, min(most, done + (_next(path, precision, batch) if done else first_batch)))
        for name, replications in run(numbers).items():
            found.setdefault(name, []).extend(replications)
        means = [_means(indicator, found[name]) for name, wanted in indicators.items() for indicator in wanted]
        path += [(stop, _greatest(means, stop)) for stop in range(max(FEWEST, done + 1), numbers.stop + 1)]
        done = numbers.stop
        enough = _enough(path, precision)
    return PrecisionRun(found, precision, tuple(path), enough, most)


def _means(indicator: str, replications: Sequence[Replication]) -> list[float | None]:
    """The mean of each replication; none where no case finished."""
    return [float(r.cases[indicator].mean()) if r.finished and indicator in r.cases else None for r in replications]


def _greatest(means: Sequence[Sequence[float | None]], stop: int) -> float | None:
    """The greatest relative half-width of all means over the first replications; None if one has no interval."""
    widths = [_width([mean for mean in one[:stop] if mean is not None]) for one in means]
    return None if None in widths else max((width for width in widths if width is not None), default=0.0)


def _width(values: Sequence[float]) -> float | None:
    if len(values) < 2:
        return None
    found = mean_over_replications(values)
    assert found.ci95 is not None, "several values bear an interval"
    half = (found.ci95[1] - found.ci95[0]) / 2
    return 0.0 if half == 0.0 else half / abs(found.mean) if found.mean else float("inf")


def _enough(path: Sequence[tuple[int, float | None]], precision: float) -> int | None:
    """The first number from which on the precision held for the whole look-ahead."""
    since: int | None = None
    for number, width in path:
        if width is None or width > precision:
            since = None
            continue
        since = number if since is None else since
        if number >= since + look_ahead(since):
            return since
    return None


def _next(path: Sequence[tuple[int, float | None]], precision: float, batch: int) -> int:
    """The rest of a look-ahead that has begun; else a fifth of what there is, and at least a batch."""
    held = 0
    for _, width in reversed(path):
        if width is None or width > precision:
            break
        held += 1
    done = path[-1][0] if path else 0
    if held:
        since = done - held + 1
        return max(1, since + look_ahead(since) - done)
    return max(batch, done // 5)
