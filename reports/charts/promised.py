"""Promise against simulation: every procedure's mean and nine-in-ten value as a share of its limit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import cos, pi, sin

from engine.texts import text
from reports.charts.page import Page, column_width, linear, round_steps
from reports.drawing.scene import Polygon, Scene, Stroke
from reports.drawing.style import GRID, INK, MET, OVERDUE, PAPER, QUIET
from reports.formatting import format_number, format_quantity

__all__ = ["Promised", "PromisedPanel", "PromisedRow", "draw_promised"]

ROW = 21.0
FURTHEST = 3.0  # times the limit: what lies further is drawn at the edge, its figures say the rest


@dataclass(frozen=True)
class PromisedRow:
    """One procedure: its limit, and what was simulated of it, in the limit's unit."""

    name: str
    limit: float
    unit: str
    mean: float
    p90: float


@dataclass(frozen=True)
class PromisedPanel:
    """One variant."""

    name: str
    rows: tuple[PromisedRow, ...]


@dataclass(frozen=True)
class Promised:
    """Several variants."""

    title: str
    subtitle: str
    panels: tuple[PromisedPanel, ...]


def draw_promised(data: Promised, language: str) -> Scene:
    """Limits of unlike units share a scale in percent; the figures at the right are in their own."""
    page = Page(data.title, data.subtitle)
    rows = [row for panel in data.panels for row in panel.rows]
    figures = {row: _figures(row, language) for row in rows}  # those over the limit begin with a mark
    name_width = column_width([row.name for row in rows], 210.0)
    figure_width = column_width([*figures.values(), text("chart.promised.figures", language)], 230.0)
    reach = min(max([1.2, *(_over(row.p90, row) for row in rows), *(_over(row.mean, row) for row in rows)]), FURTHEST)
    x = linear(0.0, reach, page.left + name_width + 10, page.right - figure_width - 14)
    for panel in data.panels:
        page.words(page.left, page.y + 11, panel.name, "panel", INK, 11, "bold", width=(page.right - page.left) / 2)
        page.words(page.right, page.y + 11, text("chart.promised.figures", language), "heading", QUIET, align="right")
        page.y += 18
        top, bottom = page.y, page.y + ROW * max(len(panel.rows), 1)
        for tick in round_steps(0.0, reach, 6):
            page.add(Stroke(((x(tick), top), (x(tick), bottom)), "grid", GRID, 0.6))
            page.words(x(tick), bottom + 12, f"{format_number(tick * 100, 0)}%", "tick", QUIET, 8.5, align="center")
        page.add(Stroke(((x(1.0), top), (x(1.0), bottom)), "limit", OVERDUE, 1.2, dash=(4.0, 2.6)))
        for row in panel.rows:
            _row(page, row, x, reach, name_width, figures[row], figure_width)
        page.y = bottom + 22
    note = text("chart.promised.axis", language)
    page.words(page.left, page.y + 8, note, "axis-label", QUIET, 9, width=page.right - page.left)
    page.y += 12
    return page.scene()


def _over(value: float, row: PromisedRow) -> float:
    return value / row.limit if row.limit else FURTHEST


def _figures(row: PromisedRow, language: str) -> str:
    limit = format_quantity(row.limit, row.unit, language)
    mark = "!" if row.mean > row.limit else ""
    return f"{mark}{format_number(row.mean, 1)} / {format_number(row.p90, 1)} / {limit}"


def _row(
    page: Page,
    row: PromisedRow,
    x: Callable[[float], float],
    reach: float,
    name_width: float,
    figures: str,
    figure_width: float,
) -> None:
    middle = page.y + ROW / 2
    mean, p90 = x(min(_over(row.mean, row), reach)), x(min(_over(row.p90, row), reach))
    colour = OVERDUE if row.mean > row.limit else MET
    tip = f"{row.name}: {figures}"
    page.words(page.left, middle + 3.4, row.name, "row-label", INK, width=name_width)
    page.add(Stroke(((mean, middle), (p90, middle)), "p90", INK, 0.9))
    page.add(Stroke(((p90, middle - 4), (p90, middle + 4)), "p90-cap", INK, 1.2))
    if row.mean > row.limit:  # a diamond beyond the limit, a disc within it
        points: tuple[tuple[float, float], ...] = (
            (mean, middle - 5.5),
            (mean + 5.5, middle),
            (mean, middle + 5.5),
            (mean - 5.5, middle),
        )
    else:
        points = tuple((mean + 4.2 * cos(i * pi / 8), middle + 4.2 * sin(i * pi / 8)) for i in range(16))
    page.add(Polygon(points, "mean-over" if row.mean > row.limit else "mean", colour, edge=PAPER, tip=tip))
    tone = colour if row.mean > row.limit else INK
    page.words(page.right, middle + 3.4, figures, "figure", tone, align="right", width=figure_width)
    page.y += ROW
