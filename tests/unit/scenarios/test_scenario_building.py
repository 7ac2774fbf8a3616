"""What a scenario says arrives in the model, in the units of the engine."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from engine.calendars.units import DAY, HOUR, MINUTE
from engine.errors import BadInput, Finding
from engine.kernel.chance import identifier_hash
from scenarios.loading import LoadedScenario
from simulations.model import ActivityModel, SimulationModel

Load = Callable[..., LoadedScenario]


def activity(model: SimulationModel, element: str) -> ActivityModel:
    """What an element costs."""
    found = model.activities[model.net.node_of[element]]
    assert found is not None
    return found


@pytest.fixture
def before(loaded_licence: LoadedScenario) -> SimulationModel:
    """The first variant."""
    return loaded_licence.models["before"]


@pytest.fixture
def after(loaded_licence: LoadedScenario) -> SimulationModel:
    """The second variant."""
    return loaded_licence.models["after"]


def test_effort_and_dwell_are_in_ms(before: SimulationModel) -> None:
    """Times are in ms, on the clocks that their units or the scenario name."""
    accept, survey, review = (activity(before, name) for name in ("Accept", "Survey", "Review"))
    assert accept.effort is not None
    assert accept.effort.mean == pytest.approx(35 / 3 * MINUTE)
    assert (accept.pools, accept.priority, accept.dwell) == ((0,), 1, None)
    assert survey.dwell is not None
    assert survey.dwell.mean == pytest.approx((2 + 4 * 3 + 6) / 6 * DAY)
    assert survey.dwell_hours == before.days.hours()
    assert survey.dwell_party == "third_party"
    assert review.dwell is not None
    assert review.dwell.mean == pytest.approx(4 * HOUR)
    assert review.dwell_hours == before.days.hours()  # clock: working wins over the office clock of hours
    assert review.due == 7 * DAY
    assert review.hours == before.pools[0].hours.intersect(before.pools[1].hours)
    assert not review.finish  # one of its pools suspends


def test_timers_take_their_time_from_scenario_or_diagram(
    before: SimulationModel, licence: str, load_text: Load
) -> None:
    """A duration drawn in the diagram is natural time, and a dwell in the scenario wins over it."""
    late = activity(before, "Late")
    assert late.dwell is not None
    assert late.dwell.mean == 10 * DAY
    assert late.dwell_hours is not None
    assert late.dwell_hours.next_close(0) == before.study.run_out
    stated = licence.replace(
        "      Publish:", "      Late: {dwell: {value: 2, unit: working_day, source: law}}\n      Publish:"
    )
    late = activity(load_text(stated).models["before"], "Late")
    assert late.dwell is not None
    assert late.dwell.mean == 2 * DAY
    assert late.dwell_hours == before.days.hours()


def test_every_waiting_node_has_its_activity(before: SimulationModel, after: SimulationModel) -> None:
    """Nodes that wait have a model and no other node has one."""
    for model in (before, after):
        has = tuple(node for node, one in enumerate(model.activities) if one is not None)
        assert has == model.net.waiting_nodes


def test_shares_with_at_most(before: SimulationModel) -> None:
    """A way is closed after its attempts, and the other ways take its share."""
    net = before.net
    node = net.tables["node"][net.node_of["Complete"]]
    assert node["attempts"] == 3
    shares = net.tables["share"][node["share_at"] : node["share_at"] + 6].tolist()
    assert shares == pytest.approx([0.15, 1, 0.15, 1, 0, 1])


def test_attempts_and_rest(after: SimulationModel) -> None:
    """Rows of attempts are taken as they are; a flow that a row leaves out has no share."""
    net = after.net
    node = net.tables["node"][net.node_of["Again"]]
    shares = net.tables["share"][node["share_at"] : node["share_at"] + 4].tolist()
    assert shares == pytest.approx([0.2, 1, 0, 1])


def test_conditions_of_scenario_and_diagram(before: SimulationModel, after: SimulationModel) -> None:
    """Gateways choose by the scenario's conditions, or by those that are drawn."""
    for model, gateway in ((before, "Small"), (after, "Large")):
        node = model.net.tables["node"][model.net.node_of[gateway]]
        assert node["share_at"] == -1


def test_attributes(before: SimulationModel) -> None:
    """Numbers, truth values and choices are drawn as what they are."""
    area, basement, use = before.attributes
    assert (area.values, basement.values, use.values) == ((), ("false", "true"), ("factory", "warehouse"))
    assert area.distribution.mean == pytest.approx(13300 / 3)
    assert basement.distribution.mean == pytest.approx(0.05)
    assert use.distribution.mean == pytest.approx(0.4)


