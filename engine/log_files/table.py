"""Logs as tables: every row as it is, or one line per task in the columns that other tools expect."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from engine.log import CASE_NODE, NONE, OUTCOMES, EventLog
from engine.log_files.naming import LogNames

__all__ = ["LAYOUTS", "Columns", "Layout", "write_csv", "write_parquet"]

Column: TypeAlias = "npt.NDArray[Any]"
Columns: TypeAlias = Mapping[str, Column]
Layout = Literal["rows", "prosimos", "pm4py"]


def _rows(log: EventLog, names: LogNames) -> Columns:
    """Every row with its numbers, and the element's id beside them."""
    table: dict[str, Column] = {name: getattr(log, name) for name in EventLog.columns()}
    ids = np.array([*names.elements, ""], dtype=object)
    table["element"] = ids[np.where(log.node == CASE_NODE, len(names.elements), log.node)]
    table["outcome"] = np.array(OUTCOMES, dtype=object)[log.outcome]
    return table


def _tasks(log: EventLog, names: LogNames) -> tuple[EventLog, Column]:
    """The rows of tasks that ended, and their names."""
    ended = log.take(np.flatnonzero(names.is_activity(log) & (log.ended != NONE)))
    labels = np.array([name or "" for name in names.activities], dtype=object)
    return ended, labels[ended.node] if len(ended) else np.zeros(0, object)


def _prosimos(log: EventLog, names: LogNames) -> Columns:
    """The columns of Prosimos' own log: one line per finished task; others of ours behind them."""
    tasks, labels = _tasks(log, names)
    return {
        "case_id": tasks.case,
        "activity": labels,
        "enable_time": names.stamps(tasks.enabled),
        "start_time": names.stamps(_began(tasks)),
        "end_time": names.stamps(tasks.ended),
        "resource": names.resources(tasks),
        "element": np.array(names.elements, dtype=object)[tasks.node],
        "outcome": np.array(OUTCOMES, dtype=object)[tasks.outcome],
        "cost": names.cost(tasks),
        "replication": tasks.replication,
    }


def _pm4py(log: EventLog, names: LogNames) -> Columns:
    """One line per finished task with the keys of XES, as pm4py's frames have them."""
    tasks, labels = _tasks(log, names)
    return {
        "case:concept:name": tasks.case.astype(str).astype(object),
        "concept:name": labels,
        "start_timestamp": names.stamps(_began(tasks)),
        "time:timestamp": names.stamps(tasks.ended),
        "org:resource": names.resources(tasks),
        "org:role": names.roles(tasks),
        "cost:total": names.cost(tasks),
        "concept:instance": tasks.instance.astype(str).astype(object),
        "lifecycle:transition": np.full(len(tasks), "complete", object),
        "enable_timestamp": names.stamps(tasks.enabled),
        "outcome": np.array(OUTCOMES, dtype=object)[tasks.outcome],
        "case:replication": tasks.replication,
    }


def _began(log: EventLog) -> npt.NDArray[np.int64]:
    """When work began; what was taken away before that began when it ended."""
    return np.where(log.started == NONE, log.ended, log.started)


LAYOUTS: Final[Mapping[Layout, Callable[[EventLog, LogNames], Columns]]] = {
    "rows": _rows,
    "prosimos": _prosimos,
    "pm4py": _pm4py,
}


def write_csv(path: Path, chunks: Iterator[EventLog], names: LogNames, layout: Layout) -> None:
    """Write chunk after chunk as comma-separated values in UTF-8."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        header: Sequence[str] | None = None
        for chunk in chunks:
            table = LAYOUTS[layout](chunk, names)
            if header is None:
                header = list(table)
                writer.writerow(header)
            writer.writerows(zip(*(column.tolist() for column in table.values()), strict=True))


def write_parquet(path: Path, chunks: Iterator[EventLog], names: LogNames, layout: Layout) -> None:
    """Write each chunk as a row group of a Parquet file."""
    from pyarrow import Table
    from pyarrow.parquet import ParquetWriter

    writer: Any = None
    try:
        for chunk in chunks:
            table = Table.from_pydict({name: _arrow(column) for name, column in LAYOUTS[layout](chunk, names).items()})
            if writer is None:
                writer = ParquetWriter(path, table.schema)
            writer.write_table(table)
    finally:
        if writer is not None:
            writer.close()


def _arrow(column: Column) -> Any:
    """Texts keep their type also where a chunk has none."""
    import pyarrow

    return pyarrow.array(column.tolist(), pyarrow.string()) if column.dtype == object else pyarrow.array(column)
