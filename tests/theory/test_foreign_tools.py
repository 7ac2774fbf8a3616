"""Other tools on our files: pm4py reads the logs back, Prosimos runs an exported model and agrees.

Both live in environments of their own, which this test is pointed to: ``REFORMSIM_PM4PY`` names a Python that has pm4py
(AGPL: it is never imported here), ``REFORMSIM_PROSIMOS`` the command of Prosimos 2.1. What is not named is skipped.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
from datetime import datetime
from math import sqrt
from pathlib import Path

import numpy as np
import pytest

from engine.log import CASE_NODE, DONE
from engine.log_files import write_log
from scenarios.interchange.importing import draft_of
from scenarios.interchange.outgoing import Outgoing
from scenarios.interchange.prosimos_writing import write_prosimos
from scenarios.loading import load
from simulations.drivers.replicate import replicate, replication_log
from simulations.log_names import log_names

PM4PY = os.environ.get("REFORMSIM_PM4PY")
PROSIMOS = os.environ.get("REFORMSIM_PROSIMOS")
CHAIN = Path(__file__).parents[1] / "data" / "chain"

READER = """
import json, sys, warnings
warnings.simplefilter("ignore")
import pandas as pd, pm4py
file = sys.argv[1]
if file.endswith("ocel.json"):
    ocel = pm4py.read_ocel2_json(file)
    counts = ocel.relations[ocel.relations["ocel:type"] == "case"]["ocel:oid"].nunique()
    names = sorted(ocel.events["ocel:activity"].unique())
    print(json.dumps({"events": len(ocel.events), "cases": int(counts), "names": names}))
else:
    frame = pm4py.read_xes(file) if ".xes" in file else pd.read_csv(file)
    if ".xes" not in file:
        frame["case:concept:name"] = frame["case:concept:name"].astype(str)
        for key in ("time:timestamp", "start_timestamp"):
            frame[key] = pd.to_datetime(frame[key], format="ISO8601")
    frame = pm4py.format_dataframe(frame, case_id="case:concept:name", activity_key="concept:name",
                                   timestamp_key="time:timestamp")
    done = frame[frame["lifecycle:transition"] == "complete"]
    durations = pm4py.get_all_case_durations(frame) if ".xes" in file else []
    print(json.dumps({"events": len(done), "cases": int(done["case:concept:name"].nunique()),
                      "names": sorted(done["concept:name"].unique()), "total_s": float(sum(durations))}))
"""


@pytest.mark.very_slow
@pytest.mark.skipif(not PM4PY, reason="REFORMSIM_PM4PY names no Python with pm4py")
@pytest.mark.parametrize("suffix", [".xes", ".xes.gz", ".ocel.json", ".pm4py.csv"])
def test_pm4py_reads_the_logs_back(suffix: str, tmp_path: Path) -> None:
    """As many finished tasks and cases as our own log has, by the same names; and their time from start to end."""
    model = load("enterprise_opening", replications=1).models["after"]
    log, names = replication_log(model, 0), log_names(model, "zh")
    file = tmp_path / f"log{suffix}"
    write_log(file, [log], names)
    (tmp_path / "reader.py").write_text(READER, encoding="utf-8")
    words = [str(PM4PY), str(tmp_path / "reader.py"), str(file)]
    found = json.loads(subprocess.run(words, capture_output=True, text=True, check=True).stdout.splitlines()[-1])
    done = names.is_activity(log) & ((log.outcome == DONE) if ".xes" in suffix else (log.ended >= 0))
    assert found["events"] == int(done.sum())
    assert found["cases"] == len(np.unique(log.case[done]))
    assert found["names"] == sorted({names.activities[n] for n in np.unique(log.node[done]).tolist()})
    if ".xes" in suffix:
        rows = names.is_activity(log)
        total = 0
        for case in np.unique(log.case[rows]):
            own = rows & (log.case == case)
            last = max(int(log.enabled[own].max()), int(log.started[own].max()), int(log.ended[own].max()))
            total += last - int(log.enabled[own].min())
        assert found["total_s"] == pytest.approx(total / 1000, abs=1)


@pytest.mark.very_slow
@pytest.mark.skipif(not PROSIMOS, reason="REFORMSIM_PROSIMOS names no command of Prosimos")
def test_prosimos_agrees_on_an_exported_model(tmp_path: Path) -> None:
    """The chain, read, exported and run there: its interval of the mean cycle and ours overlap."""
    draft = draft_of([CHAIN / "chain.prosimos.json", CHAIN / "chain.qbp.bpmn"])
    draft.data["arrivals"]["most"] = 1_000_000
    draft.data["study"] |= {"start": "2026-01-05", "horizon": 44, "warmup": 4}
    scenario = load(str(draft.write(tmp_path / "scenario", "en")[0]))
    model = scenario.models["current"]
    parameters, diagram = write_prosimos(Outgoing.of(scenario, "current"))
    (tmp_path / "m.json").write_bytes(parameters)
    (tmp_path / "m.bpmn").write_bytes(diagram)
    words = [
        str(PROSIMOS), "start-simulation", "--bpmn_path", "m.bpmn", "--json_path", "m.json", "--total_cases", "40000",
        "--log_out_path", "log.csv", "--starting_at", "2026-01-05T00:00:00.000000+00:00",
    ]  # fmt: skip
    subprocess.run(words, cwd=tmp_path, capture_output=True, check=True)
    first: dict[int, datetime] = {}
    last: dict[int, datetime] = {}
    with (tmp_path / "log.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            case = int(row["case_id"])
            begin, end = (datetime.fromisoformat(row[key]) for key in ("enable_time", "end_time"))
            first[case] = min(first.get(case, begin), begin)
            last[case] = max(last.get(case, end), end)
    theirs = np.array([(last[case] - first[case]).total_seconds() for case in sorted(first)])[1200:]
    batches = np.array([part.mean() for part in np.array_split(theirs, 20)])
    ours = np.array([replicate(model, number).cases["elapsed_days"].mean() * 86_400 for number in range(12)])
    half = 2.093 * batches.std(ddof=1) / sqrt(20) + 2.201 * ours.std(ddof=1) / sqrt(12)
    print(f"Prosimos {batches.mean():.1f}, reformsim {ours.mean():.1f}, half-widths together {half:.1f}")
    assert half < 0.25 * ours.mean(), "no power"
    assert abs(batches.mean() - ours.mean()) <= half
    assert int((replication_log(model, 0).node == CASE_NODE).sum()) > 10_000
