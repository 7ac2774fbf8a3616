"""Models of other tools where a scenario is asked for: imported on the fly, told as warnings, nothing left behind."""

from __future__ import annotations

import shutil
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from engine.errors import BadInput, Finding
from scenarios.interchange.draft import Draft, Note
from scenarios.interchange.files import FOREIGN, PARAMETERS
from scenarios.loading import LoadedScenario, load

__all__ = ["load_any", "with_diagram"]


def load_any(names: Sequence[str], language: str, **settings: Any) -> LoadedScenario:
    """Load a scenario, or a model of another tool as the scenario that ``import`` would write.

    Args:
        names: A name of the library or a path to a scenario; or the files of one foreign model, in any order.
        language: Of the notes on what was assumed and left out; they become warnings.
        settings: As for `scenarios.loading.load`.

    Raises:
        BadInput: All findings, each at its place in the files that were named.
    """
    if len(names) == 1 and not names[0].lower().endswith(FOREIGN):
        return load(names[0], **settings)
    from scenarios.interchange.importing import draft_of

    paths = with_diagram([Path(name) for name in names])
    draft = draft_of(paths)
    folder = mkdtemp(prefix="reformsim-")
    try:
        scenario = draft.write(Path(folder), language)[0]
        loaded = load(str(scenario), **settings)
    except BadInput as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise BadInput(_told(error.findings, folder, paths, draft)) from None
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    warnings = (*_warnings(draft.notes, language), *_told(loaded.warnings, folder, paths, draft))
    imported = replace(loaded, warnings=warnings)
    # whoever draws the diagram reads its file again: the folder lives as long as the scenario
    weakref.finalize(imported, shutil.rmtree, folder, ignore_errors=True)
    return imported


def with_diagram(paths: Sequence[Path]) -> list[Path]:
    """The same files; beside parameters that were named alone also the diagram of their name, if there is one."""
    if len(paths) == 1 and paths[0].suffix.lower() in PARAMETERS:
        diagram = paths[0].with_suffix(".bpmn")
        if diagram.is_file():
            return [paths[0], diagram]
    return list(paths)


def _warnings(notes: Sequence[Note], language: str) -> list[Finding]:
    """What was assumed and left out, as warnings; what was read as it stands needs none."""
    return [
        Finding(
            f"foreign.{note.kind}",
            {"what": note.as_json(language)["message"]},
            note.file,
            note.line,
            None,
            note.element,
            "warning",
        )
        for note in notes
        if note.kind != "read"
    ]


def _told(findings: Sequence[Finding], folder: str, paths: Sequence[Path], draft: Draft) -> list[Finding]:
    """Findings about the folder that nobody sees, at their places in the files that were named."""
    diagrams = {path.stem.split(".")[0]: path for path in paths if path.suffix.lower() not in PARAMETERS}
    named: Mapping[str, Path] = {name: diagrams.get(name.removesuffix(".bpmn"), paths[0]) for name in draft.diagrams}
    return [
        _moved(finding, named.get(Path(finding.file).name, paths[0]), Path(finding.file).name in named)
        if finding.file and finding.file.startswith(folder)
        else finding
        for finding in findings
    ]


def _moved(finding: Finding, path: Path, is_diagram: bool) -> Finding:
    if is_diagram:  # the bytes are those of the file named, so lines hold
        return replace(finding, file=str(path))
    return replace(finding, file=str(path), line=None, column=None)
