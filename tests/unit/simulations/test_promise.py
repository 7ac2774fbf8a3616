from __future__ import annotations

import pytest

from simulations.promise import Promise, critical_path, promise
from simulations.promises import MeasuredElement
from tests.support.drawing import Draw
from tests.support.summaries import GUESS, measured, total


def opening() -> Draw:
    """One window: registration, then seal and first invoice side by side, with a correction loop."""
    draw = Draw().start().sub("Window").end().flow("start", "Window", "end")
    draw.start("inner_start", scope="Window").task("Accept", "Correct", "Register", scope="Window")
    draw.task("Seal", "Invoice", scope="Window").xor("Again", "Complete", scope="Window")
    draw.and_("Split", "Join", scope="Window").end("inner_end", scope="Window")
    draw.flow("inner_start", "Again", "Accept", "Complete", "Register", "Split", "Seal", "Join", "inner_end")
    return draw.flow("Split", "Invoice", "Join").flow("Complete", "Correct", "Again")


def test_company_opening_promises_seven_hours_of_which_five_follow_each_other() -> None:
    """3 + 2 + 2 hours; seal and invoice run side by side."""
    parts = [measured(e, h, "hour", 0) for e, h in (("Register", 3), ("Seal", 2), ("Invoice", 2))]
    found = promise(
        opening().diagram(),
        [MeasuredElement("Window", "approval", 1, None), *parts],
        [total("hours", "Register", "Seal", "Invoice")],
    )
    assert found == {"hours": 7.0, "procedures": 1, "critical_path_hours": 5.0}


def test_limits_of_both_families_have_a_path_each() -> None:
    """One day for the window and hours inside it: neither is turned into the other."""
    limits = [measured("Window", 1), measured("Register", 180, "minute", 0), measured("Seal", 2, "hour", 0)]
    found = promise(opening().diagram(), limits, [total("hours", "Register", "Seal")])
    assert found["critical_path_hours"] == 5.0
    assert found["critical_path_days"] == 1.0


def construction() -> Draw:
    """Survey, one-stop permit of five approvals, inspection and pipes beside the works, acceptance."""
    draw = Draw().start().xor("Needed", "Surveyed").task("Survey", "Design")
    draw.sub("Permit").and_("Begin", "Ready").task("Inspection", "Pipes", "Works", "Registration").sub(
        "Acceptance"
    ).end()
    draw.flow("start", "Needed", "Survey", "Surveyed", "Design", "Permit", "Begin", "Inspection", "Ready")
    draw.flow("Needed", "Surveyed").flow("Begin", "Pipes", "Ready").flow("Begin", "Works", "Ready")
    draw.flow("Ready", "Acceptance", "Registration", "end")
    draw.start("permit_start", scope="Permit").and_("Split", "Join", scope="Permit").end("permit_end", scope="Permit")
    draw.flow("permit_start", "Split").flow("Join", "permit_end")
    for approval in ("Filing", "Land", "Planning", "Building", "Water"):
        draw.task(approval, scope="Permit").flow("Split", approval, "Join")
    return draw


def construction_measured(permit: float | None) -> list[MeasuredElement]:
    """The limits after the reform; the five approvals share one procedure and one limit."""
    return [
        measured("Survey", 10),
        measured("Permit", permit),
        *(measured(e, 7, counts=0) for e in ("Filing", "Land", "Planning", "Building", "Water")),
        measured("Inspection", 1),
        measured("Pipes", 10),
        measured("Acceptance", 10),
        measured("Registration", None),
    ]


SUMS = [
    total("serial", "Survey", "Permit", "Inspection", "Pipes", "Acceptance"),
    total("approval", "Permit", "Acceptance"),
]


def test_construction_promises_38_and_17_days_in_6_procedures() -> None:
    """The sums as published; on the longest way the inspection is hidden by the pipes: 10 + 7 + 10 + 10."""
    assert promise(construction().diagram(), construction_measured(7), SUMS) == {
        "serial_days": 38.0,
        "approval_days": 17.0,
        "procedures": 6,
        "critical_path_days": 37.0,
    }


@pytest.mark.parametrize(("permit", "days"), [(7, 37.0), (20, 50.0), (3, 33.0), (None, 37.0)])
def test_a_limit_of_a_sub_process_wins_over_its_inside(permit: float | None, days: float) -> None:
    """With a limit of its own the inside does not matter, without one its longest way does."""
    found = promise(construction().diagram(), construction_measured(permit), SUMS[1:])
    assert found["critical_path_days"] == days
    assert found["approval_days"] == (None if permit is None else permit + 10)


def test_power_promises_3_days_in_two_procedures() -> None:
    """Two elements in sequence with 1 and 2 days."""
    draw = Draw().start().task("Apply", "Connect").end().flow("start", "Apply", "Connect", "end")
    found = promise(
        draw.diagram(), [measured("Apply", 1), measured("Connect", 2)], [total("power", "Apply", "Connect")]
    )
    assert found == {"power_days": 3.0, "procedures": 2, "critical_path_days": 3.0}


def test_nothing_promised_is_null() -> None:
    """Without limits there is no path; a block that counts as three is three procedures."""
    found = promise(opening().diagram(), [MeasuredElement("Window", "approval", 3, None)], [])
    assert found == {"procedures": 3, "critical_path_days": None}


