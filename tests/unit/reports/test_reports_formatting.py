from datetime import date
from math import nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.texts import LANGUAGES, catalogue
from reports.formatting import (
    UNITS,
    format_date,
    format_interval,
    format_number,
    format_quantity,
    format_share,
    unit_name,
)


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (27.44, None, "27.4"),
        (38, None, "38"),
        (38.0, 1, "38.0"),
        (-0.04, 1, "0.0"),
        (12345.6, 0, "12,346"),
        (9999.96, 1, "10,000.0"),
        (None, None, "-"),
        (nan, 2, "-"),
    ],
)
def test_numbers(value, decimals, expected):
    """One digit after the point unless whole; no negative zero; unknown is a dash."""
    assert format_number(value, decimals) == expected


def test_quantities_agree_with_their_number():
    """English has a singular for exactly one, Chinese its measure words."""
    assert format_quantity(1, "working_day", "en") == "1 working day"
    assert format_quantity(1.04, "working_day", "en", 1) == "1.0 working day"
    assert format_quantity(38, "working_day", "en") == "38 working days"
    assert format_quantity(38, "working_day", "zh") == "38 个工作日"
    assert format_quantity(6, "procedures", "zh") == "6 个环节"
    assert format_quantity(2, "furlong", "en") == "2 furlong"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_unit_of_the_model_has_a_name(language):
    """Units of limits and of indicators are never shown as keys."""
    assert set(UNITS) >= {"minute", "hour", "working_day", "natural_day", "month", "procedures"}
    assert not any("_" in unit_name(unit, language) for unit in UNITS)


def test_ranges():
    """An en dash outside tables, dots in tables and where a dash could be a sign."""
    assert format_interval((26.9, 27.9)) == "26.9–27.9"
    assert format_interval((26.9, 27.9), plain=True) == "26.9 .. 27.9"
    assert format_interval((-3, 1)) == "-3.0 .. 1.0"


@pytest.mark.parametrize(
    ("share", "expected"),
    [(0.954, "95.4%"), (1.0, "100%"), (0.0, "0%"), (0.9999, ">99.9%"), (0.0001, "<0.1%"), (None, "-")],
)
def test_shares(share, expected):
    """All is said only of all, and none only of none."""
    assert format_share(share) == expected


@given(st.floats(0, 1))
def test_a_share_short_of_all_never_reads_as_all(share):
    """Rounding does not turn 99.96 % into a kept promise."""
    assert (format_share(share) == "100%") == (share == 1)
    assert (format_share(share) == "0%") == (share == 0)


def test_dates():
    """Dates are written as each language writes them."""
    assert format_date(date(2024, 3, 4), "zh") == "2024年3月4日"
    assert format_date(date(2024, 3, 4), "en") == "4 March 2024"


def test_both_catalogues_have_the_same_keys_and_fields():
    """A sentence exists in both languages and needs no values that the other does not offer."""
    import string

    assert catalogue("en").keys() == catalogue("zh").keys()
    for key, words in catalogue("en").items():
        if not key.startswith(("gantt.date", "format.date")):  # month names and numbers differ by language
            fields = [
                {field for _, field, _, _ in string.Formatter().parse(w) if field}
                for w in (words, catalogue("zh")[key])
            ]
            assert fields[0] == fields[1], key
