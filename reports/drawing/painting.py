"""Paints a scene with matplotlib, one shape after the other; nothing here decides where something stands."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyBboxPatch, Patch, Rectangle
from matplotlib.patches import Polygon as PolygonPatch

from reports.drawing.scene import Area, Polygon, Scene, Shape, Stroke, Words
from reports.fonts import FAMILY, register

__all__ = ["paint", "settings"]

POINTS_PER_INCH = 72


@contextmanager
def settings() -> Iterator[None]:
    """Matplotlib's own defaults, whatever the user's file of settings says, and the same ids in every SVG."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(
            {
                "hatch.linewidth": 0.6,
                "pdf.fonttype": 42,
                "svg.fonttype": "path",
                "svg.hashsalt": "reformsim",
                "text.hinting": "none",  # else widths are rounded to dots, and words outgrow their place
            }
        )
        yield


def paint(scene: Scene) -> Figure:
    """The figure of a scene: one axes over the whole page whose units are points. Call it in `settings`."""
    register()
    figure = Figure(figsize=(scene.width / POINTS_PER_INCH, scene.height / POINTS_PER_INCH))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(0, scene.width)
    axes.set_ylim(scene.height, 0)
    for order, shape in enumerate(scene.shapes):
        _add(axes, shape, order)
    return figure


def _add(axes: Any, shape: Shape, order: int) -> None:
    common: dict[str, Any] = {"zorder": order, "gid": f"{shape.role}-{order}"}
    if isinstance(shape, Words):
        axes.text(
            shape.x,
            shape.y,
            shape.text,
            fontsize=shape.size,
            fontfamily=[FAMILY],
            fontweight=shape.weight if shape.weight == "bold" else "normal",
            color=shape.colour,
            ha=shape.align,
            va="baseline",
            parse_math=False,
            **common,
        )
    elif isinstance(shape, Stroke):
        xs, ys = zip(*shape.points, strict=True)
        dash = (0, tuple(length / shape.width for length in shape.dash)) if shape.dash else "-"
        axes.add_line(
            Line2D(
                xs,
                ys,
                color=shape.colour,
                linewidth=shape.width,
                linestyle=dash,
                dash_capstyle="butt",
                **common,
            )
        )
    elif isinstance(shape, Polygon):
        edge = shape.edge or "none"
        axes.add_patch(
            PolygonPatch(shape.points, closed=True, facecolor=shape.fill, edgecolor=edge, linewidth=0.9, **common)
        )
    else:
        axes.add_patch(_rectangle(shape, common))


def _rectangle(area: Area, common: dict[str, Any]) -> Patch:
    style = {
        "facecolor": area.fill or "none",
        "edgecolor": area.edge or "none",
        "hatch": area.hatch,
        "linewidth": 0.8 if area.edge else 0.0,
        **common,
    }
    if area.radius:
        box = f"round,pad=0,rounding_size={area.radius}"
        return FancyBboxPatch((area.x, area.y), area.width, area.height, boxstyle=box, **style)
    return Rectangle((area.x, area.y), area.width, area.height, **style)
