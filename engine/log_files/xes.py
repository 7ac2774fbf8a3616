"""Logs as XES (IEEE 1849-2016): each task is scheduled, started, completed, with cost and organisation.

The life cycle's transitions are those of the standard's lifecycle extension: ``schedule``, ``start``, ``complete``;
``ate_abort`` for work that was broken off, ``withdraw`` for what was taken away before it began.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final
from xml.sax.saxutils import escape, quoteattr

from engine.log import NONE, EventLog
from engine.log_files.cases import Task, Trace, traces
from engine.log_files.naming import LogNames, Value

__all__ = ["write_xes"]

_HEAD: Final = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849-2016" xes.features="nested-attributes" xmlns="http://www.xes-standard.org/">
  <extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
  <extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
  <extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
  <extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
  <extension name="Cost" prefix="cost" uri="http://www.xes-standard.org/cost.xesext"/>
  <global scope="trace">
    <string key="concept:name" value=""/>
  </global>
  <global scope="event">
    <string key="concept:name" value=""/>
    <date key="time:timestamp" value="1970-01-01T00:00:00.000+00:00"/>
    <string key="lifecycle:transition" value="complete"/>
  </global>
  <classifier name="Activity" keys="concept:name"/>
  <string key="lifecycle:model" value="standard"/>
"""


def write_xes(path: Path, chunks: Iterator[EventLog], names: LogNames, *, packed: bool = False) -> None:
    """Write case after case.

    Args:
        path: The file.
        chunks: Of the log.
        names: What the numbers mean.
        packed: Compressed by gzip.
    """
    with _open(path, packed) as file:
        file.write(_HEAD)
        for trace in traces(chunks, names):
            file.write(_trace(trace, names))
        file.write("</log>\n")


def _open(path: Path, packed: bool) -> IO[str]:
    if packed:
        return gzip.open(path, "wt", encoding="utf-8", newline="\n", compresslevel=6)
    return path.open("w", encoding="utf-8", newline="\n")


def _trace(trace: Trace, names: LogNames) -> str:
    lines = ["  <trace>\n", _string("concept:name", str(trace.case), 4)]
    lines.append(f'    <int key="replication" value="{trace.replication}"/>\n')
    for key, value in names.attributes(trace.replication, trace.case).items():
        lines.append(_value(key, value))
    events = [event for number, task in enumerate(trace.tasks) for event in _events(number, task)]
    stamps = names.stamps
    if events:
        import numpy as np

        moments = stamps(np.array([moment for moment, *_ in events], np.int64))
        order = sorted(range(len(events)), key=lambda i: events[i][:3])
        lines += [_event(events[i][3], events[i][4], str(moments[i]), names) for i in order]
    lines.append("  </trace>\n")
    return "".join(lines)


def _events(number: int, task: Task) -> Iterator[tuple[int, int, int, Task, str]]:
    """``(moment, order in the life cycle, number, task, transition)``; at one moment, ends come before beginnings."""
    yield task.enabled, 1, number, task, "schedule"
    if task.started != NONE:
        yield task.started, 2, number, task, "start"
    if task.ended == NONE:
        return
    if task.outcome == "done":
        # A task without duration ends after it began.
        yield task.ended, 0 if task.ended > task.started else 3, number, task, "complete"
    else:
        yield (
            task.ended,
            0 if task.ended > task.enabled else 3,
            number,
            task,
            ("withdraw" if task.started == NONE else "ate_abort"),
        )


def _event(task: Task, transition: str, stamp: str, names: LogNames) -> str:
    lines = [
        "    <event>\n",
        _string("concept:name", task.activity),
        _string("concept:instance", str(task.instance)),
        _string("lifecycle:transition", transition),
        f'      <date key="time:timestamp" value="{stamp}"/>\n',
        _string("element", task.element),
    ]
    if task.held and transition != "schedule":
        lines.append(_string("org:resource", ";".join(names.unit(pool, unit) for pool, unit in task.held)))
        lines.append(_string("org:role", ";".join(names.pools[pool] for pool, _ in task.held)))
    if transition == "complete":
        lines.append(f'      <float key="cost:total" value="{task.cost:.12g}"/>\n')
        lines.append(_string("cost:currency", names.currency))
    lines.append("    </event>\n")
    return "".join(lines)


def _string(key: str, value: str, indent: int = 6) -> str:
    return f"{' ' * indent}<string key={quoteattr(key)} value={quoteattr(value)}/>\n"


def _value(key: str, value: Value) -> str:
    if isinstance(value, bool):
        return f'    <boolean key={quoteattr(key)} value="{str(value).lower()}"/>\n'
    if isinstance(value, float):
        return f'    <float key={quoteattr(key)} value="{escape(format(value, ".12g"))}"/>\n'
    return _string(key, value, 4)
