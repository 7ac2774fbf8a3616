"""Words that must fit: lines are broken or shortened before they are drawn."""

from __future__ import annotations

import unicodedata

from reports.fonts import Weight, text_width

__all__ = ["fit", "shorten"]

ELLIPSIS = "…"
_NEVER_FIRST = frozenset("，。、；：！？）》」』】〉”’…,.;:!?)]%")
_NEVER_LAST = frozenset("（《「『【〈“‘([")


def shorten(text: str, width: float, size: float, weight: Weight = "regular") -> str:
    """The text, or as much of it as fits, with an ellipsis."""
    if text_width(text, size, weight) <= width:
        return text
    kept = text
    while kept and text_width(kept + ELLIPSIS, size, weight) > width:
        kept = kept[:-1]
    return kept.rstrip() + ELLIPSIS


def fit(text: str, width: float, size: float, weight: Weight = "regular", lines: int = 1) -> tuple[str, ...]:
    """Break a text into at most ``lines`` lines; what is left over gives way to an ellipsis.

    Chinese may break between any two characters, but not before a closing mark or after an opening one;
    words of other scripts stay whole where a line can hold them.
    A last line of one single character takes another one down with it.
    """
    result: list[str] = []
    rest = text.strip()
    while rest and len(result) < lines - 1 and text_width(rest, size, weight) > width:
        cut = _break(rest, width, size, weight)
        if len(rest) - cut == 1 and cut > 2 and _may_break(rest, cut - 1):
            cut -= 1
        result.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    if rest:
        result.append(shorten(rest, width, size, weight))
    return tuple(result)


def _break(text: str, width: float, size: float, weight: Weight) -> int:
    """How many characters stand on the first line; at least one."""
    used = 0.0
    best = fitting = 0
    for i, character in enumerate(text):
        used += text_width(character, size, weight)
        if used > width:
            break
        fitting = i + 1
        if _may_break(text, fitting):
            best = fitting
    return best or fitting or 1


def _may_break(text: str, cut: int) -> bool:
    """Whether a line may end before the character at ``cut``."""
    if cut >= len(text):
        return True
    before, after = text[cut - 1], text[cut]
    if after in _NEVER_FIRST or before in _NEVER_LAST:
        return False
    return before in " -/" or _is_wide(before) or _is_wide(after)


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"
