"""What readers of a file with one set of parameters share: the draft with its one variant, and the findings."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from engine.diagram.model import Diagram
from engine.errors import BadInput, Finding
from scenarios.interchange.draft import Data, Draft, Place, stem
from scenarios.interchange.imported import finished, imported_frame

__all__ = ["OneVariantReader", "listed"]

LISTED = 8  # names in a message


class OneVariantReader:
    """Begins a draft and ends it.

    Args:
        parameters: The file that says times and people.
        bpmn: The file of the diagram; may be the same.
        diagram: As read from it.
        content: Its bytes.
        tool: Whose format it is.
    """

    def __init__(self, parameters: Path, bpmn: Path, diagram: Diagram, content: bytes, tool: str) -> None:
        self.file = str(parameters)
        self.diagram = diagram
        name = f"{stem(bpmn.name)}.bpmn"
        self.draft = Draft(imported_frame(stem(parameters.name), diagram, tool), {name: content})
        self.data = self.draft.data
        self.variant: Data = self.data["variants"]["current"]
        self.variant["diagram"] = name
        self.findings: list[Finding] = []

    def end(self, place: Place, hours: int) -> Draft:
        """The draft, with a note on what was read.

        Raises:
            BadInput: Something was found wrong; all findings at once.
        """
        if self.findings:
            raise BadInput(self.findings)
        read = {"pools": len(self.data["pools"]), "elements": len(self.variant["elements"]), "hours": hours}
        self.draft.note("read", "model", place, **read)
        finished(self.data)
        return self.draft


def listed(names: Iterable[str]) -> str:
    """The first names, for a message."""
    return ", ".join(list(names)[:LISTED]) or "-"
