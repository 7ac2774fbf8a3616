from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from simulations.precision import RunNumbers, look_ahead, relative_half_width, run_until_precise
from simulations.replication import Replication
from tests.support.summaries import replication, replications


def runs(spread: float, asked: list[range]) -> RunNumbers:
    """Replications around 100 whose spread is given; notes what was asked for."""

    def run(numbers: Sequence[int]) -> dict[str, list[Replication]]:
        assert isinstance(numbers, range)
        asked.append(numbers)
        values = {n: 100 + spread * float(np.random.default_rng(n).standard_normal()) for n in numbers}
        return {name: [replication(n, days=[v]) for n, v in values.items()] for name in ("before", "after")}

    return run


def test_the_half_width_is_a_share_of_the_mean() -> None:
    """9, 10 and 11: half-width 2.484 of 10; one replication has none; equal ones have 0."""
    assert relative_half_width("days", replications("days", [[9], [10], [11]])) == pytest.approx(0.2484, abs=1e-4)
    assert relative_half_width("days", replications("days", [[9]])) is None
    assert relative_half_width("days", replications("days", [[0], [0]])) == 0.0
    assert relative_half_width("days", replications("days", [[-1], [1]])) == float("inf")


def test_what_is_precise_at_once_stops_after_the_first_batch() -> None:
    """No more replications than needed."""
    asked: list[range] = []
    run = run_until_precise(runs(0.1, asked), {"after": ["days"]}, 0.02)
    found = run.replications
    assert asked == [range(10)]
    assert run.enough == 3
    assert [number for number, _ in run.path] == list(range(3, 11))
    assert len(found["before"]) == len(found["after"]) == 10


def test_it_goes_on_until_the_precision_has_held_for_a_while() -> None:
    """The last four looks, one replication apart, were all narrow enough."""
    asked: list[range] = []
    run = run_until_precise(runs(10.0, asked), {"after": ["days"]}, 0.02)
    after = run.replications["after"]
    assert run.enough is not None
    assert len(after) >= run.enough + look_ahead(run.enough)
    assert all(width <= 0.02 for number, width in run.path if number >= run.enough and width is not None)
    assert all(width == relative_half_width("days", after[:number]) for number, width in run.path)
    assert [r.number for r in after] == list(range(len(after)))
    assert len(after) > 10
    widths = [relative_half_width("days", after[: len(after) - back]) for back in range(4)]
    assert all(width is not None and width <= 0.02 for width in widths)
    assert dict(run.path)[run.enough - 1] > 0.02


def test_it_stops_at_the_most_replications() -> None:
    """A precision that is never reached does not run for ever."""
    asked: list[range] = []
    run = run_until_precise(runs(50.0, asked), {"after": ["days"]}, 0.0001, most=17)
    found = run.replications
    assert run.enough is None
    assert asked == [range(10), range(10, 15), range(15, 17)]
    assert len(found["after"]) == 17


def test_beyond_a_hundred_replications_the_look_ahead_grows() -> None:
    """Five up to a hundred, then five per cent."""
    assert [look_ahead(number) for number in (3, 100, 101, 200, 450)] == [5, 5, 5, 10, 22]
