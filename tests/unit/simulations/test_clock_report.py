"""Clocks of simulated cases: start, pauses, extensions, silence; who was late, and which lights they would show."""

from __future__ import annotations

import pytest

from engine.calendars.clock import ClockRules
from engine.net import Shares
from simulations.clock_report import ClockReport, clock_report
from simulations.distributions import Distribution, empirical
from simulations.drivers.simpy_driver import simulate
from simulations.promises import Acceptance, Extension, Label, Limit, MeasuredElement, Source
from tests.support.drawing import Draw
from tests.support.modelling import Do, model_of

LAW = Source("law", "statute", Label("法", "Law"))
POLICY = Source("policy", "policy", Label("政策", "Policy"))
HEAD = Label("负责人", "the head")
DAY = 24 * 60.0


def looked_at(look: float, correct: float, decide: float | Distribution, measured: MeasuredElement) -> ClockReport:
    """A sub-process: the office looks, the applicant corrects once, the office looks again and decides (days)."""
    diagram = (
        Draw().start().sub("s").end().start("s1", "s").xor("again", "complete", scope="s")
        .task("look", "correct", "decide", scope="s").end("s2", "s").flow("start", "s", "end")
        .flow("s1", "again", "look", "complete", "decide", "s2").flow("complete", "correct", "again").diagram()
    )  # fmt: skip
    routing = {
        "complete": Shares(
            (
                {"complete-correct": 1.0, "complete-decide": 0.0},
                {"complete-correct": 0.0, "complete-decide": 1.0},
            )
        )
    }
    lasts = decide.scaled(DAY) if isinstance(decide, Distribution) else decide * DAY
    does = {
        "look": Do(dwell=look * DAY),
        "correct": Do(dwell=correct * DAY, party="applicant"),
        "decide": Do(dwell=lasts),
    }
    model = model_of(diagram, does, routing=routing, measured=[measured], arrivals=[600.0] * 10, days=100)
    return clock_report([simulate(model, 0)], model)


def element(**more: object) -> MeasuredElement:
    """The sub-process, with corrections that stop its clock."""
    known = {"pauses": ("correct",), "specials": {"correct": "correction"}, **more}
    return MeasuredElement("s", "approval", 1, **known)  # type: ignore[arg-type]  # a test's words


def within(days: float, **more: object) -> Limit:
    """A statute's limit in natural days, without rolling."""
    return Limit(days, "natural_day", LAW, ClockRules(roll=False), **more)  # type: ignore[arg-type]  # as above


def test_the_clock_starts_with_the_acceptance() -> None:
    """Looking took 1 + 1 days and correcting 3; the decision's 4 days alone are on the clock."""
    report = looked_at(1, 3, 4, element(limit=within(3), acceptance=Acceptance("look", within(5))))
    (clock,) = report.clocks
    assert (clock.kind, clock.cases, clock.late, clock.deemed) == ("statutory", 10, 1.0, 0.0)
    assert clock.overdue is not None
    assert clock.overdue.mean == 1.0


def test_silence_accepts() -> None:
    """After 6 days nobody had said what was missing: 6 + 3 + 6 + 4 days are on the clock, the correction with them."""
    (clock,) = looked_at(6, 3, 4, element(limit=within(3), acceptance=Acceptance("look", within(5)))).clocks
    assert (clock.late, clock.deemed) == (16.0, 1.0)
    (clock,) = looked_at(5, 3, 4, element(limit=within(3), acceptance=Acceptance("look", within(5)))).clocks
    assert (clock.late, clock.deemed) == (1.0, 0.0)  # on the fifth day it was in time


def test_a_special_step_may_count_in_the_limit() -> None:
    """Looking 1 + 1, deciding 4: 6 days with the correction as a pause, 9 where it counts; named in both."""
    (pausing,) = looked_at(1, 3, 4, element(limit=within(5))).clocks
    (counting,) = looked_at(1, 3, 4, element(limit=within(5), pauses=())).clocks
    assert (pausing.late, counting.late) == (1.0, 4.0)
    assert pausing.special_days == counting.special_days == {"correction": 3.0}
    assert (pausing.counted, counting.counted) == ((), ("correction",))


def test_an_extension_counts_where_it_was_granted() -> None:
    """6 days on the clock are late for 5, in time for 5 + 2; without an element that grants it, nobody does."""
    granted = Extension(2, HEAD, "decide", LAW)
    (clock,) = looked_at(1, 3, 4, element(limit=within(5, extension=granted))).clocks
    assert (clock.late, clock.extended) == (None, 1.0)
    (clock,) = looked_at(1, 3, 4, element(limit=within(5, extension=Extension(2, HEAD, None, LAW)))).clocks
    assert (clock.late, clock.extended) == (1.0, 0.0)


@pytest.mark.parametrize(("counted", "days"), [("excluded", 6.0), ("counted", 7.0)])
def test_the_starting_day_counts_where_the_limit_says_so(counted: str, days: float) -> None:
    """Both readings, of one case."""
    limit = Limit(1, "natural_day", LAW, ClockRules(counted, roll=False))  # type: ignore[arg-type]  # a test's word
    (clock,) = looked_at(1, 3, 4, element(limit=limit)).clocks
    assert clock.late == days - 1


def test_lights_are_those_of_the_worst_moment() -> None:
    """Of a limit of 10: 4 days stay green, 8 show yellow, 11 red; a publicity period shows nothing."""
    half = empirical([2.0, 6.0, 9.0])
    report = looked_at(1, 3, half, element(limit=Limit(10, "natural_day", POLICY, ClockRules(roll=False))))
    shares = {colour: share.mean for colour, share in report.lights.items()}
    assert sum(shares.values()) == pytest.approx(1)
    (clock,) = report.clocks
    assert clock.kind == "policy"
    assert clock.overdue is not None
    assert shares["red"] == clock.overdue.mean
    assert 0 < shares["red"] < 1
    assert 0 < shares["yellow"] < 1
    published = looked_at(1, 3, half, element(limit=None, clocks={"publicity": within(1)}))
    assert published.lights["green"].mean == 1.0
    assert published.clocks[0].overdue is not None
    assert published.free.keys() == {"working_days", "elapsed_days", "doing_business_days"}
