"""``reformsim diagram``: files of every kind, comparisons, and clear refusals."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

BPMN = Path(__file__).resolve().parents[3] / "bpmn" / "enterprise_opening"


@pytest.mark.parametrize(
    ("suffix", "begin"), [("svg", b"<?xml"), ("png", b"\x89PNG"), ("pdf", b"%PDF"), ("html", b"<!DO")]
)
def test_a_file_is_drawn_in_every_format(reformsim, tmp_path: Path, suffix: str, begin: bytes) -> None:
    target = tmp_path / f"drawn.{suffix}"
    given = reformsim("diagram", BPMN / "after.bpmn", "-o", target)
    assert given.status == 0
    assert target.read_bytes().startswith(begin)
    assert list(tmp_path.iterdir()) == [target]


def test_two_variants_show_what_was_removed_added_and_merged(reformsim, tmp_path: Path) -> None:
    target = tmp_path / "both.svg"
    words = ["--variants", "before,after", "--colour", "overdue", "--replications", "2", "--processes", "1"]
    given = reformsim("diagram", "enterprise_opening", *words, "--lang", "en", "--json", "-o", target)
    assert given.status == 0
    assert given.json["headline"].endswith(": Before the reform → After the reform")
    root = etree.parse(target).getroot()
    titles = [node.text or "" for node in root.iter("{http://www.w3.org/2000/svg}title")]
    for words_ in ("removed by the reform", "added by the reform", "merged into one block", "over its limit"):
        assert any(words_ in title for title in titles), words_


def test_the_same_words_give_the_same_bytes(reformsim, tmp_path: Path) -> None:
    files = [tmp_path / f"{i}.{kind}" for i in (1, 2) for kind in ("svg", "html", "png", "pdf")]
    for file in files:
        assert reformsim("diagram", BPMN / "before.bpmn", "-o", file).status == 0
    for one, other in zip(files[:4], files[4:], strict=True):
        assert one.read_bytes() == other.read_bytes(), one.suffix


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["enterprise_opening", "-o", "x.jpg"], ".svg"),
        (["enterprise_opening", "-o", "nowhere/x.svg"], "nowhere"),
        (["nothing.bpmn", "-o", "x.svg"], "nothing.bpmn"),
        (["enterprise_opening", "--variants", "befor", "-o", "x.svg"], "before"),
        (["enterprise_opening", "--colour", "red", "-o", "x.svg"], "waiting"),
    ],
)
def test_wrong_words_are_refused_and_nothing_is_written(reformsim, tmp_path: Path, monkeypatch, words, said) -> None:
    monkeypatch.chdir(tmp_path)
    given = reformsim("diagram", *words, "--lang", "en")
    assert given.status == 2
    assert said in given.err
    assert "Traceback" not in given.err
    assert not list(tmp_path.iterdir())


def test_a_diagram_without_a_drawing_says_so(reformsim, tmp_path: Path) -> None:
    file = tmp_path / "bare.bpmn"
    file.write_text('<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"><process id="p"/></definitions>')
    given = reformsim("diagram", file, "-o", tmp_path / "x.svg", "--lang", "en")
    assert given.status == 2
    assert "nothing is drawn" in given.err
