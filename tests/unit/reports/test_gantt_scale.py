from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.drawing.fitting import fit, shorten
from reports.fonts import text_width
from reports.gantt import GanttBar, GanttChart, GanttFinish, GanttLimit, GanttPanel, GanttRow
from reports.gantt.scale import build_scale, ticks_of


def chart_of(*bars: tuple[float, float, str], limits: tuple[float, ...] = (), **more: object) -> GanttChart:
    """A chart of one row."""
    row = GanttRow("x", "y", bars=tuple(GanttBar(*bar) for bar in bars))
    lines = tuple(GanttLimit(day, "limit") for day in limits)
    return GanttChart("", "", (GanttPanel("", (row,), limits=lines),), **more)


WORKS = ((0, 7, "work"), (7, 157, "third_party"), (157, 164, "work"))


def test_a_scale_without_cuts_is_in_proportion():
    """A day is as wide everywhere, and the last moment lies on the plot."""
    scale = build_scale(chart_of((0, 10, "work"), (10, 40, "queue")), 100, 500)
    assert scale.breaks == ()
    assert scale.x(0) == 100
    assert scale.x(40) <= 500
    assert scale.x(30) - scale.x(20) == pytest.approx(scale.x(10) - scale.x(0))


def test_long_works_are_cut_and_the_rest_stays_in_proportion():
    """Only the days in which nothing begins or ends are left out, and at most those."""
    scale = build_scale(chart_of(*WORKS), 0, 500)
    (cut,) = scale.breaks
    assert (cut.from_day, cut.to_day) == (10, 154)
    assert scale.x(7) - scale.x(0) == pytest.approx(scale.x(164) - scale.x(157))
    assert scale.x(7) - scale.x(0) > 3 * (500 * 7 / 164)


def test_a_limit_within_the_works_is_never_cut_away():
    """A moment that is marked keeps its proportional surroundings."""
    scale = build_scale(chart_of(*WORKS, limits=(100,)), 0, 500)
    assert scale.breaks
    assert not any(cut.from_day <= 100 <= cut.to_day for cut in scale.breaks)


def test_what_differs_between_panels_is_never_cut_away():
    """A step of one panel keeps the scale whole in the other."""
    one = chart_of(*WORKS)
    two = chart_of((0, 30, "work"), (30, 130, "dwell"), (130, 164, "work"))
    scale = build_scale(GanttChart("", "", one.panels + two.panels), 0, 500)
    (cut,) = scale.breaks
    assert (cut.from_day, cut.to_day) == (33, 127)


def test_waiting_and_office_work_are_never_cut():
    """How long people wait is what the chart shows: it keeps its length, in every panel."""
    for cause in ("queue", "batch", "work"):
        waits = chart_of((0, 7, "work"), (7, 157, cause), (157, 164, "work"))
        assert build_scale(waits, 0, 500).breaks == ()
        both = GanttChart("", "", chart_of(*WORKS).panels + waits.panels)
        assert build_scale(both, 0, 500).breaks == ()


def test_nights_within_one_piece_of_work_do_not_keep_it_from_being_cut():
    """Work that pauses over night and on days off is one stretch."""
    pieces = [(5 + i / 2, 5.5 + i / 2, "off_hours" if i % 2 else "third_party") for i in range(300)]
    scale = build_scale(chart_of((0, 5, "queue"), *pieces, (155, 160, "queue")), 0, 500)
    assert len(scale.breaks) == 1


def test_cuts_can_be_forbidden_and_are_not_made_for_little():
    """A chart that gains less than a third stays in proportion, and so does one that asks for it."""
    assert build_scale(chart_of(*WORKS, break_axis=False), 0, 500).breaks == ()
    assert build_scale(chart_of((0, 7, "work"), (7, 50, "dwell")), 0, 500).breaks == ()
    steps = [(i * 10, i * 10 + 10, "work") for i in range(15)]
    assert build_scale(chart_of(*steps, (150, 205, "dwell")), 0, 500).breaks == ()


