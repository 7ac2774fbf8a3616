"""The page: headline, legend, panels under each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from engine.texts import text
from reports.drawing.fitting import fit, shorten
from reports.drawing.scene import Area, Scene, Shape, Words
from reports.drawing.style import INK, NEUTRAL, QUIET
from reports.fonts import text_width
from reports.gantt.colours import hues_of
from reports.gantt.marks import bar_shape, diamond, return_mark, whisker
from reports.gantt.model import CAUSES, GanttChart
from reports.gantt.panel import Columns, columns_of, panel_shapes, shades_days_off
from reports.gantt.scale import build_scale

__all__ = ["lay_out"]

MARGIN = 18.0
NARROWEST_PAGE = 842.0  # A4 across
SAMPLE_WIDTH = 22.0
LEGEND_SIZE = 9.0
LEGEND_LINE = 16.0
LONGEST_LEGEND_NAME = 170.0


def lay_out(chart: GanttChart, narrowest: float = NARROWEST_PAGE) -> Scene:
    """Place every shape of a chart whose words the font can draw; the page grows with its rows.

    Args:
        chart: What to draw.
        narrowest: Width of the page, points, unless names and figures need more.
    """
    columns = columns_of(chart, MARGIN, narrowest)
    scale = build_scale(chart, columns.plot_left, columns.plot_right)
    hues = hues_of(chart)
    shapes, y = _header(chart, columns, hues, shades_days_off(chart, scale))
    for panel in chart.panels:
        added, y = panel_shapes(chart, panel, columns, scale, hues, y)
        shapes.extend(added)
    shapes.append(_axis_label(chart, columns, scale.in_hours, bool(scale.breaks), y))
    return Scene(columns.page_width, y + 14.0 + MARGIN, tuple(shapes))


def _header(chart: GanttChart, columns: Columns, hues: Mapping[str, str], days_off: bool) -> tuple[list[Shape], float]:
    shapes: list[Shape] = []
    width = columns.page_width - 2 * MARGIN
    y = MARGIN
    for line in fit(chart.headline, width, 18, "bold", lines=3):
        shapes.append(Words(MARGIN, y + 17, line, 18, "headline", INK, "bold"))
        y += 25
    for line in fit(chart.subtitle, width, 9.5, lines=3):
        shapes.append(Words(MARGIN, y + 10, line, 9.5, "subtitle", QUIET))
        y += 14
    y += 8
    departments = [(name, _chip(hue)) for name, hue in hues.items()]
    for entries in (departments, _causes(chart, days_off)):
        added, y = _legend(entries, width, y)
        shapes.extend(added)
    return shapes, y


def _causes(chart: GanttChart, days_off: bool) -> list[tuple[str, tuple[Shape, ...]]]:
    """What stands for what, of that which the chart shows; samples are placed at (0, 0)."""
    rows = [row for panel in chart.panels for row in panel.rows]
    finishes = [panel.finish for panel in chart.panels if panel.finish is not None]
    shown = {bar.cause for row in rows for bar in row.bars}
    entries: list[tuple[str, tuple[Shape, ...]]] = [
        (f"cause.{cause}", (bar_shape(cause, 0, SAMPLE_WIDTH, 0, 20, NEUTRAL),)) for cause in CAUSES if cause in shown
    ]
    middle = SAMPLE_WIDTH / 2
    if any(row.returns for row in rows):
        entries.append(("return", return_mark(middle, 0)))
    if finishes:
        entries.append(("finish", (diamond(middle, 0, NEUTRAL),)))
    if any(finish.interval for finish in finishes):
        entries.append(("interval", (Area(0, -3.5, SAMPLE_WIDTH, 7, "interval-sample", fill="#c9d0d7"),)))
    p90_days = [row.p90_day for row in rows] + [finish.p90_day for finish in finishes]
    if any(day is not None for day in p90_days):
        entries.append(("p90", whisker(0, SAMPLE_WIDTH, 0, "p90-sample")))
    if days_off:
        entries.append(("days_off", (Area(0, -6, SAMPLE_WIDTH, 12, "band-sample", fill="#e6e9ed"),)))
    return [(text(f"gantt.legend.{key}", chart.language), sample) for key, sample in entries]


def _chip(hue: str) -> tuple[Shape, ...]:
    return (Area(0, -5, 9, 10, "legend-chip", fill=hue, radius=1.5),)


def _legend(entries: Sequence[tuple[str, tuple[Shape, ...]]], width: float, y: float) -> tuple[list[Shape], float]:
    """Samples with their words, as many on a line as have room."""
    shapes: list[Shape] = []
    x = MARGIN
    for name, sample in entries:
        words = shorten(name, LONGEST_LEGEND_NAME, LEGEND_SIZE)
        sample_width = 9.0 if sample[0].role == "legend-chip" else SAMPLE_WIDTH
        entry_width = sample_width + 5 + text_width(words, LEGEND_SIZE)
        if x > MARGIN and x + entry_width > MARGIN + width:
            x = MARGIN
            y += LEGEND_LINE
        shapes.extend(_moved(shape, x, y + LEGEND_LINE / 2) for shape in sample)
        shapes.append(Words(x + sample_width + 5, y + 11.4, words, LEGEND_SIZE, "legend", INK))
        x += entry_width + 16
    return shapes, y + (LEGEND_LINE if entries else 0.0)


def _moved(shape: Shape, x: float, y: float) -> Shape:
    if isinstance(shape, Area | Words):
        return replace(shape, x=shape.x + x, y=shape.y + y)
    return replace(shape, points=tuple((a + x, b + y) for a, b in shape.points))


def _axis_label(chart: GanttChart, columns: Columns, in_hours: bool, broken: bool, y: float) -> Words:
    usual = text("gantt.axis.hours" if in_hours else "gantt.axis.days", chart.language)
    label = (chart.axis_label or usual) + (text("gantt.axis.broken", chart.language) if broken else "")
    width = columns.plot_right - columns.plot_left
    words = shorten(label, width, 9.0)
    return Words((columns.plot_left + columns.plot_right) / 2, y + 10, words, 9.0, "axis-label", QUIET, align="center")
