"""One picture of one or several drawings: headline, legend, and the drawings beside or under each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from engine.texts import text
from reports.diagram.heat import Heat
from reports.diagram.look import INK, LANE, QUIET, Mark
from reports.diagram.nodes import mark_sign
from reports.diagram.scene import Box, Group, Outline, Scene, Thing, Words, moved, rectangle
from reports.drawing.fitting import fit
from reports.fonts import drawable, text_width

__all__ = ["legend_scene", "legend_things", "picture"]

GAP: Final = 34.0
WIDEST_PAIR: Final = 2600.0  # pixels; wider drawings stand under each other


def picture(
    drawings: Mapping[str, Scene], headline: str, language: str, heat: Heat | None = None, marks: Sequence[Mark] = ()
) -> Scene:
    """Drawings with their titles in one scene, all on one scale.

    Args:
        drawings: Key, which goes before the ids, to the scene; its title stands over it.
        headline: Of the whole picture.
        language: Of the legend.
        heat: What the colours mean.
        marks: Those that are shown.
    """
    scenes = list(drawings.items())
    abreast = sum(scene.box.width for _, scene in scenes) + GAP * (len(scenes) - 1) <= WIDEST_PAIR
    width = sum(s.box.width for _, s in scenes) + GAP * (len(scenes) - 1)
    width = width if abreast else max(s.box.width for _, s in scenes)
    width = max(width, 640.0)
    head, top = _head(drawable(headline), width, language, heat, marks)
    groups = [head]
    x, bottom = 0.0, top
    for key, scene in scenes:
        title = fit(drawable(scene.title), max(scene.box.width - 20, 100), 17, "bold")
        words = tuple(Words(x + 14, top + 18, line, 17, "panel-title", INK, "bold", "left") for line in title)
        groups.append(Group(f"{key}-heading", "panel-heading", "", words))
        by_x, by_y = x - scene.box.left, top + 26 - scene.box.top
        groups += [_shifted(group, f"{key}-", by_x, by_y) for group in scene.groups]
        end = top + 26 + scene.box.height
        bottom = max(bottom, end)
        if abreast:
            x += scene.box.width + GAP
        else:
            top = end + GAP
    description = " ".join(scene.description for _, scene in scenes)
    return Scene(Box(0, 0, width, bottom + 8), tuple(groups), headline, description)


def legend_scene(language: str, heat: Heat | None, marks: Sequence[Mark]) -> Scene:
    """The legend as a drawing of its own."""
    things = legend_things(language, heat, marks, 0, 4)
    right = max((thing.box.right for thing in things if isinstance(thing, Words)), default=1.0)
    return Scene(Box(0, 0, right + 8, 24), (Group("head", "legend", "", tuple(things)),), heat.title if heat else "")


def legend_things(language: str, heat: Heat | None, marks: Sequence[Mark], left: float, top: float) -> list[Thing]:
    """The legend in one line."""
    things: list[Thing] = []
    x = left

    def say(words: str, gap: float = 18.0) -> None:
        nonlocal x
        things.append(Words(x, top + 12, words, 12.5, "legend", INK, align="left"))
        x += text_width(words, 12.5) + gap

    if heat is not None:
        say(heat.title, 8)
        say(heat.low, 5)
        for step in heat.steps:
            things.append(Outline(rectangle(Box(x, top, x + 26, top + 14)), "legend-step", step, LANE, 0.6))
            x += 26
        x += 5
        say(heat.high)
        say(text("diagram_report.legend_flow", language))
    for mark in marks:
        things += mark_sign(mark, x + 9, top + 7)
        x += 23
        say(text(f"diagram_report.mark.{mark}", language))
    return things


def _head(headline: str, width: float, language: str, heat: Heat | None, marks: Sequence[Mark]) -> tuple[Group, float]:
    things: list[Thing] = []
    y = 10.0
    for line in fit(headline, width - 28, 22, "bold", 3) if headline else ():
        things.append(Words(14, y + 22, line, 22, "headline", INK, "bold", "left"))
        y += 30
    if heat is not None or marks:
        things += legend_things(language, heat, marks, 14, y + 6)
        y += 28
    if heat is not None:
        things.append(
            Words(14, y + 14, text("diagram_report.legend_badge", language), 11.5, "legend", QUIET, align="left")
        )
        y += 20
    return Group("head", "head", "", tuple(things)), y + 10


def _shifted(group: Group, prefix: str, x: float, y: float) -> Group:
    things = tuple(
        replace(thing, d=moved(thing.d, x, y))
        if isinstance(thing, Outline)
        else replace(thing, x=thing.x + x, y=thing.y + y)
        for thing in group.things
    )
    return replace(group, id=prefix + group.id, things=things)
