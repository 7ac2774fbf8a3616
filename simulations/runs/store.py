"""The store of runs: one SQLite file, one row for each finished replication, written the moment it is finished.

A row is one transaction, so a process that is killed leaves whole rows or none, and the next one goes on from
them. Several processes may use one store at once. The file says whose it is and which schema it has: one of an
older schema is migrated, one of a newer is refused, and what is not ours is never touched.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from engine.errors import BadInput, Finding
from engine.sqlite_file import NewerFileError, NotOursError, prepare
from simulations.runs.codec import DamagedError, decode, encode

__all__ = ["FILE", "RunRow", "RunStore"]

FILE: Final = "index.sqlite"
APPLICATION: Final = 0x72736D72  # "rsmr", in the file's header
BUSY_SECONDS: Final = 30.0

_MIGRATIONS: Final = (
    # 0 -> 1: the first layout
    """
    CREATE TABLE run (
        digest TEXT PRIMARY KEY, pipeline TEXT NOT NULL, variant TEXT NOT NULL, seed INTEGER NOT NULL,
        driver TEXT NOT NULL, asked INTEGER NOT NULL, versions TEXT NOT NULL,
        begun TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
    );
    CREATE TABLE item (
        run TEXT NOT NULL REFERENCES run (digest) ON DELETE CASCADE, number INTEGER NOT NULL, result BLOB NOT NULL,
        PRIMARY KEY (run, number)
    ) WITHOUT ROWID;
    """,
)


@dataclass(frozen=True)
class RunRow:
    """One run of the store: a model under a driver, and how far it is.

    Args:
        digest: Of all that determines it but the number of the replication.
        asked: The most replications that were asked for at once.
        finished: Replications that are kept.
        versions: Of the programs that computed it.
        begun: When it was first asked for, UTC.
        size: Of its results, bytes.
    """

    digest: str
    pipeline: str
    variant: str
    seed: int
    driver: str
    asked: int
    finished: int
    versions: Mapping[str, str]
    begun: str
    size: int


class RunStore:
    """Finished replications by the digest of their run and their number.

    Args:
        folder: Made if it is missing; the store is the file `FILE` in it.

    Raises:
        BadInput: The folder cannot be written, the file is not a store of runs, or of a newer schema.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / FILE
        self._lock = threading.Lock()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self._refused("cannot_open", reason=error.strerror or str(error)) from error
        with self._said():
            self._database = sqlite3.connect(
                self.file, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            prepare(self._database, APPLICATION, _MIGRATIONS)
            self._database.execute("PRAGMA synchronous = NORMAL")

    def close(self) -> None:
        """Give the file back."""
        self._database.close()

    # ---- replications -----------------------------------------------------------------------------------------

    def begin(self, row: RunRow) -> None:
        """A run is asked for: known from now on, with its greatest number of replications."""
        with self._writing():
            self._database.execute(
                "INSERT INTO run (digest, pipeline, variant, seed, driver, asked, versions) VALUES (?,?,?,?,?,?,?)"
                " ON CONFLICT (digest) DO UPDATE SET asked = max(asked, excluded.asked)",
                (row.digest, row.pipeline, row.variant, row.seed, row.driver, row.asked, json.dumps(row.versions)),
            )

    def keep(self, digest: str, number: int, result: object) -> None:
        """Keep a finished replication; whole, or not at all."""
        data = encode(result)
        with self._writing():
            self._database.execute("INSERT OR REPLACE INTO item VALUES (?, ?, ?)", (digest, number, data))

    def find(self, digest: str, number: int) -> Any | None:
        """The result of a replication, or nothing; one that was damaged is as good as none."""
        with self._said(), self._lock:
            row = self._database.execute(
                "SELECT result FROM item WHERE run = ? AND number = ?", (digest, number)
            ).fetchone()
        try:
            return None if row is None else decode(row[0])
        except DamagedError:
            return None

    # ---- runs -------------------------------------------------------------------------------------------------

    def rows(self) -> list[RunRow]:
        """All runs, the newest last."""
        with self._said(), self._lock:
            found = self._database.execute(
                "SELECT digest, pipeline, variant, seed, driver, asked, count(number), versions, begun,"
                " coalesce(sum(length(result)), 0) FROM run LEFT JOIN item ON run.digest = item.run"
                " GROUP BY digest ORDER BY begun, pipeline, variant, digest"
            ).fetchall()
        return [RunRow(d, p, v, s, r, a, n, json.loads(o), b, z) for d, p, v, s, r, a, n, o, b, z in found]

    def numbers(self, digest: str) -> list[int]:
        """The numbers of the replications that are kept, ascending."""
        with self._said(), self._lock:
            rows = self._database.execute("SELECT number FROM item WHERE run = ? ORDER BY number", (digest,)).fetchall()
        return [number for (number,) in rows]

    def remove(self, digests: list[str]) -> None:
        """Forget runs with all their replications, and give the room back."""
        with self._writing():
            self._database.executemany("DELETE FROM item WHERE run = ?", [(digest,) for digest in digests])
            self._database.executemany("DELETE FROM run WHERE digest = ?", [(digest,) for digest in digests])
        with self._said(), self._lock:
            self._database.execute("VACUUM")

    # ---- the file ---------------------------------------------------------------------------------------------

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One transaction."""
        with self._said(), self._lock:
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._database.execute("COMMIT")
            except BaseException:
                if self._database.in_transaction:
                    self._database.execute("ROLLBACK")
                raise

    @contextmanager
    def _said(self) -> Iterator[None]:
        """Turn what SQLite says into a clear sentence."""
        try:
            yield
        except NotOursError as error:
            raise self._refused("not_ours") from error
        except NewerFileError as error:
            raise self._refused("newer", found=error.found, known=len(_MIGRATIONS)) from error
        except sqlite3.DatabaseError as error:
            name = getattr(error, "sqlite_errorname", "")
            if name in ("SQLITE_NOTADB", "SQLITE_CORRUPT"):
                raise self._refused("not_ours" if name == "SQLITE_NOTADB" else "damaged") from error
            if name == "SQLITE_FULL" or name.startswith("SQLITE_IOERR"):
                raise self._refused("full", reason=str(error)) from error
            raise self._refused("cannot_open", reason=str(error)) from error

    def _refused(self, code: str, **values: object) -> BadInput:
        return BadInput([Finding(f"runs.{code}", {"file": str(self.file), **values}, file=str(self.file))])
