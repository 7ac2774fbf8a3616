"""The door: names and paths, overrides, settings of the caller, digests."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.errors import BadInput, Finding
from scenarios import library
from scenarios.findings import Findings
from scenarios.loading import LoadedScenario, load
from scenarios.overriding import apply
from scenarios.reading import read
from scenarios.sources import policy_facts
from scenarios.validating import validate

DATA = Path(__file__).parents[2] / "data" / "scenarios"
MANY = "    set: {common: {routes: {Complete: {shares: {Flow_correct: {value: 0.25, range: [0.1, 0.5]}}}}}}"
Load = Callable[..., LoadedScenario]


def test_a_scenario_says_what_it_holds() -> None:
    """Variants come in the file's order; overrides are named with their labels."""
    scenario = load(str(DATA / "licence.yaml"))
    assert (scenario.pipeline, scenario.labels.en) == ("licence", "Getting a licence")
    assert list(scenario.models) == ["before", "after"]
    assert scenario.override_names == (
        "more_corrections",
        "more_staff",
        "many_corrections",
        "fixed_acceptance",
    )
    assert scenario.override_labels["more_staff"].zh == "人手更多"
    assert scenario.warnings == ()


def test_overrides_change_the_model_and_are_recorded(licence: str, load_text: Load) -> None:
    """Chosen overrides are applied and recorded, dotted key, old and new value."""
    scenario = load_text(licence, overrides=["more_staff", "fixed_acceptance"])
    model = scenario.models["before"]
    assert model.pools[0].units == 3
    accept = model.activities[model.net.node_of["Accept"]]
    assert accept is not None
    assert accept.effort is not None
    assert (accept.effort.mean, accept.effort.variance) == (12 * 60_000, 0)
    assert (
        scenario.changes
        == model.overrides
        == (
            "pools.counter.units.value: 2 -> 3",
            "common.elements.Accept.effort.triangular: [5, 10, 20] -> -",
            "common.elements.Accept.effort.value: - -> 12",
            'variants.before.elements.Review.pools: ["counter", "expert"] -> ["counter"]',
            "variants.before.elements.Review.priority: - -> 2",
        )
    )


def test_overriding_leaves_the_base_untouched() -> None:
    """Applying an override returns a new document; the base and its positions stay as they were."""
    document = read((DATA / "licence.yaml").read_bytes(), "licence.yaml")
    data, positions = copy.deepcopy(document.data), dict(document.positions)
    findings = Findings(document)
    scenario = validate(document, findings)
    assert scenario is not None
    changed, _ = apply(document, scenario, list(scenario.overrides)[:2], findings)
    assert changed.data != document.data
    assert document.data == data
    assert document.positions == positions


def test_the_order_of_overrides_changes_nothing(licence: str, load_text: Load) -> None:
    """Overrides cannot touch the same key, so their order is of no matter, to the digest either."""
    one = load_text(licence, overrides=["more_staff", "more_corrections"])
    other = load_text(licence, overrides=["more_corrections", "more_staff"])
    assert one.models["after"].digest == other.models["after"].digest
    assert sorted(one.changes) == sorted(other.changes)


def test_conflicting_overrides_are_refused(licence: str, findings_of: Callable[..., tuple[Finding, ...]]) -> None:
    """Two overrides that set one key are an error that names both."""
    found = findings_of(licence, overrides=["more_corrections", "many_corrections"])
    assert {finding.code for finding in found} == {"scenario.override.conflict"}
    assert "more_corrections and many_corrections" in found[0].message("en")
    assert found[0].line == 1 + licence.splitlines().index(MANY)


def test_unknown_overrides_are_refused(licence: str, findings_of: Callable[..., tuple[Finding, ...]]) -> None:
    """A misspelt override is answered with the one that is likely meant."""
    (finding,) = findings_of(licence, overrides=["more_stuff"])
    assert finding.code == "scenario.unknown.override"
    assert "more_staff" in finding.cure("en")


def test_findings_of_an_override_point_into_it(licence: str, findings_of: Callable[..., tuple[Finding, ...]]) -> None:
    """What an override makes wrong is reported where the override says it, chosen or not."""
    text = licence.replace("shares: {Flow_correct: {value: 0.3}}", "shares: {Flow_correct: {value: 3}}")
    for overrides in ([], ["more_corrections"]):
        (finding,) = findings_of(text, overrides=overrides)
        assert finding.code == "scenario.bound"
        assert "value: 3}" in text.splitlines()[(finding.line or 0) - 1]


def test_range_of_an_overridden_number_is_checked(
    licence: str, findings_of: Callable[..., tuple[Finding, ...]]
) -> None:
    """An override that leaves the range of its number must widen it."""
    text = licence.replace("shares: {Flow_correct: {value: 0.3}}", "shares: {Flow_correct: {value: 0.9}}")
    (finding,) = findings_of(text, overrides=["more_corrections"])
    assert finding.code == "scenario.range_outside"


def test_the_caller_sets_replications_and_seed(licence: str, load_text: Load) -> None:
    """Replications and seed of the call win, and change the digest."""
    plain, called = load_text(licence), load_text(licence, replications=9, seed=-5)
    study = called.models["after"].study
    assert (study.replications, study.seed) == (9, -5)
    assert called.models["after"].digest != plain.models["after"].digest


@pytest.mark.parametrize("arguments", [{"replications": 0}, {"seed": 2**63}])
def test_impossible_settings_are_refused(
    licence: str, findings_of: Callable[..., tuple[Finding, ...]], arguments: dict[str, int]
) -> None:
    """Settings of the caller keep the same bounds as those of the file."""
    (finding,) = findings_of(licence, **arguments)
    assert finding.code == "scenario.bound"


