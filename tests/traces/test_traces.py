"""Does the token move as BPMN says? A small diagram beside its expected trace, for every element.

``<name>.toml`` says in a sentence what must hold, what each element takes (minutes), and the rows of the log:
``case element enabled started worked ended outcome``. Where SpiffWorkflow cannot judge it, ``no_judge`` says why.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from engine.diagram.reader import read
from engine.elements import MEANINGS
from engine.errors import BadInput
from engine.kernel.compiling import numba_is_installed
from engine.live.derive import derive
from engine.live.replay import replay
from engine.net import Chances, Repetition, Routing, Shares
from simulations.distributions import empirical
from simulations.drivers.compiled.driver import simulate_compiled
from simulations.drivers.simpy_driver import simulate
from simulations.model import AttributeModel, SimulationModel
from tests.support.modelling import Do, model_of, pool, told

HERE = Path(__file__).parent
NAMES = sorted(file.stem for file in HERE.glob("*.bpmn"))


def truth(name: str, spec: Mapping[str, Any]) -> tuple[str, ...]:
    """The values of an attribute: none for a number."""
    return ("false", "true") if name in spec.get("truths", ()) else ()


def traced_model(name: str) -> tuple[SimulationModel, list[str]]:
    """The model of a trace and its expected rows."""
    spec = tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8"))
    assert spec["sentence"].endswith(".")
    routing: dict[str, Routing] = {g: Shares(tuple(r["rows"])) for g, r in spec.get("shares", {}).items()}
    routing |= {g: Chances(tuple(r["rows"]), r.get("default")) for g, r in spec.get("chances", {}).items()}
    model = model_of(
        read(HERE / f"{name}.bpmn"),
        {element: Do(**{**do, "pools": tuple(do.get("pools", ()))}) for element, do in spec["does"].items()},
        pools=[pool("p")],
        routing=routing,
        attributes=[
            AttributeModel(n, truth(n, spec), empirical(values)) for n, values in spec.get("attributes", {}).items()
        ],
        arrivals=spec.get("arrivals", [0]),
        days=2,
        seed=spec.get("seed", 1),
        repeats={
            id_: Repetition(r.get("instances"), tuple(r.get("again", ())), r.get("until"))
            for id_, r in spec.get("repeats", {}).items()
        },
        assigns=spec.get("assigns", {}),
    )
    return model, [line.strip() for line in spec["rows"].strip().splitlines()]


@pytest.mark.parametrize("plain", [True, pytest.param(False, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", NAMES)
def test_the_token_moves_as_expected(name, plain):
    """The log of the reference driver is the expected trace, row by row, in either form of the kernel."""
    model, expected = traced_model(name)
    assert told(model, simulate(model, 0, plain)) == expected


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_the_compiled_driver_agrees(name):
    """Its log is the expected trace too."""
    if not numba_is_installed():
        pytest.skip("numba is not installed; there is one driver")
    model, expected = traced_model(name)
    assert told(model, simulate_compiled(model, 0)) == expected


@pytest.mark.parametrize("name", NAMES)
def test_spiffworkflow_agrees(name):
    """Another engine accepts the trace, or its derived diagram refuses it by name."""
    model, _ = traced_model(name)
    if "no_judge" in tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8")):
        with pytest.raises(BadInput):
            derive(model.diagram)
        return
    assert replay(model.diagram, model.net, simulate(model, 0)) == []


def test_every_diagram_has_its_trace_and_every_trace_its_diagram():
    """No file stands without its partner."""
    assert sorted(file.stem for file in HERE.glob("*.toml")) == NAMES


def test_every_supported_element_has_a_trace():
    """A new element comes with its trace."""
    drawn = {element.tag for name in NAMES for element in read(HERE / f"{name}.bpmn").process.elements.values()}
    assert set(MEANINGS) <= drawn
