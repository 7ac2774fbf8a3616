"""Every way in which a diagram or a scenario can be bad: one clear message, exit code, nothing written."""
# ruff: noqa: E501 - a line of a table is one case

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

Reformsim = Callable[..., Any]

PERMIT_TO_END: Final = '<sequenceFlow id="Flow_4" sourceRef="Permit" targetRef="End"/>'
COMPLETE_TO_PERMIT: Final = '<sequenceFlow id="Flow_3" sourceRef="Complete" targetRef="Permit"/>'
CORRECT_TO_ACCEPT: Final = '<sequenceFlow id="Flow_back" sourceRef="Correct" targetRef="Accept"/>'
END: Final = '<endEvent id="End" name="领证"/>'

# what is wrong, [(what is replaced, by what)], code, a text of the line that must be named
DIAGRAMS: Final = [
    ("a DTD", [("<definitions ", "<!DOCTYPE definitions>\n<definitions ")], "dtd", "<!DOCTYPE"),
    ("an entity", [('name="受理"', 'name="&secret;"')], "entity", "&secret;"),
    ("an unclosed tag", [("</process>", "")], "not_xml_tag", "</definitions>"),
    ("another root", [("<definitions ", "<html "), ("</definitions>", "</html>")], "not_bpmn", "<html"),
    ("a dangling reference", [('targetRef="End"', 'targetRef="Nowhere"')], "flow_dangling", "Nowhere"),
    ("a duplicate id", [(END, f'{END}\n<endEvent id="End" name="again"/>')], "duplicate_id", 'name="again"'),
    (
        "no start",
        [('<startEvent id="Start" name="提出申请"/>', ""), ('<sequenceFlow id="Flow_1" sourceRef="Start" targetRef="Accept"/>', "")],
        "no_start",
        "<process",
    ),
    ("no end", [(END, ""), ('targetRef="End"', 'targetRef="Accept"')], "no_end", "<process"),
    (
        "an unreachable element",
        [(END, f'{END}\n<task id="Lost"/>\n<sequenceFlow id="Flow_lost" sourceRef="Lost" targetRef="End"/>')],
        "unreachable",
        'id="Lost"',
    ),
    (
        "a join that never completes",
        [
            (END, f'{END}\n<parallelGateway id="Join"/>\n<sequenceFlow id="Flow_j" sourceRef="Join" targetRef="Permit"/>'),
            (COMPLETE_TO_PERMIT, COMPLETE_TO_PERMIT.replace('"Permit"', '"Join"')),
            (CORRECT_TO_ACCEPT, CORRECT_TO_ACCEPT.replace('"Accept"', '"Join"')),
        ],
        "stuck_join",
        'id="Join"',
    ),
    (
        "a call of nothing",
        [('<userTask id="Correct" name="补正"/>', '<callActivity id="Correct" name="补正"/>')],
        "=element.call_missing",
        "<callActivity",
    ),
    (
        "a zero-time loop",
        [
            (END, f'{END}\n<exclusiveGateway id="Again"/>\n'
             '<sequenceFlow id="Flow_a" sourceRef="Again" targetRef="Complete"/>\n'
             '<sequenceFlow id="Flow_b" sourceRef="Again" targetRef="Permit"/>'),
            (COMPLETE_TO_PERMIT, COMPLETE_TO_PERMIT.replace('"Permit"', '"Again"')),
        ],
        "timeless_loop",
        'id="Complete"',
    ),
]  # fmt: skip

# what is wrong, bytes of the whole file, code
WHOLE_DIAGRAMS: Final = [
    ("no XML", "这不是流程图。".encode(), "not_xml_start"),
    ("empty", b"", "empty"),
    ("only blanks", b" \n\n", "empty"),
    ("another encoding", '<?xml version="1.0" encoding="UTF-8"?><a n="受理"/>'.encode("gb18030"), "encoding"),
    ("bytes of a picture", b"\x89PNG\r\n\x1a\n\0\0", "other_format"),
]

REVIEW_AFTER: Final = "      Review: {effort: {value: 1, unit: hour, source: guess, range: [1, 2]}, pools: [counter]}\n"
ACCEPT: Final = "{triangular: [5, 10, 20], unit: minute, source: guess, range: [5, 15]}"

