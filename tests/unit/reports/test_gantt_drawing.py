import importlib.util
from dataclasses import replace
from datetime import date
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text
from matplotlib.transforms import Affine2D

from engine.errors import BadInput
from reports.drawing.painting import paint, settings
from reports.drawing.scene import Area, Polygon, Scene, Stroke, Words
from reports.gantt import CAUSES, GanttBar, GanttChart, GanttLimit, GanttPanel, GanttRow
from reports.gantt.drawing import DOTS_PER_INCH, draw
from reports.gantt.limits import LANE
from reports.gantt.page import lay_out

# importlib mode does not put the folder of a test on the path
_spec = importlib.util.spec_from_file_location("gantt_samples", Path(__file__).with_name("gantt_samples.py"))
samples = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(samples)

CHARTS = {
    "chinese": samples.two_panels(),
    "english": samples.two_panels("en"),
    "dates": samples.two_panels(start_date=date(2024, 3, 4)),
    "english dates": samples.two_panels("en", start_date=date(2024, 12, 20)),
    "crowded": samples.crowded(),
    "long works": samples.long_works(),
    "long works to scale": replace(samples.long_works(), break_axis=False),
    "900 days": replace(samples.long_works(870.0), break_axis=False, start_date=date(2024, 1, 31)),
    "hours": GanttChart("3 h", "", (samples.panel("x", [samples.step("a", 0, 0.05, 0.1)], 1.1, (0.2,)),), "en"),
    "three panels": replace(samples.two_panels(), panels=samples.two_panels().panels * 2),
    "no rows": GanttChart("", "", (GanttPanel("x", ()),), "zh"),
}


def words_of(scene: Scene, role: str = "") -> list[Words]:
    """The texts of a role."""
    return [shape for shape in scene.shapes if isinstance(shape, Words) and shape.role.startswith(role)]


def drawn_boxes(scene: Scene):
    """What matplotlib says each text covers, in points from the lower left corner."""
    with settings():
        figure = paint(scene)
        figure.set_dpi(DOTS_PER_INCH)
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        points = Affine2D().scale(72 / DOTS_PER_INCH)
        texts = [text for text in figure.findobj(Text) if text.get_text() and text.get_gid()]
        return [(text.get_text(), text.get_window_extent(canvas.get_renderer()).transformed(points)) for text in texts]


@pytest.mark.parametrize("name", CHARTS)
def test_no_text_leaves_the_page_or_covers_another(name):
    """Whatever the names, every text lies on the page and no two texts overlap, measured after drawing."""
    scene = lay_out(CHARTS[name])
    boxes = drawn_boxes(scene)
    assert len(boxes) == len([words for words in words_of(scene) if words.text])
    for text, box in boxes:
        assert box.x0 >= 0, text
        assert box.x1 <= scene.width, text
        assert box.y0 >= 0, text
        assert box.y1 <= scene.height, text
    for (one, a), (other, b) in combinations(boxes, 2):
        width = min(a.x1, b.x1) - max(a.x0, b.x0)
        height = min(a.y1, b.y1) - max(a.y0, b.y0)
        # boxes hold room for the tallest letters: ink that only shares this room does not touch
        assert width <= 0.5 or height <= 3.0, f"{one!r} covers {other!r}"


@pytest.mark.parametrize("name", CHARTS)
def test_limits_and_cuts_cross_no_words(name):
    """Limit lines and cuts run beside the words of limits and of the finish, or paper lies between."""
    scene = lay_out(CHARTS[name])
    lines = [s for s in scene.shapes if isinstance(s, Stroke) and s.role in ("limit", "break-edge")]
    papers = [s for s in scene.shapes if isinstance(s, Area) and s.role == "limit-paper"]
    for words in (*words_of(scene, "limit-words"), *words_of(scene, "finish-words")):
        if any(paper.y <= words.y <= paper.y + paper.height + 1 for paper in papers):
            continue
        for line in lines:
            (x, top), (_, bottom) = line.points[0], line.points[-1]
            beside = not (words.left < x < words.left + words.width)
            assert beside or not (top < words.y - 2 < bottom), words.text


def test_every_bar_is_drawn_in_the_look_of_its_cause():
    """As many shapes as stretches, and no two causes share a shape, a height and a pattern."""
    chart = samples.two_panels()
    scene = lay_out(chart)
    looks = set()
    for cause in CAUSES:
        wanted = sum(bar.cause == cause for panel in chart.panels for row in panel.rows for bar in row.bars)
        drawn = [shape for shape in scene.shapes if shape.role == f"bar-{cause}"]
        assert len(drawn) == wanted + 1  # and one in the legend
        last = drawn[-1]
        looks.add((round(last.height, 2), last.hatch) if isinstance(last, Area) else ("dots",))
    assert len(looks) == len(CAUSES)


