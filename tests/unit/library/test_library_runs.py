"""Every variant of the library: its promise on paper, a replay, a live case to its end."""

from __future__ import annotations

import functools
from dataclasses import replace

import numpy as np
import pytest

from engine.live.case import run_to_end
from engine.live.replay import replay
from engine.log import CASE_NODE, DONE, EventLog
from scenarios.loading import LoadedScenario, load
from simulations.causes import critical_chains
from simulations.drivers.compiled.driver import simulate_compiled
from simulations.drivers.simpy_driver import simulate
from simulations.indicators import measure
from simulations.load import offered_load
from simulations.promise import promise
from tests.support.drivers import NEEDS_NUMBA
from tests.support.library import EVERY_VARIANT


@functools.cache
def scenario(pipeline: str) -> LoadedScenario:
    return load(pipeline)


@functools.cache
def model_and_log(pipeline: str, variant: str):
    """A model with at least 200 finished cases in its log."""
    model = scenario(pipeline).models[variant]
    logs, finished, replication = [], 0, 0
    while finished < 200:
        log = simulate(model, replication)
        logs.append((replication, log))
        finished += int(((log.node == CASE_NODE) & (log.outcome == DONE)).sum())
        replication += 1
    return model, logs


@pytest.mark.parametrize(
    ("pipeline", "variant", "expected"),
    [
        ("construction_permit", "immediate", {"serial_days": 47, "approval_days": 21, "procedures": 10}),
        ("construction_permit", "after", {"serial_days": 38, "approval_days": 17, "procedures": 6}),
        ("enterprise_opening", "before", {"serial_days": 20, "procedures": 6}),
        ("enterprise_opening", "after", {"hours": 7, "critical_path_hours": 5, "procedures": 1}),
        ("power_low_voltage", "after", {"service_days": 3, "procedures": 2}),
        ("power_low_voltage", "push", {"service_days": 3, "procedures": 1}),
        ("credit_publicity", "after", {"credit_days": 7, "penalty_days": 20}),
        ("penalty_publicity", "after", {"credit_days": 7, "penalty_days": 20}),
        ("bankruptcy", "before", {"case_days": 500}),
        ("bankruptcy", "annex", {"case_days": 450}),
        ("bankruptcy", "main_text", {"case_days": 350}),
        ("contract_enforcement", "before", {"trial_days": 183, "execution_days": 102.7}),
        (
            "contract_enforcement",
            "after",
            {"trial_days": 45, "execution_days": 78, "report_days": 5},
        ),
        ("enterprise_opening", "interim", {"serial_days": 8.5, "procedures": 3}),
        ("enterprise_opening", "with_bank_account", {"hours": 7, "critical_path_hours": 5, "procedures": 1}),
        ("government_service", "statutory", {"decision_days": 20}),
        ("government_service", "promised", {"decision_days": 4}),
        ("power_high_voltage", "before", {"service_days": 40, "procedures": 6}),
        ("power_high_voltage", "after", {"service_days": 16, "procedures": 3}),
        ("power_high_voltage", "push", {"service_days": 16, "procedures": 2}),
        ("power_high_voltage", "important", {"service_days": 21, "procedures": 6}),
        ("power_low_voltage", "push_monthly", {"service_days": 3, "procedures": 1}),
        ("credit_123", "cumulative", {"promise_days": 3}),
        ("credit_123", "successive", {"promise_days": 6}),
        ("finance_institution_setup", "before", {"approval_days": 40}),
        ("finance_institution_setup", "after", {"approval_days": 40, "capital_days": 5}),
        ("project_preparation", "before", {"assessment_days": 140, "procedures": 7}),
        ("project_preparation", "after", {"assessment_days": 20, "procedures": 1}),
        ("real_estate_registration", "before", {"registration_days": 30, "procedures": 4}),
        ("real_estate_registration", "general", {"registration_days": 3, "procedures": 2}),
        ("real_estate_registration", "mortgage", {"registration_days": 1, "procedures": 2}),
        ("real_estate_registration", "instant", {"instant_hours": 1, "procedures": 2}),
        ("tax_filing", "before", {"preparation_hours": 138, "procedures": 7}),
        ("tax_filing", "after", {"preparation_hours": 131.1, "procedures": 5}),
        ("tendering", "after", {"notice_days": 1, "bond_days": 1, "procedures": 3}),
        ("procurement_contract", "before", {"signing_days": 30, "filing_days": 7}),
        ("procurement_contract", "after", {"signing_days": 15, "filing_days": 2}),
        ("trade_licence", "before", {"export_days": 3}),
        ("trade_licence", "after", {"export_days": 1.5}),
        ("water_gas", "before", {"service_days": 3, "procedures": 3}),
        ("water_gas", "after", {"service_days": 2, "excavation_days": 5, "procedures": 1}),
    ],
)
def test_the_promise_on_paper_is_exact(pipeline, variant, expected):
    """What the limits of policy, statute and reference add up to; assumptions have no part in it."""
    model = scenario(pipeline).models[variant]
    paper = promise(model.diagram, model.measured, model.sums)
    assert {name: paper[name] for name in expected} == expected


