"""``reformsim check``: every finding in diagrams and scenarios, at once."""

from __future__ import annotations

import argparse
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app.console import Console
from engine.errors import BadInput, Finding
from scenarios import library
from scenarios.interchange.files import PARAMETERS

if TYPE_CHECKING:
    from engine.diagram.checks import Soundness

__all__ = ["findings_of", "run"]

_SCENARIOS: Final = (".yaml", ".yml")
_DIAGRAMS: Final = library.FOLDER.parents[1] / "bpmn"


def run(options: argparse.Namespace) -> int:
    """Judge files and folders; exit status 1 if anything is an error."""
    from app.main import DONE, FOUND
    from engine.diagram.checks import soundness
    from engine.diagram.markings import MOST_MARKINGS
    from reports.tables import findings_list

    console = Console(options)
    files = list(_files(options.files))
    findings: list[Finding] = []
    diagrams: dict[str, Soundness] = {}
    with console.progress(console.say("checking")) as progress:
        for i, file in enumerate(files):
            found = findings_of(file, options.holidays)
            findings += found
            findings += _of_model(file, files, options.holidays, console.language)
            if file.suffix == ".bpmn":
                diagrams[str(file)] = soundness(found)
            progress(i + 1, len(files))
    findings = _each_once(findings)
    errors = sum(finding.severity == "error" for finding in findings)
    if findings:
        console.show(findings_list(findings, console.language))
    console.show(console.say("checked", files=len(files), errors=errors, warnings=len(findings) - errors))
    if diagrams:
        counts = Counter(diagrams.values())
        numbers = {answer: counts[answer] for answer in ("sound", "unsound", "undecided")}
        console.show(console.say("soundness", diagrams=len(diagrams), most=MOST_MARKINGS, **numbers))
    result = {
        "schema": 1,
        "files": len(files),
        "diagrams": [{"file": file, "soundness": answer} for file, answer in diagrams.items()],
        "findings": [finding.as_json(console.language) for finding in findings],
    }
    console.give(result | ({"errors": [f.as_json(console.language) for f in findings if f.severity == "error"]}))
    return FOUND if errors else DONE


def findings_of(file: Path, holidays: str | None = None) -> list[Finding]:
    """All findings of one diagram or scenario; with days off of further years for the scenario."""
    try:
        if file.suffix in PARAMETERS:
            return []  # judged with its diagram
        if file.suffix == ".bpmn":
            from engine.diagram.checks import check
            from engine.diagram.reader import read

            return check(read(file))
        if file.suffix in _SCENARIOS:
            from scenarios.halls import is_hall, load_hall
            from scenarios.loading import load

            known = Path(holidays) if holidays else None
            if is_hall(str(file)):
                return list(load_hall(str(file), holidays=known).warnings)
            return list(load(str(file), holidays=known).warnings)
        if not file.suffix and not file.exists():
            library.find(str(file))  # says which pipeline may have been meant
    except BadInput as error:
        return list(error.findings)
    return [Finding("use.not_checked", {"file": str(file)}, file=str(file))]


def _of_model(file: Path, files: Sequence[Path], holidays: str | None, language: str) -> list[Finding]:
    """What importing a model of another tool would say: parameters beside one of the diagrams named, or inside one."""
    from scenarios.interchange.direct import load_any, with_diagram
    from scenarios.interchange.importing import has_parameters

    try:
        if file.suffix in PARAMETERS:
            diagrams = [other for other in files if other.suffix == ".bpmn"]
            own = [other for other in diagrams if other.stem == file.stem]
            paths = [file, *(own or diagrams)[:1]] if len(diagrams) == 1 or own else with_diagram([file])
        elif file.suffix == ".bpmn" and file.is_file() and has_parameters(file):
            paths = [file]
        else:
            return []
        settings = {"holidays": Path(holidays) if holidays else None}
        return list(load_any([str(path) for path in paths], language, **settings).warnings)
    except BadInput as error:
        return list(error.findings)


def _each_once(findings: list[Finding]) -> list[Finding]:
    """The findings without those met twice: of a diagram that is named itself and used by a scenario."""
    seen: dict[Finding, Finding] = {}
    for finding in findings:
        file = os.path.realpath(finding.file) if finding.file else None
        seen.setdefault(replace(finding, file=file), finding)
    return list(seen.values())


def _files(names: list[str]) -> Iterator[Path]:
    """The files named, the diagrams and scenarios of the folders named, and the pipelines named, in order."""
    for name in names:
        path = Path(name)
        if name in library.names():
            yield from [library.find(name), *sorted((_DIAGRAMS / name).glob("*.bpmn"))]
        elif path.is_dir():
            suffixes = (".bpmn", *_SCENARIOS)
            found = sorted(p for p in path.rglob("*") if p.suffix in suffixes and p.name != "facts.yaml")
            if not found:
                raise BadInput([Finding("use.nothing_to_check", {"folder": name}, file=name)])
            yield from found
        else:
            yield path
