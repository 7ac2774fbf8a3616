"""The library's scenarios fit their diagrams, and their sums are those of the policy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from ruamel.yaml import YAML

from engine.texts import catalogue
from tests.support.library import VARIANTS

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
LIBRARY = Path(__file__).parents[3] / "scenarios" / "library"


def load(pipeline: str) -> Any:
    """The plain data of a scenario of the library."""
    return YAML(typ="safe").load((LIBRARY / f"{pipeline}.yaml").read_text(encoding="utf-8"))


SCENARIOS = {name: load(name) for name in VARIANTS}
every_variant = pytest.mark.parametrize(
    ("pipeline", "variant"), [(p, v) for p, data in SCENARIOS.items() for v in data["variants"]]
)


def diagram(pipeline: str, variant: str) -> etree._Element:
    """The diagram that a variant names."""
    path = LIBRARY / SCENARIOS[pipeline]["variants"][variant]["diagram"]
    return etree.fromstring(path.resolve().read_bytes())


def with_common(pipeline: str, variant: str, part: str) -> dict[str, Any]:
    """The elements or routes of a variant, the common ones included."""
    data = SCENARIOS[pipeline]
    return {**data["common"].get(part, {}), **data["variants"][variant].get(part, {})}


def ids(root: etree._Element, *tags: str) -> list[str]:
    """Ids of the elements with these tags."""
    return [str(e.get("id")) for tag in tags for e in root.iter(f"{BPMN}{tag}")]


def limits(variant: dict[str, Any]) -> dict[str, float]:
    """Measured element to its limit."""
    return {m["element"]: m["limit"]["value"] for m in variant["measured"] if "limit" in m}


@every_variant
def test_every_activity_has_its_time(pipeline: str, variant: str) -> None:
    """Each task and timer has a time, each exclusive split a rule over exactly its flows."""
    root = diagram(pipeline, variant)
    waiting = ids(root, "userTask", "manualTask", "intermediateCatchEvent")
    elements = with_common(pipeline, variant, "elements")
    assert set(waiting) <= set(elements)
    assert set(SCENARIOS[pipeline]["variants"][variant].get("elements", {})) <= set(waiting)
    routes = with_common(pipeline, variant, "routes")
    for gateway in root.iter(f"{BPMN}exclusiveGateway"):
        out = {str(flow.text) for flow in gateway.iter(f"{BPMN}outgoing")}
        if len(out) > 1:
            route = routes[str(gateway.get("id"))]
            tables = route.get("attempts") or [route.get("shares")]
            if "conditions" in route:
                tables = [{**route["conditions"], route["default"]: None}]
            assert all(set(table) == out for table in tables), gateway.get("id")


@every_variant
def test_measured_elements_exist(pipeline: str, variant: str) -> None:
    """What is measured or pauses a clock is drawn; sums name measured elements with a limit; pools exist."""
    root = diagram(pipeline, variant)
    data = SCENARIOS[pipeline]["variants"][variant]
    drawn = set(ids(root, "userTask", "manualTask", "subProcess"))
    measured = [m["element"] for m in data["measured"]]
    assert len(measured) == len(set(measured))
    assert set(measured) <= drawn
    assert all(set(m.get("pauses", [])) <= drawn for m in data["measured"])
    for elements in data["sums"].values():
        assert set(elements) <= set(limits(data))
    for element in with_common(pipeline, variant, "elements").values():
        assert set(element.get("pools", [])) <= set(SCENARIOS[pipeline]["pools"])


@every_variant
def test_everything_named_has_an_english_name(pipeline: str, variant: str) -> None:
    """Lanes, elements and ways out of choices: whatever a diagram names has an English name."""
    names = SCENARIOS[pipeline]["common"]["names"]
    whole = {f"{BPMN}{tag}" for tag in ("process", "participant", "collaboration", "definitions")}
    for element in diagram(pipeline, variant).iter(f"{BPMN}*"):
        if element.get("name") and element.tag not in whole:
            assert names[str(element.get("id"))]["en"].strip()


@pytest.mark.parametrize(
    ("pipeline", "variant", "name", "days"),
    [
        ("construction_permit", "immediate", "serial", 15 + 2 + 7 + 1 + 10 + 10 + 2),
        ("construction_permit", "immediate", "approval", 2 + 7 + 10 + 2),
        ("construction_permit", "after", "serial", 38),
        ("construction_permit", "after", "approval", 17),
        ("enterprise_opening", "before", "serial", 20),
        ("enterprise_opening", "after", "hours", 3 + 2 + 2),
        ("power_low_voltage", "after", "service", 3),
        ("power_low_voltage", "push", "service", 3),
    ],
)
def test_promises(pipeline: str, variant: str, name: str, days: float) -> None:
    """The limits on paper add up to what the policy says."""
    data = SCENARIOS[pipeline]["variants"][variant]
    assert sum(limits(data)[element] for element in data["sums"][name]) == days


@pytest.mark.parametrize(
    ("pipeline", "variant", "procedures"),
    [
        ("construction_permit", "after", 6),
        ("enterprise_opening", "after", 1),
        ("power_low_voltage", "after", 2),
        ("power_low_voltage", "push", 1),
    ],
)
def test_procedures(pipeline: str, variant: str, procedures: int) -> None:
    """The measured elements count as many procedures as the policy says."""
    assert sum(m["counts"] for m in SCENARIOS[pipeline]["variants"][variant]["measured"]) == procedures


@pytest.mark.parametrize("pipeline", SCENARIOS)
def test_same_targets_for_all_variants(pipeline: str) -> None:
    """All variants are judged by the first one's targets; a variant may have a further one of its own."""
    variants = list(SCENARIOS[pipeline]["variants"].values())
    for variant in variants[1:]:
        assert all(target in variant.get("targets", []) for target in variants[0].get("targets", []))


@pytest.mark.parametrize("pipeline", SCENARIOS)
def test_overrides_change_what_is_there(pipeline: str) -> None:
    """Every override names places that the base has, and each pipeline has the usual four."""
    data = SCENARIOS[pipeline]
    assert {"more_corrections", "more_staff", "fewer_staff", "larger_volume"} <= set(data["overrides"])

    def follow(change: dict[str, Any], base: dict[str, Any]) -> None:
        for key, value in change.items():
            assert key in base, key
            if isinstance(value, dict):
                follow(value, base[key])
            else:
                assert value != base[key], key

    for override in data["overrides"].values():
        assert override["labels"]["zh"]
        assert override["labels"]["en"]
        follow(override["set"], data)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_sum_has_a_name_that_planners_read(language: str) -> None:
    """Not the key that the file writes: it would stand in the headline of a report."""
    names = {name for pipeline in VARIANTS for variant in load(pipeline)["variants"].values()
             for name, total in variant.get("sums", {}).items() if isinstance(total, list)}  # fmt: skip
    assert [name for name in sorted(names) if f"sum.{name}" not in catalogue(language)] == []
