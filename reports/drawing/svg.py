"""Writes a scene as small SVG text: text stays text, patterns are patterns, what a shape means is its tooltip.

For pages that hold many pictures. The files that ``-o NAME.svg`` writes draw their letters as outlines instead,
because a file travels to machines without the font.
"""

from __future__ import annotations

from itertools import groupby
from typing import Final
from xml.sax.saxutils import escape

from reports.drawing.scene import Area, Polygon, Scene, Shape, Stroke, Words
from reports.drawing.style import PAPER

__all__ = ["FONT_STACK", "svg_text"]

FONT_STACK: Final = (
    "'Reformsim Sans SC','Noto Sans SC','Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei','PingFang SC',"
    "'WenQuanYi Micro Hei',sans-serif"
)
_ANCHORS: Final = {"left": "start", "center": "middle", "right": "end"}


def svg_text(scene: Scene, title: str, name: str = "chart") -> str:
    """The scene as one ``<svg>`` element, without an XML declaration, ready to stand in a page.

    Args:
        scene: What to draw.
        title: What the picture shows, for those who do not see it.
        name: Prefix of the ids, so that several pictures can stand in one page.
    """
    patterns: dict[tuple[str, str, str], str] = {}
    body = [_together(list(run), patterns, name) for _, run in groupby(scene.shapes, _alike)]
    width, height = _number(scene.width), _number(scene.height)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        f'aria-labelledby="{name}-title" font-family="{FONT_STACK}" font-size="9">'
        f'<title id="{name}-title">{_safe(title)}</title>'
    )
    defs = "".join(_pattern(key, identity) for key, identity in patterns.items())
    ground = f'<rect width="{width}" height="{height}" fill="{PAPER}"/>'
    return f"{head}{f'<defs>{defs}</defs>' if defs else ''}{ground}{''.join(body)}</svg>"


def _alike(shape: Shape) -> tuple[object, ...]:
    """What neighbours must share to be written together; shapes that stand alone share nothing."""
    if isinstance(shape, Words):
        return ("words", shape.role, shape.size, shape.colour, shape.weight, shape.align)
    if isinstance(shape, Area) and not (shape.tip or shape.edge or shape.hatch or shape.radius):
        return ("area", shape.role, shape.fill)
    return (id(shape),)


def _together(run: list[Shape], patterns: dict[tuple[str, str, str], str], name: str) -> str:
    """Neighbours of one look: one group of texts, or one path of rectangles; a page of cells stays small."""
    first = run[0]
    if len(run) == 1:
        return _shape(first, patterns, name)
    if isinstance(first, Words):
        anchor = "" if first.align == "left" else f' text-anchor="{_ANCHORS[first.align]}"'
        weight = ' font-weight="bold"' if first.weight == "bold" else ""
        look = f'class="{first.role}" font-size="{_number(first.size)}" fill="{first.colour}"{anchor}{weight}'
        words = [one for one in run if isinstance(one, Words)]
        texts = (f'<text x="{_number(w.x)}" y="{_number(w.y)}">{_safe(w.text)}</text>' for w in words)
        return f"<g {look}>{''.join(texts)}</g>"
    areas = [one for one in run if isinstance(one, Area)]
    path = "".join(
        f"M{_number(a.x)} {_number(a.y)}h{_number(a.width)}v{_number(a.height)}h{_number(-a.width)}z" for a in areas
    )
    return f'<path class="{first.role}" fill="{getattr(first, "fill", None) or "none"}" d="{path}"/>'


def _shape(shape: Shape, patterns: dict[tuple[str, str, str], str], name: str) -> str:
    role = f'class="{shape.role}"'
    if isinstance(shape, Words):
        anchor = "" if shape.align == "left" else f' text-anchor="{_ANCHORS[shape.align]}"'
        weight = ' font-weight="bold"' if shape.weight == "bold" else ""
        place = f'x="{_number(shape.x)}" y="{_number(shape.y)}" font-size="{_number(shape.size)}"'
        return f'<text {role} {place} fill="{shape.colour}"{anchor}{weight}>{_safe(shape.text)}</text>'
    tip = f"<title>{_safe(shape.tip)}</title>" if shape.tip else ""
    if isinstance(shape, Stroke):
        points = " ".join(f"{_number(x)},{_number(y)}" for x, y in shape.points)
        dash = f' stroke-dasharray="{",".join(map(_number, shape.dash))}"' if shape.dash else ""
        look = f'fill="none" stroke="{shape.colour}" stroke-width="{_number(shape.width)}"{dash}'
        return _element("polyline", f'{role} points="{points}" {look}', tip)
    edge = f' stroke="{shape.edge}" stroke-width=".8"' if shape.edge else ""
    fill = shape.fill or "none"
    if isinstance(shape, Polygon):
        points = " ".join(f"{_number(x)},{_number(y)}" for x, y in shape.points)
        return _element("polygon", f'{role} points="{points}" fill="{fill}"{edge}', tip)
    if shape.hatch:
        key = (shape.hatch[0], shape.edge or "#000000", fill)
        fill = f"url(#{patterns.setdefault(key, f'{name}-p{len(patterns)}')})"
    place = f'x="{_number(shape.x)}" y="{_number(shape.y)}"'
    size = f'width="{_number(shape.width)}" height="{_number(shape.height)}"'
    radius = f' rx="{_number(shape.radius)}"' if shape.radius else ""
    return _element("rect", f'{role} {place} {size} fill="{fill}"{radius}{edge}', tip)


def _element(tag: str, attributes: str, inside: str) -> str:
    return f"<{tag} {attributes}>{inside}</{tag}>" if inside else f"<{tag} {attributes}/>"


_LINES: Final = {
    "/": "M0 5L5 0M-1 1L1 -1M4 6L6 4",
    "\\": "M0 0L5 5M-1 4L1 6M4 -1L6 1",
    "|": "M2.5 0V5",
    "-": "M0 2.5H5",
    "x": "M0 0L5 5M5 0L0 5",
}


def _pattern(key: tuple[str, str, str], identity: str) -> str:
    sign, colour, fill = key
    ground = "" if fill == "none" else f'<rect width="5" height="5" fill="{fill}"/>'
    drawn = (
        f'<path d="{_LINES[sign]}" stroke="{colour}" stroke-width=".7" fill="none"/>'
        if sign in _LINES
        else f'<circle cx="1.5" cy="1.5" r=".7" fill="{colour}"/><circle cx="4" cy="4" r=".7" fill="{colour}"/>'
    )
    return f'<pattern id="{identity}" width="5" height="5" patternUnits="userSpaceOnUse">{ground}{drawn}</pattern>'


def _number(value: float) -> str:
    """A tenth of a point is finer than any screen."""
    return f"{round(float(value), 1) + 0.0:g}"


def _safe(words: str) -> str:
    """Escaped, and without the control characters that XML refuses."""
    return escape("".join(c for c in words if c in "\t\n" or ord(c) >= 32))
