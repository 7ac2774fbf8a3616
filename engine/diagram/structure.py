"""Whether the elements of one process or sub-process are connected so that every token can come, and can end.

An activity without a way out ends its token, as BPMN allows where no end event is drawn (BPMN 2.0.2, 10.5.3);
here it is allowed beside end events too, with a warning. Any other element but an end event needs a way out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from engine.diagram.model import Element
from engine.diagram.namespaces import ACTIVITIES, GATEWAYS
from engine.diagram.safe_xml import short
from engine.diagram.scope_graph import ScopeGraph, event_definitions, is_apart
from engine.errors import Finding, Severity

__all__ = ["begins", "is_timeless", "judge_structure", "timeless_loops", "way_round"]

# Tokens spend no time here. An event-based gateway waits; a sub-process is taken to contain work.
_TIMELESS: Final = (GATEWAYS - {"eventBasedGateway"}) | {"intermediateThrowEvent"}


def judge_structure(graph: ScopeGraph) -> list[Finding]:
    """Everything about the connections of one process or sub-process.

    An ad-hoc sub-process has no order of its own, so only its single elements are judged.
    """
    findings: list[Finding] = []
    if graph.tag != "adHocSubProcess":
        findings += _judge_starts(graph)
        findings += _judge_ends(graph)
    for element in graph.elements.values():
        findings += _judge_element(element, graph)
    for loop in timeless_loops(graph, is_timeless):
        first = min(loop, key=lambda element: element.line)
        findings.append(_about(first, "timeless_loop", loop=way_round(loop)))
    return findings


def is_timeless(element: Element) -> bool:
    """Whether a token never spends time at an element, whatever the scenario says."""
    return element.tag in _TIMELESS


def way_round(loop: list[Element]) -> str:
    """A loop as people read it: its elements, the first one again at the end."""
    return " → ".join(short(element.label) for element in [*loop[:20], loop[0]])


def begins(element: Element) -> bool:
    """Whether a token may come to an element from nowhere: a start event, or what instantiates the process."""
    return element.tag == "startEvent" or element.attributes.get("instantiate") == "true"


def _about(element: Element, code: str, severity: Severity = "error", **values: object) -> Finding:
    values = {"label": short(element.label), **values}
    return Finding(f"diagram.{code}", values, line=element.line, element=element.id, severity=severity)


def _about_scope(graph: ScopeGraph, code: str) -> Finding:
    return Finding(f"diagram.{code}", {"label": short(graph.label)}, line=graph.line, element=graph.id)


def _judge_starts(graph: ScopeGraph) -> Iterator[Finding]:
    starts = [element for element in graph.elements.values() if begins(element)]
    if not starts:
        yield _about_scope(graph, "no_start")
        return  # without one, everything else would be out of reach as well
    if graph.tag != "process":
        plain = [start for start in starts if not event_definitions(start)]
        for start in plain[1:]:
            first = short(plain[0].label)
            yield _about(start, "several_starts", label=short(graph.label), first=first)
    roots = [element.id for element in starts] + [e.id for e in graph.elements.values() if is_apart(e)]
    reached = graph.reachable(roots)
    lost = [element for element in graph.elements if element not in reached]
    # Only where a lost part begins: first what nothing leads to, then one element of each lost loop.
    heads = [element for element in lost if not graph.before(element)]
    seen = graph.reachable(heads)
    for element in lost:
        if element not in seen:
            heads.append(element)
            seen |= graph.reachable([element])
    for element in heads:
        yield _about(graph.elements[element], "unreachable")


def _judge_ends(graph: ScopeGraph) -> Iterator[Finding]:
    last = [e for e in graph.elements.values() if e.tag == "endEvent" or not graph.outgoing[e.id]]
    if not any(e.tag == "endEvent" or e.tag in ACTIVITIES for e in last):
        yield _about_scope(graph, "no_end")
        return
    alive = graph.reachable([element.id for element in last], backwards=True)
    dead = [element for element in graph.elements if element not in alive]
    # Only where a dead part begins: where a token comes in from outside it, else at its first element.
    heads = [e for e in dead if not graph.before(e) or any(b in alive for b in graph.before(e))]
    for element in heads or dead[:1]:
        yield _about(graph.elements[element], "dead_way")


def _judge_element(element: Element, graph: ScopeGraph) -> Iterator[Finding]:
    incoming, outgoing = graph.incoming[element.id], graph.outgoing[element.id]
    if element.tag == "startEvent" and incoming:
        yield _about(element, "start_incoming")
    if element.tag == "boundaryEvent" and incoming:
        yield _about(element, "boundary_incoming")
    if element.tag == "endEvent" and outgoing:
        yield _about(element, "end_outgoing")
    if not outgoing and element.tag != "endEvent" and graph.tag != "adHocSubProcess":
        yield from _judge_last(element)
    if element.tag == "parallelGateway" and len(incoming) > 1 and len(outgoing) > 1:
        yield _about(element, "join_and_fork", "warning")
    if element.tag == "exclusiveGateway" and len(outgoing) > 1:
        conditions = any(flow.condition is not None for flow in outgoing)
        if not conditions and not element.attributes.get("default"):
            yield _about(element, "choice_open", "warning")


def _judge_last(element: Element) -> Iterator[Finding]:
    if is_apart(element) and element.tag in ACTIVITIES:
        return
    if element.tag in ACTIVITIES:
        yield _about(element, "implicit_end", "warning")
    elif not {"linkEventDefinition", "compensateEventDefinition"} & set(event_definitions(element)):
        yield _about(element, "no_way_out")


def timeless_loops(graph: ScopeGraph, is_timeless: Callable[[Element], bool]) -> Iterator[list[Element]]:
    """Loops, without a common element, that tokens could run round for ever at one moment.

    Args:
        graph: The process or sub-process.
        is_timeless: Says of an element whether a token never spends time there.
    """
    inside = {e.id: None for e in graph.elements.values() if is_timeless(e)}
    while True:
        _drop_ways_out(inside, graph)
        if not inside:
            return
        # Each element left has one behind it that is left too, so walking on must come round.
        walk = [next(iter(inside))]
        places = {walk[0]: 0}
        while True:
            following = next(f.target for f in graph.outgoing[walk[-1]] if f.target in inside)
            if following in places:
                break
            places[following] = len(walk)
            walk.append(following)
        loop = [graph.elements[element] for element in walk[places[following] :]]
        yield loop
        for element in loop:
            del inside[element.id]


def _drop_ways_out(inside: dict[str, None], graph: ScopeGraph) -> None:
    """Take away, again and again, the elements behind which nothing of ``inside`` is left."""
    left = {e: sum(flow.target in inside for flow in graph.outgoing[e]) for e in inside}
    stack = [element for element, ways in left.items() if ways == 0]
    while stack:
        element = stack.pop()
        del inside[element]
        for flow in graph.incoming[element]:
            if flow.source in inside:
                left[flow.source] -= 1
                if left[flow.source] == 0:
                    stack.append(flow.source)
