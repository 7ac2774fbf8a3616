"""Tables for the terminal, aligned with Chinese text on every console.

Only characters whose width is certain stand in a table: Unicode calls box lines, curly quotes, dots and
arrows *ambiguous*, and a Chinese console may draw them two cells wide. So lines are hyphens, and such
characters in names give way to plain ones. Nothing is said by colour alone.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from rich.box import ASCII2, Box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from engine.errors import Finding
from engine.texts import text
from reports.formatting import format_interval, format_number, format_quantity, format_share, unit_name
from reports.headline import faithful_decimals
from reports.labels import Labels
from reports.share_differences import share_notes
from simulations.runs.store import RunRow

__all__ = [
    "DIFFERENCE_COLUMNS",
    "VERDICT_COLUMNS",
    "PipelineEntry",
    "VerdictLine",
    "cell",
    "comparison_table",
    "difference_lines",
    "findings_list",
    "notes_of",
    "pipelines_table",
    "plain_width",
    "runs_table",
    "table_of",
    "verdict_lines",
]

Json = Mapping[str, Any]

_RULES: Final = Box("    \n    \n -- \n    \n    \n -- \n    \n    \n", ascii=True)
_PLAIN: Final = str.maketrans(
    {
        "“": '"',
        "”": '"',
        "‘": "'",
        "’": "'",
        "…": "...",
        "·": ".",
        "—": "-",
        "–": "-",
        "→": "->",
        "≤": "<=",
        "≥": ">=",
        "×": "x",
        "±": "+-",
    }
)
_STYLES: Final = {"met": "green", "missed": "bold red", "undecided": "yellow"}


@dataclass(frozen=True)
class PipelineEntry:
    """One line of the list of pipelines: its key, its name, and ``(key, name)`` of its variants."""

    pipeline: str
    name: str
    variants: tuple[tuple[str, str], ...]


def plain_width(words: str) -> str:
    """The words in characters of certain width: control and ambiguous ones give way to plain ones."""
    plain = []
    for character in words.translate(_PLAIN):
        if unicodedata.category(character)[0] in "CZ":
            plain.append("\u3000" if character == "\u3000" else " ")
        elif unicodedata.east_asian_width(character) == "A":
            same = unicodedata.normalize("NFKC", character)
            plain.append(same if all(unicodedata.east_asian_width(c) != "A" for c in same) else "?")
        else:
            plain.append(character)
    return "".join(plain)


def comparison_table(result: Json, labels: Labels, language: str, ascii: bool = False) -> RenderableType:
    """The verdicts of a comparison, target by target; the differences of the same indicators; what to know beside.

    One variant alone is shown with all its indicators. The table keeps to 80 columns where the names allow it.

    Args:
        result: What ``compare --json`` prints.
        labels: Names in the language.
        language: ``zh`` or ``en``.
        ascii: Draw a full grid.

    Returns:
        Something that a rich console prints.
    """
    parts: list[RenderableType] = [_verdicts(result, labels, language)]
    if result.get("differences"):
        parts.append(_differences(result, labels, language, ascii))
    parts += [Text(plain_width(note)) for note in notes_of(result, labels, language)]
    return Group(*parts)


def notes_of(result: Json, labels: Labels, language: str) -> tuple[str, ...]:
    """What stands under the verdict table: assumed promises, reference figures, unfinished cases."""
    variants: Json = result.get("variants", {})
    notes = [
        *_assumed_notes(variants, language),
        *_reference_notes(variants, labels, language),
        *_unfinished_notes(variants, labels, language),
        *share_notes(result, labels, language),
    ]
    return tuple(dict.fromkeys(notes))


def _assumed_notes(variants: Json, language: str) -> Iterator[str]:
    if any(_assumed(found, indicator) for found in variants.values() for indicator in found.get("promise", {})):
        yield text("table.assumed", language)


def _reference_notes(variants: Json, labels: Labels, language: str) -> Iterator[str]:
    for found in variants.values():
        for indicator, figures in found.get("reference", {}).items():
            for figure in figures:
                yield text(
                    "table.reference",
                    language,
                    indicator=labels.indicator(indicator, language),
                    amount=format_quantity(figure["value"], figure["unit"], language),
                    source=figure["source"]["text"][language],
                )


def _unfinished_notes(variants: Json, labels: Labels, language: str) -> Iterator[str]:
    for key, found in variants.items():
        cases: Json = found.get("cases", {})
        if cases.get("unfinished"):
            counts = {name: format_number(cases[name]) for name in ("unfinished", "started")}
            yield text("table.unfinished", language, name=labels.variant(key), **counts)


def pipelines_table(
    entries: Sequence[PipelineEntry],
    language: str,
    ascii: bool = False,
) -> RenderableType:
    """The pipelines and their variants, in the order given."""
    table = table_of(["pipeline", "name", "variants"], language, ascii=ascii)
    for entry in entries:
        variants = ", ".join(key if key == name else f"{key} ({name})" for key, name in entry.variants)
        table.add_row(*map(cell, (entry.pipeline, entry.name, variants)))
    return table


def runs_table(rows: Sequence[RunRow], language: str, ascii: bool = False) -> RenderableType:
    """Runs of a store: how many replications are kept of how many."""
    columns = ["run", "pipeline", "variant", "seed", "driver", "kept", "begun"]
    table = table_of(columns, language, right=("seed", "kept"), ascii=ascii)
    for row in rows:
        short = row.digest.removeprefix("sha256:")[:12]
        kept = f"{row.finished}/{row.asked}"
        table.add_row(*map(cell, (short, row.pipeline, row.variant, str(row.seed), row.driver, kept, row.begun)))
    return table


def findings_list(findings: Sequence[Finding], language: str) -> RenderableType:
    """Findings as paragraphs, the place first: sentences are too long for columns."""
    if not findings:
        return Text(text("table.no_findings", language))
    lines = []
    for finding in findings:
        words = text(f"table.severity.{finding.severity}", language)
        style = "bold red" if finding.severity == "error" else "yellow"
        line = Text.assemble((words, style))
        where = " ".join(part for part in (finding.place(), f"[{finding.element}]" if finding.element else "") if part)
        line.append(f"  {where}\n" if where else "\n")
        line.append(f"  {finding.message(language)}\n  {finding.cure(language)}")
        lines.append(line)
    return Group(*lines)


def _shown(variants: Json) -> list[str]:
    """The indicators with a target, then the time from submission to end; of one variant alone, all."""
    targets = [target["indicator"] for found in variants.values() for target in found.get("targets", ())]
    others = [key for found in variants.values() for key in found.get("indicators", {})]
    if len(variants) > 1:
        others = [key for key in others if key == "elapsed_days"]
    return list(dict.fromkeys([*targets, *others]))


@dataclass(frozen=True)
class VerdictLine:
    """A line of the verdict table: a heading alone, or the cells of one variant under the last heading."""

    heading: str
    cells: tuple[str, ...] = ()
    verdict: str = "unknown"


VERDICT_COLUMNS: Final = ("variant", "promise", "mean", "ci95", "p90", "within", "verdict")


def verdict_lines(result: Json, labels: Labels, language: str) -> Iterator[VerdictLine]:
    """The verdict table in lines, for every medium: a heading for each target, under it each variant's figures."""
    variants: Json = result["variants"]
    for indicator in _shown(variants):
        for number in range(max(1, *(len(_targets(found, indicator)) for found in variants.values()))):
            heading = ""
            for key, found in variants.items():
                targets = _targets(found, indicator)
                target = targets[number] if number < len(targets) else None
                if heading != (heading := _heading(found, indicator, target, labels, language)):
                    yield VerdictLine(heading)
                cells = (labels.variant(key), *_figures(found, indicator, target, language))
                yield VerdictLine("", cells, target["verdict"] if target else "unknown")


