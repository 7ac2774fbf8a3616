import csv
import io

from reports.assumptions import assumptions_table


def result(**changes):
    """One assumption with a comma, a quote and a formula in it."""
    assumption = {
        "place": "pools.counter.units",
        "value": "=1+1",
        "unit": "people",
        "range": [1.0, 3.0],
        "source": {"key": "staff", "kind": "assumption", "text": {"zh": "估计，“约”两人", "en": 'a guess, "two"'}},
    }
    return {"assumption_list": [assumption | changes]}


def test_every_assumption_has_a_row_that_a_spreadsheet_reads():
    """Place, value, unit, range and reason come back whole; no cell is a formula."""
    content = assumptions_table(result(), "en")
    assert content.startswith("\ufeff")
    heading, row = csv.reader(io.StringIO(content.removeprefix("\ufeff")))
    assert len(heading) == len(row)
    assert row == ["pools.counter.units", "'=1+1", "people", "1.0", "3.0", 'a guess, "two"']


def test_an_assumption_without_range_leaves_its_cells_empty():
    """And the reason is in the language asked for."""
    row = list(csv.reader(io.StringIO(assumptions_table(result(range=None), "zh"))))[1]
    assert row[3:] == ["", "", "估计，“约”两人"]
