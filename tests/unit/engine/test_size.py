"""Diagrams of any size: no limit of Python's is met, and work grows with the size alone."""

import itertools

from engine.diagram.checks import check
from engine.diagram.reader import read_bytes
from engine.kernel import layout
from engine.lowering import lower
from tests.support.drawing import Draw
from tests.unit.engine.test_kernel import story, walk

HEAD = b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="t"><process id="p">'
FOOT = b"</process></definitions>"


def test_ten_thousand_elements_are_read_checked_and_lowered():
    """A chain of tasks; each node and flow of the net stands for one of the diagram."""
    names = ["s", *(f"t{n}" for n in range(10_000)), "e"]
    elements = "".join(f'<task id="{name}"/>' for name in names[1:-1])
    flows = "".join(
        f'<sequenceFlow id="{a}-{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in itertools.pairwise(names)
    )
    diagram = read_bytes(HEAD + f'<startEvent id="s"/>{elements}<endEvent id="e"/>{flows}'.encode() + FOOT, "p.bpmn")
    assert check(diagram) == []
    net = lower(diagram, {})
    assert len(net.elements) == 10_002
    assert net.kinds.count(layout.ACTIVITY) == 10_000


def test_sub_processes_fifty_deep_run():
    """Entering, leaving and cancelling go down and up without recursion."""
    draw = Draw().start().end().end("late_end")
    scope = None
    for depth in range(50):
        name = f"s{depth}"
        draw.sub(name, scope).start(f"{name}_start", name).end(f"{name}_end", name)
        draw.flow(f"s{depth - 1}_start" if depth else "start", name, f"s{depth - 1}_end" if depth else "end")
        scope = name
    draw.task("deep", scope="s49").flow("s49_start", "deep", "s49_end")
    draw.boundary("late", "s0").flow("late", "late_end")
    net = lower(draw.diagram(), {})
    done, _ = walk(net, pick=1)
    assert story(net, done).count("leave:") == 50
    late, _ = walk(net, pick=0)
    assert story(net, late).count("cancel:") == 50  # the task and the 49 sub-processes around it
