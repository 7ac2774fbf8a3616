"""How many replications are enough: until every interval asked for is as narrow as asked for.

After each batch the half-width of each mean's 95 % interval is held against its mean. Looking again and again
makes it likely to meet a narrow interval by luck, so the precision must hold for some replications more
(Hoad, Robinson and Davies, Journal of the Operational Research Society 61, 2010, 1632-1644: the look-ahead
period).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias

from simulations.estimates import columns_of, mean_over_replications
from simulations.replication import Replication

__all__ = ["LOOK_AHEAD", "MOST_REPLICATIONS", "RunNumbers", "relative_half_width", "run_until_precise"]

LOOK_AHEAD: Final = 3  # replications for which the precision must hold on
MOST_REPLICATIONS: Final = 1000  # then it stops as it is: halving an interval takes four times as many

RunNumbers: TypeAlias = Callable[[Sequence[int]], Mapping[str, Sequence[Replication]]]


def relative_half_width(indicator: str, replications: Sequence[Replication]) -> float | None:
    """Half-width of the mean's 95 % interval, as a share of the mean.

    Returns:
        None where there is no interval; infinity for a mean of 0 that varies.
    """
    columns = columns_of(indicator, replications)
    if len(columns) < 2:
        return None
    found = mean_over_replications([float(column.mean()) for column in columns])
    assert found.ci95 is not None, "several replications bear an interval"
    half = (found.ci95[1] - found.ci95[0]) / 2
    return 0.0 if half == 0.0 else half / abs(found.mean) if found.mean else float("inf")


def run_until_precise(
    run: RunNumbers,
    indicators: Mapping[str, Sequence[str]],
    precision: float,
    first_batch: int = 10,
    batch: int = 5,
    most: int = MOST_REPLICATIONS,
) -> dict[str, list[Replication]]:
    """Run replications of all variants until the means asked for are known as precisely as asked for.

    All variants get the same replications, so that they can be paired.

    Args:
        run: Runs the replications with these numbers, of every variant: `run_experiment` with its
            ``numbers``.
        indicators: Variant to the indicators that must be precise.
        precision: Greatest half-width, as a share of the mean.
        first_batch: Replications before the first look.
        batch: Replications between two looks.
        most: Where it stops in any case.

    Returns:
        Variant to its replications, in the order of their numbers.
    """
    found: dict[str, list[Replication]] = {}
    done = 0
    while done < most:
        numbers = range(done, min(most, done + (batch if done else first_batch)))
        for name, replications in run(numbers).items():
            found.setdefault(name, []).extend(replications)
        done = numbers.stop
        if done > LOOK_AHEAD and all(
            _precise(indicator, found[name], precision) for name, wanted in indicators.items() for indicator in wanted
        ):
            break
    return found


def _precise(indicator: str, replications: Sequence[Replication], precision: float) -> bool:
    """Whether the mean was precise enough some replications ago, and has been ever since."""
    widths = (
        relative_half_width(indicator, replications[:stop])
        for stop in range(len(replications) - LOOK_AHEAD, len(replications) + 1)
    )
    return all(width is not None and width <= precision for width in widths)
