"""The library's facts: complete, cited rightly, and in words of our own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

LIBRARY = Path(__file__).parents[3] / "scenarios" / "library"
SCENARIOS = sorted(file for file in LIBRARY.glob("*.yaml") if file.name != "facts.yaml")
POLICY_TEXT = os.environ.get("REFORMSIM_POLICY_TEXT", "")  # file of the policy's text, for those who have it

every_scenario = pytest.mark.parametrize("file", SCENARIOS, ids=lambda file: file.stem)


def load(file: Path) -> Any:
    """The plain data of a YAML file."""
    return YAML(typ="safe").load(file.read_text(encoding="utf-8"))


FACTS: list[dict[str, Any]] = load(LIBRARY / "facts.yaml")["facts"]


def citations(data: Any) -> Iterator[str]:
    """Every value that stands under a key ``source``."""
    if isinstance(data, dict):
        for key, value in data.items():
            if key == "source":
                yield value
            else:
                yield from citations(value)
    elif isinstance(data, list):
        for value in data:
            yield from citations(value)


def test_facts_are_complete() -> None:
    """A fact has its own id, a clause and a statement in both languages, and a unit with its number."""
    ids = [fact["id"] for fact in FACTS]
    assert len(ids) == len(set(ids))
    for fact in FACTS:
        assert set(fact) <= {"id", "clause", "statement", "number", "unit"}, fact["id"]
        for part in ("clause", "statement"):
            assert set(fact[part]) == {"zh", "en"}, fact["id"]
            assert all(text.strip() for text in fact[part].values()), fact["id"]
        assert ("number" in fact) == ("unit" in fact), fact["id"]


@every_scenario
def test_sources_resolve(file: Path) -> None:
    """Every source cited is one of the scenario's or a fact; none of its own is idle or hides a fact."""
    scenario = load(file)
    facts = {fact["id"] for fact in FACTS}
    own = set(scenario["sources"])
    cited = set(citations({key: value for key, value in scenario.items() if key != "sources"}))
    assert cited <= own | facts, cited - own - facts
    assert own <= cited, own - cited
    assert not own & facts
    assert cited & facts, "a library scenario rests on the policy"
    for key, source in scenario["sources"].items():
        assert source["kind"] in ("statute", "reference", "assumption"), key
        assert source["text"]["zh"].strip(), key
        assert source["text"]["en"].strip(), key


@every_scenario
def test_numbers_of_the_policy_are_the_facts(file: Path) -> None:
    """A limit that cites a fact states its number, or a part that the fact adds up."""
    numbers = {fact["id"]: fact.get("number") for fact in FACTS}
    parts = {"a2.goal.38": {17, 10, 1}, "a2.geotech": {15}, "a1.hours": {3, 2}, "a6.123": {1, 2}}
    for variant in load(file)["variants"].values():
        limits = [m["limit"] for m in variant["measured"] if "limit" in m]
        limits += [{"value": target["limit"], "source": target["source"]} for target in variant.get("targets", [])]
        for limit in limits:
            if limit["source"] in numbers:
                allowed = {numbers[limit["source"]]} | parts.get(limit["source"], set())
                assert limit["value"] in allowed, limit


@pytest.mark.skipif(not POLICY_TEXT, reason="the policy's text is not ours to ship")
def test_statements_are_in_our_own_words() -> None:
    """No statement shares fifteen characters in a row with the policy."""
    policy = "".join(Path(POLICY_TEXT).read_text(encoding="utf-8").split())
    for fact in FACTS:
        words = "".join(fact["statement"]["zh"].split())
        shared = [words[k : k + 15] for k in range(len(words) - 14) if words[k : k + 15] in policy]
        assert not shared, (fact["id"], shared)
