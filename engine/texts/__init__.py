"""Every sentence that a planner sees, in one catalogue per language.

A catalogue is the folder ``engine/texts/<language>/``: one TOML file per room, merged.
Keys are dotted; values are ``str.format`` templates.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

__all__ = ["LANGUAGES", "catalogue", "text"]

LANGUAGES = ("en", "zh")


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """All texts of a language, flat: dotted key to template."""
    texts: dict[str, str] = {}
    for file in sorted(files(__name__).joinpath(language).iterdir(), key=lambda f: f.name):
        if file.name.endswith(".toml"):
            _flatten("", tomllib.loads(file.read_text(encoding="utf-8")), texts)
    return texts


def text(key: str, language: str, /, **values: object) -> str:
    """The sentence of ``key`` with its values filled in.

    Raises:
        KeyError: The catalogue has no such key; a test keeps both languages equal.
    """
    return catalogue(language)[key].format(**values)


def _flatten(prefix: str, tree: Mapping[str, object], into: dict[str, str]) -> None:
    for key, value in tree.items():
        if isinstance(value, Mapping):
            _flatten(f"{prefix}{key}.", value, into)
        elif f"{prefix}{key}" in into:
            raise KeyError(f"two files of the catalogue define {prefix}{key}")
        else:
            into[f"{prefix}{key}"] = str(value)
