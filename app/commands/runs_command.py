"""``reformsim runs``: what is kept of finished replications."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from app.console import Console
from app.keeping import FOLDER
from engine.errors import BadInput, Finding
from simulations.runs.store import FILE, RunRow, RunStore

__all__ = ["run"]


def run(options: argparse.Namespace) -> int:
    """List runs, show one, or forget them."""
    from app.main import DONE
    from reports.tables import runs_table

    console = Console(options)
    folder = Path(options.store) if options.store else FOLDER
    if not (folder / FILE).is_file():
        if options.store:
            raise BadInput([Finding("runs.no_store", {"folder": str(folder)}, file=str(folder))])
        console.show(console.say("runs_none", folder=folder))
        console.give({"schema": 1, "store": str(folder), "runs": []})
        return DONE
    store = RunStore(folder)
    rows = _chosen(store, options.digest)
    if options.action == "clean":
        store.remove([row.digest for row in rows])
        console.show(console.say("runs_cleaned", number=len(rows)))
    elif rows:
        console.show(runs_table(rows, console.language, console.ascii))
    else:
        console.show(console.say("runs_none", folder=folder))
    detailed = options.action == "show"
    if detailed:
        for row in rows:
            programs = ", ".join(f"{name} {version}" for name, version in row.versions.items())
            console.show(row.digest, programs)
    console.give({"schema": 1, "store": str(folder), "runs": [_plain(store, row, detailed) for row in rows]})
    return DONE


def _chosen(store: RunStore, digest: str | None) -> list[RunRow]:
    rows = store.rows()
    if digest is None:
        return rows
    beginning = digest if digest.startswith("sha256:") else f"sha256:{digest}"
    found = [row for row in rows if row.digest.startswith(beginning)]
    if not found:
        raise BadInput([Finding("runs.unknown_run", {"file": str(store.file), "digest": digest})])
    return found


def _plain(store: RunStore, row: RunRow, detailed: bool) -> dict[str, Any]:
    plain = {name: getattr(row, name) for name in ("digest", "pipeline", "variant", "seed", "driver", "asked")}
    plain |= {"finished": row.finished, "complete": row.finished >= row.asked, "begun": row.begun, "bytes": row.size}
    if detailed:
        plain |= {"versions": dict(row.versions), "numbers": store.numbers(row.digest)}
    return plain
