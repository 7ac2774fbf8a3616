"""A scenario skeleton for a diagram of any modeller: labelled assumptions everywhere, so that it runs at once."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from engine.calendars.durations import TimeTextError, iso_duration
from engine.diagram.model import Diagram, Element
from engine.elements.meaning import event_definition
from engine.elements.task import TAGS as TASKS
from engine.errors import BadInput
from engine.expressions.compiling import ConditionError, compile_condition
from scenarios.interchange.draft import Data, Draft, Place, identifier, stem

__all__ = ["ASSUMED", "assume_elements", "assume_routes", "reaches_itself", "read_checked", "skeleton"]

ASSUMED: Final = "assumed"  # key of the source
OTHERS: Final = re.compile(
    r"申请人|建设单位|企业|公司|客户|群众|用户|applicant|customer|client|citizen|company|builder|supplier",
    re.IGNORECASE,
)
BACK: Final = 0.2  # share of a way that leads back, if nobody says
_AUTOMATIC: Final = ("serviceTask", "scriptTask", "businessRuleTask")
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
    if not starts_by_timer(diagram):
        data["arrivals"] = {
            "rate": {"value": 250, "per": "year", "source": ASSUMED, "range": [100, 500]}, "process": "poisson",
            "hours": "office",
        }  # fmt: skip
        draft.note("assumed", "arrivals", Place(str(path)), rate=250)
    draft.head = "\n".join(
        [
            f"Skeleton of a scenario for {path.name}: every number is an assumption.",
            "Replace each one, name its source, and keep the range where it stays an assumption.",
            "骨架情景：所有数字均为假设，请逐一替换并注明来源。",
        ]
    )
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
        "arrivals": {},
        "sources": {
            ASSUMED: {
                "kind": "assumption",
                "text": {
                    "zh": "尚未核实的假设，请替换。",
                    "en": "An assumption that nobody has checked yet; replace it.",
                },
            }
        },
        "variants": {
            "current": {"labels": {"zh": "现状", "en": "As it is"}, "diagram": "", "elements": {}, "routes": {}}
        },
        "study": {"start": "2022-01-01", "horizon": 365, "warmup": 30, "replications": 20, "seed": 1},
    }


def assume_pools(draft: Draft, diagram: Diagram) -> dict[str | None, str]:
    """A pool for each lane in which somebody works, one for what stands in no lane; by lane its name."""
    pools: dict[str | None, str] = {}
    for element in diagram.process.elements.values():
        if element.tag not in TASKS or element.tag in _AUTOMATIC or element.lane in pools:
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
        draft.data["pools"][name] = {
            "labels": {"zh": label, "en": label},
            "units": {"value": 1, "source": ASSUMED, "range": [1, 3]},
            "hours": "office",
        }
        place = Place(diagram.file, lane.line if lane else None, lane.id if lane else None)
        draft.note("assumed", "lane_pool", place, pool=name, label=label)
        draft.comments["pools", name] = f"{_file(diagram)}:{lane.line}" if lane else "everything that stands in no lane"
    return pools


def assume_elements(
    draft: Draft, diagram: Diagram, pools: dict[str | None, str], elements: Sequence[Element] | Any
) -> None:
    """A time for each task and each timer that has none in the diagram, with a comment that says where it stands."""
    stated: Data = draft.data["variants"]["current"]["elements"]
    for element in elements:
        spec = _assumed(element, diagram, pools)
        if spec is None:
            continue
        stated[element.id] = spec
        key = ("variants", "current", "elements", element.id)
        draft.comments[key] = f"{_file(diagram)}:{element.line} {element.tag} {_one_line(element.label)}"
        code = "effort" if "effort" in spec else "dwell"
        draft.note("assumed", code, Place(diagram.file, element.line, element.id), label=element.label)


def _assumed(element: Element, diagram: Diagram, pools: dict[str | None, str]) -> Data | None:
    if element.tag in TASKS:
        lane = diagram.process.lanes.get(element.lane or "")
        label = (lane.name or lane.id) if lane else ""
        if element.tag in _AUTOMATIC:
            return {
                "dwell": {"value": 1, "unit": "minute", "source": ASSUMED, "range": [0, 10]}, "clock": "natural"
            }  # fmt: skip
        if element.tag == "receiveTask" or (label and OTHERS.search(label)):
            dwell = {"triangular": [0.5, 1, 3], "unit": "natural_day", "source": ASSUMED, "range": [0.5, 3]}
            return {"dwell": dwell, "by": "applicant"}
        return {"effort": dict(_EFFORT), "pools": [pools[element.lane]]}
    definition = event_definition(element)
    if element.tag == "startEvent" or definition is None or definition.tag != "timerEventDefinition":
        return None
    drawn = definition.find("timeDuration")
    try:
        iso_duration(drawn.text if drawn else "")
    except TimeTextError:
        return {"dwell": {"value": 1, "unit": "natural_day", "source": ASSUMED, "range": [0.5, 2]}}
    return None


def assume_routes(draft: Draft, diagram: Diagram, known: Sequence[str] = ()) -> None:
    """Shares for every choice that the diagram's own conditions do not make; ways back get a fifth.

    Args:
        draft: Gets the shares.
        diagram: Whose gateways they are.
        known: Gateways that have a route already.
    """
    routes: Data = draft.data["variants"]["current"]["routes"]
    process = diagram.process
    for gateway in process.elements.values():
        flows = process.outgoing(gateway.id)
        if gateway.tag != "exclusiveGateway" or len(flows) < 2 or gateway.id in known or _chooses(diagram, gateway):
            continue
        back = [flow.id for flow in flows if _reaches(diagram, flow.target, gateway.id)]
        back = back if len(back) < len(flows) else []
        ahead = [flow.id for flow in flows if flow.id not in back]
        share_back = min(BACK, 0.5 / len(back)) if back else 0.0
        left = 1 - share_back * len(back)
        shares: dict[str, Any] = {flow: {"value": round(share_back, 6), "range": [0, 0.5]} for flow in back}
        for flow in ahead[:-1]:
            shares[flow] = {"value": round(left / len(ahead), 6), "range": [0, 1]}
        shares[ahead[-1]] = "rest"
        routes[gateway.id] = {"shares": {flow.id: shares[flow.id] for flow in flows}, "source": ASSUMED}
        key = ("variants", "current", "routes", gateway.id)
        ways = "; ".join(f"{flow.id}: {_one_line(flow.name)}" for flow in flows if flow.name)
        draft.comments[key] = (
            f"{_file(diagram)}:{gateway.line} {_one_line(gateway.label)} {f'({ways})' if ways else ''}"
        )
        draft.note("assumed", "shares", Place(diagram.file, gateway.line, gateway.id), label=gateway.label)


def _chooses(diagram: Diagram, gateway: Element) -> bool:
    """Whether the conditions of the diagram can be used as they stand: no attribute is declared yet."""
    default = gateway.attributes.get("default")
    for flow in diagram.process.outgoing(gateway.id):
        if flow.id == default:
            continue
        try:
            compile_condition(flow.condition or "", ())
        except ConditionError:
            return False
    return True


def _reaches(diagram: Diagram, source: str, target: str) -> bool:
    seen, queue = {source}, deque([source])
    while queue:
        here = queue.popleft()
        if here == target:
            return True
        following = [flow.target for flow in diagram.process.outgoing(here)]
        following += [
            flow.target
            for event in diagram.process.boundary_events(here)
            for flow in diagram.process.outgoing(event.id)
        ]
        for one in following:
            if one not in seen:
                seen.add(one)
                queue.append(one)
    return False


def reaches_itself(diagram: Diagram, element: str) -> bool:
    """Whether a token that leaves an element can come back to it in the same scope."""
    return any(_reaches(diagram, flow.target, element) for flow in diagram.process.outgoing(element))


def starts_by_timer(diagram: Diagram) -> bool:
    """Whether a timer start event of the process lets cases in."""
    process = diagram.process
    starts = (e for e in process.inside(process.id) if e.tag == "startEvent")
    return any(event.find("timerEventDefinition") for event in starts)


def _file(diagram: Diagram) -> str:
    return Path(diagram.file).name


def _one_line(label: str) -> str:
    return " ".join(label.split())
