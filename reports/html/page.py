"""Fills the page templates; whatever a scenario or diagram says is escaped."""

from __future__ import annotations

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from engine.texts import text
from reports.diagram.scene import Scene
from reports.diagram.svg import svg_of
from reports.html.font import font_style

__all__ = ["picture_page", "render"]


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("reports.html", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(template: str, language: str, **values: Any) -> str:
    """A page, with the font of just the characters that stand on it.

    Args:
        template: File in ``reports/html/templates``.
        language: Of the page; ``t`` in the template gives its texts.
        values: What the template asks for.
    """

    def say(key: str, **words: object) -> str:
        return text(key, language, **words)

    page = _environment().get_template(template).render(t=say, language=language, **values)
    lang = "zh-CN" if language == "zh" else "en"
    page = page.replace('<html lang="">', f'<html lang="{lang}">', 1)
    return page.replace("/*font*/", font_style(page), 1)


def picture_page(scene: Scene, language: str) -> str:
    """A page with one picture that can be read, searched and printed."""
    return render("picture.html", language, title=scene.title or "reformsim", svg=svg_of(scene, outlined=False))
