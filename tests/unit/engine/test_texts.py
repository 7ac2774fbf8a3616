import re
import string

import pytest

from engine.texts import LANGUAGES, catalogue


def fields(template):
    return {name.split(":")[0] for _, name, _, _ in string.Formatter().parse(template) if name}


def test_both_languages_have_the_same_keys():
    """Every sentence exists in Chinese and in English."""
    english, chinese = catalogue("en"), catalogue("zh")
    assert set(english) == set(chinese)
    assert LANGUAGES == ("en", "zh")


@pytest.mark.parametrize("key", sorted(catalogue("en")))
def test_a_sentence_says_the_same_things_in_both_languages(key):
    """Both templates name the same values, and the Chinese one is Chinese."""
    english, chinese = catalogue("en")[key], catalogue("zh")[key]
    assert fields(english) == fields(chinese)
    if key.startswith("finding.") and key.endswith(".message"):
        assert re.search("[\u4e00-\u9fff]", chinese)
        assert not re.search("[\u4e00-\u9fff]", english)
        assert key.removesuffix(".message") + ".cure" in catalogue("en")
