"""Whether what refers to something in a diagram refers to something that is there, and may."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.diagram.model import Element, Flow, Process
from engine.diagram.namespaces import ACTIVITIES
from engine.diagram.safe_xml import short
from engine.errors import Finding

__all__ = ["judge_references"]


def judge_references(process: Process, tags: Mapping[str, str], file: str) -> list[Finding]:
    """Everything in a process that refers to nothing, or to what it must not.

    Args:
        process: What was read.
        tags: Every id of the file, also of what is read over: name of its XML element.
        file: Its name, for findings.
    """
    findings: list[Finding] = []

    def report(code: str, line: int, element: str, values: Mapping[str, object]) -> None:
        findings.append(Finding(f"diagram.{code}", values, file, line, element=element))

    for flow in process.flows.values():
        for code, values in _judge_flow(flow, process, tags):
            report(code, flow.line, flow.id, values)
    for element in process.elements.values():
        if element.tag == "boundaryEvent":
            for code, values in _judge_boundary_event(element, process):
                report(code, element.line, element.id, values)
        default = element.attributes.get("default")
        taken = process.flows.get(default) if default else None
        if default and (taken is None or taken.source != element.id):
            report(
                "default_foreign",
                element.line,
                element.id,
                {"label": short(element.label), "default": short(default)},
            )
    for lane in process.lanes.values():
        for reference in lane.elements:
            if reference not in tags:
                report(
                    "lane_unknown",
                    lane.line,
                    lane.id,
                    {"lane": short(lane.name or lane.id), "ref": short(reference)},
                )
    return findings


def _judge_flow(flow: Flow, process: Process, tags: Mapping[str, str]) -> Iterator[tuple[str, Mapping[str, object]]]:
    for end, reference in (("sourceRef", flow.source), ("targetRef", flow.target)):
        if reference in process.elements:
            continue
        if not reference:
            yield "flow_open", {"end": end}
        elif reference not in tags:
            yield "flow_dangling", {"end": end, "ref": short(reference)}
        else:
            yield "flow_end_kind", {"end": end, "ref": short(reference), "tag": tags[reference]}
    source, target = process.elements.get(flow.source), process.elements.get(flow.target)
    if source and target and source.scope != target.scope:
        yield "flow_crosses", {"source": short(source.label), "target": short(target.label)}


def _judge_boundary_event(element: Element, process: Process) -> Iterator[tuple[str, Mapping[str, object]]]:
    reference = element.attributes.get("attachedToRef", "")
    host = process.elements.get(reference)
    if host is None:
        yield "boundary_unattached", {"label": short(element.label), "ref": short(reference or "-")}
    elif host.tag not in ACTIVITIES:
        yield "boundary_host", {"label": short(element.label), "host": short(host.label), "tag": host.tag}
    elif host.scope != element.scope:
        yield "boundary_outside", {"label": short(element.label), "host": short(host.label)}
