"""The reference of the language and its JSON Schema are those of the models, and the texts are complete."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from string import Formatter

from engine.texts import catalogue
from scenarios import reference, schema
from scenarios.schema import base, calendar, cases, numbers, process, scenario

ROOT = Path(__file__).parents[3]
CODE = re.compile(r"(?:error|warn|unknown|refuse|complaint)\(\s*(?:node, )?\"([a-z_.]+)\"")


def test_the_reference_is_current() -> None:
    """The committed page is what `python -m scenarios.reference` writes."""
    assert reference.PAGE.read_text(encoding="utf-8") == reference.page()


def test_the_json_schema_is_current() -> None:
    """The committed JSON Schema is what `python -m scenarios.reference` writes."""
    assert reference.SCHEMA.read_text(encoding="utf-8") == reference.json_schema()
    assert json.loads(reference.json_schema())["required"]


def test_every_key_is_described() -> None:
    """Each key of each mapping says what it means."""
    modules = (base, calendar, cases, numbers, process, scenario)
    models = {
        model
        for module in modules
        for model in vars(module).values()
        if isinstance(model, type) and issubclass(model, base.Model)
    }
    for model in sorted(models, key=lambda one: one.__name__):
        for name, info in model.model_fields.items():
            assert info.description, f"{model.__name__}.{name}"


def test_both_languages_have_the_same_texts_with_the_same_values() -> None:
    """Each sentence of the scenarios stands in both languages and asks for the same values."""

    def values(text: str) -> set[str]:
        return {field for _, field, _, _ in Formatter().parse(text) if field}

    english = {key: text for key, text in catalogue("en").items() if key.startswith(("finding.scenario.", "sum."))}
    chinese = {key: text for key, text in catalogue("zh").items() if key.startswith(("finding.scenario.", "sum."))}
    assert list(english) == list(chinese)
    for key, text in english.items():
        assert values(text) == values(chinese[key]), key
        assert not values(text) & {"key", "language"}, key  # the catalogue's own arguments


def test_every_code_has_its_text() -> None:
    """Codes that the program names stand in the catalogue."""
    for file in sorted((ROOT / "scenarios").rglob("*.py")):
        if file.parent.name == "interchange":
            continue  # has codes of its own, and a test of them
        for code in CODE.findall(file.read_text(encoding="utf-8")):
            known = [f"finding.scenario.{prefix}{code}.message" for prefix in ("", "yaml.", "unknown.")]
            known += [f"finding.planning.{code}.message"] if file.parent.name == "workbook" else []
            assert any(key in catalogue("en") for key in known), f"{file.name}: {code}"


def test_listing_the_library_loads_nothing_heavy() -> None:
    """The names of the library are known without pydantic, ruamel.yaml, lxml or numpy."""
    heavy = "{'pydantic', 'ruamel', 'lxml', 'numpy', 'scipy'}"
    program = f"import sys; from scenarios import library; library.names(); print({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "set()"


def test_public_names_are_sorted() -> None:
    """What a module offers stands in its sorted `__all__`."""
    for module in (base, calendar, cases, numbers, process, scenario, schema, reference):
        assert list(module.__all__) == sorted(module.__all__, key=lambda name: (not name.isupper(), name))
