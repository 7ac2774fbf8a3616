"""``reformsim layout``: gives a diagram without drawing data a drawing, and keeps everything else."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.console import Console
from app.outputs import check_file, write_text
from engine.errors import BadInput, Finding

__all__ = ["run"]


def run(options: argparse.Namespace) -> int:
    """Read, judge, lay out, write."""
    from app.main import DONE
    from engine.diagram.checks import check
    from engine.diagram.layout import lay_out
    from engine.diagram.reader import read
    from engine.diagram.writer import with_drawing

    console = Console(options)
    output = Path(options.output)
    check_file(output, (".bpmn", ".xml"))
    diagram = read(options.file)
    if diagram.drawing.shapes and not options.again:
        raise BadInput([Finding("use.drawn", {"file": options.file}, file=options.file)])
    broken = [f for f in check(diagram) if f.severity == "error" and f.code.startswith("diagram.")]
    if broken:
        raise BadInput(broken)
    drawing = lay_out(diagram)
    written = with_drawing(Path(options.file).read_bytes(), options.file, diagram.process, drawing)
    write_text(output, written.decode("utf-8"))
    console.show(console.say("wrote", files=str(output)))
    console.give({"schema": 1, "files": [str(output)], "shapes": len(drawing.shapes), "edges": len(drawing.edges)})
    return DONE
