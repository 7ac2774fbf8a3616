"""How often looped and multi-instance activities are done, and which attributes activities set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.diagram.model import Diagram
from engine.elements.activity import marker_of
from engine.expressions.compiling import ConditionError, compile_value
from engine.net import Attribute, Repetition
from scenarios.building.draws import short
from scenarios.building.entries import Entry
from scenarios.schema.process import Repeat
from scenarios.sources import Ledger

__all__ = ["assignments", "repetitions"]


def repetitions(diagram: Diagram, repeats: Mapping[str, Entry[Repeat]], ledger: Ledger) -> dict[str, Repetition]:
    """By activity: what the scenario says about its repetition."""
    made = {}
    for id_, entry in repeats.items():
        element, spec, path = diagram.process.elements[id_], entry.spec, entry.path
        marker = marker_of(element)
        is_loop = marker is not None and marker.tag == "standardLoopCharacteristics"
        if marker is None and element.tag != "adHocSubProcess":
            ledger.findings.error("repeat.no_marker", path, id=id_, tag=element.tag)
            continue
        counts = spec.instances is not None or spec.by is not None
        if (is_loop and counts) or (not is_loop and spec.again is not None):
            key = "again" if not is_loop else "by" if spec.by is not None else "instances"
            ledger.findings.error("repeat.other_marker", (*path, key), id=id_, word=key)
            continue
        instances: float | str | None = spec.by
        if spec.instances is not None:
            number = spec.instances
            instances = number.value
            place = (*path, "instances")
            key_ = number.source or spec.source
            ledger.number(place, short(number.value), "instances", key_, value=number.value, range=number.range)
        again = []
        for turn, share in enumerate(spec.again or ()):
            place = (*path, "again", str(turn))
            if share.value is None:
                ledger.findings.error("route.rest_alone", place)
                continue
            key_ = share.source or spec.source
            if share.value in (0, 1) and share.range is None:
                ledger.source(key_, place)
            else:
                ledger.number(place, short(share.value), "probability", key_, value=share.value, range=share.range)
            again.append(share.value)
        if again and again[-1] >= 1:
            ledger.findings.error("repeat.for_ever", (*path, "again"), id=id_)
        made[id_] = Repetition(instances, tuple(again), spec.until)
    return made


def assignments(
    diagram: Diagram, assigns: Mapping[str, Entry[dict[str, str]]], attributes: Sequence[Attribute], ledger: Ledger
) -> dict[str, dict[str, str]]:
    """By activity: attribute to the expression that it is set to."""
    by_name = {attribute.name: attribute for attribute in attributes}
    made = {}
    for id_, entry in assigns.items():
        element = diagram.process.elements[id_]
        if not element.tag.endswith(("Task", "task", "ubProcess", "Activity", "transaction")):
            ledger.findings.error("assign.no_activity", entry.path, id=id_, tag=element.tag)
            continue
        for name, text in entry.spec.items():
            if name not in by_name:
                ledger.findings.unknown("attribute", (*entry.path, name), name, list(by_name))
                continue
            try:
                compile_value(text, attributes, by_name[name])
            except ConditionError as error:
                ledger.findings.wrapped(error.finding(None, None, None), (*entry.path, name))
        made[id_] = dict(entry.spec)
    return made
