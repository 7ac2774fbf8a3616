"""SQLite files of our own: whose a file is, which layout it has, and how it comes to the present one.

The header carries an application number and the version of the layout. A file of somebody else is never touched;
one of an older layout is migrated in one transaction; several processes may open a new file at the same moment.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from time import sleep
from typing import Final

__all__ = ["Header", "NewerFileError", "NotOursError", "prepare", "read_header"]

_WAL_SECONDS: Final = 30.0  # for others to let a new file go
_WAL_TRIES: Final = 600


class NotOursError(Exception):
    """The file belongs to another program, or to none."""


class NewerFileError(Exception):
    """The file has a layout that only a later version of the program knows."""

    def __init__(self, found: int) -> None:
        super().__init__(found)
        self.found = found


@dataclass(frozen=True)
class Header:
    """What a file says of itself.

    Args:
        application: The number of the program that it belongs to; 0 where none has signed.
        version: Of its layout.
        empty: It has no table.
    """

    application: int
    version: int
    empty: bool


def read_header(database: sqlite3.Connection) -> Header:
    """Of one moment: another process may be making the file just now."""
    database.execute("BEGIN")
    try:
        application, version, tables = (
            int(database.execute(question).fetchone()[0])
            for question in ("PRAGMA application_id", "PRAGMA user_version", "SELECT count(*) FROM sqlite_master")
        )
    finally:
        database.execute("ROLLBACK")
    return Header(application, version, not tables)


def prepare(database: sqlite3.Connection, application: int, migrations: Sequence[str]) -> None:
    """See whose file it is, and bring it to the present layout.

    Args:
        database: In autocommit mode (``isolation_level=None``).
        application: Our number for files of this kind.
        migrations: Statements from each version to the next; there are as many versions.

    Raises:
        NotOursError: It has tables, or a version, and not our number; nothing was written.
        NewerFileError: Its version is beyond the last one; nothing was written.
    """
    header = read_header(database)
    if header.application != application and (header.version or not header.empty):
        raise NotOursError
    if header.version > len(migrations):
        raise NewerFileError(header.version)
    if header.version == len(migrations):
        return
    _use_write_ahead_log(database)
    database.execute("BEGIN IMMEDIATE")
    try:
        # Somebody else may have been first while this one waited for the lock.
        version = int(database.execute("PRAGMA user_version").fetchone()[0])
        for script in migrations[version:]:
            for statement in _statements(script):
                database.execute(statement)
        database.execute(f"PRAGMA application_id = {application}")
        database.execute(f"PRAGMA user_version = {len(migrations)}")
        database.execute("COMMIT")
    except BaseException:
        if database.in_transaction:
            database.execute("ROLLBACK")
        raise


def _use_write_ahead_log(database: sqlite3.Connection) -> None:
    """Readers beside one writer; the file remembers it. SQLite does not wait for others here, so this does."""
    for _ in range(_WAL_TRIES):
        try:
            database.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if not error.sqlite_errorname.startswith("SQLITE_BUSY"):
                raise
            sleep(_WAL_SECONDS / _WAL_TRIES)
    database.execute("PRAGMA journal_mode = WAL")


def _statements(script: str) -> Iterator[str]:
    """The statements of a script one by one: `executescript` would commit what is begun."""
    statement = ""
    for line in script.splitlines():
        statement += line + "\n"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
