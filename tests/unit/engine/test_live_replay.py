"""Logs written by hand, right and wrong, before the judge."""

from __future__ import annotations

from engine.diagram.model import Diagram
from engine.live.replay import replay
from engine.log import CANCELLED, DONE, INTERRUPTED, NONE, OPEN, EventLog
from tests.support.drawing import Draw
from tests.support.tracing import Trace


def codes(diagram: Diagram, trace: Trace, log: EventLog) -> list[str]:
    """What is complained about; every complaint must have its sentences in both languages."""
    complaints = replay(diagram, trace.net, log)
    for complaint in complaints:
        assert complaint.describe("en") != complaint.describe("zh")
    return [complaint.code for complaint in complaints]


def sequence() -> Diagram:
    """start, a, b, end."""
    return Draw().start().task("a", "b").end().flow("start", "a", "b", "end").diagram()


def looped_block() -> Diagram:
    """A block of two branches inside a loop inside a sub-process, itself inside a loop."""
    draw = Draw().start().end().xor("outer_merge").sub("tech").xor("outer", default="outer-end")
    draw.start("s", "tech").end("e", "tech").xor("merge", scope="tech").and_("fork", "join", scope="tech")
    draw.task("a", "b", "c", scope="tech").xor("again", scope="tech", default="again-e")
    draw.flow("start", "outer_merge", "tech", "outer", "end").flow("outer", "outer_merge")
    draw.flow("s", "merge", "fork", "a", "join", "c", "again", "e").flow("fork", "b", "join")
    return draw.flow("again", "merge").diagram()


def one_turn(trace: Trace, tech: int, begin: int, order: str) -> None:
    """One turn of the inner loop: the branches end one after the other, then c."""
    entries = {name: trace.begin(name, begin, tech) for name in "ab"}
    for position, name in enumerate(order):
        trace.end(entries[name], begin + 1 + position)
    trace.work("c", begin + 2, begin + 3, tech)


def looped_trace(trace: Trace) -> Trace:
    """Two visits of the sub-process, two turns each, the branches ending in every order."""
    time = 0
    for outer in range(2):
        tech = trace.begin("tech", time)
        for turn, order in enumerate((("ab", "ba"), ("ba", "ab"))[outer]):
            one_turn(trace, tech, time, order)
            time += 3
            trace.choose("again", ("again-merge", "again-e")[turn], time, tech)
        trace.end(tech, time)
        trace.choose("outer", ("outer-outer_merge", "outer-end")[outer], time)
    return trace


def watched(interrupting: bool = True, host: str = "userTask") -> Diagram:
    """A host with a boundary timer, b behind it and late behind the timer."""
    draw = Draw().start().end().end("end_late").task("b", "late")
    if host == "subProcess":
        draw.sub("host").start("s", "host").end("e", "host").task("a", scope="host").flow("s", "a", "e")
    else:
        draw.task("host")
    draw.boundary("limit", "host", interrupting)
    return draw.flow("start", "host", "b", "end").flow("limit", "late", "end_late").diagram()


def test_a_sequence_is_replayed() -> None:
    """Two activities one after the other are no reason to complain."""
    diagram = sequence()
    trace = Trace(diagram)
    trace.work("a", 0, 5)
    trace.work("b", 5, 5)
    assert codes(diagram, trace, trace.finish(5)) == []


def test_a_block_in_a_loop_joins_both_branches_in_every_turn() -> None:
    """The join waits for both branches in later turns too, whatever ended last in the turn before."""
    diagram = looped_block()
    trace = looped_trace(Trace(diagram))
    assert codes(diagram, trace, trace.finish(12)) == []


def test_a_join_that_fires_early_is_complained_about() -> None:
    """In the second turn c begins after one branch: the judge waits for the other."""
    diagram = looped_block()
    trace = Trace(diagram)
    tech = trace.begin("tech", 0)
    one_turn(trace, tech, 0, "ab")
    trace.choose("again", "again-merge", 3, tech)
    slow = trace.begin("a", 3, tech)
    trace.work("b", 3, 4, tech)
    trace.work("c", 4, 5, tech)
    trace.choose("again", "again-e", 5, tech)
    trace.end(slow, 9)
    trace.end(tech, 9)
    trace.choose("outer", "outer-end", 9)
    complaint = replay(diagram, trace.net, trace.finish(9))[0]
    assert (complaint.code, complaint.at, complaint.element) == ("replay.open_set", 4, "c")


