"""Where the days went: from the mean before to the mean after, cause by cause."""

from __future__ import annotations

from dataclasses import dataclass

from engine.texts import text
from reports.charts.page import Page, column_width, linear, round_steps
from reports.drawing.scene import Area, Scene, Stroke
from reports.drawing.style import FAINT, GRID, INK, MET, NEUTRAL, OVERDUE, QUIET, tint
from reports.formatting import format_number

__all__ = ["Waterfall", "draw_waterfall"]

ROW = 25.0


@dataclass(frozen=True)
class Waterfall:
    """Mean days of two variants by cause.

    Args:
        before, after: Names of the variants.
        causes: ``(name, days before, days after)``; each column adds up to the variant's total.
    """

    title: str
    subtitle: str
    before: str
    after: str
    causes: tuple[tuple[str, float, float], ...]


def draw_waterfall(data: Waterfall, language: str) -> Scene:
    """Total bars grey; a saving green and plain, an increase red and hatched; figures with their sign at the right."""
    page = Page(data.title, data.subtitle)
    total_before = sum(before for _, before, _ in data.causes)
    total_after = sum(after for _, _, after in data.causes)
    levels, level = [0.0, total_before], total_before
    for _, before, after in data.causes:
        level += after - before
        levels.append(level)
    names = [data.before, data.after, *(name for name, _, _ in data.causes)]
    name_width = column_width(names, 220.0, 10, "bold") + 8
    figure_width = 64.0
    low, high = min(levels), max(levels) * 1.02 or 1.0
    x = linear(low, high, page.left + name_width + 8, page.right - figure_width)
    top = page.y
    bottom = top + ROW * (len(data.causes) + 2)
    for tick in round_steps(low, high, 8):
        page.add(Stroke(((x(tick), top), (x(tick), bottom)), "grid", GRID, 0.6))
        page.words(x(tick), bottom + 12, format_number(tick), "tick", QUIET, 8.5, align="center")
    _total(page, data.before, x(0.0), x(total_before), total_before, name_width)
    level = total_before
    for name, before, after in data.causes:
        _change(page, name, x(level), x(level + after - before), after - before, name_width)
        level += after - before
    _total(page, data.after, x(0.0), x(total_after), total_after, name_width)
    page.y = bottom + 16
    page.words((x(low) + x(high)) / 2, page.y + 10, text("chart.waterfall.axis", language), "axis-label", QUIET, 9,
               align="center")  # fmt: skip
    page.y += 14
    return page.scene()


def _total(page: Page, name: str, zero: float, end: float, days: float, name_width: float) -> None:
    middle = page.y + ROW / 2
    page.words(page.left, middle + 3.6, name, "row-label", INK, 10, "bold", width=name_width)
    page.add(Area(zero, middle - 8, max(end - zero, 0.8), 16, "total", fill=NEUTRAL))
    page.words(page.right, middle + 3.6, format_number(days, 1), "figure", INK, weight="bold", align="right")
    page.y += ROW


def _change(page: Page, name: str, start: float, end: float, days: float, name_width: float) -> None:
    middle = page.y + ROW / 2
    page.words(page.left + 8, middle + 3.6, name, "row-label", INK, 10, width=name_width - 8)
    colour = QUIET if abs(days) < 0.05 else OVERDUE if days > 0 else MET
    fill, hatch = (tint(colour, 0.25), "//////") if days > 0 else (colour, None)
    left, width = min(start, end), max(abs(end - start), 0.8)
    edge = colour if hatch else None
    page.add(Area(left, middle - 7, width, 14, "more" if days > 0 else "less", fill, edge, hatch))
    page.add(Stroke(((end, middle), (end, middle + ROW)), "link", FAINT, 0.7))
    figure = format_number(days, 1)
    signed = f"+{figure}" if days > 0 and float(figure.replace(",", "")) else figure
    page.words(page.right, middle + 3.6, signed, "figure", colour, align="right")
    page.y += ROW
