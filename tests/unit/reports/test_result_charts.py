import re
from itertools import combinations, pairwise
from xml.etree import ElementTree

import pytest

from reports.charts.convergence import Convergence, ConvergencePanel, draw_convergence
from reports.charts.distribution import Distribution, Sample, draw_distribution
from reports.charts.heat import Heat, HeatPanel, draw_heat
from reports.charts.page import round_steps
from reports.charts.promised import Promised, PromisedPanel, PromisedRow, draw_promised
from reports.charts.tornado import Tornado, TornadoBar, draw_tornado
from reports.charts.waterfall import Waterfall, draw_waterfall
from reports.drawing.files import drawable_data, save
from reports.drawing.scene import Area, Words
from reports.drawing.svg import svg_text

LONG = "一站式联合验收与备案" * 20
MARKUP = '<b>&"x"</b> =SUM(A1) ]]>'
NAN = float("nan")


def distribution(name="改革前"):
    values = tuple(20 + (i * 37 % 300) / 10 for i in range(400))
    return Distribution(
        name, name, "working_day", (Sample(name, values, 38, 0.6), Sample("x", (1.0,)), Sample("y", ()))
    )


def waterfall(name="改革前"):
    return Waterfall(name, "", name, name, (("排队", 30.0, 2.0), (name, 5.0, 9.5), ("work", 1.0, 1.0)))


def promised(name="改革前"):
    rows = (
        PromisedRow(name, 7, "working_day", 5, 8),
        PromisedRow("b", 1, "hour", 9, 20),
        PromisedRow("c", 3, name, 3, 3),
    )
    return Promised(name, name, (PromisedPanel(name, rows), PromisedPanel("empty", ())))


def heat(name="改革前"):
    values = ((0.0, 0.5, NAN, 1.2),) * 3
    panel = HeatPanel(name, (name, "b", "c"), values, ("44%", name, ""), (("0%", "50%", "", "120%"),) * 3)
    return Heat(name, name, ("1月", "", name, "x"), (panel, panel), "全期", ((0.0, "0%"), (1.0, name)), "closed")


def convergence(name="改革前"):
    points = tuple((n, 38 + 3 / n, 38 - 9 / n, 38 + 9 / n) for n in range(2, 41))
    panels = (ConvergencePanel(name, points, 38), ConvergencePanel("one", ()), ConvergencePanel("two", points[:1]))
    return Convergence(name, name, "working_day", panels)


def tornado(name="改革前"):
    bars = (TornadoBar(name, name, name, 30, 44), TornadoBar("b", "2", "5", 40, 33), TornadoBar("c", "0", "1", 35, 35))
    return Tornado(name, name, "working_day", 35.0, bars, 38)


CHARTS = {
    "distribution": (distribution, draw_distribution),
    "waterfall": (waterfall, draw_waterfall),
    "promise": (promised, draw_promised),
    "heat": (heat, draw_heat),
    "convergence": (convergence, draw_convergence),
    "tornado": (tornado, draw_tornado),
}


def scene_of(kind, name, language):
    make, draw = CHARTS[kind]
    return draw(drawable_data(make(name), set()), language)


def texts(scene):
    return [shape for shape in scene.shapes if isinstance(shape, Words)]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", ["改革前", LONG, "W" * 200, MARKUP])
@pytest.mark.parametrize("kind", CHARTS)
def test_words_lie_on_the_page_and_cover_no_other_words(kind, name, language):
    """Names of any length are shortened; no two texts overlap, and none leaves the page."""
    scene = scene_of(kind, name, language)
    shown = texts(scene)
    for words in shown:
        assert words.left >= 0, words
        assert words.left + words.width <= scene.width + 0.01, words
        assert 0 < words.y < scene.height, words
    for one, other in combinations(shown, 2):
        width = min(one.left + one.width, other.left + other.width) - max(one.left, other.left)
        tops = max(one.y - 0.75 * one.size, other.y - 0.75 * other.size)
        height = min(one.y, other.y) - tops
        assert width <= 0.5 or height <= 1.0, (one, other)


