"""Sensitivity on a system whose answer is known: days = a + 10 b."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from simulations.model import SimulationModel
from simulations.promises import Assumption
from simulations.replication import Replication
from simulations.sensitivity import Sensitivity, nearest, sensitivity
from tests.support.summaries import GUESS, model, replication, target

STATED = {"a": 20.0, "b": 1.0, "idle": 5.0, "staff": 3.0, "variants.after.measured.0.limit": 7.0, "loose": 1.0}
RANGES = {"a": (10.0, 30.0), "b": (0.5, 4.0), "idle": (1.0, 9.0), "staff": (1.0, 5.0), "loose": None}


class Linear:
    """A scenario whose models carry their values in their names."""

    def value(self, place: str) -> float | None:
        """As stated."""
        return STATED.get(place)

    def move(self, place: str, value: float, variants: Sequence[str]) -> Mapping[str, SimulationModel]:
        """One value changed."""
        return {name: study(**{place: value}) for name in variants}


def study(limit: float = 38.0, statistic: str = "mean", **values: float) -> SimulationModel:
    """A model with its values as an override, and its assumptions."""
    assumptions = tuple(
        Assumption(place, str(value), "people" if place == "staff" else "", RANGES.get(place, (5.0, 9.0)), GUESS)
        for place, value in STATED.items()
    )
    stated = {**STATED, **values}
    targets = (target(limit=limit, statistic=statistic, required_share=0.5 if statistic == "each" else None),)
    made = model(assumptions=assumptions, targets=targets)
    return replace(made, overrides=tuple(f"{key}={value}" for key, value in stated.items()))


def run(models: Mapping[str, SimulationModel]) -> dict[str, list[Replication]]:
    """Days with the same noise in every model; fewer staff than 3 cost 15 days each."""
    found = {}
    for name, one in models.items():
        values = {k: float(v) for k, v in (item.split("=") for item in one.overrides)}
        days = values["a"] + 10 * values["b"] + 15 * max(0.0, 3 - values["staff"])
        found[name] = [
            replication(n, serial_days=[days + noise, days - noise + n * 0.1]) for n, noise in ((0, 1), (1, 2))
        ]
    return found


def found(limit: float = 38.0, statistic: str = "mean") -> Sensitivity:
    """The study of the model as stated."""
    return sensitivity({"after": study(limit, statistic)}, Linear(), run)


def test_bars_are_the_figures_at_the_ends_widest_first() -> None:
    """30.05 as stated; b moves it by 35, staff and a by 20 to 30, what is idle by nothing."""
    (tornado,) = found().tornados
    assert tornado.base == pytest.approx(30.025)
    assert tornado.kept
    assert [swing.assumption.place for swing in tornado.swings] == ["b", "staff", "a", "idle"]
    b = tornado.swings[0]
    assert (b.low, b.high) == (pytest.approx(25.025), pytest.approx(60.025))
    assert b.change_high == (pytest.approx(30.0), pytest.approx(30.0))  # common random numbers: no noise is left


def test_break_evens_keep_the_target_and_a_little_more_does_not() -> None:
    """The mean is 38 at b = 1.7975 and a = 27.975; what is found keeps it, and lies within 1/64 of the stretch."""
    (tornado,) = found().tornados
    points = {swing.assumption.place: swing.break_evens for swing in tornado.swings}
    (b,) = points["b"]
    assert b.keeps == "below"
    assert 1.7975 - 3 / 64 <= b.value <= 1.7975
    (a,) = points["a"]
    assert 27.975 - 10 / 64 <= a.value <= 27.975
    assert a.distance == pytest.approx((a.value + 10 / 64 - 20) / 20)
    assert points["idle"] == ()


def test_people_turn_at_whole_numbers() -> None:
    """Two of three people are too few: at least three are needed."""
    (tornado,) = found().tornados
    (staff,) = next(s.break_evens for s in tornado.swings if s.assumption.place == "staff")
    assert (staff.value, staff.keeps) == (3.0, "above")


def test_a_missed_target_says_what_would_meet_it() -> None:
    """Above 28 days as stated: a at most 17.975 would do, and b at most 0.7975."""
    (tornado,) = found(28.0).tornados
    assert not tornado.kept
    points = {s.assumption.place: s.break_evens for s in tornado.swings}
    (a,) = points["a"]
    assert a.keeps == "below"
    assert 17.975 - 10 / 64 <= a.value <= 17.975


def test_the_nearest_is_the_smallest_relative_change() -> None:
    """One of three people less is 33 %; a turns after 40 %, b after 80 %."""
    closest = nearest(found().tornados)
    assert closest is not None
    assert closest[1].assumption.place == "staff"
    assert closest[2].distance == pytest.approx(1 / 3)
    assert nearest([]) is None


def test_a_share_is_held_against_the_required_share() -> None:
    """Half of the cases must keep 38 days."""
    (tornado,) = found(statistic="each").tornados
    assert tornado.base == 1.0
    (a,) = next(s.break_evens for s in tornado.swings if s.assumption.place == "a")
    assert 27 <= a.value <= 30


def test_limits_on_paper_and_numbers_without_a_range_are_counted_not_run() -> None:
    """Four are moved: a, b, idle, staff."""
    result = found()
    assert (result.moved, result.on_paper, result.without_range) == (4, 1, 1)
    assert result.runs > 9
    assert result.replications == 2


def test_without_targets_there_is_nothing_to_find() -> None:
    """No run at all."""
    result = sensitivity({"after": replace(study(), targets=())}, Linear(), run)
    assert result.tornados == ()
