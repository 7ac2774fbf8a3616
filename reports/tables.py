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
from reports.formatting import format_interval, format_number, format_share, unit_name
from reports.headline import faithful_decimals
from reports.labels import Labels

__all__ = ["PipelineEntry", "comparison_table", "findings_list", "pipelines_table", "plain_width"]

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


def comparison_table(result: Json, labels: Labels, language: str, ascii: bool = False) -> RenderableType:  # noqa: A002 - the option's name
    """Verdicts of a comparison: every indicator with its variants under each other, then the differences.

    Args:
        result: What ``compare --json`` prints.
        labels: Names in the language.
        language: ``zh`` or ``en``.
        ascii: Draw a full grid.

    Returns:
        Something that a rich console prints.
    """
    variants: Json = result.get("variants", {})
    title = text("table.comparison", language, name=labels.pipeline)
    parts: list[RenderableType] = [_results(variants, labels, language, title, ascii)]
    if result.get("differences"):
        parts.append(_differences(result, labels, language, ascii))
    for key, found in variants.items():
        cases: Json = found.get("cases", {})
        if cases.get("unfinished"):
            counts = {name: format_number(cases[name]) for name in ("unfinished", "started")}
            sentence = text("table.unfinished", language, name=labels.variant(key), **counts)
            parts.append(Text(plain_width(sentence)))
    return Group(*parts)


def pipelines_table(
    entries: Sequence[PipelineEntry],
    language: str,
    ascii: bool = False,  # noqa: A002 - the option's name
) -> RenderableType:
    """The pipelines and their variants, in the order given."""
    table = _table(["pipeline", "name", "variants"], language, ascii=ascii)
    for entry in entries:
        variants = ", ".join(key if key == name else f"{key} ({name})" for key, name in entry.variants)
        table.add_row(*map(_cell, (entry.pipeline, entry.name, variants)))
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
        where = " ".join(
            part for part in (finding.place(), f"[{finding.element}]" if finding.element else "") if part
        )
        line.append(f"  {where}\n" if where else "\n")
        line.append(f"  {finding.message(language)}\n  {finding.cure(language)}")
        lines.append(line)
    return Group(*lines)


def _results(
    variants: Json,
    labels: Labels,
    language: str,
    title: str,
    ascii: bool,  # noqa: A002
) -> Table:
    columns = [
        "indicator",
        "unit",
        "variant",
        "promise",
        "mean",
        "ci95",
        "p90",
        "target",
        "within",
        "verdict",
    ]
    table = _table(columns, language, title, right=("promise", "mean", "ci95", "p90", "within"), ascii=ascii)
    for indicator in _indicators(variants):
        name = labels.indicator(indicator, language)
        for key, found in variants.items():
            for unit, *row in _rows(found, indicator, language):
                table.add_row(_cell(name), unit if name else _cell(""), _cell(labels.variant(key)), *row)
                name = ""
    return table


def _indicators(variants: Json) -> list[str]:
    """Those with a target first, then the others, in the order of the result."""
    with_target = [target["indicator"] for found in variants.values() for target in found.get("targets", ())]
    others = [key for found in variants.values() for key in found.get("indicators", {})]
    return list(dict.fromkeys([*with_target, *others]))


def _rows(found: Json, indicator: str, language: str) -> Iterator[tuple[Text, ...]]:
    """One line per target of the indicator, or one without a target."""
    estimate: Json = found.get("indicators", {}).get(indicator, {})
    targets = [target for target in found.get("targets", ()) if target["indicator"] == indicator]
    if not estimate and not targets:
        return
    for target in targets or [None]:
        limit = target["limit"] if target else None
        unit = estimate.get("unit") or (target["unit"] if target else "")
        mean, ends = estimate.get("mean"), estimate.get("ci95") or (None, None)
        decimals = faithful_decimals([mean, *ends], limit)
        verdict = target["verdict"] if target else "unknown"
        yield (
            _cell(unit_name(unit, language)),
            _cell(format_number(found.get("promise", {}).get(indicator))),
            _cell(format_number(mean, decimals)),
            _cell(format_interval(ends, decimals, plain=True)),
            _cell(format_number(estimate.get("p90"), 1)),
            _cell(_target(target, language) if target else "-"),
            _cell(format_share(target.get("share_within")) if target else "-"),
            _cell(text(f"verdict.{verdict}", language), _STYLES.get(verdict, "")),
        )


def _target(target: Json, language: str) -> str:
    limit = format_number(target["limit"])
    words = text(f"table.{target['statistic']}_case", language, op=target["op"], limit=limit)
    required = target.get("required_share")
    return f"{words} ({format_share(required)})" if required is not None else words


def _differences(result: Json, labels: Labels, language: str, ascii: bool) -> Table:  # noqa: A002
    columns = ["indicator", "variant", "difference", "ci95", "verdict"]
    title = text("table.differences", language)
    table = _table(columns, language, title, right=("difference", "ci95"), ascii=ascii)
    for item in result["differences"]:
        pair = text(
            "table.differences_of",
            language,
            to=labels.variant(item["to"]),
            from_=labels.variant(item["from"]),
        )
        ends = item.get("ci95") or (None, None)
        decimals = faithful_decimals([item["difference"], *ends], 0.0)
        table.add_row(
            _cell(labels.indicator(item["indicator"], language)),
            _cell(pair),
            _cell(format_number(item["difference"], decimals)),
            _cell(format_interval(ends, decimals, plain=True)),
            _cell(text(f"verdict.{item['verdict']}", language)),
        )
    return table


def _table(
    columns: Sequence[str],
    language: str,
    title: str | None = None,
    right: Sequence[str] = (),
    ascii: bool = False,  # noqa: A002
) -> Table:
    heading = Text(plain_width(title), style="bold") if title else None
    table = Table(title=heading, title_justify="left", box=ASCII2 if ascii else _RULES)
    for column in columns:
        words = Text(plain_width(text(f"table.column.{column}", language)))
        figures = column in right
        table.add_column(words, justify="right" if figures else "left", overflow="fold", no_wrap=figures)
    return table


def _cell(words: str, style: str = "") -> Text:
    """Text as it stands: square brackets are no markup."""
    return Text(plain_width(words), style=style)
