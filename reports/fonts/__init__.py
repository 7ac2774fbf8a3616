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

__all__ = ["FAMILY", "SUBSTITUTE", "Weight", "drawable", "missing_glyphs", "register", "text_width"]

Weight = Literal["regular", "bold"]

FAMILY: Final = "Reformsim Sans SC"
SUBSTITUTE: Final = "〓"  # printers' old sign for a character that the type case lacks

_FILES: Final[dict[Weight, str]] = {
    "regular": "ReformsimSansSC-Regular.ttf",
    "bold": "ReformsimSansSC-Bold.ttf",
}

_BREAKS: Final = re.compile(r"[^\S\u3000]+")  # every run of white space, but Chinese wide spaces stay


@cache
def register() -> str:
    """Make the font known to matplotlib, once in a process.

    Returns:
        The family's name, to be given to every text.
    """
    for weight in _FILES:
        font_manager.fontManager.addfont(str(_path(weight)))
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


def _path(weight: Weight) -> Path:
    return Path(__file__).parent / _FILES[weight]


@cache
def _face(weight: Weight) -> FT2Font:
    return FT2Font(str(_path(weight)))


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
