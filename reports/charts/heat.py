"""Tables of colour: the load of pools over the weeks of a year, the waiting by weekday and hour."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

from reports.charts.page import Page, column_width
from reports.drawing.scene import Area, Scene, Shape, Words
from reports.drawing.style import INK, MARGIN, PAPER, QUIET, mix
from reports.fonts import text_width

__all__ = ["Heat", "HeatPanel", "draw_heat"]

DARK = "#123f69"
SHADES = 20  # more than the eye tells apart; cells of one shade are written together
EMPTY = "#d6d3ce"
CELL = 18.0
NONE = float("nan")  # a cell in which nothing was open, or nobody came


@dataclass(frozen=True)
class HeatPanel:
    """One table of colour.

    Args:
        rows: Names, top to bottom.
        values: By row and column; not a number where there is nothing to know.
        totals: A figure at the end of each row, ready to be read.
        cells: What to write into each cell, as far as it has room; may be empty.
    """

    name: str
    rows: tuple[str, ...]
    values: tuple[tuple[float, ...], ...]
    totals: tuple[str, ...] = ()
    cells: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Heat:
    """Panels of equal columns.

    Args:
        columns: A label for each column, empty for none.
        total: Heading of the figures at the end.
        scale: ``(value, words)``: the marks of the key of colours, from 0 to what is darkest.
        nothing: What an empty cell means.
    """

    title: str
    subtitle: str
    columns: tuple[str, ...]
    panels: tuple[HeatPanel, ...]
    total: str
    scale: tuple[tuple[float, str], ...]
    nothing: str


def draw_heat(data: Heat, language: str) -> Scene:
    """Pale is little, dark is much; nothing to know is grey."""
    del language  # all words of the data are ready to be read
    page = Page(data.title, data.subtitle)
    rows = [name for panel in data.panels for name in panel.rows]
    name_width = column_width(rows, 190.0)
    totals = [data.total, *(figure for panel in data.panels for figure in panel.totals)]
    total_width = column_width(totals, 120.0)
    left, right = page.left + name_width + 8, page.right - total_width - 10
    width = (right - left) / max(len(data.columns), 1)
    darkest = max(value for value, _ in data.scale) or 1.0
    for panel in data.panels:
        page.words(page.left, page.y + 11, panel.name, "panel", INK, 11, "bold", width=right - page.left - 8)
        page.words(page.right, page.y + 11, data.total, "heading", QUIET, align="right", width=total_width)
        page.y += 18
        start = len(page.shapes)
        for number, name in enumerate(panel.rows):
            page.words(page.left, page.y + 12.4, name, "row-label", INK, width=name_width)
            for column, value in enumerate(panel.values[number]):
                words = panel.cells[number][column] if panel.cells else ""
                _cell(page, left + column * width, width, value / darkest, words)
            if panel.totals:
                figure = panel.totals[number]
                page.words(page.right, page.y + 12.4, figure, "figure", INK, align="right", width=total_width)
            page.y += CELL
        page.shapes[start:] = sorted(page.shapes[start:], key=_layer)
        _columns(page, data.columns, left, width)
        page.y += 22
    _key(page, data, darkest)
    return page.scene()


def _layer(shape: Shape) -> tuple[bool, str, str]:
    """Cells by shade, then words by colour: nothing of a panel covers anything but its own cell."""
    if isinstance(shape, Words):
        return True, shape.role, shape.colour
    return False, shape.role, shape.fill or "" if isinstance(shape, Area) else ""


def _cell(page: Page, left: float, width: float, share: float, words: str) -> None:
    known = isfinite(share)
    strength = round(min(max(share, 0.0), 1.0) * SHADES) / SHADES if known else 0.0
    fill = mix(DARK, "#eaf1f8", strength) if known else EMPTY
    gap = 0.6 if width > 4 else 0.1
    area = Area(left, page.y + 0.6, max(width - gap, 0.5), CELL - 1.2, "cell" if known else "cell-none", fill)
    page.add(area)
    if words and text_width(words, 8) <= width - 2:
        colour = PAPER if strength > 0.45 else INK
        page.words(left + width / 2, page.y + 12, words, "cell-words", colour, 8, align="center")


def _columns(page: Page, columns: tuple[str, ...], left: float, width: float) -> None:
    last = float("-inf")
    for number, label in enumerate(columns):
        x = left + (number + 0.5) * width
        half = text_width(label, 8.5) / 2
        if label and x - half > last + 4:
            page.words(x, page.y + 11, label, "tick", QUIET, 8.5, align="center")
            last = x + half


def _key(page: Page, data: Heat, darkest: float) -> None:
    x = MARGIN
    for value, words in (*data.scale, (NONE, data.nothing)):
        fill = mix(DARK, "#eaf1f8", value / darkest) if isfinite(value) else EMPTY
        needed = 14 + text_width(words, 9)
        if x + needed > page.right and x > MARGIN:
            x, page.y = MARGIN, page.y + 15
        page.add(Area(x, page.y, 10, 10, "key", fill=fill))
        page.words(x + 14, page.y + 8.6, words, "key-words", INK, 9, width=page.right - x - 14)
        x += needed + 14
    page.y += 12
