"""What determines a replication, as a digest: everything in the model that moves a number, and the programs.

The digest is of the contents, not of the files that they came from: a reordered scenario or a renamed label asks
for nothing new, and a changed holiday file does. Fields that only describe are named here; a field that is added
to the model counts until somebody says that it need not.
"""

from __future__ import annotations

import hashlib
import platform
import struct
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any, Final

import numpy as np

from engine.diagram.model import Diagram
from simulations.model import SimulationModel

__all__ = ["model_digest", "programs_digest", "run_digest"]

DESCRIBES: Final = frozenset(
    {"pipeline", "variant", "label", "variant_label", "names", "targets", "references", "assumptions", "sources"}
    | {"overrides", "digest"}
)
PACKAGES: Final = ("numpy", "scipy", "simpy", "numba")  # that can move a number
ROOMS: Final = ("engine", "simulations")


def run_digest(model: SimulationModel, driver: str) -> str:
    """Of all that determines the replications of a model; the number of the replication is left."""
    return _sha256(f"{model_digest(model)} {programs_digest()} {driver}".encode())


def model_digest(model: SimulationModel) -> str:
    """Of all fields of a model that can move a number."""
    hasher = hashlib.sha256()
    for field in fields(model):
        if field.name not in DESCRIBES:
            hasher.update(field.name.encode() + b"\0")
            _feed(hasher, getattr(model, field.name))
    return "sha256:" + hasher.hexdigest()


@cache
def programs_digest() -> str:
    """Of our own sources that compute, and of the versions of the libraries they compute with."""
    hasher = hashlib.sha256(platform.python_version().encode() + platform.machine().encode())
    for name in PACKAGES:
        try:
            hasher.update(f"{name} {metadata.version(name)}\0".encode())
        except metadata.PackageNotFoundError:
            hasher.update(f"{name} -\0".encode())
    root = Path(__file__).parents[2]
    for room in ROOMS:
        for source in sorted((root / room).rglob("*.py")):
            hasher.update(source.relative_to(root).as_posix().encode() + b"\0" + source.read_bytes())
    return "sha256:" + hasher.hexdigest()


def _sha256(data: bytes) -> str:
    return "sha256:" + hashlib.sha256(data).hexdigest()


def _feed(hasher: Any, thing: Any) -> None:
    """Every value with its kind and length before it, so that no two contents give the same bytes."""
    if isinstance(thing, Diagram):
        hasher.update(b"diagram" + thing.digest.encode())
    elif isinstance(thing, np.ndarray):
        hasher.update(f"array {thing.dtype.descr} {thing.shape} ".encode() + np.ascontiguousarray(thing).tobytes())
    elif is_dataclass(thing):
        hasher.update(f"{type(thing).__name__}(".encode())
        for field in fields(thing):
            if not (type(thing).__name__ == "Study" and field.name == "replications"):
                _feed(hasher, getattr(thing, field.name))
        hasher.update(b")")
    elif isinstance(thing, Mapping):
        hasher.update(f"map {len(thing)} ".encode())
        for key, value in thing.items():
            _feed(hasher, key)
            _feed(hasher, value)
    elif isinstance(thing, (tuple, list)):
        _feed_row(hasher, thing)
    elif isinstance(thing, (set, frozenset)):
        _feed(hasher, sorted(thing))
    elif thing is None or isinstance(thing, (bool, int, float, str, date, np.generic)):
        text = thing.hex() if isinstance(thing, float) else str(thing)
        hasher.update(f"{type(thing).__name__} {len(text)} {text}".encode())
    else:
        raise TypeError(f"a {type(thing).__name__} in a model has no digest")


def _feed_row(hasher: Any, row: Sequence[Any]) -> None:
    hasher.update(f"row {len(row)} ".encode())
    if row and all(type(one) is float for one in row):  # the long tables of quantiles
        hasher.update(b"floats" + struct.pack(f"<{len(row)}d", *row))
    else:
        for one in row:
            _feed(hasher, one)
