"""The library's diagrams: valid, completely drawn, alike in all variants, and runnable in another engine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from lxml import etree

from tests.support.library import VARIANTS

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
BPMNDI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"
DI = "{http://www.omg.org/spec/DD/20100524/DI}"

ROOT = Path(__file__).parents[3] / "bpmn"
FILES = sorted(ROOT.glob("*/*.bpmn"))
TASKS = {
    "task",
    "userTask",
    "manualTask",
    "serviceTask",
    "scriptTask",
    "sendTask",
    "receiveTask",
    "businessRuleTask",
}
GATEWAYS = {"exclusiveGateway", "parallelGateway"}
EVENTS = {"startEvent", "endEvent", "intermediateCatchEvent", "boundaryEvent"}
NODES = TASKS | GATEWAYS | EVENTS | {"subProcess"}

every_file = pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}-{file.stem}")


@dataclass(frozen=True)
class Box:
    """A rectangle of the drawing."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.y + self.height

    def overlaps(self, other: Box) -> bool:
        """Whether the two share more than a border."""
        return self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom

    def contains(self, other: Box) -> bool:
        """Whether the other lies inside."""
        return self.x <= other.x and self.y <= other.y and other.right <= self.right and other.bottom <= self.bottom

    def on_border(self, x: float, y: float) -> bool:
        """Whether a point lies on the border, to a pixel."""
        inside = self.x - 1 <= x <= self.right + 1 and self.y - 1 <= y <= self.bottom + 1
        on_edge = min(abs(x - self.x), abs(x - self.right), abs(y - self.y), abs(y - self.bottom)) <= 1
        return inside and on_edge


@dataclass(frozen=True)
class Drawn:
    """A diagram as these tests look at it; every mapping is by id of the BPMN element."""

    root: etree._Element
    process: etree._Element
    nodes: dict[str, etree._Element]
    flows: dict[str, etree._Element]
    shapes: dict[str, Box]
    edges: dict[str, list[tuple[float, float]]]
    labels: dict[str, Box]


def _tag(element: etree._Element) -> str:
    return etree.QName(element).localname


def _box(bounds: etree._Element) -> Box:
    x, y, width, height = (float(bounds.get(key, "nan")) for key in ("x", "y", "width", "height"))
    return Box(x, y, width, height)


def _id(element: etree._Element) -> str:
    return str(element.get("id"))


def read(file: Path) -> Drawn:
    """Read what stands in a file, and fail where an id is drawn twice."""
    root = etree.fromstring(file.read_bytes())
    process = root.find(f"{BPMN}process")
    assert process is not None
    nodes = {_id(e): e for e in process.iter() if isinstance(e.tag, str) and _tag(e) in NODES}
    flows = {_id(e): e for e in process.iter(f"{BPMN}sequenceFlow")}
    shapes: dict[str, Box] = {}
    edges: dict[str, list[tuple[float, float]]] = {}
    labels: dict[str, Box] = {}
    for drawn in root.iter(f"{BPMNDI}BPMNShape", f"{BPMNDI}BPMNEdge"):
        target = str(drawn.get("bpmnElement"))
        assert target not in shapes, f"{target} is drawn twice"
        assert target not in edges, f"{target} is drawn twice"
        bounds = drawn.find(f"{DC}Bounds")
        if bounds is not None:
            shapes[target] = _box(bounds)
        else:
            points = [(float(p.get("x", "nan")), float(p.get("y", "nan"))) for p in drawn.iter(f"{DI}waypoint")]
            edges[target] = points
        label = drawn.find(f"{BPMNDI}BPMNLabel/{DC}Bounds")
        if label is not None:
            labels[target] = _box(label)
    return Drawn(root, process, nodes, flows, shapes, edges, labels)


def _scope(element: etree._Element) -> str:
    parent = element.getparent()
    assert parent is not None
    return _id(parent)


def _segments(points: list[tuple[float, float]]) -> Iterator[Box]:
    for (x1, y1), (x2, y2) in pairwise(points):
        yield Box(min(x1, x2), min(y1, y2), abs(x1 - x2), abs(y1 - y2))


def test_all_variants_are_there() -> None:
    """Every pipeline of the library has its diagrams, and no other file lies among them."""
    found = {folder: {f.stem for f in FILES if f.parent.name == folder} for folder in VARIANTS}
    assert found == {folder: set(variants) for folder, variants in VARIANTS.items()}
    assert {file.parent.name for file in FILES} == set(VARIANTS)


@every_file
def test_valid_by_the_schema(file: Path) -> None:
    """Every diagram is valid by the BPMN 2.0 schema that SpiffWorkflow ships."""
    import SpiffWorkflow

    schema_file = Path(str(SpiffWorkflow.__file__)).parent / "bpmn" / "parser" / "schema" / "BPMN20.xsd"
    schema = etree.XMLSchema(etree.parse(os.fspath(schema_file)))
    assert schema.validate(etree.fromstring(file.read_bytes())), schema.error_log


