"""Indicators of small cases, worked out by hand. Day 0 is Monday 2022-01-03; times are minutes."""

from __future__ import annotations

import numpy as np
import pytest

from engine.log import CASE_NODE, DONE
from engine.net import Shares
from simulations.distributions import exponential
from simulations.drivers.simpy_driver import simulate
from simulations.indicators import measure
from simulations.promises import Label, Limit, MeasuredElement, Source, Sum
from tests.support.drawing import Draw
from tests.support.modelling import Do, model_of

DAY = 24 * 60.0
NINE = 9 * 60.0
LAW = Source("law", "statute", Label("某法", "Some law"))


def element(name: str, counts: int = 1, **more: object) -> MeasuredElement:
    """A measured element with a limit of ten working days."""
    return MeasuredElement(name, "approval", counts, Limit(10, "working_day", LAW), **more)  # type: ignore[arg-type]


def indicators(diagram, does, measured, arrivals=(NINE,), routing=None, sums=()):
    """The columns of one replication."""
    totals = [Sum(name, elements, Label(name, name)) for name, elements in sums]
    model = model_of(diagram, does, measured=measured, sums=totals, arrivals=arrivals, routing=routing)
    return measure(simulate(model, 0), model).cases


def chain(*tasks: str):
    """Tasks one after the other."""
    return Draw().start().task(*tasks).end().flow("start", *tasks, "end").diagram()


def side_by_side(*tasks: str):
    """Tasks in parallel."""
    drawing = Draw().start().and_("f", "j").task(*tasks).end().flow("start", "f").flow("j", "end")
    for task in tasks:
        drawing.flow("f", task, "j")
    return drawing.diagram()


def test_a_sum_adds_the_days_of_its_elements_on_both_readings():
    """Mon to Wed is 2 days; Wed to Sun is 3 on both clocks.

    Working days: Thursday, Friday and the Monday that the Sunday rolls to. Natural days: a limit of 3 ends on a
    Saturday and rolls to Monday, so it still holds what ends on Sunday; a limit of 2 ends on Friday.
    """
    cases = indicators(
        chain("a", "b"),
        {"a": Do(dwell=2 * DAY), "b": Do(dwell=4 * DAY)},
        [element("a"), element("b")],
        sums=[("serial", ("a", "b"))],
    )
    assert cases["serial_days"].tolist() == [2 + 3]
    assert cases["serial_natural_days"].tolist() == [2 + 3]
    assert cases["elapsed_days"].tolist() == [6.0]
    assert cases["working_days"].tolist() == [5]  # the Sunday rolls to Monday


def test_a_correction_stops_the_clock_and_a_second_entry_adds_days_but_no_procedure():
    """Four days in the sub-process, of which one in the correction; entered twice: twice three days, one procedure."""
    diagram = (
        Draw().start().xor("again", "enough").sub("s").start("s1", "s").task("check", "correct", scope="s")
        .end("s2", "s").end().flow("start", "again", "s", "enough", "end").flow("enough", "again")
        .flow("s1", "check", "correct", "s2").diagram()
    )  # fmt: skip
    does = {"check": Do(dwell=DAY), "correct": Do(dwell=DAY, party="applicant")}
    routing = {"enough": Shares(({"enough-again": 1, "enough-end": 0}, {"enough-again": 0, "enough-end": 1}))}
    for pauses, days in ((("correct",), 2), ((), 4)):
        measured = [element("s", pauses=pauses, visits=1.0, documents=5.0)]
        cases = indicators(diagram, does, measured, routing=routing, sums=[("serial", ("s",))])
        assert cases["serial_days"].tolist() == [days]
        assert cases["procedures"].tolist() == [1]
        assert cases["visits"].tolist() == [2]
        assert cases["documents"].tolist() == [5]
    assert cases["applicant_days"].tolist() == [2]
    assert cases["dwell_days"].tolist() == [2]


def test_procedures_count_what_was_entered():
    """Three for a block of three, none for a part, none for what the case did not come to."""
    diagram = Draw().start().xor("x", "m").task("a", "b", "c").end()
    diagram.flow("start", "x", "a", "m", "c", "end").flow("x", "b", "m")
    routing = {"x": Shares(({"x-a": 1.0, "x-b": 0.0},))}
    does = {name: Do(dwell=60) for name in "abc"}
    cases = indicators(diagram.diagram(), does, [element("a", 3), element("b", 1), element("c", 0)], routing=routing)
    assert cases["procedures"].tolist() == [3]


def test_days_with_a_procedure_open_are_those_of_the_union():
    """Two and three days side by side are three; what is no procedure does not count."""
    does = {"a": Do(dwell=2 * DAY), "b": Do(dwell=3 * DAY), "c": Do(dwell=9 * DAY)}
    cases = indicators(side_by_side("a", "b", "c"), does, [element("a"), element("b"), element("c", 0)])
    assert cases["procedure_days"].tolist() == [3.0]


@pytest.mark.parametrize(
    ("diagram", "measured", "days"),
    [
        (chain("a", "b"), [element("a"), element("b")], 2 + 2),  # one after the other
        (side_by_side("a", "b"), [element("a"), element("b")], 1 + 2),  # the second starts a day later
        (side_by_side("a", "b"), [element("a", online=True), element("b", online=True)], 2),  # online: together
        (chain("a", "b"), [element("a", 3), element("b", 0)], 2 + 2),  # a block of three starts on three days
        (chain("a", "c"), [element("a"), element("c")], 2 + 1),  # an hour is a day
        (chain("a", "c"), [element("a"), element("c", online=True)], 2 + 0.5),  # or half a day online
        (chain("a", "b"), [element("a")], 2),  # what is no procedure takes no time
    ],
)
def test_doing_business_days_follow_the_rule_of_the_world_bank(diagram, measured, days):
    """Tasks a and b take two days each, c an hour."""
    does = {"a": Do(dwell=2 * DAY), "b": Do(dwell=2 * DAY), "c": Do(dwell=60)}
    assert indicators(diagram, does, measured)["doing_business_days"].tolist() == [days]


def test_cases_that_end_after_the_horizon_count_and_cases_that_arrive_after_it_do_not():
    """Some later arrivals do end before the last measured case, and are still left out."""
    model = model_of(
        chain("a"), {"a": Do(dwell=exponential(600))}, arrivals=[10.0 * k for k in range(200)], warmup=300, horizon=1000
    )
    log = simulate(model, 0)
    result = measure(log, model)
    assert result.cases["case"].tolist() == list(range(30, 100))
    own = (log.node == CASE_NODE) & (log.outcome == DONE)
    assert (log.case[own] >= 100).any()
    assert (log.ended[own][np.isin(log.case[own], np.arange(30, 100))] >= model.study.horizon).any()
