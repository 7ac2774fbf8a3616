"""The whole report of a study as one page: nothing is fetched, everything is escaped."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from engine.texts import text
from reports.assumptions import assumption_rows
from reports.diagram.scene import Box
from reports.formatting import format_number, format_share, unit_name
from reports.headline import headline
from reports.html.page import render
from reports.labels import Labels
from reports.tables import DIFFERENCE_COLUMNS, VERDICT_COLUMNS, difference_lines, notes_of, verdict_lines
from reports.why import FactTable, why_tables

__all__ = ["DiagramPart", "Picture", "Replay", "ReportParts", "report_page"]


@dataclass(frozen=True)
class Picture:
    """A chart of the report: its id in the page, what it is called, SVG, and what it shows in words."""

    id: str
    title: str
    svg: str
    caption: str = ""


@dataclass(frozen=True)
class Replay:
    """A case that can be played: what it is called, with its rank, and its stays."""

    label: str
    data: Mapping[str, Any]


@dataclass(frozen=True)
class DiagramPart:
    """A variant's diagram.

    Args:
        key: Part of ids in the page.
        title: Name of the variant.
        svg: The drawing; its root's id is ``diagram-KEY``, ids in it begin with ``KEY-``.
        places: Element to where its token stands.
        replays: Cases to play.
        box: What of the plane the drawing fills.
        parts: What of it to print on one page each, where the whole would be too small on paper.
    """

    key: str
    title: str
    svg: str
    places: Mapping[str, tuple[float, float]]
    replays: Sequence[Replay] = ()
    box: Box | None = None
    parts: Sequence[Box] = ()


@dataclass(frozen=True)
class ReportParts:
    """What a report shows beside the result's numbers."""

    gantts: Sequence[Picture] = ()
    legend: str = ""
    diagrams: Sequence[DiagramPart] = ()
    charts: Sequence[Picture] = ()
    logs: int = 0
    start_ms: int = 0


