"""``reformsim import``: a model of another tool becomes a scenario with its diagrams and a report."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.console import Console
from app.outputs import check_folder, writing
from engine.errors import BadInput

__all__ = ["run"]


def run(options: argparse.Namespace) -> int:
    """Read, write, and say what was read, assumed and left out."""
    from app.main import DONE, FOUND
    from scenarios.interchange.importing import draft_of
    from scenarios.loading import load

    console = Console(options)
    folder = Path(options.output)
    check_folder(folder)
    draft = draft_of([Path(name) for name in options.files])
    with writing(folder):
        files = draft.write(folder, console.language)
    console.show(draft.report_text(console.language))
    console.show(console.say("wrote", files=", ".join(map(str, files))))
    errors: list[dict[str, object]] = []
    try:
        console.warnings(list(load(str(files[0])).warnings))
        console.show(console.say("try", command=f"reformsim compare {files[0]}"))
    except BadInput as error:  # the diagram asks for what the file does not say: the scenario is there to be completed
        if not console.json:
            console.errors(error.findings)
        errors = [finding.as_json(console.language) for finding in error.findings if finding.severity == "error"]
    notes = [note.as_json(console.language) for note in draft.notes]
    console.give(
        {"schema": 1, "files": [str(file) for file in files], "notes": notes} | ({"errors": errors} if errors else {})
    )
    return FOUND if errors else DONE