@pytest.mark.parametrize("kind", CHARTS)
def test_shapes_lie_on_the_page(kind):
    """No bar and no line leaves the page."""
    scene = scene_of(kind, "改革前", "zh")
    for shape in scene.shapes:
        if isinstance(shape, Area):
            assert shape.x >= 0
            assert shape.x + shape.width <= scene.width
            assert shape.y >= 0
            assert shape.y + shape.height <= scene.height
        elif not isinstance(shape, Words):
            assert all(0 <= x <= scene.width and 0 <= y <= scene.height for x, y in shape.points), shape


@pytest.mark.parametrize("kind", CHARTS)
def test_svg_text_is_small_whole_and_escaped(kind):
    """The text for pages is well-formed whatever the names, keeps text as text, and stays under 60 KB."""
    scene = scene_of(kind, MARKUP, "en")
    svg = svg_text(scene, MARKUP, "one")
    root = ElementTree.fromstring(svg)
    assert root.find("{http://www.w3.org/2000/svg}title").text == MARKUP
    assert len(svg.encode()) < 60_000
    assert "<b>" not in svg
    drawn = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert drawn == [words.text for words in texts(scene)]
    assert "http" not in svg.replace("http://www.w3.org/2000/svg", "")


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_a_chart_is_written_in_every_format(tmp_path, suffix):
    """The same scene gives the same bytes twice."""
    files = [tmp_path / f"{n}.{suffix}" for n in "ab"]
    for file in files:
        save(scene_of("waterfall", "改革前", "zh"), "x", [file])
    assert files[0].read_bytes() == files[1].read_bytes()
    assert sorted(tmp_path.iterdir()) == files


def test_a_year_of_many_pools_stays_small():
    """A year of fifteen pools, twice, are less than 60 KB of SVG text, and every cell is in it."""
    values = tuple(tuple((row * 7 + column * 13) % 100 / 100 for column in range(52)) for row in range(15))
    panel = HeatPanel("x", tuple(f"pool {i}" for i in range(15)), values, ("1%",) * 15)
    scene = draw_heat(Heat("t", "s", ("",) * 52, (panel, panel), "all", ((0.0, "0%"), (1.0, "100%")), "none"), "en")
    svg = svg_text(scene, "t")
    assert len(svg.encode()) < 60_000
    assert sum(path.count("M") for path in re.findall(r'class="cell" fill="[^"]*" d="([^"]*)"', svg)) == 2 * 15 * 52


def test_cases_on_the_limit_are_within_it():
    """A bar ends at the limit: what takes exactly as long is not hatched, what takes longer is."""
    data = Distribution("", "", "working_day", (Sample("x", (38.0, 38.0, 38.5), 38, 2 / 3),))
    roles = [shape.role for shape in draw_distribution(data, "en").shapes if shape.role.startswith("bar")]
    assert sorted(roles) == ["bar", "bar-over"]


def test_a_waterfall_ends_where_the_total_after_does():
    """The changes lead from one total to the other."""
    areas = {s.role: s for s in draw_waterfall(waterfall(), "en").shapes if isinstance(s, Area)}
    shapes = [s for s in draw_waterfall(waterfall(), "en").shapes if isinstance(s, Area)]
    first, last = shapes[0], shapes[-1]
    per_day = first.width / 36.0
    assert last.width == pytest.approx(12.5 * per_day)
    assert areas["more"].width == pytest.approx(4.5 * per_day)


@pytest.mark.parametrize(
    ("low", "high", "most"), [(0, 300, 10), (33.1, 34.2, 4), (-5, 5, 8), (0, 0.001, 3), (2, 40, 8)]
)
def test_round_steps(low, high, most):
    """Never more steps than asked for, evenly spaced, within the ends."""
    steps = round_steps(low, high, most)
    assert 2 <= len(steps) <= most + 1
    assert all(low - 1e-9 <= step <= high + 1e-9 for step in steps)
    gaps = {round(b - a, 9) for a, b in pairwise(steps)}
    assert len(gaps) == 1
