from __future__ import annotations

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.errors import BadInput
from simulations.experiment import run_experiment
from simulations.promises import Label
from simulations.replication import Replication
from simulations.runs.codec import DamagedError, decode, encode
from simulations.runs.digests import DESCRIBES, model_digest, run_digest
from simulations.runs.memory import StoredMemory
from simulations.runs.store import FILE, RunRow, RunStore
from tests.support.summaries import model, replication, run_failing, run_numbered

MODELS = {"before": model("before", replications=5), "after": model("after", replications=5, seed=2)}


def row(digest: str = "sha256:a", asked: int = 5) -> RunRow:
    """A run that is asked for."""
    return RunRow(digest, "permit", "after", 1, "simpy", asked, 0, {"numpy": "2"}, "", 0)


def equal(one: Replication, other: Replication) -> bool:
    """All fields and columns alike, to the bit."""
    if list(one.cases) != list(other.cases) or replace(one, cases={}) != replace(other, cases={}):
        return False
    return all(one.cases[name].tobytes() == other.cases[name].tobytes() for name in one.cases)


# ---- the codec ---------------------------------------------------------------------------------------------


def test_what_is_encoded_comes_back() -> None:
    """Every kind of value, nested, and arrays of every type and shape."""
    thing = {
        "a": np.arange(6, dtype=np.int32).reshape(2, 3),
        "b": (1, 2.5, "文", None, True, [np.zeros(0), {"c": np.array([True])}]),
    }
    back = decode(encode(thing))
    np.testing.assert_array_equal(back["a"], thing["a"])
    assert back["a"].dtype == np.int32
    assert back["b"][:5] == (1, 2.5, "文", None, True)
    assert back["b"][5][0].shape == (0,)
    assert back["b"][5][1]["c"].tolist() == [True]


def test_a_replication_comes_back_to_the_bit() -> None:
    """Also numbers that have no short decimal form."""
    one = replication(3, 2, serial_days=[0.1, 1 / 3, 5e-324], share=[1.0, 0.0, 1.0])
    assert equal(decode(encode(one)), one)
    assert encode(one) == encode(replace(one))


def test_every_field_of_a_replication_is_kept() -> None:
    """A field that is added to the class is kept too, or refused; it is never lost silently."""
    one = replication(3, 2, serial_days=[0.1, 2.0])
    back = decode(encode(one))
    assert [f.name for f in fields(back)] == [f.name for f in fields(one)]


def test_what_cannot_be_kept_is_refused_when_it_is_encoded() -> None:
    """Not when it is read back, months later."""
    with pytest.raises(TypeError, match="a object cannot be kept"):
        encode({"a": object()})
    with pytest.raises(TypeError, match="text keys"):
        encode({1: 2})


@pytest.mark.parametrize("change", [lambda d: d[:-1], lambda d: d[:5], lambda d: b"", lambda d: d[:-3] + b"xyz"])
def test_changed_bytes_are_noticed(change: Any) -> None:
    """Cut, emptied, or with other contents."""
    with pytest.raises(DamagedError):
        decode(change(encode(replication(0, serial_days=[1.0]))))


# ---- digests -----------------------------------------------------------------------------------------------


def test_the_digest_is_of_what_moves_a_number() -> None:
    """Seed, period and drivers count; labels, and how often it is run, do not."""
    one = model()
    assert model_digest(one) == model_digest(replace(one, label=Label("x", "y"), variant="other"))
    assert model_digest(one) == model_digest(replace(one, study=replace(one.study, replications=99)))
    for changed in (
        replace(one, number=2),
        replace(one, study=replace(one.study, seed=9)),
        replace(one, study=replace(one.study, horizon=1001)),
        replace(one, diagram=replace(one.diagram, digest="sha256:1")),
    ):
        assert model_digest(changed) != model_digest(one)
    assert run_digest(one, "simpy") != run_digest(one, "compiled")


def test_every_field_of_a_model_counts_unless_it_only_describes() -> None:
    """What is named as describing exists; nothing else is left out."""
    names = {field.name for field in fields(model())}
    assert names >= DESCRIBES
    assert names - DESCRIBES == {
        "number", "diagram", "net", "study", "days", "office", "pools", "activities", "attributes", "arrivals",
        "measured", "sums", "shares", "indices", "cost_base",
    }  # fmt: skip


def test_a_value_without_a_digest_is_refused() -> None:
    """An object's address would be another one in every process."""
    with pytest.raises(TypeError, match="object in a model has no digest"):
        model_digest(replace(model(), arrivals=object()))  # type: ignore[arg-type]


# ---- the store ---------------------------------------------------------------------------------------------


def test_what_is_kept_is_found_by_another_process(tmp_path: Path) -> None:
    """A store that is opened again; numbers of the run beside it."""
    one = RunStore(tmp_path / "runs")
    one.begin(row())
    one.begin(row(asked=3))
    one.keep("sha256:a", 2, replication(2, serial_days=[1.5]))
    one.close()
    other = RunStore(tmp_path / "runs")
    assert equal(other.find("sha256:a", 2), replication(2, serial_days=[1.5]))
    assert other.find("sha256:a", 1) is None
    assert other.find("sha256:b", 2) is None
    (found,) = other.rows()
    assert (found.asked, found.finished, found.versions) == (5, 1, {"numpy": "2"})
    assert other.numbers("sha256:a") == [2]
    other.remove(["sha256:a"])
    assert other.rows() == []
    assert other.find("sha256:a", 2) is None


