"""The brief: an official document of two pages, with the numbers of all other reports and correct fonts."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm

from app.main import main
from reports.brief.brief import BriefPictures, brief
from reports.brief.condensing import condensed
from reports.brief.document import SIZES, Document, lines_of, printable
from reports.gantt.model import GanttBar, GanttChart, GanttPanel, GanttRow
from reports.labels import Labels
from tests.support.library import VARIANTS

FEW = ["--replications", "2", "--processes", "1", "--no-progress"]
OFFICE = shutil.which("soffice")
EVIL = "=1+1 <w:p>&\"' \x07 {x}"
NO_LABELS = Labels("许可", {}, {})


def opened(reformsim: Any, scenario: Path, language: str) -> tuple[Any, Any]:
    """The document and the JSON of a small comparison."""
    folder = scenario.parent / language
    given = reformsim("compare", scenario, "--report", folder, "--lang", language, *FEW)
    assert given.status == 0, given.err
    result = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    return docx.Document(str(folder / "brief.docx")), (result, given.out)


def words_of(document: Any) -> str:
    """All that can be read."""
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_it_says_what_the_other_reports_say(reformsim, scenario, language):
    """The headline of the terminal word for word, and every figure of its table."""
    document, (result, out) = opened(reformsim, scenario, language)
    words = words_of(document)
    assert out.splitlines()[0] in words
    assert len(document.tables) == 1
    for variant in result["variants"].values():
        for target in variant["targets"]:
            mean = variant["indicators"][target["indicator"]]["mean"]
            assert re.search(rf"\b{mean:.1f}", words)


def test_the_layout_is_that_of_an_official_document(reformsim, scenario):
    """A4, margins of 37, 35, 28 and 26 mm, page numbers between dashes."""
    document, _ = opened(reformsim, scenario, "zh")
    page = document.sections[0]
    found = (page.top_margin, page.bottom_margin, page.left_margin, page.right_margin, page.page_width)
    assert [round(length / Mm(1)) for length in found] == [37, 35, 28, 26, 210]
    assert "— " in page.footer.paragraphs[0].text
    assert page.footer.paragraphs[0]._p.find(qn("w:fldSimple")) is not None


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_run_has_an_east_asian_font_and_none_of_the_theme(reformsim, scenario, language):
    """Else Word shows Chinese in the font of its theme."""
    document, _ = opened(reformsim, scenario, language)
    runs = list(document.element.body.iter(qn("w:rPr")))
    fonts = [run.find(qn("w:rFonts")) for run in runs if run.getparent().tag == qn("w:r")]
    named = [font for font in fonts if font is not None]
    assert {font.get(qn("w:eastAsia")) for font in named} == {"仿宋", "黑体"} | (
        {"楷体"} if document.inline_shapes else set()
    )
    for name in ("Normal", "Title", "Heading 1", "Caption"):
        font = document.styles[name].element.rPr.find(qn("w:rFonts"))
        assert font.get(qn("w:eastAsia")) in ("仿宋", "黑体", "楷体")
        assert not [key for key in font.attrib if "Theme" in key]


def test_names_of_any_kind_and_length_stay_words(reformsim, scenario):
    """Markup, formulas, control characters, braces; and a name of 200 characters is cut in cells and title."""
    quoted, long = json.dumps(EVIL), json.dumps("长" * 200)
    words = scenario.read_text(encoding="utf-8")
    words = words.replace("{zh: 改革前, en: Before}", f"{{zh: {quoted}, en: {quoted}}}")
    words = words.replace("{zh: 办理许可证, en: Getting a licence}", f"{{zh: {long}, en: {long}}}")
    scenario.write_text(words, encoding="utf-8")
    document, _ = opened(reformsim, scenario, "en")
    assert printable(EVIL) in words_of(document)
    assert "长" * 61 not in document.paragraphs[0].text


def test_the_same_bytes_come_out_twice(reformsim, scenario):
    """Nothing of the moment of writing stands in it."""
    contents = []
    for _ in range(2):
        opened(reformsim, scenario, "en")
        contents.append((scenario.parent / "en" / "brief.docx").read_bytes())
    assert contents[0] == contents[1]


def test_a_finding_of_any_length_leaves_room_for_the_rest():
    """The type becomes smaller, then the table shorter; never below the smallest size."""
    target = {
        "indicator": "elapsed_days", "statistic": "mean", "op": "<=", "limit": 5, "unit": "natural_day", "value": 4.0,
        "ci95": [3.5, 4.5], "verdict": "met", "share_within": 0.9, "required_share": None,
    }  # fmt: skip
    estimate = {"unit": "natural_day", "mean": 4.0, "ci95": [3.5, 4.5], "p90": 6.0}
    variant = {
        "targets": [target] * 12, "indicators": {"elapsed_days": estimate}, "promise": {}, "assumed_promise": {},
        "cases": {"started": 9, "finished": 9, "unfinished": 0},
    }  # fmt: skip
    result = {"replications": 3, "assumptions": 7, "warnings": [], "differences": []}
    names = [f"方案{'长' * 60}{n}" for n in range(5)]
    content = brief({**result, "variants": dict.fromkeys(names, variant)}, NO_LABELS, "zh", BriefPictures())
    document = docx.Document(io.BytesIO(content))
    sizes = {run.font.size.pt for paragraph in document.paragraphs[1:] for run in paragraph.runs}
    assert sizes <= set(SIZES)
    assert 2 < len(document.tables[0].rows) < 40


def test_lines_are_counted_generously():
    """28 wide characters of 16 points fill a line of 156 mm, two of them the indent."""
    assert lines_of("字" * 20, 16) == 1
    assert lines_of("字" * 26, 16) == 2
    assert lines_of("a" * 40, 16) == 1


def test_condensing_keeps_the_whole_time_and_the_longest_rows():
    """A step with steps inside becomes one row whose stretches cover theirs; short rows go first."""
    inner = GanttRow("内", "局", 1, (GanttBar(1, 3, "queue"), GanttBar(3, 4, "work")))
    other = GanttRow("并", "局", 1, (GanttBar(2, 6, "dwell"),))
    rows = (GanttRow("外"), inner, other, GanttRow("短", bars=(GanttBar(6, 6.1, "work"),)), GanttRow("长", bars=(GanttBar(6, 9, "work"),)))  # fmt: skip  # noqa: E501
    chart, left_out = condensed(GanttChart("", "", (GanttPanel("p", rows),)), 2)
    assert left_out == 1
    assert [row.label for row in chart.panels[0].rows] == ["外", "长"]
    assert chart.panels[0].rows[0].bars == (
        GanttBar(1, 2, "queue"), GanttBar(2, 3, "dwell"), GanttBar(3, 4, "work"), GanttBar(4, 6, "dwell"),
    )  # fmt: skip


def test_a_document_is_whole():
    """Every part of the package is well-formed, and pictures carry words for those who cannot see them."""
    made = Document("zh", 16)
    made.body("正文")
    with zipfile.ZipFile(io.BytesIO(made.content())) as parts:
        assert parts.testzip() is None
        assert {info.date_time for info in parts.infolist()} == {(2000, 1, 1, 0, 0, 0)}


@pytest.mark.slow
@pytest.mark.parametrize("language", ["zh", "en"])
def test_with_drawings_the_second_page_has_two_pictures(tmp_path, language):
    """The Gantt chart and the diagram, each with a caption and words of its own."""
    words = ["compare", "enterprise_opening", "--report", str(tmp_path), "--lang", language]
    assert main([*words, *FEW]) == 0
    document = docx.Document(str(tmp_path / "brief.docx"))
    shapes = document.inline_shapes
    assert len(shapes) == 2
    assert all(shape._inline.docPr.get("descr") for shape in shapes)
    assert all(shape.width <= Mm(156.5) for shape in shapes)
    assert sum(shape.height for shape in shapes) < Mm(225 - 15)
    assert (tmp_path / "brief.docx").stat().st_size < 2_000_000


@pytest.mark.very_slow
@pytest.mark.skipif(OFFICE is None, reason="no LibreOffice to count pages with: make office installs it")
@pytest.mark.parametrize("pipeline", sorted(VARIANTS))
def test_every_brief_of_the_library_has_two_pages(tmp_path, pipeline):
    """As LibreOffice sets it, in both languages."""
    for language in ("zh", "en"):
        folder = tmp_path / language
        assert main(["compare", pipeline, "--report", str(folder), "--lang", language, *FEW]) == 0
        words = [str(OFFICE), "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(folder / "brief.docx")]
        subprocess.run(
            [words[0], f"-env:UserInstallation=file://{tmp_path}/profile", *words[1:]], check=True, timeout=120
        )
        pdf = (folder / "brief.pdf").read_bytes()
        assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 2
