"""Drawings made for diagrams that have none: any process, and what a person would not accept in one."""

from __future__ import annotations

from itertools import combinations, pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnValidator

from engine.diagram.layout import lay_out
from engine.diagram.model import Bounds, Diagram, Drawing, Point
from engine.diagram.reader import read, read_bytes
from engine.diagram.writer import with_drawing
from tests.support.block_processes import Block, blocks, draw
from tests.support.drawing import Draw

LIBRARY = sorted((Path(__file__).parents[2] / "bpmn").rglob("*.bpmn"))
TRACES = sorted((Path(__file__).parents[1] / "traces").glob("*.bpmn"))  # every element once
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}BPMNDiagram"


def overlap(a: Bounds, b: Bounds) -> bool:
    return a.x < b.x + b.width and b.x < a.x + a.width and a.y < b.y + b.height and b.y < a.y + a.height


def crosses(a: Point, b: Point, box: Bounds) -> bool:
    """Whether an upright or level line goes through the inside of a box."""
    left, right, top, bottom = min(a.x, b.x), max(a.x, b.x), min(a.y, b.y), max(a.y, b.y)
    return left < box.x + box.width and right > box.x and top < box.y + box.height and bottom > box.y


def judge_pools(diagram: Diagram, drawing: Drawing, pools: list[str]) -> None:
    """No pool lies on another; message flows are upright or level, and cross no element of the two that they join."""
    process = diagram.process
    for one, other in combinations([drawing.shapes[pool] for pool in pools if pool in drawing.shapes], 2):
        assert not overlap(one, other)
    solid = [e.id for e in process.elements.values() if e.tag not in ("process", "boundaryEvent")]
    for message in process.message_flows:
        for a, b in pairwise(drawing.edges[message.id]):
            assert (a.x == b.x) != (a.y == b.y), message
            for id_ in solid if len(pools) == 2 else ():
                assert not crosses(a, b, drawing.shapes[id_]), (message, id_)


def judge(diagram: Diagram, drawing: Drawing) -> None:
    """Everything is drawn, nothing lies on anything else, flows are upright or level and cross no element."""
    process = diagram.process
    pools = [e.id for e in process.inside(process.id)] if process.is_collaboration else [process.id]
    drawn = {id_ for id_ in process.elements if process.process_of(id_) in pools}  # what is called is not
    assert drawn <= set(drawing.shapes)
    messages = {message.id for message in process.message_flows}
    messages |= {way.id for way in process.associations if way.target in drawn}  # to what undoes
    assert set(drawing.edges) == {flow.id for flow in process.flows.values() if flow.source in drawn} | messages
    judge_pools(diagram, drawing, pools)
    for scope in [id_ for id_ in [process.id, *process.elements] if process.process_of(id_) in pools]:
        inside = process.inside(scope)
        solid = [e for e in inside if e.tag != "boundaryEvent"]
        for one, other in combinations(solid, 2):
            assert not overlap(drawing.shapes[one.id], drawing.shapes[other.id]), (one.id, other.id)
        around = drawing.shapes.get(scope)
        for element in inside:
            b = drawing.shapes[element.id]
            if scope not in pools and around is not None:
                assert around.x < b.x < b.x + b.width < around.x + around.width
                assert around.y < b.y < b.y + b.height < around.y + around.height
        for flow in (f for f in process.flows.values() if f.scope == scope):
            points = drawing.edges[flow.id]
            for a, b_ in pairwise(points):
                assert (a.x == b_.x) != (a.y == b_.y), flow.id
                for element in solid:
                    assert not crosses(a, b_, drawing.shapes[element.id]), (flow.id, element.id)
            for point, end in ((points[0], flow.source), (points[-1], flow.target)):
                box = drawing.shapes[end]
                assert point.x in (box.x, box.x + box.width) or point.y == box.y + box.height
    for element in process.elements.values():
        if element.tag == "boundaryEvent":
            b, host = drawing.shapes[element.id], drawing.shapes[element.attributes["attachedToRef"]]
            assert b.y + b.height / 2 == host.y + host.height
            assert host.x < b.x + b.width / 2 < host.x + host.width
        if element.scope == process.id and element.lane in drawing.shapes:
            b, lane = drawing.shapes[element.id], drawing.shapes[element.lane]
            assert lane.y < b.y < b.y + b.height < lane.y + lane.height, element.id


