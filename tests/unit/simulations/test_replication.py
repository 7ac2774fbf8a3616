from __future__ import annotations

import numpy as np
import pytest

from simulations.replication import Replication
from tests.support.summaries import replication


def test_indicators_are_all_columns_but_the_case_numbers() -> None:
    """The case numbers are no indicator; the order of the columns is kept."""
    assert replication(0, serial_days=[1], elapsed_days=[2]).indicators == ("serial_days", "elapsed_days")


@pytest.mark.parametrize(
    ("columns", "started", "message"),
    [
        ({"case": [0.0, 1.0], "cost": [1.0]}, 2, "other lengths"),
        ({"case": [0.0, 1.0], "cost": [1.0, 2.0]}, 3, "3 started"),
        ({"case": [0.0, 1.0], "cost": [1.0, float("nan")]}, 2, "no finite numbers: \\['cost'\\]"),
    ],
)
def test_columns_that_do_not_fit_are_refused(columns: dict[str, list[float]], started: int, message: str) -> None:
    """Columns are equally long and finite, and every started case is finished or not."""
    arrays = {name: np.array(values) for name, values in columns.items()}
    with pytest.raises(ValueError, match=message):
        Replication(0, arrays, started, 2, 0)
