"""Writes the reference of the language and its JSON Schema: ``python -m scenarios.reference``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from scenarios.schema import Scenario
from scenarios.schema.hall import HallScenario

__all__ = ["PAGE", "SCHEMA", "json_schema", "page", "write"]

ROOT: Final = Path(__file__).parent.parent
PAGE: Final = ROOT / "docs" / "reference" / "scenario.md"
SCHEMA: Final = Path(__file__).parent / "scenario.schema.json"

_INTRODUCTION: Final = """\
# The scenario language, schema 1

This page is written by `python -m scenarios.reference` from the models in `scenarios/schema/`.

A scenario is one YAML file in UTF-8.
Unknown keys and keys without a value are refused.
Every number of elements, routes, pools, attributes, arrivals, limits, targets and references names a source.
Where a mapping around a number carries `source`, the number may leave it out.
Where the place says everything else, a bare number stands for `{value: number}`.
A [hall](#hallscenario) is another file: several pipelines at once on shared people.
For editors that check YAML, write `# yaml-language-server: $schema=scenario.schema.json` in the first line.
"""


def page() -> str:
    """The reference of the language in Markdown: a section per mapping, a row per key."""
    return "\n".join([_INTRODUCTION, *(_section(model) for model in _models(HallScenario, _models(Scenario, [])))])


def json_schema() -> str:
    """The JSON Schema of a scenario file."""
    return json.dumps(Scenario.model_json_schema(by_alias=True), ensure_ascii=False, indent=1) + "\n"


def write() -> None:
    """Write both files."""
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
    SCHEMA.write_text(json_schema(), encoding="utf-8")


def _models(model: type[BaseModel], found: list[type[BaseModel]]) -> list[type[BaseModel]]:
    """A model and all that it uses, in the order of first use."""
    if model not in found:
        found.append(model)
        for info in model.model_fields.values():
            for inner in _models_in(info.annotation):
                _models(inner, found)
    return found


def _models_in(kind: Any) -> Iterator[type[BaseModel]]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
    for part in get_args(kind):
        yield from _models_in(part)


def _section(model: type[BaseModel]) -> str:
    rows = ["| key | type | unless given | meaning |", "|---|---|---|---|"]
    for name, info in model.model_fields.items():
        cells = (f"`{info.alias or name}`", _type(info), _default(info), info.description or "")
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    heading = f"## {model.__name__}\n\n{(model.__doc__ or '').strip()}\n\n"
    return heading + "\n".join(rows) + "\n"


def _default(info: FieldInfo) -> str:
    if info.is_required():
        return "**required**"
    default = info.default
    if default is None or default is PydanticUndefined or default == () or isinstance(default, BaseModel):
        return "-"
    return f"`{json.dumps(default)}`"


def _type(info: FieldInfo) -> str:
    bounds = [
        f"{sign} {getattr(part, attribute)}"
        for part in info.metadata
        for attribute, sign in (("gt", ">"), ("ge", "≥"), ("lt", "<"), ("le", "≤"))
        if getattr(part, attribute, None) is not None
    ]
    return " ".join([_named(info.annotation), *bounds])


def _named(kind: Any) -> str:
    """A type in words."""
    simple = {
        str: "text",
        float: "number",
        int: "whole number",
        bool: "true or false",
        date: "date",
        Any: "anything",
    }
    if kind in simple:
        return simple[kind]
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return f"[{kind.__name__}](#{kind.__name__.lower()})"
    origin, parts = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return _named(parts[0])
    if origin is Literal:
        return ", ".join(f"`{json.dumps(part) if part is True else part}`" for part in parts)
    if origin in (Union, UnionType):
        return " or ".join(_named(part) for part in parts if part is not type(None))
    if origin is dict:
        return f"mapping of {_named(parts[0])} to {_named(parts[1])}"
    if origin is tuple and parts[-1] is Ellipsis:
        return f"list of {_named(parts[0])}"
    return f"list of {len(parts)} numbers"


if __name__ == "__main__":
    write()
