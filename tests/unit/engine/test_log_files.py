"""Exported logs say what the log says, are the same however they are cut into chunks, and hold few cases at a time."""

from __future__ import annotations

import csv
import gzip
import json
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from lxml import etree
from pyarrow.parquet import read_table

from engine.log import CASE_NODE, EventLog
from engine.log_files import SUFFIXES, write_log
from scenarios.loading import load
from scenarios.sources import policy_facts
from simulations.drivers.replicate import replication_log
from simulations.log_names import log_names

XES = "{http://www.xes-standard.org/}"


@pytest.fixture(scope="module")
def model():
    """The licence of the scenarios' tests, which cites facts of its own."""
    data = Path(__file__).parents[2] / "data" / "scenarios"
    facts = policy_facts(data / "facts.yaml")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("scenarios.building.variants.policy_facts", lambda: facts)
        return load(str(data / "licence.yaml")).models["before"]


@pytest.fixture(scope="module")
def log(model) -> EventLog:
    return replication_log(model, 0)


def cut(log: EventLog, size: int) -> Iterator[EventLog]:
    """The log in pieces."""
    for begin in range(0, len(log), size):
        yield log.take(np.arange(begin, min(begin + size, len(log))))


@pytest.mark.parametrize("suffix", [s for s in SUFFIXES if not s.endswith("parquet") and not s.endswith("gz")])
def test_chunks_change_nothing(log: EventLog, model, tmp_path: Path, suffix: str) -> None:
    """A log in one piece and in pieces of 7 rows becomes the same file, byte for byte."""
    names = log_names(model, "zh")
    write_log(tmp_path / f"whole{suffix}", [log], names)
    write_log(tmp_path / f"cut{suffix}", cut(log, 7), names)
    assert (tmp_path / f"whole{suffix}").read_bytes() == (tmp_path / f"cut{suffix}").read_bytes()
    assert len(list(tmp_path.iterdir())) == 2


def tasks_of(log: EventLog, model) -> list[tuple[str, str, int, int]]:
    """Finished tasks by hand: case, element, started, ended."""
    tags = {id_: element.tag for id_, element in model.diagram.process.elements.items()}
    rows = zip(
        log.case.tolist(),
        log.node.tolist(),
        log.started.tolist(),
        log.ended.tolist(),
        log.enabled.tolist(),
        strict=True,
    )
    found = []
    for case, node, started, ended, _ in rows:
        if node != CASE_NODE and tags[model.net.elements[node]].endswith("ask") and ended >= 0:
            found.append((str(case), model.net.elements[node], ended if started < 0 else started, ended))
    return found


def ms(stamp: str, start) -> int:
    assert stamp.endswith("+08:00")
    return int((np.datetime64(stamp[:-6], "ms") - np.datetime64(start, "ms")).astype(int))


