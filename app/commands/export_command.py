"""``reformsim export``: a pipeline's diagram and numbers in the formats of other tools."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.console import Console
from app.outputs import check_file, writing
from engine.errors import BadInput, Finding

__all__ = ["run"]

_SUFFIXES = (".graphml",)


def run(options: argparse.Namespace) -> int:
    """Write one variant as a file."""
    from app.main import DONE
    from scenarios.loading import load

    console = Console(options)
    file = Path(options.output)
    check_file(file, _SUFFIXES)
    scenario = load(options.pipeline, overrides=options.override)
    name = options.variant or next(iter(scenario.models))
    if name not in scenario.models:
        values = {"pipeline": scenario.pipeline, "variant": name, "known": ", ".join(scenario.models)}
        raise BadInput([Finding("use.unknown_variant", values | {"close": next(iter(scenario.models))})])
    from engine.graph import write_graphml

    with writing(file):
        write_graphml(scenario.models[name].diagram, file)
    console.show(console.say("wrote", files=str(file)))
    console.give({"schema": 1, "files": [str(file)], "notes": []})
    return DONE
