"""Where numbers come from: the scenario's own sources, and the policy's facts.

Every number must end with a source; what rests on an assumption is collected with its range, for the reports.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path as FilePath
from typing import Any, Final, Protocol

from engine.errors import BadInput, Finding
from scenarios.findings import Findings
from scenarios.reading import Path, read
from scenarios.schema.cases import Pool
from scenarios.schema.scenario import Source as StatedSource
from simulations.promises import Assumption, Label, Source

__all__ = ["FACTS", "Ledger", "policy_facts"]

FACTS: Final = FilePath(__file__).parent / "library" / "facts.yaml"


@cache
def policy_facts(file: FilePath = FACTS) -> Mapping[str, Source]:
    """The facts of the policy by their id, as sources; empty if there is no such file.

    Args:
        file: A list under ``facts`` of ``{id, clause, statement: {zh, en}, number, unit}``.

    Raises:
        BadInput: The file has another form.
    """
    if not file.is_file():
        return {}
    document = read(file.read_bytes(), file.name)
    facts: dict[str, Source] = {}
    findings: list[Finding] = []
    listed = document.data.get("facts")
    for number, fact in enumerate(listed if isinstance(listed, tuple) else ()):
        statement: Any = fact.get("statement") if isinstance(fact, Mapping) else None
        if isinstance(statement, Mapping) and isinstance(fact.get("id"), str) and fact["id"] not in facts:
            label = Label(zh=_with_clause(fact, "zh", "{}（{}）"), en=_with_clause(fact, "en", "{} ({})"))
            facts[fact["id"]] = Source(fact["id"], "policy", label)
        else:
            line, column = document.position(("facts", str(number)))
            findings.append(Finding("scenario.fact", {}, document.file, line, column))
    if not isinstance(listed, tuple):
        findings.append(Finding("scenario.fact", {}, document.file, 1, 1))
    if findings:
        raise BadInput(findings)
    return facts


def _with_clause(fact: Mapping[Any, Any], language: str, form: str) -> str:
    """The statement of a fact, followed by the clause that it stands in."""
    statement = str(fact["statement"].get(language, ""))
    clause = fact.get("clause", "")
    clause = clause.get(language, "") if isinstance(clause, Mapping) else clause
    return form.format(statement, clause) if clause else statement


class Sourced(Protocol):
    """What has sources and pools of its own: a scenario, or a hall."""

    @property
    def pools(self) -> Mapping[str, Pool]:
        """By name."""

    @property
    def sources(self) -> Mapping[str, StatedSource]:
        """By key."""


@dataclass
class Ledger:
    """Resolves sources and keeps what was resolved, in the order of asking.

    Args:
        scenario: Whose ``sources`` are asked first.
        findings: Takes numbers without a source, unknown sources, ranges that do not hold the number.
        facts: Policy facts by id.
    """

    scenario: Sourced
    findings: Findings
    facts: Mapping[str, Source]
    used: dict[str, Source] = field(default_factory=dict)
    assumptions: dict[str, Assumption] = field(default_factory=dict)

    def source(self, key: str | None, path: Path) -> Source | None:
        """The source that a key names; a finding at ``path`` if there is none."""
        if key is None:
            self.findings.error("no_source", path)
            return None
        if key in self.used:
            return self.used[key]
        own = self.scenario.sources.get(key)
        if own is not None:
            source = Source(key, own.kind, Label(own.text.zh, own.text.en))
        elif key in self.facts:
            source = self.facts[key]
        else:
            self.findings.unknown("source", path, key, [*self.scenario.sources, *self.facts])
            return None
        self.used[key] = source
        return source

    def number(
        self,
        path: Path,
        written: str,
        unit: str,
        key: str | None,
        *,
        value: float | None = None,
        range: tuple[float, float] | None = None,  # noqa: A002 - the word of the language
        wants_range: bool = True,
    ) -> Source | None:
        """Resolve the source of a number, check its range, and note it if it is an assumption.

        Args:
            path: Keys to the number.
            written: The number or distribution as people write it.
            unit: Its unit.
            key: Key of its source, or none.
            value: The number, or the mean of the distribution.
            range: What it may plausibly be.
            wants_range: Warn if an assumption has no range.
        """
        source = self.source(key, path)
        if range is not None and not range[0] <= range[1]:
            self.findings.error("range_order", path, low=range[0], high=range[1])
        elif range is not None and value is not None and not _within(value, range):
            self.findings.error("range_outside", path, low=range[0], high=range[1], value=f"{value:.6g}")
        if source is not None and source.kind == "assumption":
            if range is None and wants_range:
                self.findings.warn("no_range", path, written=written)
            place = ".".join(path)
            self.assumptions.setdefault(place, Assumption(place, written, unit, range, source))
        return source

    def check_own(self) -> None:
        """Refuse own sources that hide a fact of the policy."""
        for key in self.scenario.sources:
            if key in self.facts:
                self.findings.error("source_hides_fact", ("sources", key), name=key)


def _within(value: float, range: tuple[float, float]) -> bool:  # noqa: A002 - the word of the language
    slack = 1e-9 * max(1.0, abs(range[0]), abs(range[1]))  # means of distributions are rounded
    return range[0] - slack <= value <= range[1] + slack
