"""The library: one scenario file per pipeline, beside the facts of the policy."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from engine.errors import BadInput, Finding

__all__ = ["FOLDER", "HALLS", "find", "find_hall", "halls", "names"]

FOLDER: Final = Path(__file__).parent
HALLS: Final = FOLDER / "halls"

_SUFFIXES: Final = (".yaml", ".yml")


def names(folder: Path = FOLDER) -> list[str]:
    """The names of the library's scenarios, in alphabetical order."""
    return sorted(path.stem for path in folder.glob("*.yaml") if path.stem != "facts")


def halls() -> list[str]:
    """The names of the library's halls, in alphabetical order."""
    return names(HALLS)


def find_hall(name_or_path: str) -> Path:
    """The file of a hall; as `find`."""
    return find(name_or_path, HALLS)


def find(name_or_path: str, folder: Path = FOLDER) -> Path:
    """The file of a scenario.

    Args:
        name_or_path: A name of the library, or a path to a file.
        folder: The library.

    Raises:
        BadInput: The library has no such scenario, or there is no such file.
    """
    from scenarios.findings import nearest  # here, so that listing the library loads nothing

    known = names(folder)
    if name_or_path in known:
        return folder / f"{name_or_path}.yaml"
    path = Path(name_or_path)
    if path.is_file():
        return path
    if path.suffix in _SUFFIXES or len(path.parts) > 1 or path.exists():
        raise BadInput([Finding("scenario.no_file", {"path": name_or_path}, name_or_path)])
    values = {"name": name_or_path, "known": nearest(name_or_path, known)}
    raise BadInput([Finding("scenario.unknown.scenario", values)])
