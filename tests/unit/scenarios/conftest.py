"""A scenario that uses every part of the language, and helpers to change and load it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.errors import BadInput, Finding
from scenarios.loading import LoadedScenario, load
from scenarios.sources import policy_facts

DATA = Path(__file__).parents[2] / "data" / "scenarios"


@pytest.fixture(autouse=True, scope="module")
def facts_of_the_tests() -> Iterator[None]:
    """Cite the facts of the tests, not those of the library."""
    facts = policy_facts(DATA / "facts.yaml")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("scenarios.building.variants.policy_facts", lambda: facts)
        yield


@pytest.fixture(scope="module")
def loaded_licence(facts_of_the_tests: None) -> LoadedScenario:
    """The scenario as it is."""
    return load(str(DATA / "licence.yaml"))


@pytest.fixture
def licence() -> str:
    """The text of the scenario."""
    return (DATA / "licence.yaml").read_text(encoding="utf-8")


@pytest.fixture
def load_text(tmp_path: Path) -> Callable[..., LoadedScenario]:
    """Load a text as a scenario beside the two diagrams."""
    for name in ("before.bpmn", "after.bpmn"):
        shutil.copy(DATA / name, tmp_path)

    def loaded(text: str | bytes, **arguments: object) -> LoadedScenario:
        file = tmp_path / "changed.yaml"
        file.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
        return load(str(file), **arguments)  # type: ignore[arg-type]  # passed on as they are

    return loaded


@pytest.fixture
def findings_of(load_text: Callable[..., LoadedScenario]) -> Callable[..., tuple[Finding, ...]]:
    """The findings of a text that must be refused; each is tried in both languages."""

    def refused(text: str | bytes, **arguments: object) -> tuple[Finding, ...]:
        with pytest.raises(BadInput) as caught:
            load_text(text, **arguments)
        for finding in caught.value.findings:
            assert finding.describe("en")
            assert finding.describe("zh")
        return caught.value.findings

    return refused
