"""The processes of a file as one: the main one, participants beside it, and what call activities call.

A process that is called and does not stand in the file is looked for in the other diagrams of the same folder, and
of the folders beside it; its elements keep their ids, and findings name its file.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from lxml import etree

from engine.diagram.collecting import PREFIX, Reading, local_name
from engine.diagram.model import Element, Process
from engine.diagram.namespaces import FLOW_NODES
from engine.diagram.safe_xml import line_of, parse, short
from engine.errors import BadInput, Finding

__all__ = ["whole_process"]

_MOST_FILES: Final = 500  # that are looked into for what is called


def whole_process(root: etree._Element, reading: Reading) -> Process:
    """The process that a file is about, with everything that belongs to it.

    Raises:
        BadInput: The file has no process.
    """
    nodes = root.findall(f"{PREFIX}process")
    if not nodes:
        raise BadInput([Finding("diagram.no_process", file=reading.file, line=line_of(root))])
    drawn = [node for node in nodes if any(local_name(child) in FLOW_NODES for child in node)]
    called = {_called(node) for node in root.iter(f"{PREFIX}callActivity")}
    main = [node for node in drawn if node.get("id", "").strip() not in called] or drawn[:1] or nodes[:1]
    others = [node for node in drawn if node not in main]
    participants = {
        _local(p.get("processRef", "")) for p in root.iterfind(f"{PREFIX}collaboration/{PREFIX}participant")
    }
    for other in main[1:]:
        if other.get("id", "").strip() not in participants:
            values = {"first": short(main[0].get("id", "-")), "other": short(other.get("id", "-"))}
            reading.report("several_processes", other, values)
    flows = reading.message_flows(root)
    parts = [reading.process(node) for node in [*main, *others]]
    references = reading.references(root)
    if len(main) > 1:
        collaboration = root.find(f"{PREFIX}collaboration")
        assert collaboration is not None or reading.findings
        whole = _collaboration(collaboration, parts[: len(main)])
    else:
        whole = parts[0]
    for part in parts[len(main) :]:
        whole = _beside(whole, part, "")
    whole = replace(whole, references=references, message_flows=flows)
    return _with_called(whole, reading)


def _collaboration(node: etree._Element | None, parts: Sequence[Process]) -> Process:
    identity = node.get("id", "").strip() if node is not None else ""
    line = line_of(node) if node is not None else parts[0].line
    name = node.get("name", "") if node is not None else ""
    whole = Process(identity or f"{parts[0].id}.collaboration", name, line, {}, {}, {}, is_collaboration=True)
    for part in parts:
        whole = _beside(whole, part, whole.id)
    return whole


def _beside(whole: Process, part: Process, scope: str) -> Process:
    """A process with another one in it, as an element with an inside."""
    container = Element(part.id, "process", part.name, part.line, scope or whole.id, None, {"id": part.id})
    return replace(
        whole,
        elements={**whole.elements, part.id: container, **part.elements},
        flows={**whole.flows, **part.flows},
        lanes={**whole.lanes, **part.lanes},
        references={**part.references, **whole.references},
        message_flows=(*whole.message_flows, *part.message_flows),
        associations=(*whole.associations, *part.associations),
        data={**whole.data, **part.data},
        files={**whole.files, **part.files},
    )


def _with_called(whole: Process, reading: Reading) -> Process:
    """A process with those of other files that it calls, and that they call."""
    missing = _missing(whole, ())
    if not missing or reading.findings:
        return whole
    tried: set[str] = set()
    for file in _diagrams_around(Path(reading.file)):
        found = _processes_in(file, missing)
        for part in found:
            clash = next((id_ for id_ in (part.id, *part.elements) if id_ in whole.elements), None)
            if clash is not None:
                call = next(e for e in whole.elements.values() if e.tag == "callActivity" and _named(e) == part.id)
                values = {"id": short(clash), "other": str(file)}
                reading.findings.append(
                    Finding("diagram.called_same_id", values, reading.file, call.line, element=call.id)
                )
                return whole
            files = dict.fromkeys([part.id, *part.elements, *part.flows], str(file))
            whole = _beside(whole, replace(part, files=files), "")
            tried.add(part.id)
        missing = _missing(whole, tried)
        if not missing:
            break
    return whole


def _missing(whole: Process, tried: Iterable[str]) -> set[str]:
    calls = {_named(e) for e in whole.elements.values() if e.tag == "callActivity"}
    return calls - {whole.id, "", *tried, *whole.elements}


def _diagrams_around(file: Path) -> list[Path]:
    """The other diagrams in the folder of a file, then those in the folders beside it."""
    if not file.is_file():
        return []
    here = file.resolve().parent
    near = sorted(here.glob("*.bpmn")) + sorted(here.parent.glob("*/*.bpmn"))
    return [one for one in dict.fromkeys(near) if one != file.resolve()][:_MOST_FILES]


def _processes_in(file: Path, wanted: set[str]) -> list[Process]:
    """Those processes of another file that are wanted; none if it cannot be read."""
    try:
        data = file.read_bytes()
        if not any(name.encode() in data for name in wanted):
            return []
        root = parse(data, str(file))
    except (OSError, BadInput):
        return []
    reading = Reading(root, str(file))
    nodes = {node.get("id", "").strip(): node for node in root.iterfind(f"{PREFIX}process")}
    called = [name for name in nodes if name in wanted]
    parts = [reading.process(nodes[name]) for name in called]
    more = {_named(e) for part in parts for e in part.elements.values() if e.tag == "callActivity"}
    parts += [reading.process(nodes[name]) for name in nodes if name in more and name not in called]
    if reading.findings:
        raise BadInput(reading.findings)
    references = reading.references(root)
    return [replace(part, references=references) for part in parts]


def _named(element: Element) -> str:
    return _local(element.attributes.get("calledElement", ""))


def _called(node: etree._Element) -> str:
    return _local(node.get("calledElement", ""))


def _local(name: str) -> str:
    return name.strip().rpartition(":")[2]
