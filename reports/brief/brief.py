"""What stands in the brief: the finding, the targets, what it rests on; then the Gantt chart and the diagram."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from engine.texts import text
from reports.brief.document import SIZES, Document, lines_of, printable
from reports.formatting import format_number
from reports.headline import headline
from reports.labels import Labels
from reports.tables import VERDICT_COLUMNS, VerdictLine, verdict_lines

__all__ = ["GANTT_ROWS", "BriefPictures", "brief"]

GANTT_ROWS: Final = 9  # a panel: more would be too small to read on half a page
PAGE_HEIGHT: Final = 638.0  # points between the margins
TITLE_LINE: Final = 50.0
POINTS: Final = 72 / 25.4  # in a millimetre
CELL_MARGINS: Final = 11.0  # points: Word's own
TABLE_SIZE: Final = 10.5
TABLE_LINE: Final = 14.6  # points, with its rules
LONGEST_NAME: Final = 40  # characters of a cell
WIDTHS: Final = (38.0, 17.0, 16.0, 31.0, 15.0, 18.0, 21.0)  # mm, of the columns of verdicts


@dataclass(frozen=True)
class BriefPictures:
    """The pictures of the second page, as PNG; None where there is none.

    Args:
        gantt: A case before and after.
        left_out: How many of its rows are not shown.
        diagram: Of the last variant.
        variant: What that is called.
    """

    gantt: bytes | None = None
    left_out: int = 0
    diagram: bytes | None = None
    variant: str = ""


def brief(result: Mapping[str, Any], labels: Labels, language: str, pictures: BriefPictures) -> bytes:
    """The brief as a Word file of two pages, or of one where there are no pictures.

    Args:
        result: What ``compare --json`` prints.
        labels: Names in the language.
        language: ``zh`` or ``en``.
        pictures: Of the second page.
    """

    def say(key: str, **values: object) -> str:
        return printable(text(f"brief.{key}", language, **values))

    title = say("title", pipeline=printable(labels.pipeline, 60))
    finding = printable(headline(result, labels, language), 600)
    basis = [printable(_basis(result, language))]
    basis += [printable(f"{warning['message']} {warning['cure']}", 200) for warning in result["warnings"][:2]]
    basis += [say("more")]
    head = [printable(text(f"table.column.{column}", language)) for column in VERDICT_COLUMNS]
    rows, size = _fitted(result, labels, language, [finding, *basis], title)
    if len(rows) < len(_rows(result, labels, language)):
        basis.insert(-1, say("cut"))
    document = Document(language, size)
    document.title(title)
    document.heading(say("finding"))
    document.body(finding)
    document.heading(say("targets"))
    document.table(head, rows, WIDTHS, TABLE_SIZE)
    document.heading(say("basis"))
    for words in basis:
        document.body(words)
    if pictures.gantt is None and pictures.diagram is None:
        return document.content()
    document.new_page()
    number = 0
    for png, key, tallest in ((pictures.gantt, "gantt", 122.0), (pictures.diagram, "diagram", 84.0)):
        if png is None:
            continue
        number += 1
        words = say(f"picture_{key}", number=number, variant=printable(pictures.variant, LONGEST_NAME))
        if key == "gantt" and pictures.left_out:
            words += text("brief.left_out", language, number=pictures.left_out)
        document.picture(png, 156.0, tallest, words)
        document.caption(words)
    return document.content()


def _fitted(
    result: Mapping[str, Any], labels: Labels, language: str, paragraphs: list[str], title: str
) -> tuple[list[list[str]], float]:
    """The lines of the table and the size of the type with which the first page holds everything.

    All lines if the type need not be small for it; else those of the first and the last variant; else fewer.
    """
    variants = result["variants"]
    ends = {name: variants[name] for name in dict.fromkeys((next(iter(variants)), list(variants)[-1]))}
    few = _rows({**result, "variants": ends}, labels, language)
    for rows in (_rows(result, labels, language), few):
        for size in SIZES[:-1]:
            if _height(paragraphs, title, rows, size) <= PAGE_HEIGHT:
                return rows, size
    while len(few) > 2 and _height(paragraphs, title, few, SIZES[-1]) > PAGE_HEIGHT:
        few.pop()
    while len(few[-1]) == 1:  # no heading without a line under it
        few.pop()
    return few, SIZES[-1]


def _rows(result: Mapping[str, Any], labels: Labels, language: str) -> list[list[str]]:
    return [_cells(line) for line in verdict_lines(result, labels, language)]


def _height(paragraphs: list[str], title: str, rows: list[list[str]], size: float) -> float:
    """What the first page needs, points; a line is kept for the words that say what was cut."""
    lines = sum(lines_of(words, size) for words in paragraphs) + 3 + 2
    table = sum(max(map(_cell_lines, row, _widths(row))) * TABLE_LINE for row in rows) + 2 * TABLE_LINE
    return TITLE_LINE * lines_of(title, 22) + lines * size * 1.75 + table


def _widths(row: list[str]) -> tuple[float, ...]:
    return (sum(WIDTHS),) if len(row) == 1 else WIDTHS


def _cell_lines(words: str, width: float) -> int:
    return lines_of(words, TABLE_SIZE, width * POINTS - CELL_MARGINS, 0)


def _cells(line: VerdictLine) -> list[str]:
    if not line.cells:
        return [printable(line.heading, 70)]
    return [printable(cell.replace(" .. ", "–"), LONGEST_NAME) for cell in line.cells]


def _basis(result: Mapping[str, Any], language: str) -> str:
    """How much was simulated and assumed, and what was left out."""
    cases = [variant["cases"] for variant in result["variants"].values()]
    counts = {
        "replications": result["replications"],
        "finished": format_number(sum(of["finished"] for of in cases)),
        "assumptions": result["assumptions"],
    }
    words = text("brief.made_of", language, **counts)
    unfinished = sum(of["unfinished"] for of in cases)
    return words + (text("brief.unfinished", language, number=format_number(unfinished)) if unfinished else "")
