"""Writes a picture of diagrams into a file: checked first, whole or not at all, the same bytes every time."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from engine.errors import BadInput, Finding
from reports.diagram.scene import Scene
from reports.diagram.svg import svg_of

__all__ = ["SUFFIXES", "write_picture"]

SUFFIXES: Final = (".html", ".pdf", ".png", ".svg")


def write_picture(scene: Scene, path: Path, language: str) -> None:
    """Write one picture.

    Args:
        scene: What to write.
        path: File ending in one of ``SUFFIXES``; it is replaced whole.
        language: Of the page, where it is one.

    Raises:
        BadInput: The system refuses.
    """
    kind = path.suffix.lower().removeprefix(".")
    partial = path.with_name(f".{path.name}.partial")
    try:
        if kind == "svg":
            head = '<?xml version="1.0" encoding="UTF-8"?>\n'
            partial.write_text(head + svg_of(scene) + "\n", encoding="utf-8", newline="\n")
        elif kind == "html":
            from reports.html.page import picture_page

            partial.write_text(picture_page(scene, language), encoding="utf-8", newline="\n")
        else:
            from reports.diagram.painting import paint

            paint(scene, partial, kind)
        partial.replace(path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise BadInput([Finding("reports.not_writable", {"reason": reason}, file=str(path))]) from error
    finally:
        partial.unlink(missing_ok=True)
