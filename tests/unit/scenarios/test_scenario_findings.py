"""Each thing that can be wrong in a scenario: its finding, at the line of the offending key."""
# ruff: noqa: E501 - a table is read more easily in long lines

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pytest

from engine.errors import Finding
from scenarios.loading import LoadedScenario

# (what is replaced, by what, code, a text of the line that must be named)
FAULTS: Final = [
    # form
    ("process: poisson", "proces: poisson", "unknown.key", "proces: poisson"),
    ("  country: CN\n", "  country: USA\n", "option", "country: USA"),
    ("pipeline: licence", "pipeline: Licence-1", "name", "pipeline:"),
    ("schema: 1", "schema: 2", "option", "schema: 2"),
    ("  seed: 7", "  seed: seven", "type.whole", "seed: seven"),
    ("  seed: 7", "  seed: 7.0", "type.whole", "seed: 7.0"),
    ("  replications: 3", "  replications: 0", "bound", "replications: 0"),
    ("  replications: 3\n", "", "missing_key", "study:"),
    ("start: 2022-01-01", "start: 2022", "type.date", "start: 2022"),
    ("labels: {zh: 窗口, en: Counter}", "labels: Counter", "type.mapping", "labels: Counter"),
    ("labels: {zh: 窗口, en: Counter}", "labels：{zh: 窗口, en: Counter}", "yaml.full_width_colon", "labels："),
    ("labels: {zh: 窗口, en: Counter}", "labels: {zh: '', en: Counter}", "no_text", "labels: {zh: ''"),
    ("labels: {zh: 窗口, en: Counter}", "labels: {zh: 7, en: Counter}", "type.text", "labels: {zh: 7"),
    ("open: []", "open: none", "type.list", "open: none"),
    ("units: {value: 2,", "units: {value: two,", "type.whole", "units: {value: two"),
    ("units: {value: 2,", "units: {value: 0,", "bound", "units: {value: 0"),
    ("units: {value: 2,", "units: {value: 2.5,", "type.whole", "units: {value: 2.5"),
    ("horizon: {value: 365,", "horizon: {value: .nan,", "type.finite", "horizon:"),
    ("kind: survey,", "kind: survey, online: sometimes,", "type.truth", "kind: survey"),
    ("triangular: [5, 10, 20]", "triangular: [5, 10]", "missing_key", "triangular: [5, 10]"),
    ("[5, 10, 20], unit", "[5, 10, 20], value: 3, unit", "exactly_one", "[5, 10, 20], value: 3"),
    ("unit: minute, source: times, range: [5, 15]", "unit: working_day, source: times", "option", "working_day, source: t"),
    ("variants:\n", "variants: {}\nvariantz:\n", "unknown.key", "variantz:"),
    # calendar and hours
    ('["09:00-13:00"]', '["09:00-25:00"]', "hours.span", "09:00-25:00"),
    ('["09:00-13:00"]', '["9-13"]', "hours.span", '"9-13"'),
    ('["09:00-13:00"]', '["09:00-13:00", "12:00-14:00"]', "hours.order", "12:00-14:00"),
    ("{date: 2022-07-01, open: []}", "{open: []}", "hours.date_or_period", "- {open: []}"),
    ("to: 2022-09-30", "to: 2022-05-30", "hours.backwards", "to: 2022-05-30"),
    ("days: [tue, sat]", "days: [tue, saturday]", "option", "saturday"),
    ("days: [tue, sat]", "days: sometimes", "option", "sometimes"),
    ('["09:00-13:00"]', "[]", "hours.never", "market:"),
    ("2022-06-06: off", "2022-06-06: free", "option", "2022-06-06: free"),
    ("2022-06-06: off", "someday: off", "type.date", "someday: off"),
    ("  office: office", "  office: ofice", "unknown.hours", "office: ofice"),
    ("start: 2022-01-01", "start: 2031-01-01", "=calendar.unknown_year", "start: 2031"),
    ("start: 2022-01-01", "start: 9999-01-01", "study.end", "start: 9999"),
    ("horizon: {value: 365", "horizon: {value: 30", "study.horizon", "study:"),
    ("run_out: {value: 730", "run_out: {value: 200", "study.run_out", "study:"),
    # sources
    ("unit: hour, source: times", "unit: hour", "no_source", "effort: {value: 1.5"),
    ("lognormal: {mean: 4, sd: 2}, unit: hour, source: times", "value: 4, unit: hour, source: tims", "unknown.source", "tims"),
    ("  source: volume\n", "", "no_source", "rate: {value: 60"),
    ("unit: working_day, source: policy.limit7}", "unit: working_day, source: policy.limit8}", "unknown.source", "limit8"),
    ("range: [1, 3]}", "range: [3, 1]}", "range_order", "range: [3, 1]"),
    ("range: [1, 3]}", "range: [3, 4]}", "range_outside", "range: [3, 4]"),
    ("  law: {kind", "  policy.limit7: {kind", "source_hides_fact", "policy.limit7: {kind"),
    # pools, attributes, arrivals
    ("    hours: office\n    discipline", "    hours: offices\n    discipline", "unknown.hours", "offices"),
    ("floor_area: {triangular", "not: {triangular", "attribute_reserved", "  not: {"),
    ("factory: 0.6", "factory: 0.7", "choices_sum", "factory: 0.7"),
    ("probability: 0.05", "probability: 1.05", "bound", "probability: 1.05"),
    ("triangular: [300, 3000, 10000]", "triangular: [3000, 300, 10000]", "=sampling.mode_outside", "[3000, 300"),
    ("  rate: {value: 60,", "  rate: {value: -60,", "bound", "rate: {value: -60"),
    ("  process: poisson", "  every: {value: 2, unit: hour}", "exactly_one", "arrivals:"),
    ("{8: 1.0, 9: 1.5}", "{8: 1.0, 24: 1.5}", "bound", "24: 1.5"),
    ("{8: 1.0, 9: 1.5}", "{8: 1.0, nine: 1.5}", "type.whole", "nine: 1.5"),
    ("{8: 1.0, 9: 1.5}", "{8: -1, 9: 1.5}", "bound", "8: -1"),
    # elements
    ("    Survey: {dwell: {pert", "    Survay: {dwell: {pert", "unknown.element", "Survay"),
    ("      Publish: {dwell", "      Publich: {dwell", "unknown.element", "Publich"),
    ("      Publish: {dwell: {value: 5, unit: natural_day, source: law}}\n", "", "element.timer_without_time", "    elements:"),
    ("      pools: [counter]\n      priority: 1\n", "", "effort_without_pools", "Accept:"),
    ("      pools: [counter]\n      priority: 1\n", "      pools: [countr]\n", "unknown.pool", "countr"),
    ("pools: [counter, expert]", "pools: [counter, counter]", "repeated", "Review:"),
    ("        due: {value: 7, unit: working_day, source: law}\n", "", "element.no_due", "Review:"),
    ("        clock: working\n", "        clock: working\n        by: nobody\n", "option", "nobody"),
    ("{dwell: {value: 5, unit: natural_day, source: law}}", "{priority: 1}", "element.timer_without_time", "Publish"),
    ("{dwell: {value: 5, unit: natural_day, source: law}}", "{clock: office}", "only_with", "Publish"),
    ("source: law}}\n    routes", "source: law}, clock: office}\n    routes", "element.day_of_office", "clock: office"),
    ("Survey: {dwell: {pert: [2, 3, 6], unit: working_day, source: times, range: [2, 5]}, by: third_party}",
     "Survey: {priority: 3}", "element.no_time", "Survey: {p"),
    ("      Publish: {dwell", "      Permit: {dwell", "element.no_waiting", "Permit: {dwell"),
    ("Publish: {dwell: {value: 5, unit: natural_day, source: law}}",
     "Publish: {effort: {value: 5, unit: hour, source: law}, pools: [counter]}", "element.timer_effort", "Publish"),
    ("{value: 1.5, unit: hour", "{value: -1.5, unit: hour", "negative", "-1.5"),
    ("{value: 1.5, unit: hour", "{uniform: [-1, 3.9], unit: hour", "negative", "uniform: [-1"),
    ("{value: 1.5, unit: hour", "{uniform: [3, 1], unit: hour", "=sampling.empty_range", "uniform: [3, 1]"),
    ("{value: 5, unit: natural_day, source: law}", "{value: 50000, unit: natural_day, source: law}", "too_long", "50000"),
    ("    hours: office\n    discipline", "    hours: night\n    discipline", "unknown.hours", "night"),
    # routes
    ("    Complete:\n", "    Complet:\n", "unknown.gateway", "Complet:"),
    ("      Small:\n", "      Smal:\n", "unknown.gateway", "Smal:"),
    ("      Small:\n", "      Merge:\n", "route.no_choice", "Merge:"),
    ("Flow_small: rest", "Flow_smal: rest", "unknown.flow", "Flow_smal:"),
    ("Flow_small: rest", "Flow_small: 0.8", "route.sum", "shares:"),
    ("Flow_correct: {value: 0.15, range: [0.05, 0.3]}", "Flow_correct: rest", "route.rest_twice", "shares:"),
    ("Flow_correct: {value: 0.15,", "Flow_correct: {value: 1.15,", "bound", "1.15"),
    ("Flow_correct: {value: 0.15, range: [0.05, 0.3]}, Flow_small: rest", "Flow_small: 1", "route.no_share", "Complete:"),
    ("at_most: {Flow_correct: 2}", "at_most: {Flow_correct: 2, Flow_small: 1}", "route.nothing_left", "at_most:"),
    ("at_most: {Flow_correct: 2}", "at_most: {Flow_correkt: 2}", "unknown.flow", "Flow_correkt"),
    ("at_most: {Flow_correct: 2}", "default: Flow_correct", "only_with", "Complete:"),
    ("{Flow_again: 0.2, Flow_done: 0.8}", "{Flow_again: 0.2, Flow_done: 0.7}", "route.sum", "Flow_done: 0.7"),
    ("floor_area < 2000 and", "floor_aria < 2000 and", "=condition.unknown_attribute", "floor_aria"),
    ("floor_area < 2000 and", "floor_area < < 2000 and", "=condition.syntax", "< <"),
    ("        default: Flow_survey\n", "", "route.no_condition", "Small:"),
    ("    routes:\n      Again:\n", "    routes:\n      Large:\n", "unknown.flow", "Flow_again: 0.2"),
    # measured, sums, targets
    ("{element: Survey,", "{element: Survy,", "unknown.measurable", "Survy"),
    ("{element: Survey,", "{element: Small,", "unknown.measurable", "element: Small"),
    ("{element: Review, kind", "{element: Permit, kind", "measured_twice", "counts: 0"),
    ("pauses: [Correct]", "pauses: [Corect]", "unknown.element", "Corect"),
    ("serial: [Survey, Permit]", "serial: [Survey, Accept]", "unknown.measured", "serial:"),
    ("serial: [Survey, Permit]", "serial: [Permit, Review]", "sum.inside", "serial:"),
    ("serial: [Survey, Permit]", "serial: [Permit, Permit]", "repeated", "serial:"),
    ("kind: survey, limit: {value: 10, unit: working_day, source: law}}", "kind: survey}", "sum.no_limit", "serial:"),
    ("kind: survey, limit: {value: 10, unit: working_day", "kind: survey, limit: {value: 10, unit: hour", "sum.mixed", "serial:"),
    ("serial: [Survey, Permit]", "elapsed: [Survey, Permit]", "sum.reserved", "elapsed:"),
    ("serial: [Survey, Permit]", "hours: [Survey, Permit]", "sum.days_name", "sums: {hours"),
    ("indicator: serial_days", "indicator: serial", "unknown.indicator", "indicator: serial,"),
    ("limit: 17, unit: working_day", "limit: 17, unit: hour", "target_unit", "limit: 17"),
    ("tolerance: 0.1", "required_share: 0.9", "only_with", "required_share"),
    (', tolerance: 0.1', "", "tolerance", 'op: "~"'),
    ("kind: approval, counts: 1,", "kind: aproval, counts: 1,", "option", "aproval"),
    ("diagram: before.bpmn", "diagram: befor.bpmn", "no_diagram", "befor.bpmn"),
    # overrides
    ("counter: {units: 3}", "counter: {unit: 3}", "unknown.key", "counter: {unit: 3}"),
    ("counter: {units: 3}", "countr: {units: 3}", "missing_key", "countr: {units: 3}"),
    ("counter: {units: 3}", "counter: {units: -3}", "bound", "units: -3"),
    ("pools: {counter: {units: 3}}", "pipeline: other", "override.fixed", "pipeline: other"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "code", "where"), FAULTS, ids=lambda part: str(part)[:40])
