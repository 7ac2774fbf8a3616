"""How a drawing shall look: names, colours, badges and marks by element id, and the colours of it all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from reports.drawing.style import INK, NEUTRAL, PAPER

__all__ = ["CONTAINER", "FLOW", "INK", "LANE", "PAPER", "QUIET", "Look", "Mark"]

Mark: TypeAlias = Literal["removed", "added", "merged", "moved"]

QUIET: Final = NEUTRAL  # on the grounds of lanes and tasks a paler grey has too little contrast
LANE: Final = "#5c6c76"
FLOW: Final = "#3f4a57"
CONTAINER: Final = "#f8fafb"


@dataclass(frozen=True)
class Look:
    """What is shown beside the bare diagram.

    Args:
        names: What people call an element, where it is not what the diagram says.
        fills: Colour of an activity.
        badges: Words beside an activity.
        widths: Width of a flow, pixels.
        flow_labels: Words added to a flow's own, such as its share.
        marks: What the reform did to an element.
        mark_words: What each mark is called.
        titles: What is said of an element where the mouse rests, and read aloud; its name by default.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    fills: Mapping[str, str] = field(default_factory=dict)
    badges: Mapping[str, str] = field(default_factory=dict)
    widths: Mapping[str, float] = field(default_factory=dict)
    flow_labels: Mapping[str, str] = field(default_factory=dict)
    marks: Mapping[str, Mark] = field(default_factory=dict)
    mark_words: Mapping[Mark, str] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