SCENARIOS: Final = [
    ("an unknown key", [("  seed: 7", "  seeds: 7")], "unknown.key", "seeds: 7"),
    ("a wrong unit", [("20], unit: minute", "20], unit: fortnight")], "option", "fortnight"),
    ("a negative time", [("{value: 3, unit: hour", "{value: -3, unit: hour")], "negative", "value: -3"),
    ("a negative normal", [("{value: 3, unit: hour", "{normal: {mean: -3, sd: 1}, unit: hour")], "negative", "mean: -3"),
    ("an impossible distribution", [("[5, 10, 20]", "[20, 10, 5]")], "=sampling.empty_range", "[20, 10, 5]"),
    ("shares that miss 1", [("Flow_3: 0.85", "Flow_3: 0.8")], "route.sum", "Flow_3: 0.8"),
    ("a share above 1", [("{value: 0.15,", "{value: 1.15,")], "bound", "1.15"),
    ("a task without time", [(f"    elements:\n{REVIEW_AFTER}", "")], "element.no_time", "  after:"),
    ("an unknown element", [("      Review: {effort: {value: 3", "      Revue: {effort: {value: 3")], "unknown.element", "Revue"),
    ("an unknown common element", [("    Correct: {dwell", "    Corect: {dwell")], "unknown.element", "Corect"),
    ("an unknown gateway", [("    Complete: {shares", "    Complet: {shares")], "unknown.gateway", "Complet:"),
    ("an unknown flow", [("Flow_3: 0.85", "Flow_33: 0.85")], "unknown.flow", "Flow_33"),
    ("an unknown pool", [("pools: [counter]}\n    Correct", "pools: [countr]}\n    Correct")], "unknown.pool", "countr"),
    ("a sum of what contains each other", [("sums: {approval: [Permit]}", "sums: {approval: [Permit, Review]}")], "sum.inside", "Permit, Review"),
    ("a pool of zero", [("units: {value: 2, source: guess, range: [1, 3]}", "units: {value: 0, source: guess, range: [0, 3]}")], "bound", "value: 0"),
    ("a date beyond the calendar", [("start: 2022-01-01", "start: 2031-01-01")], "=calendar.unknown_year", "2031"),
    ("no such date", [("start: 2022-01-01", "start: 2022-02-30")], "yaml.scalar", "2022-02-30"),
    (
        "a loop of tasks without time",
        [
            (ACCEPT, "{value: 0, unit: minute, source: guess}"),
            ("{value: 3, unit: natural_day, source: guess, range: [1, 5]}", "{value: 0, unit: natural_day, source: guess}"),
        ],
        "element.timeless_loop",
        "Accept:",
    ),
    ("no such diagram", [("diagram: licence.bpmn\n    elements:\n      Review: {effort: {value: 3", "diagram: license.bpmn\n    elements:\n      Review: {effort: {value: 3")], "no_diagram", "license.bpmn"),
    ("a key twice", [("  seed: 7", "  seed: 7\n  seed: 8")], "yaml.doubled", "seed: 8"),
    ("no YAML", [("seed: 7", "seed: [7")], "yaml.syntax", "seed: [7"),
    ("a full-width colon", [("schema: 1", "schema：1")], "yaml.full_width_colon", "schema："),
    ("no source", [("unit: hour, source: guess, range: [1, 2]", "unit: hour, range: [1, 2]")], "no_source", "range: [1, 2]}, pools"),
]  # fmt: skip

WHOLE_SCENARIOS: Final = [
    ("empty", b"", "yaml.empty"),
    ("a list", b"- 1\n- 2\n", "yaml.not_a_mapping"),
    ("another encoding", b"schema: \xff\xff", "yaml.encoding"),
    ("a binary file", b"\0\1\2", "yaml.encoding"),
]


def change(file: Path, changes: list[tuple[str, str]]) -> str:
    """Replace parts of a file, each of which it has."""
    text = file.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    file.write_text(text, encoding="utf-8")
    return text


def refused(reformsim: Reformsim, checked: Path, scenario: Path, code: str) -> dict[str, Any]:
    """The one error that check, run, compare and gantt all report in both languages; nothing is written."""
    before = sorted(scenario.parent.rglob("*"))
    found = reformsim("check", checked, "--json", "--lang", "en")
    assert found.status == 1
    assert found.err == ""
    assert found.codes == [code], found.out
    error: dict[str, Any] = found.json["errors"][0]
    told = reformsim("check", checked, "--lang", "zh")
    assert told.status == 1
    assert "错误" in told.out
    folder = scenario.parent
    commands = (
        ("run", scenario, "--variant", "before", "--log", folder / "log.csv"),
        ("compare", scenario, "--report", folder / "report", "--processes", 1),
        ("gantt", scenario, "-o", folder / "gantt.png"),
    )
    for command in commands:
        given = reformsim(*command, "--json", "--lang", "en")
        assert given.status == 2
        assert given.err == ""
        assert given.codes == [code], given.out
        assert given.json["errors"][0]["line"] == error["line"]
        for language in ("en", "zh"):
            said = reformsim(*command, "--lang", language)
            assert (said.status, said.out) == (2, "")
            sentence = error["message"] if language == "en" else "。"
            assert sentence in said.err
            assert f"{Path(error['file']).name}:{error['line']}" in said.err or error["line"] is None
    assert sorted(scenario.parent.rglob("*")) == before
    return error


