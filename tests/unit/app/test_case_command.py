"""``reformsim case`` as a planner calls it."""

from __future__ import annotations

import csv
import json

import pytest


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def given(reformsim, *words, now="2022-03-01T09:00"):
    result = reformsim("case", *words, "--now", now, "--json")
    assert result.status == 0, result.out
    return json.loads(result.out)


START = ("start", "power_low_voltage", "--variant", "after", "--title", "面馆", "--by", "li")


def test_a_case_is_started_done_listed_shown_and_exported(reformsim, here):
    """The way of a case through the commands, in the default store of the working folder."""
    shown = given(reformsim, *START)
    assert shown["case"] == 1
    assert (here / "cases.sqlite").is_file()
    first = shown["open"][-1]["element"]
    (listed,) = given(reformsim, "list")["cases"]
    assert (listed["title"], listed["light"]) == ("面馆", "green")
    assert [task["element"] for task in listed["open"]] == [first]
    after = given(reformsim, "show", "1")
    assert [(step["kind"], step["by"]) for step in after["steps"]] == [("start", "li")]
    assert given(reformsim, "export", "-o", "log.csv")["cases"] == 1
    rows = list(csv.DictReader((here / "log.csv").read_text(encoding="utf-8").splitlines()))
    assert [(row["case"], row["kind"], row["element"], row["resource"]) for row in rows] == [("1", "start", "", "li")]
    given(reformsim, "export", "-o", "all.json")
    assert json.loads((here / "all.json").read_text(encoding="utf-8"))["cases"][0]["title"] == "面馆"


def test_words_that_look_like_a_formula_stay_words_in_the_log(reformsim, here):
    """Whoever opens it in a spreadsheet runs nothing."""
    given(reformsim, *START[:-1], "=1+1")
    given(reformsim, "export", "-o", "log.csv")
    (row,) = csv.DictReader((here / "log.csv").read_text(encoding="utf-8").splitlines())
    assert row["resource"] == "'=1+1"


def test_the_clock_of_a_sum_does_not_run_between_its_procedures(reformsim, here):
    """While the case is open it has not ended: it runs again with the next one."""
    attributes = ("floor_area=5000", "has_basement=true", "public_survey_data=false")
    given(
        reformsim, "start", "construction_permit", "--variant", "after", *(w for a in attributes for w in ("--data", a))
    )
    given(reformsim, "do", "1", "GeotechnicalSurvey", now="2022-03-05T10:00")
    shown = reformsim("case", "show", "1", "--now", "2022-03-05T10:00", "--lang", "en").out
    (line,) = [line for line in shown.splitlines() if "total time of the procedures" in line]
    assert line.rstrip().endswith("does not run now")


def test_due_and_list_know_what_is_near_and_what_is_late(reformsim, here):
    """Three working days: due from the start, red afterwards; by department too."""
    given(reformsim, *START)
    clock = next(c for c in given(reformsim, "show", "1")["clocks"] if c["limit"] == 3)
    assert clock["due"] == "2022-03-05T00:00:00.000"
    assert [row["clock"] for row in given(reformsim, "due", "--within", "2")["due"]] == []
    assert clock["clock"] in [row["clock"] for row in given(reformsim, "due", "--within", "3")["due"]]
    late = given(reformsim, "due", now="2022-03-09T09:00")["due"]
    assert ("red", -3) in [(row["light"], row["days_left"]) for row in late]
    assert given(reformsim, "list", "--overdue")["cases"] == []
    assert len(given(reformsim, "list", "--overdue", now="2022-03-09T09:00")["cases"]) == 1
    lane = given(reformsim, "list")["cases"][0]["open"][0]["department"]
    assert len(given(reformsim, "list", "--department", lane)["cases"]) == 1
    wrong = reformsim("case", "list", "--department", "nobody", "--json")
    assert wrong.status == 2
    assert json.loads(wrong.out)["errors"][0]["code"] == "case.department"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("list",), "case_store.missing"),
        (("show", "1", "--store", "none.sqlite"), "case_store.missing"),
        (("start", "power_low_voltage", "--variant", "aftr"), "use.unknown_variant"),
        (("start", "power_low_voltage", "--store", "no/such/folder.sqlite"), "use.no_folder"),
        (("list", "--now", "yesterday"), "use.now"),
        (("list", "--yellow", "2"), "use.share"),
        (("list", "--overdu"), "use.similar_option"),
        (("show", "first"), "use.whole_number"),
        (("frobnicate",), "use.unknown_word"),
        ((), "use.words"),
    ],
)
def test_wrong_use_is_said_and_makes_no_store(reformsim, here, words, code):
    """A wrong call is a finding and leaves no file behind."""
    result = reformsim("case", *words, "--json")
    assert result.status == 2
    assert [error["code"] for error in json.loads(result.out)["errors"]] == [code]
    assert list(here.glob("*.sqlite*")) == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_tables_say_the_same_in_both_languages(reformsim, here, language):
    """Lights are words, not colours alone."""
    given(reformsim, *START)
    for words in (("list",), ("show", "1"), ("due", "--within", "9")):
        result = reformsim("case", *words, "--lang", language, "--now", "2022-03-02T09:00")
        assert result.status == 0
        assert {"en": "green", "zh": "绿灯"}[language] in result.out


def test_pauses_and_their_reasons_are_shown(reformsim, here):
    """A pause that people state stops all clocks of the case."""
    given(reformsim, *START)
    paused = given(reformsim, "pause", "1", "--reason", "expert_review", "--by", "li")
    assert paused["paused"] == "expert_review"
    assert {clock["standing"] for clock in paused["clocks"]} == {"expert_review"}
    assert given(reformsim, "resume", "1", now="2022-03-03T09:00")["paused"] is None


def test_statutory_and_publicity_clocks_run_beside_the_promised_one(reformsim, here, scenario):
    """A scenario may state all three of one element, and why they stand still."""
    extra = (
        "statutory: {value: 20, unit: working_day, source: guess, range: [10, 30]}, "
        "publicity: {value: 7, unit: working_day, source: guess, range: [5, 20]}, "
        "pauses: [Correct], pause_reasons: {Correct: expert_review}, limit:"
    )
    text = scenario.read_text(encoding="utf-8")
    scenario.write_text(text.replace("limit:", extra, 1), encoding="utf-8")
    given(reformsim, "start", "licence.yaml", "--variant", "before")
    given(reformsim, "do", "1", "Accept", "--data", "Complete=Flow_3", now="2022-03-02T09:00")
    clocks = given(reformsim, "show", "1", now="2022-03-15T09:00")["clocks"]
    found = {(clock["name"], clock["kind"]): clock["light"] for clock in clocks if clock["element"] == "Permit"}
    assert sorted(found.values()) == ["green", "green", "red"]
    assert {kind for _, kind in found} == {"assumed", "statutory", "publicity"}


def test_a_reason_for_no_pause_is_refused(reformsim, here, scenario):
    """Reasons name elements that stand under ``pauses``."""
    text = scenario.read_text(encoding="utf-8")
    scenario.write_text(text.replace("limit:", "pause_reasons: {Correct: other}, limit:", 1), encoding="utf-8")
    assert reformsim("case", "start", "licence.yaml", "--json").status == 2