def test_hours_follow_calendar_and_exceptions(before: SimulationModel) -> None:
    """Holidays, make-up days and local exceptions of the scenario are in the hours."""
    office = before.office

    def at(day: int, hour: float) -> bool:
        return office.is_open(day * DAY + int(hour * HOUR))

    assert at(4, 9)  # Wednesday 2022-01-05
    assert not at(4, 13)
    assert not at(1, 9)  # Sunday
    june_6, june_11, july_1, june_8 = 156, 161, 181, 158
    assert not at(june_6, 9)
    assert at(june_11, 9)  # a Saturday worked
    assert not at(july_1, 9)
    assert not at(june_8, 14.75)  # the summer's afternoon begins at 15:00
    assert at(june_8, 17.75)


@pytest.mark.parametrize(
    ("rate", "per_year"),
    [
        ("{value: 60, per: year, range: [30, 120]}", 60),
        ("{value: 5, per: month, range: [3, 12]}", 60),
        ("{value: 7, per: week, range: [3, 12]}", 365),
        ("{value: 2, per: natural_day, range: [1, 3]}", 730),
        ("{value: 1, per: working_day, range: [1, 3]}", None),
        ("{value: 1, per: hour, range: [1, 3]}", None),
    ],
)
def test_rates_of_every_period(licence: str, load_text: Load, rate: str, per_year: float | None) -> None:
    """The expected arrivals of the first 365 days follow from the rate, whatever its period and profile."""
    text = licence.replace("{value: 60, per: year, range: [30, 120]}", rate)
    model = load_text(text).models["before"]
    year = 365 * DAY
    if per_year is None:
        clock = model.days.hours() if "working_day" in rate else model.office
        per_year = clock.work_between(0, year) / (DAY if "working_day" in rate else HOUR)
    expected = np.interp(year, model.arrivals.time, model.arrivals.cumulative)
    assert expected == pytest.approx(per_year)


