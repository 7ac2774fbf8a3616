"""Files of our own: several may make one at once, what is not ours stays as it is."""

from __future__ import annotations

import multiprocessing
import sqlite3
from contextlib import suppress
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import pytest

from engine.sqlite_file import Header, NewerFileError, NotOursError, prepare, read_header

APPLICATION = 0x74657374
FIRST = "CREATE TABLE one (a TEXT);\nINSERT INTO one VALUES ('x;y');\n"
SECOND = "\nALTER TABLE one ADD COLUMN b TEXT NOT NULL DEFAULT 'new';\n"


def connect(path: Path) -> sqlite3.Connection:
    """In autocommit mode."""
    return sqlite3.connect(path, timeout=30, isolation_level=None)


def test_each_version_is_brought_to_the_last(tmp_path: Path) -> None:
    """Rows stay, a second time changes nothing."""
    path = tmp_path / "file"
    prepare(connect(path), APPLICATION, [FIRST])
    assert read_header(connect(path)) == Header(APPLICATION, 1, False)
    for _ in range(2):
        prepare(connect(path), APPLICATION, [FIRST, SECOND])
        assert read_header(connect(path)) == Header(APPLICATION, 2, False)
        assert connect(path).execute("SELECT * FROM one").fetchall() == [("x;y", "new")]


@pytest.mark.parametrize("statement", ["CREATE TABLE theirs (a)", "PRAGMA user_version = 1"])
def test_what_is_not_ours_stays_as_it_is(tmp_path: Path, statement: str) -> None:
    """To the byte."""
    path = tmp_path / "file"
    connect(path).execute(statement).connection.close()
    before = path.read_bytes()
    with pytest.raises(NotOursError):
        prepare(connect(path), APPLICATION, [FIRST])
    assert path.read_bytes() == before


def test_a_newer_file_is_refused_with_its_version(tmp_path: Path) -> None:
    """And not written."""
    path = tmp_path / "file"
    prepare(connect(path), APPLICATION, [FIRST, SECOND])
    with pytest.raises(NewerFileError) as raised:
        prepare(connect(path), APPLICATION, [FIRST])
    assert raised.value.found == 2


def test_a_migration_that_fails_leaves_the_version_before(tmp_path: Path) -> None:
    """With none of its statements done."""
    path = tmp_path / "file"
    prepare(connect(path), APPLICATION, [FIRST])
    with pytest.raises(sqlite3.OperationalError):
        prepare(connect(path), APPLICATION, [FIRST, "CREATE TABLE two (a);\nCREATE TABLE two (a);\n"])
    assert read_header(connect(path)).version == 1
    assert connect(path).execute("SELECT count(*) FROM sqlite_master WHERE name = 'two'").fetchone() == (0,)


def _open(paths: list[Path], together: Barrier) -> None:
    for path in paths:
        together.wait(60)
        prepare(connect(path), APPLICATION, [FIRST, SECOND])


def test_several_processes_may_make_a_file_at_once(tmp_path: Path) -> None:
    """Each finds either nothing or the whole: the parts of the header are read as of one moment."""
    context = multiprocessing.get_context("spawn")
    together = context.Barrier(3)
    paths = [tmp_path / str(number) for number in range(40)]
    processes = [context.Process(target=_open, args=(paths, together)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0, 0]
    assert all(connect(path).execute("SELECT a, b FROM one").fetchall() == [("x;y", "new")] for path in paths)


class Interrupted(sqlite3.Connection):
    """Another process makes the file between two questions of this one, as far as SQLite lets it."""

    file: Path

    def execute(self, statement: str, parameters: Any = (), /) -> sqlite3.Cursor:
        """After the first question."""
        if statement == "PRAGMA user_version":
            other = sqlite3.connect(self.file, timeout=0, isolation_level=None)
            with suppress(sqlite3.OperationalError):
                other.executescript(f"BEGIN; PRAGMA application_id = {APPLICATION}; PRAGMA user_version = 1; COMMIT;")
            other.close()
        return super().execute(statement, parameters)


def test_a_header_is_of_one_moment(tmp_path: Path) -> None:
    """Never the signature from before and the version from after."""
    database = sqlite3.connect(tmp_path / "file", isolation_level=None, factory=Interrupted)
    database.file = tmp_path / "file"
    assert read_header(database) == Header(0, 0, True)
