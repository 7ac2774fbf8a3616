"""What the verdict hangs on: tornados and break-evens as plain data, tables and sentences.

The data of one tornado is also what `reformsim chart tornado --data` reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from rich.console import Group, RenderableType
from rich.text import Text

from engine.texts import catalogue, text
from reports.formatting import format_interval, format_number, format_quantity, format_share
from reports.labels import Labels
from reports.plain_table import plain_table
from reports.tables import plain_width
from simulations.model import SimulationModel
from simulations.sensitivity import BreakEven, Sensitivity, Swing, Tornado, nearest

__all__ = ["amount", "place_name", "sensitivity_json", "sensitivity_tables"]

SCHEMA: Final = 1
MOST_ROWS: Final = 12  # of a tornado on the screen; the JSON has them all
PERCENT: Final = "%"

Json = Mapping[str, Any]


def place_name(place: str, models: Mapping[str, SimulationModel], language: str) -> str:
    """What people call the place of an assumption: the element, pool or attribute, and which number of it."""
    names = [model.names for model in models.values()]
    pools = {pool.name: pool.label[language] for model in models.values() for pool in model.pools}
    flows = {flow.id: flow for model in models.values() for flow in model.diagram.process.flows.values()}
    words = []
    for part in place.removeprefix("common.").split("."):
        label = next((found[part][language] for found in names if part in found), None)
        if part in flows:
            target = flows[part].target
            words.append(next((found[target][language] for found in names if target in found), target))
        elif label is not None or part in pools:
            words.append(label if label is not None else pools[part])
        elif part.isdecimal():
            words.append(text("sensitivity.attempt", language, number=int(part) + 1))
        elif part in models:
            continue
        else:
            word = catalogue(language).get(f"sensitivity.part.{part}", part)
            words += [word] if word else []
    return text("sensitivity.joint", language).join(words)


def amount(value: float, unit: str, language: str) -> str:
    """The value of an assumption with its unit; a probability as a percentage."""
    if unit == "probability":
        return format_share(value)
    number = float(f"{value:.3g}")
    if f"sensitivity.unit.{unit}" in catalogue(language):
        return text(f"sensitivity.unit.{unit}", language, number=format_number(number))
    if not unit:
        return f"{number:g}"
    return format_quantity(number, unit, language)


def sensitivity_json(
    found: Sensitivity, models: Mapping[str, SimulationModel], seed: int, language: str
) -> dict[str, Any]:
    """A study of sensitivity as plain data.

    ``tornados``: one for each target, with ``variant``, ``indicator``, ``statistic``, ``op``, ``limit``, ``unit``,
    ``base``, ``kept`` and ``bars``.
    ``bars``: the widest first, with ``place``, ``name``, ``value``, ``unit``, ``range``, ``low_words``,
    ``high_words``, ``low`` and ``high`` (the figure at the ends), ``change_low_ci95``, ``change_high_ci95`` and
    ``break_evens``.
    ``break_evens``: ``value``, ``keeps`` (below or above), ``distance`` (share of the value as stated), ``sentence``.
    ``nearest``: the break-even with the smallest distance of all, with variant, indicator and place; or null.

    Shares within stand as percentages, so that figure, limit and unit agree.
    """
    tornados = [_tornado(tornado, models, language) for tornado in found.tornados]
    closest = nearest(found.tornados)
    near = None
    if closest is not None:
        tornado, swing, point = closest
        near = {
            "variant": tornado.variant,
            "indicator": tornado.target.indicator,
            "place": swing.assumption.place,
            **_break_even(tornado, swing, point, models, language),
        }
    first = next(iter(models.values()))
    return {
        "schema": SCHEMA,
        "pipeline": first.pipeline,
        "seed": seed,
        "replications": found.replications,
        "runs": found.runs,
        "moved": found.moved,
        "on_paper": found.on_paper,
        "without_range": found.without_range,
        "tornados": tornados,
        "nearest": near,
    }


def _tornado(tornado: Tornado, models: Mapping[str, SimulationModel], language: str) -> dict[str, Any]:
    target = tornado.target
    is_share = target.statistic == "each"
    factor = 100.0 if is_share else 1.0
    limit = 100.0 * (1.0 if target.required_share is None else target.required_share) if is_share else target.limit

    def scaled(value: float | None) -> float | None:
        return None if value is None else value * factor

    def interval(ends: tuple[float, float] | None) -> list[float] | None:
        return None if ends is None else [end * factor for end in ends]

    bars = []
    for swing in tornado.swings:
        stated = swing.assumption
        assert stated.range is not None
        bars.append(
            {
                "place": stated.place,
                "name": place_name(stated.place, models, language),
                "value": swing.value,
                "unit": stated.unit,
                "range": list(stated.range),
                "low_words": amount(stated.range[0], stated.unit, language),
                "high_words": amount(stated.range[1], stated.unit, language),
                "low": scaled(swing.low),
                "high": scaled(swing.high),
                "change_low_ci95": interval(swing.change_low),
                "change_high_ci95": interval(swing.change_high),
                "break_evens": [_break_even(tornado, swing, point, models, language) for point in swing.break_evens],
            }
        )
    return {
        "variant": tornado.variant,
        "indicator": target.indicator,
        "statistic": target.statistic,
        "op": ">=" if is_share else target.op,
        "limit": limit,
        "unit": PERCENT if is_share else target.unit,
        "base": tornado.base * factor,
        "kept": tornado.kept,
        "bars": bars,
    }


def _break_even(
    tornado: Tornado, swing: Swing, point: BreakEven, models: Mapping[str, SimulationModel], language: str
) -> dict[str, Any]:
    unit = swing.assumption.unit
    sentence = text(
        f"sensitivity.{'met' if tornado.kept else 'would_be_met'}.{point.keeps}",
        language,
        name=place_name(swing.assumption.place, models, language),
        value=amount(point.value, unit, language),
        stated=amount(swing.value, unit, language),
    )
    return {"value": point.value, "keeps": point.keeps, "distance": point.distance, "sentence": sentence}


def sensitivity_tables(result: Json, labels: Labels, language: str) -> RenderableType:
    """A table for each target: the assumptions that move it most, and where they decide.

    Args:
        result: Of `sensitivity_json`.
        labels: Names in the language.
        language: ``zh`` or ``en``.
    """
    counts = {key: result[key] for key in ("moved", "runs", "replications", "on_paper", "without_range")}
    parts: list[RenderableType] = [_line(text("sensitivity.title", language, name=labels.pipeline, **counts), "bold")]
    for tornado in result["tornados"]:
        parts += [Text(), _line(_heading(tornado, labels, language), "bold")]
        decimals = _decimals(tornado)
        moving = [bar for bar in tornado["bars"] if bar["low"] != bar["high"] or bar["break_evens"]]
        rows = [[text(f"sensitivity.column.{key}", language) for key in ("assumption", "range", "ends", "width")]]
        for bar in moving[:MOST_ROWS]:
            ends = [bar["low"], bar["high"]]
            width = None if None in ends else abs(ends[1] - ends[0])
            range_ = f"{bar['low_words']} - {bar['high_words']}"
            figures = [format_interval(ends, decimals, plain=True), format_number(width, decimals)]
            rows.append([bar["name"], range_, *figures])
        if len(rows) > 1:
            parts += plain_table(rows, range(1, len(rows[0])))
        still = len(tornado["bars"]) - len(moving[:MOST_ROWS])
        if still:
            parts.append(_line(text("sensitivity.others", language, number=still)))
        points = [point for bar in tornado["bars"] for point in bar["break_evens"]]
        points.sort(key=lambda point: point["distance"])
        parts += [_line(f"  {point['sentence']}") for point in points]
        if not points:
            key = "always" if tornado["kept"] else "never"
            parts.append(_line("  " + text(f"sensitivity.{key}", language)))
    return Group(*parts)


def _heading(tornado: Json, labels: Labels, language: str) -> str:
    is_whole = tornado["limit"] == round(tornado["limit"])
    return text(
        f"sensitivity.heading.{tornado['statistic']}",
        language,
        variant=labels.variant(tornado["variant"]),
        indicator=labels.indicator(tornado["indicator"], language),
        op=tornado["op"],
        limit=format_quantity(tornado["limit"], tornado["unit"], language, None if is_whole else _decimals(tornado)),
        base=format_number(tornado["base"], _decimals(tornado)),
    )


def _decimals(tornado: Json) -> int:
    """Small figures need more digits."""
    return 1 if max(abs(tornado["base"]), abs(tornado["limit"])) >= 10 else 2


def _line(words: str, style: str = "") -> Text:
    return Text(plain_width(words), style=style)
