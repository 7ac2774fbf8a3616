"""The little pictures of BPMN, each an outline in a square of 20 by 20 pixels, drawn for this project."""

from __future__ import annotations

from math import cos, pi, sin
from typing import Final

from reports.diagram.scene import Box, circle, moved, polygon, rectangle

__all__ = ["EVENT_ICONS", "GATEWAY_ICONS", "MARKER_ICONS", "TASK_ICONS", "Icon"]

# An icon is outlines with how they are inked: "line", "bold" and "heavy" (thicker
# lines), "solid" (ink), "paper" (white with a line), "cut" (a white line).
Icon = tuple[tuple[str, str], ...]


def _gear(x: float, y: float, size: float) -> str:
    """A toothed wheel."""
    places = []
    for i in range(8):
        for offset, radius in ((-0.30, 0.72), (-0.17, 1.0), (0.17, 1.0), (0.30, 0.72)):
            angle = (i + offset * 1.2) * pi / 4
            places.append((x + size * radius * cos(angle), y + size * radius * sin(angle)))
    return polygon(places)


_ENVELOPE: Final = rectangle(Box(2.5, 5, 17.5, 15))
_FLAP: Final = "M2.5 5L10 11L17.5 5"
_PERSON: Final = "M3.5 17.5C3.5 13.5 5.5 11.5 10 11.5C14.5 11.5 16.5 13.5 16.5 17.5Z"
_HAND: Final = (
    "M3 9.5L7.5 4.5Q9 3.5 9.5 5L8.2 7.5L16.5 7.5Q17.8 8.5 16.5 9.5L11.5 9.5L16.8 9.5Q18 10.6 16.8 11.7"
    "L11.5 11.7L16 11.7Q17 12.7 16 13.8L11.5 13.8L14.8 13.8Q15.8 14.8 14.8 15.8L7 15.8Q4.5 15.5 3 13.5Z"
)
_SCROLL: Final = "M6 3L16.5 3C13 6.5 13 8 15 11C16.5 13.5 16 15 14 17L3.5 17C6.5 14.5 6.5 12.5 4.5 9.5C3 7 3.5 5 6 3Z"
_TABLE: Final = rectangle(Box(2.5, 4, 17.5, 16))

TASK_ICONS: Final[dict[str, Icon]] = {
    "userTask": ((circle(10, 7, 3.6), "line"), (_PERSON, "line")),
    "manualTask": ((_HAND, "line"),),
    "serviceTask": (
        (_gear(8, 8, 6.4), "paper"),
        (circle(8, 8, 2.2), "paper"),
        (_gear(12.8, 12.8, 5.6), "paper"),
        (circle(12.8, 12.8, 1.9), "paper"),
    ),
    "sendTask": ((_ENVELOPE, "solid"), (_FLAP, "cut")),
    "receiveTask": ((_ENVELOPE, "line"), (_FLAP, "line")),
    "scriptTask": (
        (_SCROLL, "line"),
        ("M7 6.5L13 6.5M6.8 9.5L12.3 9.5M7.8 12.5L13.3 12.5M7 15L13 15", "line"),
    ),
    "businessRuleTask": (
        (_TABLE, "line"),
        (rectangle(Box(2.5, 4, 17.5, 7.5)), "solid"),
        ("M2.5 11.7L17.5 11.7M7 7.5L7 16", "line"),
    ),
}

