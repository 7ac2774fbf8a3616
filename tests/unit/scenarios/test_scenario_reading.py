"""Bytes become a document with places, or one clear finding for each thing that is wrong."""

from __future__ import annotations

from datetime import date

import pytest

from engine.errors import BadInput
from scenarios.reading import read


def refused(text: str | bytes) -> list[tuple[str, int | None, int | None]]:
    """Code, line and column of each finding."""
    with pytest.raises(BadInput) as caught:
        read(text if isinstance(text, bytes) else text.encode("utf-8"), "s.yaml")
    for finding in caught.value.findings:
        assert finding.describe("zh")
        assert finding.describe("en")
    return [(f.code.removeprefix("scenario.yaml."), f.line, f.column) for f in caught.value.findings]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ("empty", 1, 1)),
        ("# only a comment\n", ("empty", 1, 1)),
        ("- 1\n- 2\n", ("not_a_mapping", 1, 1)),
        ("just words", ("not_a_mapping", 1, 1)),
        ("schema：1", ("full_width_colon", 1, 1)),
        ("schema: 1\npools：\n  counter: 2\n", ("full_width_colon", 2, 6)),
        ("a:\n  b: 1\n\tc: 2\n", ("tab", 3, 1)),
        ("a: [1, 2\nb: 3\n", ("syntax", 2, 2)),
        ("a: 1\na: 2\n", ("doubled", 2, 1)),
        ("a: 1\nb:\n", ("nothing", 2, 1)),
        ("a: ~\n", ("nothing", 1, 1)),
        ("a: !thing 3\n", ("scalar", 1, 4)),
        ("a: 2022-13-45\n", ("scalar", 1, 4)),
        ("? [1, 2]\n: 3\n", ("key", 1, 3)),
        ("a: *nobody\n", ("syntax", 1, 4)),
        ("a: &again [*again]\n", ("too_deep", 1, 4)),
        ("a: 1\n---\nb: 2\n", ("syntax", 2, 1)),
        ("a: 1\nb: \x07\n", ("character", 2, 4)),
    ],
)
def test_each_fault_is_one_finding_at_its_place(text: str, expected: tuple[str, int, int]) -> None:
    """What is no scenario is refused with one finding that names line and column."""
    assert refused(text) == [expected]


def test_all_doubled_keys_are_found_at_once() -> None:
    """Every doubled key is reported, not only the first."""
    assert refused("a: 1\na: 2\nb: {c: 1, c: 2}\n") == [("doubled", 2, 1), ("doubled", 3, 11)]


def test_endless_unfolding_is_refused() -> None:
    """A few lines of aliases that unfold to billions of items end in a finding."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    assert refused("\n".join(lines))[0][0] == "too_deep"


def test_deep_nesting_is_refused() -> None:
    """Thousands of brackets end in a finding."""
    assert refused("a: " + "[" * 5000)[0][0] == "too_deep"


def test_encodings() -> None:
    """UTF-8 with a mark is read; GB 18030 is read with a warning; other bytes are refused."""
    text = "labels: {zh: 改革后}\n"
    assert read(b"\xef\xbb\xbf" + text.encode(), "s.yaml").data == {"labels": {"zh": "改革后"}}
    old = read(text.encode("gb18030"), "s.yaml")
    assert old.data == {"labels": {"zh": "改革后"}}
    assert [(f.code, f.severity) for f in old.warnings] == [("scenario.yaml.gb18030", "warning")]
    assert refused(text.encode("utf-16")) == [("encoding", 1, 1)]
    assert refused(b"a: \xff\xff") == [("encoding", 1, 1)]


def test_scalars_keep_the_meaning_of_yaml_1_2() -> None:
    """Words and times of day stay texts, dates become dates, moments stay as written."""
    text = "a: off\nb: 08:30\nc: 2022-01-31\nd: 2022-01-04 09:00:00\ne: 1_000\nf: 0x10\ng: 1e3\nh: true\n8: x\n"
    assert read(text.encode(), "s.yaml").data == {
        "a": "off",
        "b": "08:30",
        "c": date(2022, 1, 31),
        "d": "2022-01-04 09:00:00",
        "e": 1000,
        "f": 16,
        "g": 1000.0,
        "h": True,
        8: "x",
    }


def test_every_key_has_its_place() -> None:
    """Keys and list items are found at line and column; unknown ones at the nearest key around them."""
    document = read(b"a:\n  b: [1,\n      2]\n  2022-01-31: off\n", "s.yaml")
    assert document.position(("a", "b")) == (2, 3)
    assert document.position(("a", "b", "1")) == (3, 7)
    assert document.position(("a", "2022-01-31")) == (4, 3)
    assert document.position(("a", "b", "7", "c")) == (2, 3)
    assert document.position(("z",)) == (1, 1)
