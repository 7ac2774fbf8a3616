"""Does the model bend the right way when people, work or volume change? And hand-checked times of pools."""

from __future__ import annotations

import math

import numpy as np
import pytest

from engine.calendars.hours import Hours
from engine.calendars.units import DAY, HOUR
from engine.log import NONE
from engine.net import Shares
from simulations.arrivals import Arrivals
from simulations.distributions import exponential
from simulations.drivers.simpy_driver import simulate
from simulations.indicators import measure
from simulations.load import entries_per_case, offered_load, overload_findings, pool_loads
from tests.support.drawing import Draw
from tests.support.modelling import START, Do, model_of, pool, told

ONE = Draw().start().task("a").end().flow("start", "a", "end").diagram()
NINE_TO_FIVE = Hours.from_intervals([(d * DAY + 9 * HOUR, d * DAY + 17 * HOUR) for d in range(100)], 100 * DAY)


def mean_queue(units: int = 2, rate: float = 1.6, effort: float = 60.0) -> float:
    arrivals = Arrivals.from_rate(rate * 24 * 365, Hours.always(100 * DAY), START)
    model = model_of(
        ONE,
        {"a": Do(exponential(effort), ("p",))},
        pools=[pool("p", units)],
        arrivals=arrivals,
        horizon=60 * 24 * 60,
    )
    return float(measure(simulate(model, 0), model).cases["queue_days"].mean())


def test_more_people_mean_shorter_queues():
    """And fewer people longer ones."""
    assert mean_queue(units=4) < mean_queue(units=3) < mean_queue(units=2)


def test_more_work_or_more_cases_mean_longer_queues():
    """On common random numbers, so that even a small step shows."""
    assert mean_queue(effort=50) < mean_queue(effort=55) < mean_queue(effort=60)
    assert mean_queue(rate=1.4) < mean_queue(rate=1.6)


def test_no_arrivals_no_results():
    """An empty period gives an empty log and no indicator."""
    model = model_of(ONE, {"a": Do(dwell=1)}, arrivals=[])
    log = simulate(model, 0)
    assert len(log) == 0
    result = measure(log, model)
    assert (result.started, result.finished, result.unfinished) == (0, 0, 0)


def test_common_random_numbers_hold_across_variants():
    """The same task of the same case takes the same time in another diagram with more steps."""
    longer = Draw().start().task("z", "a", "b").end().flow("start", "z", "a", "b", "end").diagram()
    does = {name: Do(exponential(60), ("p",)) for name in "abz"}
    arrivals = [k * 600 for k in range(50)]
    efforts = []
    for diagram in (ONE, longer):
        model = model_of(diagram, does, pools=[pool("p", 9)], arrivals=arrivals)
        log = simulate(model, 0)
        at = np.flatnonzero(log.node == model.net.node_of["a"])
        at = at[np.argsort(log.case[at])]
        efforts.append((log.worked - log.started)[at].tolist())
    assert efforts[0] == efforts[1]


def test_a_suspended_task_keeps_its_unit_over_night_and_a_finishing_one_works_on():
    """Three hours of work begun an hour before closing."""
    arrivals = [16 * 60, 16 * 60 + 1]
    does = {"a": Do(180, ("p",))}
    model = model_of(ONE, does, pools=[pool("p", 1, NINE_TO_FIVE)], arrivals=arrivals)
    assert told(model, simulate(model, 0))[0] == "0 a 960 960 2100 2100 done"  # 11:00 of the next day
    does = {"a": Do(180, ("p",), finish=True)}
    model = model_of(ONE, does, pools=[pool("p", 1, NINE_TO_FIVE, shift_end="finish")], arrivals=arrivals)
    lines = told(model, simulate(model, 0))
    assert lines[0] == "0 a 960 960 1140 1140 done"  # 19:00
    assert lines[2] == "1 a 961 1980 2160 2160 done"  # the next begins when it opens, at 9:00


def test_a_task_of_two_pools_takes_all_or_nothing_and_works_in_their_common_hours():
    """While it waits for the second pool it holds nothing of the first."""
    diagram = (
        Draw().start().and_("f", "j").task("both", "single").end()
        .flow("start", "f", "both", "j", "end").flow("f", "single", "j").diagram()
    )  # fmt: skip
    late = Hours.from_intervals([(d * DAY + 10 * HOUR, d * DAY + 20 * HOUR) for d in range(100)], 100 * DAY)
    does = {"both": Do(8 * 60, ("p", "q")), "single": Do(30, ("p",))}
    model = model_of(diagram, does, pools=[pool("p", 1, NINE_TO_FIVE), pool("q", 1, late)], arrivals=[9 * 60])
    lines = told(model, simulate(model, 0))
    assert lines[0] == "0 single 540 540 570 570 done"  # p is free for it although `both` asked first
    assert lines[1] == "0 both 540 600 2100 2100 done"  # 10 to 17, then 10 to 11 of the next day


