"""The library's own scenarios load clean, with each of their overrides."""

from __future__ import annotations

import pytest

from scenarios import library
from scenarios.loading import load
from scenarios.sources import policy_facts


@pytest.mark.parametrize("name", library.names())
def test_the_library_loads_without_findings(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every scenario of the library, as it is and with each override, gives its models without a warning."""
    facts = policy_facts()
    assert facts
    monkeypatch.setattr("scenarios.building.variants.policy_facts", lambda: facts)
    plain = load(name)
    assert plain.pipeline == name
    assert plain.warnings == ()
    for override in plain.override_names:
        changed = load(name, overrides=[override])
        assert changed.changes
        assert changed.warnings == ()
        assert list(changed.models) == list(plain.models)
