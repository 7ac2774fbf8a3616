"""The STRESS-DES appendix: twenty items, filled from the study; and the tables of where the days go."""

import json

import pytest

from reports.stress import ITEMS
from tests.unit.app.conftest import call

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module", params=["en", "zh"])
def result(request, tmp_path_factory):
    """A finished comparison with its report, in each language."""
    from tests.unit.app.conftest import DIAGRAM, SCENARIO

    folder = tmp_path_factory.mktemp(request.param)
    (folder / "licence.bpmn").write_text(DIAGRAM, encoding="utf-8")
    (folder / "licence.yaml").write_text(SCENARIO, encoding="utf-8")
    report = folder / "report"
    outcome = call(
        "compare", folder / "licence.yaml", "--no-store", "--report", report, "--lang", request.param, "--no-progress"
    )
    assert outcome.status == 0, outcome.err
    data = json.loads((report / "results.json").read_text(encoding="utf-8"))
    return data, (report / "report.html").read_text(encoding="utf-8"), outcome.out


def test_every_item_is_filled(result):
    """All twenty, in order, none empty, none with a place left open."""
    data, page, _ = result
    assert [item["item"] for item in data["stress_des"]] == list(ITEMS)
    assert len(ITEMS) == 20
    for item in data["stress_des"]:
        assert item["title"]
        assert item["text"]
        assert "{" not in item["text"]
        assert item["title"] in page


def test_seed_versions_and_digests_stand_in_it(result):
    """So that somebody else can run the same."""
    data, page, _ = result
    words = {item["item"]: item["text"] for item in data["stress_des"]}
    assert str(data["seed"]) in words["5.2"]
    assert all(version in words["5.1"] for version in data["versions"].values())
    assert data["digest"] in words["6.1"]
    assert all(one["digest"] in words["3.3"] for one in data["variants"].values())
    assert data["digest"] in page
    assert "splitmix64" in words["5.2"]


def test_where_the_days_go_stands_in_output_json_and_page(result):
    """Steps, pools and procedures of every variant; the steps and the pools add up."""
    data, page, out = result
    assert list(data["why"]) == ["before", "after"]
    for found in data["why"].values():
        assert sum(step["days"] for step in found["steps"]) == pytest.approx(found["elapsed_days"])
        assert sum(pool["days"] for pool in found["pools"]) == pytest.approx(found["elapsed_days"])
        assert found["procedures"][0]["element"] == "Permit"
        assert found["procedures"][0]["assumed"] == 7
        assert all(step["name"] in page for step in found["steps"] if step["days"])
    name = next(step["name"] for step in data["why"]["after"]["steps"])
    assert name in out
