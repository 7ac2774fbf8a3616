"""How often each way is taken and each activity repeated, where neither diagram nor file says so: assumptions."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from engine.diagram.model import Diagram, Element, Flow, Part
from engine.elements.activity import marker_of
from engine.expressions.compiling import REPEAT_WORDS, ConditionError, compile_condition, compile_number
from scenarios.building.routes import starts, ways_taken
from scenarios.interchange.draft import ASSUMED, Data, Draft, Place

__all__ = ["assume_repeats", "assume_routes", "comment_at", "reaches_itself"]

BACK: Final = 0.2  # share of a way that leads back, if nobody says
AGAIN: Final = 0.2  # chance of another turn of a loop
INSTANCES: Final = 2
CHANCE: Final = 0.5  # of each way of several that may be taken together


def assume_routes(draft: Draft, diagram: Diagram, known: Sequence[str] = ()) -> None:
    """Shares for every choice that the diagram's own conditions do not make; ways back get a fifth.

    Args:
        draft: Gets the shares, and for ways that may be taken together the chance of each.
        diagram: Whose choices they are.
        known: Gateways that have a route already.
    """
    process = diagram.process
    for element in process.elements.values():
        flows = process.outgoing(element.id)
        takes = ways_taken(diagram, element)
        if takes is None or element.id in known or _chooses(element, flows):
            continue
        if takes == "one":
            _state(draft, diagram, element, {"shares": _shares(diagram, element, flows)}, flows)
        else:
            _state(draft, diagram, element, _chances(element, flows), flows)
    for scope in process.scopes:
        ways = starts(diagram, scope)
        if len(ways) > 1 and scope not in known:
            first, *others = [process.elements[way] for way in ways]
            route = {"shares": _equal([one.id for one in (first, *others)])}
            _state(draft, diagram, process.elements.get(scope) or first, route, (), scope)


def _state(
    draft: Draft, diagram: Diagram, element: Element, route: Data, flows: Sequence[Flow], id_: str | None = None
) -> None:
    draft.data["variants"]["current"]["routes"][id_ or element.id] = route | {"source": ASSUMED}
    ways = "; ".join(f"{flow.id}: {_one_line(flow.name)}" for flow in flows if flow.name)
    comment_at(draft, diagram, element, "routes", id_, f"({ways})" if ways else "")
    code = "starts" if id_ else "shares" if "shares" in route else "chances"
    draft.note("assumed", code, Place(diagram.file, element.line, id_ or element.id), label=element.label)


def _shares(diagram: Diagram, gateway: Element, flows: Sequence[Flow]) -> Data:
    back = [flow.id for flow in flows if _reaches(diagram, flow.target, gateway.id)]
    back = back if len(back) < len(flows) else []
    ahead = [flow.id for flow in flows if flow.id not in back]
    share_back = min(BACK, 0.5 / len(back)) if back else 0.0
    shares: Data = {flow: {"value": round(share_back, 6), "range": [0, 0.5]} for flow in back}
    shares |= _equal(ahead, 1 - share_back * len(back))
    return {flow.id: shares[flow.id] for flow in flows}


def _equal(ways: Sequence[str], left: float = 1.0) -> Data:
    shares: dict[str, Any] = {way: {"value": round(left / len(ways), 6), "range": [0, 1]} for way in ways[:-1]}
    return shares | {ways[-1]: "rest"}


def _chances(element: Element, flows: Sequence[Flow]) -> Data:
    """Of ways that may be taken together: what has no condition behind an activity is always taken."""
    is_gateway = element.tag.endswith("Gateway")
    always = [flow.id for flow in flows if not is_gateway and flow.condition is None]
    default = element.attributes.get("default")
    if default is None and not always:
        default = flows[-1].id
    each: Data = {flow.id: {"value": CHANCE, "range": [0, 1]} for flow in flows if flow.id != default}
    each |= {flow: 1 for flow in always if flow != default}
    return {"each": each} | ({"default": default} if default else {})


def _chooses(element: Element, flows: Sequence[Flow]) -> bool:
    """Whether the diagram says which ways are taken, in conditions that can be used as they stand.

    No attribute is declared yet. Behind an activity a flow without a condition is always taken.
    """
    if element.tag == "eventBasedGateway":
        return False
    default = element.attributes.get("default")
    for flow in flows:
        if flow.id == default or (flow.condition is None and not element.tag.endswith("Gateway")):
            continue
        if not _is_condition(flow.condition or ""):
            return False
    return True


def assume_repeats(draft: Draft, diagram: Diagram) -> None:
    """How often loops go round and how many instances there are, where the diagram's own words cannot be used."""
    stated: Data = draft.data["variants"]["current"]["repeats"]
    for element in diagram.process.elements.values():
        marker = marker_of(element)
        if marker is None:
            continue
        place = Place(diagram.file, element.line, element.id)
        if marker.tag == "standardLoopCharacteristics":
            if _loop_is_drawn(marker):
                continue
            stated[element.id] = {"again": [{"value": AGAIN, "source": ASSUMED, "range": [0, 0.5]}]}
            draft.note("assumed", "again", place, label=element.label)
        else:
            number = marker.find("loopCardinality")
            if number is not None and _is_number(number.text):
                continue
            stated[element.id] = {"instances": {"value": INSTANCES, "source": ASSUMED, "range": [1, 5]}}
            draft.note("assumed", "instances", place, label=element.label, number=INSTANCES)
        comment_at(draft, diagram, element, "repeats")


def _loop_is_drawn(marker: Part) -> bool:
    condition = marker.find("loopCondition")
    if condition is not None and condition.text:
        return _is_condition(condition.text, REPEAT_WORDS)
    return marker.attributes.get("loopMaximum") is not None


def _is_condition(text: str, words: Mapping[str, int] | None = None) -> bool:
    """Whether a text is a condition that asks for no attribute of the case."""
    try:
        compile_condition(text, (), words)
    except ConditionError:
        return False
    return True


def _is_number(text: str) -> bool:
    try:
        compile_number(text, ())
    except ConditionError:
        return False
    return True


def comment_at(
    draft: Draft, diagram: Diagram, element: Element, section: str, id_: str | None = None, ways: str = ""
) -> None:
    """Above an entry: the line of the diagram that it belongs to."""
    label = _one_line(element.label)
    kind = "" if section == "routes" else f"{element.tag} "
    text = f"{Path(diagram.file).name}:{element.line} {kind}{label} {ways}".rstrip()
    draft.comments["variants", "current", section, id_ or element.id] = text


def _one_line(label: str) -> str:
    return " ".join(label.split())


def _reaches(diagram: Diagram, source: str, target: str) -> bool:
    seen, queue = {source}, deque([source])
    while queue:
        here = queue.popleft()
        if here == target:
            return True
        following = [flow.target for flow in diagram.process.outgoing(here)]
        following += [
            flow.target
            for event in diagram.process.boundary_events(here)
            for flow in diagram.process.outgoing(event.id)
        ]
        for one in following:
            if one not in seen:
                seen.add(one)
                queue.append(one)
    return False


def reaches_itself(diagram: Diagram, element: str) -> bool:
    """Whether a token that leaves an element can come back to it in the same scope."""
    return any(_reaches(diagram, flow.target, element) for flow in diagram.process.outgoing(element))
