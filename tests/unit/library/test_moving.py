"""One assumption moved: the form of a distribution stays, the shares of a choice still sum to 1."""

from __future__ import annotations

import pytest

from scenarios.loading import load
from scenarios.moving import MovableScenario
from scenarios.moving import _balanced as balanced
from simulations.model import SimulationModel

PIPELINE = "power_low_voltage"


@pytest.fixture(scope="module")
def scenario() -> MovableScenario:
    """A pipeline of the library."""
    return MovableScenario(PIPELINE)


@pytest.fixture(scope="module")
def models() -> dict[str, SimulationModel]:
    """Its models as stated."""
    return dict(load(PIPELINE).models)


def test_every_assumption_with_a_range_can_be_moved_to_both_ends(
    scenario: MovableScenario, models: dict[str, SimulationModel]
) -> None:
    """Each gives a model, and only what was moved is stated otherwise."""
    moved = 0
    for variant, model in models.items():
        for assumption in model.assumptions:
            if assumption.range is None or scenario.value(assumption.place) is None:
                continue
            for end in assumption.range:
                other = scenario.move(assumption.place, end, [variant])[variant]
                changed = [
                    a.place for a, b in zip(model.assumptions, other.assumptions, strict=True) if a.value != b.value
                ]
                assert set(changed) <= {assumption.place} or ".routes." in assumption.place
                moved += 1
    assert moved > 40


def test_a_distribution_is_stretched_to_the_mean(scenario: MovableScenario, models: dict[str, SimulationModel]) -> None:
    """Mean and standard deviation grow alike; no other activity changes."""
    model = models["after"]
    place = next(a.place for a in model.assumptions if a.place.endswith(".effort") and "[" in a.value)
    before = scenario.value(place)
    assert before is not None
    other = scenario.move(place, 2 * before, ["after"])["after"]
    element = place.split(".")[-2]
    for node, (old, new) in enumerate(zip(model.activities, other.activities, strict=True)):
        if old is None or new is None or old.effort is None or new.effort is None:
            continue
        factor = 2 if model.net.elements[node] == element else 1
        assert new.effort.mean == pytest.approx(factor * old.effort.mean)
        assert new.effort.variance == pytest.approx(factor**2 * old.effort.variance)


def test_people_are_whole(scenario: MovableScenario, models: dict[str, SimulationModel]) -> None:
    """A pool's units follow, rounded."""
    assumption = next(a for a in models["after"].assumptions if a.place.endswith(".units"))
    name = assumption.place.split(".")[1]
    other = scenario.move(assumption.place, 2.2, ["after"])["after"]
    assert next(pool.units for pool in other.pools if pool.name == name) == 2


def test_what_has_no_number_has_no_value(scenario: MovableScenario) -> None:
    """Places that are not there, or hold no number."""
    assert scenario.value("nowhere.at.all") is None
    assert scenario.value("pools") is None


def test_the_other_ways_of_a_choice_give_way() -> None:
    """15 % to 30 % of one way leaves 70 % for the other, 0.85 before; a rest needs no balance."""
    data = {"common": {"routes": {"Complete": {"shares": {"back": {"value": 0.15, "range": (0.05, 0.3)}, "on": 0.85}}}}}
    path = ("common", "routes", "Complete", "shares", "back")
    ways = balanced(data, path, 0.15, 0.3)["common"]["routes"]["Complete"]["shares"]
    assert ways["on"] == {"value": pytest.approx(0.7)}
    rest = {"common": {"routes": {"Complete": {"shares": {"back": 0.15, "on": "rest"}}}}}
    assert balanced(rest, path, 0.15, 0.3) is rest
