"""Whether every join of a process or sub-process completes, found out by letting tokens move.

A marking says how many tokens stand on each flow. From the start, every choice is tried: each way out of a
gateway that chooses, each boundary event happening or not; sub-processes count as tasks.

Not every order of independent steps is tried. A token on a flow can only be taken by the one element that the
flow leads to, so it suffices to try the choices of a single element that can move: every marking in which
nothing can move any more is still found (persistent sets; P. Godefroid, Partial-Order Methods for the
Verification of Concurrent Systems, 1996, chapter 4). The element nearest to the start moves first, so that
parallel branches are walked one after the other, and tokens that can meet do meet. In a diagram with loops
two unsynchronised tokens might pass unseen; a stuck join never does, within the bound.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import combinations, product
from typing import Final, TypeAlias, TypeVar

from engine.diagram.model import Element
from engine.diagram.safe_xml import short
from engine.diagram.scope_graph import ScopeGraph, event_definitions
from engine.diagram.structure import begins
from engine.errors import Finding

__all__ = ["MOST_MARKINGS", "judge_markings"]

MOST_MARKINGS: Final = 20_000

_MOST_TOKENS: Final = 2_000_000  # of all markings together: what memory allows
_MOST_ON_A_FLOW: Final = 3  # more than that is a loop that makes tokens; further rounds show nothing new
_MOST_FREE: Final = 8  # ways that may each be taken or not, of one element
_LONGEST_PATH: Final = 20

_CHOOSING: Final = ("exclusiveGateway", "eventBasedGateway")
_ENDS_SCOPE: Final = frozenset({"terminateEventDefinition", "errorEventDefinition", "cancelEventDefinition"})

_Way = TypeVar("_Way")
Marking: TypeAlias = tuple[int, ...]  # numbers of flows, ascending, once for each token


@dataclass(frozen=True)
class _Node:
    """An element as tokens meet it: which flows it takes tokens from, and what it may put them on."""

    element: Element
    incoming: tuple[int, ...]
    choices: tuple[tuple[int, ...], ...]
    joins: bool  # needs a token on every way in
    gathers: bool  # takes one token from every way in that has one
    clears: bool  # takes all tokens of the scope away


def judge_markings(graph: ScopeGraph, most_markings: int = MOST_MARKINGS) -> list[Finding]:
    """Joins that wait in vain, and tokens that arrive twice, in a well-connected process or sub-process.

    Args:
        graph: Its structure has no errors.
        most_markings: How many are visited at most.
    """
    if graph.tag == "adHocSubProcess":
        return []
    return _Exploration(graph).judge(most_markings)


class _Exploration:
    """The markings visited so far, with the step that led to each."""

    def __init__(self, graph: ScopeGraph) -> None:
        self.graph = graph
        flows = [flow for element in graph.elements for flow in graph.outgoing[element]]
        self.number = {flow.id: number for number, flow in enumerate(flows)}
        self.source = [flow.source for flow in flows]
        self.target = [flow.target for flow in flows]
        self.complete = True
        self.nodes = {element.id: self._node(element) for element in graph.elements.values()}
        self.rank = _ranks(graph)
        self.came_from: dict[Marking, tuple[Marking | None, str]] = {}
        self.stuck: dict[str, Marking] = {}  # join: where it was first seen to wait in vain
        self.crowded: dict[str, Marking] = {}  # element: where two tokens were first seen before it

    def judge(self, most_markings: int) -> list[Finding]:
        """Visit the markings, then say what was met, each element once, with a shortest way to it."""
        self._visit(most_markings)
        findings = [self._about(join, "stuck_join", self.stuck[join]) for join in self._first_of(self.stuck)]
        for element in self._first_of(self.crowded):
            finding = self._about(element, "not_synchronised", self.crowded[element])
            findings.append(replace(finding, severity="warning"))
        if not self.complete and not self.stuck:
            values = {"label": short(self.graph.label), "reached": len(self.came_from)}
            line, scope = self.graph.line, self.graph.id
            finding = Finding("diagram.not_explored", values, line=line, element=scope, severity="warning")
            findings.append(finding)
        return findings

    def _node(self, element: Element) -> _Node:
        incoming = tuple(self.number[flow.id] for flow in self.graph.incoming[element.id])
        clears = element.tag == "endEvent" and not _ENDS_SCOPE.isdisjoint(event_definitions(element))
        joins = element.tag == "parallelGateway" and len(incoming) > 1
        gathers = element.tag == "inclusiveGateway" and len(incoming) > 1
        return _Node(element, incoming, self._choices(element), joins, gathers, clears)

    def _choices(self, element: Element) -> tuple[Marking, ...]:
        """What an element may do with a token: the flows of each choice."""
        ways = self._ways(element)
        if element.tag in _CHOOSING and ways:
            return tuple((way,) for way in ways)
        if element.tag == "inclusiveGateway" and ways:
            return self._subsets(ways)[1:]
        events = self.graph.boundary_events[element.id]
        beside = [self._ways(event) for event in events if event.attributes.get("cancelActivity") == "false"]
        instead = [self._ways(event) for event in events if event.attributes.get("cancelActivity") != "false"]
        also = [sum(chosen, ()) for chosen in self._subsets(tuple(beside))]
        return tuple(first + second for first, second in product([ways, *instead], also))

    def _ways(self, element: Element) -> Marking:
        return tuple(self.number[flow.id] for flow in self.graph.outgoing[element.id])

    def _subsets(self, ways: tuple[_Way, ...]) -> tuple[tuple[_Way, ...], ...]:
        """Every choice of some of the ways, none first; too many ways are not all tried."""
        if len(ways) > _MOST_FREE:
            self.complete = False
            ways = ways[:_MOST_FREE]
        return tuple(chosen for size in range(len(ways) + 1) for chosen in combinations(ways, size))

    def _visit(self, most_markings: int) -> None:
        queue: deque[Marking] = deque()
        tokens = 0

        def reach(marking: Marking, before: Marking | None, step: str) -> None:
            nonlocal tokens
            if marking not in self.came_from:
                self.came_from[marking] = (before, step)
                queue.append(marking)
                tokens += len(marking)

        for element in self.graph.elements.values():
            if begins(element):
                reach(tuple(sorted(self._ways(element))), None, element.id)
        while queue:
            if len(self.came_from) > most_markings or tokens > _MOST_TOKENS:
                self.complete = False
                return
            marking = queue.popleft()
            node = self._mover(marking)
            if node is None:
                self._note_stuck(marking)
                continue
            if node.clears:
                continue  # nothing is left that could wait
            rest = self._take(marking, node)
            for choice in node.choices:
                following = tuple(sorted(rest + choice))
                if any(following.count(flow) > _MOST_ON_A_FLOW for flow in choice):
                    self.complete = False
                else:
                    reach(following, marking, node.element.id)

    def _mover(self, marking: Marking) -> _Node | None:
        """The element that moves next: one with several tokens on a way, else that nearest to the start."""
        filled = set(marking)
        able: dict[str, bool] = {}  # element that can move: whether a way in has several tokens
        previous = -1
        for flow in marking:
            node = self.nodes[self.target[flow]]
            if not node.joins or all(way in filled for way in node.incoming):
                able[node.element.id] = able.get(node.element.id, False) or flow == previous
            previous = flow
        if not able:
            return None
        return self.nodes[min(able, key=lambda element: (not able[element], self.rank[element]))]

    def _take(self, marking: Marking, node: _Node) -> Marking:
        """What is left when an element has taken the tokens that it needs."""
        filled = [flow for flow in node.incoming if flow in marking]
        if len(filled) > 1 and not (node.joins or node.gathers or node.element.tag == "endEvent"):
            self.crowded.setdefault(node.element.id, marking)
        rest = list(marking)
        for flow in filled if node.joins or node.gathers else filled[:1]:
            rest.remove(flow)
        return tuple(rest)

    def _note_stuck(self, marking: Marking) -> None:
        for flow in marking:
            self.stuck.setdefault(self.target[flow], marking)

    def _first_of(self, elements: Mapping[str, Marking]) -> list[str]:
        """Those that are no mere consequence of another one, which stands before them."""
        first: list[str] = []
        behind: set[str] = set()
        for element in sorted(elements, key=self.rank.__getitem__):
            if element not in behind:
                first.append(element)
                behind |= self.graph.reachable([element])
        return first

    def _about(self, element: str, code: str, marking: Marking) -> Finding:
        node = self.nodes[element]
        empty = dict.fromkeys(self.source[flow] for flow in node.incoming if flow not in marking)
        values = {
            "label": short(node.element.label),
            "missing": ", ".join(short(self.nodes[source].element.label) for source in empty),
            "path": self._path(marking),
        }
        return Finding(f"diagram.{code}", values, line=node.element.line, element=element)

    def _path(self, marking: Marking) -> str:
        """The elements that moved on the way to a marking, in their order."""
        labels: list[str] = []
        place: Marking | None = marking
        while place is not None:
            place, element = self.came_from[place]
            labels.append(short(self.nodes[element].element.label))
        cut = ["…"] if len(labels) > _LONGEST_PATH else []
        return " → ".join(cut + labels[:_LONGEST_PATH][::-1])


def _ranks(graph: ScopeGraph) -> dict[str, int]:
    """Numbers such that, but for the ways back of loops, every element comes after those before it.

    The reverse of the order in which a search in depth leaves the elements: branches do not interleave in it.
    """
    left: list[str] = []
    seen: set[str] = set()
    for root in graph.elements:
        if root in seen or graph.before(root):
            continue
        seen.add(root)
        stack = [(root, iter(graph.after(root)))]
        while stack:
            element, ways = stack[-1]
            following = next((way for way in ways if way not in seen), None)
            if following is None:
                left.append(element)
                stack.pop()
            else:
                seen.add(following)
                stack.append((following, iter(graph.after(following))))
    return {element: rank for rank, element in enumerate(reversed(left))}
