"""Moves one assumption of a scenario to another value, and builds the models anew.

A distribution keeps its form: all its parameters are stretched until its mean is the value asked for.
The share of one way of a choice takes from the other ways, or gives to them, in proportion.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path as FilePath
from typing import Any, Final

from scenarios import library, overriding
from scenarios.building.backlog import with_lead
from scenarios.building.clocks import Clocks, clocks_of
from scenarios.building.draws import distribution
from scenarios.building.variants import build
from scenarios.findings import Findings
from scenarios.reading import Document, Path, read
from scenarios.schema import Scenario
from scenarios.schema.numbers import DISTRIBUTIONS, Drawn
from scenarios.validating import validate
from simulations.model import SimulationModel

__all__ = ["MovableScenario"]

_PLAIN: Final = ("value", "probability")
_WHOLE: Final = "units"  # numbers of people are whole
_SHAPES: Final = ("shape", "weights")  # what a stretched distribution keeps


class MovableScenario:
    """A scenario whose assumptions can be moved, one at a time.

    Args:
        name_or_path: As for `scenarios.loading.load`, like all that follows; the scenario must be sound.
        overrides: Applied before anything is moved.
        holidays: A file of holidays.
        seed: In the place of that of the file.

    Raises:
        BadInput: The scenario is not sound.
    """

    def __init__(
        self,
        name_or_path: str,
        overrides: Sequence[str] = (),
        holidays: FilePath | None = None,
        seed: int | None = None,
    ) -> None:
        file = library.find(name_or_path)
        document = read(file.read_bytes(), str(file))
        findings = Findings(document)
        base = validate(document, findings)
        findings.stop_on_errors()
        assert base is not None  # or there are errors
        self.document, self.changes = overriding.apply(document, base, overrides, findings)
        findings.document = self.document
        scenario = validate(self.document, findings)
        findings.stop_on_errors()
        assert scenario is not None  # or there are errors
        scenario = with_lead(scenario, findings)
        clocks = clocks_of(scenario, holidays, findings)
        findings.stop_on_errors()
        assert clocks is not None  # or there are errors
        self.clocks: Clocks = clocks
        self.seed = seed

    def value(self, place: str) -> float | None:
        """The number at a place, or the mean of the distribution there; None where there is no single number."""
        path = self._path(place)
        if path is None:
            return None
        node = _at(self.document.data, path)
        if isinstance(node, int | float) and not isinstance(node, bool):
            return float(node)
        if not isinstance(node, Mapping):
            return None
        for key in _PLAIN:
            if isinstance(node.get(key), int | float):
                return float(node[key])
        way = next((key for key in DISTRIBUTIONS if key in node), None)
        if way is None:
            return None
        drawn = distribution(Drawn.model_validate({way: node[way]}), path, Findings(self.document))
        return None if drawn is None or drawn.mean == 0 else drawn.mean

    def move(self, place: str, value: float, variants: Sequence[str]) -> dict[str, SimulationModel]:
        """The models with one assumption at another value.

        Args:
            place: Of the assumption, one that `value` knows.
            value: The number, or the mean.
            variants: Which models are wanted.

        Raises:
            BadInput: The scenario is not sound with that value.
        """
        path = self._path(place)
        before = self.value(place)
        assert path is not None, place
        assert before is not None, place
        data = _with(self.document.data, path, _moved(_at(self.document.data, path), before, value, path[-1] == _WHOLE))
        data = _balanced(data, path, before, value)
        document = Document(self.document.file, data, self.document.positions)
        findings = Findings(document)
        scenario = validate(document, findings)
        findings.stop_on_errors()
        assert scenario is not None  # or there are errors
        scenario = with_lead(scenario, findings)
        models = build(self._wanted(scenario, variants), self.clocks, findings, self.changes)
        if any(name not in models for name in variants):  # what the other variants need is no matter here
            findings.stop_on_errors()
        return models

    def _wanted(self, scenario: Scenario, variants: Sequence[str]) -> Scenario:
        chosen: dict[str, Any] = {"variants": {name: scenario.variants[name] for name in variants}}
        if self.seed is not None:
            chosen["study"] = scenario.study.model_copy(update={"seed": self.seed})
        return scenario.model_copy(update=chosen)

    def _path(self, place: str) -> Path | None:
        """The keys to a place: keys may have dots in them."""
        return _resolved(self.document.data, tuple(place.split(".")))


def _resolved(node: object, words: Path) -> Path | None:
    if not words:
        return ()
    for length in range(1, len(words) + 1):
        key = ".".join(words[:length])
        below = _step(node, key)
        if below is not None:
            rest = _resolved(below, words[length:])
            if rest is not None:
                return (key, *rest)
    return None


def _step(node: object, key: str) -> object:
    if isinstance(node, Mapping):
        return {str(k): v for k, v in node.items()}.get(key)
    if isinstance(node, tuple) and key.isdecimal() and int(key) < len(node):
        return node[int(key)]
    return None


def _at(node: object, path: Path) -> Any:
    for key in path:
        node = _step(node, key)
    return node


def _with(node: Any, path: Path, value: object) -> Any:
    """The same data with something else at one place."""
    if not path:
        return value
    if isinstance(node, tuple):
        return tuple(_with(item, path[1:], value) if str(i) == path[0] else item for i, item in enumerate(node))
    return {key: _with(item, path[1:], value) if str(key) == path[0] else item for key, item in node.items()}


def _moved(node: Any, before: float, value: float, whole: bool) -> Any:
    shown: float = round(value) if whole else value
    if not isinstance(node, Mapping):
        return shown
    for key in _PLAIN:
        if key in node:
            return {**node, key: shown}
    way = next(key for key in DISTRIBUTIONS if key in node)
    return {**node, way: _stretched(node[way], value / before)}


def _stretched(parameters: Any, factor: float) -> Any:
    if isinstance(parameters, Mapping):
        return {k: v if k in _SHAPES else _stretched(v, factor) for k, v in parameters.items()}
    if isinstance(parameters, tuple):
        return tuple(_stretched(parameter, factor) for parameter in parameters)
    return parameters * factor


def _balanced(data: Any, path: Path, before: float, value: float) -> Any:
    """Let the other ways of a choice leave what one way takes, unless one of them is the rest."""
    if "routes" not in path or ("shares" not in path and "attempts" not in path):
        return data
    ways = _at(data, path[:-1])
    others = {key: way for key, way in ways.items() if str(key) != path[-1]}
    shares = {key: way if isinstance(way, int | float) else _number(way) for key, way in others.items()}
    left = 1 - before
    if any(share is None for share in shares.values()) or left <= 0:
        return data
    balanced = {key: share * (1 - value) / left for key, share in shares.items() if share is not None}
    sources = {
        key: {"source": way["source"]} for key, way in others.items() if isinstance(way, Mapping) if "source" in way
    }
    new = {
        key: {"value": balanced[key], **sources.get(key, {})} if key in balanced else way for key, way in ways.items()
    }
    return _with(data, path[:-1], new)


def _number(way: object) -> float | None:
    value = way.get("value") if isinstance(way, Mapping) else None
    return value if isinstance(value, int | float) else None