def _verdicts(result: Json, labels: Labels, language: str) -> RenderableType:
    """The verdict table in common columns; laid out here, because a heading has to run across them."""
    header = [cell(text(f"table.column.{column}", language)) for column in VERDICT_COLUMNS]
    lines: list[Text | list[Text]] = []
    for line in verdict_lines(result, labels, language):
        styled = [cell(words) for words in line.cells[:-1]]
        styled += [cell(words, _STYLES.get(line.verdict, "")) for words in line.cells[-1:]]
        lines.append(styled if line.cells else cell(line.heading, "bold"))
    rows = [header, *(line for line in lines if isinstance(line, list))]
    widths = [max(row[i].cell_len for row in rows) for i in range(len(VERDICT_COLUMNS))]
    title = text("table.comparison", language, name=labels.pipeline, replications=result["replications"])
    rule = Text("-" * (sum(widths) + 2 * len(widths)))
    parts = [cell(title, "bold"), Text(), _line(header, widths), rule]
    parts += [_line(line, widths) if isinstance(line, list) else line for line in lines]
    return Group(*parts, Text())


def _line(cells: Sequence[Text], widths: Sequence[int]) -> Text:
    """The first and last cell to the left, figures to the right, two blanks between."""
    line = Text("  ")
    for number, (cell, width) in enumerate(zip(cells, widths, strict=True)):
        padding = Text(" " * (width - cell.cell_len))
        is_figure = 0 < number < len(cells) - 1
        line = Text.assemble(line, *((padding, cell) if is_figure else (cell, padding)), "  ")
    line.rstrip()
    return line


