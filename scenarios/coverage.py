"""Which promise of the policy the library carries: every number of the facts, its pipeline and its target.

``python -m scenarios.coverage`` writes ``docs/domain/coverage.md`` anew; a test keeps it current.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML

from scenarios.library import FOLDER, names

__all__ = ["PAGE", "page"]

PAGE: Final = Path(__file__).parents[1] / "docs" / "domain" / "coverage.md"

OUTSIDE: Final[Mapping[str, str]] = {
    "a3.outage": "reliability of the grid",
    "a6.goal05": "price",
    "a6.guarantee1": "price",
    "a6.guarantee15": "price",
    "a6.rate5": "price",
    "a6.unsecured40": "composition of loans",
    "a7.goal16": "index of rules, scored by hand",
    "a9.items806": "number of items",
    "a9.link90": "connection of systems",
    "a9.onecert300": "number of items",
    "a9.onething": "number of items",
    "a10.cover91": "coverage of inspections",
    "a11.commit30": "number of sectors",
    "a11.grade15": "number of sectors",
    "m.law.ip80": "coverage of institutions",
}
"""Facts that are no process, with what they are."""

SAME: Final[Mapping[str, str]] = {
    "m.constr.target": "a2.goal.38",
    "m.open.one_day": "a1.one_day",
    "m.open.one_link": "a1.one_link",
    "m.power.lv": "a3.goal.lv",
    "m.tax.minus5": "m.tax.payments",
    "a10.timely100": "a10.publish20",
    "a11.pass100": "a11.doublepub7",
}
"""Facts that say again what another one says, with that one."""

SCOPE: Final = frozenset({"m2", "m", "kW", "tce per year"})
"""Units of facts that bound a pipeline's scope."""


def page() -> str:
    """The coverage page, from the library's own facts and scenarios."""
    facts = _plain(FOLDER / "facts.yaml")["facts"]
    uses: dict[str, list[str]] = {fact["id"]: [] for fact in facts}
    for pipeline in names():
        for variant, data in _plain(FOLDER / f"{pipeline}.yaml")["variants"].items():
            for fact, use in _uses(data):
                if fact in uses:
                    uses[fact].append(f"{pipeline} `{variant}`: {use}")
    for fact, other in SAME.items():
        uses[fact] += uses[other]
    numbered = [fact for fact in facts if "number" in fact]
    carried = [fact for fact in numbered if uses[fact["id"]]]
    outside = [fact for fact in numbered if not uses[fact["id"]] and fact["id"] in OUTSIDE]
    scope = [fact for fact in numbered if not uses[fact["id"]] and fact["unit"] in SCOPE]
    known = {fact["id"] for fact in (*carried, *outside, *scope)}
    rest = [fact for fact in numbered if fact["id"] not in known]
    lines = [
        "# What of the policy the library carries",
        "",
        "This page is written by `python -m scenarios.coverage` from the facts and the scenarios of the library.",
        f"Of {len(numbered)} facts with a number, {len(carried)} are carried by a target, a limit or a share; "
        f"{len(scope)} bound the scope of a pipeline, {len(outside)} are no process, {len(rest)} are not carried.",
        "",
        "## Carried",
        "",
        "| fact | clause | number | carried by |",
        "|---|---|---|---|",
    ]
    lines += [f"{_row(fact)} {'; '.join(dict.fromkeys(uses[fact['id']]))} |" for fact in carried]
    lines += ["", "## Not carried", "", "| fact | clause | number | statement |", "|---|---|---|---|"]
    lines += [f"{_row(fact)} {fact['statement']['en']} |" for fact in rest]
    lines += ["", "## Bounds of a scope", "", "| fact | clause | number | statement |", "|---|---|---|---|"]
    lines += [f"{_row(fact)} {fact['statement']['en']} |" for fact in scope]
    lines += ["", "## Outside: no process", "", "| fact | clause | number | what it is |", "|---|---|---|---|"]
    lines += [f"{_row(fact)} {OUTSIDE[fact['id']]} |" for fact in outside]
    return "\n".join(lines) + "\n"


def _row(fact: Mapping[str, Any]) -> str:
    return f"| `{fact['id']}` | {fact['clause']['en']} | {fact['number']:g} {fact['unit']} |"


def _uses(variant: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Facts that a variant cites, each with the place that cites it."""
    for target in variant.get("targets", ()):
        yield target["source"], f"target `{target['indicator']}`"
    for measured in variant.get("measured", ()):
        for part in ("limit", "visits", "documents", "cost"):
            if part in measured:
                yield measured[part]["source"], f"{part} of `{measured['element']}`"
    for gateway, route in variant.get("routes", {}).items():
        if "source" in route:
            yield route["source"], f"choice at `{gateway}`"


def _plain(file: Path) -> Any:
    return YAML(typ="safe").load(file.read_text(encoding="utf-8"))


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