@given(st.lists(st.floats(0, 900), min_size=1, max_size=20), st.booleans())
def test_the_scale_keeps_the_order_of_days(days, break_axis):
    """Later is further right, cuts or not, and everything lies on the plot."""
    bars = [(0, day, "work") for day in days]
    scale = build_scale(chart_of(*bars, break_axis=break_axis), 50, 550)
    places = [scale.x(day) for day in sorted(days)]
    assert places == sorted(places)
    assert all(50 - 1e-6 <= place <= 550 + 1e-6 for place in places)


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        (0.4, ["0", "1", "2"]),
        (15, ["0", "1", "2"]),
        (45, ["0", "7", "14"]),
        (200, ["0", "14", "28"]),
        (900, ["0", "60", "120"]),
    ],
)
def test_ticks_follow_the_span(last, expected):
    """Hours, days, weeks, months: as fine as has room."""
    scale = build_scale(chart_of((0, last, "work"), break_axis=False), 0, 520)
    assert [tick.label for tick in ticks_of(scale, "en", None)][:3] == expected


def test_dates_stand_under_the_days():
    """Day 0 is the start date; long charts are labelled at the first of each month."""
    weeks = build_scale(chart_of((0, 40, "work"), break_axis=False), 0, 520)
    assert [t.date_label for t in ticks_of(weeks, "zh", date(2024, 2, 26))][:2] == ["2月26日", "3月4日"]
    months = build_scale(chart_of((0, 300, "work"), break_axis=False), 0, 520)
    labels = [(t.label, t.date_label) for t in ticks_of(months, "en", date(2023, 12, 6))]
    assert labels[:3] == [("0", "6 Dec"), ("57", "1 Feb"), ("86", "1 Mar")]


def test_no_tick_lies_within_a_cut():
    """A place that is not to scale is not labelled."""
    scale = build_scale(chart_of(*WORKS), 0, 500)
    assert not any(10 < tick.day < 154 for tick in ticks_of(scale, "en", None))


@pytest.mark.parametrize(
    ("row", "finish"),
    [
        (GanttRow("x"), GanttFinish(30, "x")),
        (GanttRow("x"), GanttFinish(10, "x", interval=(9, 30))),
        (GanttRow("x"), GanttFinish(10, "x", p90_day=30)),
        (GanttRow("x", returns=(30,)), None),
        (GanttRow("x", p90_day=30), None),
    ],
)
def test_every_mark_lies_on_the_plot(row, finish):
    """Ends, intervals, percentiles and returns widen the scale as bars do."""
    scale = build_scale(GanttChart("", "", (GanttPanel("", (row,), finish=finish),)), 0, 500)
    assert scale.x(30) == pytest.approx(500 / 1.02)


@given(st.text(alphabet="审批（）、，ab cd-e", max_size=80), st.floats(30, 200), st.integers(1, 4))
def test_broken_lines_fit_and_lose_nothing_silently(text, width, lines):
    """Every line fits; all characters are kept in order, or an ellipsis says that some are not."""
    broken = fit(text, width, 10, lines=lines)
    assert len(broken) <= lines
    assert all(text_width(line, 10) <= width for line in broken)
    kept = "".join(broken).replace(" ", "")
    whole = text.replace(" ", "")
    assert kept == whole or (kept.endswith("…") and whole.startswith(kept[:-1]))


def test_lines_break_as_chinese_does():
    """No line begins with a closing mark, words stay whole, no character is alone on the last line."""
    assert fit("规划许可（含方案）证书", 90, 10, lines=3) == ("规划许可（含方案）", "证书")
    assert fit("规划许可（含方案）证书", 80, 10, lines=3) == ("规划许可（含方", "案）证书")
    assert fit("规划许可（含方案）", 50, 10, lines=3) == ("规划许可", "（含方案）")
    assert fit("joint acceptance", 60, 10, lines=2) == ("joint", "acceptance")
    assert fit("建设工程规划许可证", 80, 10, lines=2) == ("建设工程规划许", "可证")


def test_shortened_words_fit():
    """An ellipsis stands for what is left out; nothing is shortened that fits."""
    assert shorten("审批", 100, 10) == "审批"
    assert shorten("审批审批审批", 40, 10) == "审批审…"
