"""``reformsim chart warm-up``: how the indicators of a study settle from empty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.settling import settlings
from app.study import Study
from engine.texts import text
from reports.labels import labels_of
from simulations.model import SimulationModel
from simulations.quantities import unit_of
from simulations.warm_up import BATCH, PILOTS, Settling, welch

if TYPE_CHECKING:
    from reports.charts.warm_up import WarmUpPanel
    from reports.drawing.scene import Scene

__all__ = ["warm_up_chart"]

WINDOWS = 20  # Welch's window is this part of the series


def warm_up_chart(study: Study, variants: str | None, missing: set[str]) -> tuple[Scene, str]:
    """The chart and its title, of the indicator of each variant that takes longest to settle.

    Args:
        study: The scenario as the command line asks for it.
        variants: Which.
        missing: Collects characters that the font cannot draw.
    """
    from reports.charts.warm_up import WarmUpChart, draw_warm_up
    from reports.drawing.files import drawable_data

    language = study.console.language
    models = study.unsettled(variants)
    study.warnings(models)
    found = settlings(models, study.pilots)
    labels = labels_of(models, language)
    chart = WarmUpChart(
        text("chart.warm_up.title", language, pipeline=labels.pipeline),
        text("chart.warm_up.subtitle", language, pilots=PILOTS),
        tuple(_panel(models[name], _slowest(several), language) for name, several in found.items()),
    )
    clean = drawable_data(chart, missing)
    return draw_warm_up(clean, language), clean.title


def _slowest(several: list[Settling]) -> Settling:
    return max(several, key=lambda one: (one.days is None, one.days or 0))


def _panel(model: SimulationModel, one: Settling, language: str) -> WarmUpPanel:
    from reports.charts.warm_up import WarmUpPanel

    study = model.study
    stated = model.arrivals.expected(study.opening, study.warmup) if study.warmup > study.opening else 0.0
    name = labels_of({model.variant: model}, language).indicator(one.indicator, language)
    words = (
        text("chart.warm_up.unsettled", language)
        if one.cases is None
        else text("chart.warm_up.found", language, cases=one.cases, days=one.days)
    )
    window = max(1, len(one.series) // WINDOWS)
    return WarmUpPanel(
        name=text("chart.warm_up.panel", language, variant=model.variant_label[language], indicator=name),
        unit=unit_of(one.indicator, model.measured, model.sums),
        series=tuple(one.series.tolist()),
        average=tuple(welch(one.series, window).tolist()),
        statistic=tuple(one.statistic.tolist()),
        batch=BATCH,
        cut=one.cases,
        stated=min(round(stated), len(one.series)),
        words=words,
    )
