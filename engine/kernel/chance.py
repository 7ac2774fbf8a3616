"""Random numbers as a function of their keys, never of the order of drawing.

The generator is the finaliser of splitmix64 (Steele, Lea and Flood 2014, "Fast splittable pseudorandom number
generators", figure 17) used as a counter-based hash: key and counter in, 64 bits out.

All arithmetic is on signed 64-bit integers that wrap: by themselves when compiled, through `wrap` in plain Python.
"""

from __future__ import annotations

import hashlib
from typing import Final

from engine.kernel.compiling import token_function

__all__ = [
    "DWELL",
    "EFFORT",
    "ROUTING",
    "case_key",
    "derive",
    "identifier_hash",
    "replication_key",
    "uniform",
]

# The odd constants of splitmix64 as signed integers.
GOLDEN: Final = 0x9E3779B97F4A7C15 - (1 << 64)
FIRST: Final = 0xBF58476D1CE4E5B9 - (1 << 64)
SECOND: Final = 0x94D049BB133111EB - (1 << 64)
BITS_34: Final = (1 << 34) - 1  # what a logical shift by 30 leaves
BITS_37: Final = (1 << 37) - 1
BITS_33: Final = (1 << 33) - 1
BITS_52: Final = (1 << 52) - 1
TO_UNIT: Final = 1.0 / 4503599627370496.0  # 2 ** -52: with 53 bits the largest value would round to 1

# Purposes of a draw at one entry of a node.
ROUTING: Final = 0
EFFORT: Final = 1
DWELL: Final = 2


@token_function
def wrap(x: int) -> int:
    """The signed 64-bit integer that ``x`` wraps to."""
    return ((x + 0x8000000000000000) & 0xFFFFFFFFFFFFFFFF) - 0x8000000000000000


def wrap_compiled(x: int) -> int:
    """Stands in for `wrap` in the compiled kernel, where int64 wraps by itself."""
    return x


@token_function
def mix(z: int) -> int:
    """Scatter 64 bits over 64 bits, one to one."""
    z = wrap((z ^ ((z >> 30) & BITS_34)) * FIRST)
    z = wrap((z ^ ((z >> 27) & BITS_37)) * SECOND)
    return z ^ ((z >> 31) & BITS_33)


@token_function
def derive(key: int, a: int, b: int) -> int:
    """A child key of ``key`` for the pair ``(a, b)``."""
    return mix(wrap(mix(wrap(key + wrap(a * GOLDEN))) + wrap(b * FIRST)))


@token_function
def uniform(key: int, identity: int, draw: int) -> float:
    """A number in the open interval (0, 1) for one draw at one entry of a node in one case.

    Args:
        key: Of the case.
        identity: Of the entry: (enclosing instance, node, visit).
        draw: Purpose of the draw, and its number.
    """
    z = mix(wrap(mix(key ^ identity) + wrap((draw + 1) * GOLDEN)))
    return (((z >> 12) & BITS_52) + 0.5) * TO_UNIT


def replication_key(seed: int, replication: int, pipeline: int) -> int:
    """The root key of one replication of one pipeline."""
    return derive(derive(wrap(seed), replication, 0), pipeline, 1)


def case_key(root: int, case: int) -> int:
    """The key of one case."""
    return derive(root, case, 2)


def identifier_hash(*names: str) -> int:
    """A signed 64-bit number for names: the first 8 bytes of their SHA-256, joined by a zero byte."""
    digest = hashlib.sha256("\0".join(names).encode("utf-8")).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
