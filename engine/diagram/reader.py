"""Reads a BPMN 2.0 file: bytes in, a `Diagram` or every finding at once out.

The process is the only one with flow nodes, or the only one that no call activity calls, or a collaboration of
several participants; what is called is read too, from this file or from another one beside it
(`engine.diagram.processes`). Annotations and groups are read over; foreign extensions are kept as parts of their
element. Nothing recurses, so that the depth and length of a diagram meet no limit of Python's.

A sequence flow belongs to the scope of the elements that it connects, wherever a tool wrote it down.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

from lxml import etree

from engine.diagram.collecting import PREFIX, Reading
from engine.diagram.drawing import read_drawing
from engine.diagram.model import Diagram
from engine.diagram.processes import whole_process
from engine.diagram.safe_xml import line_of, parse, short
from engine.errors import BadInput, Finding

__all__ = ["file_bytes", "read", "read_bytes", "require_bpmn"]

# Root elements of other formats, by a part of their namespace or by their name.
_FORMATS: Final = (
    ("/spec/dmn/", "DMN"),
    ("/spec/cmmn/", "CMMN"),
    ("wfmc.org", "XPDL"),
    ("bpsim.org", "BPSim"),
    ("schema.omg.org/spec/bpmn/2.0", "BPMN 2.0 beta"),
    ("bpmn.org", "BPMN 1.x"),
    ("w3.org/1999/xhtml", "HTML"),
    ("w3.org/2000/svg", "SVG"),
    ("mxfile", "draw.io"),
    ("mxgraphmodel", "draw.io"),
    ("pnml", "PNML"),
)


def read(path: Path | str) -> Diagram:
    """Read a BPMN file.

    Args:
        path: Where it is; findings name it as given.

    Raises:
        BadInput: It cannot be read, or is no diagram that reformsim understands; all findings at once.
    """
    return read_bytes(file_bytes(path), str(path))


def file_bytes(path: Path | str) -> bytes:
    """What stands in a file.

    Raises:
        BadInput: It cannot be read.
    """
    file = str(path)
    try:
        return Path(path).read_bytes()
    except (FileNotFoundError, NotADirectoryError, ValueError):  # ValueError: a name no system can have
        raise BadInput([Finding("diagram.file_missing", file=file)]) from None
    except IsADirectoryError:
        raise BadInput([Finding("diagram.file_is_folder", file=file)]) from None
    except PermissionError:
        raise BadInput([Finding("diagram.file_forbidden", file=file)]) from None
    except OSError as error:
        raise BadInput([Finding("diagram.file_unreadable", {"reason": error.strerror}, file=file)]) from None


def read_bytes(data: bytes, file: str) -> Diagram:
    """Read a BPMN diagram from memory.

    Args:
        data: The bytes of a BPMN file, in the encoding that its XML declaration says.
        file: What findings call it.

    Raises:
        BadInput: It is no diagram that reformsim understands; all findings at once.
    """
    root = parse(data, file)
    require_bpmn(root, file)
    reading = Reading(root, file)
    process = whole_process(root, reading)
    drawing = read_drawing(root, file, reading.findings)
    if reading.findings:
        raise BadInput(reading.findings)
    digest = "sha256:" + hashlib.sha256(data).hexdigest()
    return Diagram(file, digest, process, drawing, _participant(root, process.id))


def require_bpmn(root: etree._Element, file: str) -> None:
    """Refuse a document that is none of BPMN 2.0.

    Raises:
        BadInput: Another format, by its name where it is known.
    """
    if root.tag == f"{PREFIX}definitions":
        return
    name = etree.QName(root)
    where = f"{name.namespace or ''} {name.localname}".lower()
    known = next((format_ for part, format_ in _FORMATS if part in where), None)
    if known:
        raise BadInput([Finding("diagram.other_format", {"format": known}, file=file, line=line_of(root))])
    values = {"tag": short(name.localname), "namespace": short(name.namespace or "-")}
    raise BadInput([Finding("diagram.not_bpmn", values, file=file, line=line_of(root))])


def _participant(root: etree._Element, process: str) -> str | None:
    for participant in root.iterfind(f"{PREFIX}collaboration/{PREFIX}participant"):
        reference = participant.get("processRef", "").strip()
        if process in (reference, reference.rpartition(":")[2]):
            return participant.get("name", "")
    return None
