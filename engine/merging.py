"""Several nets side by side in one: each keeps its numbers, moved by how many came before.

Cases of different nets never meet: a message, signal or error stays in the net that it comes from. What they share
are the people, of whom the net knows nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from engine.kernel import layout
from engine.kernel.layout import NONE
from engine.net import ProcessNet, Table

__all__ = ["Merged", "merge"]

# Column to the table whose rows it counts; NONE stays NONE.
_NODE: Final = {
    "definition": "definition", "out": "flow", "into": "into_flow", "share_at": "share", "inner": "definition",
    "watch": "watcher", "assign": "assign", "reach": "reach", "via": "flow", "program": "program", "repeat": "repeat",
}  # fmt: skip
_DEFINITION: Final = {"entry": "entry", "watch": "scope_watcher", "joins": "joins"}
_REPEAT: Final = {"number": "program", "until": "program", "share_at": "share"}
_ROWS: Final = {
    "node": _NODE, "definition": _DEFINITION, "flow": {"target": "node"}, "assign": {"program": "program"},
    "repeat": _REPEAT, "step": {},
}  # fmt: skip
_WHOLE: Final = {
    "into_flow": "flow", "watcher": "node", "scope_watcher": "node", "joins": "node", "entry": "flow",
    "program": "step", "share": "", "reach": "",
}  # fmt: skip
_HEARERS: Final = (layout.WATCHER, layout.WAIT, layout.THROW)


@dataclass(frozen=True)
class Merged:
    """A net made of several.

    Args:
        net: All of them; the row that ends each one's tables stays, as a node that nothing leads to.
        first_node, first_flow, definition: By net: the number of its first node and flow, and of its outermost scope.
    """

    net: ProcessNet
    first_node: tuple[int, ...]
    first_flow: tuple[int, ...]
    definition: tuple[int, ...]


def merge(nets: Sequence[ProcessNet]) -> Merged:
    """Put nets side by side.

    Args:
        nets: At least one. Attributes are by column and differ from net to net: the merged net names none.
    """
    sizes = {name: [len(net.tables[name]) for net in nets] for name in (*_ROWS, *_WHOLE)}
    before = {name: np.concatenate([[0], np.cumsum(lengths)[:-1]]).tolist() for name, lengths in sizes.items()}
    signals = np.concatenate([[0], np.cumsum([net.tables["width"][layout.SIGNALS] for net in nets])]).tolist()
    tables: dict[str, Table] = {}
    for name, columns in _ROWS.items():
        parts = []
        for i, net in enumerate(nets):
            part = net.tables[name].copy()
            for column, counted in columns.items():
                part[column][part[column] != NONE] += before[counted][i]
            if name == "node":
                _move_meanings(part, before["node"][i], before["definition"][i], signals[i])
            if name == "flow":
                part["condition"][part["condition"] >= 0] += before["program"][i]
            parts.append(part)
        tables[name] = np.concatenate(parts)
    for name, counted in _WHOLE.items():
        tables[name] = np.concatenate(
            [net.tables[name] + (before[counted][i] if counted else 0) for i, net in enumerate(nets)]
        )
    width = np.max([net.tables["width"] for net in nets], axis=0)
    width[layout.SIGNALS] = signals[-1]
    tables["width"] = width
    elements = [(*net.elements, "") for net in nets]
    roles = [(*(net.roles or ("",) * len(net.elements)), "") for net in nets]
    flows = [(*net.flows, *("",) * (sizes["flow"][i] - len(net.flows))) for i, net in enumerate(nets)]
    merged = ProcessNet(
        process=" ".join(net.process for net in nets),
        tables=tables,
        elements=tuple(id_ for part in elements for id_ in part)[:-1],
        flows=tuple(id_ for part in flows for id_ in part),
        roles=tuple(role for part in roles for role in part)[:-1],
    )
    return Merged(merged, tuple(before["node"]), tuple(before["flow"]), tuple(before["definition"]))


def _move_meanings(node: Table, nodes: int, definitions: int, signals: int) -> None:
    """The columns whose meaning hangs on the kind of the node."""
    undone = node["undo"] != NONE
    is_undo = node["kind"] == layout.UNDO
    node["undo"][undone & is_undo] += nodes
    node["undo"][undone & ~is_undo] += definitions
    hears = np.isin(node["kind"], _HEARERS) & (node["catches"] == layout.SIGNAL)
    node["key"][hears] += signals
