"""The process net: a lowered diagram, in the small instruction set of the kernel.

It knows primitives and no BPMN; which element a node comes from stands beside it, for people and logs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from engine.kernel import layout
from engine.kernel.layout import Net

__all__ = ["Attribute", "Chances", "Conditions", "ProcessNet", "Repetition", "Routing", "Shares"]


@dataclass(frozen=True)
class Attribute:
    """A declared property of cases that conditions may ask for.

    Args:
        values: The names of an enumeration's values; ``("false", "true")`` for a truth value; empty for a number.
    """

    name: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Shares:
    """A choice by chance: per attempt (visit in its scope instance) the share of each outgoing flow.

    Args:
        rows: Attempt to {flow id: share}; the last row holds for all later attempts; each sums to 1.
    """

    rows: tuple[Mapping[str, float], ...]


@dataclass(frozen=True)
class Conditions:
    """A choice by data: the first flow in document order whose condition holds, else the default.

    Args:
        expressions: Flow id to condition; overrides what the diagram says.
        default: Flow id; overrides the diagram's.
    """

    expressions: Mapping[str, str]
    default: str | None = None


@dataclass(frozen=True)
class Chances:
    """A choice of any number of ways: per attempt the chance of each, independent of the others.

    Args:
        rows: Attempt to {flow id: chance}; the last row holds for all later attempts. What is not named is never
            taken; the default is taken when nothing else is.
        default: Flow id; overrides the diagram's.
    """

    rows: tuple[Mapping[str, float], ...]
    default: str | None = None


@dataclass(frozen=True)
class Repetition:
    """How often a looped or multi-instance activity is done; overrides what the diagram says.

    Args:
        instances: A number, or an expression over the attributes of the case.
        again: Per turn the chance that another one follows; the last one holds for all later turns.
        until: A condition that ends it.
    """

    instances: float | str | None = None
    again: tuple[float, ...] = ()
    until: str | None = None


Routing: TypeAlias = Shares | Conditions | Chances

Table: TypeAlias = npt.NDArray[Any]


@dataclass(frozen=True)
class ProcessNet:
    """Immutable integer arrays of a lowered diagram.

    Args:
        process: Id of the BPMN process.
        tables: Name of the table in `engine.kernel.layout.Net` to its array.
        elements: By node: id of the BPMN element that it comes from.
        flows: By flow: id of the sequence flow; empty for a scope's entry.
        attributes: What conditions may ask for, in the order of the kernel's columns.
        roles: By node: what it is to its element; empty for the main one. ``batch`` waits for a batch to close,
            ``instances`` for the instances of a task.
    """

    process: str
    tables: Mapping[str, Table]
    elements: tuple[str, ...]
    flows: tuple[str, ...]
    attributes: tuple[Attribute, ...] = ()
    roles: tuple[str, ...] = ()

    def __getstate__(self) -> dict[str, Any]:
        """What is derived is derived again in another process."""
        return {f.name: getattr(self, f.name) for f in fields(self)}

    @cached_property
    def arrays(self) -> Net:
        """The compiled form: record arrays."""
        arrays: Mapping[str, Any] = {name: self.tables[name] for name in Net._fields}
        return Net(**arrays)

    @cached_property
    def plain(self) -> Net:
        """The plain form: lists of small objects."""
        rows = layout.NET_ROWS
        lists: Mapping[str, Any] = {
            name: layout.plain_rows(rows[name], len(table), table) if name in rows else table.tolist()
            for name, table in ((name, self.tables[name]) for name in Net._fields)
        }
        return Net(**lists)

    @cached_property
    def kinds(self) -> tuple[int, ...]:
        """By node: its primitive."""
        return tuple(self.tables["node"]["kind"][: len(self.elements)].tolist())

    @cached_property
    def node_of(self) -> Mapping[str, int]:
        """Element id to its main node: what tokens wait at, or where they choose."""
        return {element: node for node, element in reversed(list(enumerate(self.elements)))}

    @cached_property
    def waiting_nodes(self) -> tuple[int, ...]:
        """The nodes that need a time from the scenario or the diagram: activities, timers and watchers of time."""
        always = (layout.ACTIVITY, layout.TIMER)
        catches = self.tables["node"]["catches"].tolist()
        return tuple(
            n
            for n, kind in enumerate(self.kinds)
            if kind in always or (kind == layout.WATCHER and catches[n] == layout.TIME)
        )

    @cached_property
    def listening_nodes(self) -> frozenset[int]:
        """The nodes that wait for a message, signal, condition, error or escalation of the diagram itself."""
        catches = self.tables["node"]["catches"].tolist()
        words = (n for n, kind in enumerate(self.kinds) if kind == layout.WATCHER and catches[n] != layout.TIME)
        return frozenset([*words, *(n for n, kind in enumerate(self.kinds) if kind == layout.WAIT)])

    @cached_property
    def hashes(self) -> npt.NDArray[np.int64]:
        """By node: the 64-bit hash of (process id, element id)."""
        hashes: npt.NDArray[np.int64] = self.tables["node"]["hash"]
        return hashes
