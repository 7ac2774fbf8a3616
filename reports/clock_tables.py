"""The clocks of a pipeline, for the terminal: limits, who was late and by how much, the lights of its cases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import RenderableType

from engine.texts import text
from reports.formatting import format_number, format_quantity, format_share
from reports.plain_table import plain_table

__all__ = ["clock_tables"]

Json = Mapping[str, Any]
_COLUMNS = ("clock", "department", "kind", "limit", "cases", "overdue", "late", "most", "special")
_WORDS = 4  # the first columns are words


def clock_tables(result: Json, language: str) -> Sequence[RenderableType]:
    """A table and a line of lights for each variant.

    Args:
        result: What ``reformsim clocks --json`` prints.
        language: ``zh`` or ``en``.
    """
    return list(_parts(result, language))


def _parts(result: Json, language: str) -> Iterator[RenderableType]:
    for number, variant in enumerate(result["variants"].values()):
        if number:
            yield ""
        values = {"pipeline": result["label"][language], "variant": variant["label"][language]}
        yield text("clocks.title", language, **values, cases=variant["cases"])
        if not variant["cases"]:
            continue
        headings = [text(f"clocks.column.{column}", language) for column in _COLUMNS]
        rows = [_row(clock, language) for clock in variant["clocks"]]
        yield from plain_table([headings, *rows], range(_WORDS, len(_COLUMNS) - 1))
        shares = {colour: format_share(found["mean"]) for colour, found in variant["lights"].items()}
        yield text("clocks.lights", language, **shares, share=format_share(variant["yellow_from"], 0))
        free = {name: format_number(found["mean"], 1) for name, found in variant["without_limit"].items()}
        yield text("clocks.without_limit", language, **free)
        yield from _notes(variant, language)


def _row(clock: Json, language: str) -> list[str]:
    overdue = clock["overdue"]
    special = [
        text(
            "clocks.counted" if cause in clock["counted"] else "clocks.paused",
            language,
            cause=text(f"clocks.cause.{cause}", language),
            days=format_number(days, 1),
        )
        for cause, days in clock["special_days"].items()
        if days
    ]
    return [
        clock["label"][language],
        clock["department"][language],
        text(f"clocks.kind.{clock['kind']}", language),
        format_quantity(clock["value"], clock["unit"], language),
        str(clock["cases"]),
        format_share(None if overdue is None else overdue["mean"]),
        format_number(clock["late"], 1),
        format_number(clock["most"], None if clock["most"] else 0),
        "; ".join(special),
    ]


def _notes(variant: Json, language: str) -> Iterator[str]:
    """Who may grant more, and what silence accepted."""
    for clock in variant["clocks"]:
        more = clock["extension"]
        if more is not None:
            yield text(
                "clocks.extension",
                language,
                clock=clock["label"][language],
                more=format_quantity(more["value"], clock["unit"], language),
                by=more["by"][language],
                share=format_share(clock["extended"]),
            )
        if clock["deemed"]:
            share = format_share(clock["deemed"])
            yield text("clocks.deemed", language, clock=clock["label"][language], share=share)
