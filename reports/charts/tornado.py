"""Which assumption moves the result most: one bar per assumption, from its low end to its high end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from engine.texts import text
from reports.charts.page import Page, column_width, linear, round_steps
from reports.drawing.scene import Area, Scene, Stroke
from reports.drawing.style import GRID, INK, OVERDUE, QUIET, tint
from reports.fonts import text_width
from reports.formatting import format_number, format_quantity
from reports.labels import Labels

__all__ = ["Tornado", "TornadoBar", "draw_tornado", "tornado_of"]

MOST_BARS: Final = 15

ROW = 24.0
BLUE, BROWN = "#2a6ca3", "#c2760f"


@dataclass(frozen=True)
class TornadoBar:
    """One assumption.

    Args:
        name: What it is.
        low_words, high_words: The ends of its range, ready to be read.
        low, high: The result when it is at its low and at its high end.
    """

    name: str
    low_words: str
    high_words: str
    low: float
    high: float


@dataclass(frozen=True)
class Tornado:
    """The result as it stands, and what each assumption makes of it; ``unit`` is the result's."""

    title: str
    subtitle: str
    unit: str
    base: float
    bars: tuple[TornadoBar, ...]
    limit: float | None = None


def tornado_of(data: Mapping[str, Any], labels: Labels, language: str) -> Tornado | None:
    """The chart's data from one of the ``tornados`` of a study of sensitivity; None where nothing moves the figure."""
    known = [bar for bar in data["bars"] if None not in (bar["low"], bar["high"])]
    bars = tuple(
        TornadoBar(bar["name"], bar["low_words"], bar["high_words"], bar["low"], bar["high"])
        for bar in known[:MOST_BARS]
        if bar["low"] != bar["high"]
    )
    if not bars:
        return None
    names = {
        "pipeline": f"{labels.pipeline} {labels.variant(data['variant'])}",
        "indicator": labels.indicator(data["indicator"], language),
    }
    title = text("chart.tornado.title", language, **names)
    subtitle = text("chart.tornado.subtitle", language)
    return Tornado(title, subtitle, data["unit"], data["base"], bars, data["limit"])


def draw_tornado(data: Tornado, language: str) -> Scene:
    """The widest bar on top; the part reached at the high end is hatched."""
    page = Page(data.title, data.subtitle)
    bars = sorted(data.bars, key=lambda bar: -abs(bar.high - bar.low))
    known = [data.base, *(end for bar in bars for end in (bar.low, bar.high))]
    known += [data.limit] if data.limit is not None else []
    air = (max(known) - min(known)) * 0.04 or 0.5
    low, high = min(known) - air, max(known) + air
    name_width = column_width([bar.name for bar in bars], 220.0)
    ends = [[bar.low_words, bar.high_words] for bar in bars]
    end_width = column_width([words for pair in ends for words in pair], 80.0, 8.5)
    x = linear(low, high, page.left + name_width + end_width + 16, page.right - end_width - 8)
    if data.limit is not None:
        words = text("gantt.limit", language, limit=format_quantity(data.limit, data.unit, language))
        at = min(max(x(data.limit), x(low) + text_width(words, 9) / 2), x(high) - text_width(words, 9) / 2)
        page.words(at, page.y + 9, words, "limit-words", OVERDUE, 9, align="center")
        page.y += 14
    top, bottom = page.y, page.y + ROW * len(bars)
    for tick in round_steps(low, high, 8):
        page.add(Stroke(((x(tick), top), (x(tick), bottom)), "grid", GRID, 0.6))
        page.words(x(tick), bottom + 12, format_number(tick), "tick", QUIET, 8.5, align="center")
    for bar in bars:
        middle = page.y + ROW / 2
        page.words(page.left, middle + 3.4, bar.name, "row-label", INK, width=name_width)
        for value, words, colour, hatch in (
            (bar.low, bar.low_words, BLUE, None),
            (bar.high, bar.high_words, BROWN, "//////"),
        ):
            left, right = sorted((x(data.base), x(value)))
            fill = tint(colour, 0.35) if hatch else colour
            tip = f"{bar.name}, {words}: {format_number(value)}"
            page.add(Area(left, middle - 7, max(right - left, 0.6), 14, "bar", fill, colour, hatch, tip=tip))
        left_words, right_words = (
            (bar.low_words, bar.high_words) if bar.low <= bar.high else (bar.high_words, bar.low_words)
        )
        left, right = min(x(bar.low), x(bar.high), x(data.base)), max(x(bar.low), x(bar.high), x(data.base))
        page.words(left - 4, middle + 3, left_words, "end", QUIET, 8.5, align="right", width=end_width)
        page.words(right + 4, middle + 3, right_words, "end", QUIET, 8.5, width=end_width)
        page.y += ROW
    page.add(Stroke(((x(data.base), top), (x(data.base), bottom)), "base", INK, 1.2))
    if data.limit is not None:
        page.add(Stroke(((x(data.limit), top), (x(data.limit), bottom)), "limit", OVERDUE, 1.2, dash=(4.0, 2.6)))
    page.y = bottom + 16
    note = text("chart.tornado.axis", language, base=format_quantity(data.base, data.unit, language, 1))
    page.words(page.left, page.y + 10, note, "axis-label", QUIET, 9, width=page.right - page.left)
    page.y += 14
    return page.scene()
