"""From plain data to a `Scenario`, or to all findings about its form, each at its line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from scenarios.findings import Findings, nearest
from scenarios.reading import Document, Path
from scenarios.schema import Scenario

__all__ = ["keys_of", "model_at", "validate", "validate_as"]

Root = TypeVar("Root", bound=BaseModel)

_TYPES = {
    "model_type": "mapping",
    "model_attributes_type": "mapping",
    "dict_type": "mapping",
    "mapping_type": "mapping",
    "tuple_type": "list",
    "list_type": "list",
    "string_type": "text",
    "float_type": "number",
    "float_parsing": "number",
    "finite_number": "finite",
    "int_type": "whole",
    "int_parsing": "whole",
    "int_from_float": "whole",
    "int_parsing_size": "whole",
    "bool_type": "truth",
    "bool_parsing": "truth",
}
_BOUNDS = {"greater_than": "gt", "greater_than_equal": "ge", "less_than": "lt", "less_than_equal": "le"}
_SIGNS = {"gt": ">", "ge": ">=", "lt": "<", "le": "<="}


def validate(document: Document, findings: Findings) -> Scenario | None:
    """The scenario that a document states, or nothing and the reasons among ``findings``."""
    return validate_as(Scenario, document, findings)


def validate_as(root: type[Root], document: Document, findings: Findings) -> Root | None:
    """What a document of another kind states, or nothing and the reasons among ``findings``."""
    try:
        return root.model_validate(dict(document.data))
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            _note(detail, document, findings, root)
        return None


def _note(detail: Any, document: Document, findings: Findings, root: type[BaseModel]) -> None:
    kind: str = detail["type"]
    context: Mapping[str, Any] = detail.get("ctx", {})
    path, missing = _path(detail["loc"], document)
    value = detail["input"]
    if "code" in context:
        values = {key: value for key, value in context.items() if key != "code"}
        findings.error(str(context["code"]), path, **values)
    elif kind == "missing":
        findings.error("missing_key", path, name=missing)
    elif kind == "extra_forbidden":
        key = path[-1]
        if "：" in key:
            findings.error("yaml.full_width_colon", path)
        else:
            findings.unknown("key", path, key, keys_of(model_at(path[:-1], root)))
    elif kind in _TYPES:
        if isinstance(value, str) and "：" in value and _TYPES[kind] == "mapping":
            findings.error("yaml.full_width_colon", path)
        else:
            findings.error(f"type.{_TYPES[kind]}", path, found=_shown(value))
    elif kind == "literal_error":
        expected = str(context["expected"])
        options = re.findall(r"'([^']*)'", expected) or [expected]
        findings.error(
            "option",
            path,
            found=_shown(value),
            options=", ".join(options),
            near=nearest(_shown(value), options),
        )
    elif kind in _BOUNDS:
        bound = context[_BOUNDS[kind]]
        findings.error("bound", path, found=_shown(value), bound=f"{_SIGNS[_BOUNDS[kind]]} {bound}")
    elif kind in ("too_short", "too_long"):
        findings.error("length", path, found=context["actual_length"], expected=context.get("min_length", "-"))
    elif kind == "string_too_short":
        findings.error("no_text", path)
    elif kind == "string_pattern_mismatch":
        findings.error("name", path, found=_shown(value))
    else:
        findings.error("value", path, found=_shown(value), problem=detail["msg"])


def _path(location: tuple[int | str, ...], document: Document) -> tuple[Path, str]:
    """The keys that a location of pydantic names; and its last part, whether the file has it or not.

    What stands nowhere in the file is left out: names of alternatives, and of long forms behind short ones.
    """
    path: Path = ()
    for part in location:
        if (*path, str(part)) in document.positions:
            path = (*path, str(part))
    return path, str(location[-1]) if location else ""


def _shown(value: object) -> str:
    if isinstance(value, Mapping):
        return "{...}"
    if isinstance(value, tuple):
        return "[...]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    return str(value)[:40]


def keys_of(model: type[BaseModel] | None) -> list[str]:
    """The keys of a mapping of the language, as a file has them."""
    return [info.alias or name for name, info in model.model_fields.items()] if model else []


def model_at(path: Path, root: type[BaseModel] = Scenario) -> type[BaseModel] | None:
    """The model of the mapping at a place of a scenario; nothing where keys are free."""
    kind: Any = root
    for key in path:
        models = _models(kind)
        if models:
            fields = {info.alias or name: info.annotation for name, info in models[0].model_fields.items()}
            kind = fields.get(key)
        else:
            kind = _inside(kind)
    models = _models(kind)
    return models[0] if models else None


def _models(kind: Any) -> list[type[BaseModel]]:
    """The models among the alternatives of a type."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return [kind]
    if get_origin(kind) is Annotated:
        return _models(get_args(kind)[0])
    if get_origin(kind) in (Union, UnionType):
        return [model for part in get_args(kind) for model in _models(part)]
    return []


def _inside(kind: Any) -> Any:
    """The type of what stands inside a mapping or list with free keys."""
    origin = get_origin(kind)
    if origin is Annotated:
        return _inside(get_args(kind)[0])
    if origin in (Union, UnionType):
        return next((inner for part in get_args(kind) if (inner := _inside(part)) is not None), None)
    if origin is dict:
        return get_args(kind)[1]
    if origin is tuple:
        return get_args(kind)[0]
    return None
