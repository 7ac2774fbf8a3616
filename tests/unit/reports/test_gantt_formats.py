import csv
import io
import zipfile
from datetime import datetime
from xml.etree import ElementTree

import pytest
from openpyxl import load_workbook

from engine.errors import BadInput
from reports.gantt import GanttBar, GanttCalendar, GanttChart, GanttFinish, GanttPanel, GanttRow
from reports.gantt.formats import FORMATS, write_chart

NS = {"p": "http://schemas.microsoft.com/project"}
EVIL = '=HYPERLINK("x")<script>alert(1)</script>&:;#,'
CALENDAR = GanttCalendar(
    datetime(2024, 2, 2, 9, 30), (True, False, True, *(True,) * 5, *(False,) * 8), ((480, 720), (780, 1080))
)


def chart(name="受理"):
    rows = (
        GanttRow("阶段", "住建局"),
        GanttRow(name, name, 1, (GanttBar(0, 1.5, "queue"), GanttBar(1.5, 2, "work"), GanttBar(4, 6, "work"))),
        GanttRow("b", "", 0, (GanttBar(2, 4, "third_party"),)),
    )
    finish = GanttFinish(6.0, name, True)
    return GanttChart(
        name, name, tuple(GanttPanel(t, rows, finish=finish, calendar=CALENDAR) for t in (name, name)), "zh"
    )


@pytest.fixture
def written(tmp_path):
    def write(suffix, name="受理"):
        file = tmp_path / f"chart{suffix}"
        write_chart(chart(name), [file])
        return file

    return write


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("name", ["受理", EVIL, "长" * 200, ""])
def test_every_format_is_written_twice_alike(tmp_path, suffix, name):
    """Whatever the names, the file is whole, and the same bytes come out twice."""
    files = [tmp_path / f"{n}{suffix}" for n in "ab"]
    for file in files:
        write_chart(chart(name), [file])
    assert files[0].read_bytes() == files[1].read_bytes()
    assert len(files[0].read_bytes()) > 100


def test_csv_has_a_line_per_stretch_and_no_formula(written):
    """Days, dates, and names that Excel does not calculate."""
    lines = list(csv.reader(io.StringIO(written(".csv", EVIL).read_text(encoding="utf-8-sig"))))
    assert len(lines) == 1 + 2 * 4
    assert lines[1][1] == "'" + EVIL
    assert lines[1][5:] == ["0.0000", "1.5000", "1.5000", "2024-02-02 09:30", "2024-02-03 21:30"]


def test_workbook_holds_numbers_a_native_chart_and_no_formula(written):
    """The sheets open, cells are numbers or plain words, and a stacked bar chart stands on each."""
    file = written(".xlsx", EVIL)
    book = load_workbook(file)
    assert len(book.sheetnames) == 2
    sheet = book.worksheets[0]
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    figures = [cell.value for cell in sheet[6]][2:]
    assert figures == [0, 1.5, 0, 0, 2.5, 0, 0, 0, 2, 6]  # begins, by cause, away between, ends
    with zipfile.ZipFile(file) as parts:
        charts = [parts.read(n).decode() for n in parts.namelist() if n.startswith("xl/charts/chart")]
    assert len(charts) == 2
    assert '<c:grouping val="stacked"/>' in charts[0]


def test_a_title_that_looks_like_a_reference_is_a_title(written):
    """The library would take it for one."""
    with zipfile.ZipFile(written(".xlsx", "=Sheet!$A$1")) as parts:
        assert "<c:f>Sheet!$A$1</c:f>" not in parts.read("xl/charts/chart1.xml").decode()


def test_mermaid_names_carry_no_signs_of_its_own(written):
    """Colons, semicolons, commas and hashes in names would end a task."""
    lines = written(".mmd", EVIL).read_text(encoding="utf-8").splitlines()
    assert lines[0] == "gantt"
    tasks = [line for line in lines[4:] if not line.strip().startswith("section")]
    assert len(tasks) == 2 * 5
    assert all(line.count(":") - line.count("09:30") - line.count("21:30") >= 1 for line in tasks)
    assert all(line.split(" :")[0].count(c) == 0 for line in tasks for c in ":;#,")


def test_project_plan_holds_dates_levels_and_the_working_calendar(written):
    """Tasks are placed by hand on real dates; make-up days and holidays are exceptions of the calendar."""
    root = ElementTree.parse(written(".xml")).getroot()
    tasks = root.findall("p:Tasks/p:Task", NS)
    found = [
        (t.find("p:OutlineLevel", NS).text, t.find("p:Start", NS).text, t.find("p:Summary", NS).text) for t in tasks
    ]
    assert found[:3] == [
        ("1", "2024-02-02T09:30:00", "1"),
        ("2", "2024-02-02T09:30:00", "1"),
        ("3", "2024-02-02T09:30:00", "0"),
    ]
    assert tasks[2].find("p:ManualFinish", NS).text == "2024-02-08T09:30:00"
    assert [t.find("p:UID", NS).text for t in tasks] == [str(i + 1) for i in range(len(tasks))]
    exceptions = root.findall("p:Calendars/p:Calendar/p:Exceptions/p:Exception", NS)
    days = [(e.find("p:TimePeriod/p:FromDate", NS).text[:10], e.find("p:DayWorking", NS).text) for e in exceptions]
    assert days == [("2024-02-04", "1")]
    weekdays = root.findall("p:Calendars/p:Calendar/p:WeekDays/p:WeekDay", NS)
    assert [d.find("p:DayWorking", NS).text for d in weekdays] == list("0111110")


def test_page_is_whole_in_itself_and_escaped(written):
    """Nothing is loaded from anywhere, and a name is never markup."""
    page = written(".html", EVIL).read_text(encoding="utf-8")
    assert "<script>alert" not in page
    assert page.count("<script>") == 1
    assert "http://" not in page.replace("http://www.w3.org/2000/svg", "")
    assert "https://" not in page
    assert page.count('class="bar-work"') == 2 * 2 + 1  # and one in the legend
    assert "default-src 'none'" in page


def test_an_unknown_suffix_and_a_missing_folder_are_both_said(tmp_path):
    """All that is wrong is said at once, and nothing is written."""
    with pytest.raises(BadInput) as caught:
        write_chart(chart(), [tmp_path / "x.doc", tmp_path / "none" / "x.csv", tmp_path / "y.csv"])
    assert {f.code for f in caught.value.findings} == {"reports.picture_suffix", "reports.no_folder"}
    assert list(tmp_path.iterdir()) == []
