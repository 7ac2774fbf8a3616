"""Any valid scenario loads; any single change of it loads or is refused with a line; nothing else happens."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.errors import BadInput
from scenarios.loading import LoadedScenario, assemble
from scenarios.reading import Document, read
from scenarios.validating import keys_of, model_at

DATA = Path(__file__).parents[2] / "data" / "scenarios"
BASE = read((DATA / "licence.yaml").read_bytes(), "licence.yaml").data
QUICK = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    database=None,
)

positive = st.floats(0.01, 500, allow_nan=False).map(lambda x: round(x, 3))
share = st.integers(0, 100).map(lambda n: n / 100)


def placed(data: Any) -> Document:
    """A document of data, as if each key stood on a line of its own."""
    positions: dict[tuple[str, ...], tuple[int, int]] = {}

    def walk(part: Any, path: tuple[str, ...]) -> None:
        items = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, tuple) else ()
        for key, inner in items:
            positions[(*path, str(key))] = (len(positions) + 1, len(path) + 1)
            walk(inner, (*path, str(key)))

    walk(data, ())
    return Document(str(DATA / "licence.yaml"), data, positions)


def loaded(data: Any) -> LoadedScenario:
    """The scenario that data states."""
    return assemble(placed(data), b"")


@st.composite
def drawn(draw: st.DrawFn) -> dict[str, Any]:
    """A valid number or distribution, without unit and source."""
    numbers = sorted(draw(st.lists(positive, min_size=3, max_size=3, unique=True)))
    low, mode, high = numbers
    return draw(
        st.sampled_from(
            [
                {"value": mode},
                {"uniform": (low, high)},
                {"triangular": (low, mode, high)},
                {"pert": (low, mode, high)},
                {"exponential": mode},
                {"lognormal": {"mean": mode, "sd": mode / 2}},
                {"gamma": {"mean": mode, "sd": mode / 2}},
                {"normal": {"mean": mode, "sd": mode / 4}},
                {"weibull": {"shape": 1.5, "scale": mode}},
                {"erlang": {"shape": 3, "mean": mode}},
                {"beta": {"low": 0.0, "high": 2 * mode, "mean": mode, "sd": mode / 3}},
                {"empirical": (low, mode, high)},
                {"empirical": {"values": (low, mode), "weights": (1, 3)}},
            ]
        )
    )


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """A valid scenario over the two diagrams of the tests."""
    data: dict[str, Any] = copy.deepcopy(dict(BASE))
    data["overrides"] = {name: data["overrides"][name] for name in ("more_staff", "fixed_acceptance")}
    elements = data["common"]["elements"]
    units = st.sampled_from(["minute", "hour"])
    elements["Accept"]["effort"] = {**draw(drawn()), "unit": draw(units), "source": "law"}
    days = st.sampled_from(["minute", "hour", "working_day", "natural_day"])
    elements["Survey"]["dwell"] = {**draw(drawn()), "unit": draw(days), "source": "law"}
    elements["Survey"]["by"] = draw(st.sampled_from(["office", "applicant", "third_party"]))
    pool = data["pools"]["counter"]
    pool["units"] = {"value": draw(st.integers(1, 20)), "source": "law"}
    pool["hours"] = draw(st.sampled_from(["office", "always"]))
    pool["shift_end"] = draw(st.sampled_from(["suspend", "finish"]))
    p = draw(share)
    data["common"]["routes"]["Complete"] = draw(
        st.sampled_from(
            [
                {"shares": {"Flow_correct": p, "Flow_small": "rest"}, "source": "law"},
                {"shares": {"Flow_correct": "rest", "Flow_small": p}, "source": "law"},
                {"attempts": ({"Flow_correct": p, "Flow_small": "rest"}, {"Flow_small": 1}), "source": "law"},
                {"conditions": {"Flow_correct": "use == 'factory'"}, "default": "Flow_small"},
            ]
        )
    )
    data["arrivals"] = draw(
        st.sampled_from(
            [
                {"rate": {"value": draw(positive), "per": per, "source": "law"}}
                for per in ("hour", "working_day", "natural_day", "week", "month", "year")
            ]
            + [
                {"every": {"value": draw(positive), "unit": "hour", "source": "law"}, "hours": "always"},
                {"dates": {"list": ("2022-01-04 09:00", "2022-01-05"), "source": "law"}},
            ]
        )
    )
    horizon = draw(st.integers(10, 60))
    warmup = draw(st.integers(0, horizon - 1))
    data["study"] = {"start": data["study"]["start"], "horizon": {"value": horizon}, "replications": 1}
    data["study"]["warmup"] = {"value": warmup}
    return data


def paths(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The keys and items of data at every depth, as they are in it."""
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, tuple) else ()
    for key, inner in items:
        yield (*path, key)
        yield from paths(inner, (*path, key))


