"""The pipelines of the library and their variants, written out: what the tests go through and expect to find."""

from __future__ import annotations

from typing import Final

__all__ = ["EVERY_VARIANT", "VARIANTS"]

VARIANTS: Final[dict[str, tuple[str, ...]]] = {
    "construction_permit": ("before", "immediate", "after"),
    "credit_publicity": ("after",),
    "enterprise_opening": ("before", "after"),
    "penalty_publicity": ("after",),
    "power_low_voltage": ("before", "after", "push"),
    "procurement_contract": ("before", "after"),
    "trade_licence": ("before", "after"),
    "water_gas": ("before", "after"),
}

EVERY_VARIANT: Final = [(pipeline, variant) for pipeline, variants in VARIANTS.items() for variant in variants]
