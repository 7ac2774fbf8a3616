"""The chain of five M/M/4 with a tenth of the cases going round again agrees with Erlang C and Jackson's theorem.

In both formats that other engines read: mean cycle 9,932.9 s, mean waiting 4,932.9 s.
"""

from __future__ import annotations

from dataclasses import replace
from math import sqrt
from pathlib import Path

import numpy as np
import pytest

from engine.calendars.units import DAY
from scenarios.interchange.importing import draft_of
from scenarios.loading import load
from simulations.drivers.replicate import replicate, replication_log
from simulations.model import SimulationModel
from tests.support.queueing import wait_mmc

DATA = Path(__file__).parents[1] / "data" / "chain"
FORMATS = {"qbp": ["chain.qbp.bpmn"], "prosimos": ["chain.prosimos.json", "chain.qbp.bpmn"]}
REPLICATIONS = 12


def chain(name: str, folder: Path) -> SimulationModel:
    """The model of a format, measured in the steady state."""
    draft = draft_of([DATA / file for file in FORMATS[name]])
    draft.data["arrivals"]["most"] = 1_000_000
    draft.data["study"] |= {"start": "2026-01-05", "horizon": 44, "warmup": 4, "seed": 3}
    return load(str(draft.write(folder / name, "en")[0])).models["current"]


@pytest.mark.slow
def test_the_chain_agrees_with_theory(tmp_path: Path) -> None:
    """Both means lie within their 95 % intervals, which are narrow enough to see a fault of 10 %."""
    rounds = 1 / 0.9
    waiting = 5 * rounds * wait_mmc(rounds / 300, 900, 4)
    cycle = waiting + 5 * rounds * 900
    assert (round(cycle, 1), round(waiting, 1)) == (9932.9, 4932.9)
    model = chain("qbp", tmp_path)
    found = [replicate(model, number).cases for number in range(REPLICATIONS)]
    cycles = np.array([one["elapsed_days"].mean() for one in found]) * 86_400
    waits = np.array([one["queue_days"].mean() for one in found]) * 86_400
    for values, expected in ((cycles, cycle), (waits, waiting)):
        error = values.std(ddof=1) / sqrt(REPLICATIONS)
        assert 2.201 * error / expected < 0.1, f"no power: {error / expected:.2%}"
        assert abs(values.mean() - expected) <= 2.201 * error, f"{values.mean():.1f} +- {error:.1f}: {expected:.1f}"


def test_both_formats_are_one_model(tmp_path: Path) -> None:
    """The same cases arrive, wait and work at the same moments."""
    logs = []
    for name in FORMATS:
        model = chain(name, tmp_path)
        study = replace(model.study, horizon=2 * DAY, warmup=0)
        logs.append(replication_log(replace(model, study=study), 0))
    assert len(logs[0]) > 2000
    for column in logs[0].columns():
        np.testing.assert_array_equal(getattr(logs[0], column), getattr(logs[1], column))
