"""A scenario skeleton for a diagram of any modeller: labelled assumptions everywhere, so that it runs at once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from math import ceil
from pathlib import Path
from typing import Final, Literal

from engine.calendars.durations import TimeTextError, iso_cycle, iso_duration, iso_moment
from engine.diagram.model import Diagram, Element
from engine.elements.meaning import event_definition
from engine.elements.task import TAGS as TASKS
from engine.errors import BadInput
from scenarios.building.activities import waits_outside, works
from scenarios.interchange.draft import ASSUMED, Data, Draft, Place, both, identifier, stem
from scenarios.interchange.plain_attributes import assume_attributes
from scenarios.interchange.plain_routes import assume_repeats, assume_routes, comment_at

__all__ = ["assume_elements", "read_checked", "skeleton"]

OTHERS: Final = re.compile(
    r"申请人|建设单位|企业|公司|客户|群众|用户|applicant|customer|client|citizen|company|builder|supplier",
    re.IGNORECASE,
)
RATE: Final = 250  # cases a year
TASKS_EACH: Final = 8  # tasks of 35 minutes, 250 times a year, that one person has time for in office hours
_AUTOMATIC: Final = ("serviceTask", "scriptTask", "businessRuleTask")
_DAYS: Final[Data] = {"triangular": [0.5, 1, 3], "unit": "natural_day", "source": ASSUMED, "range": [0.5, 3]}
_EFFORT: Final[Data] = {"triangular": [15, 30, 60], "unit": "minute", "source": ASSUMED, "range": [15, 60]}


def read_checked(path: Path) -> tuple[Diagram, bytes]:
    """A diagram that can be run, and its bytes.

    Raises:
        BadInput: It cannot, with every reason.
    """
    from engine.diagram.checks import check
    from engine.diagram.reader import read_bytes
    from scenarios.interchange.files import read_file

    content = read_file(path)
    diagram = read_bytes(content, str(path))
    errors = [f for f in check(diagram) if f.severity == "error" and f.code != "diagram.choice_open"]
    if errors:
        raise BadInput(errors)
    return diagram, content


def skeleton(path: Path) -> Draft:
    """A scenario for a diagram: lanes become pools, tasks get times, choices get shares, all of it assumed.

    Raises:
        BadInput: The diagram cannot be run.
    """
    diagram, content = read_checked(path)
    draft = Draft(frame(stem(path.name), diagram), {f"{stem(path.name)}.bpmn": content})
    pools = assume_pools(draft, diagram)
    data = draft.data
    variant = data["variants"]["current"]
    variant["diagram"] = next(iter(draft.diagrams))
    assume_elements(draft, diagram, pools, diagram.process.elements.values())
    assume_routes(draft, diagram)
    assume_repeats(draft, diagram)
    assume_attributes(draft, diagram)
    _let_in(draft, diagram)
    for key in ("attributes", "pools"):
        if not data[key]:
            del data[key]
    for key in ("elements", "routes", "repeats"):
        if not variant[key]:
            del variant[key]
    draft.head = "\n".join(both("head", file=path.name).values())
    return draft


def frame(name: str, diagram: Diagram) -> Data:
    """The parts of a scenario that need no more than a name."""
    label = diagram.process.name or diagram.participant or name
    return {
        "schema": 1,
        "pipeline": identifier(name, prefix="pipeline"),
        "labels": {"zh": label, "en": label},
        "calendar": {
            "country": "CN",
            "office": "office",
            "hours": {"office": {"days": "working", "open": ["08:30-12:00", "14:00-17:30"]}},
        },
        "pools": {},
        "attributes": {},
        "arrivals": {},
        "sources": {
            ASSUMED: {
                "kind": "assumption",
                "text": both("unchecked"),
            }
        },
        "variants": {
            "current": {
                "labels": both("current"),
                "diagram": "",
                "elements": {},
                "routes": {},
                "repeats": {},
            }
        },
        "study": {"start": "2022-01-01", "horizon": 365, "warmup": 30, "replications": 20, "seed": 1},
    }


def assume_pools(draft: Draft, diagram: Diagram) -> dict[str | None, str]:
    """A pool for each lane in which somebody works, one for what stands in no lane; by lane its name."""
    pools: dict[str | None, str] = {}
    everybody = [e for e in diagram.process.elements.values() if e.tag in TASKS and e.tag not in _AUTOMATIC]
    number = Counter(element.lane for element in everybody)
    for element in everybody:
        if element.lane in pools:
            continue
        lane = diagram.process.lanes.get(element.lane or "")
        label = (lane.name or lane.id) if lane else diagram.participant or "Staff"
        if OTHERS.search(label):
            continue
        named = identifier(label, pools.values(), "pool")
        name = (
            named
            if re.search("[a-z]", label.lower())
            else identifier(lane.id if lane else label, pools.values(), "pool")
        )
        pools[element.lane] = name
        units = ceil(number[element.lane] / TASKS_EACH)
        draft.data["pools"][name] = {
            "labels": {"zh": label, "en": label},
            "units": {"value": units, "source": ASSUMED, "range": [units, 3 * units]},
            "hours": "office",
        }
        place = Place(diagram.file, lane.line if lane else None, lane.id if lane else None)
        draft.note("assumed", "lane_pool", place, pool=name, label=label, units=units)
        draft.comments["pools", name] = (
            f"{Path(diagram.file).name}:{lane.line}" if lane else " / ".join(both("no_lane").values())
        )
    return pools


def assume_elements(draft: Draft, diagram: Diagram, pools: dict[str | None, str], elements: Iterable[Element]) -> None:
    """A time for each task, and for each timer and message from outside that has none in the diagram."""
    stated: Data = draft.data["variants"]["current"]["elements"]
    for element in elements:
        spec = _assumed(element, diagram, pools)
        if spec is None:
            continue
        stated[element.id] = spec
        comment_at(draft, diagram, element, "elements")
        code = "effort" if "effort" in spec else "dwell"
        draft.note("assumed", code, Place(diagram.file, element.line, element.id), label=element.label)


def _assumed(element: Element, diagram: Diagram, pools: dict[str | None, str]) -> Data | None:
    if waits_outside(element, diagram.process):
        definition = event_definition(element)
        if definition is None or definition.tag != "timerEventDefinition":
            return {"dwell": dict(_DAYS), "by": "applicant"}
        if _is_drawn(element):
            return None
        return {"dwell": {"value": 1, "unit": "natural_day", "source": ASSUMED, "range": [0.5, 2]}}
    if not works(element, diagram.process):
        return None
    lane = diagram.process.lanes.get(element.lane or "")
    label = (lane.name or lane.id) if lane else ""
    if element.tag in _AUTOMATIC:
        return {
            "dwell": {"value": 1, "unit": "minute", "source": ASSUMED, "range": [0, 10]}, "clock": "natural",
        }  # fmt: skip
    if element.tag == "receiveTask" or (label and OTHERS.search(label)) or element.lane not in pools:
        return {"dwell": dict(_DAYS), "by": "applicant"}
    return {"effort": dict(_EFFORT), "pools": [pools[element.lane]]}


def _is_drawn(timer: Element) -> bool:
    """Whether the diagram says when a timer fires, in words that can be read."""
    return _first_moment(timer) is not None


def _first_moment(timer: Element) -> datetime | Literal["relative"] | None:
    """When a timer fires first: at a moment, some time after it is met, or nobody can read when."""
    definition = event_definition(timer)
    part = definition.parts[0] if definition is not None and definition.parts else None
    try:
        if part is None:
            return None
        if part.tag == "timeDate":
            return iso_moment(part.text)
        if part.tag == "timeCycle":
            return iso_cycle(part.text)[1] or "relative"
        iso_duration(part.text)
    except TimeTextError:
        return None
    return "relative"


def _let_in(draft: Draft, diagram: Diagram) -> None:
    """Cases by the timer that starts the process, where it can be read; else as many as nobody has counted."""
    process = diagram.process
    timers = [e for e in process.inside(process.id) if e.tag == "startEvent" and e.find("timerEventDefinition")]
    first = _first_moment(timers[0]) if timers else None
    if first is None:
        draft.data["arrivals"] = {
            "rate": {"value": RATE, "per": "year", "source": ASSUMED, "range": [100, 500]},
            "process": "poisson",
            "hours": "office",
        }
        draft.note("assumed", "arrivals", Place(diagram.file), rate=RATE)
        return
    del draft.data["arrivals"]
    study: Data = draft.data["study"]
    study["warmup"] = 0  # the first case may be the only one
    if isinstance(first, datetime):
        study["start"] = first.date().isoformat()
        draft.data["calendar"]["estimate_unknown_years"] = True
    draft.note("read", "timer_arrivals", Place(diagram.file, timers[0].line, timers[0].id), label=timers[0].label)
