"""Loops in which the scenario gives no task any time: a case could run round in them for ever."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from engine.diagram.model import Diagram, Element
from engine.diagram.namespaces import SUB_PROCESSES
from engine.diagram.scope_graph import scope_graphs
from engine.diagram.structure import is_timeless, timeless_loops, way_round
from scenarios.building.entries import Entry
from scenarios.findings import Findings
from scenarios.reading import Path
from scenarios.schema import process as schema
from simulations.distributions import Distribution, sample_ms
from simulations.model import ActivityModel

__all__ = ["judge_loops"]

_GREATEST: Final = 1 - 2**-53  # the share below the greatest value that can be drawn


def judge_loops(
    diagram: Diagram,
    models: Mapping[str, ActivityModel],
    entries: Mapping[str, Entry[schema.Element]],
    findings: Findings,
    variant: Path,
) -> None:
    """An error for every loop in which each task and timer takes no time.

    A sub-process takes no time if nothing in it does; one that can also be passed in time is left to the run.

    Args:
        diagram: Sound: loops of gateways alone are refused already.
        models: By element id: time and people of the tasks and timers.
        entries: By element id: what the scenario says, for the place of the finding.
        findings: Takes the errors.
        variant: Keys to the variant, where the scenario says nothing about any of them.
    """
    inner: dict[str, list[Element]] = {}
    for element in diagram.process.elements.values():
        inner.setdefault(element.scope, []).append(element)

    def takes_no_time(element: Element) -> bool:
        if element.id in models:
            model = models[element.id]
            return _is_zero(model.effort) and _is_zero(model.dwell)
        if element.tag in SUB_PROCESSES:
            return all(takes_no_time(one) for one in inner.get(element.id, []))
        return is_timeless(element) or element.tag in ("startEvent", "endEvent")

    for graph in scope_graphs(diagram.process):
        for loop in timeless_loops(graph, takes_no_time):
            stated = next((entries[e.id].path for e in loop if e.id in entries), (*variant, "elements"))
            findings.error("element.timeless_loop", stated, loop=way_round(loop))


def _is_zero(drawn: Distribution | None) -> bool:
    return drawn is None or sample_ms(drawn, _GREATEST) == 0