def test_priority_and_due_dates_order_the_queue():
    """Lower priority first; earlier due first; else first come."""
    diagram = (
        Draw().start().and_("f", "j").task("x", "y", "z").end()
        .flow("start", "f", "x", "j", "end").flow("f", "y", "j").flow("f", "z", "j").diagram()
    )  # fmt: skip

    def order(discipline, **settings):
        does = {
            "x": Do(10, ("p",), priority=0, due=9 * DAY),
            "y": Do(10, ("p",), priority=2, due=1 * DAY),
            "z": Do(10, ("p",), priority=1, due=2 * DAY),
        }
        model = model_of(diagram, does, pools=[pool("p", 1, NINE_TO_FIVE, discipline=discipline)], arrivals=[0])
        return [line.split()[1] for line in told(model, simulate(model, 0))[:3]]

    assert order("fifo") == ["x", "y", "z"]
    assert order("priority") == ["x", "z", "y"]
    assert order("edd") == ["y", "z", "x"]


def test_unfinished_cases_are_counted_and_said():
    """The run-out is bounded; what is open then is a row with outcome open."""
    model = model_of(ONE, {"a": Do(600, ("p",))}, pools=[pool("p")], arrivals=[0, 1, 2], horizon=10, run_out=1000)
    log = simulate(model, 0)
    result = measure(log, model)
    assert (result.started, result.finished, result.unfinished) == (3, 1, 2)
    assert told(model, log)[-1] == "2 case 2 2 2 - open"
    assert (log.ended[log.outcome == 3] == NONE).all()


def test_only_arrivals_from_the_warm_up_to_the_horizon_are_measured():
    """Earlier and later ones only keep the queues as they are."""
    model = model_of(ONE, {"a": Do(dwell=1)}, arrivals=[0, 10, 20, 30], warmup=10, horizon=30)
    assert measure(simulate(model, 0), model).cases["case"].tolist() == [1, 2]


def test_the_offered_load_is_what_is_asked_over_what_can_be_done():
    """Half of the cases come back once: 1.5 hours of work per case, 0.5 cases an hour, one person: load 0.75."""
    diagram = Draw().start().xor("m", "x").task("a").end().flow("start", "m", "a", "x", "end").flow("x", "m").diagram()
    routing = {"x": Shares(({"x-m": 0.5, "x-end": 0.5}, {"x-m": 0, "x-end": 1}))}
    arrivals = Arrivals.from_rate(0.5 * 24 * 365, Hours.always(100 * DAY), START)
    model = model_of(diagram, {"a": Do(60, ("p",))}, routing=routing, pools=[pool("p")], arrivals=arrivals)
    assert abs(entries_per_case(model, 4000)[model.net.node_of["a"]] - 1.5) < 0.03
    assert abs(offered_load(model)[0] - 0.75) < 0.05
    assert overload_findings(model) == []
    busy = model_of(diagram, {"a": Do(100, ("p",))}, routing=routing, pools=[pool("p")], arrivals=arrivals)
    (finding,) = overload_findings(busy, "en")
    assert "p" in finding.message("en")
    assert finding.severity == "warning"


def test_the_load_by_weekday_and_the_people_short():
    """Half an hour of work every hour around the clock, one person from Monday to Friday for eight hours: load 2.1."""
    hours = Hours.from_intervals([(d * DAY + 9 * HOUR, d * DAY + 17 * HOUR) for d in range(98) if d % 7 < 5], 98 * DAY)
    arrivals = Arrivals.from_rate(24 * 365, Hours.always(98 * DAY), START)
    model = model_of(ONE, {"a": Do(30, ("p",))}, pools=[pool("p", 1, hours)], arrivals=arrivals, days=98)
    (load,) = pool_loads(model)
    assert load.load == pytest.approx(12 * 7 / 40)
    assert load.by_weekday[:5] == pytest.approx([1.5] * 5)
    assert load.by_weekday[5:] == (math.inf, math.inf)
    assert load.missing == 2
    (refused,) = overload_findings(model, "en", allowed=False)
    assert (refused.code, refused.severity) == ("load.refused", "error")
    more = model_of(ONE, {"a": Do(30, ("p",))}, pools=[pool("p", 3, hours)], arrivals=arrivals, days=98)
    assert pool_loads(more)[0].missing == 0
    assert overload_findings(more) == []
