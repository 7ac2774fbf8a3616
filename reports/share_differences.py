"""Differences of the share of cases within a limit: as plain data, and as sentences under the table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.texts import text
from reports.formatting import format_interval, format_number, format_quantity
from reports.labels import Labels
from simulations.share_differences import ShareDifference

__all__ = ["share_json", "share_notes"]


def share_json(one: ShareDifference) -> dict[str, Any]:
    """Plain data; shares between -1 and 1."""
    target, found = one.target, one.difference

    def ends(interval: tuple[float, float] | None) -> list[float] | None:
        return None if interval is None else list(interval)

    return {
        "indicator": target.indicator,
        "op": target.op,
        "limit": target.limit,
        "unit": target.unit,
        "from": found.base,
        "to": found.variant,
        "difference": found.difference,
        "ci95": ends(found.ci95),
        "ci95_simultaneous": ends(found.ci95_simultaneous),
        "verdict": found.verdict,
        "paired": found.paired,
        "replications": found.replications,
    }


def share_notes(result: Mapping[str, Any], labels: Labels, language: str) -> Iterator[str]:
    """A sentence for each difference."""
    for one in result.get("share_differences", ()):
        ends = one["ci95"]
        interval = text("headline.no_interval", language)
        if ends is not None:
            points = format_interval([end * 100 for end in ends], plain=True)
            interval = text("headline.interval", language, low_high=points)
        yield text(
            "shares.note",
            language,
            to=labels.variant(one["to"]),
            from_=labels.variant(one["from"]),
            indicator=labels.indicator(one["indicator"], language),
            op=one["op"],
            limit=format_quantity(one["limit"], one["unit"], language),
            points=format_number(one["difference"] * 100, 1),
            interval=interval,
            verdict=text(f"verdict.{one['verdict']}", language),
        )
