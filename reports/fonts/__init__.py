"""The bundled font: the only one that reports draw with, so that every machine draws the same.

Widths and missing characters are read from the font files themselves, before anything is drawn.
The module loads matplotlib: import it only where something is drawn.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Final, Literal

from matplotlib import font_manager
from matplotlib.ft2font import FT2Font, LoadFlags

from engine.errors import BadInput, Finding

__all__ = [
    "FAMILY",
    "SUBSTITUTE",
    "Weight",
    "drawable",
    "font_file",
    "glyph_outline",
    "missing_glyphs",
    "register",
    "text_width",
]

Weight = Literal["regular", "bold"]

FAMILY: Final = "Reformsim Sans SC"
SUBSTITUTE: Final = "〓"  # printers' old sign for a character that the type case lacks

_FILES: Final[dict[Weight, str]] = {
    "regular": "ReformsimSansSC-Regular.ttf",
    "bold": "ReformsimSansSC-Bold.ttf",
}

_LETTERS: Final = {1: ("M", 1), 2: ("L", 1), 3: ("Q", 2), 4: ("C", 3), 79: ("Z", 1)}  # of matplotlib's path codes

_BREAKS: Final = re.compile(r"[^\S\u3000]+")  # every run of white space, but Chinese wide spaces stay


@cache
def register() -> str:
    """Make the font known to matplotlib, once in a process.

    Returns:
        The family's name, to be given to every text.
    """
    for weight in _FILES:
        font_manager.fontManager.addfont(str(font_file(weight)))
    return FAMILY


def missing_glyphs(text: str) -> set[str]:
    """The characters of a text that the font cannot draw; spaces and line breaks never count."""
    known = _characters()
    return {c for c in text if not c.isspace() and ord(c) not in known}


def drawable(text: str) -> str:
    """The text on one line, with the substitute in the place of every character that the font lacks.

    Accents that follow their letter join it first where Unicode has one character for both.
    """
    joined = _BREAKS.sub(" ", unicodedata.normalize("NFC", text)).strip()
    missing = missing_glyphs(joined)
    return "".join(SUBSTITUTE if c in missing else c for c in joined)


def text_width(text: str, size: float, weight: Weight = "regular") -> float:
    """Width of one line in points, kerning left out.

    Args:
        text: What `drawable` gave.
        size: Size of the type, points.
        weight: Which of the two files.
    """
    return sum(_advance(c, weight) for c in text) * size


def font_file(weight: Weight) -> Path:
    """Where the font file of a weight is; no other font has the same widths, so without it nothing is drawn.

    Raises:
        BadInput: The file is missing.
    """
    path = Path(__file__).parent / _FILES[weight]
    if not path.is_file():
        raise BadInput([Finding("reports.no_font", {"file": str(path)}, file=str(path))])
    return path


@cache
def _face(weight: Weight) -> FT2Font:
    return FT2Font(str(font_file(weight)))


@cache
def _characters() -> frozenset[int]:
    """What both weights can draw; they are built to be equal."""
    return frozenset(_face("regular").get_charmap()) & frozenset(_face("bold").get_charmap())


@cache
def _advance(character: str, weight: Weight) -> float:
    """Width of one character in units of the type's size."""
    face = _face(weight)
    glyph = face.load_char(ord(character), flags=LoadFlags.NO_SCALE)
    return float(glyph.horiAdvance) / float(face.units_per_EM)


@cache
def glyph_outline(character: str, weight: Weight = "regular") -> str:
    """The outline of a character as SVG path data, 1000 units to the type's size, y downwards."""
    face = _face(weight)
    face.load_char(ord(character), flags=LoadFlags.NO_SCALE)
    vertices, codes = face.get_path()
    size = 1000.0 * 64 / float(face.units_per_EM)  # the vertices are 64ths
    places = [f"{x * size:.0f} {-y * size:.0f}" for x, y in vertices.tolist()]
    parts = []
    at = 0
    while at < len(places):
        letter, count = _LETTERS[int(codes[at])]
        parts.append(letter + " ".join(places[at : at + count] if letter != "Z" else ()))
        at += count
    return "".join(parts)
