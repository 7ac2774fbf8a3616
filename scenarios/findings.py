"""Collecting findings about a scenario, each at its line, and saying what was probably meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from engine.errors import BadInput, Finding, Severity
from scenarios.reading import Document, Path

__all__ = ["Findings", "nearest"]

_MOST = 12  # names listed when nothing is close
_CONSEQUENCES: Final[Mapping[str, tuple[str, ...]]] = {
    "scenario.unknown.element": ("scenario.element.no_time", "scenario.element.timer_without_time"),
    "scenario.unknown.gateway": ("scenario.route.none",),
    "scenario.unknown.pool": ("scenario.pool_unused",),
}
"""A misspelt name, and what is then missed under the right one."""


def nearest(name: str, known: Iterable[str]) -> str:
    """The known names that ``name`` may be meant to be, or the first of all; ``-`` if there are none."""
    known = list(dict.fromkeys(known))
    lower = {candidate.lower(): candidate for candidate in known}
    close = [lower[match] for match in difflib.get_close_matches(name.lower(), lower, 3, 0.6)]
    listed = close or known[:_MOST] + (["..."] if len(known) > _MOST else [])
    return ", ".join(listed) or "-"


class Findings:
    """The findings about one document, in the order in which they were met; each is kept once."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._findings: dict[Finding, None] = {}
        self.number_of_errors = 0  # repeated ones too: two variants may trip over the same common entry

    def error(self, code: str, path: Path, **values: object) -> None:
        """Something that stops the run; ``code`` stands below ``finding.scenario``, ``path`` is where."""
        self._add(code, path, values, "error")

    def warn(self, code: str, path: Path, **values: object) -> None:
        """Something worth a warning."""
        self._add(code, path, values, "warning")

    def unknown(self, kind: str, path: Path, name: str, known: Iterable[str]) -> None:
        """A name that nothing has; ``kind`` says of what, in the code ``unknown.<kind>``."""
        self.error(f"unknown.{kind}", path, name=name, known=nearest(name, known))

    def wrapped(self, finding: Finding, path: Path) -> None:
        """A finding of another room, at the place where the scenario caused it."""
        line, column = self.document.position(path)
        self.take(
            [
                Finding(
                    finding.code,
                    finding.values,
                    self.document.file,
                    line,
                    column,
                    ".".join(path),
                    finding.severity,
                )
            ]
        )

    def take(self, findings: Iterable[Finding]) -> None:
        """Findings that have their place already."""
        for finding in findings:
            self._findings.setdefault(finding)
            self.number_of_errors += finding.severity == "error"

    def __len__(self) -> int:
        return len(self._findings)

    @property
    def errors(self) -> Sequence[Finding]:
        """What stops the run."""
        return [finding for finding in self._findings if finding.severity == "error"]

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """What does not, by place."""
        return BadInput(finding for finding in self._findings if finding.severity == "warning").findings

    def stop_on_errors(self) -> None:
        """Raise all errors, and the warnings beside them, if there is any error.

        Raises:
            BadInput: There are errors.
        """
        if self.errors:
            raise BadInput(finding for finding in self._findings if not self._is_consequence(finding))

    def _is_consequence(self, finding: Finding) -> bool:
        """Whether a finding is nothing but the other side of a name that was probably misspelt."""
        name = str(finding.values.get("id", finding.values.get("name")))
        return any(
            finding.code in _CONSEQUENCES.get(cause.code, ()) and name in str(cause.values["known"]).split(", ")
            for cause in self._findings
        )

    def _add(self, code: str, path: Path, values: dict[str, object], severity: Severity) -> None:
        line, column = self.document.position(path)
        dotted = ".".join(path) or None
        self.take([Finding(f"scenario.{code}", values, self.document.file, line, column, dotted, severity)])
