"""Logs as OCEL 2.0 JSON: cases and people are objects, finished tasks are events related to them.

The events go to the file as they come; the objects, far fewer, wait in a file beside it.
Source: OCEL 2.0 specification (2023), JSON format.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Final

from engine.log import NONE, EventLog
from engine.log_files.cases import Task, Trace, traces
from engine.log_files.naming import LogNames, Value

__all__ = ["write_ocel"]

_EVENT_ATTRIBUTES: Final = (
    ("start_time", "time"), ("enable_time", "time"), ("cost", "float"), ("outcome", "string"), ("element", "string"),
)  # fmt: skip


def write_ocel(path: Path, chunks: Iterator[EventLog], names: LogNames) -> None:
    """Write events and objects as one JSON object."""
    with path.open("w", encoding="utf-8", newline="\n") as file, _beside(path) as objects:
        _Writer(file, objects, names).write(chunks)


def _beside(path: Path) -> IO[str]:
    return tempfile.TemporaryFile("w+", encoding="utf-8", dir=path.parent)


class _Writer:
    def __init__(self, file: IO[str], objects: IO[str], names: LogNames) -> None:
        self.file = file
        self.objects = objects
        self.names = names
        self.kinds: dict[str, str] = {}  # attribute of cases to its type
        self.people: dict[str, str] = {}  # unit to its pool
        self.activities: dict[str, None] = {}
        self.first_object = True

    def write(self, chunks: Iterator[EventLog]) -> None:
        self.file.write('{"events": [')
        first = True
        for trace in traces(chunks, self.names):
            self._object(self._case(trace))
            for task in trace.tasks:
                if task.ended != NONE:
                    self.file.write("\n" if first else ",\n")
                    first = False
                    json.dump(self._event(trace, task), self.file, ensure_ascii=False)
        for unit, pool in self.people.items():
            pool_attribute = {"name": "pool", "value": pool, "time": _ALWAYS}
            self._object({"id": unit, "type": "resource", "attributes": [pool_attribute]})
        self.file.write('],\n"objects": [')
        self.objects.seek(0)
        for line in self.objects:
            self.file.write(line)
        self.file.write("],\n")
        self.file.write(f'"eventTypes": {json.dumps(self._event_types(), ensure_ascii=False)},\n')
        self.file.write(f'"objectTypes": {json.dumps(self._object_types(), ensure_ascii=False)}}}\n')

    def _object(self, one: dict[str, Any]) -> None:
        self.objects.write("\n" if self.first_object else ",\n")
        self.first_object = False
        json.dump(one, self.objects, ensure_ascii=False)

    def _case(self, trace: Trace) -> dict[str, Any]:
        arrived = self.names.stamp(trace.arrived)
        attributes: list[dict[str, Any]] = []
        known: dict[str, Value] = {"replication": str(trace.replication)}
        for key, value in (known | dict(self.names.attributes(trace.replication, trace.case))).items():
            self.kinds[key] = (
                "boolean" if isinstance(value, bool) else "float" if isinstance(value, float) else "string"
            )
            attributes.append({"name": key, "value": value, "time": arrived})
        return {"id": _case_id(trace), "type": "case", "attributes": attributes}

    def _event(self, trace: Trace, task: Task) -> dict[str, Any]:
        self.activities.setdefault(task.activity)
        relationships = [{"objectId": _case_id(trace), "qualifier": "case"}]
        for pool, unit in task.held:
            name = self.names.unit(pool, unit)
            self.people.setdefault(name, self.names.pools[pool])
            relationships.append({"objectId": name, "qualifier": "resource"})
        began = task.ended if task.started == NONE else task.started
        values: tuple[Any, ...] = (
            self.names.stamp(began), self.names.stamp(task.enabled), task.cost, task.outcome, task.element,
        )  # fmt: skip
        return {
            "id": f"{_case_id(trace)}:{task.instance}",
            "type": task.activity,
            "time": self.names.stamp(task.ended),
            "attributes": [
                {"name": name, "value": value} for (name, _), value in zip(_EVENT_ATTRIBUTES, values, strict=True)
            ],
            "relationships": relationships,
        }

    def _event_types(self) -> list[dict[str, Any]]:
        attributes = [{"name": name, "type": kind} for name, kind in _EVENT_ATTRIBUTES]
        return [{"name": name, "attributes": attributes} for name in self.activities]

    def _object_types(self) -> list[dict[str, Any]]:
        of_case = [{"name": name, "type": kind} for name, kind in self.kinds.items()]
        return [
            {"name": "case", "attributes": of_case},
            {"name": "resource", "attributes": [{"name": "pool", "type": "string"}]},
        ]


_ALWAYS: Final = "1970-01-01T00:00:00.000+00:00"  # what the specification writes for what never changes


def _case_id(trace: Trace) -> str:
    return f"case-{trace.replication}-{trace.case}"
