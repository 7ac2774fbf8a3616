"""How a study comes to rest from empty: the series, Welch's moving average, the cut of MSER-5 and its statistic."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from engine.texts import text
from reports.charts.page import Page, linear, round_steps
from reports.drawing.scene import Scene, Stroke
from reports.drawing.style import FAINT, GRID, HUES, INK, MET, OVERDUE, QUIET
from reports.fonts import text_width
from reports.formatting import format_number, unit_name

__all__ = ["WarmUpChart", "WarmUpPanel", "draw_warm_up"]

HEIGHT = 110.0
STRIP = 34.0
Scale: TypeAlias = Callable[[float], float]
MOST_POINTS = 600  # a line of more is no better, only larger


@dataclass(frozen=True)
class WarmUpPanel:
    """One indicator of one variant.

    Args:
        name: Of both.
        unit: Of the series.
        series: Mean over the pilots, case by case.
        average: Welch's moving average, case by case.
        statistic: MSER by batches left out.
        batch: Cases in one of these.
        cut: Cases that MSER-5 leaves out; None where it has not settled.
        stated: Cases that had come in the first pilot when the stated warm-up ended; 0 for none.
        words: What was found.
    """

    name: str
    unit: str
    series: tuple[float, ...]
    average: tuple[float, ...]
    statistic: tuple[float, ...]
    batch: int
    cut: int | None
    stated: int
    words: str


@dataclass(frozen=True)
class WarmUpChart:
    """Several indicators and variants, each with a scale of its own."""

    title: str
    subtitle: str
    panels: tuple[WarmUpPanel, ...]


def draw_warm_up(data: WarmUpChart, language: str) -> Scene:
    """A panel for each, and under it the statistic that decides."""
    page = Page(data.title, data.subtitle)
    for panel in data.panels:
        _panel(page, panel, language)
    words = text("chart.warm_up.axis", language)
    page.words((page.left + page.right) / 2, page.y + 8, words, "axis-label", QUIET, 9, align="center")
    page.y += 12
    return page.scene()


def _panel(page: Page, panel: WarmUpPanel, language: str) -> None:
    page.words(page.left, page.y + 11, panel.name, "panel", INK, 11, "bold", width=page.right - page.left)
    page.y += 16
    page.words(page.left, page.y + 9, panel.words, "found", INK if panel.cut is not None else OVERDUE)
    page.y += 18
    if not panel.series:
        return
    low, high = min(panel.series), max(panel.series)
    air = (high - low) * 0.06 or 0.5
    low, high = low - air, high + air
    ticks = round_steps(low, high, 4)
    labels = [format_number(tick, None if float(tick).is_integer() else 2) for tick in ticks]
    left = page.left + max((text_width(label, 8.5) for label in labels), default=0.0) + 6
    x = linear(0.0, float(len(panel.series)), left, page.right)
    bottom = page.y + HEIGHT
    y = linear(low, high, bottom, page.y)
    for tick, label in zip(ticks, labels, strict=True):
        page.add(Stroke(((left, y(tick)), (page.right, y(tick))), "grid", GRID, 0.6))
        page.words(left - 5, y(tick) + 3, label, "tick", QUIET, 8.5, align="right")
    _line(page, panel.series, 1, x, y, "series", FAINT, 0.7)
    _line(page, panel.average, 1, x, y, "average", HUES[0], 1.8)
    page.words(page.right, page.y - 3, unit_name(panel.unit, language), "unit", QUIET, 8.5, align="right")
    strip = bottom + 8 + STRIP
    if panel.statistic:
        z = linear(min(panel.statistic), max(panel.statistic), strip, bottom + 8)
        _line(page, panel.statistic, panel.batch, x, z, "mser", HUES[1], 1.2)
        page.words(
            page.right, bottom + 16, text("chart.warm_up.mser", language), "mser-name", HUES[1], 8.5, align="right"
        )
    if panel.cut is not None:
        _cut(page, x(panel.cut), page.y, strip, text("chart.warm_up.cut", language), MET, bottom - 4)
    if panel.stated:
        _cut(page, x(panel.stated), page.y, strip, text("chart.warm_up.stated", language), QUIET, bottom - 16)
    page.add(Stroke(((left, strip), (page.right, strip)), "axis", FAINT, 0.8))
    for number in round_steps(0.0, float(len(panel.series)), 8):
        page.words(x(number), strip + 12, format_number(number), "tick", QUIET, 8.5, align="center")
    page.y = strip + 26


def _line(
    page: Page, values: Sequence[float], step: int, x: Scale, y: Scale, role: str, colour: str, width: float
) -> None:
    every = max(1, len(values) // MOST_POINTS)
    points = tuple((x(place * step), y(values[place])) for place in range(0, len(values), every))
    if len(points) > 1:
        page.add(Stroke(points, role, colour, width))


def _cut(page: Page, at: float, top: float, bottom: float, words: str, colour: str, below: float) -> None:
    page.add(Stroke(((at, top), (at, bottom)), "cut", colour, 1.2, dash=(4.0, 2.6)))
    right = at + text_width(words, 8.5) + 8 > page.right
    page.words(at - 4 if right else at + 4, below, words, "cut-words", colour, 8.5, align="right" if right else "left")