def test_an_interrupting_timer_on_a_task() -> None:
    """The timer takes the task's place; had the task ended first, the timer would be gone."""
    diagram = watched()
    trace = Trace(diagram)
    host, limit = trace.begin("host", 0), trace.begin("limit", 0)
    trace.end(host, 7, INTERRUPTED)
    trace.end(limit, 7)
    trace.work("late", 7, 9)
    assert codes(diagram, trace, trace.finish(9)) == []

    trace = Trace(diagram)
    host, limit = trace.begin("host", 0), trace.begin("limit", 0)
    trace.end(host, 7)
    trace.cancel(limit, 7)
    trace.work("b", 7, 9)
    assert codes(diagram, trace, trace.finish(9)) == []


def test_an_interrupting_timer_on_a_sub_process() -> None:
    """What runs inside is cancelled, and only the way behind the timer goes on."""
    diagram = watched(host="subProcess")
    trace = Trace(diagram)
    host, limit = trace.begin("host", 0), trace.begin("limit", 0)
    trace.cancel(trace.begin("a", 0, host), 7)
    trace.end(host, 7, INTERRUPTED)
    trace.end(limit, 7)
    trace.work("late", 7, 9)
    assert codes(diagram, trace, trace.finish(9)) == []


def test_an_activity_that_ends_in_a_cancelled_scope_is_complained_about() -> None:
    """After the interruption nothing inside can end."""
    diagram = watched(host="subProcess")
    trace = Trace(diagram)
    host, limit = trace.begin("host", 0), trace.begin("limit", 0)
    inside = trace.begin("a", 0, host)
    trace.end(host, 7, INTERRUPTED)
    trace.end(limit, 7)
    trace.end(inside, 7)
    trace.work("late", 7, 9)
    assert codes(diagram, trace, trace.finish(9)) == ["replay.not_ready"]


def test_a_timer_that_does_not_interrupt() -> None:
    """A second token starts beside the host, on a task and on a sub-process."""
    diagram = watched(interrupting=False)
    trace = Trace(diagram)
    host, limit = trace.begin("host", 0), trace.begin("limit", 0)
    trace.end(limit, 7)
    late = trace.begin("late", 7)
    trace.end(host, 8)
    b = trace.begin("b", 8)
    trace.end(late, 9)
    trace.end(b, 10)
    assert codes(diagram, trace, trace.finish(10)) == []

    diagram = watched(interrupting=False, host="subProcess")
    trace = Trace(diagram)
    host, limit = trace.begin("host", 0), trace.begin("limit", 0)
    a = trace.begin("a", 0, host)
    trace.end(limit, 7)
    late = trace.begin("late", 7)
    trace.end(a, 8)
    trace.end(host, 8)
    trace.work("b", 8, 9)
    trace.end(late, 11)
    assert codes(diagram, trace, trace.finish(11)) == []


def test_a_timer_that_fires_after_its_host_is_complained_about() -> None:
    """A boundary timer is only set while its host waits."""
    diagram = watched()
    trace = Trace(diagram)
    trace.work("host", 0, 7)
    trace.work("limit", 0, 8)
    assert codes(diagram, trace, trace.finish(9)) == ["replay.open_set"]
    trace.rows.insert(1, [0, 0, trace.net.node_of["b"], 0, 9, 0, 0, 7, 7, 8, 8, DONE, -1])
    assert codes(diagram, trace, trace.log()) == ["replay.not_set"]


def test_a_timer_event_holds_the_token() -> None:
    """Between begin and end of an intermediate timer nothing is ready."""
    diagram = Draw().start().timer("wait").task("a").end().flow("start", "wait", "a", "end").diagram()
    trace = Trace(diagram)
    trace.work("wait", 0, 4)
    trace.work("a", 4, 6)
    assert codes(diagram, trace, trace.finish(6)) == []
    early = Trace(diagram)
    early.work("a", 0, 6)
    early.work("wait", 0, 6)
    assert codes(diagram, early, early.finish(6)) == ["replay.open_set"]


def test_a_terminate_end_cancels_what_runs_beside_it() -> None:
    """At the top the case is over; in a sub-process the case goes on behind it."""
    draw = Draw().start().task("a", "b", "c").and_("fork").end().end("stop", terminate=True)
    draw.flow("start", "fork", "a", "stop").flow("fork", "b", "c", "end")
    diagram = draw.diagram()
    trace = Trace(diagram)
    a, b = trace.begin("a", 0), trace.begin("b", 0)
    trace.end(a, 3)
    trace.cancel(b, 3)
    assert codes(diagram, trace, trace.finish(3)) == []

    draw = Draw().start().sub("tech").task("after").end().flow("start", "tech", "after", "end")
    draw.start("s", "tech").task("a", "b", scope="tech").and_("fork", scope="tech").end("e", "tech")
    draw.end("stop", "tech", terminate=True).flow("s", "fork", "a", "stop").flow("fork", "b", "e")
    diagram = draw.diagram()
    trace = Trace(diagram)
    tech = trace.begin("tech", 0)
    a, b = trace.begin("a", 0, tech), trace.begin("b", 0, tech)
    trace.end(a, 3)
    trace.cancel(b, 3)
    trace.end(tech, 3)
    trace.work("after", 3, 5)
    assert codes(diagram, trace, trace.finish(5)) == []


