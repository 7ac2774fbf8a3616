"""From the ending of a file's name to its writer; whole, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Final, TypeAlias

from engine.log import EventLog
from engine.log_files.naming import LogNames
from engine.log_files.ocel import write_ocel
from engine.log_files.table import write_csv, write_parquet
from engine.log_files.xes import write_xes

__all__ = ["SUFFIXES", "write_log"]

Writer: TypeAlias = Callable[[Path, Iterator[EventLog], LogNames], None]

_WRITERS: Final[Mapping[str, Writer]] = {
    ".prosimos.csv": partial(write_csv, layout="prosimos"),
    ".prosimos.parquet": partial(write_parquet, layout="prosimos"),
    ".pm4py.csv": partial(write_csv, layout="pm4py"),
    ".pm4py.parquet": partial(write_parquet, layout="pm4py"),
    ".xes": write_xes,
    ".xes.gz": partial(write_xes, packed=True),
    ".ocel.json": write_ocel,
    ".jsonocel": write_ocel,
    ".csv": partial(write_csv, layout="rows"),
    ".parquet": partial(write_parquet, layout="rows"),
}  # longer endings before the shorter ones that they contain

SUFFIXES: Final = tuple(_WRITERS)


def write_log(path: Path, chunks: Iterable[EventLog], names: LogNames) -> None:
    """Write a log in the format that the ending of the file's name says, under another name until it is whole.

    Args:
        path: The file; its name ends in one of `SUFFIXES`.
        chunks: The log piece by piece, in order, at least one (of no rows if need be); assignments count the rows
            of their own chunk.
        names: What the numbers mean.

    Raises:
        ValueError: Another ending.
        OSError: The system refuses.
    """
    name = path.name.lower()
    writer = next((writer for suffix, writer in _WRITERS.items() if name.endswith(suffix)), None)
    if writer is None:
        raise ValueError(f"{path} ends in none of {', '.join(SUFFIXES)}")
    partial_file = path.with_name(path.name + ".partial")
    try:
        writer(partial_file, iter(chunks), names)
        partial_file.replace(path)
    finally:
        partial_file.unlink(missing_ok=True)
