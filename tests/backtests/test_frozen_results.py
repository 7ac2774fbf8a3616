"""Did an answer move? Small frozen tables of the library's results; a change names its cause in the changelog.

After a change that is meant: ``python -m tests.backtests.test_frozen_results`` writes the table anew.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from scenarios.library import names
from scenarios.loading import load
from simulations.drivers.replicate import replicate

FROZEN = Path(__file__).parent / "frozen_results.csv"
FIELDS = ("pipeline", "variant", "indicator", "mean")


def rows() -> Iterator[tuple[str, str, str, str]]:
    """The means of replication 0, seed 1, of every variant."""
    for pipeline in names():
        for variant, model in load(pipeline, seed=1).models.items():
            cases = replicate(model, 0).cases
            for indicator in cases:
                if indicator != "case":
                    yield pipeline, variant, indicator, f"{cases[indicator].mean():.6f}"


@pytest.mark.slow
def test_results_are_those_that_were_frozen():
    """Row by row, to a millionth."""
    with FROZEN.open(encoding="utf-8", newline="") as file:
        frozen = [tuple(row[field] for field in FIELDS) for row in csv.DictReader(file)]
    assert list(rows()) == frozen


if __name__ == "__main__":
    with FROZEN.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(FIELDS)
        writer.writerows(rows())
