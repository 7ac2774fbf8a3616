"""Turns what happened at each element into colours, widths and badges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Final, Literal, TypeAlias, get_args

from engine.diagram.namespaces import ACTIVITIES
from engine.texts import text
from reports.diagram.look import Look, Mark
from reports.formatting import format_number, format_share
from simulations.element_statistics import ElementStatistics
from simulations.model import SimulationModel

__all__ = ["COLOURS", "Colour", "Heat", "heat_of", "names_of"]

Colour: TypeAlias = Literal["waiting", "work", "frequency", "overdue"]
COLOURS: Final[tuple[Colour, ...]] = get_args(Colour)

# From pale to strong; dark words stay readable on every step (contrast of at least 4.5).
_RAMPS: Final[Mapping[Colour, tuple[str, ...]]] = {
    "waiting": ("#fdf3e3", "#fbdcae", "#f7bd78", "#ee9a4d", "#e07b3a"),
    "work": ("#e9f1fa", "#c7dcf1", "#a2c5e6", "#7facd9", "#6396cc"),
    "frequency": ("#e6f4f1", "#c0e3dc", "#96d0c5", "#6cbaac", "#4da393"),
    "overdue": ("#fbe9e7", "#f6cbc5", "#f0aaa1", "#e8877b", "#df6c5f"),
}
NARROW: Final = 1.2  # pixels of a flow that is hardly ever taken
WIDE: Final = 6.0


@dataclass(frozen=True)
class Heat:
    """What a colour means: its steps, and the words at both ends of them."""

    colour: Colour
    steps: tuple[str, ...]
    title: str
    low: str
    high: str


def names_of(model: SimulationModel, language: str) -> dict[str, str]:
    """What people call the elements, flows, lanes and pool of a variant, where the scenario says so."""
    names = {element: label[language] for element, label in model.names.items()}
    return {element: name for element, name in names.items() if name}


def heat_of(
    found: Mapping[str, tuple[SimulationModel, ElementStatistics]],
    colour: Colour,
    language: str,
    marks: Mapping[str, Mapping[str, Mark]] | None = None,
) -> tuple[dict[str, Look], Heat]:
    """The looks of all variants on one scale of colour, and what it means.

    Args:
        found: Variant to its model and what happened in it.
        colour: What activities are coloured by.
        language: Of names, badges and sentences.
        marks: Variant to what the reform did to its elements.
    """
    values = {name: _values(statistics, colour) for name, (_, statistics) in found.items()}
    highest = max((v for of in values.values() for v in of.values()), default=0.0) or 1.0
    ramp = _RAMPS[colour]
    looks = {}
    for name, (model, statistics) in found.items():
        fills = {
            element: ramp[min(int(value / highest * len(ramp)), len(ramp) - 1)]
            for element, value in values[name].items()
            if value > 0
        }
        own = (marks or {}).get(name, {})
        looks[name] = Look(
            names=names_of(model, language),
            fills=fills,
            badges=_badges(statistics, model, language),
            widths=_widths(statistics),
            flow_labels=_shares(statistics, model),
            marks=own,
            mark_words={mark: text(f"diagram_report.mark.{mark}", language) for mark in set(own.values())},
            titles=_titles(statistics, model, language),
        )
    end = {"frequency": format_number(highest, 2), "overdue": format_share(highest)}.get(colour)
    high = end or text("diagram_report.days", language, days=format_number(highest, 1))
    return looks, Heat(colour, ramp, text(f"diagram_report.colour.{colour}", language), "0", high)


def _values(statistics: ElementStatistics, colour: Colour) -> dict[str, float]:
    column = {
        "waiting": statistics.waiting,
        "work": statistics.work,
        "frequency": statistics.entries,
        "overdue": statistics.overdue,
    }[colour]
    pairs = zip(statistics.elements, column.tolist(), strict=True)
    return {element: value for element, value in pairs if isfinite(value)}


def _timed(statistics: ElementStatistics, model: SimulationModel) -> dict[str, tuple[float, float, float]]:
    """Activities that somebody came to: waiting, work, entries."""
    table = zip(
        statistics.elements,
        statistics.waiting.tolist(),
        statistics.work.tolist(),
        statistics.entries.tolist(),
        strict=True,
    )
    tags = {element.id: element.tag for element in model.diagram.process.elements.values()}
    return {
        element: (waiting, work, entries)
        for element, waiting, work, entries in table
        if entries > 0 and tags[element] in ACTIVITIES
    }


def _badges(statistics: ElementStatistics, model: SimulationModel, language: str) -> dict[str, str]:
    return {
        element: text("diagram_report.badge", language, waiting=_days(waiting), work=_days(work))
        for element, (waiting, work, _) in _timed(statistics, model).items()
        if waiting or work
    }


def _days(days: float) -> str:
    """One digit, two below a tenth of a day."""
    return format_number(days, 2 if 0 < days < 0.095 else 1)


def _widths(statistics: ElementStatistics) -> dict[str, float]:
    known = [value for value in statistics.frequency.tolist() if isfinite(value)]
    most = max(known, default=0.0) or 1.0
    return {
        flow: NARROW + (WIDE - NARROW) * value / most
        for flow, value in zip(statistics.flows, statistics.frequency.tolist(), strict=True)
        if isfinite(value)
    }


def _shares(statistics: ElementStatistics, model: SimulationModel) -> dict[str, str]:
    """What share of those that came to a choice took each way."""
    frequency = dict(zip(statistics.flows, statistics.frequency.tolist(), strict=True))
    shares: dict[str, str] = {}
    for element in model.diagram.process.elements.values():
        ways = model.diagram.process.outgoing(element.id)
        if len(ways) > 1 and element.tag == "exclusiveGateway":
            total = sum(frequency[way.id] for way in ways)
            shares |= {way.id: format_share(frequency[way.id] / total, 0) for way in ways if total > 0}
    return shares


def _titles(statistics: ElementStatistics, model: SimulationModel, language: str) -> dict[str, str]:
    overdue = dict(zip(statistics.elements, statistics.overdue.tolist(), strict=True))
    titles = {}
    for element, (waiting, work, entries) in _timed(statistics, model).items():
        values = {"entries": format_number(entries, 2), "waiting": _days(waiting), "work": _days(work)}
        drawn = model.diagram.process.elements[element].label
        name = model.names[element][language] if element in model.names else drawn
        sentence = text("diagram_report.element", language, name=name, **values)
        if isfinite(overdue[element]):
            sentence += text("diagram_report.element_overdue", language, share=format_share(overdue[element]))
        titles[element] = sentence
    for flow, value in zip(statistics.flows, statistics.frequency.tolist(), strict=True):
        if isfinite(value):
            drawn = model.diagram.process.flows[flow].name
            name = model.names[flow][language] if flow in model.names else drawn
            titles[flow] = text("diagram_report.flow", language, name=name, passages=format_number(value, 2)).strip()
    return titles
