import copy
import io
import unicodedata

import pytest
from rich.cells import cell_len
from rich.console import Console

from engine.errors import Finding
from reports.headline import faithful_decimals, headline
from reports.labels import Labels
from reports.tables import PipelineEntry, comparison_table, findings_list, pipelines_table, plain_width

LABELS = {
    "zh": Labels("办理建筑许可", {"before": "改革前", "after": "改革后"}, {"serial_days": "时限合计"}),
    "en": Labels("Construction permit", {"before": "before", "after": "after"}, {"serial_days": "serial days"}),
}


def variant(mean, verdict, **more):
    """One variant of a result, with one target on the mean."""
    ends = [mean - 0.5, mean + 0.5]
    target = {
        "indicator": "serial_days",
        "statistic": "mean",
        "op": "<=",
        "limit": 38,
        "unit": "working_day",
        "value": mean,
        "ci95": ends,
        "verdict": verdict,
        "share_within": 0.931,
        "share_within_ci95": [0.9, 0.95],
        "required_share": None,
        **more,
    }
    return {
        "promise": {"serial_days": 38, "procedures": 6, "elapsed_days": None},
        "indicators": {
            "elapsed_days": {"unit": "natural_day", "mean": 200.0, "ci95": [195, 205], "p90": 260.0},
            "serial_days": {"unit": "working_day", "mean": mean, "ci95": ends, "p90": mean + 4},
            "procedures": {"unit": "procedures", "mean": 6, "ci95": [6, 6], "p90": 6},
        },
        "cases": {"started": 900, "finished": 900, "unfinished": 0},
        "targets": [target],
    }


@pytest.fixture
def result():
    """A reform that meets its target."""
    return {
        "schema": 1,
        "replications": 40,
        "variants": {"before": variant(42.7, "missed"), "after": variant(27.4, "met")},
        "differences": [
            {
                "indicator": "serial_days",
                "from": "before",
                "to": "after",
                "difference": -15.3,
                "ci95": [-16.1, -14.5],
                "verdict": "shorter",
            }
        ],
    }


def printed(renderable, width=200):
    """What a console without colours shows."""
    console = Console(file=io.StringIO(), width=width, color_system=None)
    console.print(renderable)
    return console.file.getvalue()


def test_headline_in_chinese(result):
    """Number, interval, target and difference in one sentence."""
    assert headline(result, LABELS["zh"], "zh") == (
        "办理建筑许可：改革后时限合计平均 27.4 个工作日（95% 置信区间 26.9–27.9），"
        "达到不超过 38 个工作日的目标；"
        "平均比改革前缩短 15.3 个工作日（95% 置信区间 14.5–16.1）。"
    )


def test_headline_in_english(result):
    """The same sentence in English."""
    assert headline(result, LABELS["en"], "en") == (
        "Construction permit, after, serial days: 27.4 working days on average (95% interval 26.9–27.9), "
        "which meets the target of at most 38 working days; "
        "on average 15.3 working days shorter than before (95% interval 14.5–16.1)."
    )


@pytest.mark.parametrize(
    ("verdict", "zh", "en"),
    [
        ("missed", "未达到不超过", "misses the target"),
        ("undecided", "尚不能判定是否达到", "does not yet decide"),
    ],
)
def test_headline_is_honest_about_the_target(result, verdict, zh, en):
    """A missed or undecided target is never said to be met."""
    result["variants"]["after"]["targets"][0]["verdict"] = verdict
    assert zh in headline(result, LABELS["zh"], "zh")
    assert en in headline(result, LABELS["en"], "en")
    assert "meets" not in headline(result, LABELS["en"], "en")


def test_headline_claims_no_difference_that_is_not_there(result):
    """An interval around zero is said as such, with its signs."""
    result["differences"][0].update(difference=-0.2, ci95=[-0.9, 0.5], verdict="not_distinguishable")
    assert "与改革前的平均差异无法确认（差值的 95% 置信区间 -0.9 .. 0.5）" in headline(result, LABELS["zh"], "zh")
    assert "cannot be shown" in headline(result, LABELS["en"], "en")
    assert "shorter" not in headline(result, LABELS["en"], "en")


def test_headline_of_a_target_for_each_case(result):
    """A limit on each case is said as the share that keeps it, never as a mean."""
    target = result["variants"]["after"]["targets"][0]
    target.update(statistic="each", required_share=1.0, verdict="missed")
    sentence = headline(result, LABELS["zh"], "zh")
    assert "有 93.1% 的案件（95% 置信区间 90.0–95.0%）不超出 38 个工作日的时限" in sentence
    assert "未达到 100% 的要求" in sentence
    assert "misses the required 100%" in headline(result, LABELS["en"], "en")


def test_headline_names_other_targets_and_unfinished_cases(result):
    """What speaks against the first figure stands in the same sentence."""
    after = result["variants"]["after"]
    after["targets"].append(copy.deepcopy(after["targets"][0]) | {"statistic": "each", "verdict": "missed"})
    after["cases"]["unfinished"] = 12
    sentence = headline(result, LABELS["zh"], "zh")
    assert "其他目标：时限合计（每件）未达标" in sentence
    assert "900 件中有 12 件未办结，未计入" in sentence


def test_headline_without_interval_target_or_variant(result):
    """One replication, no target, nothing at all: still a true sentence."""
    del result["variants"]["after"]["targets"][0]["ci95"]
    assert "仅一次重复，无置信区间" in headline(result, LABELS["zh"], "zh")
    result["variants"]["after"]["targets"] = []
    assert "no target is set" in headline(result, LABELS["en"], "en")
    assert "200.0 days on average" in headline(result, LABELS["en"], "en")
    assert headline({"variants": {}}, LABELS["zh"], "zh") == "办理建筑许可：结果中没有可以报告的数字。"


