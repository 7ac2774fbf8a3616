"""How the gateways of a diagram choose: shares, attempts, conditions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Literal

from engine.diagram.model import Diagram, Element
from engine.expressions.compiling import ConditionError, compile_condition
from engine.net import Attribute, Chances, Conditions, Routing, Shares
from scenarios.building.draws import short
from scenarios.building.entries import Entry
from scenarios.reading import Path
from scenarios.schema.numbers import Share
from scenarios.schema.process import Route
from scenarios.sources import Ledger

__all__ = ["routing"]

_TOLERANCE: Final = 1e-9
_ASKING: Final = ("exclusiveGateway", "eventBasedGateway")  # every way needs a word


def routing(
    diagram: Diagram,
    routes: Mapping[str, Entry[Route]],
    attributes: Sequence[Attribute],
    ledger: Ledger,
    variant: Path,
) -> dict[str, Routing]:
    """By gateway: how it chooses. Gateways that choose by the conditions of the diagram are left out.

    Args:
        diagram: Whose gateways they are.
        routes: By gateway id: what the scenario says.
        attributes: What conditions may ask for.
        ledger: Takes sources and findings.
        variant: Keys to the variant, for what nobody has written.
    """
    made: dict[str, Routing] = {}
    for gateway in diagram.process.elements.values():
        takes = ways_taken(diagram, gateway)
        entry = routes.get(gateway.id)
        if takes is None:
            if entry is not None:
                ledger.findings.error("route.no_choice", entry.path, id=gateway.id, tag=gateway.tag)
        elif entry is None:
            if gateway.tag in _ASKING:
                _check_drawn(diagram, gateway, ledger, variant)
        elif _fits(takes, entry, gateway, ledger):
            flows = [flow.id for flow in diagram.process.outgoing(gateway.id)]
            one = _routing(diagram, gateway, flows, entry, attributes, ledger)
            if one is not None:
                made[gateway.id] = one
    for process in diagram.process.scopes:
        ways = starts(diagram, process)
        if len(ways) > 1 and process in routes:
            one = _routing(diagram, None, ways, routes[process], attributes, ledger)
            if isinstance(one, Shares):
                made[process] = one
        elif len(ways) > 1:
            where = (*variant, "routes")
            ledger.findings.error("route.starts", where, id=process, starts=", ".join(ways))
    return made


def ways_taken(diagram: Diagram, element: Element) -> Literal["one", "several"] | None:
    """Whether an element takes one of its ways, or may take several; nothing if there is nothing to choose."""
    flows = diagram.process.outgoing(element.id)
    if element.tag == "eventBasedGateway" and element.attributes.get("instantiate") != "true":
        return None
    if element.tag in ("exclusiveGateway", "eventBasedGateway"):
        return "one" if len(flows) > 1 else None
    return "several" if len(flows) > 1 and element.tag != "parallelGateway" else None


def starts(diagram: Diagram, process: str) -> list[str]:
    """Where the cases of a process may begin, if it is one whose cases the scenario lets in."""
    element = diagram.process.elements.get(process)
    if (element is not None and element.tag != "process") or diagram.process.is_collaboration:
        return []
    return [
        e.id
        for e in diagram.process.inside(process)
        if e.tag == "startEvent" or e.attributes.get("instantiate") == "true"
    ]


def _fits(takes: str, entry: Entry[Route], element: Element, ledger: Ledger) -> bool:
    """Shares choose one way, chances any number of them."""
    wrong = entry.spec.each is not None if takes == "one" else (entry.spec.shares or entry.spec.attempts) is not None
    if wrong:
        ledger.findings.error(f"route.takes_{takes}", entry.path, id=element.id, tag=element.tag)
    return not wrong


def _check_drawn(diagram: Diagram, gateway: Element, ledger: Ledger, variant: Path) -> None:
    """Without a route, all ways of a gateway but its default need a condition in the diagram."""
    default = gateway.attributes.get("default")
    for flow in diagram.process.outgoing(gateway.id):
        if flow.id != default and flow.condition is None:
            flows = ", ".join(f.id for f in diagram.process.outgoing(gateway.id))
            ledger.findings.error("route.none", (*variant, "routes"), id=gateway.id, label=gateway.label, flows=flows)
            return


def _routing(
    diagram: Diagram,
    gateway: Element | None,
    flows: Sequence[str],
    entry: Entry[Route],
    attributes: Sequence[Attribute],
    ledger: Ledger,
) -> Routing | None:
    route, path = entry.spec, entry.path
    if not _known_flows(route, path, flows, ledger):
        return None
    if route.each is not None:
        return _chances(route, path, ledger)
    if route.conditions is not None:
        if gateway is None:
            ledger.findings.error("exactly_one", path, keys="shares, attempts")
            return None
        return _conditions(diagram, gateway, entry, attributes, ledger)
    before = ledger.findings.number_of_errors
    rows = (
        [("shares",)] if route.shares is not None else [("attempts", str(n)) for n in range(len(route.attempts or ()))]
    )
    stated = [route.shares] if route.shares is not None else list(route.attempts or ())
    named = {flow for row in stated for flow in row}
    for flow in flows:
        if flow not in named:
            ledger.findings.error("route.no_share", path, flow=flow)
    shares = [
        _row(row, (*path, *where), route.source, ledger, warn=number == 0)
        for number, (row, where) in enumerate(zip(stated, rows, strict=True))
    ]
    if ledger.findings.number_of_errors > before:
        return None
    table = [{flow: row.get(flow, 0.0) for flow in flows} for row in shares]
    return Shares(tuple(_limited(table, route.at_most, path, ledger)))


def _known_flows(route: Route, path: Path, flows: Sequence[str], ledger: Ledger) -> bool:
    named: list[tuple[Path, str]] = [((*path, "shares", flow), flow) for flow in route.shares or ()]
    named += [((*path, "each", flow), flow) for flow in route.each or ()]
    named += [((*path, "at_most", flow), flow) for flow in route.at_most]
    named += [((*path, "conditions", flow), flow) for flow in route.conditions or ()]
    named += [((*path, "attempts", str(n), flow), flow) for n, row in enumerate(route.attempts or ()) for flow in row]
    if route.default is not None:
        named.append(((*path, "default"), route.default))
    unknown = [(where, flow) for where, flow in named if flow not in flows]
    for where, flow in unknown:
        ledger.findings.unknown("flow", where, flow, flows)
    return not unknown


def _row(row: Mapping[str, Share], path: Path, source: str | None, ledger: Ledger, warn: bool) -> dict[str, float]:
    """The shares of one attempt; the rest filled in.

    Certain ways (a share of 0 or 1) are the structure of the model, not guesses that want a range.
    """
    rests = [flow for flow, share in row.items() if share.rest]
    total = sum(share.value for share in row.values() if share.value is not None)
    has_range = any(share.range is not None for share in row.values())
    for flow, share in row.items():
        if share.value is None:
            continue
        place = (*path, flow)
        key = share.source or source
        if share.value in (0, 1) and share.range is None:
            ledger.source(key, place)
            continue
        wants = warn and not has_range
        has_range = has_range or wants  # one warning for the row is enough
        ledger.number(
            place,
            short(share.value),
            "probability",
            key,
            value=share.value,
            range=share.range,
            wants_range=wants,
        )
    if len(rests) > 1:
        ledger.findings.error("route.rest_twice", (*path, rests[1]))
    elif total > 1 + _TOLERANCE or (not rests and total < 1 - _TOLERANCE):
        ledger.findings.error("route.sum", path, total=f"{total:.12g}")
    return {flow: max(0.0, 1 - total) if share.value is None else share.value for flow, share in row.items()}


def _chances(route: Route, path: Path, ledger: Ledger) -> Chances | None:
    """The chance of each way by itself."""
    before = ledger.findings.number_of_errors
    chances = {}
    for flow, share in (route.each or {}).items():
        place = (*path, "each", flow)
        if share.value is None:
            ledger.findings.error("route.rest_alone", place)
            continue
        key = share.source or route.source
        if share.value in (0, 1) and share.range is None:
            ledger.source(key, place)
        else:
            ledger.number(place, short(share.value), "probability", key, value=share.value, range=share.range)
        chances[flow] = share.value
    return Chances((chances,), route.default) if ledger.findings.number_of_errors == before else None


def _limited(
    table: list[dict[str, float]], at_most: Mapping[str, int], path: Path, ledger: Ledger
) -> list[dict[str, float]]:
    """The shares attempt by attempt, where some ways are open only to the first attempts."""
    if not at_most:
        return table
    rows = []
    for attempt in range(max(at_most.values()) + 1):
        row = {flow: 0.0 if attempt >= at_most.get(flow, attempt + 1) else s for flow, s in table[0].items()}
        left = sum(row.values())
        if left <= 0:
            ledger.findings.error("route.nothing_left", (*path, "at_most"), attempt=attempt + 1)
            return table
        rows.append({flow: share / left for flow, share in row.items()})
    return rows


def _conditions(
    diagram: Diagram, gateway: Element, entry: Entry[Route], attributes: Sequence[Attribute], ledger: Ledger
) -> Conditions:
    """The conditions of the scenario and, where it says nothing, of the diagram."""
    route, path = entry.spec, entry.path
    default = route.default or gateway.attributes.get("default")
    expressions: dict[str, str] = {}
    for flow in diagram.process.outgoing(gateway.id):
        stated = (route.conditions or {}).get(flow.id)
        text = stated if stated is not None else flow.condition
        if text is not None:
            expressions[flow.id] = text
        elif flow.id != default and gateway.tag in _ASKING:
            ledger.findings.error("route.no_condition", path, flow=flow.id)
        if stated is not None:
            try:
                compile_condition(stated, attributes)
            except ConditionError as error:
                ledger.findings.wrapped(error.finding(None, None, None), (*path, "conditions", flow.id))
    if route.source is not None:
        ledger.source(route.source, (*path, "source"))
    return Conditions(expressions, default)
