"""What the limits add up to on paper: arithmetic on what is promised, never on what is assumed.

Nothing here knows of effort, dwell, staff, timers or shares: a step without a limit takes no time on paper.
A limit whose source is an assumption is not promised by anybody, and counts only where it is asked for.
Working and natural days add up as days: that is how limits of different wording are added where they are
published.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from engine.diagram.model import Diagram, Element, Process
from simulations.indicators import indicator_of_sum, sum_unit
from simulations.model import Unit
from simulations.promises import Limit, MeasuredElement, Sum
from simulations.scores import Index, on_paper

__all__ = ["Promise", "critical_path", "promise"]

Promise: TypeAlias = Mapping[str, float | None]

FAMILY: Final[Mapping[Unit, tuple[str, float]]] = {  # the family's name, and how much of it one unit is
    "minute": ("hours", 1 / 60),
    "hour": ("hours", 1.0),
    "working_day": ("days", 1.0),
    "natural_day": ("days", 1.0),
    "month": ("months", 1.0),  # has no fixed number of days
}
BEGIN: Final = ("begin",)  # no ids, so that no element is called so
END: Final = ("end",)


def promise(
    diagram: Diagram,
    measured: Sequence[MeasuredElement],
    sums: Sequence[Sum],
    assumed: bool = False,
    indices: Sequence[Index] = (),
) -> Promise:
    """Add up the limits of a variant.

    Args:
        diagram: The variant's diagram.
        measured: What is counted and limited.
        sums: Which limits are added.
        assumed: Also take limits that nobody has stated; such numbers must never be shown as promised.
        indices: Scores added up from stated points.

    Returns:
        By name: each sum's total in its own unit, under its indicator's name, None where a limit is missing
            or
        the limits are of different families (hours, days, months); ``procedures``, the counts of all measured
        elements; ``critical_path_hours`` and ``critical_path_days``, one for each family that has limits, as
        `critical_path` says, None where an assumed limit or a month would change it. With limits in neither,
        ``critical_path_days`` is None. Where something is stated of them, each index and ``compression``; with a
        part that is an assumption they are None, unless assumed ones are taken.
    """
    every = {m.element: m.limit for m in measured if m.limit is not None}
    stated = {e: limit for e, limit in every.items() if assumed or limit.source.kind != "assumption"}
    totals: dict[str, float | None] = {}
    for total in sums:
        unit = sum_unit(total, measured)
        totals[indicator_of_sum(total, unit)] = _total([stated.get(element) for element in total.elements], unit)
    totals["procedures"] = sum(m.counts for m in measured)
    families = {FAMILY[limit.unit][0] for limit in every.values()}
    for family in ("hours", "days"):
        if family in families:
            length = critical_path(diagram.process, _durations(stated, family))
            sure = "months" not in families and (
                len(stated) == len(every) or length == critical_path(diagram.process, _durations(every, family))
            )
            totals[f"critical_path_{family}"] = length if sure else None
    if not families & {"hours", "days"}:
        totals["critical_path_days"] = None
    return {**totals, **_scores(measured, indices, assumed)}


def _scores(measured: Sequence[MeasuredElement], indices: Sequence[Index], assumed: bool) -> dict[str, float | None]:
    """Indices and compression; None where an assumption is in them that must not be taken."""
    sources = {f"{index.name}_index": [part.source for part in index.parts] for index in indices}
    sources["compression"] = [m.limit.source for m in measured if m.limit is not None and m.statutory is not None]

    def is_stated(name: str) -> bool:
        return assumed or all(source.kind != "assumption" for source in sources[name])

    return {name: value if is_stated(name) else None for name, value in on_paper(measured, indices).items()}


def critical_path(process: Process, durations: Mapping[str, float]) -> float:
    """The longest way through a diagram when every limited element takes exactly its limit.

    Parallel branches run side by side; of alternative ones the longest is taken; a boundary event goes on
    from the end of its host. A sub-process with a limit takes that, whatever is inside; one without takes its
    own longest way. Loops are not repeated: flows that lead back to where a depth-first walk in document
    order came from are left out, and with them what leads nowhere else. Several instances of an element count
    once. What no token can reach is left out.

    Args:
        process: The elements and flows at every depth.
        durations: Element to its duration.

    Returns:
        The length, in the unit of the durations.
    """
    return _longest(process, process.id, durations)


def _longest(process: Process, scope: str, durations: Mapping[str, float]) -> float:
    """The longest way through one process or sub-process."""
    import networkx

    inside = list(process.inside(scope))
    graph: networkx.DiGraph[Hashable] = networkx.DiGraph()
    graph.add_edges_from(_forward_edges(_followers(process, scope, inside)))
    left = {flow.source for flow in process.flows.values()}
    graph.add_edges_from((e.id, END) for e in inside if e.id in graph and e.id not in left)
    if END not in graph:
        return 0.0
    ways = graph.subgraph({END} | networkx.ancestors(graph, END)).copy()  # without what only leads back
    for element in inside:
        length = durations.get(element.id)
        if length is None:
            length = _longest(process, element.id, durations) if _is_scope(element) else 0.0
        for _, follower in ways.out_edges(element.id):
            ways.edges[element.id, follower]["weight"] = length
    return float(networkx.dag_longest_path_length(ways, weight="weight", default_weight=0))


def _followers(process: Process, scope: str, inside: Sequence[Element]) -> dict[Hashable, list[Hashable]]:
    """What follows each element of a scope, in document order; what no flow leads to follows `BEGIN`."""
    followers: dict[Hashable, list[Hashable]] = {BEGIN: [], **{element.id: [] for element in inside}}
    entered: set[str] = set()
    for flow in process.flows.values():
        if flow.scope == scope:
            followers[flow.source].append(flow.target)
            entered.add(flow.target)
    for element in inside:
        host = element.attributes.get("attachedToRef")
        if host is not None:
            followers[host].append(element.id)
        elif element.id not in entered and not _stands_apart(element):
            followers[BEGIN].append(element.id)
    return followers


def _forward_edges(followers: Mapping[Hashable, Sequence[Hashable]]) -> Iterator[tuple[Hashable, Hashable]]:
    """The edges that a depth-first walk from `BEGIN` meets, without those that close a loop."""
    walk: list[tuple[Hashable, Iterator[Hashable]]] = [(BEGIN, iter(followers[BEGIN]))]
    on_the_way: set[Hashable] = {BEGIN}
    met: set[Hashable] = {BEGIN}
    while walk:
        node, rest = walk[-1]
        follower = next(rest, None)
        if follower is None:
            walk.pop()
            on_the_way.discard(node)
        elif follower not in on_the_way:
            yield node, follower
            if follower not in met:
                met.add(follower)
                on_the_way.add(follower)
                walk.append((follower, iter(followers[follower])))


def _is_scope(element: Element) -> bool:
    return element.tag in ("subProcess", "transaction", "adHocSubProcess")


def _stands_apart(element: Element) -> bool:
    """Whether no flow is meant to lead here: event sub-processes, and what compensates."""
    return "true" in (element.attributes.get("triggeredByEvent"), element.attributes.get("isForCompensation"))


def _total(limits: Sequence[Limit | None], unit: str) -> float | None:
    """The sum of limits in a unit; None where one is missing or of another family."""
    families = {FAMILY[limit.unit][0] for limit in limits if limit is not None}
    if None in limits or len(families) != 1:
        return None
    total = sum(_amount(limit) for limit in limits if limit is not None)
    return total * 60 if unit == "minute" else total


def _durations(limits: Mapping[str, Limit], family: str) -> dict[str, float]:
    """Element to its limit, in the measure of the family; limits of other families are left out."""
    return {e: _amount(limit) for e, limit in limits.items() if FAMILY[limit.unit][0] == family}


def _amount(limit: Limit) -> float:
    """A limit in the measure of its family."""
    return limit.value * FAMILY[limit.unit][1]
