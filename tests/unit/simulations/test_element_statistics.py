"""What is counted at each element and flow, for models whose numbers are known by hand; times are minutes."""

from __future__ import annotations

import numpy as np
import pytest

from engine.net import Shares
from simulations.drivers.simpy_driver import simulate
from simulations.element_statistics import ElementStatistics, element_statistics
from simulations.promises import Label, Limit, MeasuredElement, Source
from tests.support.drawing import Draw
from tests.support.modelling import Do, model_of, pool

DAY = 24 * 60.0
LAW = Source("law", "statute", Label("某法", "Some law"))


def of(statistics: ElementStatistics, element: str, column: str) -> float:
    """One number of one element."""
    return float(getattr(statistics, column)[statistics.elements.index(element)])


def passages(statistics: ElementStatistics) -> dict[str, float]:
    """Flow to its passages per case."""
    return dict(zip(statistics.flows, statistics.frequency.tolist(), strict=True))


def test_a_queue_of_two_at_one_desk_waits_half_a_service_on_average() -> None:
    """Two cases at once, one desk, a day of work each: the second waits a day, so the mean is half of one."""
    diagram = Draw().start().task("a").end().flow("start", "a", "end").diagram()
    model = model_of(diagram, {"a": Do(effort=DAY, pools=("desk",))}, pools=[pool("desk")], arrivals=(0, 0))
    found = element_statistics([simulate(model, 0)], model)
    assert (found.cases, of(found, "a", "entries")) == (2, 1)
    assert of(found, "a", "waiting") == pytest.approx(0.5)
    assert of(found, "a", "work") == pytest.approx(1)


def test_a_correction_enters_again_and_its_flows_say_so() -> None:
    """All are sent back once: two checks, one correction, and of the ways out one passage each."""
    drawing = Draw().start().xor("again").task("check").xor("good").task("fix").end()
    drawing.flow("start", "again", "check", "good", "end").flow("good", "fix", "again")
    routes = {"good": Shares(({"good-fix": 1.0, "good-end": 0.0}, {"good-fix": 0.0, "good-end": 1.0}))}
    model = model_of(drawing.diagram(), {"check": Do(dwell=DAY)}, routing=routes, arrivals=(0, 10, 20))
    found = element_statistics([simulate(model, 0)], model)
    assert (of(found, "check", "entries"), of(found, "fix", "entries")) == (2, 1)
    assert of(found, "check", "work") == pytest.approx(1)
    assert passages(found) == {
        "start-again": 1, "again-check": 2, "check-good": 2, "good-end": 1, "good-fix": 1, "fix-again": 1,
    }  # fmt: skip


def test_parallel_branches_and_a_sub_process_pass_each_flow_once() -> None:
    drawing = Draw().start().and_("f", "j").task("a", "b").sub("s").end()
    drawing.start("in", scope="s").task("c", scope="s").end("out", scope="s").flow("in", "c", "out")
    drawing.flow("start", "f", "a", "j", "s", "end").flow("f", "b", "j")
    model = model_of(drawing.diagram(), {}, arrivals=(0, 5))
    found = element_statistics([simulate(model, 0)], model)
    assert set(passages(found).values()) == {1}
    assert of(found, "s", "entries") == 1


def test_an_interrupting_timer_takes_the_flow_of_its_task() -> None:
    drawing = Draw().start().task("a").boundary("late", "a").end("end").end("other")
    drawing.flow("start", "a", "end").flow("late", "other")
    model = model_of(drawing.diagram(), {"a": Do(dwell=300), "late": Do(dwell=60)})
    found = element_statistics([simulate(model, 0)], model)
    assert passages(found) == {"start-a": 1, "a-end": 0, "late-other": 1}


def test_a_timer_that_did_not_fire_was_not_entered() -> None:
    drawing = Draw().start().task("a").boundary("late", "a").end("end").end("other")
    drawing.flow("start", "a", "end").flow("late", "other")
    model = model_of(drawing.diagram(), {"a": Do(dwell=30), "late": Do(dwell=60)})
    found = element_statistics([simulate(model, 0)], model)
    assert of(found, "late", "entries") == 0
    assert passages(found)["late-other"] == 0


def test_the_share_over_the_limit_is_of_those_that_came() -> None:
    """The only case goes through one of two measured tasks, and takes four days against a limit of two."""
    drawing = Draw().start().xor("x").task("a", "b").xor("y").end()
    drawing.flow("start", "x", "a", "y", "end").flow("x", "b", "y")
    routes = {"x": Shares(({"x-a": 1.0, "x-b": 0.0},))}
    measured = [
        MeasuredElement(name, "approval", 1, Limit(limit, "working_day", LAW))
        for name, limit in (("a", 2.0), ("b", 9.0))
    ]
    model = model_of(drawing.diagram(), {"a": Do(dwell=4 * DAY)}, routing=routes, measured=measured)
    found = element_statistics([simulate(model, 0)], model)
    assert of(found, "a", "overdue") == 1
    assert np.isnan(of(found, "b", "overdue"))
    assert np.isnan(of(found, "x", "overdue"))


def test_several_replications_are_pooled_and_none_gives_nothing() -> None:
    diagram = Draw().start().task("a").end().flow("start", "a", "end").diagram()
    model = model_of(diagram, {"a": Do(dwell=DAY)}, arrivals=(0, 10))
    once, twice = (element_statistics([simulate(model, n) for n in range(k)], model) for k in (1, 2))
    assert twice.cases == 2 * once.cases == 4
    assert np.array_equal(once.frequency, twice.frequency)
    nothing = element_statistics([], model)
    assert nothing.cases == 0
    assert not nothing.entries.any()
