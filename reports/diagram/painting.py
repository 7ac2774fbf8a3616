"""Paints a scene with matplotlib as PNG or PDF; nothing here decides where something stands."""

from __future__ import annotations

import io
from pathlib import Path as File
from typing import IO, Any, Final

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

from reports.diagram.look import PAPER
from reports.diagram.scene import Outline, Scene, Words, commands
from reports.drawing.painting import settings
from reports.fonts import glyph_outline, text_width

__all__ = ["paint", "png_of"]

POINTS_PER_PIXEL: Final = 0.75
DOTS: Final = 192  # per inch: two dots for each pixel of the drawing
LONGEST: Final = 20_000  # dots of a side

_CODES: Final = {"M": (Path.MOVETO, 1), "L": (Path.LINETO, 1), "Q": (Path.CURVE3, 2), "C": (Path.CURVE4, 3)}


def paint(scene: Scene, file: File | IO[bytes], kind: str, dots: float = DOTS) -> None:
    """Write a picture of a scene.

    Args:
        scene: What to paint.
        file: Where to.
        kind: ``png`` or ``pdf``.
        dots: Of a PNG, per inch of the drawing in its full size.
    """
    box = scene.box
    with settings():
        inches = box.width * POINTS_PER_PIXEL / 72, box.height * POINTS_PER_PIXEL / 72
        figure = Figure(figsize=inches, facecolor=PAPER)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        axes.set_xlim(box.left, box.right)
        axes.set_ylim(box.bottom, box.top)
        for order, thing in enumerate(scene.things()):
            for patch in _outline(thing) if isinstance(thing, Outline) else _words(thing):
                patch.set_zorder(order)
                axes.add_patch(patch)
        metadata: dict[str, Any] = {"Software": None} if kind == "png" else {"CreationDate": None, "Title": scene.title}
        figure.savefig(file, format=kind, dpi=min(dots, LONGEST / max(inches)), metadata=metadata)


def png_of(scene: Scene, width: int) -> bytes:
    """The scene as a PNG so many dots wide."""
    out = io.BytesIO()
    paint(scene, out, "png", width / (scene.box.width * POINTS_PER_PIXEL / 72))
    return out.getvalue()


def _outline(outline: Outline) -> list[PathPatch]:
    width = outline.width * POINTS_PER_PIXEL if outline.stroke else 0.0
    dash: Any = "-"
    if outline.dash and width:
        dash = (0, tuple(length * POINTS_PER_PIXEL / width for length in outline.dash))
    return [
        PathPatch(
            _path(outline.d),
            facecolor=outline.fill or "none",
            edgecolor=outline.stroke or "none",
            linewidth=width,
            linestyle=dash,
            joinstyle="round",
            capstyle="butt",
        )
    ]


def _words(words: Words) -> list[PathPatch]:
    """The text as one outline, over its halo."""
    width = text_width(words.text, words.size, words.weight)
    x = -{"left": 0.0, "center": 0.5, "right": 1.0}[words.align] * width
    paths = []
    for character in words.text:
        if not character.isspace():
            turn = Affine2D().scale(words.size / 1000).translate(x, 0)
            if words.turned:
                turn.rotate_deg(-90)
            paths.append(_path(glyph_outline(character, words.weight)).transformed(turn.translate(words.x, words.y)))
        x += text_width(character, words.size, words.weight)
    if not paths:
        return []
    text = Path.make_compound_path(*paths)
    patches = [PathPatch(text, facecolor=words.colour, linewidth=0)]
    if words.halo:
        patches.insert(0, PathPatch(text, facecolor="none", edgecolor=words.halo, linewidth=2.6, joinstyle="round"))
    return patches


def _path(d: str) -> Path:
    vertices: list[tuple[float, float]] = []
    codes: list[int] = []
    for letter, numbers in commands(d):
        if letter == "Z":
            vertices.append((0.0, 0.0))
            codes.append(int(Path.CLOSEPOLY))
            continue
        code, count = _CODES[letter]
        vertices += zip(numbers[::2], numbers[1::2], strict=True)
        codes += [int(code)] * count
    return Path(np.array(vertices).reshape(-1, 2), codes)
