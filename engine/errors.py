"""What can go wrong, said so that a planner can mend it.

    ReformsimError
    ├── BadInput   one or many findings in what somebody gave us (exit code 2, or 1 from ``check``)
    └── RunError   one finding met while cases were running (exit code 2)

A finding names a code of the catalogue, the values its sentence needs, and the place.
Its sentence has the form *Expected ..., but ...*, followed by a cure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from engine.texts import text

__all__ = ["BadInput", "Finding", "ReformsimError", "RunError", "Severity"]

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, or worth a warning, and where.

    Args:
        code: Key in the catalogue below ``finding``, e.g. ``diagram.no_start``.
        values: What the sentences of the catalogue need.
        file: Path or name of the file, as the user gave it.
        line: 1-based line, where there is one.
        column: 1-based column, where there is one.
        element: Id of the BPMN element, or dotted key of the scenario.
        severity: A warning does not stop a run.
    """

    code: str
    values: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    file: str | None = None
    line: int | None = None
    column: int | None = None
    element: str | None = None
    severity: Severity = "error"

    def message(self, language: str = "en") -> str:
        """The sentence *Expected ..., but ...* in the language asked for."""
        return text(f"finding.{self.code}.message", language, **self.values)

    def cure(self, language: str = "en") -> str:
        """What to do about it."""
        return text(f"finding.{self.code}.cure", language, **self.values)

    def place(self) -> str:
        """``file:line:column``, as far as it is known."""
        parts = [self.file or ""]
        if self.line is not None:
            parts.append(str(self.line))
            if self.column is not None:
                parts.append(str(self.column))
        return ":".join(parts)

    def describe(self, language: str = "en") -> str:
        """Place, element, sentence and cure in one paragraph."""
        place = self.place()
        where = f"{place}: " if place else ""
        element = f"[{self.element}] " if self.element else ""
        return f"{where}{element}{self.message(language)} {self.cure(language)}"

    def as_json(self, language: str = "en") -> dict[str, object]:
        """The shape of one error on standard output."""
        return {
            "file": self.file,
            "line": self.line,
            "element": self.element,
            "message": self.message(language),
            "cure": self.cure(language),
            "code": self.code,
            "severity": self.severity,
        }


class ReformsimError(Exception):
    """Base of everything that reformsim raises on purpose; carries its findings."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings: tuple[Finding, ...] = tuple(
            sorted(findings, key=lambda f: (f.file or "", f.line or 0, f.column or 0, f.element or "", f.code))
        )
        super().__init__(self.findings)  # so that whoever raises a copy has all it needs

    def __str__(self) -> str:
        return "\n".join(finding.describe() for finding in self.findings)


class BadInput(ReformsimError):  # noqa: N818 - the input is at fault, not an operation
    """What was given cannot be used; all findings at once, sorted by place."""


class RunError(ReformsimError):
    """A case met something while running that the checks could not foresee."""