def report_page(result: Mapping[str, Any], labels: Labels, language: str, parts: ReportParts) -> str:
    """The page.

    Args:
        result: What ``compare --json`` prints.
        labels: Names in the language.
        language: ``zh`` or ``en``.
        parts: Pictures.
    """
    script = _file("replay.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    contents = [("verdicts", text("page.verdicts", language))]
    contents += [(picture.id, picture.title) for picture in parts.gantts]
    contents += [("diagrams", text("page.diagrams", language))] if parts.diagrams else []
    contents += [(chart.id, chart.title) for chart in parts.charts]
    contents += [("why", text("why.title", language))] if _why(result, labels, language) else []
    contents += [
        ("assumptions", text("page.assumptions", language, number=result["assumptions"])),
        ("sources", text("page.sources", language)),
        ("method", text("page.method.title", language)),
        ("stress", text("stress.heading", language)),
    ]
    return render(
        "report.html",
        language,
        title=text("page.title", language, pipeline=labels.pipeline),
        pipeline=labels.pipeline,
        headline=headline(result, labels, language),
        made_of=_made_of(result, labels, language),
        contents=contents,
        warnings=[f"{warning['message']} {warning['cure']}" for warning in result["warnings"]],
        verdict_columns=[text(f"table.column.{column}", language) for column in VERDICT_COLUMNS],
        verdict_lines=list(verdict_lines(result, labels, language)),
        notes=notes_of(result, labels, language),
        difference_columns=[text(f"table.column.{column}", language) for column in DIFFERENCE_COLUMNS],
        difference_lines=list(difference_lines(result, labels, language)),
        gantts=parts.gantts,
        legend=parts.legend,
        logs=parts.logs,
        diagrams=[_diagram(part) for part in parts.diagrams],
        charts=parts.charts,
        assumption_columns=[
            text(f"assumptions.{column}", language) for column in ("place", "value", "unit", "low", "high", "reason")
        ],
        assumptions=[_readable(row, language) for row in assumption_rows(result, language)],
        source_columns=[text(f"page.source.{column}", language) for column in ("key", "kind", "text")],
        sources=[
            (source["key"], text(f"page.kind.{source['kind']}", language), source["text"][language])
            for source in result["sources"]
            if source["kind"] != "assumption"
        ],
        method=[text(f"page.method.{number}", language) for number in range(1, 7)],
        facts=_facts(result, language),
        why=_why(result, labels, language),
        stress_columns=[text(f"stress.column.{column}", language) for column in ("item", "title", "text")],
        stress=result.get("stress_des", ()),
        style=_file("report.css"),
        script=script,
        script_hash=f"sha256-{digest}",
        replay_data=_replay_data(parts, language),
    )


def _why(result: Mapping[str, Any], labels: Labels, language: str) -> list[FactTable]:
    """Where the days go, variant by variant."""
    found: Mapping[str, Any] = result.get("why", {})
    return [table for name, one in found.items() for table in why_tables(one, labels.variant(name), language)]


def _readable(row: tuple[object, ...], language: str) -> tuple[object, ...]:
    """An assumption with its unit in words and its range in figures as people read them."""
    place, value, unit, low, high, reason = row
    ends = [f"{round(end, 3):,}".removesuffix(".0") if isinstance(end, float) else end for end in (low, high)]
    return place, value, unit_name(str(unit), language), *ends, reason


def _made_of(result: Mapping[str, Any], labels: Labels, language: str) -> str:
    cases = sum(variant["cases"]["finished"] for variant in result["variants"].values())
    names = text("headline.list_comma", language).join(labels.variant(name) for name in result["variants"])
    values = {"replications": result["replications"], "cases": format_number(cases), "variants": names}
    return text("page.made_of", language, **values)


def _diagram(part: DiagramPart) -> dict[str, Any]:
    days = max((replay.data["end"] for replay in part.replays), default=0.0) / 86400
    steps = (0.02, 0.1, 0.5, 1, 2, 5, 10, 20, 50)
    speed = min(steps, key=lambda step: abs(step - days / 40))  # a case in about forty seconds
    at = steps.index(speed)
    speeds = steps[max(at - 2, 0) : at + 3]
    values: dict[str, Any] = {"key": part.key, "title": part.title, "svg": part.svg, "replays": part.replays}
    values |= {"box": part.box, "parts": part.parts if len(part.parts) > 1 else ()}
    return {**values, "speeds": speeds, "speed": speed}


def _replay_data(parts: ReportParts, language: str) -> str:
    diagrams = {
        part.key: {
            "prefix": f"{part.key}-",
            "places": {element: list(place) for element, place in part.places.items()},
            "replays": [replay.data for replay in part.replays],
        }
        for part in parts.diagrams
    }
    words = {
        "now": text("page.replay.now", language, date="{date}", days="{days}"),
        "date": text("format.date", language, year="{year}", month="{month}", day="{day}", name="{name}"),
        "months": [text(f"format.month.{month}", language) for month in range(1, 13)],
    }
    data = {"start": parts.start_ms, "words": words, "diagrams": diagrams}
    plain = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return plain.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _facts(result: Mapping[str, Any], language: str) -> list[tuple[str, str]]:
    facts = [
        (text("page.fact.seed", language), str(result["seed"])),
        (text("page.fact.replications", language), str(result["replications"])),
        (text("page.fact.driver", language), str(result["driver"])),
    ]
    for name, variant in result["variants"].items():
        cases = variant["cases"]
        share = format_share(cases["finished"] / cases["started"]) if cases["started"] else "-"
        counts = {"finished": format_number(cases["finished"]), "started": format_number(cases["started"])}
        facts.append(
            (
                text("page.fact.cases", language, variant=name),
                text("page.fact.finished", language, share=share, **counts),
            )
        )
        facts += [(text("page.fact.override", language, variant=name), change) for change in variant["overrides"]]
    facts.append((text("page.fact.digest", language), str(result["digest"])))
    versions = ", ".join(f"{package} {version}" for package, version in result["versions"].items())
    return [*facts, (text("page.fact.versions", language), versions)]


def _file(name: str) -> str:
    return files("reports.html").joinpath("templates", name).read_text(encoding="utf-8")