def test_the_days_of_the_construction_permit_are_those_of_the_policy():
    """38 = 10 + 7 + 1 + 10 + 10 and 17 = 7 + 10; 47 = 15 + 2 + 7 + 1 + 10 + 10 + 2 and 21 = 2 + 7 + 10 + 2."""
    for variant, serial, approval in (
        ("after", [1, 7, 10, 10, 10], [7, 10]),
        ("immediate", [1, 2, 2, 7, 10, 10, 15], [2, 2, 7, 10]),
    ):
        model = scenario("construction_permit").models[variant]
        limits = {m.element: m.limit.value for m in model.measured if m.limit}
        sums = {total.name: sorted(limits[e] for e in total.elements) for total in model.sums}
        assert sums == {"serial": serial, "approval": approval}


def assert_replays(pipeline, variant, cases):
    """Another engine replays simulated cases of a variant without a complaint."""
    model, logs = model_and_log(pipeline, variant)
    left = cases
    for _, log in logs:
        first = log.take(np.flatnonzero(log.case < left))
        assert [c.describe("en") for c in replay(model.diagram, model.net, first)] == []
        left -= int(((first.node == CASE_NODE) & (first.outcome == DONE)).sum())
        if left <= 0:
            return
    pytest.fail(f"only {cases - left} finished cases")


@pytest.mark.slow
@pytest.mark.parametrize(("pipeline", "variant"), EVERY_VARIANT)
def test_spiffworkflow_accepts_forty_cases(pipeline, variant):
    """Of every variant."""
    assert_replays(pipeline, variant, 40)


@pytest.mark.very_slow
@pytest.mark.parametrize(("pipeline", "variant"), EVERY_VARIANT)
def test_spiffworkflow_accepts_two_hundred_cases(pipeline, variant):
    """Of every variant."""
    assert_replays(pipeline, variant, 200)


@pytest.mark.parametrize(("pipeline", "variant"), EVERY_VARIANT)
def test_spiffworkflow_runs_a_live_case_to_its_end(pipeline, variant):
    """Along the default flows."""
    assert len(run_to_end(scenario(pipeline).models[variant].diagram)) >= 2


@pytest.mark.parametrize(("pipeline", "variant"), EVERY_VARIANT)
def test_the_first_replication_holds_together(pipeline, variant):
    """All cases end, chains leave no remainder, indicators are finite and not negative, pools can keep up."""
    model, logs = model_and_log(pipeline, variant)
    log = logs[0][1]
    result = measure(log, model)
    assert result.unfinished == 0
    assert all((column >= 0).all() for column in result.cases.values())
    chains = critical_chains(log, model)
    assert (chains.causes.sum(axis=1) == chains.elapsed).all()
    assert max(offered_load(model)) < 1


def test_the_reform_bends_the_right_way():
    """Fewer procedures and fewer days, stage by stage."""
    for pipeline, indicator, stages in (
        ("construction_permit", "serial_days", ("before", "immediate", "after")),
        ("contract_enforcement", "elapsed_days", ("before", "after")),
        ("enterprise_opening", "working_days", ("before", "interim", "after")),
        ("power_high_voltage", "service_days", ("before", "important", "after")),
        ("power_low_voltage", "service_days", ("before", "after", "push")),
        ("real_estate_registration", "elapsed_days", ("before", "general")),
        ("water_gas", "service_days", ("before", "after")),
    ):
        means = []
        for variant in stages:
            model, logs = model_and_log(pipeline, variant)
            cases = measure(logs[0][1], model).cases
            means.append((cases["procedures"].mean(), cases[indicator].mean()))
        assert means == sorted(means, reverse=True)


@pytest.mark.slow
@pytest.mark.parametrize("override", ["more_corrections", "fewer_staff", "lone_visitors", "larger_volume"])
def test_overrides_bend_the_right_way(override):
    """More corrections, fewer people and more cases never make the permit quicker, on common random numbers."""
    base = scenario("construction_permit").models["after"]
    changed = load("construction_permit", overrides=[override]).models["after"]
    means = [
        np.mean([measure(simulate(model, r), model).cases["elapsed_days"].mean() for r in range(4)])
        for model in (base, changed)
    ]
    assert means[1] > means[0]


def test_a_pool_that_cannot_keep_up_is_said():
    """Ten times the volume."""
    from simulations.load import overload_findings

    model = scenario("construction_permit").models["before"]
    arrivals = replace(model.arrivals, cumulative=model.arrivals.cumulative * 10)
    findings = overload_findings(replace(model, arrivals=arrivals), "en")
    assert findings
    assert all("people short" in finding.message("en") for finding in findings)


@pytest.mark.slow
@NEEDS_NUMBA
@pytest.mark.parametrize(("pipeline", "variant"), EVERY_VARIANT)
def test_both_drivers_give_the_same_log(pipeline, variant):
    """Of every variant: all columns of all rows, and who did what."""
    model, logs = model_and_log(pipeline, variant)
    for replication, log in logs:
        other = simulate_compiled(model, replication)
        for column in EventLog.columns():
            np.testing.assert_array_equal(getattr(log, column), getattr(other, column), column)
        for column in ("row", "pool", "unit"):
            np.testing.assert_array_equal(getattr(log.assignments, column), getattr(other.assignments, column), column)
