"""From a checked diagram to its process net.

Each element adds its own nodes (`engine.elements`); this file numbers them and connects the flows, and
`engine.packing` makes the arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from engine.diagram.model import Diagram, Element, Flow, Process
from engine.elements import meaning_of, refusals
from engine.elements.meaning import Ends
from engine.errors import BadInput, Finding
from engine.expressions.compiling import ConditionError, Program, compile_condition, compile_value
from engine.kernel import layout
from engine.kernel.layout import ALWAYS, DEFAULT, NONE
from engine.net import Attribute, Chances, Conditions, ProcessNet, Repetition, Routing, Shares
from engine.packing import Draft, DraftDefinition, DraftFlow, DraftNode, pack

__all__ = ["NetBuilder", "lower"]

_TOLERANCE = 1e-9  # how far shares may be from a sum of 1
_LARGEST_REACH = 20_000_000  # numbers in the table of what inclusive joins can still get


def lower(
    diagram: Diagram,
    routing: Mapping[str, Routing],
    attributes: Sequence[Attribute] = (),
    *,
    repeats: Mapping[str, Repetition] | None = None,
    assigns: Mapping[str, Mapping[str, str]] | None = None,
    batched: Collection[str] = (),
) -> ProcessNet:
    """The process net of a diagram.

    Args:
        diagram: As read; `engine.diagram.checks` should have found nothing in it.
        routing: Gateway, or activity with several ways, to how it chooses; overrides the conditions of the diagram.
            Under the id of a process: shares of its start events.
        attributes: What conditions may ask for.
        repeats: Activity with a loop marker to how often it is done; overrides the diagram.
        assigns: Activity to the attributes that it sets when it is over: attribute to expression.
        batched: Tasks that wait for a batch to close before they begin.

    Raises:
        BadInput: Elements that are not supported, choices without shares or conditions, conditions that do not
            parse, shares that do not sum to 1; all at once.
    """
    builder = NetBuilder(diagram, routing, attributes, repeats or {}, assigns or {}, batched)
    builder.findings += [_in_file(finding, diagram) for finding in refusals(diagram.process)]
    if not builder.findings:
        builder.build()
    if builder.findings:
        raise BadInput(builder.findings)
    return builder.net()


def _in_file(finding: Finding, diagram: Diagram) -> Finding:
    file = finding.file or diagram.process.files.get(finding.element or "", diagram.file)
    return replace(finding, file=file)


class NetBuilder:
    """Collects nodes and flows; what the files of the elements call."""

    def __init__(
        self,
        diagram: Diagram,
        routing: Mapping[str, Routing],
        attributes: Sequence[Attribute],
        repeats: Mapping[str, Repetition],
        assigns: Mapping[str, Mapping[str, str]],
        batched: Collection[str],
    ) -> None:
        self.diagram = diagram
        self.process: Process = diagram.process
        self.routing = routing
        self.attributes = tuple(attributes)
        self.repeats = repeats
        self.assigns = assigns
        self.batched = batched
        self.findings: list[Finding] = []
        self.draft = Draft()
        self._ends: dict[str, Ends] = {}
        self._choosers: dict[str, int] = {}  # element to the node that chooses among its flows
        self._conditions: dict[str, int] = {}  # flow id to its program
        self._keys: dict[int, dict[str, int]] = {}
        self._later: list[Callable[[], None]] = []
        self._starts: dict[str, list[Element]] = {}
        self._handlers: dict[str, int] = {}
        self._definitions = {scope: self.new_definition() for scope in self.process.scopes}

    # ---- what elements call: nodes and flows ------------------------------------------------------------------

    def node(
        self,
        kind: int,
        element: Element,
        role: str = "",
        definition: int | None = None,
        values: Mapping[str, int] | None = None,
    ) -> int:
        """Add a node; a second node of one element needs a role.

        Args:
            definition: The scope that it stands in; by default that of its element.
            values: Columns of `engine.kernel.layout.Node`.
        """
        inside = self._definitions[element.scope] if definition is None else definition
        process = self.process.process_of(element.id)
        self.draft.nodes.append(DraftNode(kind, element.id, process, inside, role, dict(values or {})))
        return len(self.draft.nodes) - 1

    def connect(self, source: int, target: int, id_: str = "") -> None:
        """A flow between two nodes of an element."""
        self.draft.flows.append(DraftFlow(id_, source, target))

    def connect_to(self, source: int, element: str) -> None:
        """A flow from a node to an element that may not have been lowered yet."""
        self.later(lambda: self.connect(source, self._ends[element].entry))

    def split(self, element: Element, node: int, definition: int | None = None) -> int:
        """Where an element's flows out begin: the node itself, or a fork behind it if there are several.

        Flows with conditions, or that the scenario gives chances, are taken each by itself (an implicit inclusive
        split).
        """
        flows = self.process.outgoing(element.id)
        asks = any(flow.condition is not None for flow in flows) or element.attributes.get("default")
        if asks or (element.id in self.routing and len(flows) > 1):
            some = self._behind(element, node, layout.SOME, "choice", definition)
            self.choose_some(element, some)
            return some
        if len(flows) < 2:
            return node
        return self._behind(element, node, layout.FORK, "fork", definition)

    def _behind(self, element: Element, node: int, kind: int, role: str, definition: int | None) -> int:
        if self.draft.nodes[node].kind == layout.PASS:
            self.draft.nodes[node].kind = kind
            return node
        behind = self.node(kind, element, role=role, definition=definition)
        self.connect(node, behind)
        return behind

    def watch(self, host: str, watcher: int) -> None:
        """The watcher is armed while the element waits."""
        self.later(lambda: self.draft.nodes[self._ends[host].entry].watchers.append(watcher))

    def later(self, action: Callable[[], None]) -> None:
        """Do something when every element has its nodes."""
        self._later.append(action)

    def entry_of(self, element: str) -> int:
        """The node of an element where flows lead; known when every element has its nodes."""
        return self._ends[element].entry

    def has_nodes(self, element: str) -> bool:
        """Whether an element has been lowered."""
        return element in self._ends

    # ---- what elements call: scopes ---------------------------------------------------------------------------

    def new_definition(self) -> int:
        """A scope that is drawn nowhere: around a task that is repeated, for a handler of compensation."""
        self.draft.definitions.append(DraftDefinition())
        return len(self.draft.definitions) - 1

    def definition_of(self, scope: str) -> int:
        """The number of the definition of a process or sub-process."""
        return self._definitions[scope]

    def enter_at(self, scope: str, node: int) -> None:
        """The first token of a scope enters here; a further one is the entry of a further instance."""
        self.enter_definition(self._definitions[scope], node)

    def enter_definition(self, definition: int, node: int) -> None:
        """The same, of a scope that is drawn nowhere."""
        self.draft.definitions[definition].entries.append(node)

    def watch_scope(self, scope: str, watcher: int) -> None:
        """The watcher is armed while the scope runs."""
        self.draft.definitions[self._definitions[scope]].watchers.append(watcher)

    def starts(self, scope: str, element: Element) -> None:
        """A first token of a scope may enter at this element."""
        self._starts.setdefault(scope, []).append(element)

    def _enter(self) -> None:
        """Lead the first token of each scope to its start, or to one of several, or to every participant."""
        for scope, starts in self._starts.items():
            nodes = [self._ends[start.id].entry for start in starts]
            if len(nodes) == 1:
                self.enter_at(scope, nodes[0])
                continue
            definition = self._definitions[scope]
            together = scope == self.process.id and self.process.is_collaboration
            kind = layout.FORK if together else layout.ROUTE
            first = self.node(kind, starts[0], "starts", definition)
            for start, node in zip(starts, nodes, strict=True):
                self.connect(first, node, "" if together else start.id)
            self.enter_at(scope, first)
            routing = self.routing.get(scope)
            ways = [start.id for start in starts]
            if together:
                continue
            if isinstance(routing, Shares):
                self.choose_by_shares(starts[0], first, routing, ways)
            else:
                self.complain("routing.starts", {"process": scope, "starts": ", ".join(ways)}, starts[0])

    def handle(self, activity: str, definition: int) -> None:
        """The scope in which an activity compensates another one."""
        self._handlers[activity] = definition

    def compensate(self, host: str, handler: str) -> None:
        """When an activity is over, it can be undone by another one."""
        node = self.draft.nodes
        self.later(lambda: node[self._ends[host].entry].values.update(undo=self._handlers[handler]))

    # ---- what elements call: words and numbers ----------------------------------------------------------------

    def key(self, catches: int, name: str | None) -> int:
        """The number of a message, signal, error or escalation; none: any."""
        if name is None:
            return NONE
        keys = self._keys.setdefault(catches, {})
        return keys.setdefault(name, len(keys))

    def program(self, compiled: Program) -> int:
        """The number of a program."""
        self.draft.programs.append(compiled)
        return len(self.draft.programs) - 1

    def try_program(self, make: Callable[[], Program], line: int, element: str) -> int:
        """The number of a program, or a finding if its text is none."""
        try:
            return self.program(make())
        except ConditionError as error:
            self.findings.append(error.finding(self.diagram.file, line, element))
            return NONE

    def assign(self, element: Element, node: int) -> None:
        """What the scenario sets when the element is over."""
        names = [attribute.name for attribute in self.attributes]
        for name, text in self.assigns.get(element.id, {}).items():
            if name not in names:
                self.complain("assign.unknown", {"name": name, "known": ", ".join(names) or "-"}, element)
                continue
            column = names.index(name)
            attribute = self.attributes[column]

            def make(text: str = text, attribute: Attribute = attribute) -> Program:
                return compile_value(text, self.attributes, attribute)

            self.draft.nodes[node].assigns.append((column, self.try_program(make, element.line, element.id)))

    def complain(self, code: str, values: Mapping[str, object], element: Element) -> None:
        """A finding about an element."""
        values = {**values, "label": element.label}
        self.findings.append(Finding(code, values, self.diagram.file, element.line, element=element.id))

    # ---- choices ----------------------------------------------------------------------------------------------

    def choose(self, element: Element, node: int) -> None:
        """How one way is chosen: the scenario's word, else the diagram's conditions."""
        self._choosers[element.id] = node
        routing = self.routing.get(element.id)
        flows = [flow.id for flow in self.process.outgoing(element.id)]
        if isinstance(routing, Shares):
            self.choose_by_shares(element, node, routing, flows)
        elif isinstance(routing, Chances):
            self.complain("routing.one_way", {}, element)
        else:
            self._choose_by_conditions(element, routing, every_way_asks=True)

    def choose_some(self, element: Element, node: int) -> None:
        """How any number of ways is chosen."""
        self._choosers[element.id] = node
        routing = self.routing.get(element.id)
        if isinstance(routing, Chances):
            self._choose_by_chances(element, node, routing)
        elif isinstance(routing, Shares):
            self.complain("routing.several_ways", {}, element)
        else:
            self._choose_by_conditions(element, routing, every_way_asks=False)

    def choose_by_shares(self, element: Element, node: int, routing: Shares, ways: Sequence[str]) -> None:
        """One of several ways by chance."""
        for number, row in enumerate(routing.rows):
            total = sum(row.values())
            if set(row) - set(ways) or abs(total - 1) > _TOLERANCE or min(row.values()) < 0:
                values = {"attempt": number + 1, "total": total, "flows": ", ".join(ways)}
                self.complain("routing.shares", values, element)
        self.draft.nodes[node].shares = routing.rows

    def _choose_by_chances(self, element: Element, node: int, routing: Chances) -> None:
        flows = [flow.id for flow in self.process.outgoing(element.id)]
        default = routing.default or element.attributes.get("default")
        for number, row in enumerate(routing.rows):
            values = {"attempt": number + 1, "flows": ", ".join(flows)}
            if set(row) - set(flows) or any(not 0 <= chance <= 1 for chance in row.values()):
                self.complain("routing.chances", values, element)
            elif default is None and not any(chance == 1 for chance in row.values()):
                self.complain("routing.nothing_certain", values, element)
        self.draft.nodes[node].shares = routing.rows
        self.draft.nodes[node].cumulated = False
        if default is not None:
            self._conditions[default] = DEFAULT

    def _choose_by_conditions(self, element: Element, routing: Conditions | None, every_way_asks: bool) -> None:
        default = (routing.default if routing else None) or element.attributes.get("default")
        flows = self.process.outgoing(element.id)
        if default is not None and default not in [flow.id for flow in flows]:
            values = {"default": default, "flows": ", ".join(flow.id for flow in flows)}
            self.complain("routing.default", values, element)
            return
        for flow in flows:
            expression = routing.expressions.get(flow.id) if routing else flow.condition
            if flow.id == default:
                self._conditions[flow.id] = DEFAULT
            elif expression is not None:
                self._conditions[flow.id] = self._condition(flow, expression)
            elif every_way_asks:
                self.complain("routing.missing", {"flow": flow.id}, element)

    def _condition(self, flow: Flow, expression: str) -> int:
        return self.try_program(lambda: compile_condition(expression, self.attributes), flow.line, flow.id)

    # ---- building ---------------------------------------------------------------------------------------------

    def build(self) -> None:
        """Let every element add its nodes, then connect the flows in document order."""
        for element in self.process.elements.values():
            meaning = meaning_of(element)
            assert meaning is not None  # refusals came first
            self._ends[element.id] = meaning.lower(element, self)
        for flow in self.process.flows.values():
            source, target = self._ends[flow.source].exit, self._ends[flow.target].entry
            self.draft.flows.append(DraftFlow(flow.id, source, target, self._conditions.get(flow.id, ALWAYS)))
        self._enter()
        for action in self._later:
            action()
        for scope, definition in self._definitions.items():
            if not self.draft.definitions[definition].entries:
                container = self.process.elements.get(scope)
                line = container.line if container else self.process.line
                self.findings.append(Finding("routing.no_start", {}, self.diagram.file, line, element=scope))
        self._end_what_has_no_way_out()
        if self.draft.gathers() > _LARGEST_REACH:
            values = {"label": self.process.name or self.process.id}
            self.findings.append(
                Finding("element.too_many_joins", values, self.diagram.file, self.process.line, element=self.process.id)
            )

    def _end_what_has_no_way_out(self) -> None:
        """A token that has nowhere to go is gone: an implicit end (BPMN 2.0.2, section 13.2)."""
        nodes = self.draft.nodes
        sources = {flow.source for flow in self.draft.flows}
        for number in range(len(nodes)):
            node = nodes[number]
            if number not in sources and node.kind not in (layout.END, layout.TERMINATE):
                nodes.append(DraftNode(layout.END, node.element, node.process, node.definition, "end"))
                self.connect(number, len(nodes) - 1)

    def net(self) -> ProcessNet:
        """The finished net."""
        draft = self.draft
        draft.messages = len(self._keys.get(layout.MESSAGE, ()))
        draft.signals = len(self._keys.get(layout.SIGNAL, ()))
        draft.conditions = sum(node.values.get("catches") == layout.CONDITION for node in draft.nodes)
        tables, flows = pack(draft, len(self.attributes))
        elements = tuple(node.element for node in draft.nodes)
        roles = tuple(node.role for node in draft.nodes)
        return ProcessNet(self.process.id, tables, elements, flows, self.attributes, roles)
