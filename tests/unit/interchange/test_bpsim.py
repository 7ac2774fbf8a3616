"""BPSim is read in any order and both versions; what it cannot say here is told, what is wrong is refused."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from engine.errors import BadInput
from scenarios.interchange.bpsim_calendar import hours_of_calendar
from scenarios.interchange.bpsim_expressions import condition_of, resources_of
from scenarios.interchange.bpsim_values import added, drawn_of
from scenarios.interchange.imported import RefusedError, mean_of
from scenarios.interchange.importing import draft_of
from scenarios.loading import load
from simulations.drivers.replicate import replicate
from tests.unit.interchange.test_qbp import BPMN

V2 = "http://www.bpsim.org/schemas/2.0"
CALENDAR = """BEGIN:VCALENDAR
BEGIN:VEVENT
DTSTART:20260105T090000
DTEND:20260105T170000
RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR
EXDATE:20260107T090000
END:VEVENT
END:VCALENDAR"""
DATA = f"""<BPSimData xmlns="{V2}"><Scenario id="before" name="Before">
<ScenarioParameters replication="4" seed="9" baseTimeUnit="min"><Duration><DurationParameter value="P30D"/></Duration>
<Start><DateTimeParameter value="2026-01-05T00:00:00"/></Start></ScenarioParameters>
<ElementParameters elementRef="s"><PropertyParameters><Property name="Kind" type="int"><TriangularDistribution min="0"
mode="1" max="3"/></Property></PropertyParameters><ControlParameters><InterTriggerTimer>
<NegativeExponentialDistribution mean="1" timeUnit="hour" validFor="C"/></InterTriggerTimer><TriggerCount>
<ResultRequest>count</ResultRequest></TriggerCount></ControlParameters></ElementParameters>
<ElementParameters elementRef="a"><TimeParameters><ProcessingTime><ResultRequest>mean</ResultRequest>
<TriangularDistribution min="5" mode="10" max="20"/></ProcessingTime>
<WaitTime><DurationParameter value="PT30M"/></WaitTime>
</TimeParameters><ResourceParameters><Selection><ExpressionParameter value="bpsim:getResource('Clerk', 1)"/></Selection>
</ResourceParameters><CostParameters><FixedCost><FloatingParameter value="7"/></FixedCost></CostParameters>
</ElementParameters>
<ElementParameters elementRef="R"><ResourceParameters><Quantity><NumericParameter value="2" validFor="C"/></Quantity>
</ResourceParameters><CostParameters><UnitCost><FloatingParameter value="0.5"/></UnitCost></CostParameters>
</ElementParameters><ElementParameters elementRef="yes"><ControlParameters><Condition>
<ExpressionParameter value="getProperty('Kind') &gt; 1 and not(getProperty('Kind') = 2)"/></Condition>
</ControlParameters></ElementParameters><Calendar id="C" name="Weekdays">{CALENDAR}</Calendar></Scenario>
<Scenario id="after" name="After" inherits="before"><ElementParameters elementRef="a"><TimeParameters><ProcessingTime>
<FloatingParameter value="5"/></ProcessingTime></TimeParameters></ElementParameters></Scenario>
<Scenario id="old" result="before"/></BPSimData>"""


def model(tmp_path: Path, data: str = DATA, own: bool = False) -> list[Path]:
    """The data inside the BPMN file, or beside it."""
    inside = f'<relationship type="BPSimData"><extensionElements>{data}</extensionElements></relationship>'
    text = BPMN.replace("INSIDE", "").replace("OUTSIDE", "" if own else inside)
    text = text.replace("<process ", '<resource id="R" name="Clerk"/><process ')
    file = tmp_path / "m.bpmn"
    file.write_text(text, encoding="utf-8")
    if not own:
        return [file]
    (tmp_path / "m.bpsim").write_text(data, encoding="utf-8")
    return [tmp_path / "m.bpsim", file]


def test_a_whole_model(tmp_path: Path) -> None:
    """Both scenarios are variants; what is inherited holds; the scenario loads and runs."""
    draft = draft_of(model(tmp_path))
    before, after = draft.data["variants"]["before"], draft.data["variants"]["after"]
    assert before["elements"]["a"]["effort"] == {"triangular": [300, 600, 1200], "unit": "second", "source": "imported"}
    assert before["elements"]["a"]["dwell"]["value"] == 1800
    assert before["elements"]["a"]["fixed_cost"]["value"] == 7
    assert after["elements"]["a"]["effort"]["value"] == 300
    assert after["elements"]["a"]["dwell"] == before["elements"]["a"]["dwell"]
    condition = before["routes"]["g"]["conditions"]["yes"]
    assert condition == "kind > 1 and not (kind == 2)"
    assert before["routes"]["g"]["default"] == "no"
    assert draft.data["pools"]["clerk"]["units"]["value"] == 2
    assert draft.data["pools"]["clerk"]["hourly_cost"]["value"] == 30
    hours = draft.data["calendar"]["hours"]["weekdays"]
    assert hours["days"] == ["mon", "tue", "wed", "thu", "fri"]
    assert hours["exceptions"] == [{"date": "2026-01-07", "open": []}]
    assert {n.code for n in draft.notes if n.kind == "left_out"} == {"results"}
    scenario = load(str(draft.write(tmp_path / "out", "en")[0]))
    study = scenario.models["after"].study
    assert (study.replications, study.seed, study.start) == (4, 9, date(2026, 1, 5))
    mean = {name: replicate(model_, 0).cases["elapsed_days"].mean() for name, model_ in scenario.models.items()}
    assert mean["after"] < mean["before"]


def test_versions_places_and_order_are_one(tmp_path: Path) -> None:
    """Version 1.0, a file of its own, and parameters in another order say the same."""
    wanted = draft_of(model(tmp_path)).data
    assert draft_of(model(tmp_path, DATA.replace("schemas/2.0", "schemas/1.0"))).data == wanted
    assert draft_of(model(tmp_path, own=True)).data == wanted
    root = etree.fromstring(DATA)
    for node in root.iter("{*}ElementParameters"):
        node[:] = list(node)[::-1]
    assert draft_of(model(tmp_path, etree.tostring(root, encoding="unicode"))).data == wanted


@pytest.mark.parametrize(
    ("text", "mean"),
    [
        ('<FloatingParameter value="2"/>', 120), ('<NumericParameter value="2" timeUnit="hour"/>', 7200),
        ('<DurationParameter value="PT1M30S"/>', 90), ('<UniformDistribution min="1" max="3"/>', 120),
        ('<TriangularDistribution min="0" mode="1" max="2"/>', 60),
        ('<NegativeExponentialDistribution mean="2"/>', 120),
        ('<LogNormalDistribution mean="2" standardDeviation="1"/>', 120),
        ('<GammaDistribution shape="4" scale="0.5"/>', 120),
        ('<ErlangDistribution mean="2" k="3"/>', 120), ('<WeibullDistribution shape="1" scale="2"/>', 120),
        ('<BetaDistribution shape="2" scale="6"/>', 15), ('<PoissonDistribution mean="3"/>', 180),
        ('<BinomialDistribution probability="0.25" trials="8"/>', 120),
        ('<TruncatedNormalDistribution mean="2" standardDeviation="0.5" min="1" max="3"/>', 120),
        ('<NormalDistribution mean="20" standardDeviation="1"/>', 1200),
        ('<UserDistribution discrete="true">'
         '<UserDistributionDataPoint probability="0.25"><FloatingParameter value="4"/>'
         '</UserDistributionDataPoint><UserDistributionDataPoint probability="0.75"><FloatingParameter value="0"/>'
         "</UserDistributionDataPoint></UserDistribution>", 60),
        ('<EnumParameter><NumericParameter value="1"/><NumericParameter value="3"/></EnumParameter>', 120),
    ],
)  # fmt: skip
def test_every_distribution(text: str, mean: float) -> None:
    """Its mean in seconds, by the formula of the distribution."""
    node = etree.fromstring(re.sub(r"<(\w+)", rf'<\1 xmlns="{V2}"', text, count=1))
    drawn, _ = drawn_of(node, "min", is_time=True)
    assert mean_of(drawn) == pytest.approx(mean, rel=1e-6)


def test_times_add_up() -> None:
    """The mean of a sum is the sum of the means; its variance that of the variances."""
    from scenarios.interchange.imported import distribution_of

    parts: list[dict[str, Any]] = [{"exponential": 60}, {"uniform": [0, 120]}, {"value": 30}]
    total, tabled = added(parts)
    assert tabled
    made = distribution_of(total)
    assert made.mean == pytest.approx(150, rel=0.01)
    assert made.variance == pytest.approx(60**2 + 120**2 / 12, rel=0.06)
    assert added([{"value": 1}, {"value": 2}]) == ({"value": 3}, False)


def test_expressions() -> None:
    """What is inside the subset is translated; all else is refused by the part that is outside."""
    assert condition_of("bpsim:getProperty('a') div 2 >= 1.5 or true()", str.lower) == "a / 2 >= 1.5 or true"
    assert condition_of("getProperty(\"a\") = 'x'", str.lower) == 'a == "x"'
    assert resources_of("getResource('A', 1) and getResource('B',2)") == ([("A", 1), ("B", 2)], False)
    assert resources_of("getResource('A',1) or getResource('B',1)") == ([("A", 1)], True)
    for bad in (
        "count(//a) > 1",
        "getProperty(a)",
        "a[1]",
        "document('x')",
        "$x = 1",
        "getProperty('a'",
        "/etc/passwd",
    ):
        with pytest.raises(RefusedError) as caught:
            condition_of(bad, str.lower)
        assert caught.value.code == "xpath"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('inherits="before"', 'inherits="after"', "cycle"),
        ('inherits="before"', 'inherits="nobody"', "missing"),
        ("getResource('Clerk', 1)", "getResource('Boss', 1)", "missing"),
        ("getProperty('Kind') = 2", "getProperty('Size') = 2", "missing"),
        ("not(getProperty('Kind') = 2)", "count(//x) = 2", "xpath"),
        ('elementRef="yes"', 'elementRef="nowhere"', "missing"),
        ('baseTimeUnit="min"', 'baseTimeUnit="week"', "time_unit"),
        ('mode="10"', 'mode="NaN"', "no_number"),
        ('min="5" mode="10"', 'min="50" mode="10"', "parameters"),
        ("NegativeExponentialDistribution", "CauchyDistribution", "distribution"),
        ("FREQ=WEEKLY", "FREQ=SECONDLY", "calendar"),
        ("DTEND:20260105T170000", "DTEND:20260105T090000", "never_open"),
        ('validFor="C"/></Quantity>', 'validFor="D"/></Quantity>', "missing"),
        ('value="2" validFor', 'value="0" validFor', "amount"),
    ],
)
def test_bad_data(tmp_path: Path, old: str, new: str, code: str) -> None:
    """Each with code, line and cure, in both languages."""
    assert old in DATA
    with pytest.raises(BadInput) as caught:
        draft_of(model(tmp_path, DATA.replace(old, new)))
    found = [f for f in caught.value.findings if f.code == f"interchange.{code}"]
    assert found, caught.value.findings
    assert found[0].line
    assert found[0].describe("en") != found[0].describe("zh")


def test_calendars_of_dates() -> None:
    """Without a rule an event opens one date; a rule that ends opens no week after it."""
    single = "BEGIN:VEVENT\nDTSTART:20260110T100000\nDURATION:PT2H\nEND:VEVENT"
    hours = hours_of_calendar(single, "c", date(2026, 1, 5), 28)
    assert hours == {"days": [], "open": [], "exceptions": [{"date": "2026-01-10", "open": ["10:00-12:00"]}]}
    night = "BEGIN:VEVENT\nDTSTART:20260101T220000\nDURATION:PT4H\nRRULE:FREQ=DAILY\nEND:VEVENT"
    assert hours_of_calendar(night, "c", date(2026, 1, 5), 28) == {
        "days": "natural", "open": ["00:00-02:00", "22:00-24:00"],
    }  # fmt: skip


GROUPS = {
    "TimeParameters": (
        "TransferTime", "QueueTime", "WaitTime", "SetUpTime", "ProcessingTime", "ValidationTime", "ReworkTime",
    ),
    "ControlParameters": ("Probability", "Condition", "InterTriggerTimer", "TriggerCount"),
    "ResourceParameters": ("Availability", "Quantity", "Selection"),
    "PriorityParameters": ("Interruptible", "Priority"),
    "CostParameters": ("FixedCost", "UnitCost"),
    "PropertyParameters": ("Property",),
}  # fmt: skip
PLACES = ("p", "s", "a", "g", "e", "yes", "in", "out", "R")


def said(draft: Any) -> set[tuple[str, ...]]:
    """The notes of an import, without their lines."""
    return {(n.kind, n.code, str(n.element), str(sorted(n.values.items()))) for n in draft.notes}


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The import of the data as they are."""
    return draft_of(model(tmp_path_factory.mktemp("plain")))


@pytest.mark.parametrize("element", PLACES)
@pytest.mark.parametrize(("group", "parameter"), [(group, name) for group, names in GROUPS.items() for name in names])
def test_every_parameter_is_used_or_refused_or_told(
    plain: Any, tmp_path: Path, element: str, group: str, parameter: str
) -> None:
    """Wherever it stands: what changes nothing and is not named would be lost in silence."""
    value = '<FloatingParameter value="0.25"/>'
    if parameter == "Condition":
        value = "<ExpressionParameter value=\"getProperty('Kind') &gt; 2\"/>"
    name = ' name="Extra"' if parameter == "Property" else ""
    text = f'<ElementParameters elementRef="{element}"><{group}><{parameter}{name}>{value}</{parameter}></{group}>'
    data = DATA.replace('<Calendar id="C"', f'{text}</ElementParameters><Calendar id="C"')
    assert data != DATA
    try:
        more = draft_of(model(tmp_path, data))
    except BadInput:
        return
    assert more.data != plain.data or said(more) - said(plain)
