"""What run, compare and gantt share: load the scenario, choose variants, run replications."""

from __future__ import annotations

import argparse
import difflib
from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.console import Console
from engine.errors import BadInput, Finding
from engine.log import EventLog
from engine.texts import text
from reports.labels import Labels
from simulations.drivers.replicate import replicate, replication_log
from simulations.estimates import estimate
from simulations.experiment import run_experiment
from simulations.indicators import indicator_of_sum, sum_unit
from simulations.load import overload_findings
from simulations.model import SimulationModel
from simulations.replication import Replication

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from scenarios.loading import LoadedScenario

__all__ = ["DRIVER", "Study", "writing"]

DRIVER = "simpy"
MOST_REPLICATIONS = 1000  # the bound of --precision


class Study:
    """A scenario loaded as the command line asks."""

    def __init__(self, options: argparse.Namespace, console: Console) -> None:
        from scenarios.loading import load

        self.console = console
        self.scenario: LoadedScenario = load(
            options.pipeline,
            overrides=options.override,
            holidays=Path(options.holidays) if options.holidays else None,
            replications=getattr(options, "replications", None),
            seed=options.seed,
        )
        self.processes: int | None = getattr(options, "processes", None)

    def models(self, names: str | None) -> dict[str, SimulationModel]:
        """The variants named, in this order; all of the scenario if none is named."""
        models = self.scenario.models
        wanted = list(models) if names is None else [name.strip() for name in names.split(",")]
        findings = []
        for name in wanted:
            if name not in models:
                close = difflib.get_close_matches(name, models, 1) or list(models)
                values = {
                    "pipeline": self.scenario.pipeline, "variant": name, "known": ", ".join(models), "close": close[0],
                }  # fmt: skip
                findings.append(Finding("use.unknown_variant", values))
        if findings:
            raise BadInput(findings)
        return {name: models[name] for name in dict.fromkeys(wanted)}

    def warnings(self, models: Mapping[str, SimulationModel]) -> list[Finding]:
        """What to beware of before running: the scenario's warnings, and pools that cannot keep up."""
        warnings = list(self.scenario.warnings)
        for model in models.values():
            warnings += overload_findings(model, self.console.language)
        return list(dict.fromkeys(warnings))

    def run(self, models: Mapping[str, SimulationModel], what: str) -> Mapping[str, list[Replication]]:
        """All replications of all variants, with progress."""
        with self.console.progress(what) as progress:
            return run_experiment(models, replicate, self.processes, progress)

    def run_to_precision(
        self, models: Mapping[str, SimulationModel], what: str, precision: float | None
    ) -> Mapping[str, list[Replication]]:
        """Go on, half as many replications again each time, until every target's mean is known that well.

        Args:
            precision: Half-width of the 95 % interval as a share of the mean; None for the scenario's replications.
        """
        done = self.run(models, what)
        while precision is not None:
            number = len(next(iter(done.values())))
            if number >= MOST_REPLICATIONS or all(_is_known(models[name], done[name], precision) for name in done):
                break
            more = min(MOST_REPLICATIONS, number + (number + 1) // 2)
            with self.console.progress(what) as progress:
                further = run_experiment(
                    models, replicate, self.processes, progress, numbers=range(number, more)
                )
            done = {name: [*done[name], *further[name]] for name in done}
        return done

    def labels(self, models: Mapping[str, SimulationModel]) -> Labels:
        """What the things of this study are called, in the language asked for."""
        language = self.console.language
        first = next(iter(models.values()))
        sums = {}
        for model in models.values():
            for total in model.sums:
                name = total.label[language]
                sums[indicator_of_sum(total, sum_unit(total, model.measured))] = name
                sums[f"{total.name}_natural_days"] = text("sum.natural", language, name=name)
        variants = {name: model.variant_label[language] for name, model in models.items()}
        return Labels(first.label[language], variants, sums)

    def verdict(self, models: Mapping[str, SimulationModel], result: Mapping[str, Any]) -> tuple[RenderableType, ...]:
        """The headline and the table of a result."""
        from reports.headline import headline
        from reports.tables import comparison_table

        labels = self.labels(models)
        language = self.console.language
        return (
            headline(result, labels, language), "", comparison_table(result, labels, language, self.console.ascii),
        )  # fmt: skip

    @staticmethod
    def log(model: SimulationModel, replication: int) -> EventLog:
        """The event log of one replication."""
        return replication_log(model, replication)


def _is_known(model: SimulationModel, replications: Sequence[Replication], precision: float) -> bool:
    for target in model.targets:
        known = estimate(target.indicator, replications, model.study.seed)
        if known is None or known.ci95 is None:
            return False
        low, high = known.ci95
        if high - low > 2 * precision * abs(known.mean):
            return False
    return True


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn what the system says about a file that cannot be written into a clear sentence."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise BadInput([Finding("use.cannot_write", {"file": str(path), "reason": reason}, file=str(path))]) from None
