"""Event logs as files that other tools read; every writer consumes chunks of a log, so that none is held whole.

`table` writes rows and activities as CSV or Parquet, `xes` and `ocel` write cases; `naming` says what things are
called.
"""

from engine.log_files.naming import LogNames
from engine.log_files.writing import SUFFIXES, write_log

__all__ = ["SUFFIXES", "LogNames", "write_log"]