def test_a_damaged_row_is_as_good_as_none(tmp_path: Path) -> None:
    """It is run again, and kept again."""
    store = RunStore(tmp_path)
    store.begin(row())
    store.keep("sha256:a", 0, replication(0, serial_days=[1.5]))
    with sqlite3.connect(tmp_path / FILE) as database:
        database.execute("UPDATE item SET result = zeroblob(100)")
    assert store.find("sha256:a", 0) is None


def test_a_file_that_is_something_else_is_left_alone(tmp_path: Path) -> None:
    """Neither a text nor another program's database."""
    (tmp_path / FILE).write_text("my notes, long enough to be taken for a header of some sort " * 20)
    with pytest.raises(BadInput) as raised:
        RunStore(tmp_path)
    assert raised.value.findings[0].code == "runs.not_ours"
    assert (tmp_path / FILE).read_text().startswith("my notes")
    other = tmp_path / "other"
    other.mkdir()
    with sqlite3.connect(other / FILE) as database:
        database.execute("CREATE TABLE birds (name TEXT)")
    with pytest.raises(BadInput) as raised:
        RunStore(other)
    assert raised.value.findings[0].code == "runs.not_ours"


def test_a_newer_schema_is_refused_with_both_versions(tmp_path: Path) -> None:
    """And the cure."""
    RunStore(tmp_path).close()
    with sqlite3.connect(tmp_path / FILE) as database:
        database.execute("PRAGMA user_version = 7")
    with pytest.raises(BadInput, match=r"schema 1 or older .* schema 7"):
        RunStore(tmp_path)


def test_a_full_disk_is_said_and_leaves_what_was_kept(tmp_path: Path) -> None:
    """SQLite may use no more pages than it has."""
    store = RunStore(tmp_path)
    store.begin(row())
    store.keep("sha256:a", 0, replication(0, serial_days=[1.5]))
    pages = store._database.execute("PRAGMA page_count").fetchone()[0]
    store._database.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(BadInput) as raised:
        store.keep("sha256:a", 1, replication(1, serial_days=list(range(50_000))))
    assert raised.value.findings[0].code == "runs.full"
    assert store.numbers("sha256:a") == [0]
    assert RunStore(tmp_path).numbers("sha256:a") == [0]


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    """A file stands in its place."""
    (tmp_path / "runs").write_text("")
    with pytest.raises(BadInput) as raised:
        RunStore(tmp_path / "runs")
    assert raised.value.findings[0].code == "runs.cannot_open"


@pytest.mark.parametrize("attempt", range(5))
def test_many_writers_lose_nothing(tmp_path: Path, attempt: int) -> None:
    """Threads with a connection each, on one file that all of them find missing."""
    together = threading.Barrier(4)

    def write(writer: int) -> None:
        together.wait()
        store = RunStore(tmp_path)
        store.begin(row())
        for number in range(20):
            store.keep("sha256:a", 100 * writer + number, replication(number, serial_days=[1.0]))
        store.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    assert RunStore(tmp_path).numbers("sha256:a") == [100 * w + n for w in range(4) for n in range(20)]


# ---- experiments that remember -----------------------------------------------------------------------------


def memory(folder: Path) -> StoredMemory:
    """Of the store in a folder."""
    return StoredMemory(RunStore(folder), MODELS, "simpy", 5)


def refuse(model: object, number: int) -> Replication:
    """Nothing may be run."""
    raise AssertionError(f"replication {number} was run again")


@pytest.mark.parametrize("processes", [1, 2])
def test_a_second_run_answers_from_the_store(tmp_path: Path, processes: int) -> None:
    """Whoever ran the first one; and the results are the same to the bit."""
    first = run_experiment(MODELS, run_numbered, processes, memory=memory(tmp_path))
    again = memory(tmp_path)
    second = run_experiment(MODELS, refuse, 1, memory=again)
    assert again.found == 10
    for name in MODELS:
        assert all(equal(a, b) for a, b in zip(first[name], second[name], strict=True))


@pytest.mark.parametrize("processes", [1, 2])
def test_what_was_finished_before_a_failure_is_kept(tmp_path: Path, processes: int) -> None:
    """The next run has only the rest to do."""
    with pytest.raises(BadInput, match="Review"):
        run_experiment(MODELS, run_failing, processes, memory=memory(tmp_path))
    again = memory(tmp_path)
    run_experiment(MODELS, run_numbered, 1, memory=again)
    assert again.found >= 5
    assert again.found + again.kept == 10


def test_a_store_that_fails_stops_the_experiment(tmp_path: Path) -> None:
    """Rather than simulating for hours what cannot be kept."""
    broken = memory(tmp_path)
    broken.store._database.execute("PRAGMA query_only = ON")
    with pytest.raises(BadInput) as raised:
        run_experiment(MODELS, run_numbered, 1, memory=broken)
    assert raised.value.findings[0].code == "runs.cannot_open"
