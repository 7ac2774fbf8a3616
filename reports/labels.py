"""What the things of a result are called, in the language of the report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from engine.texts import catalogue, text
from simulations.indicators import indicator_of_sum, sum_unit
from simulations.model import SimulationModel

__all__ = ["Labels", "labels_of"]


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


def labels_of(models: Mapping[str, SimulationModel], language: str) -> Labels:
    """What the things of a study are called: the pipeline, its variants, and the indicators that it names."""
    first = next(iter(models.values()))
    sums: dict[str, str] = {}
    for model in models.values():
        for total in model.sums:
            name = total.label[language]
            sums[indicator_of_sum(total, sum_unit(total, model.measured))] = name
            sums[f"{total.name}_natural_days"] = text("sum.natural", language, name=name)
        sums |= {f"{share.name}_share": share.label[language] for share in model.shares}
        sums |= {f"{index.name}_index": index.label[language] for index in model.indices}
    variants = {name: model.variant_label[language] for name, model in models.items()}
    return Labels(first.label[language], variants, sums)