def test_prosimos_columns(log: EventLog, model, tmp_path: Path) -> None:
    """The first columns are those of Prosimos' own log; every finished task has its line and its moments."""
    write_log(tmp_path / "log.prosimos.csv", [log], log_names(model, "en"))
    with (tmp_path / "log.prosimos.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0])[:6] == ["case_id", "activity", "enable_time", "start_time", "end_time", "resource"]
    start = model.study.start
    written = [(r["case_id"], r["element"], ms(r["start_time"], start), ms(r["end_time"], start)) for r in rows]
    assert written == tasks_of(log, model)
    assert {r["activity"] for r in rows} >= {"Accept application"}
    assert any(r["resource"] for r in rows)


def test_parquet_has_the_same_rows(log: EventLog, model, tmp_path: Path) -> None:
    """pm4py's columns as CSV and as Parquet are one table."""
    names = log_names(model, "en")
    write_log(tmp_path / "log.pm4py.csv", [log], names)
    write_log(tmp_path / "log.pm4py.parquet", cut(log, 50), names)
    with (tmp_path / "log.pm4py.csv").open(encoding="utf-8", newline="") as file:
        written = list(csv.DictReader(file))
    stored = [
        {key: str(value) for key, value in row.items()}
        for row in read_table(tmp_path / "log.pm4py.parquet").to_pylist()
    ]
    assert stored == written
    assert {"case:concept:name", "concept:name", "time:timestamp", "start_timestamp", "org:resource"} <= set(stored[0])


def test_xes_has_every_life_cycle(log: EventLog, model, tmp_path: Path) -> None:
    """Each finished task is scheduled, started and completed once, in time; cases carry what was drawn for them."""
    write_log(tmp_path / "log.xes", cut(log, 11), log_names(model, "en"))
    write_log(tmp_path / "log.xes.gz", [log], log_names(model, "en"))
    assert gzip.decompress((tmp_path / "log.xes.gz").read_bytes()) == (tmp_path / "log.xes").read_bytes()
    root = etree.parse(tmp_path / "log.xes").getroot()
    traces = root.findall(f"{XES}trace")
    assert len(traces) == int((log.node == CASE_NODE).sum())
    completed = []
    for trace in traces:
        keys = {one.get("key"): one.get("value") for one in trace if one.tag != f"{XES}event"}
        assert float(keys["floor_area"]) > 0
        assert keys["has_basement"] in ("true", "false")
        moments, seen = [], {}
        for event in trace.findall(f"{XES}event"):
            values = {one.get("key"): one.get("value") for one in event}
            moment = ms(values["time:timestamp"], model.study.start)
            moments.append(moment)
            seen.setdefault(values["concept:instance"], []).append(values["lifecycle:transition"])
            if values["lifecycle:transition"] == "complete":
                assert values["cost:currency"] == "CNY"
                completed.append((keys["concept:name"], values["element"], moment))
        assert moments == sorted(moments)
        for steps in seen.values():
            assert steps == ["schedule", "start", "complete"][: len(steps)] or steps[-1] in ("ate_abort", "withdraw")
    done = [(case, element, ended) for case, element, _, ended in tasks_of(log, model)]
    assert sorted(completed) == sorted(done)


def test_ocel_relates_cases_and_people(log: EventLog, model, tmp_path: Path) -> None:
    """Every related object exists, ids are unique, and types declare all attributes."""
    write_log(tmp_path / "log.ocel.json", cut(log, 13), log_names(model, "en"))
    given = json.loads((tmp_path / "log.ocel.json").read_text(encoding="utf-8"))
    objects = {one["id"]: one for one in given["objects"]}
    assert len(objects) == len(given["objects"])
    assert len({one["id"] for one in given["events"]}) == len(given["events"]) == len(tasks_of(log, model))
    declared = {
        one["name"]: {a["name"] for a in one["attributes"]} for one in given["eventTypes"] + given["objectTypes"]
    }
    for one in given["events"]:
        assert {a["name"] for a in one["attributes"]} <= declared[one["type"]]
        related = [objects[r["objectId"]]["type"] for r in one["relationships"]]
        assert related[0] == "case"
        assert set(related[1:]) <= {"resource"}
    for one in given["objects"]:
        assert {a["name"] for a in one["attributes"]} <= declared[one["type"]]


def test_work_costs_what_people_and_entries_cost(log: EventLog, model) -> None:
    """An hour of work costs the hourly cost of each pool that takes part, an entry its fixed cost."""
    from dataclasses import replace

    from simulations.causes import CAUSES, row_causes
    from simulations.log_names import work_costs

    dear = replace(
        model,
        pools=tuple(replace(pool, hourly_cost=60.0) for pool in model.pools),
        activities=tuple(a and replace(a, fixed_cost=5.0) for a in model.activities),
    )
    node = model.net.node_of["Review"]
    rows = np.flatnonzero((log.node == node) & (log.outcome == 0))
    hours = row_causes(log, model)[rows, CAUSES.index("work")] / 3_600_000
    taking_part = len(model.activities[node].pools)
    np.testing.assert_allclose(work_costs(dear, log)[rows], 5 + 60 * taking_part * hours)
    assert work_costs(model, log).sum() == 0


def test_nothing_is_left_of_a_file_that_failed(log: EventLog, model, tmp_path: Path) -> None:
    """An error in the middle of the chunks leaves no file."""

    def broken() -> Iterator[EventLog]:
        yield log
        raise OSError(28, "No space left on device")

    for suffix in SUFFIXES:
        with pytest.raises(OSError, match="No space"):
            write_log(tmp_path / f"log{suffix}", broken(), log_names(model, "en"))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("suffix", [".xes", ".ocel.json", ".prosimos.csv", ".parquet"])
def test_memory_does_not_grow_with_the_log(log: EventLog, model, tmp_path: Path, suffix: str) -> None:
    """Forty times the log as chunks needs hardly more memory than four times."""
    from dataclasses import replace

    names = log_names(model, "en")
    only = log.take(np.flatnonzero(log.case < 20))

    def repeated(times: int) -> Iterator[EventLog]:
        for turn in range(times):
            yield replace(only, case=only.case + 1000 * turn)

    peaks = []
    for times in (4, 40):
        tracemalloc.start()
        write_log(tmp_path / f"log{suffix}", repeated(times), names)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 2 * peaks[0] + 300_000
