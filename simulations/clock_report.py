"""Every clock of a variant: how many cases ran over, by how much, at whose desk, and which lights they would show.

| clock | limit | light |
|---|---|---|
| statutory | a statute's | yes |
| promised | the office's own | yes |
| policy | the policy's target | yes |
| assumed | nobody's; assumed | yes |
| publicity | how long something must be published | no: it makes nobody late |
| applicant, doing_business | none: from submission to the end | no |

A clock's time is compared with its limit, or, where an extension was granted in the case, with both together.
A case would show red if a clock that decides was over its limit, yellow if any clock came to the share of its limit
from which electronic supervision warns, else green. Where sums limit the case as a whole they decide, with the
statutory clocks; else all clocks do: as the lights of live cases (`engine.live.lights`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

import numpy as np

from engine.calendars.units import DAY
from engine.log import EventLog
from simulations.estimates import Interval, mean_over_replications
from simulations.indicators import Measuring, indicator_of_sum, sum_unit
from simulations.model import SimulationModel
from simulations.promises import Label, Limit, MeasuredElement
from simulations.replication import F64

__all__ = ["YELLOW", "ClockReport", "ClockResult", "Share", "clock_report", "department_of"]

Kind: TypeAlias = Literal["statutory", "promised", "policy", "assumed", "publicity"]
_KIND_OF: Final[dict[str, Kind]] = {"policy": "policy", "statute": "statutory"}
YELLOW: Final = 0.8  # of the limit
SLACK: Final = 1e-9


@dataclass(frozen=True)
class Share:
    """A share of cases, or a mean, over replications."""

    mean: float
    ci95: Interval | None


@dataclass(frozen=True)
class ClockResult:
    """One clock on one element, or on the case as a whole.

    Args:
        name: Element, or name of a sum.
        department: Lane of the element; empty for sums and without lanes.
        kind: What the limit is.
        limit: The number, its unit, how it is counted, and who may grant more; of a sum only number and unit.
        is_case: It limits the case as a whole.
        cases: On how many it ran.
        overdue: Share of them over the limit; none where it ran on no case.
        late: By how much those were over on average, in the unit of the limit; none if none was.
        most: By how much the latest was over; 0 if none was.
        extended: Share of the cases in which more time was granted.
        deemed: Share of the cases that count as accepted because nobody said in time what was missing.
        special_days: Cause of special steps to the natural days that they took on average.
        counted: Of these causes those that count in the limit.
    """

    name: str
    department: str
    kind: Kind
    value: float
    unit: str
    limit: Limit | None
    is_case: bool
    cases: int
    overdue: Share | None
    late: float | None
    most: float
    extended: float
    deemed: float
    special_days: dict[str, float] = field(default_factory=dict)
    counted: tuple[str, ...] = ()


@dataclass(frozen=True)
class ClockReport:
    """All clocks of a variant.

    Args:
        cases: Measured and finished ones, over all replications.
        clocks: In the order of the scenario, sums last.
        lights: Share of the cases that would show green, yellow, red.
        free: Clocks without a limit: indicator to its mean.
        yellow: Share of a limit from which a clock is yellow.
    """

    cases: int
    clocks: tuple[ClockResult, ...]
    lights: dict[str, Share]
    free: dict[str, Share]
    yellow: float


@dataclass
class _Counts:
    """What is added up of one clock: by replication, then over all."""

    limit: Limit | None
    shares: list[float] = field(default_factory=list)
    cases: int = 0
    late: list[float] = field(default_factory=list)
    extended: int = 0
    deemed: int = 0
    special: dict[str, float] = field(default_factory=dict)


def clock_report(logs: Sequence[EventLog], model: SimulationModel, yellow: float = YELLOW) -> ClockReport:
    """Hold every case against every clock.

    Args:
        logs: Of the variant, one for each replication.
        model: The variant.
        yellow: Share of a limit from which a clock is yellow, in (0, 1].
    """
    counts = {key: _Counts(limit) for key, limit, _ in _clocks(model)}
    lights: dict[str, list[float]] = {"green": [], "yellow": [], "red": []}
    free: dict[str, list[float]] = {}
    cases = 0
    for log in logs:
        measuring = Measuring(log, model)
        number = len(measuring.cases)
        cases += number
        if not number:
            continue
        for colour, share in _one_log(measuring, model, counts, yellow).items():
            lights[colour].append(share)
        found = measuring.replication().cases
        for name in ("working_days", "elapsed_days", "doing_business_days"):
            free.setdefault(name, []).append(float(found[name].mean()))
    results = tuple(_result(key, counts[key], model) for key in counts)
    return ClockReport(
        cases, results, {c: _share(v) for c, v in lights.items() if v}, {n: _mean(v) for n, v in free.items()}, yellow
    )


_Key: TypeAlias = tuple[str, Kind, bool]


def _clocks(model: SimulationModel) -> Iterator[tuple[_Key, Limit | None, tuple[MeasuredElement, ...]]]:
    """Every clock, what limits it, and the elements that it runs on."""
    by_element = {m.element: m for m in model.measured}
    for measured in model.measured:
        if measured.limit is not None:
            kind = _KIND_OF.get(measured.limit.source.kind, "assumed")
            yield (measured.element, kind, False), measured.limit, (measured,)
        for other, limit in measured.clocks.items():
            yield (measured.element, other, False), limit, (measured,)
    for total in model.sums:
        parts = tuple(by_element[element] for element in total.elements)
        limits = [part.limit for part in parts if part.limit is not None]
        if len({limit.unit for limit in limits}) == 1:  # days of two kinds have no common clock
            kinds = {_KIND_OF.get(limit.source.kind, "assumed") for limit in limits}
            yield (total.name, kinds.pop() if len(kinds) == 1 else "assumed", True), None, parts


def _one_log(
    measuring: Measuring, model: SimulationModel, counts: dict[_Key, _Counts], yellow: float
) -> dict[str, float]:
    """Count one replication; the shares of its cases that would show each light."""
    number = len(measuring.cases)
    red, warned = np.zeros(number, np.bool_), np.zeros(number, np.bool_)
    has_whole = any(key[2] for key in counts)
    for key, limit, parts in _clocks(model):
        count = counts[key]
        entered = np.zeros(number, np.bool_)
        used, allowed = np.zeros(number), np.zeros(number)
        for part in parts:
            own = limit or part.limit
            assert own is not None  # a sum's elements have limits
            used += measuring.on_clock(part, own.unit, own.rules)
            granted = _granted(measuring, own)
            allowed += own.value + granted * (own.extension.value if own.extension else 0.0)
            here = measuring.spans[part.element][0]
            entered[here] = True
            if not key[2]:
                count.extended += int(granted[np.unique(here)].sum())
                (position, _, _), deemed = measuring.clock_spans(part)
                count.deemed += len(np.unique(position[deemed]))
                _add_special(measuring, part, count)
        over = entered & (used > allowed + SLACK)
        count.cases += int(entered.sum())
        count.late += (used - allowed)[over].tolist()
        if entered.any():
            count.shares.append(float(over.sum() / entered.sum()))
        if key[1] == "publicity":
            continue
        warned |= over | (entered & (used >= yellow * allowed - SLACK))
        if key[2] or key[1] == "statutory" or not has_whole:
            red |= over
    return {
        "green": float((~red & ~warned).mean()),
        "yellow": float((~red & warned).mean()),
        "red": float(red.mean()),
    }


def _granted(measuring: Measuring, limit: Limit) -> F64:
    """Per case 1 where more time was granted."""
    granted = np.zeros(len(measuring.cases))
    if limit.extension is not None and limit.extension.after is not None:
        granted[measuring.open_spans(limit.extension.after)[0]] = 1.0
    return granted


def _add_special(measuring: Measuring, measured: MeasuredElement, count: _Counts) -> None:
    """Natural days of the special steps by cause, over all cases."""
    for element, cause in measured.specials.items():
        _, begin, end = measuring.open_spans(element)
        count.special[cause] = count.special.get(cause, 0.0) + float((end - begin).sum()) / DAY


def _result(key: _Key, count: _Counts, model: SimulationModel) -> ClockResult:
    name, kind, is_case = key
    by_element = {m.element: m for m in model.measured}
    if is_case:
        total = next(total for total in model.sums if total.name == name)
        limits = [by_element[element].limit for element in total.elements]
        value, unit = sum(limit.value for limit in limits if limit is not None), sum_unit(total, model.measured)
        name = indicator_of_sum(total, unit)
        counted: tuple[str, ...] = ()
    else:
        assert count.limit is not None  # only sums have none
        value, unit = count.limit.value, count.limit.unit
        own = by_element[name]
        counted = tuple(sorted({cause for element, cause in own.specials.items() if element not in own.pauses}))
    element = model.diagram.process.elements.get(name)
    known = max(count.cases, 1)
    return ClockResult(
        name=name,
        department=(element.lane or "") if element is not None else "",
        kind=kind,
        value=value,
        unit=unit,
        limit=count.limit,
        is_case=is_case,
        cases=count.cases,
        overdue=_share(count.shares) if count.shares else None,
        late=float(np.mean(count.late)) if count.late else None,
        most=max(count.late, default=0.0),
        extended=count.extended / known,
        deemed=count.deemed / known,
        special_days={cause: days / known for cause, days in sorted(count.special.items())},
        counted=counted,
    )


def department_of(model: SimulationModel, result: ClockResult) -> Label:
    """What people call the department of a clock."""
    if not result.department:
        return Label("", "")
    return model.names.get(result.department) or Label(result.department, result.department)


def _mean(values: Sequence[float]) -> Share:
    found = mean_over_replications(values)
    return Share(found.mean, found.ci95)


def _share(values: Sequence[float]) -> Share:
    """A share of cases: its interval ends at none and at all."""
    found = _mean(values)
    return found if found.ci95 is None else Share(found.mean, (max(0.0, found.ci95[0]), min(1.0, found.ci95[1])))
