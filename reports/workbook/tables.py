"""The tables of the results workbook that stand in the result itself: verdicts, indicators, differences, sources."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from engine.texts import text
from reports.assumptions import assumption_rows
from reports.formatting import unit_name
from reports.headline import faithful_decimals
from reports.labels import Labels
from reports.workbook.book import Cell, Column, Figure, Verdict

__all__ = [
    "Table",
    "assumption_table",
    "cause_table",
    "difference_table",
    "indicator_table",
    "source_table",
    "tornado_table",
    "verdict_table",
]

Json: TypeAlias = Mapping[str, Any]
Table: TypeAlias = tuple[Sequence[Column], Sequence[Sequence[Cell]]]


def verdict_table(result: Json, labels: Labels, language: str) -> Table:
    """A line for each target of each variant, as in the verdict table of the other reports."""
    rows: list[list[Cell]] = []
    for key, found in result["variants"].items():
        for target in found["targets"]:
            indicator = target["indicator"]
            estimate: Json = found["indicators"].get(indicator, {})
            mean, ends = estimate.get("mean"), estimate.get("ci95") or (None, None)
            decimals = faithful_decimals([mean, *ends], target["limit"])
            rows.append(
                [
                    labels.variant(key),
                    labels.indicator(indicator, language),
                    text(f"headline.statistic.{target['statistic']}", language),
                    text(f"op.{target['op']}", language),
                    Figure(target["limit"], 0 if float(target["limit"]).is_integer() else 1),
                    unit_name(target["unit"], language),
                    found["promise"].get(indicator),
                    found["assumed_promise"].get(indicator),
                    *(Figure(value, decimals) for value in (mean, *ends)),
                    estimate.get("p90"),
                    target["share_within"],
                    target["required_share"],
                    Verdict(text(f"verdict.{target['verdict']}", language), target["verdict"]),
                    target["source_detail"]["text"][language],
                ]
            )
    say = _heading(language)
    columns = [
        say("variant"), say("indicator"), say("statistic"), say("op"), say("limit", "number"), say("unit"),
        say("promise", "number"), say("assumed_promise", "number"), say("mean", "number"), say("low", "number"),
        say("high", "number"), say("p90", "number"), say("within", "share"), say("required", "share"),
        say("verdict"), say("source"),
    ]  # fmt: skip
    return columns, rows


def indicator_table(result: Json, labels: Labels, language: str) -> Table:
    """A line for each indicator of each variant."""
    rows: list[list[Cell]] = []
    for key, found in result["variants"].items():
        for indicator, estimate in found["indicators"].items():
            ends = estimate["ci95"] or (None, None)
            figures = [estimate["mean"], *ends, *(estimate[p] for p in ("p50", "p80", "p90", "p95"))]
            name, unit = labels.indicator(indicator, language), unit_name(estimate["unit"], language)
            rows.append([labels.variant(key), name, unit, *figures, estimate["cases"], estimate["replications"]])
    say = _heading(language)
    columns = [
        say("variant"), say("indicator"), say("unit"), say("mean", "number"), say("low", "number"),
        say("high", "number"), say("p50", "number"), say("p80", "number"), say("p90", "number"), say("p95", "number"),
        say("cases", "count"), say("replications", "count"),
    ]  # fmt: skip
    return columns, rows


def cause_table(result: Json, labels: Labels, language: str, causes: Sequence[str]) -> Table:
    """A line for each variant: its mean days by cause, which add up to the time from submission to end."""
    say = _heading(language)
    columns = [say("variant"), *(Column(text(f"gantt.legend.cause.{cause}", language), "number") for cause in causes)]
    rows = [
        [labels.variant(key), *(found["indicators"].get(f"{cause}_days", {}).get("mean") for cause in causes)]
        for key, found in result["variants"].items()
    ]
    return columns, rows


def difference_table(result: Json, labels: Labels, language: str) -> Table:
    """A line for each indicator of each pair of variants."""
    rows: list[list[Cell]] = []
    for item in result["differences"]:
        ends = item["ci95"] or (None, None)
        decimals = faithful_decimals([item["difference"], *ends], 0.0)
        rows.append(
            [
                labels.variant(item["from"]),
                labels.variant(item["to"]),
                labels.indicator(item["indicator"], language),
                *(Figure(value, decimals) for value in (item["difference"], *ends)),
                Verdict(text(f"verdict.{item['verdict']}", language), item["verdict"]),
            ]
        )
    say = _heading(language)
    columns = [
        say("from"), say("to"), say("indicator"), say("difference", "number"), say("low", "number"),
        say("high", "number"), say("verdict"),
    ]  # fmt: skip
    return columns, rows


def assumption_table(result: Json, language: str, name: Callable[[str], str]) -> Table:
    """A line for each number that nobody has stated; ``name`` says what its place is called."""
    rows: list[list[Cell]] = []
    for place, value, unit, low, high, reason in assumption_rows(result, language):
        stated = str(value)
        number = float(stated) if stated.replace(".", "", 1).replace("-", "", 1).isdigit() else None
        ends: list[Cell] = [
            Figure(float(e), _digits(float(e))) if e != "" else None for e in map(_as_float, (low, high))
        ]
        shown: Cell = stated if number is None else Figure(number, _digits(number))
        rows.append([name(str(place)), str(place), shown, unit_name(str(unit), language), *ends, str(reason)])
    say = _heading(language)
    columns = [say("what"), say("place", widest=40), say("value"), say("unit"), say("lowest", "number"),
               say("highest", "number"), say("reason", widest=80)]  # fmt: skip
    return columns, rows


def source_table(result: Json, language: str) -> Table:
    """A line for each source."""
    rows: list[list[Cell]] = [
        [source["key"], text(f"page.kind.{source['kind']}", language), source["text"][language]]
        for source in result["sources"]
    ]
    columns = [
        Column(text(f"page.source.{column}", language), widest=100 if column == "text" else 30)
        for column in ("key", "kind", "text")
    ]
    return columns, rows


def tornado_table(tornado: Json, language: str) -> Table:
    """A line for each assumption that moves the figure, the widest first."""
    rows: list[list[Cell]] = []
    for bar in tornado["bars"]:
        low, high = bar["low"], bar["high"]
        if low is None or high is None or low == high:
            continue
        rows.append([bar["name"], bar["low_words"], bar["high_words"], low, tornado["base"], high, abs(high - low)])
    say = _heading(language)
    columns = [say("what"), say("lowest"), say("highest"), say("at_low", "number"), say("base", "number"),
               say("at_high", "number"), say("width", "number")]  # fmt: skip
    return columns, rows


def _heading(language: str) -> Callable[..., Column]:
    def say(key: str, kind: Any = "text", widest: int = 60) -> Column:
        return Column(text(f"workbook.column.{key}", language), kind, widest)

    return say


def _as_float(end: object) -> float | str:
    return float(end) if isinstance(end, int | float) else ""


def _digits(number: float) -> int:
    """As many digits as the number has, three at most."""
    return next((digits for digits in range(3) if round(number, digits) == round(number, 3)), 3)
