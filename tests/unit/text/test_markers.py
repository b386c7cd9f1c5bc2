"""Marks around entities, written and read back from whatever translators make of them."""

from __future__ import annotations

import pytest

from core.text.markers import (
    MarkedText,
    lay_on_words,
    read_brackets,
    read_tags,
    with_brackets,
    with_tags,
)
from tests.builders import sentence


def test_brackets_go_around_entities_and_nowhere_else() -> None:
    one = sentence("Ada [ sic ] saw New York", "en", (0, 1, "PER"), (5, 7, "LOC"))
    assert with_brackets(one) == "[Ada] ( sic ) saw [New York]"


def test_tags_carry_the_number_and_text_is_escaped() -> None:
    one = sentence("A&B < Rome", "en", (0, 1, "ORG"), (2, 3, "LOC"))
    assert with_tags(one) == '<b id="0">A&amp;B</b> &lt; <b id="1">Rome</b>'


@pytest.mark.parametrize(
    "said",
    ["[Ada] vio [Nueva York]", "[[Ada]] vio [[Nueva York]]", "［Ada］ vio 【 Nueva York 】"],
    ids=["as sent", "doubled", "full-width"],
)
def test_brackets_are_read_in_any_form(said: str) -> None:
    found = read_brackets(said)
    assert found is not None
    assert [found.text[start:end] for start, end in found.stretches] == ["Ada", "Nueva York"]
    assert not set("[]［］【】") & set(found.text)
    assert found.numbers == (None, None)


@pytest.mark.parametrize("said", ["[Ada vio", "Ada] vio", "[Ada [Nueva] York]"])
def test_brackets_that_do_not_pair_up_say_nothing(said: str) -> None:
    assert read_brackets(said) is None


def test_an_empty_bracket_is_no_entity() -> None:
    assert read_brackets("[ ] Ada") == MarkedText("  Ada", (), ())


def test_tags_come_back_in_another_order_and_in_parts() -> None:
    found = read_tags('<b id="1">Rom</b> sah <b id="0">Ada &amp; Co</b> <b id="1">alt</b>')
    assert found.text == "Rom sah Ada & Co alt"
    marked = [found.text[start:end] for start, end in found.stretches]
    assert list(zip(found.numbers, marked, strict=True)) == [
        (1, "Rom"),
        (0, "Ada & Co"),
        (1, "alt"),
    ]


def test_a_tag_without_end_marks_nothing() -> None:
    found = read_tags('Rom <b id="0">Ada')
    assert (found.text, found.stretches) == ("Rom Ada", ())


def test_a_stretch_takes_every_word_it_touches() -> None:
    text = read_tags('<b id="0">Ro</b>m sah <b id="1">Ada Love</b>lace .')
    laid, entities = lay_on_words(text, [(0, "LOC"), (1, "PER")], "de")
    assert [(laid.text_of(span), span.label) for span in laid.spans] == [
        ("Rom", "LOC"),
        ("Ada Lovelace", "PER"),
    ]
    assert entities == (0, 1)


def test_a_word_that_two_stretches_touch_belongs_to_the_first() -> None:
    text = read_tags('<b id="0">Ro</b><b id="1">m</b> sah')
    laid, entities = lay_on_words(text, [(0, "LOC"), (1, "PER")], "de")
    assert [laid.text_of(span) for span in laid.spans] == ["Rom"]
    assert entities == (0,)


def test_arabic_and_chinese_keep_their_order() -> None:
    text = read_brackets("زارت [آدا] مدينة [لندن]")
    assert text is not None
    laid, _ = lay_on_words(text, [(0, "PER"), (1, "LOC")], "ar")
    assert [laid.text_of(span) for span in laid.spans] == ["آدا", "لندن"]
    text = read_brackets("【艾达】去了[伦敦]")
    assert text is not None
    laid, _ = lay_on_words(text, [(0, "PER"), (1, "LOC")], "zh")
    assert [laid.text_of(span) for span in laid.spans] == ["艾达", "伦敦"]
