"""Writes a scene as SVG: with living text for pages that bring the font, or with outlined text for any viewer."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Final

from reports.diagram.look import PAPER
from reports.diagram.scene import Box, Group, Outline, Scene, Words

__all__ = ["svg_of"]

_FAMILIES: Final = "'Reformsim Sans SC','Noto Sans SC','Microsoft YaHei','PingFang SC',sans-serif"


def svg_of(scene: Scene, outlined: bool = True, prefix: str = "", scale: float = 1.0) -> str:
    """One ``svg`` element.

    Args:
        scene: What to write.
        outlined: Text as outlines, so that it looks the same where the font is missing; else as text.
        prefix: In front of every id, so that several drawings fit on one page; the root is then ``diagram-PREFIX``.
        scale: Size on the page, pixels per pixel of the drawing.
    """
    box = scene.box
    glyphs: dict[tuple[str, str], str] = {}
    body = "\n".join(_group(group, prefix, glyphs if outlined else None) for group in scene.groups)
    root = f'id="diagram-{escape(prefix)}" ' if prefix else ""
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" {root}role="img" width="{_n(box.width * scale)}" '
        f'height="{_n(box.height * scale)}" viewBox="{_view(box)}" aria-labelledby="{_id(prefix)}title" '
        f'class="diagram" font-family="{_FAMILIES}">'
    )
    title = f'<title id="{_id(prefix)}title">{escape(scene.title)}</title><desc>{escape(scene.description)}</desc>'
    defs = f"<defs>{''.join(_symbols(glyphs))}</defs>\n" if glyphs else ""
    paper = (
        f'<rect x="{_n(box.left)}" y="{_n(box.top)}" width="{_n(box.width)}" height="{_n(box.height)}" fill="{PAPER}"/>'
    )
    return f"{head}{title}{defs}{paper}\n{body}\n</svg>"


def _group(group: Group, prefix: str, glyphs: dict[tuple[str, str], str] | None) -> str:
    title = f"<title>{escape(group.title)}</title>" if group.title else ""
    inner = "".join(
        _outline(thing) if isinstance(thing, Outline) else _words(thing, glyphs, prefix) for thing in group.things
    )
    return f'<g id="{_id(prefix)}{escape(group.id)}" class="{escape(group.role)}">{title}{inner}</g>'


def _outline(outline: Outline) -> str:
    parts = [f'd="{outline.d}"', f'fill="{outline.fill or "none"}"']
    if outline.stroke:
        parts.append(f'stroke="{outline.stroke}" stroke-width="{_n(outline.width)}"')
        parts.append('stroke-linejoin="round"')
    if outline.dash:
        parts.append(f'stroke-dasharray="{" ".join(map(_n, outline.dash))}"')
    return f"<path {' '.join(parts)}/>"


def _words(words: Words, glyphs: dict[tuple[str, str], str] | None, prefix: str) -> str:
    if glyphs is not None:
        return _outlined(words, glyphs, prefix)
    anchor = {"left": "start", "center": "middle", "right": "end"}[words.align]
    turn = f' transform="rotate(-90 {_n(words.x)} {_n(words.y)})"' if words.turned else ""
    halo = (
        f' stroke="{words.halo}" stroke-width="3.5" paint-order="stroke" stroke-linejoin="round"' if words.halo else ""
    )
    weight = ' font-weight="700"' if words.weight == "bold" else ""
    return (
        f'<text x="{_n(words.x)}" y="{_n(words.y)}" font-size="{_n(words.size)}" fill="{words.colour}" '
        f'text-anchor="{anchor}"{weight}{halo}{turn}>{escape(words.text)}</text>'
    )


def _outlined(words: Words, glyphs: dict[tuple[str, str], str], prefix: str) -> str:
    from reports.fonts import text_width

    width = text_width(words.text, words.size, words.weight)
    x = -{"left": 0.0, "center": 0.5, "right": 1.0}[words.align] * width
    turn = " rotate(-90)" if words.turned else ""
    uses = []
    for character in words.text:
        if not character.isspace():
            name = glyphs.setdefault((character, words.weight), f"{_id(prefix)}glyph{len(glyphs)}")
            uses.append(f'<use href="#{name}" x="{x / words.size * 1000:.0f}"/>')
        x += text_width(character, words.size, words.weight)
    halo = ""
    place = f"translate({_n(words.x)} {_n(words.y)}){turn} scale({words.size / 1000:.4g})"
    if words.halo:
        halo = (
            f'<g fill="{words.halo}" stroke="{words.halo}" stroke-width="{3500 / words.size:.0f}">{"".join(uses)}</g>'
        )
    ink = f'<g fill="{words.colour}">{"".join(uses)}</g>'
    return f'<g transform="{place}" aria-label="{escape(words.text)}">{halo}{ink}</g>'


def _symbols(glyphs: dict[tuple[str, str], str]) -> Iterator[str]:
    from reports.fonts import glyph_outline

    for (character, weight), name in glyphs.items():
        yield f'<path id="{name}" d="{glyph_outline(character, weight)}"/>'


def _view(box: Box) -> str:
    return " ".join(map(_n, (box.left, box.top, box.width, box.height)))


def _id(prefix: str) -> str:
    return f"{escape(prefix)}-" if prefix else ""


def _n(number: float) -> str:
    return f"{round(number, 1):g}" if abs(number) < 1e5 else f"{number:.0f}"
