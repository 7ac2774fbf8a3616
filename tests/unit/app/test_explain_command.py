"""``reformsim explain``: from the words to the story, and what is said of a case that is not there."""

import pytest


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_case_is_told(reformsim, scenario, language):
    """Opening, numbered steps, ending, clocks."""
    outcome = reformsim("explain", scenario, "--variant", "before", "--case", "p90", "--no-store", "--lang", language)
    assert outcome.status == 0, outcome.err
    assert "  1. " in outcome.out
    assert ("working day" if language == "en" else "个工作日") in outcome.out


def test_the_json_has_the_facts(reformsim, scenario):
    """The moments of a case follow each other, and the causes add up."""
    outcome = reformsim("explain", scenario, "--case", "worst", "--no-store", "--json")
    found = outcome.json
    assert found["variant"] == "after"
    assert found["begin"] <= found["steps"][0]["enabled"] <= found["end"]
    assert sum(found["causes_ms"].values()) == found["elapsed_ms"]


@pytest.mark.parametrize("case", ["slowest", "-1", "99999"])
def test_a_case_that_is_not_there_is_refused(reformsim, scenario, case):
    """With the numbers that there are."""
    outcome = reformsim("explain", scenario, f"--case={case}", "--no-store", "--json")
    assert outcome.status == 2
    assert outcome.codes == ["explain.case"]