def test_swapped_rows_are_complained_about() -> None:
    """The second activity cannot end before the first, neither in time nor in the order of the rows."""
    diagram = sequence()
    trace = Trace(diagram)
    trace.work("b", 5, 5)
    trace.work("a", 0, 5)
    assert codes(diagram, trace, trace.finish(5)) == ["replay.not_ready"]
    trace = Trace(diagram)
    trace.work("b", 5, 8)
    trace.work("a", 0, 5)
    assert codes(diagram, trace, trace.finish(8)) == ["replay.order"]


def test_a_missing_row_is_complained_about() -> None:
    """Every activity of the diagram's way is in the log; so are the case, its choices and its scopes."""
    diagram = looped_block()
    complete = looped_trace(Trace(diagram))
    complete.finish(12)
    for gone in range(len(complete.rows)):
        trace = Trace(diagram)
        trace.rows = [row for position, row in enumerate(complete.rows) if position != gone]
        assert len(codes(diagram, trace, trace.log())) == 1


def test_a_row_too_many_is_complained_about() -> None:
    """Nothing in the log is left over: no activity, no choice."""
    diagram = looped_block()
    trace = looped_trace(Trace(diagram))
    trace.choose("outer", "outer-end", 12)
    assert codes(diagram, trace, trace.finish(12)) == ["replay.unused_choice"]
    diagram = sequence()
    trace = Trace(diagram)
    trace.work("a", 0, 5)
    trace.work("b", 5, 6)
    trace.work("b", 6, 6)
    assert codes(diagram, trace, trace.finish(6)) == ["replay.not_ready"]


def test_a_wrong_route_is_complained_about() -> None:
    """The log leaves the loop but goes round again; and a flow of another gateway is no way."""
    diagram = looped_block()
    for wrong in ("again-e", "outer-end"):
        trace = looped_trace(Trace(diagram))
        first = trace.net.flows.index("again-merge")
        position = next(i for i, row in enumerate(trace.rows) if row[-1] == first)
        trace.rows[position][-1] = trace.net.flows.index(wrong)
        assert len(codes(diagram, trace, trace.finish(12))) == 1


def test_a_lost_token_is_complained_about() -> None:
    """The case is complete in the log while the judge still waits, and the other way round."""
    diagram = sequence()
    trace = Trace(diagram)
    trace.work("a", 0, 5)
    assert codes(diagram, trace, trace.finish(5)) == ["replay.open_set"]
    diagram = Draw().start().timer("wait").end().flow("start", "wait", "end").diagram()
    trace = Trace(diagram)
    assert codes(diagram, trace, trace.finish(0)) == ["replay.not_complete"]
    trace = Trace(diagram)
    trace.work("wait", 0, 3)
    assert codes(diagram, trace, trace.finish(3, OPEN)) == ["replay.already_complete"]


def test_an_unfinished_case_is_replayed_as_far_as_it_goes() -> None:
    """What is open at the end of the run is open for the judge too."""
    diagram = sequence()
    trace = Trace(diagram)
    trace.work("a", 0, 5)
    trace.end(trace.begin("b", 5), NONE, OPEN)
    assert codes(diagram, trace, trace.finish(NONE, OPEN)) == []


def test_an_activity_cancelled_without_reason_is_complained_about() -> None:
    """Only the end of a scope or a boundary event takes an activity away."""
    diagram = sequence()
    trace = Trace(diagram)
    trace.end(trace.begin("a", 0), 5, CANCELLED)
    trace.work("b", 5, 6)
    assert codes(diagram, trace, trace.finish(6)) == ["replay.not_ready"]


def test_cases_are_judged_one_by_one() -> None:
    """Rows of several cases are mixed in time; the complaint names the case."""
    diagram = sequence()
    good, bad = Trace(diagram, case=3), Trace(diagram, case=8)
    good.work("a", 0, 5)
    good.work("b", 5, 6)
    good.finish(6)
    bad.work("b", 0, 6)
    bad.finish(6)
    mixed = [row for pair in zip(good.rows, [*bad.rows, None], strict=True) for row in pair if row is not None]
    complaints = replay(diagram, good.net, EventLog.from_rows(mixed, [], 2))
    assert [(c.replication, c.case, c.at, c.element) for c in complaints] == [(2, 8, 0, "a")]
