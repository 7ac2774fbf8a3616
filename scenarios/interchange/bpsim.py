"""BPSim 1.0 and 2.0, inside a BPMN file or as a file of its own, read tolerantly: any order, both namespaces.

Each input scenario becomes a variant; ``inherits`` is resolved. What all variants share in the scenario language
(arrivals, resources, properties, calendars, study) is that of the first one; where another differs, a note says so.
Source: the schemas of BPSim 1.0 and 2.0 and the example that came with them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from lxml import etree

from engine.diagram.model import Element
from engine.diagram.safe_xml import parse
from engine.elements.meaning import event_definition
from engine.elements.task import TAGS as TASKS
from engine.errors import BadInput
from scenarios.interchange.bpsim_expressions import condition_of, resources_of
from scenarios.interchange.bpsim_scenarios import InputScenario, ScenarioReader
from scenarios.interchange.bpsim_shared import DAY_S, SharedReader
from scenarios.interchange.bpsim_values import UNITS, added, local, text_value
from scenarios.interchange.draft import Data, Draft, Place, identifier
from scenarios.interchange.files import read_file
from scenarios.interchange.imported import (
    IMPORTED,
    RefusedError,
    finished,
    mean_of,
    tidy,
)
from scenarios.interchange.plain import read_checked
from scenarios.interchange.plain_routes import assume_routes, reaches_itself
from scenarios.interchange.qbp import whole_shares

__all__ = ["find", "read_bpsim"]

LAGS: Final = ("TransferTime", "QueueTime", "WaitTime")
WORK: Final = ("SetUpTime", "ProcessingTime", "ValidationTime", "ReworkTime")
NEVER_S: Final = 36_000 * DAY_S  # later than any study ends
SETTABLE: Final = ("Expression", "Numeric", "Floating")
OUTSIDE: Final = ("messageEventDefinition", "signalEventDefinition", "conditionalEventDefinition")


def find(root: etree._Element) -> etree._Element | None:
    """The simulation data of a file, if it has any."""
    return next((node for node in root.iter("{*}BPSimData") if "bpsim.org" in str(node.tag)), None)


def read_bpsim(bpmn: Path, parameters: Path | None) -> Draft:
    """A scenario from a BPMN file with BPSim data in it, or beside it.

    Raises:
        BadInput: The diagram cannot be run, or the data are wrong; all findings at once.
    """
    diagram, content = read_checked(bpmn)
    root = parse(content, str(bpmn))
    where = bpmn if parameters is None else parameters
    data = find(root) if parameters is None else find(parse(read_file(parameters), str(parameters)))
    if data is None:
        raise BadInput([Place(str(where)).finding("no_bpsim")])
    return _Reader(where, bpmn, diagram, content, root, data).read()


class _Reader(SharedReader):
    def read(self) -> Draft:
        scenarios = ScenarioReader(self.refuse, self.omit).read(self.data_node)
        if self.findings:
            raise BadInput(self.findings)
        if not scenarios:
            raise BadInput([self.place(self.data_node).finding("no_input_scenario")])
        first = scenarios[0]
        self.base = first.settings.get("baseTimeUnit", "min")
        if self.base not in UNITS:
            error = RefusedError("time_unit", found=self.base, known=", ".join(UNITS))
            raise BadInput([error.finding(self.place(first.node, first.id))])
        self.study(first)
        self.calendars(first)
        self.people(first)
        self.properties(first)
        self.arrivals(first)
        self.data["variants"] = {}
        for scenario in scenarios:
            self.variant(scenario, first)
        if self.findings:
            raise BadInput(self.findings)
        self.tell_untaken(scenarios)
        elements = sum(len(variant["elements"]) for variant in self.data["variants"].values())
        place = self.place(self.data_node)
        self.draft.note("read", "model", place, pools=len(self.pools), elements=elements, hours=len(self.hours))
        self.draft.note("read", "scenarios", place, names=", ".join(s.name for s in scenarios))
        finished(self.data)
        return self.draft

    # ---- a variant --------------------------------------------------------------------------------------------

    def variant(self, scenario: InputScenario, first: InputScenario) -> None:
        name = identifier(scenario.id, self.data["variants"], "scenario")
        variant: Data = {
            "labels": {"zh": scenario.name, "en": scenario.name}, "diagram": self.diagram_name, "elements": {},
            "routes": {},
        }  # fmt: skip
        self.data["variants"][name] = variant
        process = self.diagram.process
        known = {*process.elements, *process.flows, *self.resources, process.id, "", *process.lanes}
        for (element, kind), parameter in scenario.parameters.items():
            if element not in known and self.values(parameter):
                listed = ", ".join([*process.elements][:8])
                self.refuse(parameter, element, RefusedError("missing", kind="element", name=element, known=listed))
            elif (element in self.resources or element == "") and (
                scenario is not first
                and self.values(parameter)
                and first.parameters.get((element, kind)) is not parameter
            ):
                self.omit(parameter, "differs", element or None, scenario=scenario.name)
        for element_ in process.elements.values():
            if element_.tag in TASKS or _is_timer(element_):
                spec = self.element(scenario, element_)
                if spec is not None:
                    variant["elements"][element_.id] = spec
            elif self.comes_from_outside(element_):
                variant["elements"][element_.id] = self.outside(scenario, element_)
            self.ignored(scenario, element_)
            assigned = self.assigned(scenario, element_)
            if assigned:
                variant.setdefault("assigns", {})[element_.id] = assigned
        self.routes(scenario, variant)

    def element(self, scenario: InputScenario, element: Element) -> Data | None:
        lags = self.times(scenario, element, LAGS)
        work = self.times(scenario, element, WORK)
        if not work and not lags and element.tag not in TASKS:
            return None
        spec: Data = {}
        pools = self.pools_of(scenario, element)
        if not work and not lags:
            self.draft.note("read", "no_time", Place(self.file, element.line, element.id), label=element.label)
        if not pools or element.tag not in TASKS:
            lags, work = [*lags, *work], []
        for key, draws in (("effort", work), ("dwell", lags)):
            if not draws and not (key == "dwell" and "effort" not in spec):
                continue
            spec[key] = self.total(draws, element) | {"unit": "second", "source": IMPORTED}
        if "effort" in spec:
            spec["pools"] = pools
        if "dwell" in spec:
            spec["clock"] = "natural"
            if "effort" in spec:
                self.draft.note("assumed", "lag_after", Place(self.file, None, element.id), label=element.label)
        priority = self.number(scenario, element.id, "Priority")
        if priority and "effort" in spec:
            spec["priority"] = -int(priority)
        cost = self.number(scenario, element.id, "FixedCost")
        if cost:
            spec["fixed_cost"] = {"value": tidy(cost), "source": IMPORTED}
        return spec

    def total(self, draws: list[Data], element: Element) -> Data:
        """The times of an element in one; a loop in which nothing takes time would be refused, so it takes a ms."""
        total, tabled = added(draws)
        if tabled:
            self.draft.note("assumed", "summed", Place(self.file, None, element.id), label=element.label)
        return {"value": 0.001} if total == {"value": 0} and reaches_itself(self.diagram, element.id) else total

    def times(self, scenario: InputScenario, element: Element, names: tuple[str, ...]) -> list[Data]:
        draws = []
        for name in names:
            value = self.one(scenario.parameters.get((element.id, name)), element.id)
            if value is not None and local(value) == "ExpressionParameter":
                self.omit(value, "time_expression", element.id, parameter=name)
            elif value is not None:
                drawn = self.drawn(value, element.id)
                if drawn is not None:
                    draws.append(drawn)
        return draws

    def pools_of(self, scenario: InputScenario, element: Element) -> list[str]:
        parameter = scenario.parameters.get((element.id, "Selection"))
        value = self.one(parameter, element.id)
        if value is None:
            return [self.pools[id_] for id_ in self.roles.get(element.id, ()) if id_ in self.pools]
        try:
            asked, alternatives = resources_of(text_value(value))
        except RefusedError as error:
            self.refuse(value, element.id, error)
            return []
        if alternatives:
            self.omit(value, "alternatives", element.id)
        pools = []
        for name, quantity in asked:
            if name not in self.pools:
                known = ", ".join(self.resources.values()) or "-"
                self.refuse(value, element.id, RefusedError("missing", kind="resource", name=name, known=known))
                continue
            if quantity > 1:
                self.omit(value, "several_units", element.id, quantity=quantity)
            if self.pools[name] not in pools:
                pools.append(self.pools[name])
        return pools

    def comes_from_outside(self, element: Element) -> bool:
        """Whether an event of the diagram waits for what nobody in it sends."""
        definition = event_definition(element)
        process = self.diagram.process
        if definition is None or definition.tag not in OUTSIDE or element in self.starts():
            return False
        throwers = (e for e in process.elements.values() if e.tag in ("intermediateThrowEvent", "endEvent", "sendTask"))
        sent = any((thrown := event_definition(one)) is not None and thrown.tag == definition.tag for one in throwers)
        return element.tag in ("startEvent", "boundaryEvent", "intermediateCatchEvent") and not sent

    def outside(self, scenario: InputScenario, element: Element) -> Data:
        """When such an event comes: after its trigger's time, by its probability, else never."""
        place = Place(self.file, None, element.id)
        value = self.one(scenario.parameters.get((element.id, "InterTriggerTimer")), element.id)
        drawn = None if value is None else self.drawn(value, element.id)
        chance = self.number(scenario, element.id, "Probability")
        count = self.number(scenario, element.id, "TriggerCount")
        if count not in (None, 1):  # once for each case is what such an event does here
            self.omit(scenario.node, "trigger_count", element.id, count=f"{count:g}")
        if drawn is None:
            self.draft.note("assumed", "never", place, label=element.label)
            return {"dwell": {"value": 36_000, "unit": "natural_day", "source": IMPORTED}}
        if chance is not None and 0 <= chance < 1:
            if "value" not in drawn:
                self.draft.note("assumed", "trigger_mean", place, label=element.label)
            weights = [tidy(chance), tidy(1 - chance)]
            drawn = {"empirical": {"values": [tidy(mean_of(drawn)), NEVER_S], "weights": weights}}
        return {"dwell": drawn | {"unit": "second", "source": IMPORTED}, "clock": "natural"}

    def assigned(self, scenario: InputScenario, element: Element) -> dict[str, str]:
        """The properties that an activity sets when it is over, by expressions."""
        found: dict[str, str] = {}
        for (id_, kind), parameter in scenario.parameters.items():
            if id_ != element.id or not kind.startswith("Property:") or element.tag not in TASKS:
                continue
            value = self.one(parameter, id_)
            if value is None or local(value) not in ("ExpressionParameter", "NumericParameter", "FloatingParameter"):
                continue
            try:
                text = condition_of(text_value(value), self.attribute_name)
                found[self.attribute_name(kind.partition(":")[2])] = text
            except RefusedError as error:
                self.refuse(value, id_, error)
        return found

    def ignored(self, scenario: InputScenario, element: Element) -> None:
        starts = [start.id for start in self.starts()]
        for kind, code in (("Interruptible", "interruptible"), ("UnitCost", "unit_cost")):
            parameter = scenario.parameters.get((element.id, kind))
            if parameter is not None and self.values(parameter):
                self.omit(parameter, code, element.id)
        for (id_, kind), parameter in scenario.parameters.items():
            if id_ != element.id or not self.values(parameter) or element.id in starts:
                continue
            if kind.startswith("Property:"):
                value = self.one(parameter, id_)
                if element.tag in TASKS and value is not None and local(value).removesuffix("Parameter") in SETTABLE:
                    continue
                self.omit(parameter, "later_property", id_, name=kind.partition(":")[2])
            elif self.comes_from_outside(element) and kind != "Condition":
                continue
            elif kind in ("InterTriggerTimer", "TriggerCount", "Probability", "Condition"):
                self.omit(parameter, "control", id_, parameter=kind)

    def routes(self, scenario: InputScenario, variant: Data) -> None:
        process = self.diagram.process
        for gateway in process.elements.values():
            flows = [flow.id for flow in process.outgoing(gateway.id)]
            if gateway.tag != "exclusiveGateway" or len(flows) < 2:
                continue
            conditions: dict[str, str] = {}
            shares: dict[str, float] = {}
            for flow in flows:
                value = self.one(scenario.parameters.get((flow, "Condition")), flow)
                if value is not None:
                    try:
                        conditions[flow] = condition_of(text_value(value), self.attribute_name)
                    except RefusedError as error:
                        self.refuse(value, flow, error)
                share = self.number(scenario, flow, "Probability")
                if share is not None:
                    shares[flow] = share
            route = self.route(gateway, flows, conditions, shares)
            if route is not None:
                variant["routes"][gateway.id] = route
        trial = Draft({"variants": {"current": {"routes": variant["routes"]}}}, {})
        assume_routes(trial, self.diagram, list(variant["routes"]))
        for note in trial.notes:
            if note not in self.draft.notes:
                self.draft.notes.append(note)

    def route(
        self, gateway: Element, flows: list[str], conditions: dict[str, str], shares: dict[str, float]
    ) -> Data | None:
        place = Place(self.file, None, gateway.id)
        default = gateway.attributes.get("default")
        without = [flow for flow in flows if flow not in conditions]
        if conditions and len(without) <= 1:
            if shares:
                self.draft.note("left_out", "conditions_decide", place)
            route: Data = {"conditions": conditions, "source": IMPORTED}
            if without:
                route["default"] = without[0]
            elif default in flows:
                route["default"] = default
                del conditions[str(default)]
            return route
        if conditions:
            self.draft.note("left_out", "mixed_choice", place)
        if not shares:
            return None
        if any(not 0 <= share <= 1 for share in shares.values()):
            self.findings.append(place.finding("share", found=", ".join(f"{s:g}" for s in shares.values())))
            return None
        stated = whole_shares(flows, shares, self.draft, place)
        if stated is None:
            self.findings.append(place.finding("shares", total=f"{sum(shares.values()):.6g}"))
            return None
        return {"shares": stated, "source": IMPORTED}

    def attribute_name(self, name: str) -> str:
        if name not in self.attributes:
            raise RefusedError("missing", kind="property", name=name, known=", ".join(self.attributes) or "-")
        return self.attributes[name]


def _is_timer(element: Element) -> bool:
    definition = event_definition(element)
    return element.tag != "startEvent" and definition is not None and definition.tag == "timerEventDefinition"
