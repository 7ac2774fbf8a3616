"""The drawing of a diagram: all of it is there, nothing covers anything, and names cannot break out."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import pytest
from lxml import etree

from engine.diagram.sheet import DrawnShape, Sheet, read_sheet, sheet_of
from engine.errors import BadInput
from reports.diagram.drawing import draw_sheet
from reports.diagram.edges import edge_boxes
from reports.diagram.heat import heat_of
from reports.diagram.icons import EVENT_ICONS, GATEWAY_ICONS, MARKER_ICONS, TASK_ICONS
from reports.diagram.look import Look
from reports.diagram.nodes import outer_box, shape_box
from reports.diagram.parts import TALLEST_ON_PAPER, WIDEST_ON_PAPER, parts_of
from reports.diagram.picture import picture
from reports.diagram.scene import Box, Group, Outline, Scene, Words, circle, commands, moved
from reports.diagram.svg import svg_of
from reports.diagram.wrapping import balanced
from reports.fonts import text_width
from scenarios.loading import load
from simulations.drivers.replicate import replication_log
from simulations.element_statistics import element_statistics

BPMN = Path(__file__).resolve().parents[3] / "bpmn"
LIBRARY = sorted(BPMN.glob("*/*.bpmn"))
SVG = "{http://www.w3.org/2000/svg}"


def bpmn(inside: str, drawn: str, outside: str = "") -> bytes:
    """A small BPMN file."""
    return (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
        'xmlns:i="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:d="http://www.omg.org/spec/DD/20100524/DC" '
        f'xmlns:w="http://www.omg.org/spec/DD/20100524/DI" id="all">{outside}<process id="p">{inside}</process>'
        f'<i:BPMNDiagram><i:BPMNPlane bpmnElement="p">{drawn}</i:BPMNPlane></i:BPMNDiagram></definitions>'
    ).encode()


def shape(id_: str, x: float, y: float, width: float, height: float, more: str = "") -> str:
    return (
        f'<i:BPMNShape bpmnElement="{id_}" {more}><d:Bounds x="{x}" y="{y}" width="{width}" height="{height}"/>'
        "</i:BPMNShape>"
    )


def edge(id_: str, *places: tuple[float, float]) -> str:
    ways = "".join(f'<w:waypoint x="{x}" y="{y}"/>' for x, y in places)
    return f'<i:BPMNEdge bpmnElement="{id_}">{ways}</i:BPMNEdge>'


def badged(sheet: Sheet) -> Look:
    """A look with a badge on every activity."""
    activities = [s.id for s in sheet.shapes.values() if "ask" in s.tag or s.tag == "subProcess"]
    return Look(badges=dict.fromkeys(activities, "等 12.5 · 办 11.5"), marks={activities[0]: "removed"})


def group(scene: Scene, id_: str) -> Group:
    return next(g for g in scene.groups if g.id == id_)


def roles(scene: Scene, id_: str) -> list[str]:
    return [thing.role for thing in group(scene, id_).things]


# ---- nothing covers anything -------------------------------------------------------------------------------


@pytest.mark.parametrize("file", LIBRARY, ids=lambda f: f"{f.parent.name}/{f.stem}")
def test_a_badge_covers_no_shape_no_line_no_name_and_no_badge(file: Path) -> None:
    """A badge stands free, or inside its own activity and off its name."""
    sheet = read_sheet(file)
    look = badged(sheet)
    scene = draw_sheet(sheet, look)
    badges = {g.id.removesuffix("-badge"): badge_box(g) for g in scene.groups if g.role == "badge"}
    assert set(badges) == set(look.badges)
    lines = [box for e in sheet.edges.values() for box in edge_boxes(e)]
    words = [t.box for g in scene.groups if g.role != "badge" for t in g.things if isinstance(t, Words)]
    for host, box in badges.items():
        covered = [s.id for s in sheet.shapes.values() if not s.contains and outer_box(s, look).meets(box)]
        assert covered in ([], [host])
        assert not any(line.meets(box) for line in lines)
        assert not any(word.meets(box) for word in words)
    assert not any(one.meets(other) for one, other in combinations(badges.values(), 2))


def badge_box(badge: Group) -> Box:
    outline = next(t for t in badge.things if isinstance(t, Outline) and t.role == "badge")
    numbers = [places for letter, places in commands(outline.d) if letter != "Z"]
    xs = [x for places in numbers for x in places[::2]]
    ys = [y for places in numbers for y in places[1::2]]
    return Box(min(xs), min(ys), max(xs), max(ys))


@pytest.mark.parametrize("file", LIBRARY, ids=lambda f: f"{f.parent.name}/{f.stem}")
def test_names_outside_shapes_cross_no_line_and_no_shape(file: Path) -> None:
    sheet = read_sheet(file)
    scene = draw_sheet(sheet)
    names = [t.box for g in scene.groups if g.role == "name" for t in g.things if isinstance(t, Words)]
    assert names
    fixed = [box for e in sheet.edges.values() for box in edge_boxes(e)]
    fixed += [outer_box(s, Look()) for s in sheet.shapes.values() if not s.contains]
    assert not [name for name in names if any(name.meets(box) for box in fixed)]
    apart = [[t.box for t in g.things if isinstance(t, Words)] for g in scene.groups if g.role == "name"]
    assert not [1 for one, other in combinations(apart, 2) if any(a.meets(b) for a in one for b in other)]


@pytest.mark.parametrize("file", LIBRARY, ids=lambda f: f"{f.parent.name}/{f.stem}")
def test_names_inside_shapes_stay_inside(file: Path) -> None:
    sheet = read_sheet(file)
    scene = draw_sheet(sheet)
    for drawn in sheet.shapes.values():
        b = drawn.bounds
        frame = Box(b.x, b.y, b.x + b.width, b.y + b.height)
        for words in (t for t in group(scene, drawn.id).things if isinstance(t, Words) and t.role == "name"):
            assert frame.left <= words.box.left < words.box.right <= frame.right, words
            assert frame.top <= words.box.top < words.box.bottom <= frame.bottom, words


@pytest.mark.parametrize("file", LIBRARY, ids=lambda f: f"{f.parent.name}/{f.stem}")
def test_everything_lies_on_the_page(file: Path) -> None:
    scene = draw_sheet(read_sheet(file), badged(read_sheet(file)))
    for thing in scene.things():
        if isinstance(thing, Words):
            box = thing.box
            assert scene.box.left <= box.left < box.right <= scene.box.right, thing
            assert scene.box.top <= box.top < box.bottom <= scene.box.bottom, thing


# ---- every element of BPMN ---------------------------------------------------------------------------------


@pytest.mark.parametrize("tag", sorted(TASK_ICONS))
def test_every_kind_of_task_has_its_icon(tag: str) -> None:
    scene = draw_sheet(sheet_of(bpmn(f'<{tag} id="a" name="审批"/>', shape("a", 0, 0, 100, 80)), "x"))
    assert roles(scene, "a").count("icon") == len(TASK_ICONS[tag])


KINDS = sorted(set(EVENT_ICONS) - {"multiple", "parallelMultiple", "event"})


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("tag", ["startEvent", "intermediateCatchEvent", "intermediateThrowEvent", "endEvent"])
def test_every_kind_of_event_has_its_icon_solid_where_it_throws(tag: str, kind: str) -> None:
    inside = f'<{tag} id="a"><{kind}EventDefinition/></{tag}>'
    scene = draw_sheet(sheet_of(bpmn(inside, shape("a", 0, 0, 36, 36)), "x"))
    icons = [t for t in group(scene, "a").things if isinstance(t, Outline) and t.role == "icon"]
    assert len(icons) == len(EVENT_ICONS[kind])
    throws = tag in ("endEvent", "intermediateThrowEvent") or kind == "terminate"
    assert (icons[0].fill == icons[0].stroke) == throws
    assert ("event-inner" in roles(scene, "a")) == tag.startswith("intermediate")


@pytest.mark.parametrize(("parallel", "kind"), [("false", "multiple"), ("true", "parallelMultiple")])
def test_an_event_of_several_definitions_is_multiple(parallel: str, kind: str) -> None:
    both = "<messageEventDefinition/><timerEventDefinition/>"
    inside = f'<startEvent id="a" parallelMultiple="{parallel}">{both}</startEvent>'
    assert sheet_of(bpmn(inside, shape("a", 0, 0, 36, 36)), "x").shapes["a"].event == kind


def test_an_event_that_does_not_interrupt_is_dashed() -> None:
    inside = (
        '<task id="t"/><boundaryEvent id="a" attachedToRef="t" cancelActivity="false"><timerEventDefinition/>'
        '</boundaryEvent><boundaryEvent id="b" attachedToRef="t"/>'
    )
    drawn = shape("t", 0, 0, 100, 80) + shape("a", 20, 62, 36, 36) + shape("b", 60, 62, 36, 36)
    scene = draw_sheet(sheet_of(bpmn(inside, drawn), "x"))
    outlines = {i: [t for t in group(scene, i).things if isinstance(t, Outline)] for i in "ab"}
    assert outlines["a"][0].dash
    assert outlines["a"][1].dash
    assert not outlines["b"][0].dash
    assert [g.id for g in scene.groups].index("t") < [g.id for g in scene.groups].index("a")


@pytest.mark.parametrize("tag", sorted(set(GATEWAY_ICONS) - {"instantiating"}))
def test_every_gateway_has_its_sign(tag: str) -> None:
    scene = draw_sheet(sheet_of(bpmn(f'<{tag} id="a"/>', shape("a", 0, 0, 50, 50)), "x"))
    assert roles(scene, "a").count("icon") == len(GATEWAY_ICONS[tag])


MARKERS = {
    "loop": '<task id="a"><standardLoopCharacteristics/></task>',
    "parallel": '<task id="a"><multiInstanceLoopCharacteristics/></task>',
    "sequential": '<task id="a"><multiInstanceLoopCharacteristics isSequential="true"/></task>',
    "ad_hoc": '<adHocSubProcess id="a"/>',
    "compensation": '<task id="a" isForCompensation="true"/>',
    "collapsed": '<subProcess id="a"/>',
    "collection": '<dataObject id="o" isCollection="true"/><dataObjectReference id="a" dataObjectRef="o"/>',
    "call": '<callActivity id="a"/>',
    "event": '<subProcess id="a" triggeredByEvent="true"/>',
}


@pytest.mark.parametrize("marker", sorted(MARKERS))
def test_every_marker_is_read_and_drawn(marker: str) -> None:
    drawn = shape("a", 0, 0, 100, 80, 'isExpanded="false"' if marker == "collapsed" else 'isExpanded="true"')
    sheet = sheet_of(bpmn(MARKERS[marker], drawn), "x")
    assert sheet.shapes["a"].markers == {marker}
    things = group(draw_sheet(sheet), "a").things
    first = things[0]
    assert isinstance(first, Outline)
    if marker in MARKER_ICONS:
        assert [t.role for t in things].count("icon") == len(MARKER_ICONS[marker])
    elif marker == "call":
        assert first.width > 3
    else:
        assert first.dash


def test_pools_messages_data_notes_and_groups_are_drawn() -> None:
    outside = (
        '<collaboration id="c"><participant id="us" name="县局" processRef="p"/><participant id="them" name="企业"/>'
        '<messageFlow id="m" name="通知" sourceRef="us" targetRef="them"/></collaboration>'
        '<category id="k"><categoryValue id="v" value="并联"/></category>'
    )
    inside = (
        '<task id="t"/><task id="u"/><dataObjectReference id="d" name="材料"/>'
        '<dataStoreReference id="s" name="证照库"/>'
        '<textAnnotation id="n"><text>说明文字</text></textAnnotation><association id="a" sourceRef="t" targetRef="n" '
        'associationDirection="Both"/><group id="g" categoryValueRef="v"/>'
        '<sequenceFlow id="f" sourceRef="t" targetRef="u"><conditionExpression/></sequenceFlow>'
    )
    drawn = (
        shape("us", 0, 0, 600, 200, 'isHorizontal="true"') + shape("them", 0, 300, 600, 60)
        + shape("t", 80, 40, 100, 80)
        + shape("u", 300, 40, 100, 80) + shape("d", 450, 40, 36, 50) + shape("s", 520, 40, 50, 50)
        + shape("n", 200, 140, 90, 30) + shape("g", 60, 20, 160, 160) + edge("m", (130, 200), (130, 300))
        + edge("a", (180, 100), (200, 150)) + edge("f", (180, 80), (300, 80))
    )  # fmt: skip
    scene = draw_sheet(sheet_of(bpmn(inside, drawn, outside), "x"))
    written = {t.text for t in scene.things() if isinstance(t, Words)}
    assert {"县局", "企业", "通知", "材料", "证照库", "说明文字"} <= written
    assert roles(scene, "m") == ["message-flow", "message-start", "arrow"]
    assert roles(scene, "a") == ["association", "arrow", "arrow"]
    assert roles(scene, "f") == ["flow", "arrow", "condition"]
    assert roles(scene, "g") == ["group"]
    assert roles(scene, "s") == ["data", "data-rim"]


# ---- words -------------------------------------------------------------------------------------------------


def test_chinese_breaks_by_its_rules_into_lines_of_nearly_equal_length() -> None:
    lines = balanced("建设工程规划许可证核发（含临时），一并办理。", 90, 13, 6)
    assert len(lines) > 1
    assert not any(line[0] in "，。）" or line[-1] in "（" for line in lines)
    widths = [text_width(line, 13) for line in lines]
    assert max(widths) <= 90
    assert max(widths) - min(widths) < 40
    assert balanced("审批", 90, 13, 3) == ("审批",)
    assert balanced("住建局 建筑工程施工许可证", 150, 13, 3) == ("住建局", "建筑工程施工许可证")


def test_a_name_of_200_characters_stays_in_its_box() -> None:
    name = "许可" * 100
    scene = draw_sheet(sheet_of(bpmn(f'<userTask id="a" name="{name}"/>', shape("a", 0, 0, 100, 80)), "x"))
    words = [t for t in group(scene, "a").things if isinstance(t, Words)]
    assert words[-1].text.endswith("…")
    assert all(w.box.left >= 0 and w.box.right <= 100 and w.box.bottom <= 80 for w in words)
    assert group(scene, "a").title == name


@pytest.mark.parametrize("outlined", [True, False])
def test_markup_in_names_and_ids_stays_text(outlined: bool) -> None:
    name = "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&apos;&amp;"
    sheet = sheet_of(bpmn(f'<task id="a" name="{name}"/>', shape("a", 0, 0, 200, 80)), "x")
    svg = svg_of(picture({"v": draw_sheet(sheet, title="<b>")}, "<i>", "en"), outlined)
    root = etree.fromstring(svg.encode())
    assert not list(root.iter(f"{SVG}script"))
    assert not list(root.iter(f"{SVG}b"))
    assert root.findtext(f"{SVG}title") == "<i>"
    assert any(title.text == "<script>alert(1)</script>\"'&" for title in root.iter(f"{SVG}title"))


def test_ids_in_one_picture_are_unique_and_its_references_are_met() -> None:
    scenes = {name: draw_sheet(read_sheet(LIBRARY[0])) for name in ("before", "after")}
    root = etree.fromstring(svg_of(picture(scenes, "二", "zh")).encode())
    ids = [node.get("id") for node in root.iter() if node.get("id")]
    assert len(ids) == len(set(ids))
    used = {node.get("href") for node in root.iter(f"{SVG}use")}
    assert used <= {f"#{i}" for i in ids}


def test_outlines_move_and_scale() -> None:
    assert moved("M1 2L3 4Z", 10, 20, 2) == "M12 24L16 28Z"
    places = [numbers for letter, numbers in commands(circle(5, 5, 5)) if letter == "C"]
    assert len(places) == 4


def test_a_file_without_a_drawing_is_refused() -> None:
    with pytest.raises(BadInput) as error:
        sheet_of(bpmn('<task id="a"/>', ""), "plain.bpmn")
    assert error.value.findings[0].code == "diagram.not_drawn"


@pytest.mark.parametrize("number", ["nan", "inf", "", "ten", "1e300"])
def test_a_shape_without_a_place_is_left_out(number: str) -> None:
    drawn = shape("a", 0, 0, 100, 80) + shape("b", 0, 0, 100, 80).replace('width="100"', f'width="{number}"')
    assert list(sheet_of(bpmn('<task id="a"/><task id="b"/>', drawn), "x").shapes) == ["a"]


def test_a_library_lane_diagram_reads_whole() -> None:
    sheet = read_sheet(BPMN / "construction_permit" / "before.bpmn")
    assert isinstance(sheet.shapes["HousingBureau"], DrawnShape)
    drawn = re.findall(r"<bpmndi:BPMN(?:Shape|Edge) ", (BPMN / "construction_permit" / "before.bpmn").read_text())
    assert len(drawn) == len(sheet.shapes) + len(sheet.edges)


def test_badges_of_close_tasks_keep_out_of_each_others_way() -> None:
    """Two tasks with room for one badge between them, and none under the lower one: the badges stand apart."""
    drawn = shape("a", 0, 0, 100, 80) + shape("b", 0, 106, 100, 80) + shape("c", 0, 190, 100, 80)
    sheet = sheet_of(bpmn('<task id="a"/><task id="b"/><task id="c"/>', drawn), "x")
    scene = draw_sheet(sheet, Look(badges={"a": "等 1.0 · 办 2.0", "b": "等 3.0 · 办 4.0"}))
    one, other = (badge_box(g) for g in scene.groups if g.role == "badge")
    assert not one.meets(other)


def test_a_flow_without_a_condition_has_no_diamond() -> None:
    inside = '<task id="t"/><task id="u"/><sequenceFlow id="f" sourceRef="t" targetRef="u"/>'
    drawn = shape("t", 0, 0, 100, 80) + shape("u", 200, 0, 100, 80) + edge("f", (100, 40), (200, 40))
    scene = draw_sheet(sheet_of(bpmn(inside, drawn), "x"))
    assert roles(scene, "f") == ["flow", "arrow"]


@pytest.mark.parametrize("name", ["construction_permit/before", "contract_enforcement/after", "trade_licence/after"])
def test_parts_for_paper_are_small_enough_and_leave_nothing_out(name: str) -> None:
    """A narrow drawing stays whole; of a large one every task stands in a part, hardly any is cut."""
    scene = draw_sheet(read_sheet(BPMN / f"{name}.bpmn"), Look(), "", "")
    parts = parts_of(scene)
    if scene.box.width <= WIDEST_ON_PAPER and scene.box.height <= TALLEST_ON_PAPER:
        assert parts == (scene.box,)
        return
    assert len(parts) > 1
    assert all(part.width <= WIDEST_ON_PAPER + 40 and part.height <= TALLEST_ON_PAPER + 60 for part in parts)
    tasks = [shape_box(shape) for shape in read_sheet(BPMN / f"{name}.bpmn").shapes.values() if not shape.contains]
    whole = [any(_holds(part, task) for part in parts) for task in tasks]
    assert all(any(part.meets(task) for part in parts) for task in tasks)
    assert sum(whole) >= 0.95 * len(whole)


def _holds(part: Box, task: Box) -> bool:
    across = part.left <= task.left and task.right <= part.right
    return across and part.top <= task.top and task.bottom <= part.bottom


def test_the_passages_of_a_flow_are_told_in_the_language_of_the_report() -> None:
    """A scenario names ways out in English; the drawing alone is Chinese."""
    model = load("trade_licence").models["before"]
    named = [flow for flow in model.diagram.process.flows if flow in model.names]
    assert named
    log = replication_log(model, 0)
    looks, _ = heat_of({"before": (model, element_statistics([log], model))}, "waiting", "en")
    told = [looks["before"].titles[flow] for flow in named if flow in looks["before"].titles]
    assert told
    assert not [sentence for sentence in told if re.search("[\u4e00-\u9fff]", sentence)]
