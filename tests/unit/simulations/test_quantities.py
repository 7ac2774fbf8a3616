from __future__ import annotations

import pytest

from simulations.quantities import unit_of
from tests.support.summaries import measured, total

MEASURED = [measured("A", 3), measured("B", 2, "hour"), measured("C", 5, "natural_day")]
SUMS = [total("serial", "A"), total("hours", "B"), total("publicity", "C")]


@pytest.mark.parametrize(
    ("indicator", "unit"),
    [
        ("procedures", "procedures"),
        ("serial_days", "working_day"),
        ("serial_natural_days", "natural_day"),
        ("publicity_days", "natural_day"),
        ("hours", "hour"),
        ("elapsed_days", "natural_day"),
        ("procedure_days", "natural_day"),
        ("doing_business_days", "natural_day"),
        ("working_days", "working_day"),
        ("queue_days", "natural_day"),
        ("off_hours_days", "natural_day"),
        ("visits", "count"),
        ("documents", "count"),
        ("cost", "CNY"),
    ],
)
def test_every_indicator_has_its_unit(indicator: str, unit: str) -> None:
    """Sums take the unit of their limits, all else has its own."""
    assert unit_of(indicator, MEASURED, SUMS) == unit
