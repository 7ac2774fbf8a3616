"""Selection of the best: is the stated probability of a correct selection kept?"""

import numpy as np
import pytest

from engine.errors import BadInput
from simulations.selection import select_best

STUDIES = 600


def correct(confidence, correlation, variants=4, indifference=1.0, spread=2.0, first=10, sign=1.0):
    """The share of correct selections in the hardest case: all others worse by just the indifference."""
    hits = 0
    for study in range(STUDIES):
        chance = np.random.default_rng((study, 7))
        truth = sign * np.array([0.0] + [indifference] * (variants - 1))
        common = chance.normal(size=(2000, 1)) * correlation**0.5
        own = chance.normal(size=(2000, variants)) * (1 - correlation) ** 0.5
        table = truth + spread * (common + own)
        names = [f"v{i}" for i in range(variants)]

        def run(left, numbers, table=table, names=names):
            return {name: table[list(numbers), names.index(name)].tolist() for name in left}

        found = select_best(
            run(names, range(first)), run, indifference, confidence, smaller_is_better=sign > 0, most=2000
        )
        assert found.is_sure
        hits += found.best == "v0"
    return hits / STUDIES


@pytest.mark.slow
@pytest.mark.parametrize("correlation", [0.0, 0.7])
@pytest.mark.parametrize("confidence", [0.8, 0.95])
def test_the_probability_of_a_correct_selection_is_kept(confidence, correlation):
    """With and without common random numbers; three standard errors of the count are allowed for."""
    allowed = 3 * (confidence * (1 - confidence) / STUDIES) ** 0.5
    assert correct(confidence, correlation) >= confidence - allowed


def test_the_greatest_can_be_looked_for():
    """The same race with the sign turned."""
    assert correct(0.9, 0.5, sign=-1.0) > 0.87


def test_common_random_numbers_shorten_the_race():
    """Paired differences vary less, so fewer replications decide."""

    def needed(correlation):
        chance = np.random.default_rng(5)
        common = chance.normal(size=(1000, 1)) * correlation**0.5
        table = np.array([0.0, 1.0, 1.0]) + 3 * (common + chance.normal(size=(1000, 3)) * (1 - correlation) ** 0.5)

        def run(left, numbers):
            return {name: table[list(numbers), int(name)].tolist() for name in left}

        return max(select_best(run("012", range(10)), run, 1.0).replications.values())

    assert needed(0.9) < needed(0.0) / 2


def test_what_never_varies_is_decided_at_once():
    """Procedures often have no chance in them; equal ones fall to the first."""
    found = select_best({"a": [3.0, 3.0], "b": [1.0, 1.0], "c": [1.0, 1.0]}, lambda left, numbers: {}, 1.0)
    assert (found.best, found.is_sure, found.dropped) == ("b", True, {"a": 2, "c": 2})


def test_a_bound_that_comes_first_is_said():
    """Then the best mean so far is named, without the probability."""
    chance = np.random.default_rng(1)
    table = chance.normal(size=(30, 2)) * 10

    def run(left, numbers):
        return {name: table[list(numbers), int(name)].tolist() for name in left}

    found = select_best(run("01", range(10)), run, 0.1, most=30)
    assert not found.is_sure
    assert set(found.replications.values()) == {30}


@pytest.mark.parametrize("known", [{"a": [1.0, 2.0]}, {"a": [1.0], "b": [2.0]}])
def test_too_little_to_choose_from_is_refused(known):
    """One variant, or one replication each."""
    with pytest.raises(BadInput) as caught:
        select_best(known, lambda left, numbers: {}, 1.0)
    assert [finding.code for finding in caught.value.findings] == ["selection.too_few"]