def test_arrivals_at_gaps_and_dates(licence: str, load_text: Load) -> None:
    """Fixed gaps run on the clock of their unit; given moments are taken as they are."""
    begin, end = licence.index("  rate:"), licence.index("  source: volume")
    rate = licence[begin:end]
    daily = load_text(licence.replace(rate, "  every: {value: 1, unit: working_day, range: [1, 2]}\n"))
    model = daily.models["before"]
    moments = list(model.arrivals.moments(lambda case: 0.5, 10 * DAY))
    assert [m // DAY for m in moments] == [day for day in range(10) if model.days.working[day]]
    dates = load_text(licence.replace(rate, "  dates: {list: ['2022-01-04 09:00', '2022-01-06']}\n"))
    moments = list(dates.models["before"].arrivals.moments(lambda case: 0.5, 10 * DAY))
    assert moments == [3 * DAY + 9 * HOUR, 5 * DAY]


@pytest.mark.parametrize(
    ("moment", "code"),
    [
        ("'tomorrow'", "moment"),
        ("'2022-01-04T09:00+08:00'", "moment"),
        ("'2021-12-31 09:00'", "moment_outside"),
        ("'2030-01-01 09:00'", "moment_outside"),
    ],
)
def test_moments_must_lie_in_the_study(
    licence: str, findings_of: Callable[..., tuple[Finding, ...]], moment: str, code: str
) -> None:
    """A moment that cannot be read, or that the study does not reach, is a finding at its place."""
    begin, end = licence.index("arrivals:"), licence.index("sources:")
    dates = f"arrivals:\n  dates:\n    list:\n      - {moment}\n    source: volume\n"
    text = licence[:begin] + dates + licence[end:]
    (finding,) = findings_of(text)
    assert finding.code == f"scenario.{code}"
    assert finding.element == "arrivals.dates.list.0"


def test_measures(before: SimulationModel) -> None:
    """Measured elements, sums, targets and references carry their numbers and sources."""
    survey, permit, review = before.measured
    assert permit.limit is not None
    assert (permit.limit.value, permit.limit.unit, permit.limit.source.kind) == (7, "working_day", "policy")
    assert (permit.pauses, permit.visits, permit.documents, permit.cost) == (("Correct",), 2, 5, 0)
    assert (survey.counts, review.counts) == (1, 0)
    serial, approval = before.sums
    assert (serial.elements, serial.label.zh) == (("Survey", "Permit"), "办理时间合计")
    assert approval.label.en == "Approval"
    mean, each, about = before.targets
    assert (mean.required_share, each.required_share, about.tolerance) == (None, 1.0, 0.1)
    assert before.references[0].source.kind == "reference"


def test_sums_in_hours_are_their_own_indicator(licence: str, load_text: Load) -> None:
    """A sum of limits in office hours ends in hours, and a target names it as it is."""
    text = licence.replace(
        "limit: {value: 10, unit: working_day, source: law}}", "limit: {value: 3, unit: hour, source: law}}"
    )
    text = text.replace("serial: [Survey, Permit]", "hours: [Survey]")
    text = text.replace(
        'indicator: serial_days, statistic: mean, op: "<=", limit: 17, unit: working_day',
        'indicator: hours, statistic: mean, op: "<=", limit: 3, unit: hour',
    )
    assert load_text(text).models["before"].targets[0].indicator == "hours"


def test_study_pipeline_and_names(before: SimulationModel, after: SimulationModel) -> None:
    """The study is in ms, the pipeline's number is equal in all variants, names come from both files."""
    study = before.study
    assert (study.horizon, study.warmup, study.run_out) == (365 * DAY, 30 * DAY, 730 * DAY)
    assert before.number == after.number == identifier_hash("licence")
    assert before.name_of("Accept", "en") == "Accept application"
    assert before.name_of("Accept", "zh") == "受理"
    assert before.name_of("Review", "en") == "审查"
    assert before.name_of("Merge", "zh") == "Merge"


def test_run_out_is_twice_the_horizon_unless_stated(licence: str, load_text: Load) -> None:
    """Without a run-out of its own a study ends at twice its horizon."""
    text = licence.replace("  run_out: {value: 730, unit: natural_day}\n", "").replace(
        "horizon: {value: 365", "horizon: {value: 100"
    )
    assert load_text(text).models["after"].study.run_out == 200 * DAY


def test_assumptions_are_collected_with_place_value_and_range(before: SimulationModel, after: SimulationModel) -> None:
    """Every assumed number of a variant stands in its list; certain ones, and those of others, do not."""
    found = {one.place: one for one in before.assumptions}
    accept = found["common.elements.Accept.effort"]
    assert (accept.value, accept.unit, accept.range) == ("triangular [5, 10, 20]", "minute", (5, 15))
    share = found["common.routes.Complete.shares.Flow_correct"]
    assert (share.value, share.unit, share.range) == ("0.15", "probability", (0.05, 0.3))
    assert found["arrivals.rate"].unit == "per year"
    assert "common.routes.Complete.shares.Flow_small" not in found
    assert not any(place.startswith("variants.after") for place in found)
    assert "variants.after.elements.Review.effort" in {one.place for one in after.assumptions}
    assert all(one.source.kind == "assumption" for one in before.assumptions)


def test_sources_are_those_that_the_variant_uses(before: SimulationModel, after: SimulationModel) -> None:
    """A model lists the sources of its own numbers, policy facts with their clause."""
    facts = {source.key: source for source in before.sources}
    assert facts["policy.limit7"].text.en == "Permits are decided within seven working days. (clause 1)"
    assert facts["policy.limit7"].text.zh == "许可在七个工作日内办结。（第一条）"
    assert "policy.limit7" not in {source.key for source in after.sources}


def test_common_entries_stay_out_of_diagrams_without_the_element(
    before: SimulationModel, after: SimulationModel
) -> None:
    """A variant's own entry wins as a whole, and a common entry is used only where its element is."""
    assert activity(before, "Review").pools == (0, 1)
    assert activity(after, "Review").pools == (0,)
    assert activity(after, "Review").due is None
    assert "Permit" not in after.net.node_of


def test_a_flow_may_be_named_and_an_unknown_one_is_refused(licence: str, load_text: Load) -> None:
    """The ways out of a choice have names in both languages, as everything that is drawn."""
    named = licence.replace("  names:\n", "  names:\n    Flow_correct: {en: to be corrected}\n", 1)
    assert named != licence
    model = load_text(named).models["before"]
    assert model.names["Flow_correct"].en == "to be corrected"
    with pytest.raises(BadInput) as error:
        load_text(named.replace("Flow_correct: {en", "Flow_corect: {en"))
    assert "Flow_corect" in str(error.value)