def changed(data: Any, path: tuple[Any, ...], how: Any) -> Any:
    """Data with one place changed: ``how`` gets what is around it and the key, and returns a copy."""
    if len(path) == 1:
        return how(data, path[0])
    if isinstance(data, tuple):
        items = list(data)
        items[path[0]] = changed(data[path[0]], path[1:], how)
        return tuple(items)
    return {**data, path[0]: changed(data[path[0]], path[1:], how)}


def dropped(around: Any, key: Any) -> Any:
    """Without a key or item."""
    if isinstance(around, tuple):
        return (*around[:key], *around[key + 1 :])
    return {k: v for k, v in around.items() if k != key}


def renamed(around: Any, key: Any) -> Any:
    """With another name for a key."""
    if isinstance(around, tuple):
        return (*around, "extra")
    return {(f"{k}_x" if k == key else k): v for k, v in around.items()}


def replaced(value: Any) -> Any:
    """With another value."""

    def put(around: Any, key: Any) -> Any:
        if isinstance(around, tuple):
            return (*around[:key], value, *around[key + 1 :])
        return {**around, key: value}

    return put


def refusal(data: Any) -> BadInput | None:
    """How data is refused, if it is; every error must have its line."""
    try:
        loaded(data)
    except BadInput as error:
        for finding in error.findings:
            assert finding.line is not None, finding
            assert finding.file
            assert finding.describe("zh")
        return error
    return None


@QUICK
@given(documents())
def test_valid_scenarios_load(data: dict[str, Any]) -> None:
    """A valid scenario gives a model for each variant, in order."""
    scenario = loaded(data)
    assert list(scenario.models) == ["before", "after"]
    for model in scenario.models.values():
        assert len(model.activities) == len(model.net.elements)
        assert all(model.activities[node] is not None for node in model.net.waiting_nodes)


OTHERS = st.sampled_from(["text", -1, 2.5, True, (), {}, (1, "x"), {"a": 1}, 10**400, -1e300, "2022-01-01", 0])


@settings(QUICK, max_examples=400)
@given(documents(), st.data())
def test_any_change_loads_or_is_refused_with_a_line(data: dict[str, Any], choice: st.DataObject) -> None:
    """Whatever single place is dropped, renamed or replaced: models, or findings with lines."""
    path = choice.draw(st.sampled_from(list(paths(data))))
    how = choice.draw(st.sampled_from([dropped, renamed, replaced(choice.draw(OTHERS))]))
    refusal(changed(data, path, how))


@QUICK
@given(documents(), st.data())
def test_unknown_and_missing_keys_are_always_refused(data: dict[str, Any], choice: st.DataObject) -> None:
    """A renamed key of the language is refused, wherever it stands."""
    fixed = [
        path
        for path in paths(data)
        if path[0] != "overrides" and path[-1] in keys_of(model_at(tuple(map(str, path[:-1]))))
    ]
    path = choice.draw(st.sampled_from(fixed))
    error = refusal(changed(data, path, renamed))
    assert error is not None
    assert any(finding.code == "scenario.unknown.key" for finding in error.findings)


@QUICK
@given(documents(), st.data())
def test_wrong_types_are_always_refused(data: dict[str, Any], choice: st.DataObject) -> None:
    """A mapping in the place of a plain value is refused, and so is a text in the place of a mapping."""
    spots = list(paths(data))
    path = choice.draw(st.sampled_from([p for p in spots if p[0] != "overrides"]))
    here: Any = data
    for key in path:
        here = here[key]
    wrong = "words" if isinstance(here, dict) else {"strange": {}}
    assert refusal(changed(data, path, replaced(wrong))) is not None


@QUICK
@given(documents(), st.data())
def test_negative_times_are_always_refused(data: dict[str, Any], choice: st.DataObject) -> None:
    """No number of an effort or dwell may be below 0."""
    spots = []
    for path in paths(data):
        here: Any = data
        for key in path:
            here = here[key]
        timed = any(part in ("effort", "dwell", "units", "rate", "horizon") for part in path)
        if timed and path[0] != "overrides" and isinstance(here, int | float) and not {"weights", "range"} & set(path):
            spots.append(path)
    path = choice.draw(st.sampled_from(spots))
    assert refusal(changed(data, path, replaced(-7.0))) is not None