_BOLT: Final = "M4 16.5L7.5 5L11.5 10.5L16 3.5L12.5 15L8.5 9.5Z"
_ARROWHEAD: Final = "M10 3L15.5 16.5L10 11.5L4.5 16.5Z"
_TRIANGLE: Final = "M10 3.5L16.5 15L3.5 15Z"
_REWIND: Final = "M9.5 5L9.5 15L3 10ZM16.5 5L16.5 15L10 10Z"
_CROSS: Final = "M5 3.5L10 8.5L15 3.5L16.5 5L11.5 10L16.5 15L15 16.5L10 11.5L5 16.5L3.5 15L8.5 10L3.5 5Z"
_PENTAGON: Final = polygon([(10 + 7 * sin(i * 0.4 * pi), 10 - 7 * cos(i * 0.4 * pi)) for i in range(5)])
_PLUS: Final = "M8.2 3L11.8 3L11.8 8.2L17 8.2L17 11.8L11.8 11.8L11.8 17L8.2 17L8.2 11.8L3 11.8L3 8.2L8.2 8.2Z"
_LINK: Final = "M3 8L11 8L11 4.5L17.5 10L11 15.5L11 12L3 12Z"
_TICKS: Final = "".join(
    f"M{10 + 6.4 * cos(i * pi / 6):.1f} {10 + 6.4 * sin(i * pi / 6):.1f}"
    f"L{10 + 7.6 * cos(i * pi / 6):.1f} {10 + 7.6 * sin(i * pi / 6):.1f}"
    for i in range(12)
)

# Of a catching event; where an event throws, "paper" becomes "solid" and "line" is cut out of it.
EVENT_ICONS: Final[dict[str, Icon]] = {
    "message": ((_ENVELOPE, "paper"), (_FLAP, "line")),
    "timer": ((circle(10, 10, 8), "paper"), (_TICKS, "line"), ("M10 4.6L10 10L13.4 11.8", "line")),
    "signal": ((_TRIANGLE, "paper"),),
    "error": ((_BOLT, "paper"),),
    "escalation": ((_ARROWHEAD, "paper"),),
    "compensate": ((_REWIND, "paper"),),
    "cancel": ((_CROSS, "paper"),),
    "conditional": (
        (rectangle(Box(4.5, 3, 15.5, 17)), "paper"),
        ("M6.5 6L13.5 6M6.5 8.7L13.5 8.7M6.5 11.4L13.5 11.4M6.5 14L13.5 14", "line"),
    ),
    "link": ((_LINK, "paper"),),
    "terminate": ((circle(10, 10, 8), "solid"),),
    "multiple": ((_PENTAGON, "paper"),),
    "parallelMultiple": ((_PLUS, "paper"),),
    "event": ((circle(10, 10, 3), "solid"),),
}

MARKER_ICONS: Final[dict[str, Icon]] = {
    "loop": (
        ("M7 15.6C3.5 14 2.8 9.5 5.2 6.8C8 3.6 13 4 15.2 7.2C17.4 10.4 16 14.6 12.4 15.9", "line"),
        ("M3.6 15.9L7.6 15.9L7.6 11.9", "line"),
    ),
    "parallel": (("M5.5 4L5.5 16M10 4L10 16M14.5 4L14.5 16", "bold"),),
    "sequential": (("M4 5.5L16 5.5M4 10L16 10M4 14.5L16 14.5", "bold"),),
    "participants": (("M5.5 4L5.5 16M10 4L10 16M14.5 4L14.5 16", "bold"),),
    "collection": (("M5.5 4L5.5 16M10 4L10 16M14.5 4L14.5 16", "bold"),),
    "ad_hoc": (("M3 12C4.5 6 7.5 7 10 10C12.5 13 15.5 14 17 8", "bold"),),
    "compensation": ((_REWIND, "line"),),
    "collapsed": ((rectangle(Box(3, 3, 17, 17)), "line"), ("M10 5.5L10 14.5M5.5 10L14.5 10", "line")),
}

GATEWAY_ICONS: Final[dict[str, Icon]] = {
    "exclusiveGateway": (("M5.4 4.2L14.6 15.8M14.6 4.2L5.4 15.8", "heavy"),),
    "parallelGateway": (("M10 2L10 18M2 10L18 10", "heavy"),),
    "inclusiveGateway": ((circle(10, 10, 7.4), "heavy"),),
    "complexGateway": (("M10 2L10 18M2 10L18 10M4.3 4.3L15.7 15.7M15.7 4.3L4.3 15.7", "heavy"),),
    "eventBasedGateway": (
        (circle(10, 10, 9), "line"),
        (circle(10, 10, 7.2), "line"),
        (moved(_PENTAGON, 3.6, 3.6, 0.64), "line"),
    ),
    "instantiating": ((circle(10, 10, 9), "line"), (moved(_PENTAGON, 3, 3, 0.7), "line")),
}