def test_digests_follow_everything_that_decides_the_results(licence: str, load_text: Load) -> None:
    """The same input has the same digest; scenario, variant, override and diagram each change it."""
    model = load_text(licence).models["before"]
    assert model.digest == load_text(licence).models["before"].digest
    assert model.digest.startswith("sha256:")
    assert len(model.digest) == len("sha256:") + 64
    others = [
        load_text(licence).models["after"],
        load_text(licence + "# a comment\n").models["before"],
        load_text(licence, overrides=["more_staff"]).models["before"],
    ]
    assert len({model.digest, *(other.digest for other in others)}) == 4


def test_a_file_of_holidays_wins(licence: str, load_text: Load, tmp_path: Path) -> None:
    """Days of the caller's file win over calendar and scenario, and belong to the digest."""
    file = tmp_path / "days.csv"
    file.write_text("2022-06-11,off\n2022-06-12,working\n", encoding="utf-8")
    plain, given = load_text(licence).models["before"], load_text(licence, holidays=file).models["before"]
    assert plain.days.working[161:163].tolist() == [True, False]
    assert given.days.working[161:163].tolist() == [False, True]
    assert plain.digest != given.digest


def test_findings_of_a_file_of_holidays_name_it(
    licence: str, findings_of: Callable[..., tuple[Finding, ...]], tmp_path: Path
) -> None:
    """What is wrong in the caller's file is reported there."""
    file = tmp_path / "days.csv"
    file.write_text("2022-06-11,perhaps\n", encoding="utf-8")
    (finding,) = findings_of(licence, holidays=file)
    assert (finding.file, finding.line) == (str(file), 1)


def test_library_names(tmp_path: Path) -> None:
    """Every scenario file of the library is a name; the facts are not."""
    for name in ("permit.yaml", "opening.yaml", "facts.yaml", "notes.txt"):
        (tmp_path / name).touch()
    assert library.names(tmp_path) == ["opening", "permit"]
    assert library.find("permit", tmp_path) == tmp_path / "permit.yaml"
    assert library.find(str(tmp_path / "notes.txt"), tmp_path) == tmp_path / "notes.txt"


@pytest.mark.parametrize(
    ("name", "code", "cure"),
    [
        ("permitt", "scenario.unknown.scenario", "permit"),
        ("no/such.yaml", "scenario.no_file", "reformsim list"),
    ],
)
def test_unknown_scenarios_are_refused(tmp_path: Path, name: str, code: str, cure: str) -> None:
    """A name that is none is answered with the likely one, a path with the file that is missing."""
    (tmp_path / "permit.yaml").touch()
    with pytest.raises(BadInput) as caught:
        library.find(name, tmp_path)
    (finding,) = caught.value.findings
    assert finding.code == code
    assert cure in finding.cure("en")
    assert finding.describe("zh")


def test_a_folder_is_no_scenario(tmp_path: Path) -> None:
    """A path to a folder is refused like any other that is no file."""
    with pytest.raises(BadInput, match="Expected a scenario file"):
        load(str(tmp_path))


def test_faults_of_a_diagram_are_reported_with_the_scenario(
    licence: str, findings_of: Callable[..., tuple[Finding, ...]], load_text: Load, tmp_path: Path
) -> None:
    """A diagram that cannot be read gives findings in its own file, beside those of the scenario."""
    load_text(licence)
    text = licence.replace("diagram: before.bpmn", "diagram: broken.bpmn").replace("Flow_again: 0.2", "Flow_agian: 0.2")
    (tmp_path / "broken.bpmn").write_text("<definitions", encoding="utf-8")
    files = [Path(finding.file or "").name for finding in findings_of(text)]
    assert set(files) == {"broken.bpmn", "changed.yaml"}


def test_elements_that_are_not_run_are_reported_with_the_scenario(
    licence: str, findings_of: Callable[..., tuple[Finding, ...]], load_text: Load, tmp_path: Path
) -> None:
    """An element that the engine refuses is a finding in the diagram, beside the scenario's own."""
    load_text(licence)
    drawn = (tmp_path / "after.bpmn").read_text(encoding="utf-8")
    drawn = drawn.replace('<task id="Survey" name="勘察" />', '<callActivity id="Survey" name="勘察" />')
    (tmp_path / "strange.bpmn").write_text(drawn, encoding="utf-8")
    text = licence.replace("diagram: after.bpmn", "diagram: strange.bpmn").replace(
        "{element: Survey,", "{element: Servey,"
    )
    codes = {finding.code for finding in findings_of(text)}
    assert {"element.call_missing", "scenario.unknown.measurable"} <= codes


def test_facts_must_have_their_form(tmp_path: Path) -> None:
    """A list of facts that is none, a fact without statement and a doubled id are findings with lines."""
    good = "{id: a, statement: {zh: 甲, en: a}}"
    for text, line in (
        (f"facts:\n  - {good}\n  - {good}\n", 3),
        ("facts:\n  - {id: b}\n", 2),
        ("other: 1\n", 1),
    ):
        file = tmp_path / f"facts{line}.yaml"
        file.write_text(text, encoding="utf-8")
        with pytest.raises(BadInput) as caught:
            policy_facts(file)
        assert [(f.code, f.line) for f in caught.value.findings] == [("scenario.fact", line)]
    assert policy_facts(tmp_path / "none.yaml") == {}
