"""Where live cases are kept: one SQLite file, in which no finished step is ever lost.

The append-only table ``step`` is the truth; ``task`` and ``clock`` say what it led to, and are written in the
same transaction. A step is guarded by the version of its case: of two processes that saw the same version only
one writes, the other is told and looks again. The file is in WAL mode: readers and one writer at once.

    ForeignStore   a file that is no store of ours, or of a newer version    (BadInput)
    ConflictError  somebody else has moved the case meanwhile
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from engine.errors import BadInput, Finding
from engine.sqlite_file import NewerFileError, NotOursError, prepare, read_header

__all__ = ["SCHEMA_VERSION", "CaseRow", "ClockRow", "ConflictError", "Step", "Store", "TaskRow"]

_APPLICATION: Final = 0x52666361  # "Rfca": says in the file's header whose it is
_WAIT_SECONDS: Final = 60.0  # for another process to finish writing

_MIGRATIONS: Final = (
    # 0 -> 1: the first layout
    """
    CREATE TABLE diagram (digest TEXT PRIMARY KEY, file TEXT NOT NULL, bytes BLOB NOT NULL);
    CREATE TABLE plan (digest TEXT PRIMARY KEY, json TEXT NOT NULL);
    CREATE TABLE "case" (
        id INTEGER PRIMARY KEY AUTOINCREMENT, version INTEGER NOT NULL, state TEXT NOT NULL,
        pipeline TEXT NOT NULL, variant TEXT NOT NULL,
        diagram TEXT NOT NULL REFERENCES diagram(digest), plan TEXT NOT NULL REFERENCES plan(digest),
        started TEXT NOT NULL, ended TEXT);
    CREATE TABLE step (
        "case" INTEGER NOT NULL REFERENCES "case"(id), seq INTEGER NOT NULL, kind TEXT NOT NULL,
        element TEXT NOT NULL, entry TEXT NOT NULL, at TEXT NOT NULL, "by" TEXT NOT NULL,
        data TEXT NOT NULL, routes TEXT NOT NULL, PRIMARY KEY ("case", seq));
    CREATE TABLE task (
        "case" INTEGER NOT NULL REFERENCES "case"(id), entry TEXT NOT NULL, element TEXT NOT NULL,
        kind TEXT NOT NULL, since TEXT NOT NULL, ended TEXT, due TEXT, PRIMARY KEY ("case", entry));
    CREATE INDEX task_due ON task (due) WHERE ended IS NULL;
    CREATE TABLE clock (
        "case" INTEGER NOT NULL REFERENCES "case"(id), name TEXT NOT NULL, kind TEXT NOT NULL,
        intervals TEXT NOT NULL, pauses TEXT NOT NULL, PRIMARY KEY ("case", name, kind));
    CREATE TRIGGER step_is_kept BEFORE DELETE ON step BEGIN SELECT RAISE(ABORT, 'steps are append-only'); END;
    CREATE TRIGGER step_stays BEFORE UPDATE ON step BEGIN SELECT RAISE(ABORT, 'steps are append-only'); END;
    """,
    # 1 -> 2: a case has a title; open cases are found without reading the others
    """
    ALTER TABLE "case" ADD COLUMN title TEXT NOT NULL DEFAULT '';
    CREATE INDEX case_state ON "case" (state);
    """,
)
SCHEMA_VERSION: Final = len(_MIGRATIONS)
"""Of the tables; older stores are migrated when they are opened, newer ones refused."""


class ConflictError(Exception):
    """Another process has moved the case since it was read."""


@dataclass(frozen=True)
class Step:
    """Something that happened to a case.

    Args:
        seq: 1 for its start, then 2, 3, ...
        kind: ``start``, ``do``, ``timer``, ``pause`` or ``resume``.
        element: What was done, or which timer fired; empty for the case itself.
        entry: Which entry of it.
        at: Local civil time, ISO 8601 to the ms.
        by: Who did it; empty for the clock, or where nobody said.
        data: What was given with it.
        routes: Entry of a choice to the flow that it took in this step.
    """

    seq: int
    kind: str
    element: str
    entry: str
    at: str
    by: str = ""
    data: Mapping[str, str] = field(default_factory=dict)
    routes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class CaseRow:
    """A case: which version of which diagram it runs on, and how many steps it has made."""

    id: int
    version: int
    state: str
    pipeline: str
    variant: str
    diagram: str
    plan: str
    started: str
    ended: str | None
    title: str = ""


@dataclass(frozen=True)
class TaskRow:
    """An entry of an activity, timer or sub-process: open, or ended; ``due`` is when a timer fires."""

    entry: str
    element: str
    kind: str
    since: str
    ended: str | None = None
    due: str | None = None


@dataclass(frozen=True)
class ClockRow:
    """A clock: ``[from, to]`` while it ran for the case, and ``[reason, from, to]`` while it stood; None is open."""

    name: str
    kind: str
    intervals: tuple[tuple[str, str | None], ...]
    pauses: tuple[tuple[str, str, str | None], ...]


class Store:
    """An open store; close it, or use it in a ``with`` statement.

    Args:
        path: The file.
        create: Make it where there is none.

    Raises:
        BadInput: There is none, it is not ours, of a newer version, or the system refuses.
    """

    def __init__(self, path: Path, create: bool = False) -> None:
        self.path = path
        if not create and not path.is_file():
            raise BadInput([Finding("case_store.missing", {"file": str(path)}, file=str(path))])
        with self._door():
            self._db = sqlite3.connect(path, timeout=_WAIT_SECONDS, isolation_level=None)
        try:
            with self._door():
                self._open(create)
        except BaseException:
            self._db.close()
            raise

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let the file go."""
        self._db.close()

    def new_case(self, diagram: tuple[str, str, bytes], plan: tuple[str, str], case: CaseRow) -> int:
        """Make room for a case; it becomes visible with its first step, `first_step`.

        Args:
            diagram: Digest, name and bytes.
            plan: Digest and text.
            case: Its id is not used.

        Returns:
            The id; nothing is written before the first step.
        """
        with self._door():
            self._db.execute("BEGIN IMMEDIATE")
            self._db.execute("INSERT OR IGNORE INTO diagram VALUES (?, ?, ?)", diagram)
            self._db.execute("INSERT OR IGNORE INTO plan VALUES (?, ?)", plan)
            made = self._db.execute(
                'INSERT INTO "case" (version, state, pipeline, variant, diagram, plan, started, ended, title)'
                " VALUES (0, ?, ?, ?, ?, ?, ?, NULL, ?)",
                (case.state, case.pipeline, case.variant, case.diagram, case.plan, case.started, case.title),
            )
            return int(made.lastrowid or 0)

    def append(
        self, case: int, step: Step, tasks: Sequence[TaskRow], clocks: Sequence[ClockRow], ended: str | None
    ) -> None:
        """Write one step and what it led to, whole or not at all.

        Args:
            case: Its id.
            step: Its ``seq`` is one more than the version that the case had when it was read.
            tasks: Those that the step changed.
            clocks: Likewise.
            ended: When the case ended, if it did.

        Raises:
            ConflictError: The case has another version by now; nothing is written.
        """
        with self._door(), self._transaction():
            moved = self._db.execute(
                'UPDATE "case" SET version = ?, state = ?, ended = ? WHERE id = ? AND version = ?',
                (step.seq, "done" if ended else "open", ended, case, step.seq - 1),
            )
            if moved.rowcount != 1:
                raise ConflictError
            self._db.execute(
                "INSERT INTO step VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (case, step.seq, step.kind, step.element, step.entry, step.at, step.by, _text(step.data),
                 _text(step.routes)),
            )  # fmt: skip
            self._db.executemany(
                "INSERT INTO task VALUES (?, ?, ?, ?, ?, ?, ?)"
                ' ON CONFLICT ("case", entry) DO UPDATE SET ended = excluded.ended',
                [(case, t.entry, t.element, t.kind, t.since, t.ended, t.due) for t in tasks],
            )
            self._db.executemany(
                "INSERT INTO clock VALUES (?, ?, ?, ?, ?)"
                ' ON CONFLICT ("case", name, kind)'
                " DO UPDATE SET intervals = excluded.intervals, pauses = excluded.pauses",
                [(case, c.name, c.kind, _text(c.intervals), _text(c.pauses)) for c in clocks],
            )

    def cases(self, state: str | None = None) -> list[CaseRow]:
        """All cases, or those in a state, by id."""
        where, values = ("", ()) if state is None else (" WHERE state = ?", (state,))
        return [CaseRow(*row) for row in self._read(f'SELECT {_CASE} FROM "case"{where} ORDER BY id', values)]

    def case(self, case: int) -> CaseRow | None:
        """The case of an id."""
        return next((CaseRow(*row) for row in self._read(f'SELECT {_CASE} FROM "case" WHERE id = ?', (case,))), None)

    def steps(self, case: int) -> list[Step]:
        """Everything that happened to a case, in order."""
        rows = self._read(
            'SELECT seq, kind, element, entry, at, "by", data, routes FROM step WHERE "case" = ? ORDER BY seq', (case,)
        )
        return [
            Step(seq, kind, element, entry, at, by, json.loads(data), json.loads(routes))
            for seq, kind, element, entry, at, by, data, routes in rows
        ]

    def tasks(self, case: int) -> list[TaskRow]:
        """All entries of a case, by beginning."""
        rows = self._read(
            'SELECT entry, element, kind, since, ended, due FROM task WHERE "case" = ? ORDER BY since, rowid', (case,)
        )
        return [TaskRow(*row) for row in rows]

    def open_tasks(self) -> dict[int, list[TaskRow]]:
        """The open entries of all open cases."""
        rows = self._read(
            'SELECT "case", entry, element, kind, since, ended, due FROM task WHERE ended IS NULL'
            ' ORDER BY "case", since, rowid'
        )
        found: dict[int, list[TaskRow]] = {}
        for row in rows:
            found.setdefault(row[0], []).append(TaskRow(*row[1:]))
        return found

    def clocks(self) -> dict[int, list[ClockRow]]:
        """The clocks of all cases."""
        found: dict[int, list[ClockRow]] = {}
        for row in self._read('SELECT "case", name, kind, intervals, pauses FROM clock ORDER BY "case", rowid'):
            intervals = tuple((one[0], one[1]) for one in json.loads(row[3]))
            pauses = tuple((one[0], one[1], one[2]) for one in json.loads(row[4]))
            found.setdefault(row[0], []).append(ClockRow(row[1], row[2], intervals, pauses))
        return found

    def with_timers_due(self, until: str) -> list[int]:
        """The open cases in which a timer is due at or before a moment."""
        rows = self._read('SELECT DISTINCT "case" FROM task WHERE ended IS NULL AND due <= ? ORDER BY "case"', (until,))
        return [row[0] for row in rows]

    def diagram(self, digest: str) -> tuple[str, bytes]:
        """Name and bytes of a diagram."""
        (row,) = self._read("SELECT file, bytes FROM diagram WHERE digest = ?", (digest,))
        return row[0], row[1]

    def plan(self, digest: str) -> str:
        """The text of a plan."""
        (row,) = self._read("SELECT json FROM plan WHERE digest = ?", (digest,))
        return str(row[0])

    def _read(self, query: str, values: Sequence[object] = ()) -> list[Any]:
        with self._door():
            return self._db.execute(query, values).fetchall()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """All of it or nothing; joins one that `new_case` has begun."""
        if not self._db.in_transaction:
            self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            self.forget()
            raise

    def forget(self) -> None:
        """Undo what was begun and not finished."""
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")

    def _open(self, create: bool) -> None:
        if not create and read_header(self._db).empty:
            raise NotOursError
        prepare(self._db, _APPLICATION, _MIGRATIONS)
        self._db.execute("PRAGMA foreign_keys = ON")
        self._db.execute("PRAGMA synchronous = FULL")

    @contextmanager
    def _door(self) -> Iterator[None]:
        """What SQLite says becomes a finding."""
        file = str(self.path)
        try:
            yield
        except NewerFileError as error:
            values = {"file": file, "found": error.found, "known": SCHEMA_VERSION}
            raise BadInput([Finding("case_store.newer", values, file=file)]) from error
        except NotOursError as error:
            raise BadInput([Finding("case_store.foreign", {"file": file}, file=file)]) from error
        except sqlite3.DatabaseError as error:
            foreign = getattr(error, "sqlite_errorname", "") == "SQLITE_NOTADB"
            code = "case_store.foreign" if foreign else "case_store.refused"
            raise BadInput([Finding(code, {"file": file, "reason": str(error)}, file=file)]) from error


_CASE: Final = "id, version, state, pipeline, variant, diagram, plan, started, ended, title"


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
