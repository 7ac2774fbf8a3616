"""A model that is read, written and read again is the same scenario; what is written is what its format wants."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from scenarios.interchange.bpsim_writing import write_bpsim
from scenarios.interchange.draft import Draft
from scenarios.interchange.importing import draft_of
from scenarios.interchange.outgoing import Outgoing, xpath
from scenarios.interchange.prosimos_writing import write_prosimos
from scenarios.interchange.qbp_writing import write_qbp
from scenarios.library import names
from scenarios.loading import load
from simulations.drivers.replicate import replication_log
from tests.unit.interchange import test_bpsim, test_prosimos, test_qbp

SCHEMAS = Path(__file__).parents[4] / "shared" / "interchange" / "bpsim"
LIBRARY = names()


def written_again(draft: Draft, folder: Path, write: Callable[[Outgoing, Path], list[Path]]) -> Draft:
    """The draft that comes of the exported one."""
    scenario = load(str(draft.write(folder / "scenario", "en")[0]))
    outgoing = Outgoing.of(scenario, next(iter(scenario.models)))
    (folder / "out").mkdir()
    files = write(outgoing, folder / "out")
    assert not outgoing.notes
    return draft_of(files)


def as_qbp(outgoing: Outgoing, folder: Path) -> list[Path]:
    (folder / "m.bpmn").write_bytes(write_qbp(outgoing))
    return [folder / "m.bpmn"]


def as_prosimos(outgoing: Outgoing, folder: Path) -> list[Path]:
    parameters, diagram = write_prosimos(outgoing)
    (folder / "m.json").write_bytes(parameters)
    (folder / "m.bpmn").write_bytes(diagram)
    return [folder / "m.json", folder / "m.bpmn"]


def as_bpsim(outgoing: Outgoing, folder: Path) -> list[Path]:
    (folder / "m.bpmn").write_bytes(write_bpsim(outgoing))
    return [folder / "m.bpmn"]


DURATIONS = [
    "FIXED 90 NaN NaN", "EXPONENTIAL 0 300 0", "NORMAL 600 120 0", "UNIFORM 0 60 120", "TRIANGULAR 90 60 120",
    "GAMMA 600 14400 0", "LOGNORMAL 600 123 0",
]  # fmt: skip


@pytest.mark.parametrize("values", DURATIONS)
def test_qbp_comes_back(tmp_path: Path, values: str) -> None:
    """Every distribution, the weekly hours, costs, shares, arrivals and study."""
    info = test_qbp.INFO.replace(
        '<qbp:statsOptions trimStartProcessInstances="0.1" trimEndProcessInstances="0.1"/>', ""
    ).replace("</qbp:elements>", '<qbp:element elementId="b" fixedCost="5"/></qbp:elements>')
    draft = draft_of([test_qbp.model(tmp_path, info, values=values)])
    expected = json.loads(json.dumps(draft.data))
    assert written_again(draft, tmp_path, as_qbp).data == expected


PROSIMOS: dict[str, Any] = json.loads(json.dumps(test_prosimos.GIVEN)) | {
    "prioritisation_rules": [],
}  # fmt: skip
PROSIMOS["batch_processing"][0] |= {
    "type": "Sequential", "duration_distrib": [], "size_distrib": [{"key": "2", "value": 1}],
}  # fmt: skip
PROSIMOS["batch_processing"][0]["firing_rules"].append(
    [{"attribute": "week_day", "comparison": "=", "value": "Friday"},
     {"attribute": "daily_hour", "comparison": ">=", "value": "9"},
     {"attribute": "daily_hour", "comparison": "<", "value": "12"}]
)  # fmt: skip
PROSIMOS["event_attributes"] = [
    {"event_id": "a", "attributes": [{"name": "total", "type": "expression", "values": "amount * 2"}]},
    {"event_id": "b", "attributes": [{"name": "colour", "type": "discrete", "values": [
        {"key": "red", "value": 0.5}, {"key": "green", "value": 0.5}]}]},
]  # fmt: skip
PROSIMOS["global_attributes"] = [{"name": "year", "type": "discrete", "values": [{"key": "2026", "value": 1}]}]
PROSIMOS["task_resource_distribution"][0]["resources"] = PROSIMOS["task_resource_distribution"][0]["resources"][:1]
PROSIMOS["resource_profiles"][0]["resource_list"] = PROSIMOS["resource_profiles"][0]["resource_list"][:1]


@settings(max_examples=15)
@given(
    kind=st.sampled_from(["fix", "expon", "norm", "uniform", "lognorm", "gamma"]),
    mean=st.integers(60, 10_000),
    spread=st.floats(0.05, 0.9),
    cost=st.integers(1, 90),
    amount=st.integers(1, 9),
    share=st.integers(1, 99),
)
def test_prosimos_comes_back(
    tmp_path_factory: pytest.TempPathFactory, kind: str, mean: int, spread: float, cost: int, amount: int, share: int
) -> None:
    """Any distribution, amount, cost and share survive."""
    folder = tmp_path_factory.mktemp("prosimos")
    model = json.loads(json.dumps(PROSIMOS))
    sd = round(mean * spread, 3)
    values = {"fix": [mean], "uniform": [mean, mean + sd], "expon": [mean, 0, 1e9], "norm": [mean, sd, 30, 1e6]}
    stated = values.get(kind, [mean, round(sd * sd, 3), 0, 1e9])
    duration = {"distribution_name": kind, "distribution_params": test_prosimos.params(*stated)}
    model["task_resource_distribution"][0]["resources"][0] |= duration
    model["resource_profiles"][0]["resource_list"][0] |= {"cost_per_hour": cost, "amount": amount}
    del model["gateway_branching_probabilities"][0]["probabilities"][0]["condition_id"]
    for path, value in zip(
        model["gateway_branching_probabilities"][0]["probabilities"], (share, 100 - share), strict=True
    ):
        path["value"] = value / 100
    draft = draft_of(test_prosimos.files(folder, model))
    expected = json.loads(json.dumps(draft.data))
    assert written_again(draft, folder, as_prosimos).data == expected


def test_prosimos_with_rules(tmp_path: Path) -> None:
    """Attributes and branch rules."""
    draft = draft_of(test_prosimos.files(tmp_path, PROSIMOS))
    expected = json.loads(json.dumps(draft.data))
    again = written_again(draft, tmp_path, as_prosimos).data
    assert again["attributes"] == expected["attributes"]
    assert again["variants"] == expected["variants"]


@pytest.mark.parametrize(
    "distribution",
    ['<TriangularDistribution min="5" mode="10" max="20"/>', '<GammaDistribution shape="4" scale="0.5"/>',
     '<ErlangDistribution mean="2" k="3"/>', '<WeibullDistribution shape="1.5" scale="2"/>',
     '<TruncatedNormalDistribution mean="2" standardDeviation="0.5" min="1" max="3"/>',
     '<NormalDistribution mean="20" standardDeviation="1"/>', '<LogNormalDistribution mean="2" standardDeviation="1"/>',
     '<NegativeExponentialDistribution mean="2"/>', '<UniformDistribution min="1" max="3"/>',
     '<FloatingParameter value="2"/>'],
)  # fmt: skip
def test_bpsim_comes_back(tmp_path: Path, distribution: str) -> None:
    """Distributions, calendars with dates, conditions, properties, resources, costs, study."""
    data = test_bpsim.DATA.replace('<TriangularDistribution min="5" mode="10" max="20"/>', distribution)
    begin, end = data.index('<Scenario id="after"'), data.index("</BPSimData>")
    draft = draft_of(test_bpsim.model(tmp_path, data[:begin] + data[end:]))
    expected = json.loads(json.dumps(draft.data))
    assert written_again(draft, tmp_path, as_bpsim).data == expected


@pytest.mark.parametrize("name", LIBRARY)
def test_the_library_goes_out_and_says_what_does_not_fit(name: str, tmp_path: Path) -> None:
    """BPSim and QBP take every pipeline; each note has its sentence; what comes back loads."""
    scenario = load(name)
    for variant in scenario.models:
        for number, write in enumerate((as_bpsim, as_qbp)):
            folder = tmp_path / f"{variant}{number}"
            folder.mkdir()
            outgoing = Outgoing.of(scenario, variant)
            files = write(outgoing, folder)
            assert outgoing.notes
            assert all(note.sentence("en") and note.sentence("zh") for note in outgoing.notes)
            load(str(draft_of(files).write(folder / "again", "zh")[0]))


@pytest.mark.skipif(not SCHEMAS.is_dir(), reason="the schema of BPSim is not there")
@pytest.mark.parametrize("name", LIBRARY)
def test_what_is_written_is_valid(name: str) -> None:
    """Data and results are valid against the schema of BPSim 2.0."""
    schema = etree.XMLSchema(etree.parse(SCHEMAS / "BPSim_v2.0.xsd"))
    scenario = load(name, replications=2)
    variant = next(iter(scenario.models))
    logs = [replication_log(scenario.models[variant], number) for number in range(2)]
    root = etree.fromstring(write_bpsim(Outgoing.of(scenario, variant), logs))
    data = etree.fromstring(etree.tostring(next(root.iter("{*}BPSimData"))))
    assert schema.validate(data), schema.error_log
    results = next(node for node in data if node.get("result"))
    counted = [int(v.get("value", "")) for v in results.iter("{*}NumericParameter") if v.get("result") == "count"]
    assert counted[:2] == [int((log.node == -1).sum()) for log in logs]


def test_conditions_as_xpath() -> None:
    """What has a counterpart is written so; the rest is nothing."""
    assert xpath('kind == "x" and not (size / 2 > 3)', ["kind", "size"]) == (
        "getProperty('kind') = 'x' and not((getProperty('size') div 2) > 3)"
    )
    assert xpath("a < b < c", ["a", "b", "c"]) is None
    assert xpath("unknown > 1", []) is None
