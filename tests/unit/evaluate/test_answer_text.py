"""What is left of an answer for comparison, by language."""

from __future__ import annotations

import pytest

from core.errors import ConfigError
from core.evaluate.answer_text import answer_tokens


@pytest.mark.parametrize(
    ("language", "text", "tokens"),
    [
        ("en", "The cat, an Animal; a  theatre", "cat animal theatre"),
        ("es", "El gato y la gata, los unos: un una UNAS las elegante", "gato y gata elegante"),
        ("de", "Der dem den des die das ein eine einen eines einer einem Einerlei", "einerlei"),
        ("vi", "Những cái mèo của là chiếc Thuyền", "mèo thuyền"),
        ("ar", "القاهرة، والمدينة؟", "قاهرة و مدينة"),
        ("hi", "दिल्ली का। क़िला॥", "दिल्ली का क़िला"),
        ("zh", "《北京》的 NFL 球队，2008年", "北 京 的 nfl 球 队 2008 年"),
        ("zh", "二〇一二㐀𠀀豈", "二 〇 一 二 㐀 𠀀 豈"),
        ("ru", "«Москва» — the город!", "москва the город"),
        ("el", "Η «Αθήνα»·", "η αθήνα"),
        ("th", "กรุงเทพฯ เมืองไทย", "กรุงเทพฯ เมืองไทย"),
        ("sw", "Simba wa Yuda.", "simba wa yuda"),
    ],
)
def test_tokens(language: str, text: str, tokens: str) -> None:
    assert answer_tokens(text, language) == tuple(tokens.split())


def test_only_the_articles_of_the_language_go() -> None:
    assert answer_tokens("the die el", "en") == ("die", "el")
    assert answer_tokens("the die el", "de") == ("the", "el")
    assert answer_tokens("the die el", "es") == ("the", "die")
    assert answer_tokens("the die el", "hi") == ("the", "die", "el")


def test_the_arabic_article_goes_wherever_it_stands() -> None:
    assert answer_tokens("بالعربية", "ar") == ("ب", "عربية")
    assert answer_tokens("ال", "ar") == ()


def test_punctuation_of_every_script_goes_without_a_gap() -> None:
    assert answer_tokens("ab‐c「d」e、f।g؟h·i…", "en") == ("abcdefghi",)
    assert answer_tokens("U.S.A. $5 1+1 <x> ~y", "en") == ("usa", "5", "11", "x", "y")


def test_symbols_beyond_ascii_stay() -> None:
    assert answer_tokens("€5 ±1 °C", "en") == ("€5", "±1", "°c")


def test_characters_are_tokens_in_chinese_only() -> None:
    assert answer_tokens("北京", "en") == ("北京",)
    assert answer_tokens("ニューヨーク市", "zh") == ("ニューヨーク", "市")


@pytest.mark.parametrize("code", ["de", "DE", "de-AT", "deu", "ger", "deu_Latn"])
def test_any_code_of_a_language_will_do(code: str) -> None:
    assert answer_tokens("die Katze", code) == ("katze",)


def test_white_space_of_any_kind_separates() -> None:
    assert answer_tokens(" a\u00a0b\u3000c\td\n", "hi") == ("a", "b", "c", "d")


def test_a_language_must_be_a_code() -> None:
    with pytest.raises(ConfigError) as caught:
        answer_tokens("x", "German!")
    assert caught.value.code == "unknown-language"
