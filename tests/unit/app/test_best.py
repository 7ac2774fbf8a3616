"""``compare --best``: the choice, how sure it is, and what is refused before anything runs."""

import pytest


def test_the_best_variant_is_chosen(reformsim, scenario):
    """With its probability, the mean of each variant, and where the others dropped out; in both languages."""
    words = ("compare", scenario, "--no-store", "--best", "elapsed_days", "--indifference", "0.02")
    found = reformsim(*words, "--replications", "10", "--json").json["selection"]
    assert (found["best"], found["sure"], found["confidence"], found["indifference"]) == ("after", True, 0.95, 0.02)
    assert found["variants"]["before"]["dropped_at"] >= 10
    assert found["variants"]["after"]["mean"] < found["variants"]["before"]["mean"]
    for language, sentence in (("en", "Best by days from submission to end"), ("zh", "选对的概率至少为 95.0%")):
        assert sentence in reformsim(*words, "--replications", "10", "--lang", language).out


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--indifference", "0"], "use.between"),
        (["--indifference", "nan"], "use.between"),
        (["--confidence", "0"], "use.between"),
        (["--confidence", "1"], "use.between"),
        (["--confidence", "-0.5"], "use.between"),
        (["--confidence", "0.5"], "selection.confidence"),
        (["--variants", "after"], "selection.too_few"),
        (["--replications", "1"], "selection.too_few"),
    ],
)
def test_what_no_choice_can_be_made_of_is_refused(reformsim, scenario, words, code):
    """Before a replication is run."""
    outcome = reformsim("compare", scenario, "--no-store", "--best", *words, "--json")
    assert outcome.status == 2
    assert outcome.codes == [code]


def test_an_indicator_that_is_not_there_is_refused(reformsim, scenario):
    """With those that are."""
    outcome = reformsim("compare", scenario, "--no-store", "--best", "happiness", "--json")
    assert outcome.codes == ["selection.no_indicator"]
    assert "elapsed_days" in outcome.json["errors"][0]["message"]
