"""What a variant says about the elements of its diagram: its own entries, else the common ones."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from scenarios.reading import Path

__all__ = ["Entry", "entries"]

Spec = TypeVar("Spec")


@dataclass(frozen=True)
class Entry(Generic[Spec]):
    """An entry and the keys to it."""

    spec: Spec
    path: Path


def entries(
    common: Mapping[str, Spec], own: Mapping[str, Spec], key: str, variant: Path, ids: Container[str]
) -> dict[str, Entry[Spec]]:
    """By id: the variant's entry, else the common one; only of ids that its diagram has.

    Args:
        common: Entries of all variants.
        own: Entries of this variant; one of them wins as a whole.
        key: Where both stand: ``elements``, ``routes`` or ``names``.
        variant: Keys to the variant.
        ids: What the diagram has.
    """
    merged = {id_: Entry(spec, ("common", key, id_)) for id_, spec in common.items() if id_ in ids}
    merged.update({id_: Entry(spec, (*variant, key, id_)) for id_, spec in own.items() if id_ in ids})
    return merged
