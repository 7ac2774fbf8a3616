"""Reading BPMN files: what is found in them, and what is said about broken ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.diagram.model import Bounds, Diagram, Point
from engine.diagram.reader import read, read_bytes
from engine.errors import BadInput, Finding

APPROVAL = Path(__file__).parents[2] / "data" / "bpmn" / "approval.bpmn"
HEAD = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="D">'
BODY = (
    '<process id="p"><startEvent id="s"/><task id="t"/><endEvent id="e"/>'
    '<sequenceFlow id="f1" sourceRef="s" targetRef="t"/>'
    '<sequenceFlow id="f2" sourceRef="t" targetRef="e"/></process>'
)
PLAIN = f"{HEAD}\n{BODY}</definitions>"


@pytest.fixture(scope="module")
def approval() -> Diagram:
    """The small approval process of the test data."""
    return read(APPROVAL)


def complaints(data: bytes | str) -> list[Finding]:
    """What is said about a file that must not be accepted, without the common beginning of the codes."""
    with pytest.raises(BadInput) as caught:
        read_bytes(data.encode() if isinstance(data, str) else data, "x.bpmn")
    for finding in caught.value.findings:
        assert finding.file == "x.bpmn"
        for language in ("en", "zh"):
            assert finding.message(language)
            assert finding.cure(language)
    return list(caught.value.findings)


def codes(data: bytes | str) -> list[str]:
    """The codes of what is said about a file that must not be accepted."""
    return [finding.code.removeprefix("diagram.") for finding in complaints(data)]


def test_elements_stand_in_document_order_at_every_depth(approval: Diagram) -> None:
    """What is inside a sub-process comes right behind it, in its scope."""
    elements = approval.process.elements
    assert list(elements) == [
        *("Start", "Accept", "Complete", "Correct", "Review"),
        *("ReviewStart", "Fork", "CheckA", "CheckB", "Join", "ReviewEnd"),
        *("Late", "Remind", "End", "Reminded"),
    ]
    assert [e.id for e in elements.values() if e.scope == "Review"] == [
        *("ReviewStart", "Fork", "CheckA", "CheckB", "Join", "ReviewEnd")
    ]
    assert elements["Accept"].name == "受理"
    assert elements["Accept"].tag == "userTask"


def test_flows_carry_conditions_scopes_and_lines(approval: Diagram) -> None:
    """A flow knows its ends, its trimmed condition, its scope and where it stands."""
    flows = approval.process.flows
    assert list(flows)[:3] == ["R1", "R2", "R3"]
    assert flows["F4"].condition == "not complete"
    assert flows["F3"].condition is None
    assert (flows["F3"].source, flows["F3"].target, flows["F3"].name) == ("Complete", "Review", "是")
    assert (flows["R1"].scope, flows["F1"].scope) == ("Review", "approval")
    line = next(n for n, text in enumerate(APPROVAL.read_text("utf-8").splitlines(), 1) if 'id="F3"' in text)
    assert flows["F3"].line == line


def test_lanes_nest_and_the_innermost_one_holds_an_element(approval: Diagram) -> None:
    """The deepest lane that names an element wins; a sub-process hands its lane on to its children."""
    process = approval.process
    assert [(lane.id, lane.parent) for lane in process.lanes.values()] == [
        ("Government", None),
        ("Window", "Government"),
        ("Office", "Government"),
    ]
    assert process.elements["Review"].lane == "Window"
    assert process.elements["CheckB"].lane == "Window"
    assert process.elements["CheckA"].lane == "Office"
    assert process.elements["End"].lane is None


def test_parts_keep_definitions_and_foreign_extensions(approval: Diagram) -> None:
    """What stands inside an element and is no flow element is kept, foreign names with their namespace."""
    timer = approval.process.elements["Late"].find("timerEventDefinition")
    assert timer is not None
    duration = timer.find("timeDuration")
    assert duration is not None
    assert duration.text == "P7D"
    extensions = approval.process.elements["Accept"].find("extensionElements")
    assert extensions is not None
    form = extensions.find("{urn:example:foreign}form")
    assert form is not None
    assert form.attributes == {"key": "accept"}
    assert form.parts[0].text == "材料"
    assert approval.process.elements["Start"].parts == ()


def test_truth_values_are_spelled_one_way(approval: Diagram) -> None:
    """XML allows 0 and 1 for truth values; whoever asks an element finds false and true."""
    assert approval.process.elements["Late"].attributes["cancelActivity"] == "false"


def test_drawing_participant_and_digest(approval: Diagram) -> None:
    """Shapes, edges and labels go by the id of what they draw."""
    assert approval.participant == "县政府"
    assert approval.drawing.shapes == {"Start": Bounds(100, 80.5, 36, 36)}
    assert approval.drawing.labels == {"Start": Bounds(90, 120, 60, 14)}
    assert approval.drawing.edges == {"F1": (Point(136, 98), Point(200, 98))}
    assert approval.digest.startswith("sha256:")
    assert len(approval.digest) == 71


@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16", "GBK", "GB2312", "GB18030", "Big5"])
def test_the_declared_encoding_is_honoured(encoding: str) -> None:
    """The same diagram in any encoding that its first line declares is the same process."""
    text = PLAIN.replace('<task id="t"/>', '<task id="t" name="受理中心"/>')
    data = f'<?xml version="1.0" encoding="{encoding}"?>{text}'.encode(encoding)
    assert read_bytes(data, "x").process.elements["t"].name == "受理中心"


@pytest.mark.parametrize(
    ("declared", "real"), [("UTF-8", "GBK"), ("GB18030", "UTF-8"), ("GBK", "UTF-8"), ("KLINGON", "UTF-8")]
)
def test_a_wrong_encoding_is_said(declared: str, real: str) -> None:
    """Bytes that are not what the first line says are a finding, even where they can be decoded."""
    text = PLAIN.replace('<task id="t"/>', '<task id="t" name="受理许可"/>')
    data = f'<?xml version="1.0" encoding="{declared}"?>\n{text}'.encode(real)
    (finding,) = complaints(data)
    assert finding.code == "diagram.encoding"
    assert declared in finding.message()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \n", "empty"),
        (b"PK\x03\x04rest", "other_format"),
        (b"<!DOCTYPE html><html><br></html>", "other_format"),
        (b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"/>', "other_format"),
        (b'<Package xmlns="http://www.wfmc.org/2008/XPDL2.1"/>', "other_format"),
        (b'<definitions id="D"/>', "not_bpmn"),
        (b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", "dtd"),
        (b"<!DOCTYPE x SYSTEM 'file:///etc/hostname'><x/>", "dtd"),
        (b"<x>&unknown;</x>", "entity"),
        (b"hello", "not_xml_start"),
        (b"<a/><b/>", "not_xml_rest"),
        (b"<a>\x01</a>", "not_xml_character"),
        (b"<a b=1/>", "not_xml_attribute"),
        (b"<a b='1' b='2'/>", "not_xml_attribute"),
        (b"<a><b></a>", "not_xml_tag"),
        (b"<a>\n<b", "not_xml_tag"),
        (b"<a:b/>", "not_xml_prefix"),
        (b"<a>" * 300, "too_large"),
        ('<?xml version="1.0" encoding="UTF-16"?><a>中</a>'.encode(), "not_xml_declaration"),
        (HEAD + "</definitions>", "no_process"),
    ],
)
def test_what_is_no_diagram_is_named(data: bytes | str, code: str) -> None:
    """Every kind of wrong file gets one sentence of its own."""
    assert codes(data) == [code]


def test_a_growing_entity_is_refused_quickly() -> None:
    """Entities that multiply are refused before they fill the memory."""
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 100}">' for n in range(1, 12))
    data = f'<!DOCTYPE x [<!ENTITY e0 "lol">{entities}]><x a="&e11;"/>'
    assert codes(data) in (["entity"], ["dtd"])


def test_broken_xml_has_line_and_column() -> None:
    """The place where the XML breaks is part of the finding."""
    (finding,) = complaints("<a>\n  <b></c></a>")
    assert (finding.line, finding.column is not None) == (2, True)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('targetRef="t"', 'targetRef="gone"', ["flow_dangling"]),
        (' targetRef="t"', "", ["flow_open"]),
        ('targetRef="t"', 'targetRef="f2"', ["flow_end_kind"]),
        ('<task id="t"/>', '<usertask id="t"/>', ["flow_end_kind", "flow_end_kind"]),
        ('id="e"', 'id="s"', ["flow_dangling", "duplicate_id"]),
        ('<task id="t"/>', '<task id="t"/><task name="x"/>', ["no_id"]),
        ('<task id="t"/>', '<task id="t" default="f1"/>', ["default_foreign"]),
        ('<task id="t"/>', '<task id="t"/><boundaryEvent id="b"/>', ["boundary_unattached"]),
        ('<task id="t"/>', '<task id="t"/><boundaryEvent id="b" attachedToRef="s"/>', ["boundary_host"]),
        (
            '<task id="t"/>',
            '<subProcess id="t"><task id="i"/></subProcess><boundaryEvent id="b" attachedToRef="i"/>',
            ["boundary_outside"],
        ),
        (
            '<task id="t"/>',
            '<task id="t"/><sequenceFlow id="y" sourceRef="t" targetRef="i"/>'
            '<subProcess id="x"><task id="i"/></subProcess>',
            ["flow_crosses"],
        ),
        (
            '<task id="t"/>',
            '<task id="t"/><laneSet><lane id="l"><flowNodeRef>t</flowNodeRef>'
            "<flowNodeRef>gone</flowNodeRef></lane></laneSet>",
            ["lane_unknown"],
        ),
        ("</process>", '</process><process id="q"><task id="u"/></process>', ["several_processes"]),
        (
            "</process>",
            '</process><collaboration id="c"><messageFlow id="m" sourceRef="t" targetRef="o"/></collaboration>',
            ["message_flow"],
        ),
    ],
)
def test_broken_references_are_found(old: str, new: str, expected: list[str]) -> None:
    """A reference to nothing, or to what it must not name, is said with its line."""
    assert old in PLAIN
    findings = complaints(PLAIN.replace(old, new, 1))
    assert [finding.code.removeprefix("diagram.") for finding in findings] == expected
    assert all(finding.line == 2 for finding in findings)


def test_all_findings_come_at_once() -> None:
    """Several faults of one file are reported together, in the order of their lines."""
    data = PLAIN.replace('targetRef="t"', 'targetRef="x"').replace('targetRef="e"', 'targetRef="y"')
    assert [(f.element, f.values["ref"]) for f in complaints(data)] == [("f1", "x"), ("f2", "y")]


def test_references_may_carry_a_prefix() -> None:
    """Qualified names mean the same ids."""
    data = PLAIN.replace('<task id="t"/>', '<task id="t"/><boundaryEvent id="b" attachedToRef="n:t"/>')
    assert read_bytes(data.encode(), "x").process.boundary_events("t")[0].id == "b"


def test_a_flow_belongs_to_the_scope_of_its_ends() -> None:
    """Tools that write a flow outside its sub-process are understood."""
    inner = '<subProcess id="t"><startEvent id="a"/><endEvent id="b"/></subProcess>'
    data = PLAIN.replace('<task id="t"/>', inner + '<sequenceFlow id="x" sourceRef="a" targetRef="b"/>')
    assert read_bytes(data.encode(), "x").process.flows["x"].scope == "t"


def test_a_drawing_needs_numbers() -> None:
    """A coordinate that is no number is a finding about the element that it draws."""
    data = APPROVAL.read_bytes().replace(b'y="80.5"', b'y="nan"')
    (finding,) = complaints(data)
    assert (finding.code, finding.element) == ("diagram.drawing_number", "Start")


def test_files_that_cannot_be_read_are_findings(tmp_path: Path) -> None:
    """A missing file, a folder and a name that no system allows are bad input, not a traceback."""
    wanted = {tmp_path / "none.bpmn": "missing", tmp_path: "is_folder", Path("a\0b"): "missing"}
    for path, code in wanted.items():
        with pytest.raises(BadInput) as caught:
            read(path)
        assert [finding.code for finding in caught.value.findings] == [f"diagram.file_{code}"]


def test_depth_and_length_meet_no_limit() -> None:
    """Sub-processes fifty deep and ten thousand elements in a row are read."""
    deep = "".join(f'<subProcess id="s{n}">' for n in range(50)) + "</subProcess>" * 50
    assert len(read_bytes(f'{HEAD}<process id="p">{deep}</process></definitions>'.encode(), "x").process.elements) == 50
    long = "".join(
        f'<task id="t{n}"/><sequenceFlow id="f{n}" sourceRef="t{n}" targetRef="t{n + 1}"/>\n' for n in range(9_999)
    )
    data = f'{HEAD}\n<process id="p">\n{long}<task id="t9999"/></process></definitions>'
    process = read_bytes(data.encode(), "x").process
    assert len(process.elements) == 10_000
    assert process.elements["t9999"].line == 10_002


def test_deep_foreign_extensions_are_kept() -> None:
    """Extensions nested as deep as XML may be are kept as parts."""
    inner = "<x:y>" * 240 + "</x:y>" * 240
    task = f'<task id="t" xmlns:x="urn:x"><extensionElements>{inner}</extensionElements></task>'
    data = PLAIN.replace('<task id="t"/>', task)
    assert read_bytes(data.encode(), "x").process.elements["t"].parts[0].parts[0].tag == "{urn:x}y"
