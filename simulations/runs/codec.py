"""Results as bytes: JSON that says the shape, then the arrays; no pickle, so a store that is not ours cannot do harm.

``decode(encode(x)) == x`` for what results are made of: numbers, texts, None, tuples, lists, mappings with text
keys, numpy arrays, and the dataclasses named in `_CLASSES`; everything else is refused when it is encoded.
"""

from __future__ import annotations

import json
import struct
import zlib
from dataclasses import fields, is_dataclass
from typing import Any, Final

import numpy as np

from simulations.replication import Replication

__all__ = ["DamagedError", "decode", "encode"]

_CLASSES: Final[dict[str, type[Any]]] = {"Replication": Replication}
_HEAD: Final = struct.Struct("<4sII")  # mark, check sum, length of the JSON
_MARK: Final = b"rs1\n"


class DamagedError(ValueError):
    """The bytes are not what was encoded."""


def encode(thing: object) -> bytes:
    """A result as bytes; the same result gives the same bytes."""
    arrays: list[bytes] = []
    shape = json.dumps(_shape(thing, arrays), ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    body = shape + b"".join(arrays)
    return _HEAD.pack(_MARK, zlib.crc32(body), len(shape)) + body


def decode(data: bytes) -> Any:
    """The result that was encoded.

    Raises:
        DamagedError: They were changed since, or never were ours.
    """
    if len(data) < _HEAD.size:
        raise DamagedError("too short")
    mark, check, length = _HEAD.unpack_from(data)
    body = data[_HEAD.size :]
    if mark != _MARK or zlib.crc32(body) != check:
        raise DamagedError("the check sum is another")
    return _thing(json.loads(body[:length]), _Reader(body[length:]))


class _Reader:
    """Takes one array after the other."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def array(self, kind: str, shape: list[int]) -> Any:
        dtype = np.dtype(kind)
        size = int(np.prod(shape, dtype=np.int64)) * dtype.itemsize
        found = np.frombuffer(self._data[self._at : self._at + size], dtype).reshape(shape)
        self._at += size
        return found.copy()  # its own, and writable like any other


def _shape(thing: object, arrays: list[bytes]) -> object:
    if isinstance(thing, np.ndarray):
        arrays.append(np.ascontiguousarray(thing).tobytes())
        return {"a": [thing.dtype.str, list(thing.shape)]}
    if isinstance(thing, np.generic):
        return _shape(thing.item(), arrays)
    if is_dataclass(thing) and type(thing).__name__ in _CLASSES:
        return {"c": [type(thing).__name__, *(_shape(getattr(thing, f.name), arrays) for f in fields(thing))]}
    if isinstance(thing, tuple):
        return {"t": [_shape(one, arrays) for one in thing]}
    if isinstance(thing, list):
        return [_shape(one, arrays) for one in thing]
    if hasattr(thing, "items"):
        pairs = list(thing.items())
        if not all(isinstance(key, str) for key, _ in pairs):
            raise TypeError("only mappings with text keys can be kept")
        return {"m": [[key, _shape(value, arrays)] for key, value in pairs]}
    if thing is None or isinstance(thing, (bool, int, float, str)):
        return thing
    raise TypeError(f"a {type(thing).__name__} cannot be kept; name its class in {__name__}")


def _thing(shape: Any, reader: _Reader) -> Any:
    if isinstance(shape, list):
        return [_thing(one, reader) for one in shape]
    if not isinstance(shape, dict):
        return shape
    ((kind, inside),) = shape.items()
    if kind == "a":
        return reader.array(*inside)
    if kind == "t":
        return tuple(_thing(one, reader) for one in inside)
    if kind == "m":
        return {key: _thing(value, reader) for key, value in inside}
    return _CLASSES[inside[0]](*(_thing(one, reader) for one in inside[1:]))
