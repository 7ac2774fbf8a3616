"""From a checked diagram to its process net.

Each element adds its own nodes (`engine.elements`); this file numbers them, connects the flows and packs the arrays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

import numpy as np

from engine.diagram.model import Diagram, Element, Process
from engine.elements import meaning_of, refusals
from engine.elements.meaning import Ends
from engine.errors import BadInput, Finding
from engine.expressions.compiling import ConditionError, Program, compile_condition
from engine.kernel import layout
from engine.kernel.chance import identifier_hash
from engine.kernel.layout import NONE, row_dtype
from engine.net import Attribute, Conditions, ProcessNet, Routing, Shares, Table

__all__ = ["NetBuilder", "lower"]

_TOLERANCE = 1e-9  # how far shares may be from a sum of 1


def lower(diagram: Diagram, routing: Mapping[str, Routing], attributes: Sequence[Attribute] = ()) -> ProcessNet:
    """The process net of a diagram.

    Args:
        diagram: As read; `engine.diagram.checks` should have found nothing in it.
        routing: Gateway id to how it chooses; overrides the conditions of the diagram.
        attributes: What conditions may ask for.

    Raises:
        BadInput: Elements that are not supported, choices without shares or conditions, conditions that do not
            parse, shares that do not sum to 1; all at once.
    """
    builder = NetBuilder(diagram, routing, attributes)
    builder.findings += [_in_file(finding, diagram.file) for finding in refusals(diagram.process)]
    if not builder.findings:
        builder.build()
    if builder.findings:
        raise BadInput(builder.findings)
    return builder.pack()


def _in_file(finding: Finding, file: str) -> Finding:
    return Finding(finding.code, finding.values, file, finding.line, finding.column, finding.element)


@dataclass
class _Node:
    kind: int
    element: str
    definition: int
    role: str = ""
    inner: int = NONE
    interrupting: int = 0
    watchers: list[int] = field(default_factory=list)
    shares: Sequence[Mapping[str, float]] = ()


@dataclass
class _Flow:
    id: str
    source: int
    target: int
    condition: int = NONE


class NetBuilder:
    """Collects nodes and flows; what the files of the elements call."""

    def __init__(self, diagram: Diagram, routing: Mapping[str, Routing], attributes: Sequence[Attribute]) -> None:
        self.diagram = diagram
        self.process: Process = diagram.process
        self.routing = routing
        self.attributes = tuple(attributes)
        self.findings: list[Finding] = []
        self._nodes: list[_Node] = []
        self._flows: list[_Flow] = []
        self._entries: dict[int, int] = {}
        self._ends: dict[str, Ends] = {}
        self._watchers: list[tuple[str, int]] = []
        self._programs: list[Program] = []
        self._conditions: dict[str, int] = {}  # flow id to its program
        scopes = [self.process.id] + [e.id for e in self.process.elements.values() if e.tag == "subProcess"]
        self._definitions = {scope: number for number, scope in enumerate(scopes)}

    # ---- what elements call -----------------------------------------------------------------------------------

    def node(self, kind: int, element: Element, role: str = "", inner: int = NONE, interrupting: int = 0) -> int:
        """Add a node; a second node of one element needs a role."""
        definition = self._definitions[element.scope]
        self._nodes.append(_Node(kind, element.id, definition, role, inner, interrupting))
        return len(self._nodes) - 1

    def split(self, element: Element, node: int) -> int:
        """Where an element's flows out begin: the node itself, or a fork behind it if there are several."""
        if len(self.process.outgoing(element.id)) < 2:
            return node
        if self._nodes[node].kind == layout.PASS:
            self._nodes[node].kind = layout.FORK
            return node
        fork = self.node(layout.FORK, element, role="fork")
        self._flows.append(_Flow("", node, fork))
        return fork

    def definition_of(self, scope: str) -> int:
        """The number of the definition of a process or sub-process."""
        return self._definitions[scope]

    def enter_at(self, scope: str, node: int) -> None:
        """The first token of a scope enters here."""
        self._entries[self._definitions[scope]] = node

    def watch(self, host: str, watcher: int) -> None:
        """The watcher is armed while the element waits."""
        self._watchers.append((host, watcher))

    def choose(self, element: Element, node: int) -> None:
        """How a choice is made: the scenario's word, else the diagram's conditions."""
        routing = self.routing.get(element.id)
        if isinstance(routing, Shares):
            self._choose_by_shares(element, node, routing)
        else:
            self._choose_by_conditions(element, routing)

    # ---- choices ----------------------------------------------------------------------------------------------

    def _choose_by_shares(self, element: Element, node: int, routing: Shares) -> None:
        flows = [flow.id for flow in self.process.outgoing(element.id)]
        for number, row in enumerate(routing.rows):
            total = sum(row.values())
            if set(row) - set(flows) or abs(total - 1) > _TOLERANCE or min(row.values()) < 0:
                values = {"attempt": number + 1, "total": total, "flows": ", ".join(flows)}
                self._complain("routing.shares", values, element)
        self._nodes[node].shares = routing.rows

    def _choose_by_conditions(self, element: Element, routing: Conditions | None) -> None:
        default = (routing.default if routing else None) or element.attributes.get("default")
        flows = self.process.outgoing(element.id)
        if default is not None and default not in [flow.id for flow in flows]:
            values = {"default": default, "flows": ", ".join(flow.id for flow in flows)}
            self._complain("routing.default", values, element)
            return
        for flow in flows:
            expression = routing.expressions.get(flow.id) if routing else flow.condition
            if flow.id == default:
                continue
            if expression is None:
                self._complain("routing.missing", {"flow": flow.id}, element)
                continue
            try:
                program = compile_condition(expression, self.attributes)
            except ConditionError as error:
                self.findings.append(error.finding(self.diagram.file, flow.line, flow.id))
            else:
                self._conditions[flow.id] = len(self._programs)
                self._programs.append(program)

    def _complain(self, code: str, values: Mapping[str, object], element: Element) -> None:
        self.findings.append(
            Finding(code, {**values, "label": element.label}, self.diagram.file, element.line, element=element.id)
        )

    # ---- building and packing ---------------------------------------------------------------------------------

    def build(self) -> None:
        """Let every element add its nodes, then connect the flows in document order."""
        for element in self.process.elements.values():
            meaning = meaning_of(element)
            assert meaning is not None  # refusals came first
            self._ends[element.id] = meaning.lower(element, self)
        for flow in self.process.flows.values():
            source, target = self._ends[flow.source].exit, self._ends[flow.target].entry
            self._flows.append(_Flow(flow.id, source, target, self._conditions.get(flow.id, NONE)))
        for host, watcher in self._watchers:
            self._nodes[self._ends[host].entry].watchers.append(watcher)
        for scope, definition in self._definitions.items():
            if definition not in self._entries:
                element_or_process = self.process.elements.get(scope)
                line = element_or_process.line if element_or_process else self.process.line
                self.findings.append(Finding("routing.no_start", {}, self.diagram.file, line, element=scope))
        # A token that has nowhere to go is gone: an implicit end (BPMN 2.0.2, section 13.2).
        sources = {flow.source for flow in self._flows}
        for number, node in enumerate(list(self._nodes)):
            if number not in sources and node.kind not in (layout.END, layout.TERMINATE):
                end = len(self._nodes)
                self._nodes.append(_Node(layout.END, node.element, node.definition, "end"))
                self._flows.append(_Flow("", number, end))

    def pack(self) -> ProcessNet:
        """The arrays."""
        order = sorted(range(len(self._flows)), key=lambda f: self._flows[f].source)  # stable: document order
        flows = [self._flows[f] for f in order]
        flows += [_Flow("", NONE, self._entries[d]) for d in range(len(self._definitions))]
        into = [[f for f, flow in enumerate(flows) if flow.target == n] for n in range(len(self._nodes))]
        local_nodes = _numbered([node.definition for node in self._nodes])
        counted = [
            self._nodes[flow.target].definition if self._nodes[flow.target].kind == layout.JOIN else NONE
            for flow in flows
        ]
        local_flows = _numbered(counted)
        shares, share_at, attempts = self._pack_shares(flows)
        nodes = np.zeros(len(self._nodes) + 1, row_dtype(layout.Node))
        columns: dict[str, list[int]] = {
            "kind": [node.kind for node in self._nodes],
            "hash": [identifier_hash(self.process.id, node.element, node.role) for node in self._nodes],
            "definition": [node.definition for node in self._nodes],
            "local": local_nodes,
            "share_at": share_at,
            "attempts": attempts,
            "inner": [node.inner for node in self._nodes],
            "interrupting": [node.interrupting for node in self._nodes],
        }
        for name, values in columns.items():
            nodes[name][:-1] = values
        outgoing = [sum(flow.source == n for flow in flows) for n in range(len(self._nodes))]
        nodes["out"] = [0, *accumulate(outgoing)]
        nodes["into"] = [0, *accumulate(len(ways) for ways in into)]
        nodes["watch"] = [0, *accumulate(len(node.watchers) for node in self._nodes)]
        flow_table = np.zeros(len(flows), row_dtype(layout.Flow))
        flow_table["target"] = [flow.target for flow in flows]
        flow_table["local"] = local_flows
        flow_table["condition"] = [flow.condition for flow in flows]
        steps = np.zeros(max(1, sum(len(p) for p in self._programs)), row_dtype(layout.Step))
        for i, (operation, operand) in enumerate(step for program in self._programs for step in program):
            steps[i] = (operation, operand)
        first_entry = len(flows) - len(self._definitions)
        tables: dict[str, Table] = {
            "node": nodes,
            "flow": flow_table,
            "into_flow": _integers([f for ways in into for f in ways]),
            "watcher": _integers([w for node in self._nodes for w in node.watchers]),
            "entry": _integers(list(range(first_entry, len(flows)))),
            "share": np.array(shares or [0.0], np.float64),
            "program": _integers([0, *accumulate(len(p) for p in self._programs)]),
            "step": steps,
            "width": _integers([1 + max(local_nodes), 1 + max(local_flows), len(self.attributes)]),
        }
        elements = tuple(node.element for node in self._nodes)
        return ProcessNet(self.process.id, tables, elements, tuple(flow.id for flow in flows), self.attributes)

    def _pack_shares(self, flows: Sequence[_Flow]) -> tuple[list[float], list[int], list[int]]:
        shares: list[float] = []
        share_at: list[int] = []
        attempts: list[int] = []
        for number, node in enumerate(self._nodes):
            share_at.append(len(shares) if node.shares else NONE)
            attempts.append(max(1, len(node.shares)))
            ways = [flow.id for flow in flows if flow.source == number]
            for row in node.shares:
                shares += accumulate(row.get(way, 0.0) for way in ways)
        return shares, share_at, attempts


def _numbered(groups: Sequence[int]) -> list[int]:
    """Number the members of each group from 0; what has no group (`NONE`) is 0."""
    seen: dict[int, int] = {}
    numbers = []
    for group in groups:
        numbers.append(0 if group == NONE else seen.setdefault(group, 0))
        if group != NONE:
            seen[group] += 1
    return numbers


def _integers(values: Sequence[int]) -> Table:
    return np.array(values or [0], np.int64)