@pytest.mark.parametrize(("changes", "code", "where"), [d[1:] for d in DIAGRAMS], ids=[d[0] for d in DIAGRAMS])
def test_a_bad_diagram_is_refused_at_its_line(
    reformsim: Reformsim, scenario: Path, changes: list[tuple[str, str]], code: str, where: str
) -> None:
    """Each fault of a diagram is one finding at its line, whether the diagram or its scenario is named."""
    diagram = scenario.with_suffix(".bpmn")
    text = change(diagram, changes)
    expected = code.removeprefix("=") if code.startswith("=") else f"diagram.{code}"
    for checked in (diagram, scenario):
        error = refused(reformsim, checked, scenario, expected)
        assert error["file"] == str(diagram)
        assert where in text.splitlines()[error["line"] - 1]
    both = reformsim("check", diagram, scenario, diagram.parent, "--json")
    assert both.codes == [expected]  # said once, however often it is met


@pytest.mark.parametrize(("content", "code"), [d[1:] for d in WHOLE_DIAGRAMS], ids=[d[0] for d in WHOLE_DIAGRAMS])
def test_a_file_that_is_no_diagram_is_refused(reformsim: Reformsim, scenario: Path, content: bytes, code: str) -> None:
    """Whatever stands in the place of a diagram is named for what it is."""
    diagram = scenario.with_suffix(".bpmn")
    diagram.write_bytes(content)
    assert refused(reformsim, diagram, scenario, f"diagram.{code}")["file"] == str(diagram)
    assert refused(reformsim, scenario, scenario, f"diagram.{code}")["file"] == str(diagram)


@pytest.mark.parametrize(("changes", "code", "where"), [s[1:] for s in SCENARIOS], ids=[s[0] for s in SCENARIOS])
def test_a_bad_scenario_is_refused_at_its_line(
    reformsim: Reformsim, scenario: Path, changes: list[tuple[str, str]], code: str, where: str
) -> None:
    """Each fault of a scenario is one finding at its line."""
    text = change(scenario, changes)
    expected = code.removeprefix("=") if code.startswith("=") else f"scenario.{code}"
    error = refused(reformsim, scenario, scenario, expected)
    assert error["file"] == str(scenario)
    assert where in text.splitlines()[error["line"] - 1]


@pytest.mark.parametrize(("content", "code"), [s[1:] for s in WHOLE_SCENARIOS], ids=[s[0] for s in WHOLE_SCENARIOS])
def test_a_file_that_is_no_scenario_is_refused(reformsim: Reformsim, scenario: Path, content: bytes, code: str) -> None:
    """Whatever stands in the place of a scenario is named for what it is."""
    scenario.write_bytes(content)
    assert refused(reformsim, scenario, scenario, f"scenario.{code}")["file"] == str(scenario)


def test_a_process_may_end_with_its_last_activity(reformsim: Reformsim, scenario: Path) -> None:
    """BPMN allows a process without an end event behind its last activity: a warning, and it runs."""
    change(scenario.with_suffix(".bpmn"), [(END, ""), (PERMIT_TO_END, "")])
    found = reformsim("check", scenario, "--json")
    assert found.status == 0
    assert [finding["code"] for finding in found.json["findings"]] == ["diagram.implicit_end"]
    run = reformsim("run", scenario, "--variant", "before", "--processes", 1, "--lang", "en")
    assert run.status == 0
    assert "Draw an end event behind it" in run.err


def test_the_scenario_is_told_by_all_its_findings_at_once(reformsim: Reformsim, scenario: Path) -> None:
    """Three faults in three places are three findings, in the order of their lines."""
    change(
        scenario,
        [
            ("hours: office\n", "hours: offfice\n"),
            ("Flow_3: 0.85", "Flow_3: 0.8"),
            ("rate: {value: 200", "rate: {value: 400"),
        ],
    )
    found = reformsim("compare", scenario, "--json")
    assert found.status == 2
    assert found.codes == ["scenario.unknown.hours", "scenario.range_outside", "scenario.route.sum"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_pool_that_cannot_keep_up_is_said_before_the_run(
    reformsim: Reformsim, scenario: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    """A pool loaded at or over 1 is named with its load before the first replication, and in the results."""
    change(
        scenario,
        [
            (
                "{value: 1, unit: hour, source: guess, range: [1, 2]}",
                "{value: 90, unit: hour, source: guess, range: [60, 99]}",
            )
        ],
    )
    words = ("run", scenario, "--variant", "after", "--processes", 1, "--lang", language)
    refused = reformsim(*words, "--json")
    assert (refused.status, refused.codes) == (2, ["load.refused"])
    words = (*words, "--allow-overload")
    result = reformsim(*words, "--json")
    assert result.status == 0
    assert result.json["warnings"][0]["code"] == "load.overloaded"
    (load,) = result.json["load"]["after"]
    assert load["load"] > 1
    assert load["missing"] >= 1
    assert len(load["by_weekday"]) == 7

    def never(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("app.study.run_experiment", never)
    told = reformsim(*words)
    assert told.status == 130
    assert {"en": "Counter", "zh": "窗口"}[language] in told.err
