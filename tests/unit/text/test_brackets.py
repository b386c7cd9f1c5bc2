"""Bracket notation, and stretches of text laid onto words."""

from __future__ import annotations

import pytest

from core.errors import DataError
from core.text.brackets import parse_brackets, strip_brackets, to_brackets
from core.text.char_spans import CharSpan, sentence_from_text
from core.types import Span


def test_text_and_entities_are_separated() -> None:
    text, spans = strip_brackets("[PER Ada] met [PER Bo] in [LOC New York].")
    assert text == "Ada met Bo in New York."
    assert spans == (CharSpan(0, 3, "PER"), CharSpan(8, 10, "PER"), CharSpan(14, 22, "LOC"))


@pytest.mark.parametrize(
    ("marked", "text"),
    [
        (r"\[1\]", "[1]"),
        (r"a\\b", r"a\b"),
        (r"a\b", r"a\b"),
        ("a\\", "a\\"),
        (r"[X a\]b]", "a]b"),
        ("", ""),
    ],
    ids=["brackets", "backslash", "lone-backslash", "last-backslash", "inside", "empty"],
)
def test_a_backslash_makes_the_next_mark_literal(marked: str, text: str) -> None:
    assert strip_brackets(marked)[0] == text


@pytest.mark.parametrize(
    ("marked", "rule"),
    [
        ("[PER Ada", "must be closed"),
        ("Ada]", "closing bracket"),
        ("[PER ]", "closing bracket"),
        ("[Ada]", "opening bracket"),
        ("[]", "opening bracket"),
        ("[1 a]", "opening bracket"),
        ("[PER\tAda]", "opening bracket"),
        ("[ORG Bank of [LOC England]]", "not nested"),
    ],
    ids=str,
)
def test_a_malformed_mark_is_refused(marked: str, rule: str) -> None:
    with pytest.raises(DataError, match=rule) as caught:
        strip_brackets(marked)
    assert caught.value.code == "bad-annotation"
    assert "literal bracket" in caught.value.hint


def test_entities_become_word_spans() -> None:
    found = parse_brackets("In [LOC New York], [PER Ada]'s", "en", sentence_id="s", line=4)
    assert found.words == ("In", "New", "York", ",", "Ada", "'s")
    assert found.spans == (Span(1, 3, "LOC"), Span(4, 5, "PER"))
    assert (found.id, found.line) == ("s", 4)


def test_white_space_at_the_edge_is_not_the_entity() -> None:
    found = parse_brackets("[PER  Ada ] left", "en")
    assert found.text == " Ada  left"
    assert found.text_of(found.spans[0]) == "Ada"


@pytest.mark.parametrize(
    ("marked", "rule"),
    [
        ("[LOC Lon]don", "word border"),
        ("Lon[LOC don]", "word border"),
        ("a[PER  ]b", "must cover text"),
        ("[PER  ]", "must cover text"),
    ],
    ids=str,
)
def test_an_entity_must_cover_whole_words(marked: str, rule: str) -> None:
    with pytest.raises(DataError, match=rule) as caught:
        parse_brackets(marked, "en")
    assert caught.value.code == "bad-annotation"


@pytest.mark.parametrize(
    ("span", "rule"),
    [
        (CharSpan(-1, 2, "X"), "inside the 7 characters"),
        (CharSpan(0, 8, "X"), "inside the 7 characters"),
        (CharSpan(2, 2, "X"), "inside the 7 characters"),
        (CharSpan(3, 4, "X"), "white space"),
        (CharSpan(0, 7, "X"), "must not overlap"),
    ],
    ids=str,
)
def test_a_stretch_that_fits_no_words_is_refused(span: CharSpan, rule: str) -> None:
    with pytest.raises(DataError, match=rule):
        sentence_from_text("Ada Ray", "en", char_spans=[CharSpan(0, 3, "PER"), span])


def test_offsets_count_code_points_not_utf16_units() -> None:
    found = sentence_from_text("👩‍👩‍👧 in Rome", "en", char_spans=[CharSpan(9, 13, "LOC")])
    assert found.text_of(found.spans[0]) == "Rome"


@pytest.mark.parametrize(
    "marked",
    ["[PER Ada], \\[sic\\]", "[LOC 北京]很大", "", "x \\\\ y", "[A 北][B 京]"],
    ids=["escape", "chinese", "empty", "backslash", "touching"],
)
def test_bracketed_text_is_written_as_it_was(marked: str) -> None:
    language = "zh" if "北" in marked else "en"
    assert to_brackets(parse_brackets(marked, language)) == marked
