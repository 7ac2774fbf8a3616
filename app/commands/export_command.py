"""``reformsim export``: a variant in the formats of other tools."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app.console import Console
from app.outputs import check_file, write_bytes
from engine.errors import BadInput, Finding

if TYPE_CHECKING:
    from scenarios.interchange.draft import Note
    from scenarios.loading import LoadedScenario
    from simulations.model import SimulationModel

__all__ = ["run"]

SUFFIXES: Final = (".graphml", ".bpsim.bpmn", ".qbp.bpmn", ".prosimos.json")


def run(options: argparse.Namespace) -> int:
    """Write one variant, and say what did not fit."""
    from app.main import DONE
    from scenarios.interchange.direct import load_any

    console = Console(options)
    file = Path(options.output)
    check_file(file, SUFFIXES)
    names = [options.pipeline, *options.further]
    scenario = load_any(names, console.language, overrides=options.override)
    console.warnings(scenario.warnings)
    name = options.variant or next(iter(scenario.models))
    if name not in scenario.models:
        values = {"pipeline": scenario.pipeline, "variant": name, "known": ", ".join(scenario.models)}
        raise BadInput([Finding("use.unknown_variant", values | {"close": next(iter(scenario.models))})])
    contents, notes = _contents(file, scenario, name, options.results or 0)
    others = [path for path in contents if path != file and path.exists()]
    if others:
        raise BadInput([Finding("interchange.several_files", {"file": str(others[0])}, file=str(others[0]))])
    for path, content in contents.items():
        write_bytes(path, content)
    console.show(*(note.sentence(console.language) for note in notes))
    console.show(console.say("wrote", files=", ".join(map(str, contents))))
    console.give(
        {
            "schema": 1,
            "files": [str(path) for path in contents],
            "notes": [note.as_json(console.language) for note in notes],
        }
    )
    return DONE


def _contents(file: Path, scenario: LoadedScenario, name: str, results: int) -> tuple[Mapping[Path, bytes], list[Note]]:
    """What stands in each file."""
    low = file.name.lower()
    if low.endswith(".graphml"):
        return {file: _graphml(scenario.models[name])}, []
    from scenarios.interchange.outgoing import Outgoing

    outgoing = Outgoing.of(scenario, name)
    if low.endswith(".qbp.bpmn"):
        from scenarios.interchange.qbp_writing import write_qbp

        contents = {file: write_qbp(outgoing)}
    elif low.endswith(".prosimos.json"):
        from scenarios.interchange.prosimos_writing import write_prosimos

        parameters, diagram = write_prosimos(outgoing)
        contents = {file: parameters, file.with_suffix(".bpmn"): diagram}
    else:
        from scenarios.interchange.bpsim_writing import write_bpsim
        from simulations.drivers.replicate import replication_log

        logs = [replication_log(scenario.models[name], number) for number in range(results)]
        contents = {file: write_bpsim(outgoing, logs)}
    return contents, outgoing.notes


def _graphml(model: SimulationModel) -> bytes:
    import io

    import networkx

    from engine.graph import to_networkx

    buffer = io.BytesIO()
    networkx.write_graphml_xml(to_networkx(model.diagram), buffer)
    return buffer.getvalue()
