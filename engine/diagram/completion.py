"""What the markings that were visited say of loops: whether all of it can end, and what a round leaves behind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

__all__ = ["Step", "endless", "growing"]


@dataclass(frozen=True)
class Step:
    """One element moves.

    Args:
        element: Which one.
        following: The marking after it.
        ends: It put its token nowhere.
        aside: A boundary event started a token beside it.
    """

    element: str
    following: tuple[int, ...]
    ends: bool
    aside: bool


def endless(
    steps: Mapping[tuple[int, ...], list[Step]], order: Mapping[tuple[int, ...], object]
) -> tuple[int, ...] | None:
    """The first marking from which no case can end, whatever is chosen; None if there is none.

    Args:
        steps: Of every marking that was left; one without steps counts as an end, for nothing is known of it.
        order: The markings, nearest to the start first.
    """
    before: dict[tuple[int, ...], list[tuple[int, ...]]] = {}
    for marking, taken in steps.items():
        for step in taken:
            before.setdefault(step.following, []).append(marking)
    alive = {marking for marking in before if marking not in steps}
    stack = list(alive)
    while stack:
        for marking in before.get(stack.pop(), ()):
            if marking not in alive:
                alive.add(marking)
                stack.append(marking)
    return next((marking for marking in order if marking in steps and marking not in alive), None)


def growing(steps: Mapping[tuple[int, ...], list[Step]]) -> Iterator[tuple[tuple[int, ...], str]]:
    """Where a loop ends one token in every round, and goes on with another: each ending element once.

    Tokens that boundary events start beside an activity are meant to end by themselves, and do not count.
    """
    import networkx

    graph: networkx.DiGraph[tuple[int, ...]] = networkx.DiGraph()
    for marking, taken in steps.items():
        graph.add_edges_from((marking, step.following) for step in taken if not step.aside)
    part: dict[tuple[int, ...], int] = {}
    for number, markings in enumerate(networkx.strongly_connected_components(graph)):
        part |= dict.fromkeys(markings, number)
    seen: set[str] = set()
    for marking, taken in steps.items():
        for step in taken:
            if step.ends and not step.aside and part[marking] == part[step.following] and step.element not in seen:
                seen.add(step.element)
                yield marking, step.element
