"""The pipelines of the library and their variants, written out: what the tests go through and expect to find."""

from __future__ import annotations

from typing import Final

__all__ = ["EVERY_VARIANT", "VARIANTS"]

VARIANTS: Final[dict[str, tuple[str, ...]]] = {
    "bankruptcy": ("before", "annex", "main_text"),
    "construction_permit": ("before", "immediate", "after"),
    "contract_enforcement": ("before", "after"),
    "credit_123": ("before", "cumulative", "successive"),
    "credit_publicity": ("after",),
    "enterprise_opening": ("before", "interim", "after", "with_bank_account"),
    "finance_institution_setup": ("before", "after"),
    "government_service": ("statutory", "promised"),
    "penalty_publicity": ("after",),
    "power_high_voltage": ("before", "after", "push", "important"),
    "power_low_voltage": ("before", "after", "push", "push_monthly"),
    "procurement_contract": ("before", "after"),
    "project_preparation": ("before", "after"),
    "real_estate_registration": ("before", "general", "mortgage", "instant"),
    "tax_filing": ("before", "after"),
    "tendering": ("before", "after"),
    "trade_licence": ("before", "after"),
    "water_gas": ("before", "after"),
}

EVERY_VARIANT: Final = [(pipeline, variant) for pipeline, variants in VARIANTS.items() for variant in variants]
