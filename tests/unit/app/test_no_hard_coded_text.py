"""Every text that a planner sees stands in the catalogues, so that it exists in both languages."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
# Pages of the documentation are made in one language, the models describe the language for them; build.py makes the
# font, whose characters are its material; SQL reads like English; the answers of a form are read in both languages.
ASIDE = re.compile(
    r"reports/fonts/build\.py|scenarios/(schema/.*|coverage|reference|sources)\.py|"
    r"engine/live/(store|running)\.py|simulations/(runs/store|verification/(theory|building))\.py"
)
ROOMS = ("app", "engine", "reports", "scenarios", "simulations")
FILES = sorted(
    path
    for room in ROOMS
    for path in (ROOT / room).rglob("*.py")
    if not ASIDE.fullmatch(path.relative_to(ROOT).as_posix())
)
CHINESE = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
SENTENCE = re.compile(r"[A-Za-z]{2,}(?:,? [a-z]{2,}){3,}")
# Names of fonts, and signs that stand for others: they are read by programs, not by planners.
NO_TEXT = re.compile(r"微软雅黑|宋体|仿宋|黑体|楷体|仿宋_GB2312|方正小标宋简体|[\u3000-\u303f\uff00-\uffef]+")
# Functions that take program text: their strings are never shown.
CODE = {"compile", "frozenset", "maketrans", "text", "say"}


def _takes_code(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in CODE


def hard_coded(source: str) -> list[tuple[int, str]]:
    """Line and words of every string that would be shown in one language only.

    Docstrings, the words of exceptions for programmers, and blocks of CSS, script or markup are no such text.
    """
    tree = ast.parse(source)
    aside: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is not None:
            aside.add(id(node.body[0].value))
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            aside.add(id(node.value))
        elif isinstance(node, ast.Raise | ast.Assert) or _takes_code(node):
            aside |= {id(child) for child in ast.walk(node) if isinstance(child, ast.Constant)}
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in aside:
            continue
        words = node.value
        is_code = re.search(r"[{<][^}>]*[:=][^}>]*[}>]|=>|;", words) is not None
        chinese = CHINESE.search(words) and not NO_TEXT.fullmatch(words.strip("'\" "))
        if chinese or (SENTENCE.search(words) and not is_code):
            found.append((node.lineno, words))
    return found


@pytest.mark.parametrize("file", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_text_is_hard_coded(file):
    """No Chinese and no English sentence stands in the code."""
    assert hard_coded(file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source",
    ['print("办结")', 'show("The case is done now")', 'x = f"用时 {days}"', 'words = "no such file was found"'],
)
def test_the_check_finds_what_it_looks_for(source):
    """Strings in either language are found, in calls, assignments and f-strings."""
    assert hard_coded(source)


@pytest.mark.parametrize(
    "source",
    ['"""A sentence that explains things."""', 'raise ValueError("this is for programmers only")', 'x = "one two"'],
)
def test_the_check_leaves_programmers_their_words(source):
    """Docstrings, exceptions for programmers and keys are no planner's text."""
    assert hard_coded(source) == []
