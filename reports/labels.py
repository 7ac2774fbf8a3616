"""What the things of a result are called, in the language of the report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from engine.texts import catalogue

__all__ = ["Labels"]


@dataclass(frozen=True)
class Labels:
    """Names in one language; what has no name is called by its key.

    Args:
        pipeline: Name of the pipeline.
        variants: Variant to its name.
        indicators: Indicator to its name, where the scenario names it (sums); the others have usual names.
    """

    pipeline: str
    variants: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    indicators: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def variant(self, key: str) -> str:
        """What people call a variant."""
        return self.variants.get(key, key)

    def indicator(self, key: str, language: str) -> str:
        """What people call an indicator."""
        return self.indicators.get(key) or catalogue(language).get(f"indicator.{key}", key)
