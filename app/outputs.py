"""Files that a command is asked to write: checked before anything runs, written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from engine.errors import BadInput, Finding

__all__ = ["check_file", "check_folder", "write_bytes", "write_text", "writing"]


def check_file(path: Path, suffixes: Sequence[str]) -> None:
    """Refuse a file that could not be written, before work is spent on what should stand in it.

    Args:
        path: Where the file shall be; its folder must exist.
        suffixes: Those that can be written.

    Raises:
        BadInput: Another suffix, a folder in the place of the file, no folder for it, or no permission.
    """
    if not path.name.lower().endswith(tuple(suffixes)):
        _refuse("suffix", path, suffixes=", ".join(suffixes))
    if path.is_dir():
        _refuse("is_folder", path)
    if not path.parent.is_dir():
        _refuse("no_folder", path, folder=str(path.parent))
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        _refuse("forbidden", path)


def check_folder(path: Path) -> None:
    """Refuse a folder that files could not be written into; it need not exist yet.

    Raises:
        BadInput: A file is in its place or on the way to it, or there is no permission.
    """
    existing = next(p for p in (path, *path.absolute().parents) if p.exists())
    if not existing.is_dir():
        _refuse("not_a_folder", path, found=str(existing))
    if not os.access(existing, os.W_OK):
        _refuse("forbidden", path)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn what the system says about a file that cannot be written into a clear sentence."""
    try:
        yield
    except OSError as error:
        _refuse("cannot_write", path, reason=error.strerror or str(error))


def write_text(path: Path, content: str) -> None:
    """The text in UTF-8 as a file; see `write_bytes`."""
    write_bytes(path, content.encode("utf-8"))


def write_bytes(path: Path, content: bytes) -> None:
    """Write beside the file, then rename, so that no half file is ever seen.

    Raises:
        BadInput: The system refuses.
    """
    partial = path.with_name(f".{path.name}.partial")
    with writing(path):
        try:
            partial.write_bytes(content)
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)


def _refuse(code: str, path: Path, **values: object) -> None:
    raise BadInput([Finding(f"use.{code}", {"file": str(path), **values}, file=str(path))]) from None
