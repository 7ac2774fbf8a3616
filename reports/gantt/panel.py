"""One panel: title, limits, rows with their figures, the finish in a row of its own, the axis.

Nothing can collide by construction: limits have lanes above the rows, the finish a row below them, names and
figures columns of their own; within a lane, words look for a free place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from engine.texts import text
from reports.drawing.fitting import fit, shorten
from reports.drawing.scene import Area, Shape, Stroke, Words
from reports.drawing.style import BAND, FAINT, GRID, INK, OVERDUE, QUIET
from reports.fonts import Weight, text_width
from reports.formatting import format_number, format_quantity
from reports.gantt.axis import axis_shapes, cut_shapes
from reports.gantt.finish import place_finish
from reports.gantt.limits import LANE, limit_shapes
from reports.gantt.marks import DRAWING_ORDER, bar_shape, return_mark, whisker
from reports.gantt.model import GanttBar, GanttChart, GanttNumber, GanttPanel, GanttRow
from reports.gantt.scale import Scale, ticks_of

__all__ = ["Columns", "columns_of", "panel_shapes", "shades_days_off"]

ROW_SIZE = 10.0
NUMBER_SIZE = 9.5
INDENT = 11.0
CHIP = 10.0
LONGEST_NAME = 236.0
WIDEST_NUMBER = 96.0
NARROWEST_PLOT = 340.0
NUMBER_GAP = 13.0
THINNEST_SHADED_DAY = 1.5  # points a day: below it, only longer holidays are shaded through
THINNEST_DAY = 0.15  # points a day: below it, nothing of a weekend is left
STRIP = 4.0  # height of the strip of days off under the rows of a long chart
LONG_HOLIDAY = 3  # days
RETURN_GAP = 9.0


@dataclass(frozen=True)
class Columns:
    """Where names, plot and figures stand, equal in all panels; points.

    Args:
        numbers: Right edges of the columns of figures.
        number_widths: Their widths.
    """

    page_width: float
    left: float
    plot_left: float
    plot_right: float
    numbers: tuple[float, ...]
    number_widths: tuple[float, ...]

    @property
    def right(self) -> float:
        """Right edge of all that is drawn."""
        return self.page_width - self.left


def columns_of(chart: GanttChart, margin: float, narrowest_page: float) -> Columns:
    """Give names and figures the width that they need, within reason, and the plot the rest."""
    names = [
        row.depth * INDENT + CHIP + text_width(row.label, ROW_SIZE) for panel in chart.panels for row in panel.rows
    ]
    names.append(CHIP + text_width(text("gantt.finish", chart.language), ROW_SIZE, "bold"))
    name_width = min(max(names) + 1, LONGEST_NAME)

    widths = [
        min(max(_number_widths(chart, i)), WIDEST_NUMBER)
        for i in range(max((len(panel.columns) for panel in chart.panels), default=0))
    ]
    figures = sum(widths) + NUMBER_GAP * len(widths)
    plot_left = margin + name_width + 10
    page_width = max(narrowest_page, plot_left + NARROWEST_PLOT + figures + margin)
    plot_right = page_width - margin - figures
    rights, x = [], plot_right
    for width in widths:
        x += NUMBER_GAP + width
        rights.append(x)
    return Columns(page_width, margin, plot_left, plot_right, tuple(rights), tuple(widths))


def _number_widths(chart: GanttChart, column: int) -> list[float]:
    widths = [0.0]
    for panel in chart.panels:
        if column < len(panel.columns):
            widths.append(text_width(panel.columns[column].heading, NUMBER_SIZE))
        totals = panel.finish.numbers if panel.finish else ()
        for numbers in (*(row.numbers for row in panel.rows), totals):
            if column < len(numbers):
                widths.append(text_width(_figure(numbers[column]), NUMBER_SIZE, "bold"))
    return widths


def shades_days_off(chart: GanttChart, scale: Scale) -> bool:
    """Whether days off are wide enough to be seen."""
    return scale.points_per_day >= THINNEST_DAY and any(panel.days_off for panel in chart.panels)


def panel_shapes(
    chart: GanttChart, panel: GanttPanel, columns: Columns, scale: Scale, hues: Mapping[str, str], y: float
) -> tuple[list[Shape], float]:
    """Draw one panel from ``y`` downwards.

    Returns:
        Its shapes, and where the next thing begins.
    """
    shapes, y = _title(panel, columns, y + 14)
    lanes_top = y + 4
    limits_end, limit_lines = limit_shapes(panel.limits, scale, lanes_top)
    rows_top = lanes_top + max(limits_end, 1) * LANE + 3
    heights = [_row_height(chart, row, columns) for row in panel.rows]
    rows_bottom = rows_top + sum(heights)
    finish = place_finish(panel.finish, panel, scale, rows_bottom) if panel.finish else None
    lines_end = finish.lines_end if finish else rows_bottom

    shapes.extend(_ground(chart, panel, columns, scale, lanes_top, lines_end))
    shapes.extend(_headings(panel, columns, rows_top - 5))
    shapes.append(_separator(columns, rows_top, FAINT))
    top = rows_top
    for row, height in zip(panel.rows, heights, strict=True):
        shapes.extend(_row(chart, row, panel, columns, scale, hues.get(row.department, QUIET), top, height))
        top += height
        shapes.append(_separator(columns, top, FAINT if top == rows_bottom else GRID))
    shapes.extend(cut_shapes(scale, lanes_top, lines_end))
    shapes.extend(limit_lines(lines_end))
    if panel.finish and finish:
        label = text("gantt.finish", chart.language)
        baseline = finish.middle + 3.6
        shapes.append(Words(columns.left + CHIP, baseline, label, ROW_SIZE, "finish-label", INK, "bold"))
        shapes.extend(finish.shapes)
        shapes.extend(_numbers(panel.finish.numbers, panel, columns, finish.middle, bold=True))
    axis, y = axis_shapes(chart, scale, finish.bottom if finish else rows_bottom)
    return [*shapes, *axis], y


def _title(panel: GanttPanel, columns: Columns, y: float) -> tuple[list[Shape], float]:
    """The title at the left and the note at the right, or under it where both have no room."""
    width = columns.right - columns.left
    title = shorten(panel.title, width, 12.5, "bold")
    shapes: list[Shape] = [Words(columns.left, y + 12, title, 12.5, "panel-title", INK, "bold")]
    note = shorten(panel.note, width, 9.5)
    if not note:
        return shapes, y + 18
    if text_width(title, 12.5, "bold") + text_width(note, 9.5) + 24 <= width:
        shapes.append(Words(columns.right, y + 12, note, 9.5, "panel-note", QUIET, align="right"))
        return shapes, y + 18
    shapes.append(Words(columns.left, y + 27, note, 9.5, "panel-note", QUIET))
    return shapes, y + 33


def _ground(
    chart: GanttChart, panel: GanttPanel, columns: Columns, scale: Scale, top: float, bottom: float
) -> list[Shape]:
    """Days off and the lines of the labelled days, behind everything."""
    shapes: list[Shape] = []
    is_short = scale.points_per_day >= THINNEST_SHADED_DAY
    if shades_days_off(chart, scale):
        for from_day, to_day in panel.days_off:
            cut = any(b.from_day < to_day and from_day < b.to_day for b in scale.breaks)
            left, right = max(scale.x(from_day), scale.left), min(scale.x(to_day), scale.right)
            if right <= left or cut:
                continue
            if is_short or to_day - from_day >= LONG_HOLIDAY:
                shapes.append(Area(left, top, right - left, bottom - top, "day-off", fill=BAND))
            if not is_short:  # weekends as stripes all the way down would be a grey mist
                shapes.append(Area(left, bottom - STRIP, right - left, STRIP, "day-off-strip", fill=FAINT))
    for tick in ticks_of(scale, chart.language, chart.start_date):
        x = scale.x(tick.day)
        shapes.append(Stroke(((x, top), (x, bottom)), "grid", GRID, 0.6))
    return shapes


def _headings(panel: GanttPanel, columns: Columns, baseline: float) -> list[Shape]:
    return [
        Words(
            right,
            baseline,
            shorten(column.heading, width, NUMBER_SIZE),
            NUMBER_SIZE,
            "heading",
            QUIET if column.quiet else INK,
            align="right",
        )
        for column, right, width in zip(panel.columns, columns.numbers, columns.number_widths, strict=False)
    ]


def _row_height(chart: GanttChart, row: GanttRow, columns: Columns) -> float:
    """Low rows where there are many; more for a name of two lines."""
    many = sum(len(panel.rows) for panel in chart.panels) > 40
    return (18.0 if many else 22.0) + (10.0 if len(_name(row, columns)) > 1 else 0.0)


def _name(row: GanttRow, columns: Columns) -> tuple[str, ...]:
    left = columns.left + CHIP + _indent(row)
    return fit(row.label, columns.plot_left - 9 - left, ROW_SIZE, lines=2)


def _indent(row: GanttRow) -> float:
    return min(row.depth, 6) * INDENT


def _row(
    chart: GanttChart,
    row: GanttRow,
    panel: GanttPanel,
    columns: Columns,
    scale: Scale,
    hue: str,
    top: float,
    height: float,
) -> list[Shape]:
    middle = top + height / 2
    left = columns.left + _indent(row)
    shapes: list[Shape] = []
    if row.department:
        shapes.append(Area(left, middle - 6, 4, 12, "chip", fill=hue, radius=1))
    lines = _name(row, columns)
    baseline = middle + 3.6 - (len(lines) - 1) * 6
    for i, line in enumerate(lines):
        shapes.append(Words(left + CHIP, baseline + 12 * i, line, ROW_SIZE, "row-label", INK))

    bar_height = min(height, 22.0)
    for cause in DRAWING_ORDER:
        for bar in row.bars:
            if bar.cause == cause:
                ends = scale.x(bar.from_day), scale.x(bar.to_day)
                shape = bar_shape(cause, *ends, middle, bar_height, hue)
                shapes.append(replace(shape, tip=bar_tip(row, bar, chart.language)))
    if row.p90_day is not None:
        mean = max((bar.to_day for bar in row.bars), default=row.p90_day)
        shapes.extend(whisker(scale.x(mean), scale.x(row.p90_day), middle, "p90"))
    last = float("-inf")
    for x in sorted(scale.x(day) for day in row.returns):
        if x - last >= RETURN_GAP:
            shapes.extend(return_mark(x, middle))
            last = x
    return [*shapes, *_numbers(row.numbers, panel, columns, middle)]


def bar_tip(row: GanttRow, bar: GanttBar, language: str) -> str:
    """What a stretch is, for those who point at it."""
    cause = text(f"gantt.legend.cause.{bar.cause}", language)
    days = {"from_day": format_number(bar.from_day, 1), "to_day": format_number(bar.to_day, 1)}
    length = format_quantity(bar.to_day - bar.from_day, "day", language, 1)
    return text("gantt.tip", language, step=row.label, cause=cause, length=length, **days)


def _numbers(
    numbers: tuple[GanttNumber, ...], panel: GanttPanel, columns: Columns, middle: float, bold: bool = False
) -> list[Shape]:
    shapes: list[Shape] = []
    for number, column, right, width in zip(
        numbers, panel.columns, columns.numbers, columns.number_widths, strict=False
    ):
        weight: Weight = "bold" if bold or number.overdue else "regular"
        shapes.append(
            Words(
                right,
                middle + 3.4,
                shorten(_figure(number), width, NUMBER_SIZE, weight),
                NUMBER_SIZE,
                "number",
                OVERDUE if number.overdue else QUIET if column.quiet else INK,
                weight,
                align="right",
            )
        )
    return [shape for shape in shapes if not isinstance(shape, Words) or shape.text]


def _figure(number: GanttNumber) -> str:
    return f"!{number.text}" if number.overdue else number.text


def _separator(columns: Columns, y: float, colour: str) -> Stroke:
    return Stroke(((columns.left, y), (columns.right, y)), "separator", colour, 0.6)
