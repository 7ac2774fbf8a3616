"""``reformsim diagram``: a BPMN file or the variants of a pipeline as a picture, coloured by what was simulated."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.console import Console
from app.outputs import check_file

__all__ = ["run"]


def run(options: argparse.Namespace) -> int:
    """Draw and write."""
    from app.diagrams import picture_of_file, picture_of_study
    from app.main import DONE
    from reports.diagram.files import SUFFIXES, write_picture

    console = Console(options)
    files = [Path(file) for file in options.output]
    for file in files:
        check_file(file, SUFFIXES)
    source = options.pipeline
    if source.lower().endswith((".bpmn", ".bpmn2", ".xml")) and not (options.further or options.colour):
        scene = picture_of_file(Path(source), console.language)
    else:
        scene = picture_of_study(options, console)
    for file in files:
        write_picture(scene, file, console.language)
    console.show(console.say("wrote", files=", ".join(map(str, files))))
    console.give({"schema": 1, "files": [str(file) for file in files], "headline": scene.title})
    return DONE
