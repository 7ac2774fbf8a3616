"""Which sheets a scenario's workbook has, and which columns: walked from the models, so that a new key has its cell.

What stands once makes the form, a line for each key.
A mapping with free names, or a list of mappings, makes a table: the names are its first columns.
What is inside a line and is neither becomes cells of the line, or one cell with a list or mapping in YAML's short form.
What ``common`` and the variants share is one table; an empty cell in the place of the variant means all of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from types import UnionType
from typing import Annotated, Any, Final, Literal, TypeAlias, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from scenarios.schema import Scenario
from scenarios.schema.process import Common

__all__ = ["COMMON", "ITEM", "NAMED", "VARIANTS", "Kind", "Leaf", "Table", "form", "tables"]

NAMED: Final = "*"
ITEM: Final = "#"
COMMON: Final = "common"
VARIANTS: Final = "variants"

Kind: TypeAlias = Literal["text", "number", "truth", "date", "list", "map", "any"]
Pattern: TypeAlias = tuple[str, ...]


@dataclass(frozen=True)
class Leaf:
    """A value that takes one cell.

    Args:
        path: Keys that lead to it, from the line of its table or from the top.
        kind: How the cell is read.
        options: The only words it may be, if there are any.
        about: What it means.
        least, most: Bounds of a number.
    """

    path: tuple[str, ...]
    kind: Kind
    options: tuple[str, ...] = ()
    about: str = ""
    least: float | None = None
    most: float | None = None

    @property
    def name(self) -> str:
        """Its column's key."""
        return ".".join(self.path) or "="


@dataclass(frozen=True)
class Table:
    """A sheet with many lines.

    Args:
        pattern: Keys that lead to a line, `NAMED` for a free name, `ITEM` for the place in a list.
        leaves: Cells of a line.
        shared: A line without variant stands under ``common``.
        dates: The free names are dates.
    """

    pattern: Pattern
    leaves: tuple[Leaf, ...] = field(default=())
    shared: bool = False
    dates: bool = False

    @property
    def name(self) -> str:
        """What identifies the sheet: the fixed keys, without the variants'."""
        fixed = [part for part in self.pattern if part not in (NAMED, ITEM)]
        return ".".join(fixed[1:] if fixed[0] == VARIANTS and len(fixed) > 1 else fixed)

    @property
    def keys(self) -> tuple[str, ...]:
        """Its first columns: the key before each free name; the last place in a list is the line's own."""
        found, before = [], ""
        for number, part in enumerate(self.pattern):
            if part == NAMED or (part == ITEM and number < len(self.pattern) - 1):
                found.append(before if before not in found else f"{before}.way")
            elif part != ITEM:
                before = part
        return tuple(found)


@cache
def form() -> tuple[Leaf, ...]:
    """What stands once in a scenario."""
    return tuple(found for found in _walk(Scenario, (), top=True) if isinstance(found, Leaf))


@cache
def tables() -> tuple[Table, ...]:
    """All tables, each after the one that its lines belong to."""
    return tuple(found for found in _tables(Scenario, ()) if found.pattern[0] != COMMON)


def _tables(model: type[BaseModel], before: Pattern) -> Iterator[Table]:
    for found in _walk(model, (), top=not before):
        if isinstance(found, Leaf):
            continue
        pattern, inner, key = found
        whole = (*before, *pattern)
        shared = whole[0] == VARIANTS and len(whole) > 2 and whole[2] in Common.model_fields
        dates = key is date
        if not _is_model(inner):
            yield Table(whole, (_leaf((), inner, None),), shared, dates)
            continue
        leaves = tuple(leaf for leaf in _walk(inner, (), top=False, last=whole[-1]) if isinstance(leaf, Leaf))
        yield Table(whole, leaves, shared, dates)
        if whole[-1] == NAMED:
            yield from _tables(inner, whole)


def _walk(
    model: type[BaseModel], path: tuple[str, ...], top: bool, last: str = NAMED
) -> Iterator[Leaf | tuple[Pattern, Any, Any]]:
    """The cells of a mapping, and the tables in it: pattern, what stands in a line, type of the free names."""
    for name, info in model.model_fields.items():
        here = (*path, info.alias or name)
        kind = _bare(info.annotation)
        table = _as_table(kind, top) if last == NAMED else None
        if table is not None:
            yield ((*here, *table[0]), *table[1:])
        elif _is_model(kind):
            yield from _walk(kind, here, top, last)
        else:
            yield _leaf(here, info.annotation, info)


def _as_table(kind: Any, top: bool) -> tuple[Pattern, Any, Any] | None:
    """The pattern of a mapping with free names or a list of mappings; nothing where one cell will do."""
    origin, parts = get_origin(kind), get_args(kind)
    if origin is dict:
        key, inner = _bare(parts[0]), _bare(parts[1])
        if get_origin(inner) is dict:
            return (NAMED, NAMED), _bare(get_args(inner)[1]), str
        if _is_model(inner) or (key in (str, date) and inner is not Any):
            return (NAMED,), inner, key
    if origin is tuple and parts[-1] is Ellipsis:
        inner = _bare(parts[0])
        if _is_model(inner) or (top and inner is str):
            return (ITEM,), inner, str
        if get_origin(inner) is dict:
            return (ITEM, NAMED), _bare(get_args(inner)[1]), str
    return None


def _leaf(path: tuple[str, ...], annotation: Any, info: FieldInfo | None) -> Leaf:
    kind = _bare(annotation)
    bounds = {
        end: getattr(part, attribute)
        for part in (info.metadata if info else ())
        for attribute, end in (("ge", "least"), ("gt", "least"), ("le", "most"), ("lt", "most"))
        if getattr(part, attribute, None) is not None
    }
    options: tuple[str, ...] = ()
    if get_origin(kind) is Literal:
        values = get_args(kind)
        if all(isinstance(value, str) for value in values):
            options = values
        kind = type(values[0])
    about = (info.description if info else None) or ""
    return Leaf(path, _cell_kind(kind), options, about, **bounds)


def _cell_kind(kind: Any) -> Kind:
    simple: dict[Any, Kind] = {str: "text", int: "number", float: "number", bool: "truth", date: "date"}
    if kind in simple:
        return simple[kind]
    origins: dict[Any, Kind] = {tuple: "list", dict: "map"}
    return origins.get(get_origin(kind), "any")


def _bare(kind: Any) -> Any:
    """The type without annotations, and without the alternative of nothing."""
    if get_origin(kind) is Annotated:
        return _bare(get_args(kind)[0])
    if get_origin(kind) in (Union, UnionType):
        some = [part for part in get_args(kind) if part is not type(None)]
        return _bare(some[0]) if len(some) == 1 else kind
    return kind


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)
