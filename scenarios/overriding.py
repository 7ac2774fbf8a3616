"""Named overrides: a variant of the whole scenario is its file plus an ordered choice of named changes.

The ``set`` of an override is merged into the document: mappings key by key; all else, lists too, is replaced.
Two chosen overrides must not set the same key, so their order never matters for the result.
Of keys that exclude each other (the distributions; ``shares``, ``attempts``, ``conditions``; ``rate``,
``every``, ``dates``) the one that an override sets replaces the one in the file.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from scenarios.findings import Findings
from scenarios.reading import Document, Path, Position
from scenarios.schema import Scenario
from scenarios.schema.cases import Attribute
from scenarios.validating import keys_of, model_at

__all__ = ["apply"]

FIXED: Final = ("schema", "pipeline", "overrides")  # what no override may change

_EXCLUSIVE: Final = (Attribute.ways, ("shares", "attempts", "conditions"), ("rate", "every", "dates"))


def apply(
    document: Document, scenario: Scenario, names: Sequence[str], findings: Findings
) -> tuple[Document, tuple[str, ...]]:
    """The document with overrides applied, and what changed.

    Args:
        document: As read; never changed.
        scenario: What it states, valid.
        names: The overrides chosen.
        findings: Takes unknown names, conflicts and keys that cannot be set.

    Returns:
        A new document, whose positions point to what the file or the override wrote; and, for each key that
        an override sets, ``dotted.key: old -> new`` in the order of the names and of the file.
    """
    setters: dict[Path, str] = {}
    changes: list[str] = []
    data: Mapping[Any, Any] = document.data
    positions = dict(document.positions)
    for name in dict.fromkeys(names):
        if name not in scenario.overrides:
            findings.unknown("override", (), name, scenario.overrides)
            continue
        origin: Path = ("overrides", name, "set")
        change = scenario.overrides[name].set_
        for key in FIXED:
            if key in change:
                findings.error("override.fixed", (*origin, key), name=key)
        for path in _leaves(change):
            rival = next((setters[other] for other in setters if _touch(path, other)), None)
            if rival is not None:
                findings.error("override.conflict", (*origin, *path), name=".".join(path), first=rival, second=name)
            if not _known(document.data, path):
                findings.unknown("key", (*origin, *path), path[-1], _keys(document.data, path[:-1]))
        setters.update(dict.fromkeys(_leaves(change), name))
        data = _merge(data, change, (), changes)
        _move(positions, document.positions, origin, change)
    return Document(document.file, data, positions, document.warnings), tuple(changes)


def _leaves(change: Mapping[Any, Any], path: Path = ()) -> Iterator[Path]:
    """The keys that a change sets."""
    for key, value in change.items():
        below = (*path, str(key))
        if isinstance(value, Mapping) and value:
            yield from _leaves(value, below)
        else:
            yield below


def _touch(one: Path, other: Path) -> bool:
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]


def _known(data: Mapping[Any, Any], path: Path) -> bool:
    """Whether each key on the way exists in the file, has a default, or is free to be added."""
    for length in range(1, len(path) + 1):
        model = model_at(path[: length - 1])
        if model is not None and path[length - 1] not in keys_of(model):
            return _at(data, path[:length]) is not None
    return True


def _keys(data: Mapping[Any, Any], path: Path) -> list[str]:
    model = model_at(path)
    here = _at(data, path)
    return keys_of(model) or [str(key) for key in (here if isinstance(here, Mapping) else ())]


def _at(data: object, path: Path) -> object:
    for key in path:
        if not isinstance(data, Mapping):
            return None
        data = {str(k): v for k, v in data.items()}.get(key)
    return data


def _merge(base: Mapping[Any, Any], change: Mapping[Any, Any], path: Path, changes: list[str]) -> dict[Any, Any]:
    merged = dict(base)
    for group in _EXCLUSIVE:
        if any(key in group for key in change):
            for key in group:
                if key in merged and key not in change:
                    changes.append(f"{'.'.join((*path, key))}: {_written(merged.pop(key))} -> -")
    for key, value in change.items():
        below = (*path, str(key))
        old = merged.get(key)
        if isinstance(value, int | float) and isinstance(old, Mapping) and "value" in old:
            value = {"value": value}  # the short form of a number
        if isinstance(old, int | float) and not isinstance(old, bool) and isinstance(value, Mapping):
            old = {"value": old}
        if isinstance(value, Mapping) and value:
            merged[key] = _merge(old if isinstance(old, Mapping) else {}, value, below, changes)
        else:
            merged[key] = value
            changes.append(f"{'.'.join(below)}: {_written(old)} -> {_written(value)}")
    return merged


def _written(value: object) -> str:
    return "-" if value is None else json.dumps(value, ensure_ascii=False, default=str)


def _move(
    positions: dict[Path, Position], base: Mapping[Path, Position], origin: Path, change: Mapping[Any, Any]
) -> None:
    """Let the keys that an override sets point to where it sets them, and forget what it replaces."""
    for leaf in _leaves(change):
        if isinstance(_at(change, leaf), int | float):
            positions[*leaf, "value"] = base[*origin, *leaf]  # where it is the short form of a number
            continue
        for path in [path for path in positions if len(path) > len(leaf) and path[: len(leaf)] == leaf]:
            del positions[path]
    for path, position in base.items():
        if len(path) > len(origin) and path[: len(origin)] == origin:
            positions[path[len(origin) :]] = position
