"""Whether a process or sub-process is sound, found out by letting tokens move.

A marking says how many tokens stand on each flow. From the start, every choice is tried: each way out of a
gateway that chooses, each boundary event happening or not; sub-processes count as tasks.

Not every order of independent steps is tried. A token on a flow can only be taken by the one element that the
flow leads to, so it suffices to try the choices of a single element that can move: every marking in which
nothing can move any more is still found (persistent sets; P. Godefroid, Partial-Order Methods for the
Verification of Concurrent Systems, 1996, chapter 4). The element nearest to the start moves first, so that
parallel branches are walked one after the other, and tokens that can meet do meet. Where a join
gets stuck, two unsynchronised tokens may pass unseen beside it; a stuck join never does, within the bound.

Unsound is what leaves a token waiting for ever (a deadlock, and with it all that stands behind it is dead), what
can never end, what makes tokens round by round without a bound, and what is done twice for want of a join
(W. van der Aalst, The Application of Petri Nets to Workflow Management, 1998, section 4, without the demand that
one end takes one token: in BPMN each end event takes its own). Every answer but "sound" has a way to it.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations, product
from typing import Final, TypeAlias, TypeVar

from engine.diagram.completion import Step, endless, growing
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
    aside: tuple[tuple[int, ...], ...]  # those of the choices in which a boundary event starts a token beside it
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
        self.steps: dict[Marking, list[Step]] = {}  # of every marking that was left
        self.stuck: dict[str, Marking] = {}  # join: where it was first seen to wait in vain
        self.crowded: dict[str, Marking] = {}  # element: where two tokens were first seen before it
        self.multiplied: dict[str, Marking] = {}  # element: where a loop through it had made a token more

    def judge(self, most_markings: int) -> list[Finding]:
        """Visit the markings, then say what was met, each element once, with a shortest way to it."""
        self._visit(most_markings)
        findings = [self._about(join, "stuck_join", self.stuck[join]) for join in self._first_of(self.stuck)]
        for element in self._first_of(self.crowded):
            findings.append(
                replace(self._about(element, "not_synchronised", self.crowded[element]), severity="warning")
            )
        if not self.stuck:
            findings += self._judge_completion()
        if not self.complete and not self.stuck:
            values = {"label": short(self.graph.label), "reached": len(self.came_from)}
            line, scope = self.graph.line, self.graph.id
            findings.append(Finding("diagram.not_explored", values, line=line, element=scope, severity="warning"))
        return findings

    def _judge_completion(self) -> Iterator[Finding]:
        """Loops that nothing leaves, and loops that make tokens."""
        lost = endless(self.steps, self.came_from)
        if lost is not None:
            node = self._mover(lost)
            assert node is not None  # it goes on for ever
            yield self._about(node.element.id, "never_ends", lost)
            return
        for element in self._first_of(self.multiplied):
            yield replace(self._about(element, "grows", self.multiplied[element]), severity="warning")
        if not self.multiplied:
            for marking, element in growing(self.steps):
                yield replace(self._about(element, "leaves_behind", marking), severity="warning")

    def _node(self, element: Element) -> _Node:
        incoming = tuple(self.number[flow.id] for flow in self.graph.incoming[element.id])
        clears = element.tag == "endEvent" and not _ENDS_SCOPE.isdisjoint(event_definitions(element))
        joins = element.tag == "parallelGateway" and len(incoming) > 1
        gathers = element.tag in ("inclusiveGateway", "complexGateway") and len(incoming) > 1
        choices, aside = self._choices(element)
        return _Node(element, incoming, choices, aside, joins, gathers, clears)

    def _choices(self, element: Element) -> tuple[tuple[Marking, ...], tuple[Marking, ...]]:
        """What an element may do with a token: the flows of each choice; and in which it starts others beside it."""
        ways = self._ways(element)
        if element.tag in _CHOOSING and ways:
            return tuple((way,) for way in ways), ()
        if element.tag == "inclusiveGateway" and ways:
            return self._subsets(ways)[1:], ()
        events = self.graph.boundary_events[element.id]
        beside = [self._ways(event) for event in events if event.attributes.get("cancelActivity") == "false"]
        instead = [self._ways(event) for event in events if event.attributes.get("cancelActivity") != "false"]
        first = [ways, *instead]
        also = [sum(chosen, ()) for chosen in self._subsets(tuple(beside))[1:]]
        aside = tuple(one + other for one, other in product(first, also))
        return (*first, *aside), aside

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
            steps = self.steps[marking] = []
            if node.clears:
                steps.append(Step(node.element.id, (), False, False))
                continue  # nothing is left that could wait
            rest = self._take(marking, node)
            for choice in node.choices:
                following = tuple(sorted(rest + choice))
                steps.append(Step(node.element.id, following, not choice, choice in node.aside))
                if any(following.count(flow) > _MOST_ON_A_FLOW for flow in choice):
                    self._note_growth(node, marking, following)
                else:
                    reach(following, marking, node.element.id)

    def _note_growth(self, node: _Node, marking: Marking, following: Marking) -> None:
        """Too many tokens on a flow: is it a loop that makes more in every round?

        What could move before can move again where there are more tokens, so a marking that covers an earlier one
        of its own way comes again, larger each time. Not so where an inclusive join takes what there is.
        """
        self.complete = False
        way = [(following, node)]
        place: Marking | None = marking
        while place is not None:
            before, element = self.came_from[place]
            way.append((place, self.nodes[element]))
            place = before
        way.reverse()
        for later, (larger, mover) in enumerate(way):
            for earlier in range(later - 1, -1, -1):
                if way[earlier + 1][1].gathers:
                    break
                smaller = way[earlier][0]
                if len(smaller) < len(larger) and not Counter(smaller) - Counter(larger):
                    self.multiplied.setdefault(mover.element.id, way[later - 1][0])
                    return

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
