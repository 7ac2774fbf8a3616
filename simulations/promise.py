"""What the limits add up to on paper: arithmetic on what is promised, never on what is assumed.

Nothing here knows of effort, dwell, staff, timers or shares: a step without a limit takes no time on paper.
Working and natural days add up as days: that is how limits of different wording are added where they are
published.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from engine.diagram.model import Diagram, Element, Process
from simulations.indicators import indicator_of_sum, sum_unit
from simulations.model import Limit, MeasuredElement, Sum, Unit

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


def promise(diagram: Diagram, measured: Sequence[MeasuredElement], sums: Sequence[Sum]) -> Promise:
    """Add up the limits of a variant.

    Args:
        diagram: The variant's diagram.
        measured: What is counted and limited.
        sums: Which limits are added.

    Returns:
        By name: each sum's total in its own unit, under its indicator's name, None where a limit is missing
            or the
        limits are of different families (hours, days, months); ``procedures``, the counts of all measured
        elements; ``critical_path_hours`` and ``critical_path_days``, one for each family that has limits, as
        `critical_path` says. With limits in neither, ``critical_path_days`` is None.
    """
    totals: dict[str, float | None] = {}
    limits = {m.element: m.limit for m in measured}
    for total in sums:
        unit = sum_unit(total, measured)
        totals[indicator_of_sum(total, unit)] = _total(
            [limits.get(element) for element in total.elements], unit
        )
    totals["procedures"] = sum(m.counts for m in measured)
    given = {element: limit for element, limit in limits.items() if limit is not None}
    families = {FAMILY[limit.unit][0] for limit in given.values()}
    for family in ("hours", "days"):
        if family in families:
            durations = {e: _amount(limit) for e, limit in given.items() if FAMILY[limit.unit][0] == family}
            path = None if "months" in families else critical_path(diagram.process, durations)
            totals[f"critical_path_{family}"] = path
    if not families & {"hours", "days"}:
        totals["critical_path_days"] = None
    return totals


def critical_path(process: Process, durations: Mapping[str, float]) -> float:
    """The longest way through a diagram when every limited element takes exactly its limit.

    Parallel branches run side by side; of alternative ones the longest is taken; a boundary event goes on
    from the end of its host. A sub-process with a limit takes that, whatever is inside; one without takes its
    own longest way. Loops are walked once: flows that lead back to where a depth-first walk in document order
    came from are left out. Several instances of an element count once. What no token can reach is left out.

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
    for source, target in _forward_edges(_followers(process, scope, inside)):
        graph.add_edge(source, target, weight=0.0)
    reached = [element for element in inside if element.id in graph]
    for element in reached:
        length = durations.get(element.id)
        if length is None:
            length = _longest(process, element.id, durations) if _is_scope(element) else 0.0
        graph.add_edge(element.id, END, weight=0.0)
        for follower in graph.successors(element.id):
            graph.edges[element.id, follower]["weight"] = length
    return float(networkx.dag_longest_path_length(graph, weight="weight"))


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


def _amount(limit: Limit) -> float:
    """A limit in the measure of its family."""
    return limit.value * FAMILY[limit.unit][1]
