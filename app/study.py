"""What run, compare and gantt share: load the scenario, choose variants, run replications."""

from __future__ import annotations

import argparse
import difflib
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from app.console import Console
from app.keeping import Keeping
from app.settling import WarmUp, settle, study_json, study_sentence
from engine.calendars.units import DAY
from engine.errors import BadInput, Finding
from engine.log import EventLog
from reports.labels import labels_of
from simulations.drivers.choice import chosen_driver, must_compile_first
from simulations.drivers.replicate import replicate, replication_chunks, replication_log
from simulations.experiment import automatic_processes, run_experiment
from simulations.load import overload_findings, pool_loads
from simulations.model import SimulationModel
from simulations.precision import MOST_REPLICATIONS, run_until_precise
from simulations.replication import Replication
from simulations.workers import Workers
from simulations.workers.threads import RunInThreads

if TYPE_CHECKING:
    from rich.console import RenderableType

    from scenarios.loading import LoadedScenario

__all__ = ["Study"]

WHY_LOGS: Final = 3  # replications whose logs say where the days go: the chains of thousands of cases as a rule


class Study:
    """A scenario loaded as the command line asks."""

    def __init__(self, options: argparse.Namespace, console: Console) -> None:
        from scenarios.interchange.direct import load_any

        self.console = console
        self.driver = chosen_driver(options.driver)
        self.scenario: LoadedScenario = load_any(
            [options.pipeline, *getattr(options, "further", [])],
            console.language,
            overrides=options.override,
            holidays=Path(options.holidays) if options.holidays else None,
            replications=getattr(options, "replications", None),
            seed=options.seed,
            kind=getattr(options, "study", None),
        )
        self.warm_up: WarmUp | None = None  # found, of a steady-state study that states none
        self.processes: int | None = getattr(options, "processes", None)
        self.keeping = Keeping(options, console)
        self.allow_overload: bool = getattr(options, "allow_overload", False)
        self.precision: dict[str, Any] | None = None  # how it was reached

    def models(self, names: str | None) -> dict[str, SimulationModel]:
        """The variants named, in this order; all of the scenario if none is named.

        Args:
            names: Separated by commas.
        """
        if names is None:
            return self._settled(self.scenario.models)
        return self._chosen([name.strip() for name in names.split(",")])

    def unsettled(self, names: str | None) -> dict[str, SimulationModel]:
        """As `models`, with the warm-up as it is stated."""
        return dict(self.scenario.models) if names is None else self._named([n.strip() for n in names.split(",")])

    def model(self, name: str | None) -> SimulationModel:
        """The one variant of a name; without a name the only one that there is."""
        if name is None:
            known = list(self.scenario.models)
            if len(known) > 1:
                values = {"pipeline": self.scenario.pipeline, "known": ", ".join(known), "close": known[0]}
                raise BadInput([Finding("foreign.no_variant", values)])
            name = known[0]
        return self._chosen([name])[name]

    def _chosen(self, wanted: Sequence[str]) -> dict[str, SimulationModel]:
        return self._settled(self._named(wanted))

    def _named(self, wanted: Sequence[str]) -> dict[str, SimulationModel]:
        models = self.scenario.models
        findings = []
        for name in wanted:
            if name not in models:
                close = difflib.get_close_matches(name, models, 1) or list(models)
                values = {
                    "pipeline": self.scenario.pipeline,
                    "variant": name,
                    "known": ", ".join(models),
                    "close": close[0],
                }
                findings.append(Finding("use.unknown_variant", values))
        if findings:
            raise BadInput(findings)
        return {name: models[name] for name in dict.fromkeys(wanted)}

    def _settled(self, models: Mapping[str, SimulationModel]) -> dict[str, SimulationModel]:
        """The models with the warm-up of a steady-state study, found by pilots if none is stated."""
        wanted = [m for m in models.values() if m.study.kind == "steady_state" and m.study.warmup == 0]
        if not wanted:
            return dict(models)
        if self.warm_up is None:
            self.warnings(models)  # what cannot keep up never settles
            self.warm_up = settle(models, self.pilots)
        return self.warmed(models)

    def warmed(self, models: Mapping[str, SimulationModel]) -> dict[str, SimulationModel]:
        """The models with the warm-up that was found, if one was."""
        if self.warm_up is None:
            return dict(models)
        warmup = self.warm_up.days * DAY
        return {name: replace(model, study=replace(model.study, warmup=warmup)) for name, model in models.items()}

    def pilots(
        self, models: Mapping[str, SimulationModel], numbers: Sequence[int]
    ) -> Mapping[str, Sequence[Replication]]:
        """Replications from which the warm-up is told."""
        return self.run(models, self.console.say("settling", pipeline=self.scenario.pipeline), numbers)

    def warnings(self, models: Mapping[str, SimulationModel]) -> list[Finding]:
        """What to beware of before running: the scenario's warnings, and pools that cannot keep up.

        Raises:
            BadInput: A pool cannot keep up, and ``--allow-overload`` was not said.
        """
        warnings = list(self.scenario.warnings)
        for model in models.values():
            warnings += overload_findings(model, self.console.language, self.allow_overload)
        if any(finding.severity == "error" for finding in warnings):
            raise BadInput(dict.fromkeys(warnings))
        return list(dict.fromkeys(warnings))

    def run(
        self, models: Mapping[str, SimulationModel], what: str, numbers: Sequence[int] | None = None
    ) -> Mapping[str, list[Replication]]:
        """Replications of all variants, with progress.

        Args:
            models: By variant.
            what: What is being done, beside the bar.
            numbers: Which replications; as many as the scenario asks for by default.
        """
        if must_compile_first(self.driver):
            self.console.tell(self.console.say("compiling"))
        run = partial(replicate, driver=self.driver)
        with self.keeping.memory(models, self.driver, numbers) as memory, self.console.progress(what) as progress:
            return run_experiment(models, run, self.processes, progress, numbers, memory, self._workers())

    def run_aside(
        self, models: Mapping[str, SimulationModel], what: str, numbers: Sequence[int]
    ) -> Mapping[str, list[Replication]]:
        """Replications of models that are no variants of the scenario: nothing is kept of them.

        Args:
            models: By any name.
            what: What is being done, beside the bar.
            numbers: Which replications.
        """
        if must_compile_first(self.driver):
            self.console.tell(self.console.say("compiling"))
        run = partial(replicate, driver=self.driver)
        with self.console.progress(what) as progress:
            return run_experiment(models, run, self.processes, progress, numbers, workers=self._workers())

    def _workers(self) -> Workers | None:
        """Who runs the replications: a cluster if one is named; threads for the compiled driver; else processes."""
        number = self.processes or automatic_processes()
        if self.keeping.workers is None and self.driver == "compiled" and number > 1:
            return RunInThreads(number)
        return self.keeping.workers

    def run_to_precision(
        self, models: Mapping[str, SimulationModel], what: str, precision: float | None, most: int | None = None
    ) -> Mapping[str, list[Replication]]:
        """Go on until the mean of every target's indicator is known precisely enough.

        Args:
            models: By variant.
            what: What is being done, beside the bar.
            precision: Half-width of the 95 % interval as a share of the mean, with at least the scenario's
                replications; None for just these.
            most: Where it stops in any case.
        """
        if precision is None:
            return self.run(models, what)

        indicators = {
            name: tuple(dict.fromkeys(target.indicator for target in model.targets)) for name, model in models.items()
        }
        first = max(model.study.replications for model in models.values())
        bound = MOST_REPLICATIONS if most is None else most
        found = run_until_precise(
            lambda numbers: self.run(models, what, numbers), indicators, precision, min(first, bound), most=bound
        )
        path = [{"replications": n, "half_width": w if w != float("inf") else None} for n, w in found.path]
        self.precision = {"asked": precision, "enough": found.enough, "bound": bound, "path": path}
        return found.replications

    def result(
        self,
        models: Mapping[str, SimulationModel],
        replications: Mapping[str, Sequence[Replication]],
        warnings: Sequence[Finding],
    ) -> dict[str, Any]:
        """What ``--json`` prints; what only the run could show to beware of is said.

        Args:
            models: By variant.
            replications: By variant.
            warnings: Said already.
        """
        from reports.share_differences import share_json
        from reports.stress import stress_des
        from reports.why import why_json
        from simulations.results import to_json
        from simulations.share_differences import share_differences
        from simulations.summary import summarise
        from simulations.why import why

        found = summarise(models, replications, self.driver, warnings)
        self.console.warnings([warning for warning in found.warnings if warning not in warnings])
        language = self.console.language
        data = to_json(found, language)
        data["share_differences"] = [share_json(one) for one in share_differences(models, replications)]
        data["why"] = {
            name: why_json(
                why([self.log(model, r.number) for r in replications[name][:WHY_LOGS]], model), model, language
            )
            for name, model in models.items()
        }
        own = study_json(next(iter(models.values())), self.warm_up)
        data["study"] = own
        data["load"] = {name: _load(model) for name, model in models.items()}
        if self.precision is not None:
            data["precision"] = self.precision
        beginning = study_sentence(own, language)
        data["stress_des"] = stress_des(models, data, labels_of(models, language), beginning, language)
        return data

    def verdict(self, models: Mapping[str, SimulationModel], result: Mapping[str, Any]) -> tuple[RenderableType, ...]:
        """The headline and the tables of a result; where the days go is shown of the last variant."""
        from reports.headline import headline
        from reports.tables import comparison_table
        from reports.why import why_text

        labels = labels_of(models, self.console.language)
        language = self.console.language
        table = comparison_table(result, labels, language, self.console.ascii)
        last = list(models)[-1]
        reasons = why_text(result["why"][last], labels.variant(last), language)
        return headline(result, labels, language), "", table, "", reasons, study_sentence(result["study"], language)

    def sparklines(
        self, models: Mapping[str, SimulationModel], replications: Mapping[str, Sequence[Replication]]
    ) -> list[str]:
        """How the cases of every variant spread, one line each, on one scale."""
        from reports.sparklines import spread_lines

        return spread_lines(models, replications, self.console.language)

    def log(self, model: SimulationModel, replication: int) -> EventLog:
        """The event log of one replication."""
        return replication_log(model, replication, self.driver)

    def log_chunks(self, model: SimulationModel, replication: int) -> Iterator[EventLog]:
        """The same chunk by chunk, for files: however long it is, it never stands in memory whole."""
        return replication_chunks(model, replication, self.driver)


def _load(model: SimulationModel) -> list[dict[str, Any]]:
    """The offered load of each pool, as plain data."""
    return [
        {
            "pool": load.pool,
            "units": load.units,
            "load": load.load if math.isfinite(load.load) else None,
            "by_weekday": [None if day is None or not math.isfinite(day) else day for day in load.by_weekday],
            "missing": load.missing,
        }
        for load in pool_loads(model)
    ]