def test_headline_shows_digits_enough_to_be_true(result):
    """A mean just above its limit is not rounded onto it."""
    target = result["variants"]["after"]["targets"][0]
    target.update(value=38.04, ci95=[38.01, 38.07], verdict="missed")
    assert "38.04 个工作日（95% 置信区间 38.01–38.07）" in headline(result, LABELS["zh"], "zh")


def test_faithful_decimals():
    """One digit as a rule, more only where rounding would change the side of the limit."""
    assert faithful_decimals([27.44], 38) == 1
    assert faithful_decimals([37.96], 38) == 2
    assert faithful_decimals([38.0], 38) == 1
    assert faithful_decimals([38.00001], 38) == 4
    assert faithful_decimals([None, 5.0], None) == 1


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("ascii_only", [False, True])
@pytest.mark.parametrize("width", [80, 120])
def test_tables_are_aligned_and_of_certain_width(result, language, ascii_only, width):
    """Every character of a table has one width on every console, and grid lines stand under each other."""
    result["variants"]["after"]["cases"]["unfinished"] = 3
    out = printed(comparison_table(result, LABELS[language], language, ascii_only), width)
    assert not {c for c in out if unicodedata.east_asian_width(c) == "A"}
    assert all(cell_len(line) <= width for line in out.splitlines())
    if ascii_only:
        grid = [line for line in out.splitlines() if line.startswith(("|", "+"))]
        columns = {tuple(cell_len(line[:i]) for i, c in enumerate(line) if c in "|+") for line in grid}
        assert len(columns) == 1  # the differences
    lines = out.splitlines()
    figures = [line for line in lines if line.startswith("  ") and " .. " in line and "shorter" not in line]
    assert len({cell_len(line[: line.index(" .. ")]) for line in figures if "195" not in line}) <= 2


def test_a_heading_runs_across_the_columns(result):
    """Each target is named once, with its limit, above the lines of its variants."""
    lines = printed(comparison_table(result, LABELS["en"], "en"), 80).splitlines()
    heading = lines.index("serial days: mean <= 38 working days")
    assert lines[heading + 1].split()[:3] == ["before", "38", "42.7"]
    assert lines[heading + 2].split()[:3] == ["after", "38", "27.4"]


def test_a_promise_with_assumed_limits_stands_in_brackets(result):
    """And a sentence below says what the brackets mean."""
    before = result["variants"]["before"]
    before["promise"]["serial_days"] = None
    before["assumed_promise"] = {"serial_days": 385}
    out = printed(comparison_table(result, LABELS["en"], "en"))
    assert "(385)" in out
    assert "assumed limits" in out


def test_comparison_says_verdicts_in_words(result):
    """Each line carries its figures and its verdict; nothing rests on colour."""
    lines = printed(comparison_table(result, LABELS["zh"], "zh")).splitlines()
    assert any("改革前" in line and "42.7" in line and "未达标" in line for line in lines)
    assert any("平均 <= 38 个工作日" in line for line in lines)
    after = next(line for line in lines if "改革后" in line and "27.4" in line)
    assert "26.9 .. 27.9" in after
    assert after.rstrip().endswith("达标")
    assert "未达标" not in after
    assert any("-15.3" in line and "-16.1 .. -14.5" in line and "缩短" in line for line in lines)


def test_a_comparison_shows_its_targets_and_the_elapsed_time_and_one_variant_shows_all(result):
    """Many variants need few indicators; one variant has room for every one of them."""
    out = printed(comparison_table(result, LABELS["en"], "en"))
    assert out.index("serial days:") < out.index("days from submission")
    assert "procedures" not in out
    del result["variants"]["before"]
    out = printed(comparison_table(result, LABELS["en"], "en"))
    places = [out.index(name) for name in ("serial days:", "days from submission", "procedures (")]
    assert places == sorted(places)


def test_tables_survive_a_chinese_console(result):
    """Everything a table holds can be written in code page 936."""
    for language in ("zh", "en"):
        printed(comparison_table(result, LABELS[language], language)).encode("cp936")
        headline(result, LABELS[language], language).encode("cp936")


def test_names_are_text_and_no_markup(result):
    """Square brackets and control characters of names change nothing."""
    labels = Labels("[red]a\x1b[31m\nb", {"after": "“改革”…①"})
    out = printed(comparison_table(result, labels, "zh"))
    assert "[red]a" in out
    assert "\x1b" not in out
    assert '"改革"...1' in out
    assert plain_width("α→≤") == "?-><="


def test_pipelines_are_listed_in_the_order_given():
    """The list shows keys and names."""
    entries = [
        PipelineEntry("b", "开办企业", (("before", "改革前"), ("after", "改革后"))),
        PipelineEntry("a", "a", ()),
    ]
    out = printed(pipelines_table(entries, "zh"))
    assert "before (改革前), after (改革后)" in out
    assert out.index("开办企业") < out.index(" a ")


def test_findings_show_place_sentence_and_cure():
    """Each finding is a paragraph that stands alone; none is said too."""
    finding = Finding("reports.no_folder", {"folder": "x"}, file="a.yaml", line=3, element="[red]k")
    out = printed(findings_list([finding], "en"))
    assert "error  a.yaml:3 [[red]k]" in out
    assert "Expected the folder x to exist" in out
    assert "Create the folder" in out
    assert printed(findings_list([], "zh")).strip() == "没有发现问题。"
