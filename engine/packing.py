"""From the nodes and flows that the elements made to the arrays of a process net."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Final

import numpy as np

from engine.expressions.compiling import Program
from engine.kernel import layout
from engine.kernel.chance import identifier_hash
from engine.kernel.layout import NONE, row_dtype
from engine.net import Table

__all__ = ["Draft", "DraftDefinition", "DraftFlow", "DraftNode", "pack"]

_JOINS: Final = (layout.JOIN, layout.GATHER, layout.COUNT)
_GATHERS: Final = (layout.GATHER, layout.COUNT)
_NOTHING: Final = ("share_at", "inner", "key", "via", "program", "repeat", "undo")  # NONE where nobody says more


@dataclass
class DraftNode:
    """A node while the net is made.

    Args:
        values: Columns of `engine.kernel.layout.Node` beside those that follow from the other nodes and flows.
        shares: Per attempt the share or chance of each flow.
        cumulated: Whether they are shares of one choice.
        assigns: Column of an attribute and the program that sets it.
    """

    kind: int
    element: str
    process: str
    definition: int
    role: str = ""
    values: dict[str, int] = field(default_factory=dict)
    watchers: list[int] = field(default_factory=list)
    shares: Sequence[Mapping[str, float]] = ()
    cumulated: bool = True
    assigns: list[tuple[int, int]] = field(default_factory=list)


@dataclass
class DraftFlow:
    """A flow while the net is made; ``source`` NONE enters a scope."""

    id: str
    source: int
    target: int
    condition: int = layout.ALWAYS


@dataclass
class DraftDefinition:
    """A scope while the net is made."""

    entries: list[int] = field(default_factory=list)
    watchers: list[int] = field(default_factory=list)
    outermost: int = 0


@dataclass
class Draft:
    """A whole net while it is made."""

    nodes: list[DraftNode] = field(default_factory=list)
    flows: list[DraftFlow] = field(default_factory=list)
    definitions: list[DraftDefinition] = field(default_factory=list)
    programs: list[Program] = field(default_factory=list)
    repeats: list[Mapping[str, int]] = field(default_factory=list)
    repeat_shares: dict[int, Sequence[float]] = field(default_factory=dict)  # row of `repeats` to chances
    messages: int = 0  # how many a case has
    conditions: int = 0  # how many events wait for one
    signals: int = 0

    def gathers(self) -> int:
        """How large the table of what can be reached becomes."""
        inside: dict[int, int] = defaultdict(int)
        for node in self.nodes:
            inside[node.definition] += 1
        return sum(inside[node.definition] for node in self.nodes if node.kind in _GATHERS)


def pack(draft: Draft, attributes: int) -> tuple[dict[str, Table], tuple[str, ...]]:
    """The tables of the net, and the ids of its flows.

    Args:
        attributes: How many a case has.
    """
    nodes = draft.nodes
    flows = sorted(draft.flows, key=lambda flow: flow.source)  # stable: document order
    entries: list[int] = []
    first_entry = []
    for definition in draft.definitions:
        first_entry.append(len(entries))
        for target in definition.entries:
            entries.append(len(flows))
            flows.append(DraftFlow("", NONE, target))
    outgoing = _grouped((flow.source, f) for f, flow in enumerate(flows))
    into = _grouped((flow.target, f) for f, flow in enumerate(flows))
    table = np.zeros(len(nodes) + 1, row_dtype(layout.Node))
    for name in _NOTHING:
        table[name] = NONE
    numbers = range(len(nodes))
    locals_, visits = _numbered([node.definition for node in nodes])
    shares, share_at = _pack_shares(nodes, outgoing, flows)
    columns: dict[str, list[int]] = {
        "kind": [node.kind for node in nodes],
        "hash": [identifier_hash(node.process, node.element, node.role) for node in nodes],
        "definition": [node.definition for node in nodes],
        "local": locals_,
        "share_at": share_at,
        "attempts": [max(1, len(node.shares)) for node in nodes],
    }
    for name, values in columns.items():
        table[name][:-1] = values
    for n, node in enumerate(nodes):
        for name, given in node.values.items():
            table[name][n] = given
    table["out"] = [0, *accumulate(len(outgoing.get(n, ())) for n in numbers)]
    table["into"] = [0, *accumulate(len(into.get(n, ())) for n in numbers)]
    table["watch"] = [0, *accumulate(len(node.watchers) for node in nodes)]
    table["assign"] = [0, *accumulate(len(node.assigns) for node in nodes)]
    for f, flow in enumerate(flows):
        if flow.source != NONE and nodes[flow.source].kind == layout.RACE:
            table["via"][flow.target] = f
    counted, marks, width = _counted(nodes, flows)
    for n, mark in marks.items():
        table["key"][n] = mark
    reach = _reach(nodes, flows, into, locals_, table)
    flow_table = np.zeros(max(1, len(flows)), row_dtype(layout.Flow))
    flow_table["target"] = [flow.target for flow in flows]
    flow_table["local"] = counted
    flow_table["condition"] = [flow.condition for flow in flows]
    for ways in into.values():
        flow_table["bit"][ways] = range(len(ways))
    for row, chances in draft.repeat_shares.items():
        draft.repeats[row] = {**draft.repeats[row], "share_at": len(shares), "attempts": len(chances)}
        shares += chances
    stride = max(
        [2 + len(node.watchers) + len(outgoing.get(n, ())) for n, node in enumerate(nodes)]
        + [2 + len(definition.watchers) for definition in draft.definitions]
    )
    words = draft.messages + 1 if draft.messages or draft.conditions else 0
    tables: dict[str, Table] = {
        "node": table,
        "flow": flow_table,
        "definition": _definitions(draft, first_entry),
        "into_flow": _integers(f for n in numbers for f in into.get(n, ())),
        "watcher": _integers(w for node in nodes for w in node.watchers),
        "scope_watcher": _integers(w for definition in draft.definitions for w in definition.watchers),
        "joins": _integers(
            n for _, n in sorted((node.definition, n) for n, node in enumerate(nodes) if node.kind in _JOINS)
        ),
        "entry": _integers(entries),
        "share": np.array(shares or [0.0], np.float64),
        "program": _integers([0, *accumulate(len(p) for p in draft.programs)]),
        "step": _rows(layout.Step, [step for program in draft.programs for step in program]),
        "assign": _rows(layout.Assign, [pair for node in nodes for pair in node.assigns]),
        "repeat": _rows(layout.Repeat, [tuple(row[n] for n in layout.Repeat.__annotations__) for row in draft.repeats]),
        "reach": _integers(reach),
        "width": _integers([visits, width, attributes, words, draft.signals, stride + 8]),
    }
    return tables, tuple(flow.id for flow in flows)


def _grouped(pairs: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
    groups: dict[int, list[int]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return groups


def _pack_shares(
    nodes: Sequence[DraftNode], outgoing: Mapping[int, Sequence[int]], flows: Sequence[DraftFlow]
) -> tuple[list[float], list[int]]:
    shares: list[float] = []
    share_at = []
    for n, node in enumerate(nodes):
        share_at.append(len(shares) if node.shares else NONE)
        for row in node.shares:
            ways = [row.get(flows[f].id, 0.0) for f in outgoing.get(n, ())]
            shares += accumulate(ways) if node.cumulated else ways
    return shares, share_at


def _counted(nodes: Sequence[DraftNode], flows: Sequence[DraftFlow]) -> tuple[list[int], dict[int, int], int]:
    """Numbers of the flows into joins in their scope, of the marks of counts behind them, and how many they are."""
    used: dict[int, int] = defaultdict(int)
    counted = []
    for flow in flows:
        target = nodes[flow.target]
        if target.kind not in _JOINS:
            counted.append(0)
            continue
        counted.append(used[target.definition])
        used[target.definition] += 1
    marks = {}
    for n, node in enumerate(nodes):
        if node.kind == layout.COUNT:
            marks[n] = used[node.definition]
            used[node.definition] += 1
    return counted, marks, max([1, *used.values()])


def _numbered(groups: Sequence[int]) -> tuple[list[int], int]:
    """Number the members of each group from 0; and the size of the largest."""
    seen: dict[int, int] = defaultdict(int)
    numbers = []
    for group in groups:
        numbers.append(seen[group])
        seen[group] += 1
    return numbers, max([1, *seen.values()])


def _reach(
    nodes: Sequence[DraftNode],
    flows: Sequence[DraftFlow],
    into: Mapping[int, Sequence[int]],
    locals_: Sequence[int],
    table: Table,
) -> list[int]:
    """By gather, by node of its scope: the ways in that a token there can come to, not passing the gather, as bits."""
    size: dict[int, int] = defaultdict(int)
    before: dict[int, list[int]] = {
        n: [flows[f].source for f in ways if flows[f].source != NONE] for n, ways in into.items()
    }
    for n, node in enumerate(nodes):
        size[node.definition] += 1
        for watcher in node.watchers:
            before.setdefault(watcher, []).append(n)
    reach: list[int] = []
    for n, node in enumerate(nodes):
        if node.kind not in _GATHERS:
            continue
        table["reach"][n] = len(reach)
        found: dict[int, int] = {}
        work = [(flows[f].source, 1 << bit) for bit, f in enumerate(into.get(n, ()))]
        while work:
            place, bits = work.pop()
            known = found.get(place, 0)
            if place in (n, NONE) or known | bits == known:
                continue
            found[place] = known | bits
            work += [(source, known | bits) for source in before.get(place, ())]
        row = [0] * size[node.definition]
        for place, bits in found.items():
            row[locals_[place]] = bits
        reach += row
    return reach


def _definitions(draft: Draft, first_entry: Sequence[int]) -> Table:
    joins: dict[int, list[int]] = defaultdict(list)
    for node in draft.nodes:
        if node.kind in _JOINS:
            joins[node.definition].append(node.kind)
    numbers = range(len(draft.definitions))
    table = np.zeros(len(draft.definitions) + 1, row_dtype(layout.Definition))
    table["entry"][:-1] = first_entry
    table["watch"] = [0, *accumulate(len(definition.watchers) for definition in draft.definitions)]
    table["joins"] = [0, *accumulate(len(joins[d]) for d in numbers)]
    table["gathers"][:-1] = [int(any(kind in _GATHERS for kind in joins[d])) for d in numbers]
    table["outermost"][:-1] = [definition.outermost for definition in draft.definitions]
    return table


def _rows(row: type[object], values: Sequence[tuple[float, ...]]) -> Table:
    table = np.zeros(max(1, len(values)), row_dtype(row))
    for i, value in enumerate(values):
        table[i] = value
    return table


def _integers(values: Iterable[int]) -> Table:
    return np.array(list(values) or [0], np.int64)