@every_file
def test_only_known_elements(file: Path) -> None:
    """Only plain elements occur: tasks, two gateways, none and timer events, embedded sub-processes."""
    drawn = read(file)
    known = NODES | {"sequenceFlow", "laneSet", "lane", "flowNodeRef", "incoming", "outgoing"}
    known |= {"timerEventDefinition", "timeDuration", "process"}
    assert {_tag(e) for e in drawn.process.iter() if isinstance(e.tag, str)} <= known
    assert drawn.process.get("id") == file.parent.name
    assert drawn.process.get("isExecutable") == "true"
    for element in drawn.nodes.values():
        timer = element.find(f"{BPMN}timerEventDefinition") is not None
        assert timer == (_tag(element) in ("intermediateCatchEvent", "boundaryEvent")), _id(element)


@every_file
def test_structured(file: Path) -> None:
    """A scope has one start and one end, a task one flow in and out, a gateway splits or merges."""
    drawn = read(file)
    scopes = [drawn.process, *(e for e in drawn.nodes.values() if _tag(e) == "subProcess")]
    for scope in scopes:
        assert len(scope.findall(f"{BPMN}startEvent")) == 1, _id(scope)
        assert len(scope.findall(f"{BPMN}endEvent")) == 1, _id(scope)
        # a structured drawing closes every parallel split by a join of its own
        parallel = scope.findall(f"{BPMN}parallelGateway")
        splits = [g for g in parallel if len(g.findall(f"{BPMN}outgoing")) > 1]
        assert len(parallel) == 2 * len(splits), _id(scope)
    for name, element in drawn.nodes.items():
        into = [f for f, flow in drawn.flows.items() if flow.get("targetRef") == name]
        out = [f for f, flow in drawn.flows.items() if flow.get("sourceRef") == name]
        assert [e.text for e in element.findall(f"{BPMN}incoming")] == into
        assert [e.text for e in element.findall(f"{BPMN}outgoing")] == out
        if _tag(element) in TASKS | {"subProcess", "intermediateCatchEvent"}:
            assert (len(into), len(out)) == (1, 1), name
        elif _tag(element) in GATEWAYS:
            assert sorted((len(into), len(out)))[0] == 1, name
            assert len(into) + len(out) > 2, name


@every_file
def test_questions_and_answers(file: Path) -> None:
    """Every exclusive split asks a question, answers it on each flow and has a default."""
    drawn = read(file)
    for name, element in drawn.nodes.items():
        out = [f for f, flow in drawn.flows.items() if flow.get("sourceRef") == name]
        if _tag(element) == "exclusiveGateway" and len(out) > 1:
            assert str(element.get("name")).endswith("？"), name
            assert element.get("default") in out, name
            assert all(drawn.flows[flow].get("name") for flow in out), name
        if _tag(element) in TASKS | {"subProcess"}:
            assert element.get("name"), name


@every_file
def test_everything_is_drawn(file: Path) -> None:
    """Every element, flow, lane and the pool is drawn once; what has a name outside its shape has a label."""
    drawn = read(file)
    lanes = {_id(lane) for lane in drawn.process.iter(f"{BPMN}lane")}
    pool = drawn.root.find(f"{BPMN}collaboration/{BPMN}participant")
    assert pool is not None
    assert pool.get("processRef") == drawn.process.get("id")
    assert set(drawn.shapes) == set(drawn.nodes) | lanes | {_id(pool)}
    assert set(drawn.edges) == set(drawn.flows)
    outside = {i for i, e in drawn.nodes.items() if _tag(e) in EVENTS | GATEWAYS and e.get("name")}
    outside |= {i for i, flow in drawn.flows.items() if flow.get("name")}
    assert set(drawn.labels) == outside


