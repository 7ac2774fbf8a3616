"""``reformsim scenario init``: a scenario skeleton for a diagram of any modeller."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from app.console import Console
from app.outputs import check_folder, writing

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


_ACTIONS: Final[Mapping[str, Callable[[argparse.Namespace], int]]] = {"init": _init}