def test_limit_finish_and_bars_stand_on_one_scale():
    """The limit's line, the diamond and the bars lie where the labelled days say."""
    scene = lay_out(samples.two_panels())
    ticks = {words.text: words.x for words in words_of(scene, "tick")}
    per_day = (ticks["42"] - ticks["0"]) / 42
    limits = [shape.points[0][0] for shape in scene.shapes if shape.role == "limit"]
    assert limits == pytest.approx([ticks["0"] + 38 * per_day, ticks["0"] + 17 * per_day])
    diamonds = [s for s in scene.shapes if isinstance(s, Polygon) and s.role == "finish"][1:]
    assert [s.points[0][0] for s in diamonds] == pytest.approx([ticks["0"] + d * per_day for d in (43, 15.8)])
    works = [s for s in scene.shapes if isinstance(s, Area) and s.role == "bar-work"][1:]
    assert works[0].x == pytest.approx(ticks["0"] + 1.2 * per_day)
    assert works[0].width == pytest.approx(0.8 * per_day)


@pytest.mark.parametrize(
    ("days", "lanes"),
    [((10, 30), [0, 0]), ((10, 11, 12), [0, 1, 2]), ((24, 39.5), [0, 0]), ((34, 39.8), [0, 1])],
)
def test_words_of_limits_share_a_lane_only_where_they_have_room(days, lanes):
    """Limits close together stand in lanes under each other; those with room share the highest lane."""
    limits = tuple(GanttLimit(day, "承诺时限 38 天") for day in days)
    rows = (GanttRow("x", bars=(GanttBar(0, 40, "work"),)),)
    words = words_of(lay_out(GanttChart("", "", (GanttPanel("", rows, limits=limits),))), "limit-words")
    assert [round((word.y - words[0].y) / LANE) for word in words] == lanes


def test_a_finish_that_is_overdue_never_reads_as_one_in_time():
    """The words of an end beyond the limit do not stand before the limit."""
    scene = lay_out(samples.two_panels())
    limit = next(shape.points[0][0] for shape in scene.shapes if shape.role == "limit")
    words = words_of(scene, "finish-words")[0]
    diamonds = [s for s in scene.shapes if isinstance(s, Polygon) and s.role == "finish"]
    below = words.y > diamonds[1].points[2][1]
    assert words.left > limit or below


def test_days_off_are_shaded_as_given():
    """Shading comes from the calendar in use, not from weekdays."""
    scene = lay_out(samples.two_panels())
    ticks = {words.text: words.x for words in words_of(scene, "tick")}
    per_day = (ticks["42"] - ticks["0"]) / 42
    bands = [shape for shape in scene.shapes if isinstance(shape, Area) and shape.role == "day-off"]
    assert [band.x for band in bands] == pytest.approx([ticks["0"] + d * per_day for d in (5, 12, 5, 12)])
    assert all(band.width == pytest.approx(2 * per_day) for band in bands)


def test_days_off_stay_visible_on_a_long_chart():
    """Weekends as a strip under the rows, longer holidays shaded through; the legend says what they are."""
    off = (*((7.0 * week + 5, 7.0 * week + 7) for week in range(60)), (500.0, 503.0))
    row = GanttRow("a", bars=tuple(GanttBar(10.0 * i, 10.0 * i + 10, "work") for i in range(80)))
    scene = lay_out(GanttChart("", "", (GanttPanel("p", (row,), days_off=off),)))
    areas = [shape for shape in scene.shapes if isinstance(shape, Area)]
    strips = [shape for shape in areas if shape.role == "day-off-strip"]
    holidays = [shape for shape in areas if shape.role == "day-off"]
    assert len(strips) >= 57
    assert all(strip.width > 0.2 for strip in strips)
    assert len(holidays) == 1
    assert [shape for shape in areas if shape.role == "band-sample"]


def test_sixty_rows_keep_their_size_of_type():
    """The page grows; nothing shrinks."""
    rows = tuple(GanttRow(f"step {i}", bars=(GanttBar(i, i + 1, "work"),)) for i in range(60))
    scene = lay_out(GanttChart("", "", (GanttPanel("p", rows),)))
    labels = words_of(scene, "row-label")
    assert len(labels) == 60
    assert {words.size for words in labels} == {10.0}
    gaps = [below.y - above.y for above, below in pairwise(sorted(labels, key=lambda words: words.y))]
    assert min(gaps) >= 1.5 * 10


def test_returns_are_marked_once_where_they_are_close():
    """Each correction has its mark; marks that would hide each other are one."""
    scene = lay_out(samples.two_panels())
    assert len([s for s in scene.shapes if s.role == "return"]) == 2 + 1  # and one in the legend


def test_red_is_kept_for_limits_and_what_is_over_them():
    """No department, however many there are, gets the colour of the limit."""
    from reports.drawing.style import OVERDUE

    scene = lay_out(samples.crowded())
    red = {s.role for s in scene.shapes if OVERDUE in (getattr(s, "colour", None), getattr(s, "fill", None))}
    assert red == {"limit", "limit-words", "number", "finish", "finish-words"}


def test_overdue_is_said_without_colour():
    """A figure over its limit carries a sign."""
    scene = lay_out(samples.two_panels())
    assert {words.text for words in words_of(scene, "number") if words.colour == "#c0281f"} == {"!9/7"}