@every_file
def test_nodes_lie_where_they_belong(file: Path) -> None:
    """Lanes tile the pool, nodes lie inside their lane or sub-process, and none overlap."""
    drawn = read(file)
    pool = drawn.shapes[f"Participant_{drawn.process.get('id')}"]
    lanes = list(drawn.process.iter(f"{BPMN}lane"))
    boxes = [drawn.shapes[_id(lane)] for lane in lanes]
    assert sum(box.height for box in boxes) == pytest.approx(pool.height, abs=len(boxes))
    assert all(abs(above.bottom - below.y) <= 1 for above, below in pairwise(boxes))
    held = [str(ref.text) for lane in lanes for ref in lane.iter(f"{BPMN}flowNodeRef")]
    top = [name for name, element in drawn.nodes.items() if _scope(element) == drawn.process.get("id")]
    assert sorted(held) == sorted(top)
    for lane in lanes:
        for ref in lane.iter(f"{BPMN}flowNodeRef"):
            assert drawn.shapes[_id(lane)].contains(drawn.shapes[str(ref.text)]), ref.text
    for name, element in drawn.nodes.items():
        scope = _scope(element)
        if scope in drawn.nodes:
            assert drawn.shapes[scope].contains(drawn.shapes[name]), name
    for one, other in combinations(drawn.nodes, 2):
        hosts = {drawn.nodes[one].get("attachedToRef"), drawn.nodes[other].get("attachedToRef")}
        if _scope(drawn.nodes[one]) == _scope(drawn.nodes[other]) and not hosts & {one, other}:
            assert not drawn.shapes[one].overlaps(drawn.shapes[other]), (one, other)
    for name, element in drawn.nodes.items():
        if _tag(element) == "boundaryEvent":
            host, box = drawn.shapes[str(element.get("attachedToRef"))], drawn.shapes[name]
            assert host.on_border(box.x + box.width / 2, box.y + box.height / 2), name


@every_file
def test_flows_touch_their_ends_and_nothing_else(file: Path) -> None:
    """Flows run square from border to border and cross no other node."""
    drawn = read(file)
    for name, flow in drawn.flows.items():
        points = drawn.edges[name]
        ends = [str(flow.get("sourceRef")), str(flow.get("targetRef"))]
        assert drawn.shapes[ends[0]].on_border(*points[0]), name
        assert drawn.shapes[ends[1]].on_border(*points[-1]), name
        for (x1, y1), (x2, y2) in pairwise(points):
            assert min(abs(x1 - x2), abs(y1 - y2)) <= 1, name
        for other, element in drawn.nodes.items():
            if other not in ends and _scope(element) == _scope(flow):
                assert not any(s.overlaps(drawn.shapes[other]) for s in _segments(points)), (name, other)


@every_file
def test_labels_are_free(file: Path) -> None:
    """No label lies on another label, on a task or event, or under a flow."""
    drawn = read(file)
    for one, other in combinations(drawn.labels, 2):
        assert not drawn.labels[one].overlaps(drawn.labels[other]), (one, other)
    for name, label in drawn.labels.items():
        for other, element in drawn.nodes.items():
            if _tag(element) != "subProcess":
                assert not label.overlaps(drawn.shapes[other]), (name, other)
        for flow, points in drawn.edges.items():
            assert not any(label.overlaps(segment) for segment in _segments(points)), (name, flow)


@pytest.mark.parametrize("pipeline", sorted(VARIANTS))
def test_same_id_same_activity(pipeline: str) -> None:
    """An id that occurs in several variants of a pipeline has the same tag and name in all of them."""
    seen: dict[str, tuple[str, str | None]] = {}
    for file in sorted((ROOT / pipeline).glob("*.bpmn")):
        for name, element in read(file).nodes.items():
            meaning = (_tag(element), element.get("name"))
            assert seen.setdefault(name, meaning) == meaning, (file, name)


@every_file
def test_runs_to_its_end_in_another_engine(file: Path) -> None:
    """SpiffWorkflow parses every diagram and runs it to its end on the default flows."""
    from SpiffWorkflow import TaskState
    from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
    from SpiffWorkflow.bpmn.workflow import BpmnWorkflow

    root = etree.fromstring(file.read_bytes())
    defaults = {gateway.get("default") for gateway in root.iter(f"{BPMN}exclusiveGateway")}
    splits = {_id(g) for g in root.iter(f"{BPMN}exclusiveGateway") if len(g.findall(f"{BPMN}outgoing")) > 1}
    for flow in root.iter(f"{BPMN}sequenceFlow"):
        if flow.get("sourceRef") in splits and flow.get("id") not in defaults:
            etree.SubElement(flow, f"{BPMN}conditionExpression").text = "False"
    for duration in root.iter(f"{BPMN}timeDuration"):
        duration.text = '"PT0S"'  # it evaluates the text, and nobody waits here
    parser = BpmnParser()
    parser.add_bpmn_xml(root, filename=file.name)
    workflow = BpmnWorkflow(parser.get_spec(file.parent.name), parser.get_subprocess_specs(file.parent.name))
    done: list[str] = []
    for _ in range(1000):
        workflow.do_engine_steps()
        workflow.refresh_timers()
        ready = workflow.get_tasks(state=TaskState.READY, manual=True)
        if not ready and workflow.is_completed():
            break
        for task in ready:
            done.append(task.task_spec.bpmn_id)
            task.run()
    assert workflow.is_completed()
    assert len(done) == len(set(done)), "a default flow leads back"
    assert len(done) >= 2
