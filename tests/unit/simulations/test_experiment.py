from __future__ import annotations

import numpy as np
import pytest

from engine.errors import BadInput, RunError
from simulations.experiment import automatic_processes, run_experiment
from simulations.workers.threads import RunInThreads
from tests.support.summaries import model, run_failing, run_lost, run_numbered, run_without_number

MODELS = {"before": model("before", replications=5), "after": model("after", replications=5)}


def test_threads_do_not_change_the_results() -> None:
    """Whether threads share the work or not: the same replications in the same order, and the same failure."""
    here = run_experiment(MODELS, run_numbered, 1)
    there = run_experiment(MODELS, run_numbered, workers=RunInThreads(2))
    for name in MODELS:
        assert [r.number for r in there[name]] == [0, 1, 2, 3, 4]
        for one, other in zip(here[name], there[name], strict=True):
            np.testing.assert_array_equal(one.cases["serial_days"], other.cases["serial_days"])
    with pytest.raises(BadInput, match="Review"):
        run_experiment(MODELS, run_failing, workers=RunInThreads(2))


def test_processes_do_not_change_the_results() -> None:
    """One process or two: the same replications in the same order."""
    here, there = run_experiment(MODELS, run_numbered, 1), run_experiment(MODELS, run_numbered, 2)
    assert list(here) == list(there) == ["before", "after"]
    for name in MODELS:
        assert [r.number for r in there[name]] == [0, 1, 2, 3, 4]
        for one, other in zip(here[name], there[name], strict=True):
            assert one.number == other.number
            np.testing.assert_array_equal(one.cases["serial_days"], other.cases["serial_days"])
    assert here["after"][3].cases["serial_days"].tolist() == [103.0, 5.0]


def test_progress_counts_every_item_once() -> None:
    """Up to the number of replications of all variants."""
    seen: list[tuple[int, int]] = []
    run_experiment(MODELS, run_numbered, 1, lambda done, total: seen.append((done, total)))
    assert seen == [(n, 10) for n in range(1, 11)]


def test_numbers_can_be_chosen() -> None:
    """To go on where an earlier batch ended."""
    found = run_experiment(MODELS, run_numbered, 1, numbers=range(5, 8))
    assert [r.number for r in found["before"]] == [5, 6, 7]


def test_variants_may_have_different_numbers_of_replications() -> None:
    """Each has as many as its own study asks for."""
    found = run_experiment({"a": model("a", replications=1), "b": model("b", replications=3)}, run_numbered, 1)
    assert [[r.number for r in runs] for runs in found.values()] == [[0], [0, 1, 2]]


def test_a_run_without_cases_gets_its_number() -> None:
    """Pairs are made by number, so it must be right even for an empty log."""
    assert [r.number for r in run_experiment(MODELS, run_without_number, 1)["after"]] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("processes", [1, 2])
def test_the_first_failing_item_is_raised(processes: int) -> None:
    """With its finding whole, and nothing after it is counted."""
    seen: list[int] = []
    with pytest.raises(BadInput) as raised:
        run_experiment(MODELS, run_failing, processes, lambda done, total: seen.append(done))
    (finding,) = raised.value.findings
    assert (finding.code, finding.line, dict(finding.values)) == (
        "run.no_way",
        7,
        {"label": "Review", "case": 2},
    )
    assert seen == [1, 2, 3, 4, 5]


def test_a_lost_process_is_a_clear_error() -> None:
    """The system may end a process that takes too much memory."""
    with pytest.raises(RunError, match="2 working processes to finish"):
        run_experiment(MODELS, run_lost, 2)


@pytest.mark.parametrize("processes", [1, 2])
def test_an_interruption_stops_the_experiment(processes: int) -> None:
    """Ctrl-C goes through to the caller, and the rest is given up."""
    seen: list[int] = []

    def interrupt(done: int, total: int) -> None:
        seen.append(done)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_experiment(MODELS, run_numbered, processes, interrupt)
    assert seen == [1]


def test_nothing_to_run_is_no_error() -> None:
    """No numbers, no replications."""
    assert run_experiment(MODELS, run_numbered, 2, numbers=[]) == {"before": [], "after": []}


def test_there_is_at_least_one_process() -> None:
    """However few cores there are."""
    assert automatic_processes() >= 1
