"""Reading a file that somebody named."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from engine.errors import BadInput, Finding

__all__ = ["FOREIGN", "LARGEST", "PARAMETERS", "read_file"]

FOREIGN: Final = (".bpmn", ".bpmn2", ".xml", ".bpsim", ".json")  # endings of files of other tools
PARAMETERS: Final = (".bpsim", ".json")  # of those that stand beside a diagram

LARGEST = 100_000_000  # bytes


def read_file(path: Path) -> bytes:
    """The bytes of a file.

    Raises:
        BadInput: It cannot be read, or is larger than any model.
    """
    try:
        if path.stat().st_size > LARGEST:
            values = {"size": path.stat().st_size, "largest": LARGEST}
            raise BadInput([Finding("interchange.too_large", values, str(path))])
        return path.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise BadInput([Finding("interchange.unreadable", {"reason": reason}, str(path))]) from None
