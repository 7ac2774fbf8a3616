"""One variant: its diagram read and checked against the scenario, lowered, and everything put together."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path as FilePath

from engine.diagram.model import Diagram
from engine.errors import BadInput, Finding
from engine.kernel.chance import identifier_hash
from engine.lowering import lower
from engine.net import Attribute
from scenarios.building import measures
from scenarios.building.activities import activities, batches, by_node
from scenarios.building.backlog import state_backlog, with_backlog
from scenarios.building.cases import arrivals_of, attributes, pools
from scenarios.building.clocks import Clocks
from scenarios.building.draws import DAY_MS
from scenarios.building.entries import Entry, entries
from scenarios.building.loops import judge_loops
from scenarios.building.repeats import assignments, repetitions
from scenarios.building.routes import routing
from scenarios.building.timer_start import timer_arrivals
from scenarios.findings import Findings
from scenarios.reading import Path
from scenarios.schema import Scenario
from scenarios.schema.base import Names
from scenarios.schema.process import Variant
from scenarios.sources import Ledger, policy_facts
from simulations.arrivals import Arrivals
from simulations.model import AttributeModel, PoolModel, SimulationModel, Study
from simulations.promises import Label

__all__ = ["build", "read_diagram", "study"]


@dataclass(frozen=True)
class Shared:
    """What all variants have in common."""

    clocks: Clocks
    pools: tuple[PoolModel, ...]
    attributes: tuple[AttributeModel, ...]
    arrivals: Arrivals | None
    ledger: Ledger


def read_diagram(path: FilePath) -> Diagram:
    """The diagram of a file; lxml is loaded only when one is read.

    Raises:
        BadInput: The file is no diagram that can be run.
    """
    from engine.diagram.reader import read

    return read(path)


def check_diagram(diagram: Diagram) -> list[Finding]:
    """What is wrong with a diagram or worth a warning.

    That a choice is left to the scenario is no matter here: the routes must answer it.
    """
    from engine.diagram.checks import check

    return [finding for finding in check(diagram) if finding.code != "diagram.choice_open"]


def study(scenario: Scenario) -> Study:
    """The study in ms."""
    stated = scenario.study
    return Study(
        start=stated.start,
        horizon=round(stated.horizon.value * DAY_MS),
        warmup=round(stated.warmup.value * DAY_MS),
        run_out=round(stated.run_out_days * DAY_MS),
        replications=stated.replications,
        seed=stated.seed,
        kind=stated.kind,
    )


def build(scenario: Scenario, clocks: Clocks, findings: Findings, changes: Sequence[str]) -> dict[str, SimulationModel]:
    """The models of all variants, in their order.

    Args:
        scenario: With the overrides applied.
        clocks: Its calendar and opening hours.
        findings: Takes everything that is wrong, of all variants.
        changes: What the overrides changed.

    Returns:
        The variants that could be built; all of them if there are no errors. Digests are left empty.
    """
    ledger = Ledger(scenario, findings, policy_facts())
    ledger.check_own()
    state_backlog(scenario, ledger)
    shared = Shared(
        clocks,
        pools(scenario.pools, clocks, ledger),
        attributes(scenario, ledger),
        None if scenario.arrivals is None else arrivals_of(scenario, scenario.arrivals, clocks, ledger),
        ledger,
    )
    diagrams: dict[str, Diagram] = {}
    models: dict[str, SimulationModel] = {}
    for name, variant in scenario.variants.items():
        diagram = _diagram(variant, ("variants", name), findings)
        if diagram is None:
            continue
        diagrams[name] = diagram
        model = _variant(scenario, name, diagram, shared, changes)
        if model is not None:
            models[name] = model
    if len(diagrams) == len(scenario.variants):
        _check_common(scenario, list(diagrams.values()), findings)
    _check_pools(scenario, findings)
    return with_backlog(models, scenario)


def _diagram(variant: Variant, path: Path, findings: Findings) -> Diagram | None:
    here = FilePath(findings.document.file).parent
    file = FilePath(os.path.normpath(here / variant.diagram))
    if not file.is_file():
        findings.error("no_diagram", (*path, "diagram"), diagram=variant.diagram, file=str(file))
        return None
    try:
        diagram = read_diagram(file)
    except BadInput as error:
        findings.take(error.findings)
        return None
    found = check_diagram(diagram)
    findings.take(found)
    # What the scenario says about a diagram is judged only when that can run: one fault, one finding.
    return None if any(finding.severity == "error" for finding in found) else diagram


def _variant(
    scenario: Scenario, name: str, diagram: Diagram, shared: Shared, changes: Sequence[str]
) -> SimulationModel | None:
    variant, path, common = scenario.variants[name], ("variants", name), scenario.common
    findings = shared.ledger.findings
    ledger = Ledger(scenario, findings, shared.ledger.facts, dict(shared.ledger.used), dict(shared.ledger.assumptions))
    before = findings.number_of_errors
    ids = diagram.process.elements
    _check_ids(variant, path, diagram, findings)
    stated = entries(common.elements, variant.elements, "elements", path, ids)
    costs = activities(diagram, stated, shared.pools, shared.clocks, ledger, path)
    closings = batches(diagram, stated, shared.clocks, ledger)
    if findings.number_of_errors == before:
        judge_loops(diagram, costs, stated, findings, path)
    declared = [Attribute(attribute.name, attribute.values) for attribute in shared.attributes]
    choosing = [*ids, diagram.process.id]
    choices = routing(diagram, entries(common.routes, variant.routes, "routes", path, choosing), declared, ledger, path)
    repeats = repetitions(diagram, entries(common.repeats, variant.repeats, "repeats", path, ids), ledger)
    assigns = assignments(diagram, entries(common.assigns, variant.assigns, "assigns", path, ids), declared, ledger)
    measured = measures.measured(variant, diagram, costs, ledger, path)
    sums = measures.sums(variant, diagram, ledger, path)
    targets = measures.targets(variant, scenario, ledger, path)
    references = measures.references(variant, scenario, ledger, path)
    shares = measures.shares(variant, diagram, ledger, path)
    indices = measures.indices(variant, ledger, path)
    cost_base = measures.cost_base(scenario, ledger)
    if findings.number_of_errors > before:
        return None
    try:
        net = lower(diagram, choices, declared, repeats=repeats, assigns=assigns, batched=closings)
    except BadInput as error:
        findings.take(error.findings)
        return None
    arrivals = shared.arrivals
    if arrivals is None and scenario.arrivals is None:
        arrivals = timer_arrivals(diagram, scenario.study.start, shared.clocks.until, findings)
    if findings.errors or arrivals is None:
        return None
    return SimulationModel(
        pipeline=scenario.pipeline,
        variant=name,
        label=Label(scenario.labels.zh, scenario.labels.en),
        variant_label=Label(variant.labels.zh, variant.labels.en),
        number=identifier_hash(scenario.pipeline),
        diagram=diagram,
        net=net,
        study=study(scenario),
        days=shared.clocks.days,
        office=shared.clocks.office,
        pools=shared.pools,
        activities=by_node(net, costs, closings),
        attributes=shared.attributes,
        arrivals=arrivals,
        measured=measured,
        sums=sums,
        targets=targets,
        references=references,
        shares=shares,
        indices=indices,
        cost_base=cost_base,
        names=_names(diagram, entries(common.names, variant.names, "names", path, _named(diagram))),
        assumptions=tuple(ledger.assumptions.values()),
        sources=tuple(ledger.used.values()),
        overrides=tuple(changes),
    )


def _names(diagram: Diagram, given: Mapping[str, Entry[Names]]) -> dict[str, Label]:
    """What people call each element, lane and flow: what the scenario says, else what the diagram says."""
    names = {}
    drawn = [(e.id, e.name) for e in diagram.process.elements.values()]
    drawn += [(lane.id, lane.name) for lane in diagram.process.lanes.values()]
    drawn += [(flow.id, flow.name) for flow in diagram.process.flows.values()]
    for id_, name in drawn:
        stated = given[id_].spec if id_ in given else Names()
        if name or id_ in given:
            names[id_] = Label(zh=stated.zh or name or id_, en=stated.en or name or id_)
    return names


def _named(diagram: Diagram) -> list[str]:
    """The ids that a name may be given to."""
    process = diagram.process
    return [*process.elements, *process.lanes, *process.flows]


def _check_ids(variant: Variant, path: Path, diagram: Diagram, findings: Findings) -> None:
    """A variant's own entries must be about elements of its diagram."""
    elements = diagram.process.elements
    gateways = [element.id for element in elements.values() if element.tag.endswith("Gateway")]
    for key, kind, known, candidates in (
        ("elements", "element", list(elements), list(elements)),
        ("names", "element", _named(diagram), _named(diagram)),
        ("routes", "gateway", [*elements, diagram.process.id], gateways),
        ("repeats", "element", list(elements), list(elements)),
        ("assigns", "element", list(elements), list(elements)),
    ):
        for id_ in getattr(variant, key):
            if id_ not in known:
                findings.unknown(kind, (*path, key, id_), id_, candidates)


def _check_common(scenario: Scenario, diagrams: Sequence[Diagram], findings: Findings) -> None:
    """A common entry must be about an element of at least one diagram."""
    elements = dict.fromkeys(id_ for diagram in diagrams for id_ in diagram.process.elements)
    named = dict.fromkeys(id_ for diagram in diagrams for id_ in _named(diagram))
    sections = (("elements", "element"), ("routes", "gateway"), ("names", "element"))
    for key, kind in (*sections, ("repeats", "element"), ("assigns", "element")):
        ids = named if key == "names" else elements
        if key == "routes":
            ids = {**elements, **dict.fromkeys(diagram.process.id for diagram in diagrams)}
        for id_ in getattr(scenario.common, key):
            if id_ not in ids:
                findings.unknown(kind, ("common", key, id_), id_, ids)


def _check_pools(scenario: Scenario, findings: Findings) -> None:
    """Warn of pools that no element asks for."""
    parts = [scenario.common, *scenario.variants.values()]
    asked = {pool for part in parts for element in part.elements.values() for pool in element.pools}
    for name in scenario.pools:
        if name not in asked:
            findings.warn("pool_unused", ("pools", name), name=name)
