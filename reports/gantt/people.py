"""The people's Gantt: every unit of every pool over one week, at work, idle, or closed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from engine.calendars.units import DAY, HOUR
from engine.log import NONE, EventLog
from engine.texts import text
from reports.charts.page import Page, column_width
from reports.drawing.scene import Area, Scene, Stroke
from reports.drawing.style import FAINT, GRID, HUES, INK, PAPER, QUIET, tint
from reports.fonts import text_width
from reports.formatting import format_date, format_number, format_share
from simulations.model import SimulationModel

__all__ = ["PeopleBar", "PeopleRow", "PeopleWeek", "draw_people", "people_week"]

ROW = 19.0
CLOSED = "#e3e6ea"
SIGNS = (None, "////", "||||", "....", "xxxx", "\\\\\\\\", "----", None, "////", "||||")  # with the hues, no two alike
SIGN_HEIGHT = 4.5  # points: a strip at the foot of a bar
MOST_HUES = len(HUES) - 1  # the last one is for all other procedures


@dataclass(frozen=True)
class PeopleBar:
    """Work on one case: hours since the week's first midnight, and the procedure's number in the legend."""

    from_hour: float
    to_hour: float
    hue: int
    words: str
    tip: str


@dataclass(frozen=True)
class PeopleRow:
    """One unit: its work, the stretches in which its pool is closed, and its share at work."""

    name: str
    bars: tuple[PeopleBar, ...]
    closed: tuple[tuple[float, float], ...]
    busy: str


@dataclass(frozen=True)
class PeopleWeek:
    """A week of seven days; ``hours`` is the part of each day that is drawn."""

    title: str
    subtitle: str
    days: tuple[str, ...]
    hours: tuple[int, int]
    rows: tuple[PeopleRow, ...]
    legend: tuple[str, ...]
    heading: str


def people_week(model: SimulationModel, log: EventLog, monday: date, language: str, pipeline: str) -> PeopleWeek:
    """What the units did in the week that begins with a Monday of the simulated period."""
    start = (monday - model.study.start).days * DAY
    end = start + 7 * DAY
    held = log.assignments
    started, worked = log.started[held.row], log.worked[held.row]
    ended = np.where(worked == NONE, np.where(log.ended[held.row] == NONE, end, log.ended[held.row]), worked)
    inside = np.flatnonzero((started != NONE) & (started < end) & (ended > start))
    nodes = log.node[held.row[inside]]
    order = [int(node) for node in dict.fromkeys(sorted(nodes.tolist(), key=lambda n: (-int((nodes == n).sum()), n)))]
    rows = []
    for number, pool in enumerate(model.pools):
        label = pool.label[language]
        pieces = pool.hours.pieces(start, end)
        closed = tuple(((a - start) / HOUR, (b - start) / HOUR) for a, b, is_open in pieces if not is_open)
        room = sum(b - a for a, b, is_open in pieces if is_open)
        for unit in range(pool.units):
            many = {"pool": label, "number": unit + 1}
            name = text("people.unit", language, **many) if pool.units > 1 else label
            mine = inside[(held.pool[inside] == number) & (held.unit[inside] == unit)]
            bars, busy = [], 0
            for at in mine.tolist():
                begin, finish = max(int(started[at]), start), min(int(ended[at]), end)
                node, case = int(log.node[held.row[at]]), int(log.case[held.row[at]])
                busy += pool.hours.work_between(begin, finish)
                words = {"unit": name, "case": case, "hours": format_number((finish - begin) / HOUR, 1)}
                step = model.name_of(model.net.elements[node], language)
                tip = text("people.tip", language, step=step, **words)
                hue = min(order.index(node), MOST_HUES)
                for a, b, is_open in pool.hours.pieces(begin, finish):
                    if is_open or pool.shift_end == "finish":
                        bars.append(PeopleBar((a - start) / HOUR, (b - start) / HOUR, hue, str(case), tip))
            rows.append(PeopleRow(name, tuple(bars), closed, format_share(busy / room, 0) if room else "-"))
    names = [model.name_of(model.net.elements[node], language) for node in order]
    legend = names[:MOST_HUES] + ([text("people.rest", language)] if len(names) > MOST_HUES else [])
    days = [monday + timedelta(days=i) for i in range(7)]
    labels = [
        text("people.day", language, weekday=text(f"chart.weekday.{i}", language), date=f"{day.month}-{day.day}")
        for i, day in enumerate(days)
    ]
    words = {"variant": model.variant_label[language], "week": format_date(monday, language)}
    replication = int(log.replication[0]) if len(log) else 0
    return PeopleWeek(
        text("people.title", language, pipeline=pipeline, **words),
        text("people.subtitle", language, replication=replication),
        tuple(labels),
        _window(rows),
        tuple(rows),
        tuple(legend),
        text("people.busy", language),
    )


def _window(rows: list[PeopleRow]) -> tuple[int, int]:
    """The hours of a day in which anybody is open or at work: nights would take most of the room."""
    moments: list[float] = []
    for row in rows:
        moments += [hour for bar in row.bars for hour in (bar.from_hour % 24, (bar.to_hour - 1e-6) % 24)]
        ends = [0.0, *(edge for pair in row.closed for edge in pair), 168.0]
        open_parts = [(a, b) for a, b in zip(ends[::2], ends[1::2], strict=True) if b > a]
        moments += [hour for a, b in open_parts for hour in (a % 24, (b - 1e-6) % 24)]
    if not moments:
        return 0, 24
    return int(min(moments)), int(max(moments)) + 1


def draw_people(data: PeopleWeek) -> Scene:
    """A row per unit; the seven days stand side by side, each cut to the hours in which somebody works."""
    page = Page(data.title, data.subtitle, width=980.0)
    _legend(page, data.legend)
    name_width = column_width([row.name for row in data.rows], 190.0)
    busy_width = column_width([data.heading, *(row.busy for row in data.rows)], 70.0)
    left, right = page.left + name_width + 8, page.right - busy_width - 10
    first, last = data.hours
    per_day = (right - left) / 7

    def x(hour: float) -> float:
        day = min(int(hour // 24), 6)
        share = (min(max(hour - 24 * day, first), last) - first) / (last - first)
        return left + per_day * (day + share)

    for i, label in enumerate(data.days):
        page.words(left + per_day * (i + 0.5), page.y + 10, label, "tick", INK, 9, align="center", width=per_day - 4)
    page.words(page.right, page.y + 10, data.heading, "heading", QUIET, 9, align="right", width=busy_width)
    page.y += 15
    top = page.y
    for row in data.rows:
        _row(page, row, x, name_width)
    for day in range(8):
        at = left + per_day * day
        page.add(Stroke(((at, top), (at, page.y)), "day", FAINT, 0.9))
    hours = (first, (first + last) // 2)
    for day in range(7):
        for hour in hours:
            page.words(x(24 * day + hour) + 2, page.y + 10, f"{hour}:00", "hour", QUIET, 7.5, width=per_day / 2 - 4)
    page.y += 14
    return page.scene()


def _row(page: Page, row: PeopleRow, x: Callable[[float], float], name_width: float) -> None:
    top, middle = page.y, page.y + ROW / 2
    page.words(page.left, middle + 3.4, row.name, "row-label", INK, width=name_width)
    for begin, end in row.closed:
        for day in range(int(begin // 24), min(int((end - 1e-9) // 24), 6) + 1):
            a, b = x(max(begin, 24.0 * day)), x(min(end, 24.0 * (day + 1) - 1e-6))
            if b - a > 0.05:
                page.add(Area(a, top, b - a, ROW, "closed", fill=CLOSED))
    for bar in row.bars:
        a, b = x(bar.from_hour), x(bar.to_hour if bar.to_hour % 24 else bar.to_hour - 1e-6)
        width = max(b - a, 0.8)
        page.add(Area(a, top + 2, width, ROW - 4, "bar", fill=HUES[bar.hue], edge=PAPER, tip=bar.tip))
        _sign(page, a, top + ROW - 2 - SIGN_HEIGHT, width, SIGN_HEIGHT, bar.hue)
        if text_width(bar.words, 7.5) + 2 <= width:
            page.words((a + b) / 2, top + ROW - 3 - SIGN_HEIGHT, bar.words, "case", PAPER, 7.5, align="center")
    page.words(page.right, middle + 3.4, row.busy, "figure", INK, align="right")
    page.y += ROW
    page.add(Stroke(((page.left, page.y), (page.right, page.y)), "separator", GRID, 0.5))


def _sign(page: Page, x: float, y: float, width: float, height: float, hue: int) -> None:
    """What tells procedures apart without colour: a pattern at the foot, thick or thin below it."""
    sign = SIGNS[hue]
    if sign is not None:
        page.add(Area(x, y, width, height, "sign", fill=tint(HUES[hue], 0.12), edge=HUES[hue], hatch=sign))
    elif hue:
        page.add(Area(x, y + 1, width, height - 2, "sign", fill=PAPER, edge=HUES[hue]))


def _legend(page: Page, names: tuple[str, ...]) -> None:
    x = page.left
    for number, name in enumerate(names):
        needed = 14 + min(text_width(name, 9), 200.0)
        if x > page.left and x + needed > page.right:
            x, page.y = page.left, page.y + 15
        page.add(Area(x, page.y - 1, 12, 12, "key", fill=HUES[number]))
        _sign(page, x, page.y + 11 - SIGN_HEIGHT, 12, SIGN_HEIGHT, number)
        page.words(x + 14, page.y + 8.6, name, "key-words", INK, 9, width=200.0)
        x += needed + 14
    page.y += 20
