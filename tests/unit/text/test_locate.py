"""Finding words in their text, and Unicode NFC on request."""

from __future__ import annotations

import unicodedata

import pytest

from core.text.locate import locate_words, sentence_in_text
from core.text.nfc import compose
from core.text.words import sentence_from_words
from core.types import Sentence, Span


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("Ada didn't.", "Ada did n't .", ((0, 3), (4, 7), (7, 10), (10, 11))),
        ("  a\u00a0 b ", "a b", ((2, 3), (5, 6))),
        ("", "", ()),
        ("  ", "", ()),
        ("e\u0301te\u0301", "été", ((0, 5),)),
        ("été", "e\u0301te\u0301", ((0, 3),)),
        ("x e\u0301 y", "x é y", ((0, 1), (2, 4), (5, 6))),
    ],
    ids=["contraction", "spaces", "empty", "blank", "composed", "decomposed", "between"],
)
def test_words_are_found(text: str, words: str, expected: tuple[tuple[int, int], ...]) -> None:
    assert locate_words(text, words.split()) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("zum Haus", ["zu", "dem", "Haus"]),
        ("a b", ["a"]),
        ("a", ["a", "b"]),
        ("a x b", ["a", "b"]),
        ("a", ["a", ""]),
        ("e\u0301", ["e", "\u0301x"]),
        ("\u1100\u1161\u11a8", ["\u1100", "\uac01"]),
    ],
    ids=["contraction", "text-left", "word-left", "skipped", "empty-word", "cluster", "jamo"],
)
def test_words_that_are_not_the_text_are_not_found(text: str, words: list[str]) -> None:
    assert locate_words(text, words) is None


def test_the_text_is_rebuilt_where_words_are_not_in_it() -> None:
    spans = [Span(1, 2, "X")]
    kept = sentence_in_text("zu dem", ["zu", "dem"], "de", spans=spans, sentence_id="s", line=2)
    rebuilt = sentence_in_text("zum", ["zu", "dem"], "de", spans=spans, sentence_id="s", line=2)
    assert kept == rebuilt
    assert rebuilt.text == "zu dem"


def test_composing_moves_offsets_along() -> None:
    text = "o\u0301 mo\u0301 e\u0301"
    original = Sentence(("o\u0301", "mo\u0301"), "yo", text, ((0, 2), (3, 6)), (Span(1, 2, "X"),))
    found = compose(original)
    assert found.text == unicodedata.normalize("NFC", text)
    assert found.words == ("ó", "mó")
    assert found.char_offsets == ((0, 1), (2, 4))
    assert found.text_of(found.spans[0]) == "mó"


def test_composing_composed_text_changes_nothing() -> None:
    original = sentence_from_words(["été", "à"], "fr", spans=[Span(0, 1, "X")])
    assert compose(original) == original
