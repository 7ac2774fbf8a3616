"""What a hall came to, for the terminal: its headline, its pipelines, and its people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import RenderableType

from engine.texts import text
from reports.formatting import format_number, format_share
from reports.plain_table import plain_table

__all__ = ["hall_tables"]

Json = Mapping[str, Any]


def hall_tables(result: Json, language: str) -> Sequence[RenderableType]:
    """Headline, table of pipelines, table of people.

    Args:
        result: As `simulations.hall_results.hall_to_json` gives it.
        language: ``zh`` or ``en``.
    """

    def say(key: str, **values: object) -> str:
        return text(f"hall.{key}", language, **values)

    return (
        _headline(result, language),
        "",
        say("pipelines"),
        *_pipelines(result, language),
        "",
        say("pools"),
        *_pools(result, language),
    )


def _headline(result: Json, language: str) -> str:
    label = result["label"][language]
    cases = sum(p["cases"]["started"] for p in result["pipelines"].values()) / result["replications"]
    known = {"hall": label, "pipelines": len(result["pipelines"]), "cases": format_number(cases, 0)}
    pools = [pool for pool in _asked(result) if pool["utilisation"]["mean"] is not None]
    if not pools:
        return text("hall.nobody", language, **known)
    busiest = max(pools, key=lambda pool: pool["utilisation"]["mean"])
    month = _busiest_month(busiest)
    return text(
        "hall.headline",
        language,
        **known,
        pool=busiest["label"][language],
        busy=format_share(busiest["utilisation"]["mean"]),
        peak=format_share(month["utilisation"]["mean"]),
        month=month["month"],
    )


def _asked(result: Json) -> list[Json]:
    """The pools that anybody asked for."""
    return [pool for pool in result["pools"].values() if pool["by_pipeline"]]


def _busiest_month(pool: Json) -> Json:
    months: Sequence[Json] = pool["by_month"]
    return max(months, key=lambda month: month["utilisation"]["mean"] or 0.0)


def _pipelines(result: Json, language: str) -> list[RenderableType]:
    keys = ("pipeline", "variant", "cases", "unfinished", "working_days", "doing", "targets")
    rows = []
    for pipeline in result["pipelines"].values():
        cases, found = pipeline["cases"], pipeline["indicators"]
        met = sum(target["verdict"] == "met" for target in pipeline["targets"])
        means = [_mean(found.get(name), 1, language) for name in ("working_days", "elapsed_days")]
        rows.append(
            (
                pipeline["label"][language],
                pipeline["variant_label"][language],
                format_number(cases["started"] / result["replications"], 0),
                format_number(cases["unfinished"] / result["replications"], 0),
                *means,
                f"{met}/{len(pipeline['targets'])}",
            )
        )
    return _table(keys, rows, language, 2)


def _pools(result: Json, language: str) -> list[RenderableType]:
    keys = ("pool", "units", "used_by", "utilisation", "waiting", "p90", "busiest", "busiest_wait")
    rows = []
    asked = _asked(result)
    for pool in sorted(asked, key=lambda pool: -(pool["utilisation"]["mean"] or 0.0)):
        month = _busiest_month(pool)
        rows.append(
            (
                pool["label"][language],
                str(pool["units"]),
                str(len(pool["by_pipeline"])),
                format_share(pool["utilisation"]["mean"] or 0.0),
                _mean(pool["waiting_minutes"], 1, language),
                _mean(pool["waiting_p90_minutes"], 0, language),
                f"{month['month']} {format_share(month['utilisation']['mean'] or 0.0)}",
                _mean(month["waiting_minutes"], 1, language),
            )
        )
    return _table(keys, rows, language, 1)


def _mean(found: Json | None, decimals: int, language: str) -> str:
    if found is None or found["mean"] is None:
        return text("hall.none", language)
    return format_number(found["mean"], decimals)


def _table(keys: Sequence[str], rows: Sequence[Sequence[str]], language: str, words: int) -> list[RenderableType]:
    """A table whose first columns are words, the rest numbers."""
    headings = [text(f"hall.{key}", language) for key in keys]
    return plain_table([headings, *rows], range(words, len(keys)))
