from datetime import date
from itertools import combinations, pairwise

import pytest

from reports.drawing.scene import Area, Words
from reports.drawing.style import HUES
from reports.gantt.people import SIGNS, draw_people, people_week
from scenarios.loading import load
from simulations.drivers.replicate import replication_log


@pytest.fixture(scope="module")
def study():
    model = load("enterprise_opening").models["after"]
    return model, replication_log(model, 0)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_week_shows_every_unit_and_what_it_worked(study, language):
    """A row per unit; nobody works on two cases at once, and bars and closed hours lie in the week."""
    model, log = study
    week = people_week(model, log, date(2022, 3, 7), language, "x")
    assert len(week.rows) == sum(pool.units for pool in model.pools)
    assert sum(len(row.bars) for row in week.rows) > 20
    for row in week.rows:
        for bar in row.bars:
            assert 0 <= bar.from_hour <= bar.to_hour <= 168
        spans = sorted((bar.from_hour, bar.to_hour) for bar in row.bars)
        assert all(one[1] <= other[0] for one, other in pairwise(spans))
    scene = draw_people(week)
    words = [shape for shape in scene.shapes if isinstance(shape, Words)]
    for one, other in combinations(words, 2):
        width = min(one.left + one.width, other.left + other.width) - max(one.left, other.left)
        height = min(one.y, other.y) - max(one.y - 0.75 * one.size, other.y - 0.75 * other.size)
        assert width <= 0.5 or height <= 1, (one, other)
    assert all(w.left >= 0 and w.left + w.width <= scene.width for w in words)
    bars = [shape for shape in scene.shapes if isinstance(shape, Area) and shape.role == "bar"]
    assert len(bars) == sum(len(row.bars) for row in week.rows)
    assert all(shape.tip for shape in bars)


def test_the_weekend_is_closed(study):
    """Saturday and Sunday of an ordinary week are shaded for every office."""
    model, log = study
    week = people_week(model, log, date(2022, 3, 7), "en", "x")
    for row in week.rows:
        assert any(begin <= 121 and end >= 167 for begin, end in row.closed)


def test_procedures_are_told_apart_without_colour(study):
    """No two that share the legend have both the same sign and the same thickness; bars carry those of the legend."""
    looks = [(sign, bool(hue)) for hue, sign in enumerate(SIGNS)]
    assert len(set(looks[:7])) == 7
    assert len(SIGNS) == len(HUES)
    model, log = study
    week = people_week(model, log, date(2022, 3, 7), "en", "x")
    scene = draw_people(week)
    signs = [shape for shape in scene.shapes if isinstance(shape, Area) and shape.role == "sign"]
    coloured = [bar for row in week.rows for bar in row.bars if bar.hue]
    assert len(signs) == len(coloured) + len(week.legend) - 1  # the first procedure is the plain one
