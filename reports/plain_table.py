"""A table of plain lines: columns as wide as their words, a rule under the heading."""

from __future__ import annotations

from collections.abc import Container, Sequence

from rich.console import RenderableType
from rich.text import Text

from reports.tables import plain_width

__all__ = ["plain_table"]


def plain_table(rows: Sequence[Sequence[str]], right: Container[int]) -> list[RenderableType]:
    """The lines of a table.

    Args:
        rows: The heading first; all of one length.
        right: Numbers of the columns that stand flush right, from 0.
    """
    cells = [[Text(plain_width(words)) for words in row] for row in rows]
    widths = [max(row[i].cell_len for row in cells) for i in range(len(cells[0]))]
    lines: list[RenderableType] = []
    for row in cells:
        line = Text("  ")
        for number, (cell, width) in enumerate(zip(row, widths, strict=True)):
            padding = Text(" " * (width - cell.cell_len))
            line = Text.assemble(line, *((padding, cell) if number in right else (cell, padding)), "  ")
        line.rstrip()
        lines.append(line)
    lines.insert(1, Text("-" * (sum(widths) + 2 * len(widths) + 2)))
    return lines
