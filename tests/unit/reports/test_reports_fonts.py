import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from engine.errors import BadInput
from engine.texts import LANGUAGES, catalogue
from reports import fonts


def gb2312() -> str:
    """All characters of GB2312."""
    cells = (bytes([row, cell]) for row in range(0xA1, 0xF8) for cell in range(0xA1, 0xFF))
    return "".join(cell.decode("gb2312", errors="ignore") for cell in cells)


def test_font_draws_all_of_gb2312_and_rarer_names():
    """Every character of China's basic set can be drawn, and those of names and places beyond it."""
    assert fonts.missing_glyphs(gb2312() + "喆垚堃镕鄠邑 ASCII ~ → ≤ ① ✓") == set()


def test_both_weights_hold_the_same_characters():
    """A headline can say whatever a label can."""
    assert set(fonts._face("regular").get_charmap()) == set(fonts._face("bold").get_charmap())


def test_the_sign_for_missing_characters_is_itself_in_the_font():
    """The substitute never needs a substitute."""
    assert fonts.missing_glyphs(fonts.SUBSTITUTE) == set()


def test_missing_characters_are_named_and_replaced():
    """What the font lacks is found, white space is not, and the drawable text has one sign for each."""
    assert fonts.missing_glyphs("㐂字 号\n𠮷") == {"㐂", "𠮷"}
    assert fonts.drawable("㐂字 号\n𠮷") == "〓字 号 〓"
    assert fonts.drawable("e\u0301t\u00a0e　审") == "ét e　审"


@pytest.mark.parametrize("language", LANGUAGES)
def test_font_draws_every_sentence_of_the_catalogue(language):
    """No text of ours needs a substitute."""
    assert {key: fonts.missing_glyphs(words) for key, words in catalogue(language).items()} == {
        key: set() for key in catalogue(language)
    }


def test_width_agrees_with_what_matplotlib_draws():
    """The width that the layout counts on is the width that is drawn, within kerning."""
    figure = Figure(dpi=300)
    renderer = FigureCanvasAgg(figure).get_renderer()
    for weight in ("regular", "bold"):
        words = "审批流程 approval 2024：（一）"
        drawn = figure.text(
            0, 0, words, family=fonts.register(), size=40, weight="normal" if weight == "regular" else weight
        )
        assert fonts.text_width(words, 40, weight) == pytest.approx(
            drawn.get_window_extent(renderer).width * 72 / 300, rel=0.02
        )


def test_matplotlib_warns_of_a_character_that_the_font_lacks():
    """The warning that must never come from a chart does come without the substitute."""
    figure = Figure()
    figure.text(0, 0, "㐂", family=[fonts.register()])
    with pytest.raises(UserWarning, match="missing from font"):  # warnings are errors in tests
        FigureCanvasAgg(figure).draw()


def test_a_missing_font_is_said_with_its_file_and_its_cure(monkeypatch):
    """Rather than a picture of empty boxes."""
    monkeypatch.setitem(fonts._FILES, "regular", "gone.ttf")
    with pytest.raises(BadInput) as caught:
        fonts.font_file("regular")
    finding = caught.value.findings[0]
    assert finding.code == "reports.no_font"
    assert "gone.ttf" in finding.message("en")
    assert "reformsim" in finding.cure("zh")
