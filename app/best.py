"""``compare --best``: which variant is best, with a stated probability."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from typing import Any

from app.study import Study
from engine.errors import BadInput, Finding
from simulations.model import SimulationModel
from simulations.precision import MOST_REPLICATIONS
from simulations.quantities import unit_of
from simulations.replication import Replication
from simulations.selection import FEWEST, Selection, select_best

__all__ = ["check_selection", "select", "sentence"]

Models = Mapping[str, SimulationModel]
Runs = Mapping[str, Sequence[Replication]]


def select(study: Study, options: argparse.Namespace, models: Models, replications: Runs) -> dict[str, Any]:
    """Race the variants on from the replications that there are.

    Args:
        study: Runs further ones.
        options: ``best`` (an indicator; empty for that of the last variant's first target), ``indifference``,
            ``confidence``, ``max_replications``.
        models: By variant.
        replications: By variant: the first stage.

    Returns:
        What stands under ``selection`` in the JSON.

    Raises:
        BadInput: A replication does not have the indicator.
    """
    last = list(models.values())[-1]
    indicator = options.best or (last.targets[0].indicator if last.targets else "elapsed_days")
    known = {name: _means(indicator, name, runs) for name, runs in replications.items()}
    smaller = not any(t.op == ">=" for m in models.values() for t in m.targets if t.indicator == indicator)

    def more(left: Sequence[str], numbers: Sequence[int]) -> dict[str, list[float]]:
        chosen = {name: models[name] for name in left}
        found = study.run(chosen, study.console.say("selecting", pipeline=study.scenario.pipeline), numbers)
        return {name: _means(indicator, name, found[name]) for name in left}

    most = max(options.max_replications or MOST_REPLICATIONS, *(len(runs) for runs in replications.values()))
    found = select_best(known, more, options.indifference, options.confidence, smaller, most)
    return _plain(found, indicator, unit_of(indicator, last.measured, last.sums), smaller)


def check_selection(options: argparse.Namespace, models: Models) -> None:
    """What can be refused before anything is run.

    Raises:
        BadInput: Too few variants or replications, or a confidence that drawing lots has too.
    """
    fewest = min(model.study.replications for model in models.values())
    if len(models) < 2 or fewest < FEWEST:
        raise BadInput([Finding("selection.too_few", {"variants": len(models), "replications": fewest})])
    if options.confidence <= 1 / len(models):
        values = {"confidence": options.confidence, "variants": len(models), "least": 1 / len(models)}
        raise BadInput([Finding("selection.confidence", values)])


def _means(indicator: str, variant: str, runs: Sequence[Replication]) -> list[float]:
    """The mean of each replication; one without it cannot take part in the race."""
    missing = next((r for r in runs if not r.finished or indicator not in r.cases), None)
    if missing is not None:
        names = [name for name in missing.indicators if not name.startswith("case")]
        values = {"indicator": indicator, "variant": variant, "known": ", ".join(names) or "-"}
        raise BadInput([Finding("selection.no_indicator", values, element=variant)])
    return [float(r.cases[indicator].mean()) for r in runs]


def _plain(found: Selection, indicator: str, unit: str, smaller: bool) -> dict[str, Any]:
    return {
        "indicator": indicator,
        "unit": unit,
        "smaller_is_better": smaller,
        "best": found.best,
        "sure": found.is_sure,
        "confidence": found.confidence,
        "indifference": found.indifference,
        "method": "KN (Kim and Nelson 2001)",
        "first_stage": found.first,
        "variants": {
            name: {
                "mean": mean,
                "replications": found.replications[name],
                "dropped_at": found.dropped.get(name),
            }
            for name, mean in found.means.items()
        },
    }


def sentence(selection: Mapping[str, Any], models: Models, language: str) -> str:
    """What the selection found, in one sentence, and the race in a second one."""
    from engine.texts import text
    from reports.formatting import format_quantity, format_share
    from reports.labels import labels_of

    labels = labels_of(models, language)
    unit = selection["unit"]
    race = [
        text(
            "selection.one" if one["dropped_at"] is not None else "selection.stayed",
            language,
            variant=labels.variant(name),
            mean=format_quantity(one["mean"], unit, language, 2),
            replications=one["replications"],
        )
        for name, one in selection["variants"].items()
    ]
    return text(
        "selection.sure" if selection["sure"] else "selection.unsure",
        language,
        best=labels.variant(selection["best"]),
        indicator=labels.indicator(selection["indicator"], language),
        confidence=format_share(selection["confidence"]),
        indifference=format_quantity(selection["indifference"], unit, language, _decimals(selection["indifference"])),
        race=text("selection.joint", language).join(race),
    )


def _decimals(value: float) -> int:
    """As many digits after the point as somebody wrote."""
    return len(f"{value:g}".partition(".")[2])
