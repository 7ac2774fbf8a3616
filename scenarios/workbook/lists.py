"""What the drop-downs of a scenario's workbook choose from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from engine.texts import catalogue
from scenarios.loading import LoadedScenario
from scenarios.sources import policy_facts
from scenarios.workbook.tables import Leaf
from simulations.indicators import indicator_of_sum, sum_unit

__all__ = ["Lists"]

MOST_DIRECT: Final = 250  # characters of a list that Excel takes in the rule itself
LAST_LINE: Final = 504
_TABLES: Final = {  # keys whose value is a name of another sheet
    "variants": "variants",
    "hours": "calendar.hours",
    "office": "calendar.hours",
    "sittings": "calendar.hours",
    "attributes": "attributes",
}
_STATIC: Final = {  # keys whose value stands in the diagrams, the policy or the language
    "source": "sources",
    "element": "elements",
    "elements": "elements",
    "routes": "elements",
    "repeats": "elements",
    "assigns": "elements",
    "names": "all",
    "shares": "flows",
    "each": "flows",
    "at_most": "flows",
    "conditions": "flows",
    "default": "flows",
    "attempts.way": "flows",
    "indicator": "indicators",
    "diagram": "diagrams",
}


class Lists:
    """The names that a scenario and its diagrams have."""

    def __init__(self, loaded: LoadedScenario, language: str) -> None:
        elements: dict[str, str] = {}
        flows: dict[str, str] = {}
        every: dict[str, str] = {}
        indicators = dict.fromkeys(
            key.removeprefix("indicator.") for key in catalogue("en") if key.startswith("indicator.")
        )
        for model in loaded.models.values():
            process = model.diagram.process
            for element in process.elements:
                elements.setdefault(element, model.name_of(element, language))
            elements.setdefault(process.id, model.name_of(process.id, language))
            for flow in process.flows.values():
                ends = (model.name_of(end, language) for end in (flow.source, flow.target))
                flows.setdefault(flow.id, " > ".join(ends))
            every |= {lane: model.name_of(lane, language) for lane in process.lanes}
            for total in model.sums:
                indicators[indicator_of_sum(total, sum_unit(total, model.measured))] = None
        sources = dict.fromkeys([*loaded.stated.sources, *policy_facts()], "")
        self.columns: dict[str, Mapping[str, str]] = {
            "sources": sources,
            "elements": elements,
            "flows": flows,
            "all": elements | every | flows,
            "indicators": dict.fromkeys(indicators, ""),
        }
        self.sheets: dict[str, str] = {}

    def names_of(self, key: str) -> Mapping[str, str] | None:
        """What people call the things that a column names, where the diagrams know."""
        column = _STATIC.get(key)
        return self.columns[column] if column in ("elements", "flows", "all") else None

    def place(self, table: str, sheet: str) -> None:
        """Say on which sheet a table stands."""
        self.sheets[table] = sheet

    def write(self, sheet: Any, name: str) -> None:
        """The columns of what the diagrams know."""
        for column, words in enumerate(self.columns.values()):
            for line, word in enumerate(words):
                sheet.write_string(line, column, word)

    def rule(self, leaf: Leaf, table: str = "") -> dict[str, Any] | None:
        """The rule of a cell of a table, in the words of xlsxwriter; nothing where anything may stand."""
        if leaf.options and len(",".join(leaf.options)) <= MOST_DIRECT and not any("," in o for o in leaf.options):
            return {"validate": "list", "source": list(leaf.options)}
        if leaf.kind == "truth":
            return {"validate": "list", "source": ["TRUE", "FALSE"]}
        key = leaf.path[-1] if leaf.path else ""
        if leaf.kind == "text" and key in _TABLES and _TABLES[key] != table:  # not where the names are given
            return _suggest(f"='{self.sheets[_TABLES[key]]}'!$A$4:$A${LAST_LINE}")
        if leaf.kind == "text" and key in _STATIC and _STATIC[key] in self.columns:
            number = list(self.columns).index(_STATIC[key])
            letter = chr(ord("A") + number)
            return _suggest(f"=lists!${letter}$1:${letter}${max(len(self.columns[_STATIC[key]]), 1)}")
        if leaf.kind == "number" and leaf.least is not None:
            return {"validate": "decimal", "criteria": ">=", "value": leaf.least, "error_type": "warning"}
        return None


def _suggest(source: str) -> dict[str, Any]:
    """A list to choose from, beside which other words may stand: a new name is written before it is filled."""
    return {"validate": "list", "source": source, "error_type": "information", "show_error": False}
