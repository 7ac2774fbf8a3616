"""Does what we show still run? Every command and every link of the READMEs and of docs/."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

import scenarios.loading
from app.main import main

ROOT = Path(__file__).parents[2]
PAGES = [
    ROOT / "README.md",
    ROOT / "README.zh.md",
    ROOT / "CHANGELOG.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]
REPLICATIONS = 2  # of every command that names none, and at most

_BLOCK = re.compile(r"^ *```(\w+)\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_EXIT = re.compile(r"# exit (\d+)$")
_FENCED = re.compile(r"^ *```.*?^ *```", re.MULTILINE | re.DOTALL)


def name_of(page: Path) -> str:
    """The page as people call it."""
    return page.relative_to(ROOT).as_posix()


def steps(page: Path) -> Iterator[tuple[str, str]]:
    """What a page tells its reader to do: ``run`` a command, ``shell`` a copy, ``edit`` a file."""
    for language, body in _BLOCK.findall(page.read_text(encoding="utf-8")):
        if language in ("console", "bash"):
            for line in body.splitlines():
                if line.strip():
                    yield ("run" if line.startswith("reformsim ") else "shell"), line.strip()
        elif language == "diff":
            yield "edit", body


TOLD = [page for page in PAGES if any(kind == "run" for kind, _ in steps(page))]


def copy(line: str) -> None:
    """``mkdir`` and ``cp`` as the pages use them; the project's own folder is read, never written."""
    word, *paths = line.split()
    if word == "mkdir":
        Path(paths[0]).mkdir()
    else:
        assert word == "cp", line
        shutil.copy(ROOT / paths[0], paths[1])


def edit(change: str, file: Path) -> None:
    """Replace the lines with a minus, which stand in the file exactly once, by those with a plus."""
    lines = change.splitlines(keepends=True)
    assert {line[0] for line in lines} <= {"-", "+"}, change
    old, new = ("".join(line[1:] for line in lines if line[0] == sign) for sign in "-+")
    text = file.read_text(encoding="utf-8")
    assert f"\n{text}".count(f"\n{old}") == 1, old
    file.write_text(f"\n{text}".replace(f"\n{old}", f"\n{new}")[1:], encoding="utf-8")


def few(load, *arguments, replications=None, **options):
    """Load a scenario for a test: with few replications."""
    return load(*arguments, replications=min(replications or REPLICATIONS, REPLICATIONS), **options)


@pytest.fixture(scope="module")
def done() -> set[str]:
    """Commands on the library that another page has run."""
    return set()


@pytest.mark.slow
@pytest.mark.parametrize("page", TOLD, ids=name_of)
def test_every_command_runs(page, tmp_path, monkeypatch, capsys, done):
    """The commands of a page run one after the other, and end as the page says."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(scenarios.loading, "load", partial(few, scenarios.loading.load))
    for kind, step in steps(page):
        if kind == "shell":
            copy(step)
        elif kind == "edit":
            edit(step, tmp_path / "my-county" / "opening.yaml")
        elif step not in done:
            stated = _EXIT.search(step)
            command = step.partition("#")[0]
            status = main(command.split()[1:])
            said = capsys.readouterr()
            assert status == int(stated[1] if stated else 0), f"{command}\n{said.out}\n{said.err}"
            if "my-county" not in step:
                done.add(step)


@pytest.mark.slow
def test_make_demo_runs(tmp_path, monkeypatch, capsys):
    """The command behind ``make demo`` is one that the program understands, and it writes a picture."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(scenarios.loading, "load", partial(few, scenarios.loading.load))
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    found = re.search(r"^demo:.*\n\t\$\(BIN\)/reformsim (.*)$", makefile, re.MULTILINE)
    assert found
    status = main(found[1].split())
    assert status == 0, capsys.readouterr().err
    assert list(tmp_path.rglob("*.png"))


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_leads_somewhere(page):
    """A relative link leads to a file that exists, and its anchor to a heading."""
    for link in _LINK.findall(_FENCED.sub("", page.read_text(encoding="utf-8"))):
        if "://" in link:
            continue
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        assert target.exists(), link
        if anchor:
            assert anchor in anchors(target), link


def anchors(page: Path) -> set[str]:
    """The anchors that a page's headings get on GitHub."""
    headings = re.findall(r"^#+ (.*)$", _FENCED.sub("", page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", ["README.md", "README.zh.md"])
def test_both_readmes_name_the_two_commands(page):
    """Both READMEs start with a picture and the two commands, and say the plain pip way."""
    text = (ROOT / page).read_text(encoding="utf-8")
    start = text[:800]
    assert "![" in start
    assert "make demo" in start
    assert "make test" in start
    assert "pip install -c constraints.txt ." in text


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_a_line_holds_one_sentence(page):
    """One sentence per line in source, so that diffs read (lists and tables aside)."""
    for line in re.sub("`[^`\n]*`", "", _FENCED.sub("", page.read_text(encoding="utf-8"))).splitlines():
        if line[:1].isalpha():
            assert not re.search(r"[a-z]{3}[.?!] [A-Z][a-z]", line), line
