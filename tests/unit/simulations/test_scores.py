"""Shares, costs, indices, compression and the backlog's end, worked out by hand. Day 0 is Monday 2022-01-03."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.net import Shares
from simulations.drivers.simpy_driver import simulate
from simulations.indicators import measure
from simulations.model import SimulationModel
from simulations.promise import promise
from simulations.promises import Label, Limit, MeasuredElement, Source
from simulations.quantities import unit_of
from simulations.scores import CaseShare, Index, IndexPart, compression, flow
from tests.support.drawing import Draw
from tests.support.modelling import Do, model_of

DAY = 24 * 60.0
NAME = Label("名", "Name")
LAW = Source("law", "statute", NAME)
GUESS = Source("guess", "assumption", NAME)


def element(name: str, limit: Limit | None = None, statutory: Limit | None = None, **more: float) -> MeasuredElement:
    """A measured element that counts as one procedure."""
    clocks = {} if statutory is None else {"statutory": statutory}
    return MeasuredElement(name, "approval", 1, limit, clocks=clocks, **more)


def days(value: float, source: Source = LAW) -> Limit:
    """A limit in working days."""
    return Limit(value, "working_day", source)


def counter_or_net(measured: list[MeasuredElement], cases: int, **more: object) -> SimulationModel:
    """Three quarters of the cases go to the net, the others to the counter; either takes two days."""
    drawing = Draw().start().xor("x", "m").task("net", "counter").end()
    drawing.flow("start", "x", "net", "m", "end").flow("x", "counter", "m")
    routing = {"x": Shares(({"x-net": 0.75, "x-counter": 0.25},))}
    does = {name: Do(dwell=2 * DAY) for name in ("net", "counter")}
    arrivals = [float(k) for k in range(cases)]
    return replace(model_of(drawing.diagram(), does, measured=measured, routing=routing, arrivals=arrivals), **more)


def test_a_share_is_that_of_the_cases_that_came_there():
    """Whoever goes to the counter makes a visit; the two shares add up to all, case by case."""
    measured = [element("net", visits=0.0), element("counter", visits=1.0)]
    model = counter_or_net(measured, 400, shares=(CaseShare("counter", ("counter",), NAME),))
    cases = measure(simulate(model, 0), model).cases
    np.testing.assert_array_equal(cases["counter_share"], 100.0 * cases["visits"])
    np.testing.assert_array_equal(cases["no_visit_share"], 100.0 - cases["counter_share"])
    assert cases["counter_share"].mean() == pytest.approx(25, abs=6.5)  # three standard errors


def test_a_cost_is_set_against_its_base():
    """Fees of 1,200 and 300 yuan on 10,000 are 12 and 3 percent; without a base there is no share."""
    measured = [element("net", cost=300.0), element("counter", cost=1200.0)]
    model = counter_or_net(measured, 50, cost_base=10_000.0)
    cases = measure(simulate(model, 0), model).cases
    assert set(cases["cost_share"]) == {3.0, 12.0}
    np.testing.assert_allclose(cases["cost_share"], cases["cost"] / 100)
    plain = counter_or_net(measured, 50)
    assert "cost_share" not in measure(simulate(plain, 0), plain).cases


def test_a_case_is_within_the_statutes_if_it_keeps_each_of_them():
    """Two working days keep a limit of two and break one of one; a promised limit has no part in it."""
    measured = [element("net", days(1), days(2)), element("counter", days(5), days(1))]
    model = counter_or_net(measured, 60, shares=(CaseShare("net", ("net",), NAME),))
    cases = measure(simulate(model, 0), model).cases
    np.testing.assert_array_equal(cases["within_statutory_share"], cases["net_share"])
    assert set(cases["within_statutory_share"]) == {0.0, 100.0}


def test_compression_is_the_mean_cut_of_the_elements_with_both_limits():
    """20 to 4 is 80 %, 30 natural to 15 working days 50 %: 65 % on average, whatever has no statute."""
    thirty = Limit(30, "natural_day", LAW)
    both = [element("a", days(4), days(20)), element("b", days(15), thirty), element("c", days(1))]
    assert compression(both) == pytest.approx(65)
    assert compression(both[2:]) is None
    assert compression([element("a", Limit(1, "hour", LAW), days(1))]) is None  # hours are no days


def test_an_index_is_the_sum_of_its_parts_and_the_same_for_every_case():
    """2 + 3 points; on paper it is none where a part is assumed."""
    parts = (IndexPart("rules", NAME, 2, 2, LAW), IndexPart("control", NAME, 3, 4, LAW))
    index = Index("quality", NAME, parts)
    measured = [element("net", days(4), days(20)), element("counter")]
    model = counter_or_net(measured, 3, indices=(index,))
    cases = measure(simulate(model, 0), model).cases
    assert cases["quality_index"].tolist() == [5.0] * 3
    assert cases["compression"].tolist() == [80.0] * 3
    paper = promise(model.diagram, measured, (), indices=(index,))
    assert (paper["quality_index"], paper["compression"]) == (5.0, 80.0)
    guessed = Index("quality", NAME, (parts[0], replace(parts[1], source=GUESS)))
    assert promise(model.diagram, measured, (), indices=(guessed,))["quality_index"] is None
    assert promise(model.diagram, measured, (), True, (guessed,))["quality_index"] == 5.0


def test_the_clearance_rate_and_what_is_left_of_the_backlog():
    """Three old cases, four new ones; in [10, 20) two old and one new are finished: 3 of 4, and one is left."""
    begun = np.array([1, 2, 3, 10, 12, 15, 19])
    ended = np.array([11, 19, 20, 18, -1, 25, 21])
    assert flow(begun, ended, 10, 10, 20) == {"clearance_rate": 75.0, "backlog_left": 1.0}
    assert flow(begun[:3], ended[:3], 10, 10, 20) == {"backlog_left": 1.0}


@pytest.mark.parametrize(
    ("indicator", "unit"),
    [
        ("no_visit_share", "percent"),
        ("instant_share", "percent"),
        ("building_quality_index", "points"),
        ("compression", "percent"),
        ("clearance_rate", "percent"),
        ("backlog_left", "cases"),
    ],
)
def test_units(indicator, unit):
    """By name or ending."""
    assert unit_of(indicator, (), ()) == unit
