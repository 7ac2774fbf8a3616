"""What is measured and promised: measured elements, sums, targets, references."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, get_args

from engine.calendars.clock import ClockRules
from engine.diagram.model import Diagram
from engine.elements import ACTIVITIES
from engine.texts import LANGUAGES, catalogue
from scenarios.building.draws import short
from scenarios.reading import Path
from scenarios.schema import Scenario
from scenarios.schema import process as schema
from scenarios.schema.clocks import Acceptance as AcceptanceText
from scenarios.schema.clocks import ClockLimit
from scenarios.schema.numbers import Amount
from scenarios.sources import Ledger
from simulations.model import ActivityModel
from simulations.promises import (
    Acceptance,
    ClockKind,
    Extension,
    Label,
    Limit,
    MeasuredElement,
    Reference,
    Source,
    Sum,
    Target,
)
from simulations.scores import CaseShare, Index, IndexPart, comparable

__all__ = ["UNITS", "cost_base", "indicators", "indices", "measured", "references", "shares", "sums", "targets"]

UNITS: Final[Mapping[str, tuple[str, ...]]] = {
    "procedures": ("procedures",),
    "procedure_days": ("natural_day",),
    "elapsed_days": ("natural_day",),
    "working_days": ("working_day",),
    "doing_business_days": ("natural_day",),
    "visits": ("visits",),
    "documents": ("documents",),
    "cost": ("yuan",),
}
"""The units of the indicators that every pipeline has."""

SHARES: Final = ("cost_share", "no_visit_share", "within_statutory_share")
CLOCK_KINDS: Final[tuple[ClockKind, ...]] = get_args(ClockKind)

_RESERVED: Final = (
    "procedure",
    "elapsed",
    "working",
    "doing_business",
    "work",
    "queue",
    "off_hours",
    "batch",
    "dwell",
)


def measured(
    variant: schema.Variant, diagram: Diagram, costs: Mapping[str, ActivityModel], ledger: Ledger, path: Path
) -> tuple[MeasuredElement, ...]:
    """The measured elements, in the order of the file."""
    made = []
    seen: set[str] = set()
    candidates = [element.id for element in diagram.process.elements.values() if element.tag in ACTIVITIES]
    for number, one in enumerate(variant.measured):
        here = (*path, "measured", str(number))
        if one.element not in candidates:
            ledger.findings.unknown("measurable", (*here, "element"), one.element, candidates)
        elif one.element in seen:
            ledger.findings.error("measured_twice", (*here, "element"), id=one.element)
        seen.add(one.element)
        for place, pause in enumerate(one.pauses):
            if pause not in diagram.process.elements:
                ids = diagram.process.elements
                ledger.findings.unknown("element", (*here, "pauses", str(place)), pause, ids)
        for pause in one.pause_reasons:
            if pause not in one.pauses:
                ledger.findings.unknown("element", (*here, "pause_reasons", pause), pause, one.pauses)
        clocks: dict[ClockKind, Limit] = {}
        for kind in CLOCK_KINDS:
            other = _limit(getattr(one, kind), (*here, kind), ledger, diagram)
            if other is not None:
                clocks[kind] = other
        amounts = {
            key: _amount(amount, (*here, key), unit, ledger)
            for key, amount, unit in (
                ("visits", one.visits, "visits"),
                ("documents", one.documents, "documents"),
                ("cost", one.cost, "yuan"),
            )
        }
        limit = _limit(one.limit, (*here, "limit"), ledger, diagram)
        statutory = clocks.get("statutory")
        if limit is not None and statutory is not None and not comparable(limit, statutory):
            units = {"unit": limit.unit, "statutory": statutory.unit}
            ledger.findings.error("measured.statutory", (*here, "statutory"), **units)
        made.append(
            MeasuredElement(
                one.element,
                one.kind,
                one.counts,
                limit,
                one.online,
                one.standing,
                **amounts,
                clocks=clocks,
                acceptance=_acceptance(one.acceptance, (*here, "acceptance"), ledger, diagram),
                specials={pause: one.pause_reasons.get(pause, _cause(pause, costs)) for pause in one.pauses},
            )
        )
    return tuple(made)


def _cause(element: str, costs: Mapping[str, ActivityModel]) -> str:
    """Why a clock stands still where nobody says: a correction where the applicant is waited for."""
    activity = costs.get(element)
    return "correction" if activity is not None and activity.dwell_party == "applicant" else "other"


def _limit(limit: ClockLimit | None, path: Path, ledger: Ledger, diagram: Diagram) -> Limit | None:
    if limit is None:
        return None
    source = ledger.number(path, short(limit.value), limit.unit, limit.source, value=limit.value, range=limit.range)
    if source is None:
        return None
    rules = ClockRules(limit.start_day, limit.roll)
    return Limit(limit.value, limit.unit, source, rules, _extension(limit, source, path, ledger, diagram))


def _extension(limit: ClockLimit, source: Source, path: Path, ledger: Ledger, diagram: Diagram) -> Extension | None:
    more = limit.extension
    if more is None:
        return None
    here = (*path, "extension")
    ids = diagram.process.elements
    if more.after is not None and more.after not in ids:
        ledger.findings.unknown("element", (*here, "after"), more.after, ids)
    own = ledger.number(here, short(more.value), limit.unit, more.source, wants_range=False) if more.source else source
    label = Label(more.by.zh, more.by.en)
    return None if own is None else Extension(more.value, label, more.after, own)


def _acceptance(stated: AcceptanceText | None, path: Path, ledger: Ledger, diagram: Diagram) -> Acceptance | None:
    if stated is None:
        return None
    ids = diagram.process.elements
    if stated.element not in ids:
        ledger.findings.unknown("element", (*path, "element"), stated.element, ids)
    here, within = (*path, "within"), stated.within
    source = ledger.number(
        here, short(within.value), within.unit, within.source, value=within.value, range=within.range
    )
    return None if source is None else Acceptance(stated.element, Limit(within.value, within.unit, source))


def _amount(amount: Amount | None, path: Path, unit: str, ledger: Ledger) -> float | None:
    if amount is None:
        return None
    ledger.number(path, short(amount.value), unit, amount.source, value=amount.value, range=amount.range)
    return amount.value


def sums(variant: schema.Variant, diagram: Diagram, ledger: Ledger, path: Path) -> tuple[Sum, ...]:
    """The sums, in the order of the file."""
    made = []
    limits = {one.element: one.limit for one in variant.measured}
    for name, one in variant.sums.items():
        here = (*path, "sums", name)
        if name in _RESERVED:
            ledger.findings.error("sum.reserved", here, name=name)
        places = [(*here, "elements", str(number)) for number in range(len(one.elements))]
        if (*places[0],) not in ledger.findings.document.positions:
            places = [(*here, str(number)) for number in range(len(one.elements))]  # the short form
        for place, id_ in zip(places, one.elements, strict=True):
            if id_ not in limits:
                ledger.findings.unknown("measured", place, id_, limits)
            elif limits[id_] is None:
                ledger.findings.error("sum.no_limit", place, id=id_)
            if one.elements.count(id_) > 1:
                ledger.findings.error("repeated", here, name=id_)
            for outer in _around(id_, diagram):
                if outer in one.elements:
                    ledger.findings.error("sum.inside", place, inner=id_, outer=outer)
        _check_family(variant, name, here, ledger)
        made.append(Sum(name, one.elements, _sum_label(name, one)))
    return tuple(made)


def _around(id_: str, diagram: Diagram) -> Iterator[str]:
    """The sub-processes around an element, from the inside outwards."""
    element = diagram.process.elements.get(id_)
    while element is not None and element.scope in diagram.process.elements:
        yield element.scope
        element = diagram.process.elements[element.scope]


def _units(variant: schema.Variant, name: str) -> list[str]:
    """The units of the limits of a sum."""
    limits = {one.element: one.limit for one in variant.measured}
    found = (limits.get(id_) for id_ in variant.sums[name].elements)
    return list(dict.fromkeys(limit.unit for limit in found if limit is not None))


def _check_family(variant: schema.Variant, name: str, path: Path, ledger: Ledger) -> None:
    units = _units(variant, name)
    if "hour" in units and len(units) > 1:
        ledger.findings.error("sum.mixed", path, units=", ".join(units))
    elif units and ("hour" in units) != name.endswith("hours"):
        ledger.findings.error("sum.hours_name" if "hour" in units else "sum.days_name", path, name=name)


def _sum_label(name: str, one: schema.Sum) -> Label:
    if one.labels is not None:
        return Label(one.labels.zh, one.labels.en)
    known = {language: catalogue(language).get(f"sum.{name}", name) for language in LANGUAGES}
    return Label(**known)


def shares(variant: schema.Variant, diagram: Diagram, ledger: Ledger, path: Path) -> tuple[CaseShare, ...]:
    """The named shares of the cases, in the order of the file."""
    made = []
    known = [element.id for element in diagram.process.elements.values() if element.tag in ACTIVITIES]
    for name, one in variant.shares.items():
        here = (*path, "shares", name)
        if f"{name}_share" in SHARES:
            ledger.findings.error("share.reserved", here, name=name)
        for id_ in one.elements:
            if id_ not in known:
                ledger.findings.unknown("measurable", here, id_, known)
        label = Label(name, name) if one.labels is None else Label(one.labels.zh, one.labels.en)
        made.append(CaseShare(name, one.elements, label))
    return tuple(made)


def indices(variant: schema.Variant, ledger: Ledger, path: Path) -> tuple[Index, ...]:
    """The indices with their parts, in the order of the file."""
    made = []
    for name, one in variant.indices.items():
        parts = []
        for key, part in one.parts.items():
            here = (*path, "indices", name, "parts", key)
            if part.value > part.of:
                ledger.findings.error("index.points", here, value=short(part.value), most=short(part.of))
            source = ledger.number(here, short(part.value), "points", part.source, value=part.value, range=part.range)
            if source is not None:
                parts.append(IndexPart(key, Label(part.labels.zh, part.labels.en), part.value, part.of, source))
        made.append(Index(name, Label(one.labels.zh, one.labels.en), tuple(parts)))
    return tuple(made)


def cost_base(scenario: Scenario, ledger: Ledger) -> float | None:
    """What costs are set against, in yuan; None where the scenario does not say."""
    base = scenario.cost_base
    if base is None:
        return None
    ledger.number(("cost_base",), short(base.value), base.unit, base.source, value=base.value, range=base.range)
    return base.value


def indicators(variant: schema.Variant, scenario: Scenario) -> dict[str, tuple[str, ...]]:
    """The indicators that a target of a variant may name, with their units."""
    found = dict(UNITS)
    found |= {f"{name}_share": ("percent",) for name in variant.shares}
    found |= {f"{name}_index": ("points",) for name in variant.indices}
    for name, there in (
        ("no_visit_share", any(one.visits is not None for one in variant.measured)),
        ("cost_share", scenario.cost_base is not None and any(one.cost is not None for one in variant.measured)),
        ("within_statutory_share", any(one.statutory is not None for one in variant.measured)),
        ("compression", any(one.statutory is not None and one.limit is not None for one in variant.measured)),
        ("clearance_rate", scenario.study.backlog is not None),
    ):
        if there:
            found[name] = ("percent",)
    if scenario.study.backlog is not None:
        found["backlog_left"] = ("cases",)
    for name in variant.sums:
        units = _units(variant, name)
        if name.endswith("hours"):
            found[name] = ("hour",)
            continue
        days = tuple(unit for unit in units if unit in ("working_day", "natural_day"))
        found[f"{name}_days"] = days or ("working_day", "natural_day")
        found[f"{name}_natural_days"] = ("natural_day",)
    return found


def targets(variant: schema.Variant, scenario: Scenario, ledger: Ledger, path: Path) -> tuple[Target, ...]:
    """The targets, in the order of the file."""
    made = []
    known = indicators(variant, scenario)
    for number, one in enumerate(variant.targets):
        here = (*path, "targets", str(number))
        if one.indicator not in known:
            ledger.findings.unknown("indicator", (*here, "indicator"), one.indicator, known)
        elif one.unit not in known[one.indicator]:
            options = ", ".join(known[one.indicator])
            ledger.findings.error("target_unit", (*here, "unit"), unit=one.unit, options=options)
        source = ledger.number(here, short(one.limit), one.unit, one.source, wants_range=False)
        if source is None:
            continue
        share = one.required_share if one.required_share is not None or one.statistic == "mean" else 1.0
        made.append(Target(one.indicator, one.statistic, one.op, one.limit, one.unit, source, share, one.tolerance))
    return tuple(made)


def references(variant: schema.Variant, scenario: Scenario, ledger: Ledger, path: Path) -> tuple[Reference, ...]:
    """The figures from elsewhere, in the order of the file."""
    made = []
    known = indicators(variant, scenario)
    for number, one in enumerate(variant.reference):
        here = (*path, "reference", str(number))
        if one.indicator not in known:
            ledger.findings.warn("reference_indicator", (*here, "indicator"), indicator=one.indicator)
        source = ledger.number(here, short(one.value), one.unit, one.source, wants_range=False)
        if source is not None:
            made.append(Reference(one.indicator, one.value, one.unit, source))
    return tuple(made)
