"""Writes a picture into files: checked first, written whole or not at all, the same bytes every time."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields, is_dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from engine.errors import BadInput, Finding
from reports.drawing.painting import paint, settings
from reports.drawing.scene import Scene
from reports.fonts import drawable, missing_glyphs

__all__ = [
    "PICTURES",
    "check_picture",
    "drawable_data",
    "missing_finding",
    "png_of",
    "save",
    "write_bytes",
    "write_whole",
]

PICTURES = (".pdf", ".png", ".svg")
DOTS_PER_INCH = 150
TALLEST_PICTURE = 60_000  # dots: the PNG writer takes no more than 65,535

_T = TypeVar("_T")


def save(scene: Scene, title: str, paths: Sequence[Path]) -> None:
    """Paint a scene into one or several files, by their suffixes; PNG, SVG and PDF.

    Raises:
        BadInput: A suffix that cannot be written, or a folder or file that cannot be written to.
    """
    findings = [finding for path in paths for finding in check_picture(path, PICTURES)]
    if findings:
        raise BadInput(findings)
    if not paths:
        return
    with settings():
        figure = paint(scene)
        for path in paths:
            write_whole(path, partial(_save, figure, _kind(path), title))


def png_of(scene: Scene, width: int) -> bytes:
    """The scene as a PNG so many dots wide."""
    out = io.BytesIO()
    with settings():
        figure = paint(scene)
        dots = min(width, TALLEST_PICTURE) / figure.get_size_inches()[0]
        figure.savefig(out, format="png", dpi=dots, metadata={"Software": None})
    return out.getvalue()


def check_picture(path: Path, suffixes: Sequence[str]) -> list[Finding]:
    """What speaks against writing a file, before work is spent on it."""
    if path.suffix.lower() not in suffixes:
        values = {"suffix": path.suffix or path.name, "suffixes": ", ".join(suffixes)}
        return [Finding("reports.picture_suffix", values, file=str(path))]
    if not path.parent.is_dir():
        return [Finding("reports.no_folder", {"folder": str(path.parent)}, file=str(path))]
    if path.is_dir():
        return [Finding("reports.not_writable", {"reason": os.strerror(21)}, file=str(path))]
    return []


def write_bytes(path: Path, content: bytes) -> None:
    """The bytes as a file, whole or not at all; see `write_whole`."""
    write_whole(path, lambda unfinished: unfinished.write_bytes(content))


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Write beside the file, then rename, so that no half file is ever seen.

    Raises:
        BadInput: The system refuses.
    """
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        write(unfinished)
        unfinished.replace(path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise BadInput([Finding("reports.not_writable", {"reason": reason}, file=str(path))]) from error
    finally:
        unfinished.unlink(missing_ok=True)  # left over where anything stopped the writing, Ctrl-C too


def drawable_data(value: _T, missing: set[str]) -> _T:
    """The same plain data with every text in a form that the font can draw; what it cannot is collected."""
    if isinstance(value, str):
        missing |= missing_glyphs(value)
        return drawable(value)  # type: ignore[return-value]  # a str for a str
    if isinstance(value, tuple):
        return tuple(drawable_data(item, missing) for item in value)  # type: ignore[return-value]  # a tuple for a tuple
    if is_dataclass(value) and not isinstance(value, type):
        changes = {f.name: drawable_data(getattr(value, f.name), missing) for f in fields(value)}
        return replace(value, **changes)
    return value


def missing_finding(missing: Iterable[str]) -> list[Finding]:
    """A warning that names the characters the font lacks, if there are any."""
    characters = ", ".join(f"{c} (U+{ord(c):04X})" for c in sorted(missing))
    return [Finding("reports.missing_glyphs", {"characters": characters}, severity="warning")] if characters else []


def _kind(path: Path) -> str:
    return path.suffix.lower().removeprefix(".")


def _save(figure: Any, kind: str, title: str, path: Path) -> None:
    metadata: dict[str, dict[str, str | None]] = {
        "png": {"Software": None},
        "svg": {"Date": None, "Title": title},
        "pdf": {"CreationDate": None, "ModDate": None, "Title": title},
    }
    dots = min(DOTS_PER_INCH, TALLEST_PICTURE / max(figure.get_size_inches()))
    figure.savefig(path, format=kind, dpi=dots, metadata=metadata[kind])
