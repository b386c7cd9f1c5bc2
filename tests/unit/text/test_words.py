"""Splitting text into words, and making text from words."""

from __future__ import annotations

import pytest

from core.text.words import base_language, join_words, sentence_from_words, split_words
from core.types import Span


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "Ada didn't leave, Bo did.", "Ada|did|n't|leave|,|Bo|did|."),
        ("en", "", ""),
        ("en", " \t\n ", ""),
        ("en", "Mr. Ray (U.S.)", "Mr.|Ray|(|U.S.|)"),
        ("fr", "l’île d'Yeu", "l’|île|d'|Yeu"),
        ("de", "„Bonn“, sagte sie.", "„|Bonn|“|,|sagte|sie|."),
        ("en", "Oslo–Bergen", "Oslo|–|Bergen"),
        ("zh", "我住在北京。", "我|住|在|北|京|。"),
        ("zh", "我用Python3写", "我|用|Python3|写"),
        ("ja", "ニュース", "ニ|ュ|ー|ス"),
        ("th", "กำ", "ก|ำ"),
        ("ar", "وصل علي.", "وصل|علي|."),
        ("yo", "ní Ìbàdàn\u0301.", "ní|Ìbàdàn\u0301|."),
        ("en", "👩‍👩‍👧 🇩🇪 ok", "👩‍👩‍👧|🇩🇪|ok"),
        ("en", "a\u00a0b\u3000c", "a|b|c"),
        ("en", "a \u0301b", "a|\u0301b"),
        ("ja", "a\x1cb", "a|b"),
        ("tlh", "nuqneH Qo'noS!", "nuqneH|Qo'noS|!"),
        ("", "one two", "one|two"),
    ],
    ids=str,
)
def test_text_is_split(language: str, text: str, expected: str) -> None:
    words = split_words(text, language)
    assert "|".join(word.text for word in words) == expected
    assert all(text[word.char_start : word.char_end] == word.text for word in words)


def test_a_million_characters_are_no_limit() -> None:
    assert [len(word.text) for word in split_words("a" * 1_000_001, "xx")] == [1_000_001]


@pytest.mark.parametrize("sign", ["$", '"', "😀", "'s", "https://a.b/"])
def test_a_long_run_of_signs_is_split_like_a_short_one(sign: str) -> None:
    long, short = (split_words(f"Maria {sign * count} Weber", "en") for count in (5000, 50))
    assert {word.text for word in short} <= {word.text for word in long}
    assert max(len(word.text) for word in long) < 420
    assert (long[0].text, long[-1].text) == ("Maria", "Weber")
    assert "".join(word.text for word in long) == f"Maria{sign * 5000}Weber"


@pytest.mark.parametrize(
    ("code", "base"), [("pt-BR", "pt"), ("zh_Hant", "zh"), ("EN", "en"), ("", "")]
)
def test_the_base_language_is_the_first_part(code: str, base: str) -> None:
    assert base_language(code) == base


@pytest.mark.parametrize(
    ("language", "words", "text", "offsets"),
    [
        ("en", ["Ada", "!"], "Ada !", ((0, 3), (4, 5))),
        ("zh-TW", ["台", "北"], "台北", ((0, 1), (1, 2))),
        ("en", [], "", ()),
    ],
    ids=["spaces", "no-spaces", "empty"],
)
def test_words_are_joined(
    language: str, words: list[str], text: str, offsets: tuple[tuple[int, int], ...]
) -> None:
    assert join_words(words, language) == (text, offsets)


def test_a_sentence_sorts_its_spans() -> None:
    spans = [Span(1, 2, "B"), Span(0, 1, "A")]
    found = sentence_from_words(iter(["x", "y"]), "en", spans=spans, sentence_id="s", line=3)
    assert found.spans == (Span(0, 1, "A"), Span(1, 2, "B"))
    assert (found.text, found.id, found.line) == ("x y", "s", 3)
