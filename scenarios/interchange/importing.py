"""Which format a set of files is, and the reader for it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from engine.diagram.safe_xml import parse
from engine.errors import BadInput
from scenarios.interchange.draft import Draft, Place
from scenarios.interchange.files import read_file

__all__ = ["draft_of", "has_parameters"]


def draft_of(paths: Sequence[Path]) -> Draft:
    """The scenario that files of another tool describe.

    Args:
        paths: A BPMN file, alone or with the JSON of Prosimos or a BPSim file of its own, in any order.

    Raises:
        BadInput: No such set of files, or one that cannot be used.
    """
    jsons = [path for path in paths if path.suffix.lower() == ".json"]
    others = [path for path in paths if path not in jsons]
    diagrams: list[Path] = []
    parameters: list[Path] = []
    for path in others:
        (parameters if _is_bpsim(path) else diagrams).append(path)
    if len(diagrams) != 1 or len(jsons) + len(parameters) > 1:
        raise BadInput([Place(str(paths[0])).finding("files", files=", ".join(path.name for path in paths))])
    if jsons:
        from scenarios.interchange.prosimos import read_prosimos

        return read_prosimos(jsons[0], diagrams[0])
    from scenarios.interchange import bpsim, qbp
    from scenarios.interchange.plain import skeleton

    root = parse(read_file(diagrams[0]), str(diagrams[0]))
    if parameters or bpsim.find(root) is not None:
        return bpsim.read_bpsim(diagrams[0], parameters[0] if parameters else None)
    if qbp.find(root) is not None:
        return qbp.read_qbp(diagrams[0])
    return skeleton(diagrams[0])


def _is_bpsim(path: Path) -> bool:
    """Whether a file is BPSim data alone, by its root."""
    return str(parse(read_file(path), str(path)).tag).endswith("}BPSimData")


def has_parameters(diagram: Path) -> bool:
    """Whether a BPMN file says times and people itself, in BPSim or QBP.

    Raises:
        BadInput: It cannot be read.
    """
    from scenarios.interchange import bpsim, qbp

    root = parse(read_file(diagram), str(diagram))
    return bpsim.find(root) is not None or qbp.find(root) is not None
