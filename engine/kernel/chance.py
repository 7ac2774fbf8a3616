"""Random numbers as a function of their keys, never of the order of drawing.

The generator is the finaliser of splitmix64 (Steele, Lea and Flood 2014, "Fast splittable pseudorandom number
generators", figure 17) used as a counter-based hash: key and counter in, 64 bits out.

Numbers are signed 64-bit integers that wrap: by themselves when compiled; in plain Python `mix` cuts what is longer.
"""

from __future__ import annotations

import hashlib
from typing import Final

from engine.kernel.compiling import stands_in_for, token_function

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

GOLDEN: Final = 0x9E3779B97F4A7C15 - (1 << 64)  # the odd constants of splitmix64, as signed integers
FIRST: Final = 0xBF58476D1CE4E5B9 - (1 << 64)
SECOND: Final = 0x94D049BB133111EB - (1 << 64)
BITS_64: Final = (1 << 64) - 1
BITS_52: Final = (1 << 52) - 1
BITS_37: Final = (1 << 37) - 1  # what logical shifts by 27, 30 and 31 leave
BITS_34: Final = (1 << 34) - 1
BITS_33: Final = (1 << 33) - 1
TO_UNIT: Final = 1.0 / 4503599627370496.0  # 2 ** -52: with 53 bits the largest value would round to 1

# Purposes of a draw at one entry of a node.
ROUTING: Final = 0
EFFORT: Final = 1
DWELL: Final = 2


@token_function
def mix(z: int) -> int:
    """Scatter 64 bits over 64 bits, one to one; takes any integer modulo 2 ** 64, gives a signed one."""
    z &= BITS_64
    z = ((z ^ (z >> 30)) * FIRST) & BITS_64
    z = ((z ^ (z >> 27)) * SECOND) & BITS_64
    z ^= z >> 31
    return z - (z >> 63 << 64)


@stands_in_for(mix)
def mix_compiled(z: int) -> int:
    """Stands in for `mix` in the compiled kernel, where int64 wraps by itself and shifts keep the sign."""
    z = (z ^ ((z >> 30) & BITS_34)) * FIRST
    z = (z ^ ((z >> 27) & BITS_37)) * SECOND
    return z ^ ((z >> 31) & BITS_33)


@token_function
def derive(key: int, a: int, b: int) -> int:
    """A child key of ``key`` for the pair ``(a, b)``."""
    return mix(mix(key + a * GOLDEN) + b * FIRST)


@token_function
def uniform(key: int, identity: int, draw: int) -> float:
    """A number in the open interval (0, 1) for one draw at one entry of a node in one case.

    Args:
        key: Of the case.
        identity: Of the entry: (enclosing instance, node, visit).
        draw: Purpose of the draw, and its number.
    """
    z = mix(mix(key ^ identity) + (draw + 1) * GOLDEN)
    return (((z >> 12) & BITS_52) + 0.5) * TO_UNIT


def replication_key(seed: int, replication: int, pipeline: int) -> int:
    """The root key of one replication of one pipeline."""
    return derive(derive(seed, replication, 0), pipeline, 1)


@token_function
def case_key(root: int, case: int) -> int:
    """The key of one case."""
    return derive(root, case, 2)


def identifier_hash(*names: str) -> int:
    """A signed 64-bit number for names: the first 8 bytes of their SHA-256, joined by a zero byte."""
    digest = hashlib.sha256("\0".join(names).encode("utf-8")).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
