import builtins
import contextlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.expressions import compile_condition, evaluate
from engine.expressions.compiling import ConditionError
from engine.net import Attribute

ATTRIBUTES = (
    Attribute("area"),
    Attribute("basement", ("false", "true")),
    Attribute("use", ("factory", "warehouse")),
)


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("area < 2000 and not basement", (1999.0, 0.0, 0.0), True),
        ("area < 2000 and not basement", (1999.0, 1.0, 0.0), False),
        ("area < 2000 and not basement", (2000.0, 0.0, 0.0), False),
        ("${area >= 2000}", (2000.0, 0.0, 0.0), True),
        ("use == 'warehouse'", (0.0, 0.0, 1.0), True),
        ("'warehouse' != use", (0.0, 0.0, 1.0), False),
        ("use in ['factory', 'warehouse']", (0.0, 0.0, 1.0), True),
        ("use not in ['factory']", (0.0, 0.0, 1.0), True),
        ("0 < area <= 10 or basement", (10.0, 0.0, 0.0), True),
        ("0 < area <= 10 or basement", (11.0, 0.0, 0.0), False),
        ("basement == true", (0.0, 1.0, 0.0), True),
        ("-area + 3 * 2 - 1 > 4 / 2", (2.5, 0.0, 0.0), True),
    ],
)
def test_a_condition_means_what_it_says(text, values, expected):
    """Comparisons, connectives, arithmetic, chains and lists have their usual meaning."""
    assert evaluate(compile_condition(text, ATTRIBUTES), values) is expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("area <", "syntax"),
        ("", "length"),
        ("area + 1", "not_a_truth"),
        ("aera < 1", "unknown_attribute"),
        ("use == 'office'", "unknown_value"),
        ("use < 3", "type"),
        ("area and basement", "type"),
        ("area == 'factory'", "type"),
        ("__import__('os').system('id')", "not_allowed"),
        ("().__class__", "not_allowed"),
        ("area ** 9 > 1", "not_allowed"),
        ("(lambda: 1)() > 0", "not_allowed"),
        ("area in use", "not_allowed"),
    ],
)
def test_what_is_no_condition_is_refused_by_name(text, code):
    """Everything else is refused with a finding that has a sentence and a cure in both languages."""
    with pytest.raises(ConditionError) as caught:
        compile_condition(text, ATTRIBUTES)
    finding = caught.value.finding("f.bpmn", 3, "Flow_1")
    assert caught.value.code == code
    for language in ("en", "zh"):
        assert finding.message(language)
        assert finding.cure(language)


def test_nothing_is_ever_evaluated_by_python(monkeypatch):
    """Python parses the text and runs none of it."""

    def forbidden(*_):
        raise AssertionError("eval or exec was reached")

    monkeypatch.setattr(builtins, "eval", forbidden)
    monkeypatch.setattr(builtins, "exec", forbidden)
    assert evaluate(compile_condition("area < 1", ATTRIBUTES), (0.0, 0.0, 0.0))


def test_division_by_zero_is_an_error_of_its_own():
    """It is not silently false."""
    with pytest.raises(ZeroDivisionError):
        evaluate(compile_condition("1 / area > 0", ATTRIBUTES), (0.0, 0.0, 0.0))


@given(st.text(max_size=60))
@example("not " * 200 + "basement")
@example("(" * 400 + "area" + ")" * 400 + " > 1")
@example("-" * 900 + "1 > 0")
@example("area" + " + (area" * 110 + ")" * 110 + " > 1")
@example("'\\d' == use")
def test_any_text_is_a_condition_or_a_condition_error(text):
    """No text whatever raises anything else, deep ones included."""
    with contextlib.suppress(ConditionError):
        compile_condition(text, ATTRIBUTES)


NUMBERS = st.recursive(
    st.sampled_from(["area", "1", "2.5", "0.25"]),
    lambda inner: st.tuples(inner, st.sampled_from(["+", "-", "*"]), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
    max_leaves=6,
)
TRUTHS = st.recursive(
    st.tuples(NUMBERS, st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), NUMBERS).map(
        lambda t: f"({t[0]} {t[1]} {t[2]})"
    )
    | st.sampled_from(["basement", "(use == 'factory')"]),
    lambda inner: (
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})")
        | inner.map(lambda t: f"(not {t})")
    ),
    max_leaves=8,
)


@given(TRUTHS, st.floats(-10, 10), st.booleans(), st.sampled_from([0, 1]))
def test_programs_agree_with_pythons_own_meaning(text, area, basement, use):
    """An independent evaluator, Python itself, finds the same truth for every condition of the language."""
    names = {"area": area, "basement": basement, "use": ATTRIBUTES[2].values[use]}
    expected = eval(text, {"__builtins__": {}}, names)
    assert evaluate(compile_condition(text, ATTRIBUTES), (area, float(basement), float(use))) is bool(expected)
