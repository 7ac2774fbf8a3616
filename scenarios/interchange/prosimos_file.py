"""What a Prosimos file may hold, as plain records: whatever else stands in its place is a finding with its path.

Lists that are missing or null are empty; further keys are left aside; names written as numbers are taken as texts.
Numbers stay as they are written here, because files have them as texts; whoever needs one says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from engine.errors import Finding
from scenarios.interchange.draft import Place

__all__ = [
    "Attribute", "BatchPart", "Comparison", "Entry", "EventAttributes", "File", "Path", "Period", "Resource",
    "Rule", "Stated", "model_of",
]  # fmt: skip


def _text(value: object) -> object:
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _periods(value: object) -> object:
    """Simod writes a calendar as a mapping around its periods."""
    return value.get("time_periods") if isinstance(value, dict) else value


def _number(value: object) -> object:
    """A parameter is a mapping with a value; older files have the value alone."""
    return value.get("value") if isinstance(value, dict) else value


Item = TypeVar("Item")
Text = Annotated[str, BeforeValidator(_text)]
Many = Annotated[list[Item], BeforeValidator(lambda value: [] if value is None else value)]


class Part(BaseModel):
    """Base of every mapping of the file."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Stated(Part):
    """A distribution and its parameters."""

    distribution_name: Text
    distribution_params: Many[Annotated[Any, BeforeValidator(_number)]] = []


class Period(Part):
    """Opening hours on the weekdays from one to another."""

    from_: Text
    to: Text
    begin: Text = Field(alias="beginTime")
    end: Text = Field(alias="endTime")

    model_config = ConfigDict(frozen=True, extra="ignore", alias_generator=lambda name: name.removesuffix("_"))


class Calendar(Part):
    """Opening hours of resources."""

    id: Text
    name: Text | None = None
    time_periods: Many[Period] = []


class Resource(Part):
    """Somebody, or several alike."""

    id: Text
    name: Text | None = None
    amount: Any = 1
    calendar: Text
    cost_per_hour: Any = 0


class Profile(Part):
    """Resources that people think of together."""

    resource_list: Many[Resource] = []


class Duration(Stated):
    """How long a resource takes for a task."""

    resource_id: Text


class TaskDurations(Part):
    """How long all who serve a task take for it."""

    task_id: Text
    resources: Many[Duration] = []


class Event(Stated):
    """How long an event is waited for."""

    event_id: Text


class Path(Part):
    """One way of a gateway."""

    path_id: Text
    value: Any = None
    condition_id: Text | None = None


class Gateway(Part):
    """How often the ways of a gateway are taken."""

    gateway_id: Text
    probabilities: Many[Path] = []


class Entry(Part):
    """A key with its number."""

    key: Text
    value: Any = None


class Attribute(Part):
    """A property and how it is drawn: a list of entries, a distribution, or an expression."""

    name: Text
    type: Text
    values: Any = None


class EventAttributes(Part):
    """Properties that are set when something is done."""

    event_id: Text
    attributes: Many[Attribute] = []


class Comparison(Part):
    """An attribute beside a value."""

    attribute: Text
    comparison: Text
    value: Any = None


class Rule(Part):
    """Any of some groups of comparisons that hold together."""

    id: Text = ""
    priority_level: Any = None
    rules: Many[Many[Comparison]] = []


class BatchPart(Part):
    """How cases are gathered before a task."""

    task_id: Text
    type: Text = "Sequential"
    size_distrib: Many[Entry] = []
    duration_distrib: Many[Entry] = []
    firing_rules: Many[Many[Comparison]] = []


class Own(Part):
    """What our own files say and Prosimos takes on its command line."""

    total_cases: Any = None
    starting_at: Text | None = None


class File(Part):
    """The whole file."""

    resource_profiles: Many[Profile]
    resource_calendars: Many[Calendar] = []
    arrival_time_distribution: Stated | None = None
    arrival_time_calendar: Annotated[Many[Period], BeforeValidator(_periods)] = []
    task_resource_distribution: Many[TaskDurations] = []
    gateway_branching_probabilities: Many[Gateway] = []
    event_distribution: Many[Event] = []
    case_attributes: Many[Attribute] = []
    event_attributes: Many[EventAttributes] = []
    global_attributes: Many[Attribute] = []
    branch_rules: Many[Rule] = []
    prioritisation_rules: Many[Rule] = []
    batch_processing: Many[BatchPart] = []
    reformsim: Own = Own()


_KINDS: Final = {"list_type": "list", "model_type": "mapping", "string_type": "text", "missing": "missing"}
Model = TypeVar("Model", bound=BaseModel)


def model_of(kind: type[Model], given: object, place: Place, findings: list[Finding]) -> Model | None:
    """A part of the file as a record; nothing, and a finding for each place that does not fit, if it is none.

    Args:
        kind: What it should be.
        given: As JSON.
        place: Where it stands; its element comes before the path of what is wrong.
        findings: Takes what is wrong.
    """
    try:
        return kind.model_validate(given)
    except ValidationError as error:
        for fault in error.errors(include_url=False, include_context=False):
            *above, last = [str(part) for part in fault["loc"]] or ["-"]
            path = ".".join(part for part in (place.element, *above, last) if part)
            code = _KINDS.get(fault["type"], "other")
            found = type(fault["input"]).__name__ if code != "missing" else ""
            where = Place(place.file, place.line, path)
            values: Mapping[str, str] = {"key": last, "found": _FOUND.get(found, found)}
            findings.append(Finding(f"prosimos.{code}", values, where.file, where.line, None, where.element))
        return None


_FOUND: Final = {
    "dict": "{...}", "list": "[...]", "str": "\"...\"", "NoneType": "null", "bool": "true", "int": "1", "float": "1.0",
}  # fmt: skip
