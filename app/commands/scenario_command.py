"""``reformsim scenario``: a skeleton for a diagram of any modeller; a scenario as a workbook, and back."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from app.console import Console
from app.outputs import check_file, check_folder, write_bytes, writing
from engine.errors import Finding

__all__ = ["run"]


def run(options: argparse.Namespace) -> int:
    """Do what the second word says."""
    return _ACTIONS[options.action](options)


def _init(options: argparse.Namespace) -> int:
    from app.main import DONE
    from scenarios.interchange.plain import skeleton

    console = Console(options)
    folder = Path(options.output)
    check_folder(folder)
    draft = skeleton(Path(options.diagram))
    with writing(folder):
        files = draft.write(folder, console.language)
    console.show(*(note.sentence(console.language) for note in draft.notes))
    console.show(console.say("wrote", files=", ".join(map(str, files))))
    console.show(console.say("try", command=f"reformsim compare {files[0]}"))
    notes = [note.as_json(console.language) for note in draft.notes]
    console.give({"schema": 1, "files": [str(file) for file in files], "notes": notes})
    return DONE


def _to_excel(options: argparse.Namespace) -> int:
    from app.main import DONE
    from scenarios.loading import load
    from scenarios.workbook.writing import scenario_workbook

    console = Console(options)
    file = Path(options.output)
    check_file(file, (".xlsx",))
    loaded = load(options.pipeline)
    console.warnings(loaded.warnings)
    write_bytes(file, scenario_workbook(loaded, console.language))
    console.show(console.say("wrote", files=str(file)))
    console.show(console.say("try", command=f"reformsim scenario from-excel {file} -o DIR"))
    console.give({"schema": 1, "files": [str(file)], "warnings": _as_json(loaded.warnings, console)})
    return DONE


def _from_excel(options: argparse.Namespace) -> int:
    from app.main import DONE
    from scenarios.interchange.draft import SCENARIO, write_new
    from scenarios.interchange.yaml_text import yaml_text
    from scenarios.workbook.reading import read_workbook

    console = Console(options)
    folder = Path(options.output)
    check_folder(folder)
    filled = read_workbook(Path(options.workbook))
    console.warnings(filled.warnings)
    contents = {SCENARIO: yaml_text(filled.data, {}).encode(), **filled.diagrams}
    with writing(folder):
        files = write_new(folder, contents)
    console.show(console.say("wrote", files=", ".join(map(str, files))))
    console.show(console.say("try", command=f"reformsim compare {files[0]}"))
    names = [str(file) for file in files]
    console.give({"schema": 1, "files": names, "warnings": _as_json(filled.warnings, console)})
    return DONE


def _as_json(findings: Sequence[Finding], console: Console) -> list[dict[str, object]]:
    return [finding.as_json(console.language) for finding in findings]


_ACTIONS: Final[Mapping[str, Callable[[argparse.Namespace], int]]] = {
    "init": _init,
    "to-excel": _to_excel,
    "from-excel": _from_excel,
}
