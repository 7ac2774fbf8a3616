"""One case's story: what it says is what the log says."""

import pytest

from engine.calendars.hours import Hours
from engine.calendars.units import DAY, HOUR, MINUTE
from reports.cases import pick_case
from reports.labels import labels_of
from reports.story import format_duration, story_json, story_lines
from simulations.drivers.simpy_driver import simulate
from simulations.indicators import measure
from simulations.story import story_of
from tests.support.drawing import Draw
from tests.support.modelling import Do, model_of, pool

NINE_TO_FIVE = Hours.from_intervals([(d * DAY + 9 * HOUR, d * DAY + 17 * HOUR) for d in range(100)], 100 * DAY)
TWO = Draw().start().task("check", "decide").end().flow("start", "check", "decide", "end").diagram()


def told(case):
    """Three cases come at 16:00; one person checks for an hour, then a decision runs for two days."""
    does = {"check": Do(effort=60, pools=("desk",)), "decide": Do(dwell=2 * 24 * 60, party="third_party")}
    model = model_of(TWO, does, pools=[pool("desk", hours=NINE_TO_FIVE)], arrivals=(960, 960, 960))
    log = simulate(model, 0)
    picked = pick_case(model, [measure(log, model)], str(case))
    story = story_of(log, model, case)
    return model, picked, story


def test_a_queue_names_who_was_served_meanwhile():
    """The third case comes when the first is at work, and one more is begun before its turn the next day."""
    _, _, story = told(2)
    check = story.steps[0]
    (queueing,) = check.queueing
    assert [(busy.unit, busy.case, busy.element) for busy in queueing.busy] == [(0, 0, "check")]
    assert queueing.before == 1
    assert check.stretches == (
        (16 * HOUR, 17 * HOUR, "queue"),
        (17 * HOUR, DAY + 9 * HOUR, "off_hours"),
        (DAY + 9 * HOUR, DAY + 10 * HOUR, "queue"),
        (DAY + 10 * HOUR, DAY + 11 * HOUR, "work"),
    )


def test_the_causes_add_up_to_the_elapsed_time():
    """And every step of a straight way lies on the chain."""
    _, _, story = told(2)
    assert sum(story.causes.values()) == story.end - story.begin == 19 * HOUR + 2 * DAY
    assert all(step.critical for step in story.steps)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["2022-01-03 Mon 16:00:00", "queued for 2 h", "1 of 1 at desk were at work on check of case 0"]),
        ("zh", ["2022-01-03 周一 16:00:00", "排队 2 小时", "desk 1 人中有 1 人正在办 第 0 件的check"]),
    ],
)
def test_the_sentences_say_when_and_why(language, words):
    """In both languages, with exact times; and the same facts stand in the JSON."""
    model, picked, story = told(2)
    lines = story_lines(story, model, picked, labels_of({"test": model}, language), language)
    assert all(word in "\n".join(lines) for word in words)
    plain = story_json(story, model, picked, lines, language)
    assert plain["steps"][0]["started"] == "2022-01-04T10:00:00.000"
    assert sum(plain["causes_ms"].values()) == plain["elapsed_ms"]


def test_durations_are_exact_to_the_second():
    """Nothing is rounded away, and nothing is empty."""
    assert format_duration(2 * DAY + 3 * HOUR + 5 * MINUTE + 7_000, "en") == "2 d 3 h 5 min 7 s"
    assert format_duration(0, "en") == "0 s"
