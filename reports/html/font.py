"""The travelling font inside a page: only the characters that stand on it."""

from __future__ import annotations

import base64
import io
import logging
from functools import cache
from typing import Any

from reports.fonts import FAMILY, Weight, font_file, missing_glyphs

__all__ = ["font_style"]


def font_style(page: str) -> str:
    """CSS that brings the font, regular and bold; nothing where a font file cannot be read.

    A page without it falls back on the Chinese fonts of the reader's system.
    """
    characters = "".join(sorted({c for c in page if c.isprintable()} | set("0123456789.,-–−%+ ")))
    known = "".join(c for c in characters if c not in missing_glyphs(c))
    return _face("regular", 400, known) + _face("bold", 700, known)


def _face(weight: Weight, number: int, characters: str) -> str:
    try:
        data = base64.b64encode(_subset(weight, characters)).decode("ascii")
    except OSError:
        return ""
    source = f"url(data:font/woff;base64,{data}) format('woff')"
    return f"@font-face{{font-family:'{FAMILY}';font-weight:{number};src:{source}}}\n"


@cache
def _subset(weight: Weight, characters: str) -> bytes:
    # fontTools carries no types
    subset: Any = __import__("fontTools.subset", fromlist=["subset"])

    logging.getLogger("fontTools").setLevel(logging.ERROR)
    options = subset.Options()
    options.layout_features = ["kern"]
    options.hinting = False
    options.notdef_outline = True
    options.flavor = "woff"
    out = io.BytesIO()
    with subset.load_font(str(font_file(weight)), options) as font:
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=[ord(c) for c in characters])
        subsetter.subset(font)
        font["head"].modified = font["head"].created  # else the moment of writing would stand in the page
        font.recalcTimestamp = False
        subset.save_font(font, out, options)
    return out.getvalue()