def test_short_work_stays_visible():
    """A stretch of minutes in a chart of years is still drawn."""
    rows = (GanttRow("x", "y", bars=(GanttBar(1, 1.001, "work"), GanttBar(1.001, 900, "queue"))),)
    scene = lay_out(GanttChart("", "", (GanttPanel("", rows),), break_axis=False))
    assert [s.width for s in scene.shapes if s.role == "bar-work"][-1] >= 1.5


def test_the_page_grows_with_its_rows():
    """Sixty rows are as legible as six: each keeps at least 18 points."""
    few, many = (
        lay_out(GanttChart("", "", (GanttPanel("", tuple(GanttRow(str(i)) for i in range(n))),))) for n in (60, 90)
    )
    assert many.height - few.height == pytest.approx(30 * 18)


def test_the_name_column_follows_the_names():
    """Longer names get more room, up to a bound."""
    lefts = []
    for name in ("a", "a longer name of a step", "x" * 200):
        chart = GanttChart("", "", (GanttPanel("", (samples.step(name, 0, 1, 1),)),))
        lefts.append(next(s.points[0][0] for s in lay_out(chart).shapes if s.role == "grid"))
    assert lefts == sorted(set(lefts))
    assert lefts[-1] < 300


def test_markup_is_shown_as_it_stands(tmp_path):
    """Dollars, underscores, angle brackets and ampersands in names are letters, also in SVG."""
    from lxml import etree

    name = "a_b $x^2$ <b>&amp; {x} \\frac"
    chart = GanttChart(name, name, (GanttPanel(name, (samples.step(name, 0, 1, 1),)),))
    assert name in {text for text, _ in drawn_boxes(lay_out(chart))}
    draw(chart, [tmp_path / "x.svg"])
    title = etree.parse(tmp_path / "x.svg").find(".//{http://purl.org/dc/elements/1.1/}title")
    assert title.text == name


def test_the_same_chart_gives_the_same_bytes(tmp_path):
    """Twice drawn is twice the same file, in every format, and no partial file stays."""
    for run in ("a", "b"):
        assert draw(samples.two_panels(), [tmp_path / f"{run}{s}" for s in (".png", ".svg", ".PDF")]) == []
    for suffix in (".png", ".svg", ".PDF"):
        first = (tmp_path / f"a{suffix}").read_bytes()
        assert first == (tmp_path / f"b{suffix}").read_bytes()
        assert len(first) > 10_000
    assert len(list(tmp_path.iterdir())) == 6


def test_a_missing_character_is_replaced_and_reported(tmp_path):
    """The chart is drawn, with a sign for what the font lacks, and a warning names it."""
    chart = GanttChart("㐂", "", (GanttPanel("", (samples.step("字𠮷号", 0, 1, 1),)),))
    (finding,) = draw(chart, [tmp_path / "x.png"])
    assert finding.severity == "warning"
    assert "㐂 (U+3402), 𠮷 (U+20BB7)" in finding.message("en")
    assert "㐂 (U+3402)" in finding.message("zh")


def test_what_cannot_be_written_is_said_at_once(tmp_path):
    """Wrong suffixes and missing folders are all reported together, and nothing is written."""
    paths = [tmp_path / "x.gif", tmp_path / "x.png", tmp_path / "no" / "x.svg", tmp_path / "plain"]
    with pytest.raises(BadInput) as caught:
        draw(samples.two_panels(), paths)
    assert {finding.code for finding in caught.value.findings} == {
        "reports.picture_suffix",
        "reports.no_folder",
    }
    assert ".pdf, .png, .svg" in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_the_place_of_the_file_is_said(tmp_path):
    """A path that is a folder is refused."""
    (tmp_path / "x.png").mkdir()
    with pytest.raises(BadInput, match="can be written"):
        draw(samples.two_panels(), [tmp_path / "x.png"])


def test_a_refusal_of_the_system_is_a_finding(tmp_path, monkeypatch):
    """A disk that refuses leaves no half picture and no traceback."""

    def refuse(self, target):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(BadInput, match="Permission denied"):
        draw(samples.two_panels(), [tmp_path / "x.svg"])
    assert list(tmp_path.iterdir()) == []


def test_drawing_leaves_the_settings_of_matplotlib_alone(tmp_path):
    """A user's own settings neither change the chart nor are changed by it."""
    import matplotlib as mpl

    draw(samples.two_panels(), [tmp_path / "a.svg"])
    with mpl.rc_context({"svg.fonttype": "none", "savefig.facecolor": "red"}):
        before = dict(mpl.rcParams)
        draw(samples.two_panels(), [tmp_path / "b.svg"])
        assert dict(mpl.rcParams) == before
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()


@pytest.mark.parametrize(("ends", "cause"), [((2, 1), "work"), ((-1, 1), "work"), ((0, float("nan")), "work")])
def test_a_stretch_that_runs_backwards_is_refused(ends, cause):
    """Bars are checked when they are made."""
    with pytest.raises(ValueError, match="from_day"):
        GanttBar(*ends, cause)


def test_the_model_loads_without_matplotlib():
    """Building a chart costs no heavy import."""
    import subprocess
    import sys

    code = "import sys, reports.gantt; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
