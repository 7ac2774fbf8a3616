"""Breaks names into lines: Chinese by its rules of line breaking, in lines of nearly equal length."""

from __future__ import annotations

from reports.drawing.fitting import fit
from reports.fonts import Weight, text_width

__all__ = ["balanced"]

_NARROWEST = 0.5  # a line is not made shorter than this share of the room, for the sake of balance


def balanced(text: str, width: float, size: float, lines: int, weight: Weight = "regular") -> tuple[str, ...]:
    """The text in as few lines as it needs, all as short as that number allows.

    Where its blanks allow lines that are no more and no longer, it is broken there. No line begins with a
    closing mark or ends with an opening one, words of other scripts stay whole, and a single character is not
    left alone on the last line. What does not fit gives way to an ellipsis.

    Args:
        text: One line, as `reports.fonts.drawable` gives it.
        width: Room, pixels.
        size: Of the type, pixels.
        lines: The most.
    """
    usual = fit(text, width, size, weight, lines)
    if len(usual) < 2 or usual[-1].endswith("…"):
        return usual
    words = _at_blanks(text, width, size, weight)
    if len(words) <= len(usual) and _widest(words, size, weight) <= width:
        return words
    low, high = max(width * _NARROWEST, text_width(text, size, weight) / len(usual)), width
    best = usual
    for _ in range(7):
        middle = (low + high) / 2
        tried = fit(text, middle, size, weight, lines)
        if len(tried) > len(usual) or tried[-1].endswith("…") or _widest(tried, size, weight) > middle:
            low = middle
        else:
            best, high = tried, middle
    return best


def _at_blanks(text: str, width: float, size: float, weight: Weight) -> tuple[str, ...]:
    """The text broken at its blanks alone: where its author would break it."""
    lines: list[str] = []
    for word in text.split():
        if lines and text_width(f"{lines[-1]} {word}", size, weight) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return tuple(lines)


def _widest(lines: tuple[str, ...], size: float, weight: Weight) -> float:
    return max(text_width(line, size, weight) for line in lines)
