"""How the estimate settled: the mean and its 95 % interval after every replication."""

from __future__ import annotations

from dataclasses import dataclass

from engine.texts import text
from reports.charts.page import Page, linear, round_steps
from reports.drawing.scene import Polygon, Scene, Stroke
from reports.drawing.style import FAINT, GRID, INK, OVERDUE, QUIET, tint
from reports.fonts import text_width
from reports.formatting import format_interval, format_number, format_quantity

__all__ = ["Convergence", "ConvergencePanel", "draw_convergence"]

HEIGHT = 92.0
BLUE = "#2a6ca3"


@dataclass(frozen=True)
class ConvergencePanel:
    """One variant: ``points`` are (replications, mean, low, high) from the second replication on."""

    name: str
    points: tuple[tuple[int, float, float, float], ...]
    limit: float | None = None


@dataclass(frozen=True)
class Convergence:
    """Several variants of one indicator; each has a scale of its own."""

    title: str
    subtitle: str
    unit: str
    panels: tuple[ConvergencePanel, ...]


def draw_convergence(data: Convergence, language: str) -> Scene:
    """A line in a band; the limit's line where it lies near."""
    page = Page(data.title, data.subtitle)
    for panel in data.panels:
        _panel(page, panel, data.unit, language)
    words = text("chart.convergence.axis", language)
    page.words((page.left + page.right) / 2, page.y + 8, words, "axis-label", QUIET, 9, align="center")
    page.y += 12
    return page.scene()


def _panel(page: Page, panel: ConvergencePanel, unit: str, language: str) -> None:
    half = (page.right - page.left) / 2
    page.words(page.left, page.y + 11, panel.name, "panel", INK, 11, "bold", width=half - 8)
    if not panel.points:
        page.words(page.right, page.y + 11, text("chart.convergence.few", language), "share", QUIET, align="right")
        page.y += 24
        return
    _, mean, low, high = panel.points[-1]
    figures = {"mean": format_quantity(mean, unit, language, 1), "interval": format_interval((low, high))}
    words = text("chart.convergence.last", language, **figures)
    page.words(page.right, page.y + 11, words, "share", INK, align="right", width=half)
    page.y += 22
    ends = [end for _, _, low, high in panel.points[min(2, len(panel.points) - 1) :] for end in (low, high)]
    bottom_value, top_value = min(ends), max(ends)
    near = panel.limit is not None and abs(panel.limit - mean) <= 2 * (top_value - bottom_value)
    if near and panel.limit is not None:
        bottom_value, top_value = min(bottom_value, panel.limit), max(top_value, panel.limit)
    air = (top_value - bottom_value) * 0.08 or 0.5
    bottom_value, top_value = bottom_value - air, top_value + air
    ticks = round_steps(bottom_value, top_value, 4)
    labels = [format_number(tick, None if float(tick).is_integer() else 2) for tick in ticks]
    left = page.left + max((text_width(label, 8.5) for label in labels), default=0) + 6
    last = panel.points[-1][0]
    x = linear(2.0, float(max(last, 3)), left, page.right)
    top, bottom = page.y, page.y + HEIGHT
    y = linear(bottom_value, top_value, bottom, top)
    for tick, label in zip(ticks, labels, strict=True):
        page.add(Stroke(((left, y(tick)), (page.right, y(tick))), "grid", GRID, 0.6))
        page.words(left - 5, y(tick) + 3, label, "tick", QUIET, 8.5, align="right")

    def inside(value: float) -> float:
        return y(min(max(value, bottom_value), top_value))

    uppers = [(x(n), inside(high)) for n, _, _, high in panel.points]
    lowers = [(x(n), inside(low)) for n, _, low, _ in panel.points]
    if len(panel.points) > 1:
        page.add(Polygon((*uppers, *reversed(lowers)), "band", tint(BLUE, 0.22)))
        page.add(Stroke(tuple((x(n), inside(mean)) for n, mean, _, _ in panel.points), "mean", BLUE, 1.6))
    if near and panel.limit is not None:
        page.add(Stroke(((left, y(panel.limit)), (page.right, y(panel.limit))), "limit", OVERDUE, 1.2, dash=(4.0, 2.6)))
        words = text("gantt.limit", language, limit=format_quantity(panel.limit, unit, language))
        page.words(page.right, y(panel.limit) - 4, words, "limit-words", OVERDUE, 9, align="right")
    page.add(Stroke(((left, bottom), (page.right, bottom)), "axis", FAINT, 0.8))
    for number in round_steps(2.0, float(last), 8):
        if float(number).is_integer():
            page.words(x(number), bottom + 12, format_number(number), "tick", QUIET, 8.5, align="center")
    page.y = bottom + 24
