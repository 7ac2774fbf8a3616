"""A scenario that is being made from a file of another tool, with notes on everything that was decided on the way."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal, TypeAlias

from engine.errors import BadInput, Finding
from engine.texts import text
from scenarios.interchange.yaml_text import yaml_text

__all__ = ["ASSUMED", "Draft", "Kind", "Note", "identifier", "write_new"]

ASSUMED: Final = "assumed"  # key of the source of what nobody knows
Kind = Literal["read", "assumed", "left_out"]
KINDS: Final[tuple[Kind, ...]] = ("read", "assumed", "left_out")
Data: TypeAlias = dict[str, Any]

NOTHING: Final[Mapping[str, bytes]] = MappingProxyType({})
REPORT: Final = "import-report.md"
SCENARIO: Final = "scenario.yaml"


@dataclass(frozen=True)
class Note:
    """What was done with something in a foreign file.

    Args:
        kind: It was read as it stands, something was assumed about it, or it was left out.
        code: Key below ``interchange.note`` in the catalogue of texts.
        values: What the sentence needs.
        file: Where it stands.
        line: From 1, where it is known.
        element: Id or path of what the note is about.
    """

    kind: Kind
    code: str
    values: Mapping[str, object] = field(default_factory=dict, hash=False)
    file: str | None = None
    line: int | None = None
    element: str | None = None

    def sentence(self, language: str) -> str:
        """What the note says, with its place before it."""
        place = ":".join(str(part) for part in (self.file, self.line) if part is not None)
        where = f"{place}: " if place else ""
        element = f"[{self.element}] " if self.element else ""
        return f"{where}{element}{text(f'interchange.note.{self.code}', language, **self.values)}"

    def as_json(self, language: str) -> dict[str, object]:
        """The note as one object."""
        return {
            "kind": self.kind,
            "code": self.code,
            "file": self.file,
            "line": self.line,
            "element": self.element,
            "message": text(f"interchange.note.{self.code}", language, **self.values),
        }


@dataclass
class Draft:
    """A scenario in the making.

    Args:
        data: What stands in the scenario file, by the keys of the language.
        diagrams: Name of a diagram's file, beside the scenario, to its bytes.
        comments: Path of keys to the comment above it.
        head: Comment at the beginning of the file.
    """

    data: Data
    diagrams: dict[str, bytes]
    notes: list[Note] = field(default_factory=list)
    comments: dict[tuple[str, ...], str] = field(default_factory=dict)
    head: str = ""

    def note(self, kind: Kind, code: str, /, place: Place | None = None, **values: object) -> None:
        """Add a note; the same one is kept once."""
        place = place or Place()
        note = Note(kind, code, values, place.file, place.line, place.element)
        if note not in self.notes:
            self.notes.append(note)

    def scenario_text(self) -> str:
        """The scenario file."""
        return yaml_text(self.data, self.comments, self.head)

    def report_text(self, language: str) -> str:
        """The import report, as Markdown."""
        lines = [f"# {text('interchange.report.title', language)}", ""]
        for kind in KINDS:
            lines += [f"## {text(f'interchange.report.{kind}', language)}", ""]
            notes = [note for note in self.notes if note.kind == kind]
            lines += [f"- {note.sentence(language)}" for note in notes] or [text("interchange.report.none", language)]
            lines.append("")
        return "\n".join(lines)

    def write(self, folder: Path, language: str) -> list[Path]:
        """Write scenario, diagrams and report into a folder, each whole or not at all.

        Returns:
            The files, the scenario first.

        Raises:
            BadInput: The folder has a scenario already.
            OSError: The system refuses.
        """
        contents = {SCENARIO: self.scenario_text().encode()}
        contents |= self.diagrams
        return write_new(folder, contents, {REPORT: self.report_text(language).encode()})


def both(key: str, **values: object) -> dict[str, str]:
    """A text below ``frame`` in the catalogue in both languages, as a scenario holds it."""
    return {language: text(f"frame.{key}", language, **values) for language in ("zh", "en")}


def write_new(folder: Path, contents: Mapping[str, bytes], replaced: Mapping[str, bytes] = NOTHING) -> list[Path]:
    """Write files into a folder, all or none, each whole.

    Args:
        folder: It is made if it is not there.
        contents: Name to content; none of them may be there yet.
        replaced: The same of files that may.

    Raises:
        BadInput: One of the files is there already.
        OSError: The system refuses.
    """
    taken = [name for name in contents if (folder / name).exists()]
    if taken:
        raise BadInput([Finding("interchange.taken", {"file": str(folder / taken[0])}, file=str(folder / taken[0]))])
    folder.mkdir(parents=True, exist_ok=True)
    every = {**contents, **replaced}
    partial = {name: folder / f".{name}.partial" for name in every}
    try:
        for name, content in every.items():
            partial[name].write_bytes(content)
        for name in every:
            partial[name].replace(folder / name)
    finally:
        for file in partial.values():
            file.unlink(missing_ok=True)
    return [folder / name for name in every]


@dataclass(frozen=True)
class Place:
    """Where something stands in a foreign file."""

    file: str | None = None
    line: int | None = None
    element: str | None = None

    def finding(self, code: str, /, **values: object) -> Finding:
        """An error here; ``code`` stands below ``finding.interchange``."""
        return Finding(f"interchange.{code}", values, self.file, self.line, None, self.element)


def identifier(name: str, taken: Iterable[str] = (), prefix: str = "x") -> str:
    """A name of the scenario language from any text: small letters, digits, underscores, unlike all that are taken."""
    plain = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
    if not plain or not plain[0].isalpha():
        plain = f"{prefix}_{plain}".rstrip("_")
    used, number, candidate = set(taken), 1, plain
    while candidate in used:
        number += 1
        candidate = f"{plain}_{number}"
    return candidate


def stem(file: str) -> str:
    """The name of a file without folder and endings."""
    return os.path.basename(file).split(".")[0] or "model"