def _targets(found: Json, indicator: str) -> list[Json]:
    return [target for target in found.get("targets", ()) if target["indicator"] == indicator]


def _heading(found: Json, indicator: str, target: Json | None, labels: Labels, language: str) -> str:
    """The indicator with its unit and what is promised of it."""
    name = labels.indicator(indicator, language)
    unit = found.get("indicators", {}).get(indicator, {}).get("unit") or (target["unit"] if target else "")
    if target is None:
        return text("table.plain_heading", language, name=name, unit=unit_name(unit, language))
    limit = format_quantity(target["limit"], target["unit"], language)
    words = text(f"table.{target['statistic']}_heading", language, name=name, op=target["op"], limit=limit)
    required = target.get("required_share")
    return f"{words} ({format_share(required)})" if required is not None else words


def _figures(found: Json, indicator: str, target: Json | None, language: str) -> Iterator[str]:
    estimate: Json = found.get("indicators", {}).get(indicator, {})
    mean, ends = estimate.get("mean"), estimate.get("ci95") or (None, None)
    decimals = faithful_decimals([mean, *ends], target["limit"] if target else None)
    assumed = _assumed(found, indicator)
    promise = found.get("promise", {}).get(indicator)
    yield f"({format_number(assumed)})" if assumed is not None else format_number(promise)
    yield format_number(mean, decimals)
    yield format_interval(ends, decimals, plain=True)
    yield format_number(estimate.get("p90"), 1)
    yield format_share(target.get("share_within")) if target else "-"
    verdict = target["verdict"] if target else "unknown"
    yield text(f"verdict.{verdict}", language)


def _assumed(found: Json, indicator: str) -> float | None:
    """What the limits come to if assumed ones are added, where that is all there is."""
    if found.get("promise", {}).get(indicator) is not None:
        return None
    assumed: float | None = found.get("assumed_promise", {}).get(indicator)
    return assumed


DIFFERENCE_COLUMNS: Final = ("indicator", "difference", "ci95", "verdict")


def difference_lines(result: Json, labels: Labels, language: str) -> Iterator[VerdictLine]:
    """The differences of the shown indicators in lines: a heading for each pair of variants, under it its figures."""
    shown = _shown(result["variants"])
    pair = ""
    for item in result["differences"]:
        if item["indicator"] not in shown:
            continue
        words = {"to": labels.variant(item["to"]), "from_": labels.variant(item["from"])}
        if pair != (pair := text("table.differences_of", language, **words)):
            yield VerdictLine(pair)
        ends = item.get("ci95") or (None, None)
        decimals = faithful_decimals([item["difference"], *ends], 0.0)
        cells = (
            labels.indicator(item["indicator"], language),
            format_number(item["difference"], decimals),
            format_interval(ends, decimals, plain=True),
            text(f"verdict.{item['verdict']}", language),
        )
        yield VerdictLine("", cells, item["verdict"])


def _differences(result: Json, labels: Labels, language: str, ascii: bool) -> Table:
    title = text("table.differences", language)
    table = table_of(DIFFERENCE_COLUMNS, language, title, right=("difference", "ci95"), ascii=ascii)
    for line in difference_lines(result, labels, language):
        if line.cells:
            table.add_row(*map(cell, (f"  {line.cells[0]}", *line.cells[1:])))
        else:
            table.add_row(cell(line.heading, "bold"), *[cell("")] * (len(DIFFERENCE_COLUMNS) - 1))
    return table


def table_of(
    columns: Sequence[str],
    language: str,
    title: str | None = None,
    right: Sequence[str] = (),
    ascii: bool = False,
) -> Table:
    """An empty table; a column is named ``table.column.<column>`` in the catalogue."""
    heading = Text(plain_width(title), style="bold") if title else None
    table = Table(title=heading, title_justify="left", box=ASCII2 if ascii else _RULES)
    for column in columns:
        words = Text(plain_width(text(f"table.column.{column}", language)))
        figures = column in right
        table.add_column(words, justify="right" if figures else "left", overflow="fold", no_wrap=figures)
    return table


def cell(words: str, style: str = "") -> Text:
    """Text as it stands: square brackets are no markup."""
    return Text(plain_width(words), style=style)
