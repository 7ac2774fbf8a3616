"""Makes the bundled font files; run by maintainers alone, see the README beside it.

    python -m reports.fonts.build REGULAR.ttf FOLDER_OF_BOLD_SLICES

The characters are GB2312 (China's basic set of 1980), those of the web font's simplified Chinese file
(names and places that GB2312 lacks, such as 镕 and 鄠), and a few symbols.
Regular is a plain subset. Bold is put together from the web font's slices; the few characters that no
slice holds keep their regular outline, so that both weights cover exactly the same characters.
"""

# fontTools carries no types:
# mypy: disable-error-code="import-untyped"

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

__all__ = ["build"]

FAMILY = "Reformsim Sans SC"
SYMBOLS = "·—–−“”‘’…€£¥×÷±≤≥≈≠→←↑↓⇒▲▼●○■□★☆①②③④⑤⑥⑦⑧⑨⑩✓✗"
WEB_FONT_CHARACTERS = "noto-sans-sc-chinese-simplified-700-normal.woff2"
FOLDER = Path(__file__).parent


def build(regular: Path, slices: Path, out: Path = FOLDER) -> None:
    """Write ``ReformsimSansSC-Regular.ttf`` and ``ReformsimSansSC-Bold.ttf``.

    Args:
        regular: A static TrueType file of Noto Sans SC Regular.
        slices: Folder of the web font's files ``noto-sans-sc-*-700-normal.woff2``.
        out: Folder to write into.
    """
    from fontTools.ttLib import TTFont

    source = TTFont(regular, recalcTimestamp=False)
    base = TTFont(slices / WEB_FONT_CHARACTERS, recalcTimestamp=False)
    wanted = {ord(c) for c in _gb2312() + SYMBOLS} | set(range(0x20, 0x7F)) | set(base.getBestCmap())
    wanted &= set(source.getBestCmap())

    _subset(source, wanted)
    base.flavor = None
    _add_glyphs(base, wanted, sorted(slices.glob("noto-sans-sc-*-700-normal.woff2")), source)
    _subset(base, wanted)
    for font, style in ((source, "Regular"), (base, "Bold")):
        _rename(font, style)
        font.save(out / f"ReformsimSansSC-{style}.ttf")


def _gb2312() -> str:
    """All characters of GB2312, without a data file."""
    characters = []
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            characters.append(bytes([row, cell]).decode("gb2312", errors="ignore"))
    return "".join(characters)


def _subset(font: TTFont, characters: set[int]) -> None:
    from fontTools import subset

    options = subset.Options()
    options.layout_features = ["kern", "liga", "locl"]
    options.bidi_closure = False  # no mirrored forms that nobody asked for
    options.hinting = False
    options.notdef_outline = True
    options.name_IDs = ["*"]
    options.drop_tables += ["STAT", "BASE", "vhea", "vmtx", "gasp", "prep"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)


def _add_glyphs(font: TTFont, wanted: set[int], slices: list[Path], last: TTFont) -> None:
    """Copy every wanted character that ``font`` lacks from the first slice that has it, or from ``last``."""
    from fontTools.pens.recordingPen import DecomposingRecordingPen
    from fontTools.pens.ttGlyphPen import TTGlyphPen
    from fontTools.ttLib import TTFont

    missing = wanted - set(font.getBestCmap())
    for donor in [*(TTFont(path) for path in slices), last]:
        cmap, glyphs = donor.getBestCmap(), donor.getGlyphSet()
        for character in sorted(missing & set(cmap)):
            recording = DecomposingRecordingPen(glyphs)
            glyphs[cmap[character]].draw(recording)
            pen = TTGlyphPen(None)
            recording.replay(pen)
            name = f"added{character:05X}"
            font["glyf"][name] = pen.glyph()
            font["hmtx"][name] = donor["hmtx"][cmap[character]]
            font["vmtx"][name] = donor["vmtx"][cmap[character]] if "vmtx" in donor else (1000, 0)
            for table in font["cmap"].tables:
                if table.isUnicode() and (character < 0x10000 or table.format == 12):
                    table.cmap[character] = name
        missing -= set(cmap)


def _rename(font: TTFont, style: str) -> None:
    """Give the changed font a name of its own; the copyright and the licence stay."""
    names = font["name"]
    compact = FAMILY.replace(" ", "")
    texts = {
        1: FAMILY,
        2: style,
        3: f"{compact}-{style}",
        4: f"{FAMILY} {style}",
        6: f"{compact}-{style}",
        10: "A subset of Noto Sans SC, renamed",
        13: "This Font Software is licensed under the SIL Open Font License, Version 1.1.",
        14: "https://openfontlicense.org",
    }
    names.names = [record for record in names.names if record.nameID in (0, 5, 7, 8, 9)]
    for number, words in texts.items():
        names.setName(words, number, 3, 1, 0x409)
    bold = style == "Bold"
    font["OS/2"].usWeightClass = 700 if bold else 400
    font["OS/2"].fsSelection = (font["OS/2"].fsSelection & ~0b1100001) | (0b100000 if bold else 0b1000000)
    font["head"].macStyle = 1 if bold else 0


if __name__ == "__main__":
    build(Path(sys.argv[1]), Path(sys.argv[2]))
