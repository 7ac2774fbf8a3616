"""The one-file report: whole, self-contained, escaped, the same bytes every time, in both languages."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from app.main import main

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[3]
FEW = ["--replications", "2", "--processes", "1", "--no-progress"]
EVIL = "<img src=x onerror=hacked()>&\"'</script>"
VOID = {"meta", "link", "img", "input", "br", "hr", "path", "rect", "circle", "use", "polygon", "polyline", "line"}


class Page(HTMLParser):
    """What stands in a page."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words = ""
        self.feed(content)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag opens."""
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag that holds nothing."""
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """The tag that was opened last closes, and no other."""
        if tag in VOID:
            return
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Words, but not those of scripts and styles."""
        if not self.open or self.open[-1] not in ("script", "style"):
            self.words += data

    def all(self, tag: str) -> Iterator[dict[str, str | None]]:
        """The attributes of every tag of a name."""
        return (attributes for name, attributes in self.tags if name == tag)


def evil_scenario(folder: Path) -> Path:
    """The scenario of opening a company, with markup in the names of everything."""
    text = (ROOT / "scenarios/library/enterprise_opening.yaml").read_text(encoding="utf-8")
    quoted = json.dumps(EVIL)
    text = text.replace("labels: {zh: 企业开办, en: Opening a company}", f"labels: {{zh: {quoted}, en: {quoted}}}")
    text = text.replace("{zh: 综合受理窗口, en: Comprehensive counter}", f"{{zh: {quoted}, en: {quoted}}}")
    text = re.sub(r"labels: \{zh: 改革前, en: [^}]*\}", lambda _: f"labels: {{zh: {quoted}, en: {quoted}}}", text)
    folder.joinpath("facts.yaml").write_bytes((ROOT / "scenarios/library/facts.yaml").read_bytes())
    written = EVIL.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    for name in ("before", "interim", "after", "with_bank_account"):
        drawn = (ROOT / f"bpmn/enterprise_opening/{name}.bpmn").read_text(encoding="utf-8")
        drawn = re.sub(r'(<userTask id="\w+" name=")[^"]*', lambda m: m[1] + written + "许" * 200, drawn)
        folder.joinpath(f"{name}.bpmn").write_text(drawn, encoding="utf-8")
        text = text.replace(f"../../bpmn/enterprise_opening/{name}.bpmn", f"{name}.bpmn")
    file = folder / "evil.yaml"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.fixture(scope="module", params=["zh", "en"])
def report(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """The page of opening a company, and its language."""
    folder = tmp_path_factory.mktemp("report")
    assert (
        main(
            [
                "compare",
                "enterprise_opening",
                "--variants",
                "before,after",
                "--report",
                str(folder),
                "--lang",
                request.param,
                *FEW,
            ]
        )
        == 0
    )
    return (folder / "report.html").read_text(encoding="utf-8"), request.param


def test_the_page_is_well_formed_and_in_its_language(report: tuple[str, str]) -> None:
    content, language = report
    page = Page(content)
    assert page.open == []
    assert next(page.all("html"))["lang"] == ("zh-CN" if language == "zh" else "en")
    assert len(list(page.all("h1"))) == 1
    assert ("企业开办" if language == "zh" else "Opening a company") in page.words


def test_ids_are_unique_and_every_reference_is_met(report: tuple[str, str]) -> None:
    page = Page(report[0])
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    for tag, attributes in page.tags:
        for name in ("aria-labelledby", "href"):
            target = attributes.get(name)
            if target and (name != "href" or target.startswith("#")):
                assert target.removeprefix("#") in ids, (tag, target)


def test_nothing_is_fetched(report: tuple[str, str]) -> None:
    """No address of another machine stands in an attribute or a style that a browser would follow."""
    content = report[0]
    for tag, attributes in Page(content).tags:
        for name in ("src", "href", "data", "action", "poster"):
            target = attributes.get(name) or "#"
            assert target.startswith("#"), (tag, name, target[:80])
    assert not re.search(r"url\((?!data:|#)", content)
    assert "@import" not in content
    assert "default-src 'none'" in content


def test_it_is_small_enough_for_any_mail(report: tuple[str, str]) -> None:
    assert len(report[0].encode()) < 2_000_000


def test_every_picture_has_a_name_and_every_control_a_label(report: tuple[str, str]) -> None:
    page = Page(report[0])
    for attributes in page.all("svg"):
        assert attributes["role"] == "img"
        assert attributes["aria-labelledby"]
    assert re.findall(r"<title[^>]*></title>", report[0]) == []
    regions = [a for _, a in page.tags if a.get("role") in ("region", "group")]
    assert regions
    assert all(a.get("aria-label") or a.get("aria-labelledby") for a in regions)


def test_headings_leave_out_no_level(report: tuple[str, str]) -> None:
    levels = [int(tag[1]) for tag, _ in Page(report[0]).tags if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1
    assert all(later <= earlier + 1 for earlier, later in itertools.pairwise(levels))


def test_it_says_verdicts_pictures_assumptions_sources_and_method(report: tuple[str, str]) -> None:
    page = Page(report[0])
    ids = {attributes.get("id") for _, attributes in page.tags}
    parts = {"verdicts", "gantt", "diagrams", "assumptions", "sources", "method"}
    charts = {
        f"chart-{kind}-part" for kind in ("distribution", "waterfall", "promise", "load", "waiting", "convergence")
    }
    assert parts | charts <= ids
    assert len(list(page.all("select"))) == 4  # a case and a speed for each of two variants


def test_a_replay_starts_at_the_submission_and_ends_with_the_case(report: tuple[str, str]) -> None:
    """Every stay lies within its case, and every flow and place it names is on the page."""
    data = json.loads(re.search(r'id="replay-data">(.*?)</script>', report[0], re.S)[1])
    ids = {attributes.get("id") for _, attributes in Page(report[0]).tags}
    assert set(data["diagrams"]) == {"v0", "v1"}
    for diagram in data["diagrams"].values():
        assert len(diagram["replays"]) == 3
        for replay in diagram["replays"]:
            assert min(stay[1] for stay in replay["stays"]) == 0
            assert max(stay[3] for stay in replay["stays"]) == pytest.approx(replay["end"])
            for element, came, began, left, flows in replay["stays"]:
                assert 0 <= came <= began <= left <= replay["end"] + 1e-6
                assert element in diagram["places"]
                assert flows
                assert all(diagram["prefix"] + flow in ids for flow in flows)


def test_markup_in_names_stays_text(tmp_path: Path) -> None:
    scenario = evil_scenario(tmp_path)
    assert main(["compare", str(scenario), "--report", str(tmp_path / "out"), "--lang", "en", *FEW]) == 0
    content = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    page = Page(content)
    assert EVIL in page.words
    assert not list(page.all("img"))
    assert len(list(page.all("script"))) == 2
    assert not [a for _, a in page.tags if any(name.startswith("on") for name in a)]


@pytest.mark.parametrize("report", ["en"], indirect=True)
def test_the_same_study_gives_the_same_page(report: tuple[str, str], tmp_path: Path) -> None:
    content, language = report
    assert (
        main(
            [
                "compare",
                "enterprise_opening",
                "--variants",
                "before,after",
                "--report",
                str(tmp_path),
                "--lang",
                language,
                *FEW,
            ]
        )
        == 0
    )
    assert (tmp_path / "report.html").read_text(encoding="utf-8") == content


def test_the_tornado_stands_in_the_report_where_a_sensitivity_was_run(tmp_path: Path) -> None:
    """With what was run for it, named in the contents; and wide diagrams are printed in parts too."""
    words = ["compare", "enterprise_opening", "--variants", "before,after", "--report", str(tmp_path), "--lang", "en"]
    assert main([*words, "--sensitivity", *FEW]) == 0
    page = Page((tmp_path / "report.html").read_text(encoding="utf-8"))
    ids = {attributes.get("id") for _, attributes in page.tags}
    assert "chart-tornado-part" in ids
    parts = [attributes for attributes in page.all("figure") if attributes.get("class") == "part"]
    assert len(parts) >= 2
    assert all(attributes.get("aria-hidden") == "true" for attributes in parts)


def test_a_diagram_without_a_drawing_is_left_out_and_said(reformsim, scenario: Path, tmp_path: Path) -> None:
    given = reformsim("compare", scenario, "--report", tmp_path / "out", "--lang", "en", *FEW)
    assert given.status == 0
    assert "nothing is drawn" in given.err
    page = Page((tmp_path / "out" / "report.html").read_text(encoding="utf-8"))
    assert "diagrams" not in {a.get("id") for _, a in page.tags}


def test_a_page_without_a_font_file_falls_back_and_says_nothing_wrong(monkeypatch, tmp_path: Path) -> None:
    """Where the font cannot be subset the page names the fonts of the reader's system."""
    import reports.html.font as font

    def refuse(weight: str, characters: str) -> bytes:
        raise OSError("no such file")

    monkeypatch.setattr(font, "_subset", refuse)
    assert font.font_style("<p>审批</p>") == ""
