"""The store of live cases: what it keeps, whom it lets in, what it refuses."""

from __future__ import annotations

import sqlite3

import pytest

from engine.errors import BadInput
from engine.live import store as store_module
from engine.live.plan import CasePlan
from engine.live.store import SCHEMA_VERSION, ConflictError, Step, Store
from tests.support.live_cases import PLAN, opened, source


def codes(error):
    return [finding.code for finding in error.value.findings]


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "cases.sqlite"
    with opened(file, "2022-03-01T09:00", create=True) as cases:
        cases.start(source(), PLAN, "one", "li", [])
    return file


def test_a_plan_comes_back_from_its_text_as_it_was():
    """Nothing of a plan is lost in the store."""
    assert CasePlan.from_json(PLAN.to_json()) == PLAN


def test_no_store_is_made_where_only_cases_are_asked_for(tmp_path):
    """Looking never makes a file."""
    with pytest.raises(BadInput) as error:
        Store(tmp_path / "none.sqlite")
    assert codes(error) == ["case_store.missing"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"not a database at all, but long enough to be read as one" * 40, b""])
def test_a_file_that_is_no_store_is_refused_and_left_alone(tmp_path, content):
    """Another file in the place of the store is not touched."""
    file = tmp_path / "other.sqlite"
    file.write_bytes(content)
    with pytest.raises(BadInput) as error:
        Store(file)
    assert codes(error) == ["case_store.foreign"]
    assert file.read_bytes() == content


def test_a_database_of_somebody_else_is_refused_even_when_a_case_is_started(tmp_path):
    """Tables that are not ours are never written beside."""
    file = tmp_path / "theirs.sqlite"
    with sqlite3.connect(file) as db:
        db.execute("CREATE TABLE theirs (x)")
    db.close()
    before = file.read_bytes()
    with pytest.raises(BadInput) as error:
        Store(file, create=True)
    assert codes(error) == ["case_store.foreign"]
    assert file.read_bytes() == before


def test_a_newer_store_is_refused(path):
    """An older program does not guess at a newer layout."""
    db = sqlite3.connect(path)
    db.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    db.close()
    with pytest.raises(BadInput) as error:
        Store(path)
    assert codes(error) == ["case_store.newer"]
    assert str(SCHEMA_VERSION + 1) in error.value.findings[0].message("en")


def test_an_older_store_is_migrated_with_its_cases(tmp_path, monkeypatch):
    """A case of the first layout goes on in the present one."""
    file = tmp_path / "old.sqlite"
    monkeypatch.setattr(store_module, "_MIGRATIONS", store_module._MIGRATIONS[:1])
    Store(file, create=True).close()
    monkeypatch.undo()
    db = sqlite3.connect(file)
    digest, name, content = source()
    db.execute("INSERT INTO diagram VALUES (?, ?, ?)", (digest, name, content))
    db.execute("INSERT INTO plan VALUES (?, ?)", (PLAN.digest(), PLAN.to_json()))
    values = (1, 1, "open", "permit", "after", digest, PLAN.digest(), "2022-03-01T09:00:00.000", None)
    db.execute('INSERT INTO "case" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)', values)
    step = (1, 1, "start", "", "", "2022-03-01T09:00:00.000", "li", "{}", "{}")
    db.execute("INSERT INTO step VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", step)
    db.commit()
    assert db.execute("PRAGMA user_version").fetchone() == (1,)
    db.close()
    with opened(file, "2022-03-02T09:00") as cases:
        assert cases.case(1).title == ""
        cases.do(1, "Accept", "wang", ["Complete=yes"])
        assert [task.element for task in cases.load(1).open("activity")] == ["Review"]


def test_steps_are_append_only(path):
    """Not even by hand is the history of a case rewritten unnoticed."""
    db = sqlite3.connect(path)
    for statement in ("UPDATE step SET at = ''", "DELETE FROM step"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            db.execute(statement)
    db.close()


def test_of_two_steps_on_one_version_only_one_is_written(path):
    """The version guards a case; the loser leaves nothing behind."""
    with Store(path) as one, Store(path) as other:
        step = Step(2, "pause", "", "", "2022-03-01T10:00:00.000", data={"reason": "other"})
        one.append(1, step, [], [], None)
        with pytest.raises(ConflictError):
            other.append(1, step, [], [], None)
        assert [s.seq for s in one.steps(1)] == [1, 2]


def test_what_a_case_led_to_is_what_walking_its_steps_gives(path):
    """The tables beside the steps say nothing of their own."""
    with opened(path, "2022-03-05T09:00") as cases:
        cases.do(1, "Accept", "", ["Complete=no"])
        cases.pause(1, "expert_review", "")
        cases.do(1, "Correct", "", [])
        cases.resume(1, "")
        cases.do(1, "Accept it", "", ["Complete=yes", "area=10"])
        case = cases.load(1)
        assert sorted(map(repr, cases.store.tasks(1))) == sorted(map(repr, case.tasks()))
        assert cases.store.clocks()[1] == case.clocks()