def test_working_and_natural_days_add_up_but_hours_and_days_do_not() -> None:
    """Days of both kinds are days; no length of day is made up."""
    draw = Draw().start().task("A", "B", "C").end().flow("start", "A", "B", "C", "end")
    limits = [measured("A", 2), measured("B", 3, "natural_day"), measured("C", 4, "hour")]
    found = promise(draw.diagram(), limits, [total("days", "A", "B"), total("all", "A", "C")])
    assert found["days_days"] == 5.0
    assert found["all_days"] is None
    assert (found["critical_path_days"], found["critical_path_hours"]) == (5.0, 4.0)


def test_an_assumed_limit_is_never_promised() -> None:
    """A sum that needs one has no promise, nor has a path that it would change; asked for, they are known."""
    draw = Draw().start().and_("Split", "Join").task("A", "B", "C").end()
    draw.flow("start", "Split", "A", "Join", "C", "end").flow("Split", "B", "Join")
    sums = [total("serial", "A", "B", "C"), total("stated", "A", "C")]

    def promised(days: float, assumed: bool = False) -> Promise:
        limits = [measured("A", 5), measured("B", days, source=GUESS), measured("C", 2)]
        return promise(draw.diagram(), limits, sums, assumed)

    hidden = {"serial_days": None, "stated_days": 7.0, "procedures": 3, "critical_path_days": 7.0}
    assert promised(4) == hidden
    assert promised(6) == {**hidden, "critical_path_days": None}
    assert promised(6, assumed=True) == {**hidden, "serial_days": 13.0, "critical_path_days": 8.0}


def test_months_have_no_days() -> None:
    """A month has no fixed number of days, so no path in days is made up."""
    draw = Draw().start().task("A", "B").end().flow("start", "A", "B", "end")
    found = promise(draw.diagram(), [measured("A", 2), measured("B", 1, "month")], [total("b", "B")])
    assert found["critical_path_days"] is None
    assert found["b_days"] == 1.0


def path(draw: Draw, **days: float) -> float:
    """The critical path of a drawing with these durations."""
    return critical_path(draw.diagram().process, days)


def test_of_alternatives_the_longest_is_taken() -> None:
    """An exclusive choice promises no more than its worst branch."""
    draw = Draw().start().xor("Choice", "Merge").task("A", "B", "C").end()
    draw.flow("start", "Choice", "A", "Merge", "end").flow("Choice", "B", "C", "Merge")
    assert path(draw, A=4, B=1, C=2) == 4.0
    assert path(draw, A=4, B=3, C=2) == 5.0


def test_a_loop_is_not_repeated() -> None:
    """What only leads back is no part of the way, however long it takes."""
    draw = Draw().start().xor("Again", "Passed").task("Do", "Repair", "After").end()
    draw.flow("start", "Again", "Do", "Passed", "After", "end").flow("Passed", "Repair", "Again")
    assert path(draw, Do=3, After=2) == 5.0
    assert path(draw, Do=3, Repair=9, After=2) == 5.0


def test_a_loop_into_the_middle_of_a_branch_leaves_the_forward_way() -> None:
    """Only the flow that leads back is left out, although the walk meets it first."""
    draw = Draw().start().xor("M", "X").task("A", "B").end()
    draw.flow("start", "M", "A", "X", "M").flow("X", "B", "end")
    assert path(draw, A=2, B=3) == 5.0


def test_a_boundary_event_goes_on_from_its_host() -> None:
    """At the latest it happens when the host ends."""
    draw = Draw().start().task("Host", "Late", "Next").end().boundary("Timeout", "Host")
    draw.flow("start", "Host", "Next", "end").flow("Timeout", "Late")
    assert path(draw, Host=3, Late=4, Next=1) == 7.0


def test_what_stands_apart_is_no_way_through() -> None:
    """Event sub-processes and compensation are not led to by flows, and promise nothing."""
    draw = Draw().start().task("A").end().flow("start", "A", "end")
    draw.add("subProcess", "Cancelled", triggeredByEvent="true").add("userTask", "Undo", isForCompensation="true")
    draw.start("e", scope="Cancelled").task("Inform", scope="Cancelled").flow("e", "Inform")
    assert path(draw, A=1, Inform=9, Undo=9, Cancelled=9) == 1.0


def test_sub_processes_nest() -> None:
    """The longest way is found at every depth."""
    draw = Draw().start().sub("Outer").end().flow("start", "Outer", "end")
    draw.start("s1", scope="Outer").sub("Inner", scope="Outer").task("T", scope="Outer").flow("s1", "Inner", "T")
    draw.start("s2", scope="Inner").task("U", scope="Inner").flow("s2", "U")
    assert path(draw, T=1, U=2) == 3.0
    assert path(draw, T=1, U=2, Inner=5) == 6.0
    assert path(draw, T=1, U=2, Inner=5, Outer=4) == 4.0


def test_a_long_process_does_not_exhaust_the_stack() -> None:
    """Five thousand tasks in a row."""
    ids = [f"T{i}" for i in range(5000)]
    draw = Draw().start().task(*ids).end().flow("start", *ids, "end")
    assert path(draw, T0=1, T4999=2) == 3.0
