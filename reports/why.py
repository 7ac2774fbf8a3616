"""Where the days go, as tables: steps, pools, procedures against their promise; for the terminal and for pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from engine.texts import text
from reports.formatting import format_number, format_quantity, format_share
from reports.plain_table import plain_table
from reports.tables import plain_width
from simulations.causes import CAUSES
from simulations.model import SimulationModel
from simulations.replication import F64
from simulations.why import Why

__all__ = ["FactTable", "why_json", "why_tables", "why_text"]

Json = Mapping[str, Any]

SHOWN = 6  # lines of a table on the terminal; pages show all that take more than nothing
_COLUMNS = {
    "steps": ("step", "critical", "days", "queue", "off_hours", "batch", "handling", "outside", "dwell"),
    "pools": ("pool", "days", "queue", "off_hours", "batch", "handling", "outside", "dwell"),
    "procedures": ("procedure", "promised", "mean", "p90", "over", "critical", "days"),
}


@dataclass(frozen=True)
class FactTable:
    """A table of plain words: the first column names, all others are figures."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def why_json(found: Why, model: SimulationModel, language: str) -> dict[str, Any]:
    """Plain data; the steps add up to ``elapsed_days``, and so do the pools."""

    def by_cause(causes: F64) -> dict[str, float]:
        return dict(zip(CAUSES, causes.tolist(), strict=True))

    return {
        "cases": found.cases,
        "replications": found.replications,
        "elapsed_days": found.elapsed,
        "steps": [
            {
                "element": step.element,
                "name": model.name_of(step.element, language),
                "criticality": step.criticality,
                "days": step.days,
                "waiting_days": step.waiting,
                "causes": by_cause(step.causes),
            }
            for step in found.steps
        ],
        "pools": [
            {
                "pool": share.pool or None,
                "name": _pool_name(share.pool, model, language),
                "days": share.days,
                "causes": by_cause(share.causes),
            }
            for share in found.pools
        ],
        "procedures": [
            {
                "element": one.element,
                "name": model.name_of(one.element, language),
                "promised": None if one.is_assumed else one.limit,
                "assumed": one.limit if one.is_assumed else None,
                "unit": one.unit,
                "mean": one.mean,
                "p90": one.p90,
                "share_over": one.over,
                "share_entered": one.entered,
                "criticality": one.criticality,
                "days": one.days,
            }
            for one in found.procedures
        ],
    }


def _pool_name(pool: str, model: SimulationModel, language: str) -> str:
    labels = {one.name: one.label[language] for one in model.pools}
    return labels.get(pool) or text("why.nobody", language)


def why_tables(why: Json, variant: str, language: str, most: int | None = None) -> list[FactTable]:
    """The tables of one variant.

    Args:
        why: What `why_json` gives.
        variant: What people call it.
        language: ``zh`` or ``en``.
        most: Lines of each; all that take more than nothing by default, and the rest in one line.
    """
    if not why["cases"]:
        return []
    values = {
        "variant": variant,
        "elapsed": format_quantity(why["elapsed_days"], "natural_day", language),
        "replications": why["replications"],
        "cases": why["cases"],
    }
    made = []
    for key, rows in (("steps", _steps(why, language, most)), ("pools", _pools(why, language, most))):
        made.append(FactTable(text(f"why.{key}", language, **values), _names(key, language), tuple(rows)))
    procedures = tuple(_procedures(why, language))
    if procedures:
        title = text("why.procedures", language, **values)
        made.append(FactTable(title, _names("procedures", language), procedures))
    return made


def why_text(why: Json, variant: str, language: str) -> RenderableType:
    """The same for the terminal, shortened."""
    parts: list[RenderableType] = []
    for table in why_tables(why, variant, language, SHOWN):
        parts += [Text(plain_width(table.title), style="bold"), Text()]
        parts += plain_table([table.columns, *table.rows], range(1, len(table.columns)))
        parts.append(Text())
    return Group(*parts)


def _names(key: str, language: str) -> tuple[str, ...]:
    return tuple(text(f"why.column.{column}", language) for column in _COLUMNS[key])


def _causes(causes: Json) -> tuple[str, ...]:
    """Days by cause, those outside the office together."""
    outside = causes["applicant"] + causes["third_party"]
    days = (causes["queue"], causes["off_hours"], causes["batch"], causes["work"], outside, causes["dwell"])
    return tuple(_days(value) for value in days)


def _days(value: float) -> str:
    return format_number(value, 2) if value else "-"


def _steps(why: Json, language: str, most: int | None) -> Iterator[tuple[str, ...]]:
    costly = [step for step in why["steps"] if step["days"] > 0]
    for step in costly[:most]:
        yield (step["name"], format_share(step["criticality"]), _days(step["days"]), *_causes(step["causes"]))
    if costly[len(costly[:most]) :]:
        rest = costly[len(costly[:most]) :]
        yield (text("why.rest", language, number=len(rest)), "", _days(_sum(rest)), *_causes(_sum_of_causes(rest)))


def _pools(why: Json, language: str, most: int | None) -> Iterator[tuple[str, ...]]:
    *pools, nobody = why["pools"]
    costly = [pool for pool in pools if pool["days"] > 0]
    for pool in costly[:most]:
        yield (pool["name"], _days(pool["days"]), *_causes(pool["causes"]))
    rest = costly[len(costly[:most]) :]
    if rest:
        yield (text("why.rest", language, number=len(rest)), _days(_sum(rest)), *_causes(_sum_of_causes(rest)))
    yield (nobody["name"], _days(nobody["days"]), *_causes(nobody["causes"]))


def _sum(items: Sequence[Json]) -> float:
    return float(sum(item["days"] for item in items))


def _sum_of_causes(items: Sequence[Json]) -> dict[str, float]:
    return {cause: sum(item["causes"][cause] for item in items) for cause in CAUSES}


def _procedures(why: Json, language: str) -> Iterator[tuple[str, ...]]:
    for one in why["procedures"]:
        limit = one["promised"] if one["promised"] is not None else one["assumed"]
        promised = "-" if limit is None else format_quantity(limit, one["unit"], language)
        yield (
            one["name"],
            promised if one["assumed"] is None else f"({promised})",
            format_number(one["mean"], 2),
            format_number(one["p90"]),
            format_share(one["share_over"]),
            format_share(one["criticality"]),
            _days(one["days"]),
        )
