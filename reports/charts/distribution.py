"""How long cases take: a histogram per variant on one scale, the target's line, and the share of cases within it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.texts import text
from reports.charts.page import Page, linear, round_steps
from reports.drawing.scene import Area, Scene, Stroke
from reports.drawing.style import FAINT, GRID, INK, OVERDUE, QUIET, tint
from reports.fonts import text_width
from reports.formatting import format_number, format_quantity, format_share

__all__ = ["Distribution", "Sample", "draw_distribution"]

BINS = 48
HEIGHT = 96.0
BLUE = "#2a6ca3"


@dataclass(frozen=True)
class Sample:
    """The cases of one variant.

    Args:
        name: What people call it.
        values: One per case.
        limit: The target's limit, if it has one.
        share_within: Share of the cases within it, as it was judged.
    """

    name: str
    values: tuple[float, ...]
    limit: float | None = None
    share_within: float | None = None


@dataclass(frozen=True)
class Distribution:
    """Several variants of one indicator; ``unit`` is its key."""

    title: str
    subtitle: str
    unit: str
    samples: tuple[Sample, ...]


def draw_distribution(data: Distribution, language: str) -> Scene:
    """One panel under the other; bars beyond the limit are hatched; the last bar collects what lies further."""
    page = Page(data.title, data.subtitle)
    top = max([_reach(sample) for sample in data.samples], default=1.0) or 1.0
    steps = round_steps(0.0, top, 10)
    step = steps[1] - steps[0] if len(steps) > 1 else top
    end = float(np.ceil(top / step - 1e-9) * step)
    beyond = any(value > end for sample in data.samples for value in sample.values)
    x = linear(0.0, end, page.left, page.right - (22.0 if beyond else 0.0))
    for sample in data.samples:
        _panel(page, sample, x(0.0), x(end), end, data.unit, language)
        for tick in round_steps(0.0, end, 10):
            page.words(x(tick), page.y + 12, format_number(tick), "tick", QUIET, 8.5, align="center")
        page.y += 20
    if beyond:
        note = text("chart.distribution.beyond", language, end=format_number(end))
        page.words(page.right, page.y + 10, note, "note", QUIET, 8.5, align="right", width=page.right - page.left)
        page.y += 14
    return page.scene()


def _reach(sample: Sample) -> float:
    furthest = float(np.quantile(sample.values, 0.99)) if sample.values else 0.0
    return max(furthest, sample.limit * 1.1 if sample.limit is not None else 0.0)


def _panel(page: Page, sample: Sample, left: float, right: float, end: float, unit: str, language: str) -> None:
    words = _words(sample, unit, language)
    room = page.right - page.left
    aside = text_width(words, 9.5) + 12
    page.words(page.left, page.y + 11, sample.name, "panel", INK, 11, "bold", width=max(room - aside, room / 3))
    page.words(page.right, page.y + 11, words, "share", INK, align="right", width=room * 2 / 3 - 12)
    page.y += 30
    top, bottom = page.y, page.y + HEIGHT
    x = linear(0.0, end, left, right)
    for tick in round_steps(0.0, end, 10):
        page.add(Stroke(((x(tick), top), (x(tick), bottom)), "grid", GRID, 0.6))
    bars = _bars(sample, end)
    further = sum(value > end for value in sample.values)
    tallest = max([*(count for _, _, count in bars), further, 1])
    for low, high, count in bars:
        over = sample.limit is not None and low >= sample.limit - 1e-9
        _bar(
            page,
            x(low) + 0.4,
            max(x(high) - x(low) - 0.8, 0.8),
            bottom,
            HEIGHT * count / tallest,
            over,
            _tip(low, high, count),
        )
    if further:
        over = sample.limit is not None
        tip = _tip(end, None, further)
        _bar(page, x(end) + 6, page.right - x(end) - 6, bottom, HEIGHT * further / tallest, over, tip)
    page.add(Stroke(((page.left, bottom), (page.right, bottom)), "axis", FAINT, 0.8))
    if sample.limit is not None:
        _limit(page, sample.limit, x(sample.limit), unit, language, top, bottom)
    page.y = bottom


def _bars(sample: Sample, end: float) -> list[tuple[float, float, int]]:
    """``(above, up to, cases)``: a bar ends exactly at the limit, because a case that takes as long is within it."""
    width = end / BINS
    edge = sample.limit if sample.limit is not None else 0.0
    values = np.asarray(sample.values)
    numbers = np.ceil((values[values <= end] - edge) / width - 1e-9).astype(np.int64)
    found, counts = np.unique(numbers, return_counts=True)
    return [
        (max(edge + (number - 1) * width, 0.0), min(max(edge + number * width, 0.0), end), count)
        for number, count in zip(found.tolist(), counts.tolist(), strict=True)
    ]


def _bar(page: Page, left: float, width: float, bottom: float, height: float, over: bool, tip: str) -> None:
    if height > 0:
        fill, edge, hatch = (tint(OVERDUE, 0.25), OVERDUE, "//////") if over else (BLUE, None, None)
        page.add(Area(left, bottom - height, width, height, "bar-over" if over else "bar", fill, edge, hatch, tip=tip))


def _tip(low: float, high: float | None, count: int) -> str:
    upper = format_number(high) if high is not None else ""
    return f"{format_number(low)}–{upper}: {format_number(count)}"


def _limit(page: Page, limit: float, x: float, unit: str, language: str, top: float, bottom: float) -> None:
    page.add(Stroke(((x, top - 4), (x, bottom)), "limit", OVERDUE, 1.2, dash=(4.0, 2.6)))
    words = text("gantt.limit", language, limit=format_quantity(limit, unit, language))
    width = text_width(words, 9)
    if x + 4 + width <= page.right:
        page.words(x + 4, top - 5, words, "limit-words", OVERDUE, 9)
    else:
        page.words(x - 4, top - 5, words, "limit-words", OVERDUE, 9, align="right", width=x - 4 - page.left)


def _words(sample: Sample, unit: str, language: str) -> str:
    if not sample.values:
        return text("chart.no_cases", language)
    values: Sequence[float] = sample.values
    figures = {
        "mean": format_number(float(np.mean(values)), 1),
        "p90": format_quantity(float(np.quantile(values, 0.9)), unit, language, 1),
    }
    if sample.share_within is None:
        return text("chart.distribution.plain", language, **figures)
    return text("chart.distribution.share", language, share=format_share(sample.share_within), **figures)