@settings(max_examples=60, deadline=None)
@given(blocks)
def test_any_process_gets_a_drawing_without_overlaps(block: Block) -> None:
    """Loops, branches and sub-processes at any depth."""
    diagram = draw(block).diagram
    judge(diagram, lay_out(diagram))


@pytest.mark.parametrize("file", LIBRARY + TRACES, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_a_file_without_its_drawing_is_laid_out_lane_by_lane(file: Path) -> None:
    """Every element stands inside its lane; what is written is read back as it was, and is valid BPMN."""
    root = etree.fromstring(file.read_bytes())
    for picture in root.findall(DI):
        root.remove(picture)
    bare = etree.tostring(root)
    diagram = read_bytes(bare, file.name)
    assert not diagram.drawing.shapes
    drawing = lay_out(diagram)
    judge(diagram, drawing)
    written = with_drawing(bare, file.name, diagram.process, drawing)
    again = read_bytes(written, file.name)
    assert again.process.elements.keys() == diagram.process.elements.keys()
    pools = {id_ for id_, e in diagram.process.elements.items() if e.tag == "process"} | {diagram.process.id}
    kept = {id_: b for id_, b in drawing.shapes.items() if id_ not in pools}
    assert {id_: b for id_, b in again.drawing.shapes.items() if id_ in kept} == kept
    assert again.drawing.edges == drawing.edges
    BpmnValidator().validate(etree.fromstring(written), file.name)


@pytest.mark.parametrize("file", LIBRARY + TRACES, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_a_file_that_is_written_again_keeps_all_but_its_drawing(file: Path) -> None:
    """Ids, foreign extensions, documentation, comments and order are those of the file, as canonical XML."""
    data = file.read_bytes().replace(
        b"</definitions>",
        b'<extensionElements xmlns:other="urn:other"><other:thing key="v">text</other:thing></extensionElements>'
        b"<!-- a comment --></definitions>",
    )
    diagram = read_bytes(data, file.name)
    written = with_drawing(data, file.name, diagram.process, diagram.drawing)

    def without_drawing(content: bytes) -> bytes:
        root = etree.fromstring(content, etree.XMLParser(remove_blank_text=True))
        for picture in root.findall(DI):
            root.remove(picture)
        return etree.tostring(root, method="c14n")

    assert without_drawing(written) == without_drawing(data)
    assert read_bytes(written, file.name).drawing.edges == diagram.drawing.edges


def test_boundary_events_stand_on_the_edge_of_their_hosts() -> None:
    """Several on one host, of a task and of a sub-process."""
    made = Draw().start().sub("s").end().start("in", "s").task("t", scope="s").end("out", "s").flow("in", "t", "out")
    made.boundary("b1", "s").boundary("b2", "s").boundary("b3", "t").task("late").end("e2").end("e3", "s")
    made.flow("start", "s", "end").flow("b1", "late", "end").flow("b2", "e2").flow("b3", "e3")
    diagram = made.diagram()
    judge(diagram, lay_out(diagram))


@pytest.mark.slow
def test_ten_thousand_elements_and_fifty_levels_meet_no_limit() -> None:
    """Nothing recurses."""
    tasks = [f"t{i}" for i in range(10_000)]
    long = Draw().start().task(*tasks).end().flow("start", *tasks, "end").diagram()
    assert len(lay_out(long).edges) == 10_001
    deep = Draw().start().sub("p0").end().flow("start", "p0", "end")
    for level in range(50):
        deep.start(f"s{level}", f"p{level}").sub(f"p{level + 1}", f"p{level}").end(f"e{level}", f"p{level}")
        deep.flow(f"s{level}", f"p{level + 1}", f"e{level}")
    deep.start("s", "p50").task("t", scope="p50").end("e", "p50").flow("s", "t", "e")
    diagram = deep.diagram()
    judge(diagram, lay_out(diagram))


def test_the_command_lays_out_a_file(tmp_path: Path) -> None:
    """A file with a drawing is left alone unless asked for."""
    from tests.unit.app.conftest import DIAGRAM, call

    (tmp_path / "bare.bpmn").write_text(DIAGRAM, encoding="utf-8")
    drawn = tmp_path / "drawn.bpmn"
    assert call("layout", tmp_path / "bare.bpmn", "-o", drawn).status == 0
    assert read(drawn).drawing.shapes
    refused = call("layout", drawn, "-o", tmp_path / "again.bpmn", "--json")
    assert (refused.status, refused.codes) == (2, ["use.drawn"])
    assert not (tmp_path / "again.bpmn").exists()
    assert call("layout", drawn, "--again", "-o", drawn).status == 0
