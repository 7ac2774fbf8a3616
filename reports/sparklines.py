"""How cases spread, in one line of block characters: for terminals that can show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from rich.cells import cell_len

from engine.texts import text
from reports.cases import judged_by
from reports.formatting import format_number, unit_name
from reports.labels import labels_of
from simulations.model import SimulationModel
from simulations.quantities import unit_of
from simulations.replication import Replication

__all__ = ["sparkline", "spread_lines"]

BLOCKS = " ▁▂▃▄▅▆▇█"
WIDTH = 48


def sparkline(values: Sequence[float], low: float, high: float, width: int = WIDTH) -> str:
    """A histogram of ``width`` characters; a bin with any case is never blank."""
    counts, _ = np.histogram(np.asarray(values), bins=width, range=(low, high if high > low else low + 1.0))
    tallest = max(int(counts.max(initial=0)), 1)
    return "".join(BLOCKS[-(-8 * count // tallest)] for count in counts.tolist())


def spread_lines(
    models: Mapping[str, SimulationModel], replications: Mapping[str, Sequence[Replication]], language: str
) -> list[str]:
    """A heading, and a line for every variant on one scale; nothing where no case finished.

    The blocks stand last in their line: consoles disagree on how wide they are.
    """
    first = next(iter(models.values()))
    indicator = judged_by(first)
    labels = labels_of(models, language)
    found = {name: np.concatenate([run.cases[indicator] for run in replications[name]]) for name in models}
    everything = np.concatenate(list(found.values()))
    if not len(everything):
        return []
    low, high = float(everything.min()), float(everything.max())
    unit = unit_name(unit_of(indicator, first.measured, first.sums), language)
    ends = {"low": format_number(low, 0), "high": format_number(high, 0), "unit": unit}
    width = max(cell_len(labels.variant(name)) for name in models)
    lines = [text("sparkline.heading", language, indicator=labels.indicator(indicator, language), **ends)]
    for name, values in found.items():
        label = labels.variant(name)
        lines.append(f"  {label}{' ' * (width - cell_len(label))}  {sparkline(values.tolist(), low, high)}".rstrip())
    return lines