def test_each_fault_is_found_at_its_line(
    licence: str, findings_of: Callable[..., tuple[Finding, ...]], old: str, new: str, code: str, where: str
) -> None:
    """One wrong place gives a finding with its code, its line, a column and a key, in both languages."""
    assert old in licence
    changed = licence.replace(old, new, 1)
    found = findings_of(changed)
    expected = code.removeprefix("=") if code.startswith("=") else f"scenario.{code}"
    matching = [finding for finding in found if finding.code == expected]
    assert matching, [finding.describe() for finding in found]
    line = matching[0].line
    assert line is not None
    assert where in changed.splitlines()[line - 1], matching[0].describe()
    assert matching[0].column
    assert matching[0].file is not None
    assert matching[0].file.endswith("changed.yaml")


def test_all_findings_come_at_once(licence: str, findings_of: Callable[..., tuple[Finding, ...]]) -> None:
    """Faults of several places and both variants are reported together, sorted by line."""
    changed = licence.replace("Survey: {dwell", "Survay: {dwell", 1).replace(
        "units: {value: 1, source: staff", "units: {value: 1, source: stuff"
    )
    changed = changed.replace("Flow_again: 0.2", "Flow_agayn: 0.2")
    found = findings_of(changed)
    codes = [finding.code for finding in found]
    assert {"scenario.unknown.element", "scenario.unknown.source", "scenario.unknown.flow"} <= set(codes)
    assert [finding.line for finding in found] == sorted(finding.line or 0 for finding in found)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("source: staff, range: [1, 2]", "source: staff", "no_range"),
        ("{value: 0.15, range: [0.05, 0.3]}", "0.15", "no_range"),
        ("pools: [counter, expert]", "pools: [counter]", "pool_unused"),
        ("{indicator: procedures, value: 28", "{indicator: quality, value: 28", "reference_indicator"),
        ("office: office", "estimate_unknown_years: true\n  office: office", "estimated_years"),
    ],
)
def test_doubtful_things_are_warnings(
    licence: str, load_text: Callable[..., LoadedScenario], old: str, new: str, code: str
) -> None:
    """What the language only warns of does not stop the scenario, and is said in both languages."""
    changed = licence.replace(old, new, 1)
    if code == "estimated_years":
        changed = changed.replace("start: 2022-01-01", "start: 2031-01-01")
    warnings = load_text(changed).warnings
    assert [warning.code for warning in warnings] == [f"scenario.{code}"]
    assert warnings[0].severity == "warning"
    assert warnings[0].line
    assert warnings[0].describe("zh")


def test_the_likely_meaning_is_named(licence: str, findings_of: Callable[..., tuple[Finding, ...]]) -> None:
    """A misspelt key is answered with the key that it is likely to be."""
    found = findings_of(licence.replace("process: poisson", "proces: poisson"))
    assert "Did you mean: process" in found[0].cure("en")
    assert "是不是想写：process" in found[0].cure("zh")
