"""A Word document in the layout of an official one: margins, type, line spacing and page numbers of GB/T 9704-2012.

Body in FangSong of size 3 (16 points), 28 points a line; headings in SimHei; the title in size 2 (22 points).
Where a text is long, the body becomes smaller so that the page holds it.
"""

from __future__ import annotations

import io
import unicodedata
import zipfile
from collections.abc import Sequence
from datetime import datetime
from math import ceil
from typing import Any, Final

__all__ = ["BODY_WIDTH", "SIZES", "Document", "lines_of", "printable"]

SAME_DAY: Final = datetime(2000, 1, 1)  # else the moment of writing would stand in the file
BODY_WIDTH: Final = 442.2  # points: 156 mm between the margins
SIZES: Final = (16.0, 14.0, 12.0, 10.5)
LATIN: Final = "Times New Roman"
BODY, HEADING, CAPTION = "仿宋", "黑体", "楷体"
_MM: Final = 36_000  # English Metric Units in a millimetre


def printable(words: str, most: int | None = None) -> str:
    """The words on one line, without characters that no document may hold, cut after so many."""
    plain = " ".join("".join(" " if unicodedata.category(c)[0] == "C" else c for c in words).split())
    return plain if most is None or len(plain) <= most else plain[: most - 1].rstrip() + "…"


def lines_of(words: str, size: float, width: float = BODY_WIDTH, indent: float = 2) -> int:
    """How many lines a paragraph takes: wide characters are as wide as their size, others half as wide."""
    units = sum(1.0 if unicodedata.east_asian_width(c) in "WFA" else 0.52 for c in words)
    return max(ceil((units + indent) * size * 1.06 / width), 1)


