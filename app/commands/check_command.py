"""``reformsim check``: every finding in diagrams and scenarios, at once."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from app.console import Console
from engine.errors import BadInput, Finding

__all__ = ["findings_of", "run"]

_SCENARIOS = (".yaml", ".yml")


def run(options: argparse.Namespace) -> int:
    """Judge files and folders; exit status 1 if anything is an error."""
    from app.main import DONE, FOUND
    from reports.tables import findings_list

    console = Console(options)
    files = list(_files(options.files))
    findings: list[Finding] = []
    with console.progress(console.say("checking")) as progress:
        for i, file in enumerate(files):
            findings += findings_of(file)
            progress(i + 1, len(files))
    findings = _each_once(findings)
    errors = sum(finding.severity == "error" for finding in findings)
    if findings:
        console.show(findings_list(findings, console.language))
    console.show(console.say("checked", files=len(files), errors=errors, warnings=len(findings) - errors))
    result = {
        "schema": 1,
        "files": len(files),
        "findings": [finding.as_json(console.language) for finding in findings],
    }
    console.give(result | ({"errors": [f.as_json(console.language) for f in findings if f.severity == "error"]}))
    return FOUND if errors else DONE


def findings_of(file: Path) -> list[Finding]:
    """All findings of one diagram or scenario."""
    try:
        if file.suffix == ".bpmn":
            from engine.diagram.checks import check
            from engine.diagram.reader import read

            return check(read(file))
        if file.suffix in _SCENARIOS:
            from scenarios.halls import is_hall, load_hall
            from scenarios.loading import load

            if is_hall(str(file)):
                return list(load_hall(str(file)).warnings)
            return list(load(str(file)).warnings)
    except BadInput as error:
        return list(error.findings)
    return [Finding("use.not_checked", {"file": str(file)}, file=str(file))]


def _each_once(findings: list[Finding]) -> list[Finding]:
    """The findings without those met twice: of a diagram that is named itself and used by a scenario."""
    seen: dict[Finding, Finding] = {}
    for finding in findings:
        file = os.path.realpath(finding.file) if finding.file else None
        seen.setdefault(replace(finding, file=file), finding)
    return list(seen.values())


def _files(names: list[str]) -> Iterator[Path]:
    """The files named, and the diagrams and scenarios of the folders named, in order."""
    for name in names:
        path = Path(name)
        if path.is_dir():
            suffixes = (".bpmn", *_SCENARIOS)
            found = sorted(p for p in path.rglob("*") if p.suffix in suffixes and p.name != "facts.yaml")
            if not found:
                raise BadInput([Finding("use.nothing_to_check", {"folder": name}, file=name)])
            yield from found
        else:
            yield path
