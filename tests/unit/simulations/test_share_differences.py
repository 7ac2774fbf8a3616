"""The difference of the shares within a limit: paired, with an interval over replications."""

from dataclasses import replace

import numpy as np
import pytest

from simulations.promises import Label, Source, Target
from simulations.share_differences import share_differences
from tests.support.drawing import Draw
from tests.support.modelling import model_of
from tests.support.summaries import replications

ONE = Draw().start().task("a").end().flow("start", "a", "end").diagram()
SOURCE = Source("x", "assumption", Label("x", "x"))


def test_the_share_may_fall_while_the_mean_improves():
    """Half the cases far below the limit and half above: a better mean, fewer within; the same limit on both sides."""
    target = Target("days", "mean", "<=", 10, "natural_day", SOURCE)
    model = replace(model_of(ONE, {}), targets=(target, replace(target, statistic="each")))
    before = replications("days", [[9.0, 9.0, 9.0, 9.0 + k % 2 * 2] for k in range(6)])
    after = replications("days", [[1.0, 1.0, 11.0, 11.0] for _ in range(6)])
    (found,) = share_differences({"a": model, "b": model}, {"a": before, "b": after})
    shares = np.array([1.0, 0.75] * 3)
    assert found.difference.difference == pytest.approx(0.5 - shares.mean())
    half = 2.5705818 * shares.std(ddof=1) / 6**0.5
    assert found.difference.ci95 == pytest.approx((-0.375 - half, -0.375 + half))
    assert (found.difference.verdict, found.difference.paired) == ("lower", True)


def test_one_replication_invents_no_interval():
    """And is not distinguishable, unless nothing varies at all."""
    model = replace(model_of(ONE, {}), targets=(Target("days", "mean", "<=", 10, "natural_day", SOURCE),))
    before, after = replications("days", [[9.0, 11.0]]), replications("days", [[9.0, 9.5]])
    (found,) = share_differences({"a": model, "b": model}, {"a": before, "b": after})
    assert (found.difference.ci95, found.difference.verdict) == (None, "not_distinguishable")