class Document:
    """A document under way.

    Args:
        language: ``zh`` or ``en``.
        size: Of the body, points; one of `SIZES`.
    """

    def __init__(self, language: str, size: float) -> None:
        import docx

        self.language = language
        self.size = size
        self.document: Any = docx.Document()
        self._page()
        for name in ("Normal", "Title", "Heading 1", "Caption"):
            font = {"Title": HEADING, "Heading 1": HEADING, "Caption": CAPTION}.get(name, BODY)
            _style(self.document.styles[name], font)
        _language(self.document.styles.element, language)
        self.document.core_properties.created = SAME_DAY
        self.document.core_properties.modified = SAME_DAY
        self.document.core_properties.author = "reformsim"

    def content(self) -> bytes:
        """The finished file, the same bytes every time."""
        raw, out = io.BytesIO(), io.BytesIO()
        self.document.save(raw)
        with zipfile.ZipFile(raw) as parts, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as fixed:
            for name in parts.namelist():
                fixed.writestr(zipfile.ZipInfo(name, SAME_DAY.timetuple()[:6]), parts.read(name), zipfile.ZIP_DEFLATED)
        return out.getvalue()

    def title(self, words: str) -> None:
        """The title in the middle; the file is called so too."""
        self.document.core_properties.title = words[:250]
        style = self.document.styles["Title"].element.get_or_add_pPr()
        for border in style.findall(f"{{{style.nsmap['w']}}}pBdr"):  # Word's own title has a blue rule below it
            style.remove(border)
        self._paragraph("Title", words, 22 if lines_of(words, 22) <= 2 else 16, HEADING, align="center", after=10)

    def heading(self, words: str) -> None:
        """A heading of the first level."""
        self._paragraph("Heading 1", words, self.size, HEADING, indent=True)

    def body(self, words: str) -> None:
        """A paragraph, its first line set in by two characters."""
        self._paragraph("Normal", words, self.size, BODY, indent=True, align="justify")

    def caption(self, words: str) -> None:
        """Words under or over a picture or table."""
        self._paragraph("Caption", words, 10.5, CAPTION, align="center", spacing=15)

    def new_page(self) -> None:
        """What follows stands on the next page."""
        from docx.enum.text import WD_BREAK

        self.document.paragraphs[-1].add_run().add_break(WD_BREAK.PAGE)

    def picture(self, png: bytes, widest: float, tallest: float, about: str) -> None:
        """A picture as large as its place allows.

        Args:
            png: The picture.
            widest: Of its place, mm.
            tallest: Of its place, mm.
            about: What it shows, for those who cannot see it.
        """
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.shared import Mm

        paragraph = self.document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        shape = paragraph.add_run().add_picture(io.BytesIO(png))
        scale = min(widest * _MM / shape.width, tallest * _MM / shape.height)
        shape.width, shape.height = Mm(shape.width * scale / _MM), Mm(shape.height * scale / _MM)
        paragraph.paragraph_format.space_after = 0
        shape._inline.docPr.set("descr", about)

    def table(self, head: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float], size: float) -> None:
        """A table; a row of one cell is a heading across.

        Args:
            head: Headings.
            rows: Lines of cells.
            widths: Of the columns, mm.
            size: Of the type, points.
        """
        table = self.document.add_table(rows=0, cols=len(head))
        table.style = "Table Grid"
        table.autofit = False
        for number, line in enumerate([list(head), *map(list, rows)]):
            cells = table.add_row().cells
            if len(line) == 1:
                cells[0].merge(cells[-1])
            for place, words in enumerate(line):
                font = HEADING if number == 0 or len(line) == 1 else BODY
                align = "left" if place == 0 and number else "center"
                self._paragraph("Normal", words, size, font, align=align, spacing=size * 1.3, into=cells[place])
        for column, width in zip(table.columns, widths, strict=True):
            column.width = int(width * _MM)
        _repeat_first_row(table)

    def _paragraph(
        self,
        style: str,
        words: str,
        size: float,
        font: str,
        indent: bool = False,
        align: str = "left",
        after: float = 0,
        spacing: float | None = None,
        into: Any = None,
    ) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
        from docx.shared import Pt, RGBColor

        paragraph = self.document.add_paragraph(style=style) if into is None else into.paragraphs[0]
        paragraph.alignment = getattr(WD_ALIGN_PARAGRAPH, align.upper())
        form = paragraph.paragraph_format
        form.space_before, form.space_after = Pt(0), Pt(after)
        form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(spacing or size * 1.75)
        if indent:
            form.first_line_indent = Pt(2 * size)
        run = paragraph.add_run(words)
        run.font.size, run.font.color.rgb = Pt(size), RGBColor(0, 0, 0)
        run.bold = font == HEADING and self.language == "en"
        run.italic = False
        _fonts(run.font, run._element.get_or_add_rPr(), font)

    def _page(self) -> None:
        """A4 with the margins of an official document, and its page numbers at the outer edge."""
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.shared import Mm

        section = self.document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(37), Mm(35)
        section.left_margin, section.right_margin = Mm(28), Mm(26)
        section.footer_distance = Mm(28)
        self.document.settings.odd_and_even_pages_header_footer = True
        for footer, align in ((section.footer, "RIGHT"), (section.even_page_footer, "LEFT")):
            paragraph = footer.paragraphs[0]
            paragraph.alignment = getattr(WD_ALIGN_PARAGRAPH, align)
            _page_number(paragraph)


def _style(style: Any, east_asian: str) -> None:
    """Fonts of a style; those of the theme, which would win, are dropped."""
    from docx.shared import RGBColor

    _fonts(style.font, style.element.get_or_add_rPr(), east_asian)
    style.font.color.rgb = RGBColor(0, 0, 0)


def _language(styles: Any, language: str) -> None:
    """What the text is checked for when it is edited."""
    from docx.oxml.ns import qn

    for lang in styles.iter(qn("w:lang")):
        lang.set(qn("w:eastAsia"), "zh-CN")
        lang.set(qn("w:val"), "en-GB" if language == "en" else "en-US")


def _fonts(font: Any, properties: Any, east_asian: str) -> None:
    from docx.oxml.ns import qn

    font.name = LATIN
    fonts = properties.get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), east_asian)


def _page_number(paragraph: Any) -> None:
    """The number between dashes, as a field that Word counts."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt

    for part in ("— ", "PAGE", " —"):
        run = paragraph.add_run("" if part == "PAGE" else part)
        run.font.size = Pt(14)
        _fonts(run.font, run._element.get_or_add_rPr(), "宋体")
        if part == "PAGE":
            field = OxmlElement("w:fldSimple")
            field.set(qn("w:instr"), "PAGE")
            field.append(run._element)
            paragraph._p.append(field)


def _repeat_first_row(table: Any) -> None:
    from docx.oxml import OxmlElement

    row = table.rows[0]._tr.get_or_add_trPr()
    row.append(OxmlElement("w:tblHeader"))
