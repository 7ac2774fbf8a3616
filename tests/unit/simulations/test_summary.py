from __future__ import annotations

from collections.abc import Sequence

import pytest

from engine.errors import BadInput
from simulations.promises import Assumption
from simulations.replication import Replication
from simulations.results import StudyResult
from simulations.summary import summarise
from tests.support.summaries import GUESS, model, replication, target


def summary(runs: Sequence[Replication]) -> StudyResult:
    """A study of one variant."""
    return summarise({"after": model()}, {"after": runs}, "simpy")


@pytest.mark.parametrize(
    ("runs", "codes"),
    [
        ([replication(n, days=[1.0] * 98, unfinished=2) for n in range(2)], []),
        ([replication(n, days=[1.0] * 97, unfinished=3) for n in range(2)], ["results.unfinished"]),
        ([replication(0, days=[1.0])], ["results.one_replication"]),
        ([replication(0, days=[1.0]), replication(1, days=[])], ["results.empty_replications"]),
        ([replication(n, days=[], unfinished=1) for n in range(2)], ["results.no_cases"]),
    ],
)
def test_the_reader_is_warned(runs: list[Replication], codes: list[str]) -> None:
    """Of cases left out, of missing intervals, of empty replications; in both languages."""
    warnings = summary(runs).warnings
    assert [w.code for w in warnings] == codes
    for warning in warnings:
        assert warning.severity == "warning"
        assert "after" in warning.describe("en")
        assert "after" in warning.describe("zh")


def test_cases_are_added_up() -> None:
    """Over all replications of a variant."""
    runs = [replication(0, days=[1, 2], unfinished=1), replication(1, days=[3])]
    cases = summary(runs).variants["after"].cases
    assert (cases.started, cases.finished, cases.unfinished) == (4, 3, 1)


def test_assumptions_are_counted_once() -> None:
    """What two variants share is one assumption; another value at the same place is another."""
    shared, changed = Assumption("a", "2", "h", None, GUESS), Assumption("a", "3", "h", None, GUESS)
    models = {
        "before": model("before", assumptions=(shared,), sources=(GUESS,)),
        "after": model("after", assumptions=(shared, changed), sources=(GUESS,)),
    }
    runs = {name: [replication(n, days=[1]) for n in range(2)] for name in models}
    found = summarise(models, runs, "simpy")
    assert found.assumptions == (shared, changed)
    assert found.sources == (GUESS,)


def test_the_digest_is_that_of_the_variants() -> None:
    """Another scenario, another digest; the same one, the same."""
    runs = {"after": [replication(n, days=[1]) for n in range(2)]}
    one, other = model(), model(digest="sha256:other")
    first = summarise({"after": one}, runs, "simpy").digest
    assert first.startswith("sha256:")
    assert first == summarise({"after": one}, runs, "simpy").digest
    assert first != summarise({"after": other}, runs, "simpy").digest


def test_versions_name_what_can_move_a_number() -> None:
    """Python and the packages that compute."""
    assert {"python", "numpy", "scipy", "simpy"} <= summary([replication(0, days=[1])]).versions.keys()


def test_a_target_that_is_not_measured_is_bad_input() -> None:
    """The finding of the judge reaches the caller."""
    runs = {"after": [replication(0, cost=[1])]}
    with pytest.raises(BadInput, match="serial_days is not"):
        summarise({"after": model(targets=(target(),))}, runs, "simpy")
